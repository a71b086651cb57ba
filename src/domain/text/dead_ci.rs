//! Tests that cannot pass today, whatever the fix is, in words.

use super::markdown::{code, escape, link};
use super::names;
use crate::domain::available::available;
use crate::domain::command::Verb;
use crate::domain::objects::Run;
use crate::domain::procedure::dead_ci::{self, Dead};
use crate::domain::procedure::halted;
use crate::domain::view::View;
use crate::domain::workflow_file::Gone;

/// The way out by what the default branch has done about it.
const PICK: &str = "`/hotfix pick <commit>` takes the change of the workflow over from there";

/// Behind what a run does: what its file asks for in vain. `over`: it ended.
pub(super) fn asks_in_vain(run: &Run, over: bool, view: &View<'_>) -> String {
    let branched = view.proofs().branched.as_ref();
    let failed = halted::of(&view.case, run).filter(|_| over);
    let failed = failed.map_or(&[][..], |it| it.jobs.as_slice());
    let found = branched.and_then(|it| dead_ci::dead_in(it, run.file(), failed));
    let Some(Dead { job, gone, mended }) = found else {
        return String::new();
    };
    let what = match gone {
        Gone::Runner(label) => format!(
            "asks for a machine called {}, and GitHub has none any more",
            code(label)
        ),
        // Such a run fails at once.
        Gone::Action(uses) if over => {
            format!("uses {}, and GitHub fails what does", code(uses))
        }
        Gone::Action(_) => return String::new(),
    };
    let main = code(names::main_branch(view));
    let out = match mended && available(Verb::Pick, view).is_ok() {
        true => format!(". {main} has mended that: {PICK}"),
        false => String::new(),
    };
    format!(". Its job {} {what}{out}", code(job))
}

/// Behind a failure: that it is none of the fix's, and why that is, where it is
/// known.
pub(super) fn none_of_the_fix(run: &Run, view: &View<'_>) -> String {
    let why = asks_in_vain(run, true, view);
    let halted = halted::of(&view.case, run);
    let Some(page) = halted.and_then(|it| it.without_fix.as_deref()) else {
        return why;
    };
    let base = view.line.seen.base.get().map_or("", |base| &base.tag);
    let failed = format!(
        ". It failed {}, too: {} does not pass by itself any more",
        link("without the fix", page),
        escape(base),
    );
    match why.is_empty() {
        true if available(Verb::Pick, view).is_err() => failed,
        true => format!(
            "{failed}. If {} has mended that: {PICK}",
            code(names::main_branch(view))
        ),
        false => format!("{failed}{why}"),
    }
}
