//! Which branch the hotfix goes to: the one of the base's own release line, where
//! it has one beside the default branch.
//!
//! A branch is asked about where its name says a line (`1.x`, `release-1.2`,
//! `stable`) and the base is of that line; it is the one where it holds the base.
//! A name that is read as more than that (a topic, a dependency) is none, nor is
//! the default branch with more on top, as tools keep it for their next release.
//! A single release's branch is one where the default branch does not hold the
//! base. Two that hold the base are a question.

use semver::Version;
use serde::{Deserialize, Serialize};

use super::tag::normal;

/// Of so many branches it is asked whether they hold the base.
const ASKED: usize = 6;

/// Words that are said of a line, before its number or after it.
const OF_A_LINE: &[&str] = &[
    "backport",
    "backports",
    "branch",
    "branches",
    "bugfix",
    "bugfixes",
    "fixes",
    "line",
    "lines",
    "lts",
    "main",
    "maint",
    "maintenance",
    "master",
    "patches",
    "rel",
    "release",
    "releases",
    "series",
    "stable",
    "support",
    "v",
    "ver",
    "version",
    "versions",
];

/// Words that name a line without a number.
const ALONE: &[&str] = &[
    "lts",
    "maint",
    "maintenance",
    "release",
    "releases",
    "stable",
];

/// Words that make a line of a whole number: `1.2.0-maintenance`.
const MAINTAINED: &[&str] = &[
    "backport",
    "backports",
    "bugfix",
    "bugfixes",
    "fixes",
    "line",
    "lts",
    "maint",
    "maintenance",
    "patches",
    "series",
    "stable",
    "support",
];

/// What a default branch is called that is not released from.
const UNRELEASED: &[&str] = &["dev", "devel", "develop", "development", "next", "unstable"];

/// What is called so beside such a one is what is released from.
const RELEASED: &[&str] = &["main", "master", "production"];

/// What is known of a repository's branches, and of the base.
#[derive(Clone, Debug, Default)]
pub struct Known<'a> {
    /// The names of all branches.
    pub branches: Vec<&'a str>,
    /// The default branch.
    pub default: &'a str,
    /// What the product may be called in a branch's name.
    pub products: Vec<&'a str>,
    /// The base's version.
    pub version: Option<&'a Version>,
    /// The versions of the product's stable releases.
    pub released: Vec<Version>,
    /// Whether the base is not on the default branch; asked where
    /// [it matters](asks_default).
    pub apart: bool,
    /// Whether a branch that is called by the major number alone follows the releases,
    /// as an action's does: `v4`.
    pub pointers: bool,
    /// The branch that a person named.
    pub said: Option<&'a str>,
    /// `base.line_branch`, where it is written.
    pub written: Option<&'a str>,
}

/// A branch that may be the line's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its name.
    pub branch: String,
    /// Why it is one.
    pub why: Why,
    /// Whether one that holds a higher release, too, is of that one's line.
    pub newest: bool,
    /// Whether one that holds all of the default branch, too, is none.
    pub default: bool,
}

/// What a branch holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The base.
    pub base: bool,
    /// The highest release, where that was asked.
    pub newest: bool,
    /// The default branch's head, where that was asked.
    pub default: bool,
}

/// Why a branch is the line's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// A person said so.
    Said,
    /// The configuration says so.
    Configured,
    /// The number in its name is the base's.
    Numbered,
    /// It is called as what is released from is called.
    Named,
    /// It is called like one release of the base's line, and the default branch
    /// does not hold the base.
    Single,
}

/// Where the hotfix goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To the default branch.
    Default,
    /// To this one.
    Branch(String, Why),
    /// A person must say.
    Ask(Question),
}

/// What a person must say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "question", rename_all = "snake_case")]
pub enum Question {
    /// Several branches are of the line and hold the base.
    Several {
        /// They.
        branches: Vec<String>,
    },
    /// The named branch is not there.
    Gone {
        /// Its name.
        branch: String,
        /// Whether the configuration names it.
        configured: bool,
    },
    /// The named branch does not hold the base.
    Apart {
        /// Its name.
        branch: String,
        /// Whether the configuration names it.
        configured: bool,
    },
}

impl Known<'_> {
    /// The branch that somebody named, and whether the configuration did; empty:
    /// the default branch.
    fn named(&self) -> Option<(&str, bool)> {
        let said = self.said.map(|name| (name, false));
        let (name, configured) = said.or(self.written.map(|name| (name, true)))?;
        let name = name.strip_prefix("refs/heads/").unwrap_or(name);
        let name = if name == self.default { "" } else { name };
        Some((name, configured))
    }
}

/// The branches of which it must be known what they hold: as named; else those
/// that are called like the base's line, the closest first.
pub fn candidates(known: &Known<'_>) -> Vec<Candidate> {
    if let Some((name, configured)) = known.named() {
        let there = known.branches.contains(&name);
        let one = Candidate {
            branch: name.to_owned(),
            why: if configured {
                Why::Configured
            } else {
                Why::Said
            },
            newest: false,
            default: false,
        };
        return Vec::from_iter(Some(one).filter(|_| there));
    }
    let Some(base) = known.version else {
        return Vec::new();
    };
    let mut all: Vec<(usize, Candidate)> = Vec::new();
    for (name, line) in lines(known) {
        let mut one = Candidate {
            branch: name.to_owned(),
            why: Why::Numbered,
            newest: false,
            default: false,
        };
        let depth = match line {
            Line::Numbers(_) if known.pointers && !known.apart && is_pointer(name) => continue,
            Line::Numbers(numbers) if fits(&numbers, base, &known.released) => numbers.len(),
            Line::Alone => {
                one.why = Why::Named;
                one.newest = is_older(base, &known.released);
                one.default = !known.apart && !is_unreleased(known);
                0
            }
            Line::Single(number) if known.apart && is_of_line(number, base) => {
                one.why = Why::Single;
                0
            }
            Line::Numbers(_) | Line::Single(_) => continue,
        };
        all.push((depth, one));
    }
    all.sort_by_key(|(depth, _)| std::cmp::Reverse(*depth));
    all.truncate(ASKED);
    all.into_iter().map(|(_, one)| one).collect()
}

/// Whether it must be known if the default branch holds the base.
pub fn asks_default(known: &Known<'_>) -> bool {
    let Some(base) = known.version.filter(|_| known.named().is_none()) else {
        return false;
    };
    lines(known).any(|(_, line)| match line {
        Line::Alone => !is_unreleased(known),
        Line::Single(number) => is_of_line(number, base),
        Line::Numbers(_) => known.pointers,
    })
}

/// The branches beside the default one whose names say a line.
fn lines<'k>(known: &'k Known<'_>) -> impl Iterator<Item = (&'k str, Line)> {
    let others = known.branches.iter().filter(|name| **name != known.default);
    others.filter_map(|name| Some((*name, read(name, known)?)))
}

/// Where the hotfix goes, by what each of the candidates holds.
pub fn line(known: &Known<'_>, asked: &[(Candidate, Held)]) -> Answer {
    if let Some((name, configured)) = known.named() {
        if name.is_empty() {
            return Answer::Default;
        }
        let branch = name.to_owned();
        return match asked.first() {
            Some((one, held)) if held.base => Answer::Branch(branch, one.why),
            Some(_) => Answer::Ask(Question::Apart { branch, configured }),
            None => Answer::Ask(Question::Gone { branch, configured }),
        };
    }
    let own = |(one, held): &&(Candidate, Held)| {
        held.base && !(one.newest && held.newest) && !(one.default && held.default)
    };
    let mut own: Vec<&(Candidate, Held)> = asked.iter().filter(own).collect();
    // A line's own branch goes before those of its releases.
    if own.iter().any(|(one, _)| one.why != Why::Single) {
        own.retain(|(one, _)| one.why != Why::Single);
    }
    match own.as_slice() {
        [] => Answer::Default,
        [(one, _)] => Answer::Branch(one.branch.clone(), one.why),
        several => Answer::Ask(Question::Several {
            branches: several.iter().map(|(one, _)| one.branch.clone()).collect(),
        }),
    }
}

/// What a branch's name says of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    /// Its number.
    Numbers(Vec<u64>),
    /// That it is one.
    Alone,
    /// One release's whole number.
    Single([u64; 3]),
}

/// Reads a name: nothing may stand in it but the product, words of a line and
/// one number.
fn read(name: &str, known: &Known<'_>) -> Option<Line> {
    let lower = name.to_lowercase();
    if is_unreleased(known) && RELEASED.contains(&lower.as_str()) {
        return Some(Line::Alone);
    }
    named(&lower, known)
}

/// What the words and the number of a name say, in small letters.
fn named(lower: &str, known: &Known<'_>) -> Option<Line> {
    let (folders, leaf) = match lower.rsplit_once('/') {
        Some((folders, leaf)) => (folders, leaf),
        None => ("", lower),
    };
    let products: Vec<String> = known.products.iter().map(|name| normal(name)).collect();
    let mut words: Vec<&str> = folders.split('/').filter(|word| !word.is_empty()).collect();
    // A topic has a folder of its own; a line's is called so, or like the product.
    words.retain(|word| !products.contains(&normal(word)));
    let is_word = |word: &str| OF_A_LINE.contains(&word);
    if !words.iter().all(|word| is_word(word)) {
        return None;
    }
    let mut rest = without_product(leaf, &products);
    // Words before the number, then perhaps a `v`.
    while let Some((word, after)) = rest.split_once(['-', '_', '.'])
        && is_word(word)
    {
        words.push(word);
        rest = without_product(after, &products);
    }
    if !rest.starts_with(|c: char| c.is_ascii_digit()) {
        let bare = rest
            .strip_prefix('v')
            .filter(|it| it.starts_with(|c: char| c.is_ascii_digit()));
        match bare {
            Some(bare) => rest = bare,
            None if is_word(rest) || rest.is_empty() => {
                words.extend(Some(rest).filter(|it| !it.is_empty()));
                let alone = words.iter().any(|word| ALONE.contains(word));
                // A single word in a folder is a topic: `user/stable`, `release/lts`.
                let plain = folders.is_empty()
                    || known
                        .products
                        .iter()
                        .any(|it| normal(it) == normal(folders));
                return (alone && plain).then_some(Line::Alone);
            }
            None => return None,
        }
    }
    let (numbers, wild, after) = number(rest)?;
    let after = after.trim_start_matches(['-', '_', '.']);
    let tail: Vec<&str> = after
        .split(['-', '_'])
        .filter(|word| !word.is_empty())
        .collect();
    if !tail.iter().all(|word| is_word(word)) {
        return None;
    }
    words.extend(tail);
    match numbers.as_slice() {
        // A whole number is one release's, unless it is said to be maintained.
        [major, minor, patch] => {
            if wild {
                return None;
            }
            if !words.iter().any(|word| MAINTAINED.contains(word)) {
                return Some(Line::Single([*major, *minor, *patch]));
            }
            let numbers = match (*minor, *patch) {
                (0, 0) => vec![*major],
                (_, 0) => vec![*major, *minor],
                _ => vec![*major, *minor, *patch],
            };
            Some(Line::Numbers(numbers))
        }
        [_] | [_, _] => Some(Line::Numbers(numbers)),
        _ => None,
    }
}

/// A name without the product before it.
fn without_product<'n>(name: &'n str, products: &[String]) -> &'n str {
    let ends = name
        .char_indices()
        .filter(|(_, c)| matches!(c, '-' | '_' | '@' | '/'));
    let found = ends.filter_map(|(at, _)| name.split_at_checked(at));
    let mut found = found.filter(|(before, _)| products.contains(&normal(before)));
    found
        .next_back()
        .map_or(name, |(_, rest)| rest.get(1..).unwrap_or(rest))
}

/// The number at the beginning, whether an `x` stands for the rest of it, and
/// what comes after.
fn number(text: &str) -> Option<(Vec<u64>, bool, &str)> {
    let mut numbers = Vec::new();
    let mut rest = text;
    loop {
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (digits, after) = rest.split_at_checked(end)?;
        numbers.push(digits.parse().ok()?);
        let next = after.strip_prefix(['.', '_', '-']);
        match next {
            Some(next) if next.starts_with(|c: char| c.is_ascii_digit()) => rest = next,
            _ => {
                let bare = next.unwrap_or(after);
                let wild = bare.strip_prefix(['x', '*']);
                let wild = wild.filter(|it| !it.starts_with(|c: char| c.is_ascii_alphanumeric()));
                return match wild {
                    Some(mut after) => {
                        // `1.x.x`
                        while let Some(more) = after.strip_prefix(".x") {
                            after = more;
                        }
                        Some((numbers, true, after))
                    }
                    // A letter right behind it is another name: `1a`, `64bit`.
                    None if after.starts_with(|c: char| c.is_ascii_alphanumeric()) => None,
                    None => Some((numbers, false, after)),
                };
            }
        }
    }
}

/// Whether the base is of the line of this number: it begins so, and the line has
/// not gone on to another minor number since.
fn fits(numbers: &[u64], base: &Version, released: &[Version]) -> bool {
    let is_of = |version: &Version| {
        let parts = [version.major, version.minor, version.patch];
        numbers
            .iter()
            .zip(parts)
            .all(|(number, part)| *number == part)
    };
    let last = released.iter().filter(|it| is_of(it)).max();
    let minor = |version: &Version| (version.major, version.minor);
    is_of(base) && last.is_none_or(|last| minor(last) <= minor(base))
}

/// Whether a branch's name is that of a tag which moves: `v4`.
fn is_pointer(name: &str) -> bool {
    let digits = name.strip_prefix('v').unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Whether the base is this release or a later one of its line.
fn is_of_line([major, minor, patch]: [u64; 3], base: &Version) -> bool {
    (major, minor) == (base.major, base.minor) && patch <= base.patch
}

/// Whether the default branch is not released from, by its name: it is called so, or
/// like a major version that is to come.
fn is_unreleased(known: &Known<'_>) -> bool {
    let comes = || match named(&known.default.to_lowercase(), known)? {
        Line::Numbers(numbers) => Some(*numbers.first()? > known.version?.major),
        _ => None,
    };
    UNRELEASED.contains(&known.default) || comes() == Some(true)
}

/// Whether there is a release of a higher line.
fn is_older(base: &Version, released: &[Version]) -> bool {
    let minor = |version: &Version| (version.major, version.minor);
    released.iter().any(|it| minor(it) > minor(base))
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
