//! From the words of a line to a command.

use super::table::{VERBS, Verb};
use super::words::without_full_stop;
use super::{Command, CommandError, Waivable};
use crate::domain::checklist_item::Item;
use crate::domain::nearest::nearest;
use crate::domain::severity::{Answers, Approach, Condition};

/// Keys whose value is text: what follows without a key of its own belongs to
/// it, so that quotes may be left out.
const TEXT_KEYS: &[&str] = &["note", "reason", "platform"];

/// Reads the words that follow `/hotfix`.
pub(super) fn parse(words: &[String]) -> Result<Command, CommandError> {
    let Some((first, rest)) = words.split_first() else {
        return Ok(Command::Status);
    };
    let verb = verb(first)?;
    if !verb.is_carried_out() {
        return Err(CommandError::NotYet { verb });
    }
    let mut arguments = Arguments::read(verb, rest)?;
    let command = match verb {
        Verb::Help => help(&mut arguments)?,
        Verb::Assess => assess(&mut arguments)?,
        Verb::Confirm => Command::Confirm {
            note: arguments.text_or_rest("note"),
        },
        Verb::ConfirmFixed => Command::ConfirmFixed {
            note: arguments.text_or_rest("note"),
        },
        Verb::Check => check(&mut arguments)?,
        Verb::Uncheck => Command::Uncheck {
            item: arguments.item()?,
            note: arguments.text_or_rest("note"),
        },
        Verb::Test => Command::Test {
            suite: arguments.next(),
        },
        Verb::Retry => Command::Retry {
            step: arguments.next(),
        },
        Verb::Release => release(&mut arguments)?,
        Verb::Hold => Command::Hold {
            reason: arguments.text_or_rest("reason"),
        },
        Verb::Unhold => Command::Unhold {
            reason: arguments.text_or_rest("reason"),
        },
        Verb::Waive => waive(&mut arguments)?,
        Verb::Cancel => Command::Cancel {
            reason: arguments
                .text_or_rest("reason")
                .ok_or_else(|| arguments.missing("a reason"))?,
        },
        Verb::Status => Command::Status,
        // Listed one by one, so that a new verb is not forgotten here.
        Verb::Plan
        | Verb::Preview
        | Verb::Timeline
        | Verb::Runbook
        | Verb::StillBroken
        | Verb::Start
        | Verb::Pick
        | Verb::Bump
        | Verb::Verify
        | Verb::Notes
        | Verb::Announce
        | Verb::Downgrade
        | Verb::Override
        | Verb::Extend
        | Verb::Join
        | Verb::Assign
        | Verb::Rollback
        | Verb::Adopt => return Err(CommandError::NotYet { verb }),
    };
    arguments.finish()?;
    Ok(command)
}

fn verb(word: &str) -> Result<Verb, CommandError> {
    let found = without_full_stop(word);
    Verb::from_name(found).ok_or_else(|| CommandError::UnknownVerb {
        found: found.to_owned(),
        similar: nearest(found, VERBS.iter().map(|verb| verb.name())).and_then(Verb::from_name),
    })
}

fn help(arguments: &mut Arguments) -> Result<Command, CommandError> {
    let about = arguments.next().map(|word| verb(&word)).transpose()?;
    Ok(Command::Help { about })
}

fn check(arguments: &mut Arguments) -> Result<Command, CommandError> {
    let item = arguments.item()?;
    let note = arguments.text_or_rest("note");
    if item.is_text() && note.is_none() {
        return Err(arguments.missing("its text as `note=`"));
    }
    Ok(Command::Check { item, note })
}

fn release(arguments: &mut Arguments) -> Result<Command, CommandError> {
    let found = arguments
        .next()
        .ok_or_else(|| arguments.missing("the commit that the preview shows"))?;
    let commit = found.to_ascii_lowercase();
    let is_hash = (7..=40).contains(&commit.len()) && commit.bytes().all(|b| b.is_ascii_hexdigit());
    if is_hash {
        Ok(Command::Release { commit })
    } else {
        Err(CommandError::NotACommit { found })
    }
}

fn waive(arguments: &mut Arguments) -> Result<Command, CommandError> {
    let found = arguments
        .next()
        .ok_or_else(|| arguments.missing("what is waived: `forward-port` or `known-issue`"))?;
    let mut all = Waivable::ALL.into_iter();
    let Some(what) = all.find(|what| found.eq_ignore_ascii_case(what.word())) else {
        return Err(CommandError::NotWaivable { found });
    };
    Ok(Command::Waive {
        what,
        reason: arguments
            .text_or_rest("reason")
            .ok_or_else(|| arguments.missing("a reason"))?,
    })
}

fn assess(arguments: &mut Arguments) -> Result<Command, CommandError> {
    let answers = Answers {
        condition: arguments.one_of("condition", Condition::ALL, Condition::word)?,
        workaround: arguments.yes_or_no("workaround")?,
        affected: arguments.percent("affected")?,
        approach: arguments.one_of("approach", Approach::ALL, Approach::word)?,
        urgent: arguments.yes_or_no("urgent")?,
        platform: arguments.text("platform"),
        note: arguments.text("note"),
    };
    arguments.finish()?;
    if answers.is_empty() {
        return Err(arguments.missing("at least one answer"));
    }
    Ok(Command::Assess(answers))
}

/// What follows a verb: `key=value` apart from the rest.
struct Arguments {
    verb: Verb,
    keyed: Vec<(String, String)>,
    plain: std::vec::IntoIter<String>,
}

impl Arguments {
    fn read(verb: Verb, words: &[String]) -> Result<Self, CommandError> {
        let keys = verb.spec().keys;
        let mut keyed: Vec<(String, String)> = Vec::new();
        let mut plain = Vec::new();
        // The key that takes the words after it, and whether it has one already.
        let mut open: Option<(usize, bool)> = None;
        for word in words {
            if let Some((key, value)) = key_and_value(word) {
                if keys.contains(&key.as_str()) {
                    if keyed.iter().any(|(k, _)| *k == key) {
                        return Err(CommandError::Twice { key });
                    }
                    let is_text = TEXT_KEYS.contains(&key.as_str());
                    open = (is_text || value.is_empty()).then_some((keyed.len(), is_text));
                    keyed.push((key, value.to_owned()));
                    continue;
                }
                if open.is_none() {
                    return Err(CommandError::UnknownKey {
                        verb,
                        similar: nearest(&key, keys.iter().copied()).map(str::to_owned),
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
    fn next(&mut self) -> Option<String> {
        let word = self.plain.next()?;
        Some(without_full_stop(&word).to_owned())
    }

    fn take(&mut self, key: &str) -> Option<String> {
        let at = self.keyed.iter().position(|(k, _)| k == key)?;
        Some(self.keyed.remove(at).1)
    }

    /// The value of a text key; an empty one counts as not given.
    fn text(&mut self, key: &str) -> Option<String> {
        self.take(key)
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    }

    /// The value of a text key or, where it is left out, the words that are left.
    fn text_or_rest(&mut self, key: &str) -> Option<String> {
        let keyed = self.text(key);
        if keyed.is_some() {
            return keyed;
        }
        let rest: Vec<String> = self.plain.by_ref().collect();
        (!rest.is_empty()).then(|| rest.join(" "))
    }

    fn item(&mut self) -> Result<Item, CommandError> {
        let found = self
            .next()
            .ok_or_else(|| self.missing("the name of an item"))?;
        Item::from_name(&found).ok_or_else(|| CommandError::UnknownItem {
            similar: nearest(&found, Item::ALL.iter().map(|item| item.name()))
                .and_then(Item::from_name),
            found,
        })
    }

    fn one_of<T: Copy>(
        &mut self,
        key: &str,
        all: &[T],
        word: fn(T) -> &'static str,
    ) -> Result<Option<T>, CommandError> {
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

    fn yes_or_no(&mut self, key: &str) -> Result<Option<bool>, CommandError> {
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

    fn percent(&mut self, key: &str) -> Result<Option<u8>, CommandError> {
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

    fn missing(&self, needs: &str) -> CommandError {
        CommandError::Missing {
            verb: self.verb,
            needs: needs.to_owned(),
        }
    }

    /// Nothing may be left over.
    fn finish(&mut self) -> Result<(), CommandError> {
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

/// `key=value`, where the key is a word of letters.
fn key_and_value(word: &str) -> Option<(String, &str)> {
    let (key, value) = word.split_once('=')?;
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
    is_key.then(|| (key.to_ascii_lowercase(), value))
}
