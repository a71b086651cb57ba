//! What a delivery is about, and whether an event says anything new.

use crate::domain::event::Event;
use crate::domain::objects::Repo;
use crate::domain::policy::PATH;
use crate::github::ops::Pull;
use crate::github::webhook::{Delivery, RepoRef, What};

/// The issue that a delivery is about, if it is one and no pull request: nothing
/// but the end of its own case changes whose it is.
pub(super) fn issue_of(delivery: &Delivery) -> Option<i64> {
    match &delivery.what {
        What::Pull { .. } | What::Review { .. } => None,
        What::CommentCreated { is_pull: true, .. }
        | What::CommentEdited { is_pull: true, .. }
        | What::CommentDeleted { is_pull: true, .. } => None,
        _ => delivery.number(),
    }
}

/// What a delivery tells of a configuration that is proposed.
#[derive(Debug)]
pub(super) enum Proposal<'a> {
    /// An open pull request to the branch that the configuration is read from has this
    /// head. By what it changes nothing is told, so each may bring another one.
    Head(&'a Pull),
    /// Commits of this branch touch the configuration.
    Branch(&'a str),
    /// A pull request is over.
    Over(i64),
}

/// What the delivery tells of a configuration that is proposed. A pull request that did
/// not touch it when it was opened does so by a push to its branch, which says so; to a
/// fork's branch nobody hears a push. `known`: the pull request touches it, or may.
pub(super) fn proposes<'a>(
    repo: &RepoRef,
    delivery: &'a Delivery,
    known: impl Fn(i64) -> bool,
) -> Option<Proposal<'a>> {
    match &delivery.what {
        What::Pull { action, pull } if action == "closed" => {
            known(pull.number).then_some(Proposal::Over(pull.number))
        }
        What::Pull { action, pull }
            if pull.base.name == repo.default_branch && !pull.head.sha.is_empty() =>
        {
            let of = pull.head.repo.as_ref().map(|of| of.id);
            let looked_at = match action.as_str() {
                "opened" | "reopened" => true,
                "synchronize" => of != Some(repo.id) || known(pull.number),
                _ => false,
            };
            looked_at.then_some(Proposal::Head(pull))
        }
        What::Push {
            name,
            deleted: false,
            settings,
            ..
        } if settings.iter().any(|path| path == PATH) => {
            let branch = name.strip_prefix("refs/heads/")?;
            (branch != repo.default_branch).then_some(Proposal::Branch(branch))
        }
        _ => None,
    }
}

/// The issue whose hotfix a label on a merged pull request asks for; none: it is
/// not merged into the default branch, where a fix is picked from, or it is one of
/// the bot's own.
pub(super) fn asked_by_pull(repo: &RepoRef, delivery: &Delivery, bot: &str) -> Option<i64> {
    match &delivery.what {
        What::PullLabel {
            pull,
            issue,
            on: true,
            ..
        } => {
            let ours = pull.user.as_ref().is_some_and(|by| by.login == bot);
            let here = pull.base.name == repo.default_branch;
            (here && !ours).then_some(*issue)
        }
        _ => None,
    }
}

/// Whether an event adds nothing to those before it: it says to look at the same
/// once more, or that the same person put the same label there, while nothing but
/// labels was heard of in between.
pub(super) fn says_it_again(event: &Event, before: &[Event]) -> bool {
    let Event::Labeled { label, by, .. } = event else {
        return matches!(event, Event::Touched { .. }) && before.contains(event);
    };
    let labels = before.iter().rev().take_while(|it| {
        matches!(
            it,
            Event::Labeled { .. } | Event::Unlabeled { .. } | Event::Touched { .. }
        )
    });
    let mut of_it = labels.filter_map(|it| match it {
        Event::Labeled { label, by, .. } => Some((label, Some(by))),
        Event::Unlabeled { label, .. } => Some((label, None)),
        _ => None,
    });
    let last = of_it.find(|(other, _)| other.eq_ignore_ascii_case(label));
    last.is_some_and(|(_, other)| other == Some(by))
}

/// Whether a label may begin a hotfix: as the repository's configuration says
/// where it is known (JSON, a list). Where it is not, any label may: the case
/// reads the configuration first and ends without a word if it does not.
pub(super) fn may_begin(label: &str, known: Option<&str>) -> bool {
    match known.and_then(|json| serde_json::from_str::<Vec<String>>(json).ok()) {
        Some(labels) => labels.iter().any(|l| l.eq_ignore_ascii_case(label)),
        None => true,
    }
}

pub(super) fn repo_of(repo: &RepoRef) -> Repo {
    Repo {
        id: repo.id,
        owner: repo.owner.clone(),
        name: repo.name.clone(),
        default_branch: repo.default_branch.clone(),
        html_url: repo.html_url.clone(),
        private: repo.private,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_begins_a_case_as_the_configuration_says_or_to_find_out() {
        assert!(may_begin("anything", None));
        assert!(may_begin("p0", Some(r#"["hotfix","P0"]"#)));
        assert!(!may_begin("question", Some(r#"["hotfix","P0"]"#)));
        assert!(may_begin("question", Some("not json")));
    }
}
