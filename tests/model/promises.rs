//! What must never happen, held against what really is.

use hotfix_bot::domain::effect::{Act, Effect};
use hotfix_bot::domain::ids::Sha;
use hotfix_bot::domain::need::StopReason;
use hotfix_bot::domain::objects::PullKind;

use crate::hub::{HubComment, role};
use crate::state::State;

/// Looks at an effect in the moment before it is carried out.
pub fn before(s: &State, at: usize, effect: &Effect) -> Option<String> {
    match effect {
        Act::CreateTag { commit, .. } => tagging(s, at, commit).map(str::to_owned),
        Act::DeleteBranch {
            pull: PullKind::Hotfix,
            ..
        } => deleting(s, at).map(str::to_owned),
        _ => None,
    }
}

/// The tag is about to stand on this commit.
fn tagging(s: &State, at: usize, commit: &Sha) -> Option<&'static str> {
    let (hub, policy) = (&s.hub, &s.hub.policy);
    if !hub.green.contains(commit) {
        return Some("a tag on a commit that was not tested");
    }
    let ships = |commits: &Vec<crate::hub::HubCommit>| {
        let end = commits.iter().position(|c| c.sha == *commit);
        end.map(|end| commits[..=end].to_vec()).unwrap_or_default()
    };
    let commits = hub.branch.as_ref().map(ships).unwrap_or_default();
    let wrote = |who: &str| commits.iter().any(|c| c.people.contains(who));
    let mut reviews = hub.reviews.iter();
    if !reviews.any(|(who, on)| on == commit && role(who) != "read" && !wrote(who)) {
        return Some("a tag on a commit that nobody else approved");
    }
    let said = |start: &'static str| {
        hub.comments
            .iter()
            .filter(move |c| c.text.starts_with(start))
    };
    if policy.test.manual
        && !said("/hotfix check manual-test").any(|c| vouches(c, commit) && stands(s, c))
    {
        return Some("a tag on a commit that nobody tried by hand");
    }
    let release = said("/hotfix release").find(|c| {
        let named = c.text.trim_start_matches("/hotfix release ");
        commit.has_prefix(named) && role(&c.by.login) == "maintain" && stands(s, c)
    });
    let Some(release) = release else {
        return Some("a tag by a word that was taken back");
    };
    // What happens to the label after the word is told, and changes nothing.
    let issue = s.bots.get(at).and_then(|bot| hub.issues.get(bot.issue));
    if issue.is_some_and(|it| it.labels.is_empty() && it.updated < release.created) {
        return Some("a tag although the label was taken off before");
    }
    None
}

/// Whether a word is about this commit: it names it, or its author saw it.
fn vouches(comment: &HubComment, commit: &Sha) -> bool {
    let mut words = comment.text.split_whitespace().skip(3);
    match words.find(|word| !word.contains('=')) {
        Some(named) => commit.has_prefix(named),
        None => comment.saw.as_ref() == Some(commit),
    }
}

/// Whether a word was not taken back before the bot looked for the last time.
fn stands(_: &State, comment: &HubComment) -> bool {
    match (comment.taken_back, comment.looked) {
        (None, _) => true,
        (Some(back), Some(looked)) => looked <= back,
        (Some(_), None) => !comment.text.starts_with("/hotfix release"),
    }
}

fn deleting(s: &State, at: usize) -> Option<&'static str> {
    let bot = s.bots.get(at)?;
    let shipped = s
        .hub
        .tag
        .as_ref()
        .filter(|_| bot.facts.cancelled.is_none())?;
    (!s.hub.holds(shipped))
        .then_some("the branch is deleted while the default branch lacks the fix")
}

/// A case is over.
pub fn ended(s: &State, at: usize) -> Option<String> {
    let bot = s.bots.get(at)?;
    let tag = s
        .hub
        .tag
        .as_ref()
        .filter(|_| bot.facts.cancelled.is_none())?;
    let lacks = !s.hub.holds(tag);
    lacks.then(|| "a hotfix ends while the default branch lacks the fix".to_owned())
}

/// Nothing is left to be done: no label is lost.
pub fn at_rest(s: &State) -> Option<String> {
    let lost = s.hub.issues.iter().enumerate().find(|(at, issue)| {
        let mut labels = issue.labels.iter();
        let trigger = labels.any(|(name, by)| {
            ["P0", "hotfix"].contains(&name.as_str()) && !by.bot && role(&by.login) != "read"
        });
        let mut cases = s.bots.iter().filter(|bot| bot.issue == *at);
        let cared = cases.any(|bot| match &bot.facts.cancelled {
            // Whoever gives up says so.
            Some(stop) => matches!(stop.why, StopReason::Said(_)),
            None => !bot.over && !bot.facts.comments.is_empty(),
        });
        issue.open && trigger && !cared && s.hub.tag.is_none()
    });
    lost.map(|(at, _)| format!("the label on issue {at} is lost"))
}
