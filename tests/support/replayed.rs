//! What a story leaves in the database is replayed from its journals.

use hotfix_bot::domain::facts::{Facts, stored};
use hotfix_bot::domain::replay::{Replayed, Revision, replay};
use hotfix_bot::sim::Sim;
use hotfix_bot::store::{Peeked, peek};

/// The newest case of every issue, and of each of its release lines, ends in the same facts when its journal is
/// taken through the decisions once more.
pub async fn same(database_url: &str, sim: &Sim) {
    let issues: Vec<(String, String, i64)> = {
        let world = sim.world();
        let repos = world.repos.values();
        let numbers = repos.flat_map(|repo| repo.issues.keys().map(move |n| (repo, *n)));
        let named = |(repo, n): (&hotfix_bot::sim::world::Repo, u64)| {
            let full = repo.full_name();
            let (owner, name) = full.split_once('/').expect("owner/name");
            (owner.to_owned(), name.to_owned(), n as i64)
        };
        numbers.map(named).collect()
    };
    for (owner, name, issue) in issues {
        let found = peek(database_url, &owner, &name, issue)
            .await
            .expect("a database");
        for peeked in &found {
            holds(peeked, issue);
        }
    }
}

fn holds(peeked: &Peeked, issue: i64) {
    let (first, rest) = peeked.journal.split_first().expect("a journal");
    assert_eq!(first.rev, 0, "issue {issue}");
    let begun: Facts = serde_json::from_str(&first.event).expect("facts");
    let revisions = rest.iter().map(|row| Revision {
        rev: row.rev,
        at: row.at,
        events: serde_json::from_str(&row.event).expect("events"),
        facts: row.facts_hash.clone(),
    });
    match replay(begun, revisions).expect("facts that can be read") {
        Replayed::Same(facts) => {
            let stored = stored::read(peeked.schema, &peeked.facts).expect("facts");
            assert!(stored == *facts, "issue {issue} ends in other facts");
        }
        Replayed::Differs { rev } => {
            let row = rest.iter().find(|row| row.rev == rev);
            panic!("issue {issue}, step {rev}: other facts: {row:#?}");
        }
    }
}
