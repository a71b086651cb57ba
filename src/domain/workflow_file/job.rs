//! A job of a workflow file: whether it runs, what it may do, and the checks
//! that it leaves on a commit.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::act::{Act, Permissions};
use super::acts;
use super::asks::{self, Asks};
use super::gone::{self, Gone};
use super::leans;
use super::message;
use super::proves::{self, Proves};
use super::ran;
use super::ships::{self, Ship};

/// How far what a job runs could reach, whatever it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reaches {
    /// Its token is said to read alone, and no secret stands beside it.
    Nothing,
    /// Its token may write what nothing is published with: comments, checks.
    Aside,
    /// As far as the repository's settings let every token.
    ByDefault,
    /// It asks for the right to write, or takes a secret.
    Handed,
}

/// A job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its key.
    pub id: String,
    /// Its `if:`.
    pub when: Option<String>,
    /// The jobs that it waits for.
    pub needs: Vec<String>,
    /// Its `name:`.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether it runs once for each entry of a matrix.
    #[serde(default)]
    pub matrix: bool,
    /// The workflow that it calls: its `uses:`.
    #[serde(default)]
    pub calls: Option<String>,
    /// Its environment.
    #[serde(default)]
    pub environment: Option<String>,
    /// The rights of its token: its own, else the workflow's.
    #[serde(default)]
    pub permissions: Permissions,
    /// What its steps ship, one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ships: Vec<Ship>,
    /// The fingerprints of the commands that it cannot have passed without.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub ran: BTreeSet<String>,
    /// How much it says of the code once it passed, its called workflow aside.
    #[serde(default)]
    pub proves: Proves,
    /// Whether it works on pull requests alone, and says nothing of their commits.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub about_pulls: bool,
    /// What it asks of a tag before it makes the release.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<Asks>,
    /// What it asks for and GitHub does not have any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Gone>,
    /// What it may do to the outside. Of a job that an earlier version read,
    /// nothing is known.
    #[serde(default = "unknown")]
    pub acts: Vec<Act>,
}

impl Job {
    /// The name of the file of this repository that it calls.
    pub fn called(&self) -> Option<String> {
        let called = self.calls.as_deref()?;
        let file = leans::own_path(called)?.strip_prefix(".github/workflows/")?;
        Some(file.to_owned())
    }

    /// How far what it runs, and nobody reads, could reach.
    pub fn reaches(&self) -> Reaches {
        reaches(&self.permissions, &self.acts)
    }

    /// Whether a check of this name may be one that it leaves on a commit: its
    /// name, with the values of its matrix, and behind it the jobs that it
    /// calls. (GitHub: required checks go by the job's name, `caller / called`.)
    pub fn leaves(&self, check: &str) -> bool {
        let name = self.name.as_deref().unwrap_or(&self.id);
        // What is put in when it runs may be anything.
        let mut parts: Vec<&str> = Vec::new();
        let mut rest = name;
        while let Some((before, expression)) = rest.split_once("${{") {
            parts.push(before);
            rest = expression.split_once("}}").map_or("", |(_, after)| after);
        }
        let plain = parts.is_empty();
        parts.push(rest);
        let (matrix, called) = (self.matrix && plain, self.calls.is_some());
        let last = parts.pop().unwrap_or_default();
        let joined = match (matrix, called) {
            (false, false) => vec![last.to_owned()],
            (true, false) => vec![format!("{last} ("), ")".to_owned()],
            (false, true) => vec![format!("{last} / "), String::new()],
            (true, true) => vec![format!("{last} ("), ") / ".to_owned(), String::new()],
        };
        let parts = parts.into_iter().map(str::to_owned).chain(joined);
        fits_parts(&parts.collect::<Vec<_>>(), check)
    }
}

fn reaches(rights: &Permissions, acts: &[Act]) -> Reaches {
    let read = |level: &String| matches!(level.as_str(), "read" | "none");
    let handed = |act: &Act| matches!(act, Act::Secret(_) | Act::Environment(_) | Act::SignsIn(_));
    let aside = |(name, level): (&String, &String)| read(level) || ASIDE.contains(&name.as_str());
    match rights {
        _ if acts.iter().any(handed) => Reaches::Handed,
        None => Reaches::ByDefault,
        Some(rights) if rights.values().all(read) => Reaches::Nothing,
        Some(rights) if rights.iter().all(aside) => Reaches::Aside,
        Some(_) => Reaches::Handed,
    }
}

/// Rights with which no package and no release comes out. (GitHub: `permissions`; a tag
/// and a release need `contents`, packages `packages` or a registry's secret, trusted
/// publishing `id-token`.)
const ASIDE: &[&str] = &[
    "actions",
    "artifact-metadata",
    "attestations",
    "checks",
    "discussions",
    "issues",
    "models",
    "pages",
    "pull-requests",
    "repository-projects",
    "security-events",
    "statuses",
];

/// Whether a text is these parts one after another, with anything between them.
fn fits_parts(parts: &[String], text: &str) -> bool {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        return false;
    };
    let Some(mut rest) = text.strip_prefix(first.as_str()) else {
        return false;
    };
    if parts.len() == 1 {
        return rest.is_empty();
    }
    for part in parts.get(1..parts.len() - 1).unwrap_or_default() {
        let Some((_, after)) = rest.split_once(part.as_str()) else {
            return false;
        };
        rest = after;
    }
    rest.ends_with(last.as_str())
}

/// In place of jobs that were not read.
pub(super) fn unread() -> Vec<Job> {
    vec![Job {
        acts: unknown(),
        ..Job::default()
    }]
}

fn unknown() -> Vec<Act> {
    vec![Act::Unknown("a file that is to be read anew".to_owned())]
}

/// The jobs of a file.
pub(super) fn jobs(root: &Value) -> Vec<Job> {
    let ours = acts::permissions(root);
    let jobs = root.get("jobs").and_then(Value::as_object);
    let read = |(id, job): (&String, &Value)| {
        let permissions = acts::permissions(job).or_else(|| ours.clone());
        let acts = acts::of_job(root, job, &permissions);
        let folder = leans::working_directory(job);
        let folder = folder.or_else(|| leans::working_directory(root));
        let folder = folder.unwrap_or_default();
        let reaches = reaches(&permissions, &acts) > Reaches::Nothing;
        let within = reaches.then_some(folder.as_str());
        let ships = ships::of(job, within);
        let mut asks = asks::of(job);
        asks.extend(asks::checkout(job, &ships));
        asks.extend(message::asked(job, &ships));
        let environment = acts.iter().find_map(|act| match act {
            Act::Environment(name) => Some(name.clone()),
            _ => None,
        });
        Job {
            id: id.clone(),
            when: job.get("if").and_then(text),
            needs: match job.get("needs") {
                Some(Value::Array(all)) => all.iter().filter_map(text).collect(),
                one => one.and_then(text).into_iter().collect(),
            },
            name: job.get("name").and_then(text),
            matrix: job.pointer("/strategy/matrix").is_some(),
            calls: job.get("uses").and_then(text),
            environment,
            permissions,
            ships,
            ran: ran::of(root, job),
            proves: proves::of(job),
            about_pulls: proves::is_about_pulls(job),
            asks,
            gone: gone::of(job),
            acts,
        }
    };
    let mut jobs: Vec<Job> = jobs.into_iter().flatten().map(read).collect();
    // A right to write that no job takes over was asked for all the same.
    let writes = ours.iter().flatten();
    for (name, _) in writes.filter(|(_, level)| !matches!(level.as_str(), "read" | "none")) {
        let act = Act::Writes(name.clone());
        if !jobs.iter().any(|job| job.acts.contains(&act)) {
            jobs.iter_mut().for_each(|job| job.acts.push(act.clone()));
        }
    }
    jobs
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(is) => Some(is.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_found_by_the_job_that_leaves_it() {
        let of = |text: &str| {
            let root: Value = serde_saphyr::from_str(&format!("jobs:\n  test: {text}\n")).unwrap();
            jobs(&root).remove(0)
        };
        let matrix = "strategy: {matrix: {os: [a, b]}}";
        let called = "uses: ./.github/workflows/x.yml";
        for (job, leaves, never) in [
            (
                "{}".to_owned(),
                &["test"][..],
                &["Test", "test (a)", "test / a", "te", ""][..],
            ),
            ("{name: All tests}".to_owned(), &["All tests"], &["test"]),
            (
                format!("{{{matrix}}}"),
                &["test (a)", "test (a, 1.80)"],
                &["test", "test (a", "tests (a)"],
            ),
            (
                format!("{{name: \"on ${{{{ matrix.os }}}}\", {matrix}}}"),
                &["on a", "on windows-latest"],
                &["test (a)", "of a"],
            ),
            (
                format!("{{name: \"${{{{ matrix.os }}}}: test ${{{{ x }}}}!\", {matrix}}}"),
                &["a: test b!"],
                &["a: test b", "a: tests!"],
            ),
            (
                format!("{{{called}}}"),
                &["test / a", "test / a / b"],
                &["test", "a / test"],
            ),
            (
                format!("{{{called}, {matrix}}}"),
                &["test (a) / lint"],
                &["test / lint", "test (a)"],
            ),
        ] {
            let job_of = of(&job);
            for check in leaves {
                assert!(job_of.leaves(check), "{job}: {check}");
            }
            for check in never {
                assert!(!job_of.leaves(check), "{job}: {check}");
            }
        }
    }
}
