//! Facts that earlier versions wrote are read, and nothing that they have proven
//! is done again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

use super::{freeze, markdown};
use crate::domain::decide::{decide, settle};
use crate::domain::event::Event;
use crate::domain::facts::{SCHEMA, stored};
use crate::domain::objects::Object;
use crate::domain::plan::plan;
use crate::domain::step_name::StepName;
use crate::domain::wish::Lane;

/// A file below `tests/data/facts/v<schema>`.
#[derive(Deserialize)]
struct Frozen {
    facts: Value,
    phase: String,
    over: bool,
    /// Slot, subject and generation.
    wishes: Vec<(String, String, u64)>,
}

/// Every frozen file, with the schema that it is written in.
fn frozen() -> Vec<(i64, PathBuf)> {
    let of = |schema| freeze::files(schema).into_iter().map(move |f| (schema, f));
    (1..=i64::from(SCHEMA)).flat_map(of).collect()
}

#[test]
fn every_frozen_case_is_read_and_wants_no_write_that_it_did_not_want() {
    let files = frozen();
    assert!(files.len() > 100, "found {}", files.len());
    for (schema, path) in files {
        let name = path.file_name().unwrap().display().to_string();
        let text = std::fs::read_to_string(&path).unwrap();
        let frozen: Frozen = serde_json::from_str(&text).unwrap();
        assert_eq!(frozen.facts["schema"], schema, "{name}");
        let facts = stored::read(schema, &frozen.facts.to_string());
        let facts = facts.unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!(facts.schema, SCHEMA, "{name}");
        let now = plan(&facts);
        assert_eq!(
            (&now.phase, now.over),
            (&frozen.phase, frozen.over),
            "{name}"
        );
        let writes = now.wishes.iter().filter(|w| w.act.lane() == Lane::Write);
        for wish in writes {
            let key = (
                wish.act.slot().to_string(),
                wish.subject.clone(),
                wish.generation,
            );
            assert!(frozen.wishes.contains(&key), "{name} wants {key:?}");
        }
    }
}

#[test]
fn each_schema_has_a_case_of_each_phase() {
    let mut phases = BTreeMap::<i64, BTreeSet<String>>::new();
    for (schema, path) in frozen() {
        let text = std::fs::read_to_string(&path).unwrap();
        let frozen: Frozen = serde_json::from_str(&text).unwrap();
        phases.entry(schema).or_default().insert(frozen.phase);
    }
    let steps = StepName::ALL.iter().map(|step| step.title().to_lowercase());
    let ends = ["cancelled", "ignored", "over"].map(str::to_owned);
    let all: BTreeSet<_> = steps.chain(ends).collect();
    assert_eq!(phases.len(), SCHEMA as usize);
    for (schema, there) in phases {
        assert_eq!(there, all, "schema {schema}");
    }
}

#[test]
fn what_is_read_is_written_in_the_present_schema_and_read_again() {
    for (schema, path) in frozen() {
        let text = std::fs::read_to_string(&path).unwrap();
        let frozen: Frozen = serde_json::from_str(&text).unwrap();
        let facts = stored::read(schema, &frozen.facts.to_string()).unwrap();
        let again = serde_json::to_string(&facts).unwrap();
        assert_eq!(
            stored::read(i64::from(SCHEMA), &again),
            Ok(facts),
            "{path:?}"
        );
    }
}

#[test]
fn an_event_without_a_plan_leaves_the_same_facts_and_no_case_that_is_over() {
    let touched = |object| Event::Touched {
        objects: vec![object],
    };
    let events = [
        Event::Wake,
        Event::Back { since: None },
        touched(Object::Issue),
        touched(Object::Pull),
    ];
    for (schema, path) in frozen() {
        let text = std::fs::read_to_string(&path).unwrap();
        let frozen: Frozen = serde_json::from_str(&text).unwrap();
        let facts = stored::read(schema, &frozen.facts.to_string()).unwrap();
        for event in &events {
            let (mut with, mut without) = (facts.clone(), facts.clone());
            let now = facts.now + 60_000;
            let plan = decide(&mut with, event, now);
            match settle(&mut without, event, now) {
                Some(settled) => assert_eq!(settled, plan, "{path:?} {event:?}"),
                None => assert!(!plan.over, "{path:?} {event:?}"),
            }
            assert_eq!(with, without, "{path:?} {event:?}");
        }
    }
}

#[test]
fn stored_facts_hold_no_markdown() {
    let now = freeze::worlds().into_iter();
    let now = now.map(|(_, facts)| serde_json::to_string(&facts).unwrap());
    let mut there = BTreeSet::new();
    for stored in freeze::frozen_now().into_iter().chain(now) {
        markdown::none_in(&stored);
        there.extend(markdown::met(&stored));
    }
    let all: BTreeSet<_> = markdown::WORDS_OF_OTHERS.iter().copied().collect();
    assert_eq!(there, all, "a place is excepted that is nowhere met");
}
