//! A security advisory that a person linked: published by a commander's word, once
//! the users of every release line have the fix.
//!
//! Publishing cannot be undone, and before the release it would tell what is wrong
//! while nobody can protect themselves. Nothing else waits for it but the end.

use super::branch::Branched;
use super::step::{Case, Step};
use super::verify;
use crate::domain::effect::Act;
use crate::domain::need::{AdvisoryNeed, Looking, NeedKind, Who};
use crate::domain::objects::OnRegistry;

/// Nothing is left to be published, as far as this case is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advised;

/// The packages whose patched version is the one that was released. Of several release
/// lines nobody but people can tell which range of versions is whose.
fn fixed(c: &Case<'_>, branched: &Branched) -> Vec<OnRegistry> {
    match c.facts.among.as_deref().is_some_and(|it| !it.is_alone()) {
        true => Vec::new(),
        false => verify::on_registries(c, branched),
    }
}

/// The word, the call, and that it is so: seen by reading the advisory again.
/// `due` is where the users of every line have the fix.
pub fn advise(c: &Case<'_>, branched: Option<&Branched>, due: bool) -> Step<Advised> {
    let open = c.facts.advisory.as_deref().filter(|it| !it.is_settled());
    let spoken_for = c
        .facts
        .among
        .as_deref()
        .is_some_and(|it| it.leaves_to_newer());
    let (Some(advisory), false) = (open, spoken_for) else {
        return Step::Done(Advised);
    };
    let Some(branched) = branched.filter(|_| due) else {
        return Step::Wait(Vec::new());
    };
    let seen = &c.line.seen.advisory;
    let fresh = advisory.asked().is_none() || seen.is_current();
    let Some(state) = seen.get().copied().filter(|_| fresh) else {
        return Step::looking(Looking::Advisory);
    };
    let fixed = fixed(c, branched);
    if let Some(publish) = advisory.asked() {
        let act = Act::PublishAdvisory {
            id: advisory.id.clone(),
            fixed,
        };
        return Step::wish(c.write(act, format!("{}-{}", advisory.id, publish.times)));
    }
    let kind = NeedKind::Advisory(AdvisoryNeed {
        id: advisory.id.clone(),
        state,
        kept: advisory.publish.is_some(),
        fixed: fixed
            .into_iter()
            .map(|it| (it.package, it.version))
            .collect(),
    });
    Step::wait(Who::Commander, kind)
}
