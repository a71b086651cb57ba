//! What follows a verb, and the ways to read it.

use super::error::{CommandError, Named};
use super::source::Source;
use super::words::without_full_stop;
use crate::domain::ids::AdvisoryId;
use crate::domain::item::Item;
use crate::domain::nearest::nearest;
use crate::domain::policy::Period;

/// As much more at once, milliseconds.
const MOST_TIME: i64 = 24 * 60 * 60 * 1_000;

/// What follows a verb: `key=value` apart from the rest.
pub(super) struct Arguments<V> {
    verb: V,
    keyed: Vec<(String, String)>,
    plain: std::vec::IntoIter<String>,
}

impl<V: Named> Arguments<V> {
    pub(super) fn read(verb: V, words: &[String]) -> Result<Self, CommandError<V>> {
        let keys = keys(verb.arguments());
        let mut keyed: Vec<(String, String)> = Vec::new();
        let mut plain = Vec::new();
        // The key that takes the words after it, and whether it has one already.
        let mut open: Option<(usize, bool)> = None;
        for word in words {
            if let Some((key, value)) = key_and_value(word) {
                if let Some((_, is_text)) = keys.iter().copied().find(|(k, _)| *k == key) {
                    if keyed.iter().any(|(k, _)| *k == key) {
                        return Err(CommandError::Twice { key });
                    }
                    open = (is_text || value.is_empty()).then_some((keyed.len(), is_text));
                    keyed.push((key, value.to_owned()));
                    continue;
                }
                if open.is_none() {
                    return Err(CommandError::UnknownKey {
                        verb,
                        similar: nearest(&key, keys.iter().map(|(key, _)| *key)).map(str::to_owned),
                        found: key,
                    });
                }
            }
            match open {
                Some((at, is_text)) => {
                    if let Some((_, value)) = keyed.get_mut(at) {
                        if !value.is_empty() {
                            value.push(' ');
                        }
                        value.push_str(word);
                    }
                    if !is_text {
                        open = None;
                    }
                }
                None => plain.push(word.clone()),
            }
        }
        Ok(Self {
            verb,
            keyed,
            plain: plain.into_iter(),
        })
    }

    /// The next word without a key.
    pub(super) fn next(&mut self) -> Option<String> {
        let word = self.plain.next()?;
        Some(without_full_stop(&word).to_owned())
    }

    /// The next word without a key, if it is like this.
    pub(super) fn next_if(&mut self, fits: fn(&str) -> bool) -> Option<String> {
        let word = self.plain.as_slice().first()?;
        if fits(without_full_stop(word)) {
            return self.next();
        }
        None
    }

    /// The next word without a key, which must be there.
    pub(super) fn some(&mut self, what: &str) -> Result<String, CommandError<V>> {
        self.next().ok_or_else(|| self.missing(what))
    }

    /// The beginning of a commit's hash, in lower case.
    pub(super) fn commit(&mut self, what: &str) -> Result<String, CommandError<V>> {
        let found = self.some(what)?;
        match is_hash(&found) {
            true => Ok(found.to_ascii_lowercase()),
            false => Err(CommandError::NotACommit { found }),
        }
    }

    /// Commits and pull requests, at least one.
    pub(super) fn sources(&mut self) -> Result<Vec<Source>, CommandError<V>> {
        let mut sources: Vec<Source> = Vec::new();
        while let Some(found) = self.next() {
            match Source::read(&found) {
                Some(source) if sources.contains(&source) => {}
                Some(source) => sources.push(source),
                None => return Err(CommandError::NotPickable { found }),
            }
        }
        match sources.is_empty() {
            true => Err(self.missing("a commit, or a pull request as `#n`")),
            false => Ok(sources),
        }
    }

    /// An issue of the repository, with its `#` or without.
    pub(super) fn issue(&mut self) -> Result<u64, CommandError<V>> {
        let what = "the other issue, as `#n`";
        let found = self.some(what)?;
        let number = without_full_stop(&found);
        let number = number.strip_prefix('#').unwrap_or(number);
        let is_number =
            (1..=9).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        let number = number.parse().ok().filter(|n| is_number && *n > 0);
        number.ok_or_else(|| self.missing(what))
    }

    /// How much more time, milliseconds.
    pub(super) fn time(&mut self) -> Result<i64, CommandError<V>> {
        let found = self.some("how much more, such as 30m")?;
        let time = found.parse::<Period>().ok().map(Period::millis);
        time.filter(|it| (1..=MOST_TIME).contains(it))
            .ok_or(CommandError::NotATime { found })
    }

    /// A person's login, without its `@`.
    pub(super) fn login(&mut self) -> Result<String, CommandError<V>> {
        let found = self.some("a person")?;
        let login = found.strip_prefix('@').unwrap_or(&found);
        let is_login = (1..=39).contains(&login.len())
            && login
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        match is_login {
            true => Ok(login.to_owned()),
            false => Err(CommandError::NotALogin { found }),
        }
    }

    /// The id of a security advisory.
    pub(super) fn advisory(&mut self) -> Result<AdvisoryId, CommandError<V>> {
        let found = self.some("the advisory, as GHSA-xxxx-xxxx-xxxx")?;
        AdvisoryId::read(&found).ok_or(CommandError::NotAnAdvisory { found })
    }

    fn take(&mut self, key: &str) -> Option<String> {
        let at = self.keyed.iter().position(|(k, _)| k == key)?;
        Some(self.keyed.remove(at).1)
    }

    /// The value of a text key; an empty one counts as not given.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        self.take(key)
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    }

    /// The value of a text key or, where it is left out, the words that are left.
    pub(super) fn text_or_rest(&mut self, key: &str) -> Option<String> {
        let keyed = self.text(key);
        if keyed.is_some() {
            return keyed;
        }
        let rest: Vec<String> = self.plain.by_ref().collect();
        (!rest.is_empty()).then(|| rest.join(" "))
    }

    /// The reason, which must be there.
    pub(super) fn reason(&mut self) -> Result<String, CommandError<V>> {
        self.text_or_rest("reason")
            .ok_or_else(|| self.missing("a reason"))
    }

    /// The name of an item of the checklist, which must be there.
    pub(super) fn item(&mut self) -> Result<Item, CommandError<V>> {
        let found = self.some("the name of an item")?;
        Item::from_name(&found).ok_or_else(|| CommandError::UnknownItem {
            similar: nearest(&found, Item::ALL.iter().map(|item| item.name()))
                .and_then(Item::from_name),
            found,
        })
    }

    pub(super) fn one_of<T: Copy>(
        &mut self,
        key: &str,
        all: &[T],
        word: fn(T) -> &'static str,
    ) -> Result<Option<T>, CommandError<V>> {
        let Some(found) = self.take(key) else {
            return Ok(None);
        };
        let written = without_full_stop(&found)
            .to_ascii_lowercase()
            .replace('_', "-");
        match all.iter().copied().find(|value| word(*value) == written) {
            Some(value) => Ok(Some(value)),
            None => {
                let words: Vec<_> = all.iter().copied().map(word).collect();
                Err(CommandError::WrongValue {
                    key: key.to_owned(),
                    similar: nearest(&written, words.iter().copied()).map(str::to_owned),
                    expected: format!("one of {}", words.join(", ")),
                    found,
                })
            }
        }
    }

    /// The next word without a key, which must be one of these.
    pub(super) fn word_of<T: Copy>(
        &mut self,
        what: &str,
        all: &[T],
        word: fn(T) -> &'static str,
    ) -> Result<T, CommandError<V>> {
        let Some(found) = self.next() else {
            return Err(self.missing(what));
        };
        let written = found.to_ascii_lowercase().replace('_', "-");
        let words: Vec<_> = all.iter().copied().map(word).collect();
        let is = all.iter().copied().find(|value| word(*value) == written);
        is.ok_or_else(|| CommandError::NotAmong {
            similar: nearest(&written, words.iter().copied()).map(str::to_owned),
            expected: words.join(", "),
            found,
        })
    }

    pub(super) fn yes_or_no(&mut self, key: &str) -> Result<Option<bool>, CommandError<V>> {
        let Some(found) = self.take(key) else {
            return Ok(None);
        };
        match without_full_stop(&found).to_ascii_lowercase().as_str() {
            "yes" | "y" | "true" => Ok(Some(true)),
            "no" | "n" | "false" | "none" => Ok(Some(false)),
            _ => Err(CommandError::WrongValue {
                key: key.to_owned(),
                found,
                expected: "yes or no".to_owned(),
                similar: None,
            }),
        }
    }

    pub(super) fn percent(&mut self, key: &str) -> Result<Option<u8>, CommandError<V>> {
        let Some(found) = self.take(key) else {
            return Ok(None);
        };
        let digits = without_full_stop(&found).trim_end_matches('%').trim();
        match digits.parse::<u8>() {
            Ok(percent) if percent <= 100 => Ok(Some(percent)),
            _ => Err(CommandError::WrongValue {
                key: key.to_owned(),
                found,
                expected: "a whole number from 0 to 100, in percent".to_owned(),
                similar: None,
            }),
        }
    }

    pub(super) fn missing(&self, needs: &str) -> CommandError<V> {
        CommandError::Missing {
            verb: self.verb,
            needs: needs.to_owned(),
        }
    }

    /// Nothing may be left over.
    pub(super) fn finish(&mut self) -> Result<(), CommandError<V>> {
        // A lone sign, as in "affected=80 %", says nothing.
        match self
            .plain
            .find(|word| word.chars().any(char::is_alphanumeric))
        {
            Some(found) => Err(CommandError::Unexpected {
                verb: self.verb,
                found,
            }),
            None => Ok(()),
        }
    }
}

/// The beginning of a commit's hash, as people write it.
pub(super) fn is_hash(word: &str) -> bool {
    (7..=40).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The keys that a verb's arguments name, and whether text follows: then what
/// comes after it without a key of its own belongs to it, so that quotes may be
/// left out.
fn keys(arguments: &'static str) -> Vec<(&'static str, bool)> {
    let parts = arguments.split([' ', '[', ']']);
    let keyed = parts.filter_map(|part| part.split_once('='));
    keyed.map(|(key, word)| (key, word.is_empty())).collect()
}

/// `key=value`, where the key is a word of letters.
fn key_and_value(word: &str) -> Option<(String, &str)> {
    let (key, value) = word.split_once('=')?;
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
    is_key.then(|| (key.to_ascii_lowercase(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_that_the_arguments_name() {
        assert_eq!(
            keys("[v1.0.4 | line=1.x] a=b|c [urgent=yes|no] [note=]"),
            [
                ("line", false),
                ("a", false),
                ("urgent", false),
                ("note", true)
            ]
        );
        assert_eq!(keys("P1 reason="), [("reason", true)]);
        assert_eq!(keys("[step]"), []);
    }
}
