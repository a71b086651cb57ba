//! Whether a repository's name still is its id's, and what becomes of a case
//! where it is not.
//!
//! Cases and claims belong to an id; GitHub is called by name, and names are
//! given away: a repository is renamed, the delivery that says so is lost, and a
//! new one takes the name. Three things keep the bot from it:
//!
//! - A token is good for one repository, by its id: what is written under a name
//!   that is another's is refused by GitHub, in the moment of the call.
//! - Before a write the name is proven, as [`Checked`] says for each.
//! - Answers that hold a repository's id are held against it.

use super::Engine;
use super::effects::Context;
use super::step::{Cause, StepError};
use crate::clock::Millis;
use crate::domain::effect::Slot;
use crate::domain::event::{Event, Outcome};
use crate::domain::objects::{Object, Observation};
use crate::github::Error;
use crate::github::ops::RepoInfo;
use crate::store::RepoRow;

/// How long a proof lasts for what can be undone, milliseconds. A repository
/// moves by people's hands, and who takes over its name needs longer; the token
/// refuses the new one anyway.
const LASTS: Millis = 60_000;

/// What is checked of an effect's repository in the moment in which it is
/// carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// The token alone.
    ByToken,
    /// The name was proven in the last minute.
    Lately,
    /// The name is proven for this very attempt.
    Now,
    /// The object itself is read in this attempt, and names its repository.
    ByObject,
    /// The call names the repository by its id, never by a name.
    ById,
}

impl Checked {
    /// In words, for the documentation.
    pub fn words(self) -> &'static str {
        match self {
            Checked::ByToken => "its token is good for the repository's id alone",
            Checked::Lately => "the name was proven to be the id's within the last minute",
            Checked::Now => "the name is proven to be the id's in this attempt",
            Checked::ByObject => {
                "the object is read in this attempt, and its repository's id compared"
            }
            Checked::ById => "the call names the repository by its id",
        }
    }
}

/// What is checked of the repository, for every slot: a new one does not compile
/// without its place here.
pub fn checked(slot: &Slot) -> Checked {
    match slot {
        // Who may do what, who said so, and who approved: nothing of it may be another
        // repository's.
        Slot::Role(_) | Slot::Word(_) | Slot::Read(Object::Reviews | Object::Writers) => {
            Checked::Lately
        }
        Slot::Read(_) => Checked::ByToken,
        // Speaks to people; by the token to those of this repository alone.
        Slot::Comment(_)
        | Slot::Reply(_)
        | Slot::Guard
        | Slot::State
        | Slot::Describe
        | Slot::Label
        | Slot::React(_) => Checked::ByToken,
        // Nothing of GitHub's is asked.
        Slot::Announce(_) => Checked::ByToken,
        Slot::Branch
        | Slot::Bump
        | Slot::Pick
        | Slot::Enable
        | Slot::Dispatch(_)
        | Slot::Pull(_)
        | Slot::Carry(_)
        | Slot::Ready
        | Slot::Rerun(_)
        | Slot::Notes
        | Slot::Discuss
        | Slot::Mark
        | Slot::Latest
        | Slot::Report
        | Slot::Revert
        | Slot::ReopenIssue => Checked::Lately,
        Slot::Tag
        | Slot::Point(_)
        | Slot::Launch(_)
        | Slot::Advisory
        | Slot::CloseIssue
        | Slot::Yank(_) => Checked::Now,
        Slot::Merge(_) | Slot::ClosePull => Checked::ByObject,
        Slot::DeleteBranch(_) | Slot::Untag | Slot::Repoint(_) => Checked::ById,
    }
}

/// Whether an outcome rests on something that was not to be seen: it is believed
/// where the name is proven, as everything is missing under another's.
pub fn says_gone(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::BranchDeleted => true,
        Outcome::Seen(seen) => match &**seen {
            Observation::Branch(branch) => branch.head.is_none(),
            Observation::Tag(tag) => tag.is_none(),
            _ => false,
        },
        _ => false,
    }
}

/// Proves the name as is asked for: no call, or 1. Gives the repository
/// where it has another name by now, under which it is found by a redirect.
///
/// # Errors
/// What GitHub answers; `OtherRepository` where the name is another's.
pub async fn prove(
    engine: &Engine,
    context: &Context,
    wanted: Checked,
) -> Result<Option<RepoInfo>, Error> {
    let now = engine.clock().now();
    let since = match wanted {
        Checked::ByToken | Checked::ByObject | Checked::ById => return Ok(None),
        Checked::Lately => now - LASTS,
        Checked::Now => now,
    };
    let proof = engine.0.proofs.of(context.repo_id);
    let mut proof = proof.lock().await;
    let known = proof
        .as_ref()
        .filter(|(name, _)| *name == context.full_name());
    if known.is_some_and(|(_, at)| *at >= since) {
        return Ok(None);
    }
    let there = context.repo.get().await?;
    context.is_ours(there.id)?;
    *proof = Some((there.full_name.clone(), now));
    let same = there.full_name == context.full_name();
    Ok((!same).then_some(there))
}

/// What is under a name that did not answer as it should.
pub enum Found {
    /// The repository, as it was known: it is something else that is missing.
    Same,
    /// The repository has this other name, or default branch.
    Moved(Box<RepoInfo>),
    /// The App reaches the repository no more.
    Gone,
}

/// Looks for the repository by its id: 1 call.
///
/// # Errors
/// What GitHub answers.
pub async fn find(context: &Context) -> Result<Found, Error> {
    let all = context.repo.installation().repositories().await?;
    let ours = all.into_iter().find(|repo| repo.id == context.repo_id);
    Ok(match ours {
        None => Found::Gone,
        Some(repo)
            if repo.full_name == context.full_name()
                && repo.default_branch == context.default_branch =>
        {
            Found::Same
        }
        Some(repo) => Found::Moved(Box::new(repo)),
    })
}

/// Writes down where the repository is, and lets its cases know. Where its name
/// was `another`'s meanwhile, they believe nothing that was read under it.
///
/// # Errors
/// See [`StepError`].
pub async fn moved(
    engine: &Engine,
    id: i64,
    to: &RepoInfo,
    another: bool,
) -> Result<(), StepError> {
    let store = engine.store();
    let Some(row) = store.repo(id).await? else {
        return Ok(());
    };
    tracing::warn!(
        repo = to.full_name,
        id,
        was = format!("{}/{}", row.owner, row.name),
        another,
        "the repository has moved"
    );
    let row = RepoRow {
        owner: to.owner.login.clone(),
        name: to.name.clone(),
        default_branch: to.default_branch.clone(),
        html_url: to.html_url.clone(),
        ..row
    };
    store.put_repo(&row).await?;
    let event = Event::Repository {
        repo: row.known(),
        another,
    };
    for case in store.open_cases().await? {
        if case.repo_id != id {
            continue;
        }
        match engine
            .step(case.id, &Cause::Time, vec![event.clone()])
            .await
        {
            Ok(_) | Err(StepError::Unreadable { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documented::part;
    use crate::domain::objects::{CommentKind, PullKind, Reaction};

    /// What of the object itself is checked where it is written to: exhaustive,
    /// so that a new write has its line.
    fn of_the_object(slot: &Slot) -> Option<&'static str> {
        Some(match slot {
            Slot::Read(_) | Slot::Role(_) | Slot::Word(_) => return None,
            Slot::Comment(_) | Slot::Reply(_) | Slot::React(_) => return None,
            Slot::Announce(_) => "none of GitHub's",
            Slot::Guard | Slot::State => "by its id, or its name on the head",
            Slot::Label => "by its number",
            Slot::Branch => "GitHub makes it only where no such branch exists",
            Slot::Bump | Slot::Pick | Slot::Enable => {
                "the branch moves only from the head that it was built on"
            }
            Slot::Dispatch(_) => "the run is looked for on the named head",
            Slot::Launch(_) => "the branch or tag is read before, and leads to the decided commit",
            Slot::Pull(_) => "one that exists counts only if it goes to the branch that is wanted",
            Slot::Carry(_) => "the branch is new, or stands at the commit that is replaced",
            Slot::Tag => "GitHub makes it only where no such tag exists",
            Slot::Describe => {
                "by its number; only what stands between the bot's marks is another then"
            }
            Slot::Point(_) => {
                "GitHub makes it only where no such tag exists, or moves it only from the expected object"
            }
            Slot::Ready => "by its GraphQL id; where it leads is read before the merge",
            Slot::Merge(_) => {
                "its base is the branch that it was opened for, its head the branch that was made, at the tested commit"
            }
            Slot::Rerun(_) => "by its id",
            Slot::Notes => "by the release's id",
            Slot::Discuss => "by the release's id",
            Slot::Advisory => "it is read before, by its id, and is a draft",
            Slot::CloseIssue => "it is an issue, of this repository, and open",
            Slot::ReopenIssue => "by its number",
            Slot::DeleteBranch(_) => "GitHub deletes it only at the expected commit",
            Slot::ClosePull => "it brings the branch that was made, and is not merged",
            Slot::Yank(_) => "by its name and version, which are those of the release",
            Slot::Mark => "by the release's id",
            Slot::Latest => "the release of the tag that was the latest before",
            Slot::Repoint(_) => "GitHub moves it only from the expected object",
            Slot::Untag => "GitHub deletes it only at the expected object",
            Slot::Report => "by its hidden marker",
            Slot::Revert => "by its branch, and where that leads",
        })
    }

    /// One of each kind.
    fn writes() -> Vec<Slot> {
        let kind = PullKind::Hotfix;
        vec![
            Slot::Branch,
            Slot::Bump,
            Slot::Pick,
            Slot::Enable,
            Slot::Dispatch("ci.yml".into()),
            Slot::Launch("publish.yml".into()),
            Slot::Pull(kind),
            Slot::Carry(PullKind::Port),
            Slot::Tag,
            Slot::Point("v1".into()),
            Slot::Ready,
            Slot::Describe,
            Slot::Merge(kind),
            Slot::Rerun(1),
            Slot::Notes,
            Slot::Discuss,
            Slot::Advisory,
            Slot::CloseIssue,
            Slot::ReopenIssue,
            Slot::DeleteBranch(kind),
            Slot::ClosePull,
            Slot::Yank("caro".into()),
            Slot::Mark,
            Slot::Latest,
            Slot::Untag,
            Slot::Repoint("v1".into()),
            Slot::Report,
            Slot::Revert,
            Slot::Comment(CommentKind::Status),
            Slot::Reply(1),
            Slot::React((1, Reaction::Eyes)),
            Slot::Guard,
            Slot::State,
            Slot::Label,
            Slot::Announce((1, "ops".into())),
        ]
    }

    #[test]
    fn what_cannot_be_undone_is_proven_in_the_moment() {
        for slot in writes() {
            let final_ = matches!(
                slot,
                Slot::Tag
                    | Slot::Point(_)
                    | Slot::Repoint(_)
                    | Slot::Launch(_)
                    | Slot::Merge(_)
                    | Slot::Advisory
                    | Slot::CloseIssue
                    | Slot::ClosePull
                    | Slot::DeleteBranch(_)
                    | Slot::Yank(_)
                    | Slot::Untag
            );
            let at_once = matches!(
                checked(&slot),
                Checked::Now | Checked::ByObject | Checked::ById
            );
            assert_eq!(final_, at_once, "{slot}");
        }
    }

    #[test]
    fn the_table_of_identities_is_documented() {
        let mut table = "| Write | The repository | The object |\n|---|---|---|\n".to_owned();
        for slot in writes() {
            let object = of_the_object(&slot).unwrap_or("by its id, or its hidden marker");
            table += &format!(
                "| `{}` | {} | {object} |\n",
                slot.name(),
                checked(&slot).words()
            );
        }
        part("docs/architecture.md", "identities", &table);
    }
}
