//! Reads TOML key by key, so that every error is found at once and each has
//! its place.

use std::collections::BTreeMap;
use std::ops::Range;

use toml_edit::{Item, TableLike, Value};

use super::error::ConfigError;
use super::values::{FromValue, Wrong, strings};
use crate::domain::nearest::nearest;

/// What reading has found so far.
pub(super) struct Reader<'a> {
    text: &'a str,
    pub(super) errors: Vec<ConfigError>,
    /// Where each key's value stands, by its dotted path.
    places: BTreeMap<String, Range<usize>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            errors: Vec::new(),
            places: BTreeMap::new(),
        }
    }

    /// The place of a key that was written, or of the table that it belongs to.
    pub(super) fn place(&self, path: &str) -> Range<usize> {
        let mut path = path;
        loop {
            if let Some(place) = self.places.get(path) {
                return place.clone();
            }
            match path.rsplit_once('.') {
                Some((parent, _)) => path = parent,
                None => return 0..0,
            }
        }
    }

    /// Whether the key is written.
    pub(super) fn has(&self, path: &str) -> bool {
        self.places.contains_key(path)
    }

    pub(super) fn error(&mut self, span: Range<usize>, message: String, hint: Option<String>) {
        self.errors
            .push(ConfigError::new(self.text, span, message, hint));
    }

    /// Reads a table key by key and names the keys that nobody asked for.
    pub(super) fn table(
        &mut self,
        path: &str,
        table: &dyn TableLike,
        read: impl FnOnce(&mut Section<'_, 'a>),
    ) {
        let mut section = Section {
            reader: self,
            table,
            path,
            known: Vec::new(),
        };
        read(&mut section);
        section.finish();
    }
}

/// One table of the file.
pub(super) struct Section<'r, 'a> {
    reader: &'r mut Reader<'a>,
    table: &'r dyn TableLike,
    path: &'r str,
    known: Vec<&'static str>,
}

impl<'a> Section<'_, 'a> {
    fn path_of(&self, key: &str) -> String {
        join(self.path, key)
    }

    /// Notes the key as known, and its place if it is there.
    fn find(&mut self, key: &'static str) -> Option<&Item> {
        self.known.push(key);
        let item = self.table.get(key)?;
        let key_span = self.table.key(key).and_then(|k| k.span());
        let span = item.span().or(key_span).unwrap_or(0..0);
        self.reader.places.insert(self.path_of(key), span);
        Some(item)
    }

    fn refuse(&mut self, path: &str, wrong: Vec<Wrong>) {
        for one in wrong {
            let span = one.span.unwrap_or_else(|| self.reader.place(path));
            let message = format!("{path}: {}", one.message);
            self.reader.error(span, message, one.hint);
        }
    }

    /// Reads a key into its place; where it is wrong, the default stays.
    pub(super) fn value<T: FromValue>(&mut self, key: &'static str, into: &mut T) {
        let path = self.path_of(key);
        let read = match self.find(key) {
            None => return,
            Some(Item::Value(value)) => T::from_value(value),
            Some(_) => Err(vec![Wrong {
                span: None,
                message: format!("expected {}, found a table", T::expected()),
                hint: None,
            }]),
        };
        match read {
            Ok(value) => *into = value,
            Err(wrong) => self.refuse(&path, wrong),
        }
    }

    /// Reads a key that may be absent.
    pub(super) fn optional<T: FromValue + Default>(
        &mut self,
        key: &'static str,
        into: &mut Option<T>,
    ) {
        let mut value = T::default();
        let before = self.reader.errors.len();
        self.value(key, &mut value);
        if self.table.contains_key(key) && self.reader.errors.len() == before {
            *into = Some(value);
        }
    }

    /// Says that a key must be there.
    pub(super) fn required(&mut self, key: &'static str) {
        if !self.table.contains_key(key) {
            let message = format!("{} needs the key `{key}`", self.path);
            let span = self.reader.place(self.path);
            self.reader.error(span, message, None);
        }
    }

    /// Reads a table of names and strings.
    pub(super) fn strings(&mut self, key: &'static str, into: &mut BTreeMap<String, String>) {
        let path = self.path_of(key);
        let Some(item) = self.find(key) else { return };
        let read = match item.as_table_like() {
            Some(table) => strings(table),
            None => Err(vec![Wrong {
                span: item.span(),
                message: "expected a table of names and strings".to_owned(),
                hint: None,
            }]),
        };
        match read {
            Ok(value) => *into = value,
            Err(wrong) => self.refuse(&path, wrong),
        }
    }

    /// Reads a table below this one.
    pub(super) fn section(&mut self, key: &'static str, read: impl FnOnce(&mut Section<'_, 'a>)) {
        let path = self.path_of(key);
        let table = self.table;
        if self.find(key).is_none() {
            return;
        }
        match table.get(key).and_then(Item::as_table_like) {
            Some(inner) => self.reader.table(&path, inner, read),
            None => {
                let span = self.reader.place(&path);
                let message = format!("{path}: expected a section `[{path}]`");
                self.reader.error(span, message, None);
            }
        }
    }

    /// Reads a list of tables, written either way.
    pub(super) fn tables<T: Default>(
        &mut self,
        key: &'static str,
        into: &mut Vec<T>,
        read: impl Fn(&mut T, &mut Section<'_, 'a>),
    ) {
        let path = self.path_of(key);
        let table = self.table;
        if self.find(key).is_none() {
            return;
        }
        let mut all: Vec<(Range<usize>, &dyn TableLike)> = Vec::new();
        let place = self.reader.place(&path);
        let mut wrong = Vec::new();
        match table.get(key) {
            Some(Item::ArrayOfTables(tables)) => {
                all.extend(tables.iter().map(|t| {
                    let span = t.span().unwrap_or_else(|| place.clone());
                    (span, t as &dyn TableLike)
                }));
            }
            Some(Item::Value(Value::Array(array))) => {
                for value in array.iter() {
                    match value {
                        Value::InlineTable(t) => {
                            all.push((t.span().unwrap_or_else(|| place.clone()), t));
                        }
                        other => wrong.push(Wrong::kind(other, "a table such as { … }")),
                    }
                }
            }
            _ => wrong.push(Wrong {
                span: Some(place.clone()),
                message: format!("expected a list of tables `[[{path}]]`"),
                hint: None,
            }),
        }
        self.refuse(&path, wrong);
        into.clear();
        for (at, (span, inner)) in all.into_iter().enumerate() {
            let path = format!("{path}.{at}");
            self.reader.places.insert(path.clone(), span);
            let mut one = T::default();
            self.reader
                .table(&path, inner, |section| read(&mut one, section));
            into.push(one);
        }
    }

    fn finish(self) {
        for (key, item) in self.table.iter() {
            if self.known.contains(&key) {
                continue;
            }
            let span = self.table.key(key).and_then(|k| k.span());
            let span = span.or_else(|| item.span());
            let hint = nearest(key, self.known.iter().copied()).map_or_else(
                || format!("known here: {}", self.known.join(", ")),
                |name| format!("did you mean `{name}`?"),
            );
            let span = span.unwrap_or_else(|| self.reader.place(self.path));
            let message = format!("unknown key `{}`", self.path_of(key));
            self.reader.error(span, message, Some(hint));
        }
    }
}

/// The dotted path of a key.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}
