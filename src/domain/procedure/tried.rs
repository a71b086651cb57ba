//! Where the head was tried, and what of the critical path was run: each
//! platform and each command with what shows it, a run or a person's word.

use super::branch::Branched;
use super::commits::is_by_people;
use super::hollow::{self, shown};
use super::required::required;
use super::runs::{self, counting, critical_path};
use super::step::Case;
use super::triggers::at_head;
use crate::domain::effect::Slot;
use crate::domain::facts::Word;
use crate::domain::ids::{Sha, fingerprint};
use crate::domain::item::Item;
use crate::domain::objects::{Build, Object, RanJob, Run};
use crate::domain::outside::Outside;
use crate::domain::part::Part;
use crate::domain::platform;
use crate::domain::read::Read;
use crate::domain::slot::Place;

/// Something that is to be tried, and what did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// A platform, or a command.
    pub what: Outside,
    /// What shows it; none: nothing.
    pub by: Option<TriedBy>,
}

/// What shows that something was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TriedBy {
    /// A person's word.
    Person {
        /// Whose.
        login: String,
        /// What they added.
        note: Option<Outside>,
    },
    /// A step of this workflow file, whose run passed.
    Step {
        /// The file.
        file: String,
    },
    /// A job of a required run, on a runner that is called so.
    Job {
        /// Its name.
        name: Outside,
        /// Its page.
        url: String,
    },
}

/// The required runs of the head, once all of them passed; none before, and where
/// nothing is required.
fn green<'a>(c: &Case<'a>, branched: &Branched, head: &Sha) -> Option<Vec<&'a Run>> {
    let required = required(c, branched).into_iter();
    let passed = |file: String| counting(c, branched, &file, head).filter(|run| run.passed());
    let runs: Option<Vec<_>> = required.map(passed).collect();
    runs.filter(|runs| !runs.is_empty())
}

/// The tests that people's commits add.
pub fn own_tests(c: &Case<'_>, branched: &Branched) -> Vec<Outside> {
    let Some(head) = &branched.head else {
        return Vec::new();
    };
    let files = head.files.iter();
    let by_people = files.filter(|file| is_by_people(c.line, &head.commits, &file.path));
    let mut tests: Vec<_> = by_people.flat_map(|file| file.tests.clone()).collect();
    tests.truncate(TESTS);
    tests
}

/// So many of the fix's own tests are looked for.
const TESTS: usize = 10;

/// What is asked of the runs, once all of them passed: where they ran where that
/// matters, what they built for who tries it by hand, the fix's own tests.
pub fn look(c: &Case<'_>, branched: &Branched, head: &Sha) -> Option<(Read, String)> {
    green(c, branched, head)?;
    let required = required(c, branched);
    // Also those that another one of their file stands for: what each did is then
    // known of all at once.
    let passed = required
        .iter()
        .flat_map(|file| runs::passed(c, branched, file, head));
    let mut passed: Vec<&Run> = passed.collect();
    passed.sort_by_key(|run| run.id);
    let tests = own_tests(c, branched);
    let builds = c.policy.test.manual;
    let hollow = required.iter().any(|file| hollow::may_be(branched, file));
    if !builds && tests.is_empty() && wanted(c).is_empty() && !hollow {
        return None;
    }
    let attempts = passed
        .iter()
        .map(|run| format!("{}.{}", run.id, run.attempt));
    let attempts = fingerprint(&attempts.collect::<Vec<_>>().join(","));
    let subject = format!("{}/{attempts}", head.short());
    let runs = passed.into_iter().map(|run| run.id).collect();
    let sha = head.clone();
    let read = Read::Jobs {
        sha,
        runs,
        tests,
        builds,
    };
    Some((read, subject))
}

/// The platforms that count: those of `test.platforms`, else those on which the
/// bug was seen, as the matrix was answered.
pub fn wanted(c: &Case<'_>) -> Vec<String> {
    let named = &c.policy.test.platforms;
    match (named.is_empty(), &c.facts.answers.platform) {
        (true, Some(seen)) => {
            let seen = platform::named(&seen.folded()).into_iter();
            seen.map(|name| platform::shown(&name)).collect()
        }
        _ => named.clone(),
    }
}

/// The platforms that count, each with what tried the head there; then those
/// that people named beside.
pub fn on_platforms(c: &Case<'_>, branched: &Branched, head: &Sha) -> Vec<Tried> {
    let wanted = wanted(c);
    let said = said(c, head);
    let on = |name: &String| Tried {
        what: name.as_str().into(),
        by: on_platform(c, branched, head, name),
    };
    let beside = said.iter().filter(|(name, _)| {
        let counts = |wanted: &String| platform::covers(&[*name], wanted);
        !wanted.iter().any(counts)
    });
    let beside = beside.map(|(name, word)| Tried {
        what: platform::shown(name).into(),
        by: Some(by_word(word)),
    });
    wanted.iter().map(on).chain(beside).collect()
}

/// What is missing of the platforms of `test.platforms`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Nothing, or the runs are waited for all the same.
    Nothing,
    /// Where they ran is being read.
    Looking,
    /// Nothing tried the head on these.
    Platforms(Vec<String>),
}

/// The platforms of `test.platforms` on which nothing tried the head, once
/// nothing more is to come.
pub fn missing(c: &Case<'_>, branched: &Branched, head: &Sha) -> Missing {
    let named = c.policy.test.platforms.iter();
    let untried = |name: &&String| on_platform(c, branched, head, name).is_none();
    let missing: Vec<String> = named.filter(untried).cloned().collect();
    let by_runs = !required(c, branched).is_empty() && critical_path(c, head).is_none();
    match (missing.is_empty(), green(c, branched, head)) {
        (true, _) => Missing::Nothing,
        (false, None) if by_runs => Missing::Nothing,
        (false, Some(_)) if shown(c, head).is_none() && !is_refused(c) => Missing::Looking,
        (false, _) => Missing::Platforms(missing),
    }
}

/// Whether GitHub does not say where they ran.
pub fn is_refused(c: &Case<'_>) -> bool {
    let place = Place {
        line: c.id.clone(),
        slot: Slot::Read(Object::Jobs),
    };
    c.facts.refused.contains_key(&place) || c.facts.blocked.contains_key(&place)
}

fn on_platform(c: &Case<'_>, branched: &Branched, head: &Sha, wanted: &str) -> Option<TriedBy> {
    let mut said = said(c, head).into_iter();
    let word = said.find(|(name, _)| platform::covers(&[*name], wanted));
    if let Some((_, word)) = word {
        return Some(by_word(word));
    }
    let runs = green(c, branched, head)?;
    let of_these = |job: &&RanJob| job.passed && runs.iter().any(|run| run.id == job.run);
    let mut jobs = shown(c, head)?.jobs.iter().filter(of_these);
    let there = jobs.find(|job| {
        let labels: Vec<&str> = job.labels.iter().map(String::as_str).collect();
        platform::covers(&labels, wanted)
    });
    there.map(|job| TriedBy::Job {
        name: job.name.clone(),
        url: job.url.clone(),
    })
}

/// The platforms on which people say that they tried this head.
fn said<'a>(c: &Case<'a>, head: &Sha) -> Vec<(&'a str, &'a Word)> {
    let parts = c.facts.parts.iter();
    let of_head = parts.filter(|(_, word)| word.head.as_ref() == Some(head));
    let platforms = of_head.filter_map(|(part, word)| match part {
        Part::Platform(name) => Some((name.as_str(), word)),
        Part::Command(_) => None,
    });
    platforms.collect()
}

fn by_word(word: &Word) -> TriedBy {
    TriedBy::Person {
        login: word.by.login.clone(),
        note: word.note.clone(),
    }
}

/// The commands of `test.commands`, each with who or what ran it on the head.
pub fn commands(c: &Case<'_>, branched: &Branched, head: &Sha) -> Vec<Tried> {
    let all = c.policy.test.commands.iter();
    let ran = |command: &String| Tried {
        what: command.as_str().into(),
        by: ran(c, branched, head, command),
    };
    all.map(ran).collect()
}

fn ran(c: &Case<'_>, branched: &Branched, head: &Sha, command: &str) -> Option<TriedBy> {
    let of_head = |word: &&Word| word.head.as_ref() == Some(head);
    let said = c.facts.parts.get(&Part::Command(command.to_owned()));
    if let Some(word) = said.filter(of_head) {
        return Some(by_word(word));
    }
    let passed = |file: &String| {
        counting(c, branched, file, head).is_some_and(|run| run.passed())
            && at_head(branched, file).is_some_and(|workflow| workflow.file.runs(command))
    };
    if let Some(file) = required(c, branched).into_iter().find(passed) {
        return Some(TriedBy::Step { file });
    }
    // Who gave their word for the whole critical path spoke of this one, too.
    critical_path(c, head)?;
    let word = c.facts.words.get(&Item::CriticalPath);
    word.map(by_word)
}

/// The tests that the fix adds, each with the page of the job whose log shows it
/// to have passed.
pub fn own_tests_shown(
    c: &Case<'_>,
    branched: &Branched,
    head: &Sha,
) -> Vec<(Outside, Option<String>)> {
    let jobs = shown(c, head);
    let page = |test: &Outside| {
        let jobs = jobs?;
        let (_, id) = jobs.shown.iter().find(|(shown, _)| shown == test)?;
        let job = jobs.jobs.iter().find(|job| job.id == *id)?;
        Some(job.url.clone())
    };
    let tests = own_tests(c, branched).into_iter();
    tests.map(|test| (test.clone(), page(&test))).collect()
}

/// What the required runs of the head built: names and pages.
pub fn builds(c: &Case<'_>, branched: &Branched, head: &Sha) -> Vec<(Outside, String)> {
    let runs = green(c, branched, head).unwrap_or_default();
    let built = shown(c, head).map_or(&[][..], |jobs| &jobs.builds);
    let page = |build: &Build| {
        let run = runs.iter().find(|run| run.id == build.run)?;
        let url = format!("{}/artifacts/{}", run.url, build.id);
        Some((build.name.clone(), url))
    };
    built.iter().filter_map(page).collect()
}

/// The command that people mean: by its number in the list, or by its text.
pub fn command<'a>(there: &'a [String], asked: &str) -> Option<&'a str> {
    let asked = asked.trim().trim_matches('`').trim();
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let number = asked.parse::<usize>().ok();
    let by_number = number.and_then(|n| there.get(n.checked_sub(1)?));
    let by_text = || there.iter().find(|it| plain(it) == plain(asked));
    by_number.or_else(by_text).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_meant_by_its_number_or_by_its_text() {
        let there = ["cargo test --test cli".to_owned(), "make  e2e".to_owned()];
        for (asked, meant) in [
            ("1", Some("cargo test --test cli")),
            ("2", Some("make  e2e")),
            ("make e2e", Some("make  e2e")),
            ("`cargo test --test cli`", Some("cargo test --test cli")),
            ("0", None),
            ("3", None),
            ("cargo test", None),
            ("", None),
        ] {
            assert_eq!(command(&there, asked), meant, "{asked}");
        }
    }
}
