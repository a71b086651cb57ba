//! Two states that differ in nothing but when things happened, and in how often
//! something was read, are one.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

use serde_json::Value;

/// Moments begin here; no other number is as large.
pub const START: i64 = 1_700_000_000_000;

/// Names of fields that say nothing about what comes next.
const IDLE: [&str; 6] = ["hash", "url", "writes", "now", "notices", "facts_hash"];

/// Hashes JSON with the order of moments in place of the moments.
pub fn hash(values: &[Value], into: &mut impl Hasher) {
    let mut moments = BTreeSet::new();
    values.iter().for_each(|value| collect(value, &mut moments));
    let ranks: BTreeMap<i64, usize> = moments.into_iter().zip(0..).collect();
    values.iter().for_each(|value| feed(value, &ranks, into));
}

fn moment(value: &Value) -> Option<i64> {
    value.as_i64().filter(|number| *number >= START)
}

fn collect(value: &Value, into: &mut BTreeSet<i64>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| !IDLE.contains(&name.as_str()))
            .for_each(|(_, field)| collect(field, into)),
        number => into.extend(moment(number)),
    }
}

fn feed(value: &Value, ranks: &BTreeMap<i64, usize>, into: &mut impl Hasher) {
    match value {
        Value::Null => 0_u8.hash(into),
        Value::Bool(it) => (1_u8, it).hash(into),
        Value::Number(number) => match moment(value) {
            Some(at) => (2_u8, ranks.get(&at)).hash(into),
            None => (3_u8, number.to_string()).hash(into),
        },
        Value::String(text) => (4_u8, text).hash(into),
        Value::Array(items) => {
            (5_u8, items.len()).hash(into);
            items.iter().for_each(|item| feed(item, ranks, into));
        }
        Value::Object(fields) => {
            let count = |name: &str| fields.get(name).and_then(Value::as_u64);
            let unanswered = count("dirty").zip(count("answered"));
            (
                6_u8,
                fields.len(),
                unanswered.map(|(d, a)| d.saturating_sub(a)),
            )
                .hash(into);
            for (name, field) in fields {
                let counts = unanswered.is_some() && matches!(name.as_str(), "dirty" | "answered");
                if !counts && !IDLE.contains(&name.as_str()) {
                    name.hash(into);
                    feed(field, ranks, into);
                }
            }
        }
    }
}
