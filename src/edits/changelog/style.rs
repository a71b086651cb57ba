//! How a changelog writes what stands below its headings.

use std::ops::Range;

use semver::Version;

use super::date;
use super::heading::said_of_all;
use super::outline::{Heading, Kind, Outline};
use super::replace::{comparisons, places};
use super::scan::BARE;
use super::title;
use super::usual::{self, LAST};

/// Of so many sections the style is read.
const SECTIONS: usize = 30;

/// What is put between and around the lines of a new section.
#[derive(Clone, Debug)]
pub(super) struct Style {
    /// "\n" or "\r\n".
    pub eol: &'static str,
    /// How many blank lines follow a release's heading.
    pub after_heading: usize,
    /// How many blank lines follow a heading inside a release.
    pub after_group: usize,
    /// How many blank lines stand above a release's heading.
    pub gap: usize,
    /// The heading of the group for fixes; empty where entries are in none.
    pub group: String,
    /// The release whose heading of that group it is.
    group_of: Option<Version>,
    /// What stands before an entry; empty where sections are prose.
    pub marker: String,
    /// What stands at the end of each section, with the blank lines above it.
    pub rule: String,
    /// Whether lines without a mark head the releases.
    bare: bool,
}

/// What one section shows.
#[derive(Debug)]
struct Shown<'a> {
    /// The end of its heading, and of what is said of every release below it.
    start: usize,
    end: usize,
    groups: Vec<&'a Heading>,
    /// The first item, and whether it stands in no group.
    item: Option<(std::ops::Range<usize>, bool)>,
    prose: bool,
}

impl Style {
    /// Reads the style from the model's section, and from older ones what it
    /// does not show; what none shows is as keepachangelog.com writes it.
    pub(super) fn of(outline: &Outline<'_>, model: Option<usize>) -> Self {
        let sections = sections(outline, model);
        let shown: Vec<Shown<'_>> = sections.iter().map(|at| shown(outline, *at)).collect();
        let eol = if first_line_is_dos(outline.text) {
            "\r\n"
        } else {
            "\n"
        };
        let (group, from) = group(outline, &shown);
        let in_group = group.as_deref().is_some_and(|group| !group.is_empty());
        let like = from.and_then(|from| shown.get(from)).or(shown.first());
        let fix = like.and_then(|like| {
            let fits = |h: &&&Heading| Some(outline.slice(h.span.clone())) == group.as_deref();
            like.groups.iter().find(fits).copied()
        });
        let marker = marker(outline, &shown, fix);
        let section = from.and_then(|from| sections.get(from));
        let section = section.and_then(|at| outline.headings.get(*at));
        let heads = || {
            let own = shown
                .iter()
                .filter(|s| s.end > s.start && (s.groups.is_empty() != in_group));
            own.chain(shown.iter().filter(|s| s.end > s.start))
        };
        let group_of = |s: &Shown<'_>| s.groups.first().map(|h| blank_below(outline, h.span.end));
        Self {
            eol,
            after_heading: heads().next().map_or(1, |s| blank_below(outline, s.start)),
            after_group: fix
                .map(|h| blank_below(outline, h.span.end))
                .or_else(|| shown.iter().find_map(group_of))
                .unwrap_or(0),
            gap: gap(outline, model),
            group_of: section.and_then(|heading| match &heading.kind {
                Kind::Release(version, _) => Some(version.clone()),
                _ => None,
            }),
            group: group.unwrap_or_else(|| {
                if shown.is_empty() {
                    "### Fixed".to_owned()
                } else {
                    String::new()
                }
            }),
            marker,
            rule: rule(outline, &shown),
            bare: outline.releases().all(|(_, own, _)| own.level == BARE),
        }
    }

    /// The lines of the section of this version below its heading.
    pub(super) fn body(&self, entry: &str, version: &Version) -> String {
        let eol = self.eol;
        let entry = entry.split_whitespace().collect::<Vec<_>>().join(" ");
        let heading = eol.repeat(self.after_heading);
        let group = match &self.group_of {
            Some(of) => renumbered(&self.group, of, version),
            None => self.group.clone(),
        };
        let group = match group.as_str() {
            "" => String::new(),
            group => format!("{group}{eol}{}", eol.repeat(self.after_group)),
        };
        // What is no item needs a blank line to be a paragraph of its own.
        let heading = match (self.marker.as_str(), self.after_heading, group.as_str()) {
            ("", 0, "") if !self.bare => eol.to_owned(),
            _ => heading,
        };
        format!("{heading}{group}{}{entry}", self.marker)
    }
}

/// A group's heading that tells its release ("Bug fixes - 1.0.4", as tox has it)
/// with another one; the line below the title is as long as it is.
fn renumbered(group: &str, of: &Version, version: &Version) -> String {
    let (of, version) = (of.to_string(), version.to_string());
    let (title, under) = group.split_once('\n').unwrap_or((group, ""));
    let mut new = title.to_owned();
    for at in places(title, &of).into_iter().rev() {
        new.replace_range(at, &version);
    }
    let long = |line: &str| line.trim_end().chars().count();
    let under = match under.chars().next() {
        Some(sign) if long(under) == long(title) && long(new.as_str()) != long(title) => {
            let signs: String = std::iter::repeat_n(sign, long(&new)).collect();
            under.replace(under.trim_end(), &signs)
        }
        _ => under.to_owned(),
    };
    match group.contains('\n') {
        true => format!("{new}\n{under}"),
        false => new,
    }
}

/// The model first, then what follows it, then what stands above it.
fn sections(outline: &Outline<'_>, model: Option<usize>) -> Vec<usize> {
    let all: Vec<usize> = outline.releases().map(|(at, ..)| at).collect();
    let (above, below): (Vec<usize>, Vec<usize>) = all
        .into_iter()
        .partition(|at| model.is_some_and(|model| *at < model));
    let mut sections: Vec<usize> = below
        .into_iter()
        .chain(above.into_iter().rev())
        .take(SECTIONS)
        .collect();
    if sections.is_empty() {
        let open = outline
            .open()
            .filter(|(at, ..)| !outline.body(*at).is_empty());
        sections.extend(open.map(|(at, ..)| at));
    }
    sections
}

fn shown<'o>(outline: &'o Outline<'_>, at: usize) -> Shown<'o> {
    let own = outline.headings.get(at);
    let start = own.map_or(0, |own| said_of_all(outline, own));
    let end = outline.section_end(at);
    let within = |at: usize| start <= at && at < end;
    let groups = outline
        .headings
        .iter()
        .filter(|h| h.kind == Kind::Other && within(h.span.start));
    let mut groups: Vec<&Heading> = groups.collect();
    // What is nested deeper is part of a group.
    let least = groups.iter().map(|h| h.level).min();
    groups.retain(|h| Some(h.level) == least);
    let item = outline.items.iter().find(|item| within(item.start));
    let first = groups.first().map_or(end, |h| h.span.start);
    let item = item.map(|item| (item.clone(), item.start < first));
    Shown {
        start,
        end,
        groups,
        prose: item.is_none() && start < end,
        item,
    }
}

/// The group for fixes, and which section shows it: none where no section has
/// any, empty where entries stand in none.
fn group(outline: &Outline<'_>, shown: &[Shown<'_>]) -> (Option<String>, Option<usize>) {
    let fix_of = |s: &Shown<'_>| {
        let titles = s.groups.iter().map(|h| outline.slice(h.span.clone()));
        titles
            .filter(|title| is_for_fixes(title))
            .min_by_key(|t| t.len())
            .map(str::to_owned)
    };
    for (at, section) in shown.iter().enumerate() {
        if let Some(group) = fix_of(section) {
            return (Some(group), Some(at));
        }
        let flat = section.item.as_ref().is_some_and(|(_, flat)| *flat)
            || section.prose && section.groups.is_empty();
        if flat {
            return (Some(String::new()), Some(at));
        }
        // A section with groups that has no fixes: others tell.
    }
    let all = || shown.iter().flat_map(|s| s.groups.iter());
    let Some(model) = all().next() else {
        return (None, None);
    };
    let titles: Vec<String> = all()
        .map(|h| title::plain(outline.slice(h.span.clone())))
        .collect();
    let has = |words: &[&str]| titles.iter().any(|t| words.iter().any(|w| t.ends_with(w)));
    let name = if has(&["minor changes", "major changes"]) {
        "Patch Changes"
    } else if has(&["features"]) {
        "Bug Fixes"
    } else if has(&["added", "changed", "removed", "deprecated", "security"]) {
        "Fixed"
    } else {
        return (Some(String::new()), None);
    };
    (Some(like(outline, model, name)), None)
}

/// A heading in another's form.
fn like(outline: &Outline<'_>, model: &Heading, name: &str) -> String {
    let whole = outline.slice(model.span.clone());
    let title = outline.slice(model.title.clone());
    let letters = |c: char| c.is_alphanumeric();
    let (Some(from), Some(to)) = (title.find(letters), title.rfind(letters)) else {
        return whole.to_owned();
    };
    let (Some(left), Some(right)) = (title.get(..from), title.get(to..)) else {
        return whole.to_owned();
    };
    let mut after = right.chars();
    after.next();
    // A sign before the name is that group's own.
    let left: String = left.chars().filter(char::is_ascii).collect();
    let spaces: Vec<&str> = left.split_whitespace().collect();
    let left = match spaces.as_slice() {
        [] => String::new(),
        [mark] if !left.ends_with(' ') => (*mark).to_owned(),
        marks => format!("{} ", marks.join(" ")),
    };
    let new = format!("{left}{name}{}", after.as_str());
    let under = whole.get(title.len()..).unwrap_or_default();
    let signs = under.trim().chars().next();
    let line = signs.map_or(String::new(), |sign| {
        let signs: String = std::iter::repeat_n(sign, new.chars().count()).collect();
        under.replace(under.trim(), &signs)
    });
    format!("{new}{line}")
}

/// "Fixed", "Bug Fixes", "🐛 Fixes:", "Patch Changes".
pub(super) fn is_for_fixes(title: &str) -> bool {
    let words = title::plain(title);
    let words: Vec<&str> = words.split(' ').collect();
    let says = |word: &&str| {
        word.starts_with("fix") || word.starts_with("bugfix") || matches!(*word, "bug" | "bugs")
    };
    words.len() <= 4 && (words.iter().any(says) || words == ["patch", "changes"])
}

/// What stands before the first item of the group for fixes, or of the first
/// section that has a list.
fn marker(outline: &Outline<'_>, shown: &[Shown<'_>], fix: Option<&Heading>) -> String {
    let of_fix = fix.and_then(|fix| {
        let next = outline
            .headings
            .iter()
            .find(|h| h.span.start > fix.span.start);
        let end = next.map_or(outline.text.len(), |next| next.span.start);
        outline
            .items
            .iter()
            .find(|item| fix.span.end <= item.start && item.start < end)
    });
    let mut prose = shown.iter().filter(|s| s.prose || s.item.is_some()).take(2);
    let is_prose = of_fix.is_none()
        && prose.next().is_some_and(|s| s.prose)
        && prose.next().is_none_or(|s| s.prose);
    if is_prose {
        return indent(outline, shown);
    }
    let items: Vec<&Range<usize>> = shown
        .iter()
        .filter_map(|s| Some(&s.item.as_ref()?.0))
        .collect();
    let written = |at: &&Range<usize>| outline.slice((*at).clone()).to_owned();
    let first = usual::usual(&items, written).copied();
    // A sign that is another one than everybody's.
    let of_fix = of_fix.filter(|it| {
        let slip = |first: &&Range<usize>| items.first().is_some_and(|it| it != first);
        let same = |other: &&&Range<usize>| {
            outline.slice((**other).clone()) == outline.slice((*it).clone())
        };
        first.filter(slip).is_none() || items.iter().take(LAST).filter(same).count() > 1
    });
    let item = of_fix
        .or(first)
        .or(outline.items.first().filter(|_| shown.is_empty()));
    item.map_or("- ", |item| outline.slice(item.clone()))
        .to_owned()
}

/// What the lines of prose below a heading begin with that is no Markdown's.
fn indent(outline: &Outline<'_>, shown: &[Shown<'_>]) -> String {
    let bare = outline.releases().all(|(_, own, _)| own.level == BARE);
    let section = shown.iter().find(|s| s.prose).filter(|_| bare);
    let line = section.and_then(|s| {
        let mut lines = outline.slice(s.start..s.end).lines();
        lines.find(|line| !line.trim().is_empty())
    });
    let blank = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let line = line.unwrap_or_default();
    line.get(..blank(line)).unwrap_or_default().to_owned()
}

fn first_line_is_dos(text: &str) -> bool {
    text.split_once('\n')
        .is_some_and(|(line, _)| line.ends_with('\r'))
}

/// How many blank lines follow the line that ends here.
fn blank_below(outline: &Outline<'_>, end: usize) -> usize {
    let rest = outline.slice(end..outline.text.len());
    let blank = rest.len() - rest.trim_start().len();
    let lines = rest.get(..blank).unwrap_or_default().matches('\n').count();
    lines.saturating_sub(1)
}

/// Blank lines above the release that follows the model, or above the model.
fn gap(outline: &Outline<'_>, model: Option<usize>) -> usize {
    let starts: Vec<(usize, usize)> = outline
        .releases()
        .map(|(at, h, _)| (at, outline.above_anchor(h.span.start)))
        .collect();
    let own = starts
        .iter()
        .position(|(at, _)| Some(*at) == model)
        .unwrap_or(0);
    let blank = |start: usize| {
        let before = outline.slice(0..start);
        let content = before.trim_end();
        let between = before.get(content.len()..).unwrap_or_default();
        (!content.is_empty()).then(|| between.matches('\n').count().saturating_sub(1))
    };
    let after = starts.get(own + 1).and_then(|(_, start)| blank(*start));
    after.or_else(|| blank(starts.get(own)?.1)).unwrap_or(1)
}

/// A line across the page that ends each of the sections.
fn rule(outline: &Outline<'_>, shown: &[Shown<'_>]) -> String {
    let last = |s: &Shown<'_>| {
        let body = outline.slice(s.start..s.end);
        let line = body.lines().next_back()?.trim();
        let signs: Vec<char> = line.chars().filter(|c| *c != ' ').collect();
        let sign = *signs.first()?;
        let is_rule = signs.len() >= 3 && "-*_".contains(sign) && signs.iter().all(|c| *c == sign);
        let said = body.get(..body.len() - line.len())?;
        let blank = said.len() - said.trim_end().len();
        is_rule.then(|| {
            body.get(body.len() - line.len() - blank..)
                .unwrap_or_default()
                .to_owned()
        })
    };
    let rules: Vec<Option<String>> = shown.iter().take(2).map(last).collect();
    match rules.as_slice() {
        [Some(one), Some(_)] => one.clone(),
        _ => String::new(),
    }
}

/// The section that a new one is written like: the newest below it, or, where
/// patch releases have a form of their own, the newest of those.
pub(super) fn model(outline: &Outline<'_>, version: &Version) -> Option<usize> {
    let mut all: Vec<(usize, &Heading, &Version)> = outline.releases().collect();
    let stable = all.iter().any(|(_, _, v)| v.pre.is_empty());
    all.retain(|(_, _, v)| !stable || v.pre.is_empty());
    let mut below: Vec<_> = all.iter().filter(|(_, _, v)| *v < version).collect();
    below.sort_by(|a, b| b.2.cmp(a.2));
    let Some((near, heading, v)) = below.first() else {
        return all.iter().min_by_key(|(_, _, v)| *v).map(|(at, ..)| *at);
    };
    if v.patch == 0 {
        let is_patch = |v: &Version| v.patch > 0;
        let form = form(outline, heading);
        let patch = below.iter().find(|(_, _, v)| is_patch(v));
        if let Some((at, patch, v)) = patch {
            let other = self::form(outline, patch);
            // An older one that is no patch looks like the newest that is none.
            let older = below.iter().find(|(_, _, o)| !is_patch(o) && o < v);
            let same = older.is_some_and(|(_, older, _)| self::form(outline, older) == form);
            if other != form && same {
                return Some(*at);
            }
        }
    }
    // A heading without a date is no model where others have one.
    let dated = |h: &Heading| {
        let said = outline.slice(h.span.start..said_of_all(outline, h));
        !date::dates(said).is_empty()
    };
    let most = below.iter().take(5).filter(|(_, h, _)| dated(h)).count() * 2 > below.len().min(5);
    let other = below.iter().take(5).find(|(_, h, _)| dated(h));
    let other = other.filter(|_| !dated(heading) && (most || below.len() == 2));
    if let Some((at, ..)) = other {
        return Some(*at);
    }
    // One that differs from all before it is a slip. Of patch releases other patch
    // releases tell.
    let alike = below
        .iter()
        .filter(|(_, _, o)| (o.patch > 0) == (v.patch > 0));
    let alike: Vec<_> = alike.take(LAST).collect();
    let written = |it: &&&(usize, &Heading, &Version)| {
        let title = outline.slice(it.1.title.clone());
        let link = comparisons(title).into_iter().next();
        let link = link.and_then(|(from, to)| title.get(from.start..to.end));
        (form(outline, it.1), dated(it.1), link.map(usual::form))
    };
    let chosen = usual::usual(&alike, written).map(|it| it.0);
    Some(chosen.unwrap_or(*near))
}

/// A heading's form: its level and marks.
fn form(outline: &Outline<'_>, heading: &Heading) -> (usize, String) {
    let title = outline.slice(heading.title.clone());
    let mut marks = String::new();
    let mut in_address = false;
    for c in title.chars() {
        in_address = (in_address || marks.ends_with("](")) && c != ')';
        if !in_address && !c.is_alphanumeric() && c != '.' && c != ' ' {
            marks.push(c);
        }
    }
    (heading.level, marks)
}
