//! Facts as they are stored: written with the schema of their version, brought
//! up to the present one when they are read.

use serde_json::Value;
use thiserror::Error;

use super::upgrade;
use super::{Facts, Line, SCHEMA};

/// Why stored facts are not read. The words tell where, and never what stands
/// there: it may be of a private repository.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// A newer version wrote them. What it knows and this one does not would be
    /// lost with the next write.
    #[error("written in schema {found}, and this version knows none above {known}")]
    Newer {
        /// The schema that they are written in.
        found: i64,
        /// The newest that is known here.
        known: i64,
    },
    /// They are not what their schema says.
    #[error("{why}")]
    Broken {
        /// What is wrong, and where.
        why: String,
    },
}

/// Brings facts of one schema to the next.
type Upgrade = fn(&mut Value) -> Result<(), String>;

/// The way from schema 1 to [`SCHEMA`], one step each. An error tells where,
/// not what. A step that was published is never changed.
const UPGRADES: [Upgrade; (SCHEMA - 1) as usize] = [upgrade::from_1];

/// Reads facts that were stored in `schema` as facts of the present one. A
/// field that is not known is passed over, as only a mistake can put it into
/// facts of a schema that is known.
///
/// # Errors
/// See [`Unreadable`].
pub fn read(schema: i64, json: &str) -> Result<Facts, Unreadable> {
    let known = i64::from(SCHEMA);
    if schema > known {
        return Err(Unreadable::Newer {
            found: schema,
            known,
        });
    }
    let broken = |why| Unreadable::Broken { why };
    let steps = steps(&UPGRADES, schema).map_err(broken)?;
    if steps.is_empty() {
        let facts: Facts = serde_json::from_str(json).map_err(|_| broken(place(json)))?;
        return Ok(whole(facts));
    }
    let mut value: Value = serde_json::from_str(json).map_err(|e| broken(what(&e)))?;
    go(&mut value, schema, steps).map_err(broken)?;
    let mut facts: Facts = serde_json::from_value(value)
        .map_err(|e| broken(format!("{}, brought up from schema {schema}", what(&e))))?;
    facts.schema = SCHEMA;
    Ok(whole(facts))
}

/// Fills in what later versions of a schema keep from what earlier ones did.
fn whole(mut facts: Facts) -> Facts {
    facts.lines.values_mut().for_each(Line::adopt_made);
    facts
}

/// The steps that are ahead of facts of this schema.
fn steps(all: &[Upgrade], schema: i64) -> Result<&[Upgrade], String> {
    let done = usize::try_from(schema - 1).ok();
    done.and_then(|done| all.get(done..))
        .ok_or_else(|| format!("there is no schema {schema}"))
}

fn go(value: &mut Value, schema: i64, steps: &[Upgrade]) -> Result<(), String> {
    for (from, step) in (schema..).zip(steps) {
        step(value).map_err(|why| format!("from schema {from} to {}: {why}", from + 1))?;
    }
    Ok(())
}

/// What is wrong with the text, and at which path. It is read a second time for
/// that.
fn place(json: &str) -> String {
    let mut text = serde_json::Deserializer::from_str(json);
    match serde_path_to_error::deserialize::<_, Facts>(&mut text) {
        Err(error) => format!("{}: {}", error.path(), what(error.inner())),
        Ok(_) => match text.end() {
            Err(error) => what(&error),
            Ok(()) => "not read, and for no reason".to_owned(),
        },
    }
}

/// The kind of an error and where it is. What serde quotes is left out, but for
/// the names of our own fields.
fn what(error: &serde_json::Error) -> String {
    /// How serde begins when it tells something that does not fit.
    const KINDS: [&str; 5] = [
        "invalid type",
        "invalid value",
        "invalid length",
        "unknown variant",
        "duplicate field",
    ];
    let words = error.to_string();
    let kind = match words.strip_prefix("missing field `") {
        Some(rest) => format!("missing field {}", rest.split('`').next().unwrap_or("")),
        None if error.is_data() => KINDS
            .into_iter()
            .find(|kind| words.starts_with(kind))
            .unwrap_or("invalid data")
            .to_owned(),
        None if error.is_eof() => "it ends too early".to_owned(),
        None => "no JSON".to_owned(),
    };
    match error.line() {
        // Of a value that was read already, only the kind is known.
        0 => kind,
        line => format!("{kind} at line {line} column {}", error.column()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text() -> String {
        serde_json::to_string(&Facts {
            schema: SCHEMA,
            bot: "bot[bot]".into(),
            ..Facts::default()
        })
        .unwrap()
    }

    fn broken(schema: i64, json: &str) -> String {
        match read(schema, json) {
            Err(Unreadable::Broken { why }) => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_a_newer_version_wrote_is_not_read_even_if_it_could_be() {
        let known = i64::from(SCHEMA);
        assert_eq!(read(known, &text()).unwrap().bot, "bot[bot]");
        assert_eq!(
            read(known + 1, &text()),
            Err(Unreadable::Newer {
                found: known + 1,
                known
            })
        );
        for none in [0, -1, i64::MIN + 1] {
            assert!(broken(none, &text()).contains("no schema"));
        }
    }

    #[test]
    fn it_is_told_where_it_is_wrong_and_not_what_stands_there() {
        let known = i64::from(SCHEMA);
        let mut facts: Value = serde_json::from_str(&text()).unwrap();
        facts["lines"][""]["seen"]["branch"]["value"] = json!([{ "head": "hunter2" }]);
        let why = broken(known, &facts.to_string());
        assert!(why.contains("seen.branch.value"), "{why}");
        assert!(why.contains("invalid type at line 1 column"), "{why}");
        assert!(!why.contains("hunter2"), "{why}");

        let mut facts: Value = serde_json::from_str(&text()).unwrap();
        facts["said"] = json!([{ "state": "hunter2" }]);
        let why = broken(known, &facts.to_string());
        assert!(why.contains("said[0].state: unknown variant"), "{why}");
        assert!(!why.contains("hunter2"), "{why}");

        assert!(broken(known, "{}").contains("missing field schema"));
        assert!(broken(known, &text()[..40]).contains("ends too early"));
        assert!(broken(known, &format!("{} hunter2", text())).contains("no JSON"));
    }

    #[test]
    fn a_field_that_is_not_known_is_passed_over_within_the_schema() {
        let mut facts: Value = serde_json::from_str(&text()).unwrap();
        facts["later"] = json!(true);
        assert!(read(i64::from(SCHEMA), &facts.to_string()).is_ok());
    }

    #[test]
    fn upgrades_run_in_order_from_where_the_facts_are() {
        let table: [Upgrade; 3] = [
            |v| note(v, "1→2"),
            |v| note(v, "2→3"),
            |v| match v["stop"] {
                Value::Null => note(v, "3→4"),
                _ => Err("line.stop".to_owned()),
            },
        ];
        fn note(value: &mut Value, step: &str) -> Result<(), String> {
            let done = value["done"].as_str().unwrap_or_default().to_owned();
            value["done"] = json!(format!("{done} {step}"));
            Ok(())
        }
        for (schema, done) in [(1, " 1→2 2→3 3→4"), (2, " 2→3 3→4"), (3, " 3→4")] {
            let mut value = json!({});
            go(&mut value, schema, steps(&table, schema).unwrap()).unwrap();
            assert_eq!(value["done"], done);
        }
        assert!(steps(&table, 4).unwrap().is_empty(), "it is there");
        assert!(steps(&table, 5).is_err() && steps(&table, 0).is_err());

        let mut value = json!({ "stop": 1 });
        let why = go(&mut value, 2, &table[1..]).unwrap_err();
        assert_eq!(why, "from schema 3 to 4: line.stop");
    }
}
