//! Every proof of a finished hotfix, together.

use super::proof::Answer;
use super::shipped::Shipped;
use super::{after_tag, before_tag};
use crate::rehearsal::view::View;

/// Every proof, by what it proves.
pub struct Proofs {
    pub labelled: Answer,
    pub condition: Answer,
    pub workaround: Answer,
    pub impact: Answer,
    pub approach: Answer,
    pub branch: Answer,
    pub version: Answer,
    pub changelog: Answer,
    pub fix: Answer,
    pub minimal: Answer,
    pub tests_added: Answer,
    pub green: Answer,
    pub approved: Answer,
    pub tried: Answer,
    pub tagged: Answer,
    pub merged: Answer,
    pub publish: Answer,
    pub release_run: Answer,
    pub registry: Answer,
    pub release: Answer,
    pub installed: Answer,
    pub verified: Answer,
    pub notes: Answer,
    pub community: Answer,
    pub closed: Answer,
    pub thanked: Answer,
    pub known_issue: Answer,
    pub deleted: Answer,
}

/// Looks for each proof; version and changelog were looked for already.
pub fn prove(
    view: &View<'_>,
    shipped: &Result<Shipped, String>,
    (version, changelog): (Answer, Answer),
) -> Proofs {
    let of = |f: &dyn Fn(&Shipped) -> Answer| shipped.as_ref().map_err(Clone::clone).and_then(f);
    const HOT: [&str; 3] = ["all-users", "data-loss", "exploited"];
    let labelled = match view.issue() {
        Some(issue) => before_tag::labelled(view, issue),
        None => Err("there is no issue".to_owned()),
    };
    let assessed =
        |key: &str, values: &[&str], item: &str| before_tag::assessed(view, key, values, item);
    Proofs {
        labelled,
        condition: assessed("condition", &HOT, "severity-confirmed"),
        workaround: assessed("workaround", &["no"], "no-workaround"),
        impact: assessed("affected", &[], "impact-assessed"),
        approach: assessed("approach", &[], "fix-approach"),
        branch: before_tag::branched(view),
        version,
        changelog,
        fix: of(&|s| s.fix.clone()),
        minimal: of(&|s| before_tag::minimal(view, s)),
        tests_added: of(&|s| before_tag::tests_added(view, s)),
        green: of(&|s| before_tag::green(view, s)),
        approved: of(&|s| before_tag::approved(view, s)),
        tried: of(&|s| before_tag::tried(view, s)),
        tagged: of(&|s| after_tag::tagged(view, s)),
        merged: of(&|s| after_tag::merged(view, s)),
        publish: after_tag::published_by(view),
        release_run: after_tag::released_by(view, view.roles(|r| &r.release), "makes a release"),
        registry: after_tag::on_registry(view),
        release: after_tag::release(view),
        installed: after_tag::installed(view),
        verified: after_tag::verified(view),
        notes: after_tag::notes(view),
        community: after_tag::community(view),
        closed: after_tag::closed(view),
        thanked: after_tag::thanked(view),
        known_issue: after_tag::known_issue(view),
        deleted: after_tag::deleted(view),
    }
}
