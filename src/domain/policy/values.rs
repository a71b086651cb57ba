//! What a key may hold: from a TOML value to a type of ours, or to words that
//! say what was expected.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::json;
use toml_edit::{Item, TableLike, Value};

use super::kinds::{AUTO, AutoOr, Word, one_of};
use super::period::{self, Period};
use crate::domain::nearest::nearest;
use crate::domain::role::Role;
use crate::ecosystem::{Changelogs, Ecosystems, Kind};

/// A value that is not what the key takes.
pub(super) struct Wrong {
    /// Where, if the parser knows.
    pub(super) span: Option<Range<usize>>,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Wrong {
    pub(super) fn at(value: &Value, message: String) -> Self {
        Self {
            span: value.span(),
            message,
            hint: None,
        }
    }

    /// The wrong type.
    pub(super) fn kind(value: &Value, expected: &str) -> Self {
        Self::at(
            value,
            format!("expected {expected}, found {}", kind_name(value)),
        )
    }
}

fn kind_name(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a string",
        Value::Integer(_) => "a number",
        Value::Float(_) => "a number with a fraction",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::InlineTable(_) => "a table",
    }
}

/// What a key may hold.
pub(super) trait FromValue: Sized {
    /// Whether it is written as a list.
    const TAKES_LISTS: bool = false;
    /// What is expected, as a phrase.
    fn expected() -> String;
    /// The same as a JSON schema.
    fn shape() -> serde_json::Value;
    /// Reads it; every part that is wrong is an error of its own.
    fn from_value(value: &Value) -> Result<Self, Vec<Wrong>>;
}

impl FromValue for String {
    fn expected() -> String {
        "a string".to_owned()
    }
    fn shape() -> serde_json::Value {
        json!({ "type": "string" })
    }
    fn from_value(value: &Value) -> Result<Self, Vec<Wrong>> {
        match value {
            Value::String(text) => Ok(text.value().clone()),
            other => Err(vec![Wrong::kind(other, &Self::expected())]),
        }
    }
}

impl FromValue for bool {
    fn expected() -> String {
        "true or false".to_owned()
    }
    fn shape() -> serde_json::Value {
        json!({ "type": "boolean" })
    }
    fn from_value(value: &Value) -> Result<Self, Vec<Wrong>> {
        value
            .as_bool()
            .ok_or_else(|| vec![Wrong::kind(value, &Self::expected())])
    }
}

/// Whole numbers from 0 to `most`.
fn whole<T: TryFrom<i64>>(value: &Value, most: i64, expected: &str) -> Result<T, Vec<Wrong>> {
    let Some(number) = value.as_integer() else {
        return Err(vec![Wrong::kind(value, expected)]);
    };
    let fits = T::try_from(number).ok().filter(|_| number <= most);
    fits.ok_or_else(|| {
        let message = format!("expected {expected}, found {number}");
        vec![Wrong::at(value, message)]
    })
}

impl FromValue for u32 {
    fn expected() -> String {
        "a whole number".to_owned()
    }
    fn shape() -> serde_json::Value {
        json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX })
    }
    fn from_value(value: &Value) -> Result<Self, Vec<Wrong>> {
        whole(value, i64::MAX, &Self::expected())
    }
}

/// A share, in percent.
impl FromValue for u8 {
    fn expected() -> String {
        "a whole number from 0 to 100".to_owned()
    }
    fn shape() -> serde_json::Value {
        json!({ "type": "integer", "minimum": 0, "maximum": 100 })
    }
    fn from_value(value: &Value) -> Result<Self, Vec<Wrong>> {
        whole(value, 100, &Self::expected())
    }
}

impl FromValue for Role {
    fn expected() -> String {
        let names: Vec<_> = Role::ALL.iter().map(|role| role.name()).collect();
        one_of(&names)
    }
    fn shape() -> serde_json::Value {
        let names: Vec<_> = Role::ALL.iter().map(|role| role.name()).collect();
        json!({ "enum": names })
    }
    fn from_value(value: &Value) -> Result<Self, Vec<Wrong>> {
        let Some(name) = value.as_str() else {
            return Err(vec![Wrong::kind(value, "the name of a role")]);
        };
        Role::from_name(name).ok_or_else(|| {
            let names = Role::ALL.iter().map(|role| role.name());
            vec![wrong_word(value, name, &Self::expected(), names)]
        })
    }
}

fn wrong_word<'a>(
    value: &Value,
    found: &str,
    expected: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Wrong {
    Wrong {
        span: value.span(),
        message: format!("{expected}, found \"{found}\""),
        hint: nearest(found, candidates).map(|name| format!("did you mean \"{name}\"?")),
    }
}

/// Everything that is written as one word.
impl<T: Word> FromValue for T {
    fn expected() -> String {
        one_of(&T::words())
    }
    fn shape() -> serde_json::Value {
        match T::PATTERN {
            None => json!({ "enum": T::words() }),
            Some(pattern) => json!({ "anyOf": [
                { "enum": T::words() },
                { "type": "string", "pattern": pattern },
            ] }),
        }
    }
    fn from_value(value: &Value) -> Result<Self, Vec<Wrong>> {
        let Some(found) = value.as_str() else {
            return Err(vec![Wrong::kind(value, "a string")]);
        };
        T::from_word(found)
            .map_err(|expected| vec![wrong_word(value, found, &expected, T::words())])
    }
}

impl FromValue for Period {
    fn expected() -> String {
        period::EXPECTED.to_owned()
    }
    fn shape() -> serde_json::Value {
        json!({ "type": "string", "minLength": 2, "pattern": period::PATTERN })
    }
    fn from_value(value: &Value) -> Result<Self, Vec<Wrong>> {
        let Some(found) = value.as_str() else {
            return Err(vec![Wrong::kind(value, period::EXPECTED)]);
        };
        found
            .parse()
            .map_err(|expected: String| vec![wrong_word(value, found, &expected, [])])
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    const TAKES_LISTS: bool = true;

    fn expected() -> String {
        format!("a list, each {}", T::expected())
    }
    fn shape() -> serde_json::Value {
        json!({ "type": "array", "items": T::shape() })
    }
    fn from_value(value: &Value) -> Result<Self, Vec<Wrong>> {
        let Some(array) = value.as_array() else {
            return Err(vec![Wrong::kind(value, "a list such as [\"…\"]")]);
        };
        let mut all = Vec::new();
        let mut wrong = Vec::new();
        let mut known: Vec<&str> = Vec::new();
        for element in array.iter() {
            // What says nothing means nothing, or everything.
            let text = element.as_str();
            match text {
                Some(text) if text.trim().is_empty() => {
                    wrong.push(Wrong::at(element, "must say something".to_owned()));
                    continue;
                }
                Some(text) if known.contains(&text) => {
                    wrong.push(Wrong::at(element, format!("\"{text}\" is listed twice")));
                    continue;
                }
                _ => known.extend(text),
            }
            match T::from_value(element) {
                Ok(one) => all.push(one),
                Err(errors) => wrong.extend(errors),
            }
        }
        if wrong.is_empty() {
            Ok(all)
        } else {
            Err(wrong)
        }
    }
}

impl<T: FromValue> FromValue for AutoOr<T> {
    fn expected() -> String {
        format!("\"auto\" or {}", T::expected())
    }
    fn shape() -> serde_json::Value {
        json!({ "anyOf": [{ "const": "auto" }, T::shape()] })
    }
    fn from_value(value: &Value) -> Result<Self, Vec<Wrong>> {
        match value.as_str() {
            Some("auto") => Ok(AutoOr::Auto),
            Some(found) => {
                let expected = format!("expected {}", Self::expected());
                Err(vec![wrong_word(value, found, &expected, ["auto"])])
            }
            // A list says by itself which of its elements is wrong.
            None if value.is_array() && T::TAKES_LISTS => T::from_value(value).map(AutoOr::Is),
            None => T::from_value(value)
                .map(AutoOr::Is)
                .map_err(|_| vec![Wrong::kind(value, &Self::expected())]),
        }
    }
}

impl FromValue for Changelogs {
    fn expected() -> String {
        "\"auto\", a path, or a list of paths".to_owned()
    }
    fn shape() -> serde_json::Value {
        json!({ "anyOf": [String::shape(), Vec::<String>::shape()] })
    }
    fn from_value(value: &Value) -> Result<Self, Vec<Wrong>> {
        match value {
            Value::String(word) => Ok(word.value().as_str().into()),
            Value::Array(_) => Vec::from_value(value).map(Changelogs::Files),
            other => Err(vec![Wrong::kind(other, &Self::expected())]),
        }
    }
}

impl Word for Kind {
    fn from_word(word: &str) -> Result<Self, String> {
        Kind::from_word(word).ok_or_else(|| one_of(&Self::words()))
    }
    fn to_word(&self) -> String {
        self.word().to_owned()
    }
    fn words() -> Vec<&'static str> {
        Kind::ALL.iter().map(|kind| kind.word()).collect()
    }
}

/// The words for a single kind, and for what is found out.
fn ecosystems() -> Vec<&'static str> {
    std::iter::once(AUTO).chain(Kind::words()).collect()
}

impl FromValue for Ecosystems {
    fn expected() -> String {
        format!("{}, or a list of kinds", one_of(&ecosystems()))
    }
    fn shape() -> serde_json::Value {
        json!({ "anyOf": [
            { "enum": ecosystems() },
            { "type": "array", "items": Kind::shape(), "minItems": 1 },
        ] })
    }
    fn from_value(value: &Value) -> Result<Self, Vec<Wrong>> {
        match value {
            Value::String(word) if word.value() == AUTO => Ok(Ecosystems::Auto),
            Value::String(word) => match Kind::from_word(word.value()) {
                Some(kind) => Ok(Ecosystems::Of(vec![kind])),
                None => Err(vec![wrong_word(
                    value,
                    word.value(),
                    &one_of(&ecosystems()),
                    ecosystems(),
                )]),
            },
            Value::Array(all) if all.is_empty() => Err(vec![Wrong::at(
                value,
                "must name a kind, or be \"auto\"".to_owned(),
            )]),
            Value::Array(_) => Vec::from_value(value).map(Ecosystems::Of),
            other => Err(vec![Wrong::kind(other, "a kind, or a list of kinds")]),
        }
    }
}

/// A table of names and strings.
pub(super) fn strings(table: &dyn TableLike) -> Result<BTreeMap<String, String>, Vec<Wrong>> {
    let mut all = BTreeMap::new();
    let mut wrong = Vec::new();
    for (key, item) in table.iter() {
        match item {
            Item::Value(value) => match String::from_value(value) {
                Ok(text) => {
                    all.insert(key.to_owned(), text);
                }
                Err(errors) => wrong.extend(errors),
            },
            other => wrong.push(Wrong {
                span: other
                    .span()
                    .or_else(|| table.key(key).and_then(|k| k.span())),
                message: "expected a string, found a table".to_owned(),
                hint: None,
            }),
        }
    }
    if wrong.is_empty() {
        Ok(all)
    } else {
        Err(wrong)
    }
}
