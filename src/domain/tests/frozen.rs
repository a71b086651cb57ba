//! Facts that earlier versions wrote are read, and nothing that they have proven
//! is done again.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::domain::effect::Lane;
use crate::domain::facts::{SCHEMA, stored};
use crate::domain::plan::plan;

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
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/facts");
    let mut found = Vec::new();
    for schema in 1..=i64::from(SCHEMA) {
        let folder = root.join(format!("v{schema}"));
        let files = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{folder:?}: {e}"));
        found.extend(files.map(|file| (schema, file.unwrap().path())));
    }
    found.sort();
    found
}

#[test]
fn every_frozen_case_is_read_and_wants_no_write_that_it_did_not_want() {
    let files = frozen();
    assert!(files.len() > 50, "found {}", files.len());
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
        let writes = now.wishes.iter().filter(|w| w.effect.lane() == Lane::Write);
        for wish in writes {
            let key = (wish.effect.slot(), wish.subject.clone(), wish.generation);
            assert!(frozen.wishes.contains(&key), "{name} wants {key:?}");
        }
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
