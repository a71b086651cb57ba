//! `hotfix-bot replay owner/repo#n`: a hotfix's journal through the same decisions.

use super::exit::{Exit, block_on, complain};
use super::the_case::TheCase;
use crate::domain::facts::{Facts, stored};
use crate::domain::replay::{Replayed, Revision, replay};
use crate::store::{JournalRow, Peeked};

/// Arguments of `replay`.
pub type Args = TheCase;

/// Below the options in `--help`.
pub(super) const AFTER_HELP: &str = "\
Takes everything that happened to a hotfix, as its journal has it, through the decisions of this \
version, and compares the facts at each step. Changes nothing. Exit code 0: the same facts. 1: it \
cannot be replayed. 2: other facts come out, as they may after an update; the first step at which \
they do is named.";

/// Replays it, and says what came of it.
pub fn run(args: &Args) -> Exit {
    block_on(async {
        match args.read().await {
            Ok(peeked) => tell(&peeked),
            Err(exit) => exit,
        }
    })
}

fn tell(peeked: &Peeked) -> Exit {
    let (begun, revisions) = match read(&peeked.journal) {
        Ok(read) => read,
        Err(why) => return complain(Exit::Failed, why),
    };
    let (steps, events) = (
        revisions.len(),
        revisions.iter().map(|it| it.events.len()).sum::<usize>(),
    );
    match replay(begun, revisions) {
        Err(why) => complain(Exit::Failed, why),
        Ok(Replayed::Differs { rev }) => {
            let row = peeked.journal.iter().find(|row| row.rev == rev);
            let (cause, build) = row.map_or(("", ""), |row| (&row.cause, &row.build));
            complain(
                Exit::Usage,
                format_args!(
                    "step {rev} ({cause}) ends in other facts than it did; it was made by version {build}, this is {}",
                    env!("CARGO_PKG_VERSION")
                ),
            )
        }
        Ok(Replayed::Same(facts)) => {
            let stored = stored::read(peeked.schema, &peeked.facts);
            match stored.is_ok_and(|stored| stored == *facts) {
                true => {
                    println!("{steps} steps, {events} events: the same facts");
                    Exit::Done
                }
                false => complain(
                    Exit::Usage,
                    format_args!("the journal ends in other facts than the case has"),
                ),
            }
        }
    }
}

/// What the case began with, and its revisions.
fn read(journal: &[JournalRow]) -> Result<(Facts, Vec<Revision>), String> {
    let Some((first, rest)) = journal.split_first().filter(|(first, _)| first.rev == 0) else {
        return Err(
            "its journal does not begin at the beginning: it was pruned, or an earlier version opened the case"
                .to_owned(),
        );
    };
    let begun: Facts = serde_json::from_str(&first.event)
        .map_err(|error| format!("step 0 cannot be read: {error}"))?;
    let revision = |row: &JournalRow| {
        let events = serde_json::from_str(&row.event)
            .map_err(|error| format!("step {} cannot be read: {error}", row.rev))?;
        Ok(Revision {
            rev: row.rev,
            at: row.at,
            events,
            facts: row.facts_hash.clone(),
        })
    };
    let revisions: Result<Vec<Revision>, String> = rest.iter().map(revision).collect();
    Ok((begun, revisions?))
}

#[cfg(test)]
mod tests {
    use std::io::sink;

    use super::*;
    use crate::cli::run as command;
    use crate::rehearsal::{Narrator, RealServer, RehearseArgs, ServerSetup, Stage, play};

    /// What a whole hotfix leaves is replayed to the same facts, and tells how it
    /// is finished by hand; what was altered is found.
    #[test]
    fn a_whole_hotfix_is_replayed_from_its_journal() {
        let dir = tempfile::tempdir().unwrap();
        let args = RehearseArgs {
            keep: Some(dir.path().join("kept")),
            ..RehearseArgs::default()
        };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let start = async |setup: ServerSetup, _: &Stage| RealServer::start(setup).await;
        let mut narrator = Narrator::new(Box::new(sink()), false);
        let report = runtime.block_on(play(&args, start, &mut narrator)).unwrap();
        assert!(report.is_as_expected());
        let url = format!("sqlite:{}", dir.path().join("kept/hotfix-bot.db").display());
        let asked = |verb: &str, issue: &str| {
            let words = ["hotfix-bot", verb, issue, "--database-url", &url];
            command(words.map(Into::into))
        };
        assert_eq!(asked("replay", "harbour/lantern#1"), Exit::Done);
        assert_eq!(asked("replay", "Harbour/Lantern#1"), Exit::Done);
        assert_eq!(asked("runbook", "harbour/lantern#1"), Exit::Done);
        assert_eq!(asked("replay", "harbour/lantern#99"), Exit::Failed);
        assert_eq!(asked("runbook", "nobody/nothing#1"), Exit::Failed);
        assert_eq!(asked("runbook", "lantern#1"), Exit::Usage);

        let peeked = runtime.block_on(crate::store::peek(&url, "harbour", "lantern", 1));
        let mut peeked = peeked.unwrap().remove(0);
        assert_eq!(tell(&peeked), Exit::Done);
        let lost = peeked.journal.remove(7);
        assert_eq!(tell(&peeked), Exit::Usage, "without {}", lost.cause);
        peeked.journal.remove(0);
        assert_eq!(tell(&peeked), Exit::Failed);
    }
}
