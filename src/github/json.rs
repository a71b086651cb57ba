//! Reading GitHub's JSON tolerantly: few fields, `null` as absent.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::clock::Millis;

/// Decodes after taking out every `null`, so that `#[serde(default)]` covers
/// both a missing and an empty field; GitHub uses them alike.
pub(super) fn decode<T: DeserializeOwned>(mut value: Value) -> Result<T, serde_json::Error> {
    strip_nulls(&mut value);
    serde_json::from_value(value)
}

/// Decodes what a delivery holds, where anything may be missing: over the
/// type's own default.
pub(super) fn decode_loosely<T>(value: Value) -> Result<T, serde_json::Error>
where
    T: DeserializeOwned + Serialize + Default,
{
    let mut whole = serde_json::to_value(T::default())?;
    lay_over(&mut whole, value);
    decode(whole)
}

fn lay_over(below: &mut Value, above: Value) {
    match (below, above) {
        (_, Value::Null) => {}
        (Value::Object(below), Value::Object(above)) => {
            for (key, value) in above {
                match below.get_mut(&key) {
                    Some(there) => lay_over(there, value),
                    None => drop(below.insert(key, value)),
                }
            }
        }
        (below, above) => *below = above,
    }
}

fn strip_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, v| !v.is_null());
            map.values_mut().for_each(strip_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(strip_nulls),
        _ => {}
    }
}

/// The time as GitHub takes it; none where there is no such time.
pub fn format_time(at: Millis) -> Option<String> {
    let at = jiff::Timestamp::from_millisecond(at).ok()?;
    Some(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// Milliseconds since the epoch from GitHub's RFC 3339 text; `None` when it is
/// not a time.
pub fn parse_time(text: &str) -> Option<Millis> {
    text.parse::<jiff::Timestamp>()
        .ok()
        .map(|at| at.as_millisecond())
}

/// A moment as GitHub's queries take it, in whole seconds, rounded down; the
/// epoch where it is beyond the calendar.
pub fn time_text(at: Millis) -> String {
    jiff::Timestamp::from_second(at.div_euclid(1_000))
        .unwrap_or_default()
        .to_string()
}

/// Milliseconds since the epoch from the `Date` header's form
/// (`Sun, 06 Nov 1994 08:49:37 GMT`).
pub(super) fn parse_http_date(text: &str) -> Option<Millis> {
    jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(text)
        .ok()
        .map(|at| at.as_millisecond())
}

/// A time field: text as GitHub sends it, or our own milliseconds (from what
/// was serialized here). Anything else is no time rather than an error.
pub(super) fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Millis>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => parse_time(&text),
        Value::Number(ms) => ms.as_i64(),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_githubs_forms() {
        assert_eq!(time_text(1_468_275_250_999), "2016-07-11T22:14:10Z");
        assert_eq!(parse_time("2016-07-11T22:14:10Z"), Some(1_468_275_250_000));
        assert_eq!(
            parse_time("2011-04-14T16:00:49.123+02:00"),
            Some(1_302_789_649_123)
        );
        assert_eq!(parse_time("yesterday"), None);
        assert_eq!(
            parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"),
            Some(784_111_777_000)
        );
        assert_eq!(parse_http_date("today"), None);
    }

    #[test]
    fn null_is_as_good_as_missing() {
        #[derive(Deserialize, Default, PartialEq, Debug)]
        #[serde(default)]
        struct Thing {
            name: String,
            parts: Vec<Thing>,
        }
        let value = serde_json::json!({"name": null, "parts": [{"name": "a", "parts": null}]});
        let thing: Thing = decode(value).unwrap();
        assert_eq!(thing.parts[0].name, "a");
    }
}
