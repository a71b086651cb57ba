//! The GitHub release says that it is taken back, and is the latest no longer.

use crate::domain::effect::Act;
use crate::domain::facts::RollbackDecision;
use crate::domain::need::Looking;
use crate::domain::procedure::branch::Branched;
use crate::domain::procedure::step::{Case, Step};
use crate::domain::undo::Undo;

/// Who looks at the release sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marked;

/// The release that was GitHub's Latest before this one, as far as is known.
pub fn before(branched: &Branched) -> Option<&str> {
    let base = &branched.base;
    let of_base = base.release.as_ref().map(|_| &base.tag);
    let latest = base.latest.as_ref().or(of_base);
    latest.map(String::as_str).filter(|it| *it != branched.tag)
}

/// Marks it, then puts Latest back where it was ours. What is not published stays
/// as it is; title, notes and Latest can be changed of an immutable one, too.
pub fn mark(c: &Case<'_>, branched: &Branched, decided: &RollbackDecision) -> Step<Marked> {
    let (seen, rollback) = (&c.line.seen.release, c.line.rollback.as_deref());
    let Some(read) = seen.get() else {
        return Step::looking(Looking::Out);
    };
    let Some(release) = read.as_ref().filter(|it| !it.draft) else {
        return Step::Done(Marked);
    };
    if !release.withdrawn {
        if !seen.is_current() {
            return Step::looking(Looking::Out);
        }
        let act = Act::Undo(Undo::Mark {
            release: release.id,
            tag: branched.tag.clone(),
            prefix: (),
            notice: (),
        });
        return Step::wish(c.write(act, release.id.to_string()));
    }
    let put_back = rollback.is_some_and(|it| it.latest.is_some());
    match before(branched).filter(|_| decided.found.is_latest() && !put_back) {
        Some(tag) => {
            let act = Act::Undo(Undo::Latest {
                tag: tag.to_owned(),
                instead: release.id,
            });
            Step::wish(c.write(act, tag))
        }
        None => Step::Done(Marked),
    }
}
