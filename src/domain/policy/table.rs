//! The one table of keys: a row of a `section!` says a key's name, type,
//! default and meaning, and whether the bot acts on it. Reading, checks, what
//! is not carried out and the documented file come from the rows.

use std::collections::BTreeMap;
use std::fmt;

use super::findings::Findings;
use super::reader::Section;
use super::values::FromValue;

/// Whether this version of the bot acts on a key, and what it means where it
/// does not.
pub(super) enum Acted<T> {
    /// Whatever it says.
    Always,
    /// On these values alone: in words, and as a test of the table. What it would
    /// have held up nobody must take as passed.
    Only(&'static str, fn(&T) -> bool),
}

/// A key that says something else than its default, and that this version of
/// the bot does not act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idle {
    /// Its dotted path.
    pub key: String,
    /// The values that it would act on, as a phrase; none: there are none.
    pub only: Option<&'static str>,
    /// Whether it would have held up a release.
    pub gates: bool,
}

impl fmt::Display for Idle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Idle { key, only, .. } = self;
        match only {
            Some(only) => write!(f, "{key} is set; this version acts on {only} only"),
            None => write!(f, "{key} is set; this version does not act on it yet"),
        }
    }
}

impl<T> Acted<T> {
    /// Whether what the table says is acted on.
    pub(super) fn is_on(&self, table: &T) -> bool {
        match self {
            Acted::Always => true,
            Acted::Only(_, values) => values(table),
        }
    }

    /// What is said of it where it is documented; nothing where it is acted on.
    pub(super) fn note(&self) -> String {
        match self {
            Acted::Always => String::new(),
            Acted::Only(only, ..) => format!(" (Carried out: {only} only.)"),
        }
    }

    /// Whether it would have held up a release.
    pub(super) fn gates(&self) -> bool {
        matches!(self, Acted::Only(..))
    }

    /// Notes an idle key, once: several tables of a list may hold it.
    pub(super) fn list(&self, key: String, into: &mut Vec<Idle>) {
        if !into.iter().any(|idle| idle.key == key) {
            let only = match self {
                Acted::Only(words, ..) => Some(*words),
                Acted::Always => None,
            };
            let gates = self.gates();
            into.push(Idle { key, only, gates });
        }
    }
}

/// What a row says, where it says it.
pub(super) fn acted<T, const N: usize>(said: [Acted<T>; N]) -> Acted<T> {
    said.into_iter().next().unwrap_or(Acted::Always)
}

/// What stands at a key: a value, a table, or a list of tables.
pub(super) trait Setting {
    /// Reads it; where it is wrong, what was there before stays.
    fn read(&mut self, key: &'static str, from: &mut Section<'_, '_>);

    /// Names what is wrong in a table, and writes in one way what may be
    /// written in several. A value alone was checked when it was read.
    fn check(&mut self, _key: &str, _find: &mut Findings<'_, '_>) {}

    /// The keys below it that differ from their default and are not acted on.
    fn idle(&self, _path: &str, __into: &mut Vec<Idle>) {}

    /// What it takes, as a JSON schema.
    fn shape() -> serde_json::Value;

    /// The rows below it.
    #[cfg(test)]
    fn rows(_path: &str, _into: &mut Vec<Row>) {}
}

/// A table of the file: the rows of a `section!`.
pub(super) trait Table: Default {
    fn read_keys(&mut self, from: &mut Section<'_, '_>);
    fn check_keys(&mut self, find: &mut Findings<'_, '_>);
    fn idle_keys(&self, path: &str, into: &mut Vec<Idle>);
    fn keys_shape() -> serde_json::Value;
    #[cfg(test)]
    fn all_rows(path: &str, into: &mut Vec<Row>);
}

/// A row, as the tests and the documented file see it.
#[cfg(test)]
pub(super) struct Row {
    pub path: String,
    pub meaning: &'static str,
    /// Another value than the default, as TOML; empty where tables stand.
    pub example: &'static str,
    /// None: always. Else the values that are acted on.
    pub only: Option<&'static str>,
    /// Whether it would have held up a release where it is not acted on.
    pub gates: bool,
}

impl<T: FromValue> Setting for T {
    fn read(&mut self, key: &'static str, from: &mut Section<'_, '_>) {
        from.value(key, self);
    }
    fn shape() -> serde_json::Value {
        <T as FromValue>::shape()
    }
}

impl<T: FromValue + Default> Setting for Option<T> {
    fn read(&mut self, key: &'static str, from: &mut Section<'_, '_>) {
        from.optional(key, self);
    }
    fn shape() -> serde_json::Value {
        <T as FromValue>::shape()
    }
}

impl Setting for BTreeMap<String, String> {
    fn read(&mut self, key: &'static str, from: &mut Section<'_, '_>) {
        from.strings(key, self);
    }
    fn shape() -> serde_json::Value {
        serde_json::json!({
            "type": "object",
            "additionalProperties": <String as FromValue>::shape(),
        })
    }
}

/// What a key takes, with what it means and its default; tables have no default
/// of their own.
pub(super) fn described(
    mut shape: serde_json::Value,
    meaning: &str,
    default: Option<&serde_json::Value>,
) -> serde_json::Value {
    if let Some(shape) = shape.as_object_mut() {
        let words: Vec<&str> = meaning.split_whitespace().collect();
        shape.insert("description".to_owned(), words.join(" ").into());
        if let Some(default) = default.filter(|it| !it.is_object() && !it.is_null()) {
            shape.insert("default".to_owned(), default.clone());
        }
    }
    shape
}

/// Declares a table of the file. A row is
/// `key: Type = default, "another value, as an example", Acted;`, with
/// `key (required)` where it must be there, and without example and [`Acted`]
/// where a table or a list of tables stands. `[name]` behind the table's name
/// is a method of its own that checks its keys together.
macro_rules! section {
    ($(#[$meta:meta])* $name:ident $([$check:ident])? {
        $($(#[doc = $doc:literal])+ $(#[serde($($serde:tt)+)])?
        $key:ident $(($required:ident))?: $type:ty = $default:expr $(, $example:literal, $acted:expr)?;)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            $($(#[doc = $doc])+ $(#[serde($($serde)+)])? pub $key: $type,)*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($key: $default,)* }
            }
        }

        const _: () = {
            use $crate::domain::policy::findings::Findings;
            use $crate::domain::policy::reader::{Section, join};
            use $crate::domain::policy::table::*;

            impl Table for $name {
                fn read_keys(&mut self, from: &mut Section<'_, '_>) {
                    $(
                        self.$key.read(stringify!($key), from);
                        $(from.$required(stringify!($key));)?
                    )*
                }
                fn check_keys(&mut self, find: &mut Findings<'_, '_>) {
                    $(self.$key.check(stringify!($key), find);)*
                    $(self.$check(find);)?
                }
                fn idle_keys(&self, path: &str, into: &mut Vec<Idle>) {
                    let default = Self::default();
                    $({
                        let acted = acted::<Self, _>([$($acted)?]);
                        let path = join(path, stringify!($key));
                        let set = self.$key != default.$key
                            ;
                        if set && !acted.is_on(self) {
                            acted.list(path, into);
                        } else {
                            self.$key.idle(&path, into);
                        }
                    })*
                }
                fn keys_shape() -> serde_json::Value {
                    let default = serde_json::to_value(Self::default()).unwrap_or_default();
                    let mut keys = serde_json::Map::new();
                    $({
                        let acted = acted::<Self, _>([$($acted)?]);
                        let meaning = concat!($($doc),+).to_owned() + &acted.note();
                        let shape = <$type as Setting>::shape();
                        let key = stringify!($key);
                        let shape = described(shape, &meaning, default.get(key));
                        keys.insert(key.to_owned(), shape);
                    })*
                    let required: &[&str] = &[$($(required!($required $key),)?)*];
                    let mut shape = serde_json::json!({
                        "type": "object",
                        "properties": keys,
                        "additionalProperties": false,
                    });
                    if let (false, Some(shape)) = (required.is_empty(), shape.as_object_mut()) {
                        shape.insert("required".to_owned(), required.into());
                    }
                    shape
                }
                #[cfg(test)]
                fn all_rows(path: &str, into: &mut Vec<Row>) {
                    $({
                        let path = join(path, stringify!($key));
                        into.push(Row {
                            path: path.clone(),
                            meaning: concat!($($doc),+).trim(),
                            example: [$($example,)? ""][0],
                            only: match acted::<Self, _>([$($acted)?]) {
                                Acted::Always => None,
                                Acted::Only(words, ..) => Some(words),
                            },
                            gates: match acted::<Self, _>([$($acted)?]) {
                                Acted::Always => false,
                                Acted::Only(..) => true,
                            },
                        });
                        <$type as Setting>::rows(&path, into);
                    })*
                }
            }

            impl Setting for $name {
                fn read(&mut self, key: &'static str, from: &mut Section<'_, '_>) {
                    from.section(key, |keys| self.read_keys(keys));
                }
                fn check(&mut self, key: &str, find: &mut Findings<'_, '_>) {
                    self.check_keys(&mut find.below(key));
                }
                fn idle(&self, path: &str, into: &mut Vec<Idle>) {
                    self.idle_keys(path, into);
                }
                fn shape() -> serde_json::Value {
                    Self::keys_shape()
                }
                #[cfg(test)]
                fn rows(path: &str, into: &mut Vec<Row>) {
                    Self::all_rows(path, into);
                }
            }

            impl Setting for Vec<$name> {
                fn read(&mut self, key: &'static str, from: &mut Section<'_, '_>) {
                    from.tables(key, self, $name::read_keys);
                }
                fn check(&mut self, key: &str, find: &mut Findings<'_, '_>) {
                    for (at, one) in self.iter_mut().enumerate() {
                        one.check_keys(&mut find.below(&format!("{key}.{at}")));
                    }
                }
                fn idle(&self, path: &str, into: &mut Vec<Idle>) {
                    self.iter().for_each(|one| one.idle_keys(path, into));
                }
                fn shape() -> serde_json::Value {
                    serde_json::json!({ "type": "array", "items": $name::keys_shape() })
                }
                #[cfg(test)]
                fn rows(path: &str, into: &mut Vec<Row>) {
                    $name::all_rows(path, into);
                }
            }
        };
    };
}
/// The name of a key that must be there.
macro_rules! required {
    (required $key:ident) => {
        stringify!($key)
    };
}
pub(super) use required;
pub(super) use section;
