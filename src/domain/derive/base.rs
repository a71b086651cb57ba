//! Which release is fixed: the highest of this product's, unless something
//! speaks for a higher one elsewhere. Then it is asked.

use std::cmp::Ordering;

pub use super::doubt::{Candidate, Doubt, Question, Sign, Why};
use super::numbers::{
    follows, is_dated, is_near, line, newest_day, passes_over, unread, unspelled, usual,
};
use super::tag::{Pattern, ReleaseName, is_of, is_passing, next_name, normal, version, whose};
use crate::domain::line_name::LineName;
use semver::Version;

/// As many candidates are shown.
const SHOWN: usize = 8;

/// What is known of a repository's releases.
#[derive(Clone, Debug, Default)]
pub struct Known<'a> {
    /// The names of all tags.
    pub tags: Vec<&'a str>,
    /// The configured pattern.
    pub pattern: Option<&'a str>,
    /// Whether a prerelease may be a base.
    pub prereleases: bool,
    /// The release that a person named.
    pub said: Option<&'a str>,
    /// The release line that is fixed; none: the highest release, whichever it is of.
    pub line: Option<&'a LineName>,
    /// The repository's name.
    pub repo: &'a str,
    /// The package at the root of the default branch.
    pub root: Option<&'a str>,
    /// The version there, or that of the whole workspace.
    pub main: Option<&'a str>,
    /// The tag of GitHub's Latest.
    pub latest: Option<&'a str>,
    /// The tag of the newest published release that is no prerelease.
    pub newest: Option<&'a str>,
    /// The paths on the default branch, once they were asked for.
    pub paths: Option<&'a [String]>,
}

/// What follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The release.
    Base(Chosen),
    /// A person must say.
    Ask(Question),
    /// The paths on the default branch would tell.
    Paths,
}

/// The release that is fixed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Its tag.
    pub tag: String,
    /// The version in it.
    pub version: Version,
    /// How it is named.
    pub pattern: String,
    /// Why it.
    pub why: Why,
}

/// The highest stable release that is named alike, where it is above the chosen
/// one: that one is of an older line.
pub fn newest<'a>(chosen: &Chosen, tags: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let pattern = Pattern::read(&chosen.pattern)?;
    let version = |tag: &'a str| Some((pattern.version_in(tag)?, tag));
    tags.filter_map(version)
        .filter(|(version, _)| version.pre.is_empty() && *version > chosen.version)
        .max_by(|(a, _), (b, _)| a.cmp(b))
        .map(|(_, tag)| tag)
}

/// Releases that are named alike.
struct Family<'a> {
    whose: Option<String>,
    releases: Vec<ReleaseName<'a>>,
}

impl<'a> Family<'a> {
    fn highest(&self, prereleases: bool) -> Option<&ReleaseName<'a>> {
        let all = self.releases.iter();
        all.filter(|it| prereleases || it.is_stable())
            .max_by(|a, b| by_version(a, b))
    }
}

/// By version; of two that are equal, three parts before two.
fn by_version(a: &ReleaseName<'_>, b: &ReleaseName<'_>) -> Ordering {
    let parts = |it: &ReleaseName<'_>| it.name.len();
    a.version
        .cmp(&b.version)
        .then_with(|| parts(a).cmp(&parts(b)))
}

/// The base, or why it must be asked for.
pub fn base(known: &Known<'_>) -> Answer {
    if let Some(said) = known.said {
        return named(known, said);
    }
    if let Some(pattern) = known.pattern {
        return match known.line.zip(Pattern::read(pattern)) {
            Some((line, read)) => {
                let all = known.tags.iter();
                let all = all.filter_map(|tag| Some((read.version_in(tag)?, *tag)));
                of_line(
                    known,
                    line,
                    all.map(|(it, tag)| (it, tag, pattern.to_owned())),
                )
            }
            None => configured(known, pattern),
        };
    }
    if known.tags.is_empty() {
        return ask(known, Doubt::NoTag);
    }
    let families = families(known);
    if families.is_empty() {
        let tags = known.tags.iter().rev().take(SHOWN);
        let tags = tags.map(|tag| (*tag).to_owned()).collect();
        return ask(known, Doubt::NoVersion { tags });
    }
    let (mine, why) = match product(known, &families) {
        Ok(product) => product,
        Err(answer) => return *answer,
    };
    if let Some(line) = known.line {
        let all = mine.iter().flat_map(|family| &family.releases);
        let all = all.map(|it| (it.version.clone(), it.name, it.pattern()));
        return of_line(known, line, all);
    }
    let highest = |prereleases| {
        let all = mine.iter().filter_map(|family| family.highest(prereleases));
        all.max_by(|a, b| {
            let sign = |it: &ReleaseName<'_>| known.latest == Some(it.name);
            by_number(a, b).then_with(|| {
                let of = |it: &ReleaseName<'_>| {
                    let family = mine.iter().find(|family| family.holds(it));
                    (sign(it), family.map_or(0, |family| family.releases.len()))
                };
                // The name that says the least.
                let shorter = || b.prefix.len().cmp(&a.prefix.len());
                of(a).cmp(&of(b)).then_with(shorter)
            })
        })
    };
    let Some(base) = highest(known.prereleases) else {
        let tag = highest(true).map_or_else(String::new, |it| it.name.to_owned());
        return ask(known, Doubt::Prereleases { tag });
    };
    if let Some(doubt) = doubt(known, base, &mine) {
        return ask(known, doubt);
    }
    let why = why.unwrap_or_else(|| match whose(base.prefix) {
        Some(name) => Why::Named(name),
        None => Why::Plain,
    });
    Answer::Base(Chosen {
        tag: base.name.to_owned(),
        version: base.version.clone(),
        pattern: base.pattern(),
        why,
    })
}

/// The highest stable release of a line: that others are higher is as it should be.
fn of_line<'a>(
    known: &Known<'_>,
    line: &LineName,
    releases: impl Iterator<Item = (Version, &'a str, String)>,
) -> Answer {
    let mut releases = releases.filter(|(it, ..)| it.pre.is_empty() && line.holds(it));
    let first = releases.next();
    let highest = releases.fold(first, |highest, it| match highest {
        Some(highest) if highest.0 >= it.0 => Some(highest),
        _ => Some(it),
    });
    match highest {
        Some((version, tag, pattern)) => Answer::Base(Chosen {
            tag: tag.to_owned(),
            version,
            pattern,
            why: Why::Line(line.clone()),
        }),
        None => ask(known, Doubt::NoneOfLine { line: line.clone() }),
    }
}

impl Family<'_> {
    fn holds(&self, release: &ReleaseName<'_>) -> bool {
        let first = self.releases.first();
        first.is_some_and(|first| first.prefix == release.prefix)
    }
}

fn by_number(a: &ReleaseName<'_>, b: &ReleaseName<'_>) -> Ordering {
    a.version.cmp(&b.version)
}

/// The tags, sorted by how they are named.
fn families<'a>(known: &Known<'a>) -> Vec<Family<'a>> {
    let mut families: Vec<Family<'a>> = Vec::new();
    for release in known.tags.iter().filter_map(|tag| ReleaseName::read(tag)) {
        let whose = whose(release.prefix);
        if whose.as_deref().is_some_and(is_passing) {
            continue;
        }
        match families.iter_mut().find(|family| family.holds(&release)) {
            Some(family) => family.releases.push(release),
            None => families.push(Family {
                whose,
                releases: vec![release],
            }),
        }
    }
    families
}

type Product<'f, 'a> = (Vec<&'f Family<'a>>, Option<Why>);

/// The families that are the product's: those that name nobody, and those that
/// name the root package or the repository. Else the only one, else the only one
/// of a package with a program.
fn product<'f, 'a>(
    known: &Known<'a>,
    families: &'f [Family<'a>],
) -> Result<Product<'f, 'a>, Box<Answer>> {
    let is_mine = |family: &&Family<'_>| match &family.whose {
        None => true,
        Some(name) => names(known).iter().any(|product| is_of(name, product)),
    };
    let mine: Vec<&Family<'a>> = families.iter().filter(is_mine).collect();
    if !mine.is_empty() {
        return Ok((mine, None));
    }
    if let [only] = families {
        return Ok((vec![only], Some(Why::Only)));
    }
    let Some(paths) = known.paths else {
        return Err(Box::new(Answer::Paths));
    };
    let with = |file: &str| -> Vec<&Family<'a>> {
        let has = |family: &&Family<'_>| {
            let name = family.whose.as_deref();
            name.is_some_and(|name| has_program(name, paths, file))
        };
        families.iter().filter(has).collect()
    };
    let mut programs = with("/src/main.rs");
    if programs.is_empty() {
        programs = with("/src/bin/");
    }
    match programs.as_slice() {
        [only] => {
            let name = only.whose.clone().unwrap_or_default();
            Ok((vec![*only], Some(Why::Program(name))))
        }
        _ => Err(Box::new(ask(known, Doubt::Which))),
    }
}

/// What the product may be called.
fn names(known: &Known<'_>) -> Vec<String> {
    let repo = normal(known.repo);
    let mut names: Vec<String> = known.root.map(normal).into_iter().collect();
    for end in ["-rs", ".rs"] {
        names.extend(repo.strip_suffix(end).map(str::to_owned));
    }
    names.extend(repo.strip_prefix("rust-").map(str::to_owned));
    names.push(repo);
    names
}

/// Whether the folder of this name holds a program, by such a file.
fn has_program(name: &str, paths: &[String], file: &str) -> bool {
    let folder = name.rsplit('/').next().unwrap_or(name);
    paths.iter().any(|path| {
        let root = path.split_once(file).map(|(root, _)| normal(root));
        root.is_some_and(|root| root.rsplit('/').next() == Some(folder))
    })
}

/// What speaks against the derived base.
fn doubt(known: &Known<'_>, base: &ReleaseName<'_>, mine: &[&Family<'_>]) -> Option<Doubt> {
    let tag = base.name.to_owned();
    if let Some(other) = unread(base, &known.tags, releases(mine).count()) {
        let other = other.to_owned();
        let sign = Sign::Number;
        return Some(Doubt::Higher { tag, other, sign });
    }
    let is_shown = [known.latest, known.newest].contains(&Some(base.name));
    if let Some(other) = unspelled(base, &known.tags).filter(|_| !is_shown) {
        let other = other.to_owned();
        let sign = Sign::Number;
        return Some(Doubt::Higher { tag, other, sign });
    }
    let main = known.main.and_then(version);
    // A placeholder says nothing.
    let main = main.filter(|it| *it != Version::new(0, 0, 0));
    let backed = main.as_ref().is_some_and(|it| follows(it, &base.version));
    for (sign, other) in [(Sign::Latest, known.latest), (Sign::Newest, known.newest)] {
        let Some(other) = other.and_then(ReleaseName::read) else {
            continue;
        };
        let is_mine = mine.iter().any(|family| family.holds(&other));
        // The newest of another package says nothing where the default branch
        // has this one's version, or GitHub shows this one as its latest.
        let is_shown = known.latest == Some(base.name);
        let counts = sign == Sign::Latest || is_mine || !(backed || is_shown);
        if other.is_stable() && other.version > base.version && counts {
            let other = other.name.to_owned();
            return Some(Doubt::Higher { tag, other, sign });
        }
    }
    // Of two packages that may be the product, GitHub's Latest need not be higher. One
    // that goes on from its number is the same one, by a new name, unless nothing was
    // published after it and it is another major version.
    let latest = known.latest.and_then(ReleaseName::read);
    let is_another = |it: &ReleaseName<'_>| {
        let is_mine = mine.iter().any(|family| family.holds(it));
        let apart = whose(it.prefix) != whose(base.prefix);
        let since = known.newest != Some(it.name) || base.version.major == it.version.major;
        let goes_on = since && follows(&base.version, &it.version);
        is_mine && it.is_stable() && apart && !goes_on
    };
    if let Some(other) = latest
        .as_ref()
        .filter(|it| is_another(it))
        .filter(|_| !backed)
    {
        let other = other.name.to_owned();
        return Some(Doubt::Otherwise { tag, other });
    }
    // Releases that are named by their day hold no version, and may be what came after
    // those that do.
    let shown = [known.latest, known.newest];
    let dated = match shown.into_iter().flatten().find(|it| is_dated(it)) {
        _ if backed || known.latest == Some(base.name) => None,
        Some(other) => Some(other),
        // Nothing was published, and the tags are all that tells.
        None if shown == [None, None] => newest_day(&known.tags),
        None => None,
    };
    if let Some(other) = dated.map(str::to_owned) {
        return Some(match known.latest == Some(other.as_str()) {
            true => Doubt::Otherwise { tag, other },
            false => Doubt::Dated { tag, other },
        });
    }
    // Where GitHub's Latest and the newest are both another package's, the product may
    // have gone over to names of packages long ago, whatever the numbers.
    let elsewhere = |it: &ReleaseName<'_>| {
        let passing = whose(it.prefix).as_deref().is_some_and(is_passing);
        it.is_stable() && !passing && !mine.iter().any(|family| family.holds(it))
    };
    let newest = known.newest.and_then(ReleaseName::read);
    if let (Some(other), Some(_)) = (latest.filter(elsewhere), newest.filter(elsewhere))
        && !backed
    {
        let other = other.name.to_owned();
        return Some(Doubt::Otherwise { tag, other });
    }
    if !backed && Some(base.name) != known.latest && Some(base.name) != known.newest {
        // Names that are nobody's may be of a time before the packages.
        let plain = mine.iter().all(|family| family.whose.is_none());
        let other = highest_other(known, mine).filter(|it| it.version > base.version);
        if let Some(other) = other.filter(|_| plain) {
            let other = other.name.to_owned();
            let sign = Sign::Number;
            return Some(Doubt::Higher { tag, other, sign });
        }
    }
    if !backed
        && Some(base.name) != known.latest
        && Some(base.name) != known.newest
        && let Some(other) = usual(base, releases(mine))
    {
        let other = other.name.to_owned();
        return Some(Doubt::Lower { tag, other });
    }
    let main = main?;
    let released = known.tags.iter().filter_map(|tag| ReleaseName::read(tag));
    let mut released = released.filter(|it| it.is_stable() && it.version == main);
    let here = |it: &ReleaseName<'_>| mine.iter().any(|family| family.holds(it));
    if main > base.version {
        if known.latest != Some(base.name)
            && let Some(other) = released.find(|it| !here(it))
        {
            let other = other.name.to_owned();
            let sign = Sign::Main;
            return Some(Doubt::Higher { tag, other, sign });
        }
        let beyond = !is_near(&main, &base.version) || passes_over(&main, &base.version);
        return beyond.then(|| Doubt::Main {
            tag,
            version: main.to_string(),
        });
    }
    let latest = known.latest.and_then(ReleaseName::read);
    let higher = |it: &Version| line(it) >= line(&base.version);
    let against = !higher(&main)
        && latest.as_ref().is_none_or(|it| !higher(&it.version))
        && known.latest != Some(base.name);
    against.then(|| Doubt::Lower {
        tag,
        other: latest.map_or_else(|| main.to_string(), |it| it.name.to_owned()),
    })
}

/// The releases of these families.
fn releases<'f, 'a>(mine: &[&'f Family<'a>]) -> impl Iterator<Item = &'f ReleaseName<'a>> + Clone {
    let all: Vec<&'f Family<'a>> = mine.to_vec();
    all.into_iter().flat_map(|family| &family.releases)
}

/// The highest release of what is not the product's.
fn highest_other<'a>(known: &Known<'a>, mine: &[&Family<'_>]) -> Option<ReleaseName<'a>> {
    let all = known.tags.iter().filter_map(|tag| ReleaseName::read(tag));
    let others = all.filter(|it| it.is_stable() && !mine.iter().any(|family| family.holds(it)));
    let others = others.filter(|it| !whose(it.prefix).as_deref().is_some_and(is_passing));
    others.max_by(by_number)
}

fn ask(known: &Known<'_>, doubt: Doubt) -> Answer {
    let candidates = candidates(known, &doubt);
    Answer::Ask(Question { doubt, candidates })
}

/// Whether the derived release is likelier than the one that speaks against it:
/// GitHub shows as its latest whatever was published last, and that may be
/// another package of the workspace.
fn is_likelier(known: &Known<'_>, derived: &str, sign: Sign) -> bool {
    let Some(derived) = ReleaseName::read(derived) else {
        return false;
    };
    let main = known.main.and_then(version);
    let backed = main.is_some_and(|it| follows(&it, &derived.version));
    // What GitHub shows as its latest, and what is named after nothing, is the
    // repository's own: a tag of its name may be of long ago.
    let latest = known.latest.and_then(ReleaseName::read);
    let own = latest.is_some_and(|it| whose(it.prefix).is_none() && it.name != derived.name);
    let named = whose(derived.prefix).is_some() && !own;
    matches!(sign, Sign::Latest | Sign::Newest) && (backed || named)
}

/// The highest of each family: the derived one first where it is likelier, then
/// GitHub's Latest, the product's, and by number.
fn candidates(known: &Known<'_>, doubt: &Doubt) -> Vec<Candidate> {
    let first = match doubt {
        Doubt::Higher { tag, sign, .. } if is_likelier(known, tag, *sign) => Some(tag.as_str()),
        _ => None,
    };
    let families = families(known);
    let product = names(known);
    let mut all: Vec<(bool, bool, bool, &ReleaseName<'_>)> = families
        .iter()
        .filter_map(|family| {
            let latest = family
                .releases
                .iter()
                .find(|it| known.latest == Some(it.name));
            let highest = family.highest(false).or_else(|| family.highest(true))?;
            let is_mine = match &family.whose {
                None => true,
                Some(name) => product.iter().any(|product| is_of(name, product)),
            };
            let is_first = first == Some(highest.name);
            Some((is_first, latest.is_some(), is_mine, highest))
        })
        .collect();
    all.sort_by(|a, b| {
        let first = (b.0, b.1, b.2).cmp(&(a.0, a.1, a.2));
        first.then_with(|| by_number(b.3, a.3))
    });
    // What speaks against the highest may be named as it is.
    let against = match doubt {
        Doubt::Lower { other, .. } => ReleaseName::read(other),
        _ => None,
    };
    let against = against.filter(|it| all.iter().all(|(.., known)| known.name != it.name));
    let against = against.filter(|it| known.tags.contains(&it.name));
    let all = all.into_iter().map(|(.., release)| release);
    let shown = against.iter().chain(all).take(SHOWN);
    shown
        .map(|release| Candidate {
            tag: release.name.to_owned(),
            pattern: release.pattern(),
            latest: known.latest == Some(release.name),
        })
        .collect()
}

/// The highest of a pattern.
fn configured(known: &Known<'_>, pattern: &str) -> Answer {
    let owned = pattern.to_owned();
    let Some(read) = Pattern::read(pattern) else {
        return ask(known, Doubt::Pattern { pattern: owned });
    };
    let all = known.tags.iter();
    let all = all.filter_map(|tag| Some((read.version_in(tag)?, *tag)));
    let (stable, pre): (Vec<_>, Vec<_>) = all.partition(|(version, _)| version.pre.is_empty());
    let allowed = pre.iter().filter(|_| known.prereleases);
    let highest = stable.iter().chain(allowed).max();
    match (highest, pre.iter().max()) {
        (Some((version, tag)), _) => Answer::Base(Chosen {
            tag: (*tag).to_owned(),
            version: version.clone(),
            pattern: owned,
            why: Why::Configured,
        }),
        (None, Some((_, tag))) => {
            let tag = (*tag).to_owned();
            ask(known, Doubt::Prereleases { tag })
        }
        (None, None) => ask(known, Doubt::Pattern { pattern: owned }),
    }
}

/// The release that a person named, by its tag or by its number.
fn named(known: &Known<'_>, said: &str) -> Answer {
    let said = said.strip_prefix("refs/tags/").unwrap_or(said);
    let exact = known.tags.iter().find(|tag| **tag == said);
    let by_number = || {
        let number = version(said)?;
        let product = names(known);
        let fits = |it: &ReleaseName<'_>| {
            let is_mine = whose(it.prefix).is_none_or(|w| product.iter().any(|p| is_of(&w, p)));
            it.version == number && is_mine
        };
        let all = known.tags.iter().filter_map(|tag| ReleaseName::read(tag));
        let mut all = all.filter(fits);
        // Two that fit are no answer.
        all.next().filter(|_| all.next().is_none())
    };
    let pattern = known.pattern.filter(|pattern| {
        let read = Pattern::read(pattern);
        read.is_some_and(|it| it.version_in(said).is_some())
    });
    let found = match exact {
        Some(tag) => ReleaseName::read(tag),
        None => by_number(),
    };
    let tag = said.to_owned();
    match (found, pattern, exact) {
        (_, Some(pattern), Some(tag)) => {
            let version = Pattern::read(pattern).and_then(|it| it.version_in(tag));
            Answer::Base(Chosen {
                tag: (*tag).to_owned(),
                version: version.unwrap_or(Version::new(0, 0, 0)),
                pattern: pattern.to_owned(),
                why: Why::Said,
            })
        }
        (Some(release), ..) => Answer::Base(Chosen {
            tag: release.name.to_owned(),
            version: release.version.clone(),
            pattern: release.pattern(),
            why: Why::Said,
        }),
        (None, _, Some(_)) => ask(known, Doubt::NoNumber { tag }),
        (None, _, None) => ask(known, Doubt::Gone { tag }),
    }
}

/// What the tag of a version would be called after this base.
pub fn tag_of(chosen: &Chosen, version: &str) -> String {
    next_name(&chosen.pattern, &chosen.tag, version)
}

#[cfg(test)]
#[path = "base_tests.rs"]
mod tests;
