//! Whether the jobs of a workflow can run at all for a ref: an `if:` that asks
//! for another one never holds, however often the run is started again.
//!
//! Three answers: yes, no, and what cannot be known beforehand. (GitHub:
//! expressions; texts are compared regardless of case.)

use super::job::Job;

/// A pull request that was closed by its merge, as a condition sees it.
#[derive(Clone, Copy, Debug)]
pub struct Merged<'a> {
    /// `owner/name` of the repository, which its head is of as well.
    pub repo: &'a str,
    /// The branch that it brings.
    pub head: &'a str,
    /// The branch that it goes to.
    pub base: &'a str,
    /// Its title, where it is known.
    pub title: Option<&'a str>,
    /// Its labels.
    pub labels: &'a [String],
    /// Who opened and merged it.
    pub by: &'a str,
}

/// Why a run is made, as its conditions see it.
#[derive(Clone, Copy, Debug)]
pub enum Cause<'a> {
    /// A ref.
    Ref(Start<'a>),
    /// A pull request was merged.
    Merged(Merged<'a>),
}

/// What started a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Start<'a> {
    /// `push`, `workflow_dispatch`, …
    pub event: &'a str,
    /// The full ref.
    pub full_ref: &'a str,
    /// `owner/name` of the repository; empty: not known.
    pub repo: &'a str,
    /// Who did it, where that is known; of a pull request who opened it.
    pub by: Option<&'a str>,
    /// Of a pull request of ours the branch that it brings.
    pub head: Option<&'a str>,
}

/// The conditions that keep every job from ever running; none where one may run.
pub(super) fn never(jobs: &[Job], start: Start<'_>) -> Option<Vec<String>> {
    let (out, mut why) = left_out(jobs, Cause::Ref(start));
    why.dedup();
    (!jobs.is_empty() && out.len() == jobs.len()).then_some(why)
}

/// The jobs that never run, by their keys, and the conditions that say so.
pub(super) fn left_out<'j>(jobs: &'j [Job], cause: Cause<'_>) -> (Vec<&'j str>, Vec<String>) {
    let (never, rest): (Vec<&Job>, Vec<&Job>) =
        jobs.iter().partition(|job| held(job, cause) == Some(false));
    let why = never.iter().filter_map(|job| job.when.as_deref());
    let why = why.map(|when| when.trim().to_owned()).collect();
    let out = never.iter().map(|job| job.id.as_str()).collect();
    let out = grown(out, rest, |job, out| {
        let after = job.needs.iter().any(|id| out.contains(&id.as_str()));
        after && !job.when.as_deref().is_some_and(runs_all_the_same)
    });
    (out, why)
}

/// The jobs of which it is known that they run, by their keys, as long as none
/// fails.
pub(super) fn surely_run<'j>(jobs: &'j [Job], cause: Cause<'_>) -> Vec<&'j str> {
    let may = jobs.iter();
    let may = may.filter(|job| held(job, cause) == Some(true)).collect();
    grown(Vec::new(), may, |job, run| {
        let after = || job.needs.iter().all(|id| run.contains(&id.as_str()));
        job.when.as_deref().is_some_and(runs_all_the_same) || after()
    })
}

/// Whether a job's condition holds; none: it cannot be known.
fn held(job: &Job, cause: Cause<'_>) -> Option<bool> {
    job.when
        .as_deref()
        .map_or(Some(true), |when| holds(when, cause))
}

/// The keys of those that are `there`, and of those of the `rest` that come to them,
/// until nobody does: each round may bring those that wait for others.
fn grown<'j>(
    mut there: Vec<&'j str>,
    mut rest: Vec<&'j Job>,
    comes: impl Fn(&Job, &[&str]) -> bool,
) -> Vec<&'j str> {
    loop {
        let before = there.len();
        rest.retain(|job| {
            let new = comes(job, &there);
            if new {
                there.push(&job.id);
            }
            !new
        });
        if there.len() == before {
            return there;
        }
    }
}

/// Whether a job with this condition may run after one that did not.
pub(super) fn runs_all_the_same(when: &str) -> bool {
    ["always()", "failure()", "cancelled()"]
        .iter()
        .any(|word| when.contains(word))
}

/// Whether a condition holds; none: it cannot be known.
pub fn holds(text: &str, cause: Cause<'_>) -> Option<bool> {
    let text = text.trim();
    let inner = text.strip_prefix("${{").and_then(|t| t.strip_suffix("}}"));
    let text = inner.unwrap_or(text);
    if text.contains("${{") {
        return None;
    }
    let mut reader = Reader { rest: text, cause };
    let value = reader.either()?;
    reader.rest.trim().is_empty().then_some(())?;
    value.truth()
}

/// The end of an App's login.
const APP: &str = "[bot]";

/// A value that is known, or is not.
#[derive(Clone, Debug, PartialEq)]
enum Known {
    Text(String),
    Bool(bool),
    List(Vec<String>),
    /// What the event has not: `null`.
    Nothing,
    /// A person, or the App of this name: no other App.
    NoOtherApp(String),
    Unknown,
}

impl Known {
    fn truth(&self) -> Option<bool> {
        match self {
            Known::Text(text) => Some(!text.is_empty()),
            Known::Bool(is) => Some(*is),
            Known::List(_) => Some(true),
            Known::Nothing => Some(false),
            Known::NoOtherApp(_) => Some(true),
            Known::Unknown => None,
        }
    }

    fn of(truth: Option<bool>) -> Known {
        truth.map_or(Known::Unknown, Known::Bool)
    }

    /// Of two texts; else nothing is known.
    fn compare(&self, other: &Known, by: impl Fn(&str, &str) -> bool) -> Known {
        match (self, other) {
            (Known::Text(a), Known::Text(b)) => {
                Known::Bool(by(&a.to_ascii_lowercase(), &b.to_ascii_lowercase()))
            }
            _ => Known::Unknown,
        }
    }

    fn equals(&self, other: &Known) -> Known {
        match (self, other) {
            (Known::Bool(a), Known::Bool(b)) => Known::Bool(a == b),
            // Both become numbers, and nothing becomes 0, as an empty text does.
            (Known::Nothing, Known::Nothing) => Known::Bool(true),
            (Known::Nothing, Known::Bool(is)) | (Known::Bool(is), Known::Nothing) => {
                Known::Bool(!is)
            }
            (Known::NoOtherApp(own), Known::Text(app))
            | (Known::Text(app), Known::NoOtherApp(own))
                if app.ends_with(APP) && !app.eq_ignore_ascii_case(own) =>
            {
                Known::Bool(false)
            }
            (Known::Nothing, Known::Text(text)) | (Known::Text(text), Known::Nothing)
                if text.trim().parse::<f64>().is_err() =>
            {
                Known::Bool(text.trim().is_empty())
            }
            _ => self.compare(other, |a, b| a == b),
        }
    }
}

impl Start<'_> {
    fn named(&self, word: &str) -> Known {
        let full = self.full_ref;
        let (kind, short) = match (full.strip_prefix("refs/tags/"), full) {
            (Some(tag), _) => ("tag", tag),
            (None, branch) => (
                "branch",
                branch.strip_prefix("refs/heads/").unwrap_or(branch),
            ),
        };
        if lacks(self.event, word) {
            return Known::Nothing;
        }
        let of_pull = (self.event == "pull_request").then(|| self.of_our_pull(word));
        if let Some(known) = of_pull.flatten() {
            return known;
        }
        Known::Text(match word {
            "github.ref" => full.to_owned(),
            "github.ref_name" => short.to_owned(),
            "github.ref_type" => kind.to_owned(),
            "github.event_name" => self.event.to_owned(),
            "github.repository" if !self.repo.is_empty() => self.repo.to_owned(),
            "github.repository_owner" if !self.repo.is_empty() => owner(self.repo).to_owned(),
            "github.actor" | "github.triggering_actor" => match self.by {
                Some(by) => by.to_owned(),
                None => return Known::Unknown,
            },
            _ => return Known::Unknown,
        })
    }
}

impl Start<'_> {
    /// What is known of a pull request of ours: it comes from this repository, is
    /// opened by its App, and its commits are pushed by that or by people.
    fn of_our_pull(&self, word: &str) -> Option<Known> {
        let text = |text: &str| Known::Text(text.to_owned());
        if let "github.head_ref" | "github.event.pull_request.head.ref" = word {
            return self.head.map(text);
        }
        let by = self.by?;
        Some(match word {
            "github.actor" | "github.triggering_actor" => Known::NoOtherApp(by.to_owned()),
            "github.event.pull_request.user.login" => text(by),
            "github.event.pull_request.head.repo.fork" => Known::Bool(false),
            "github.event.pull_request.head.repo.full_name" if !self.repo.is_empty() => {
                Known::Text(self.repo.to_owned())
            }
            _ => return None,
        })
    }
}

/// What only some events tell, by how their names begin. (GitHub: webhook events and
/// payloads; contexts reference, `github.event`.)
const TOLD_BY: [(&str, &[&str]); 7] = [
    ("github.event.pull_request", &["pull_request"]),
    ("github.head_ref", &["pull_request"]),
    ("github.base_ref", &["pull_request"]),
    ("github.event.release", &["release"]),
    ("github.event.workflow_run", &["workflow_run"]),
    (
        "github.event.inputs",
        &["workflow_dispatch", "workflow_call"],
    ),
    ("github.event.issue", &["issue"]),
];
/// Events without an `action`.
const PLAIN: [&str; 5] = ["push", "create", "delete", "schedule", "workflow_dispatch"];

/// Whether an event has nothing under this name.
fn lacks(event: &str, word: &str) -> bool {
    let below = |of: &str| {
        let rest = word.strip_prefix(of);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let mut known = TOLD_BY.iter().filter(|(of, _)| below(of));
    let told = |by: &&[&str]| by.iter().any(|by| event.starts_with(by));
    let elsewhere = known.any(|(_, by)| !event.is_empty() && !told(by));
    elsewhere || below("github.event.action") && PLAIN.contains(&event)
}

/// The owner in `owner/name`.
fn owner(repo: &str) -> &str {
    repo.split('/').next().unwrap_or_default()
}

impl Merged<'_> {
    /// What is known of the event; all else, the ref included, is not.
    fn named(&self, word: &str) -> Known {
        let of_pull = word.strip_prefix("github.event.pull_request.");
        let owner = owner(self.repo);
        let text = match (word, of_pull) {
            (_, Some("merged")) => return Known::Bool(true),
            (_, Some("draft")) => return Known::Bool(false),
            (_, Some("labels.*.name")) => return Known::List(self.labels.to_vec()),
            (_, Some("title")) => {
                return self
                    .title
                    .map_or(Known::Unknown, |t| Known::Text(t.to_owned()));
            }
            ("github.head_ref", _) | (_, Some("head.ref")) => self.head.to_owned(),
            ("github.base_ref", _) | (_, Some("base.ref")) => self.base.to_owned(),
            (_, Some("head.label")) => format!("{owner}:{}", self.head),
            (_, Some("base.label")) => format!("{owner}:{}", self.base),
            (_, Some("state")) | ("github.event.action", _) => "closed".to_owned(),
            (_, Some("user.login")) | ("github.actor", _) => self.by.to_owned(),
            ("github.repository", _) | (_, Some("head.repo.full_name" | "base.repo.full_name")) => {
                self.repo.to_owned()
            }
            ("github.repository_owner", _) => owner.to_owned(),
            _ => return Known::Unknown,
        };
        Known::Text(text)
    }
}

/// Reads an expression from left to right; none where it is not understood.
struct Reader<'a> {
    rest: &'a str,
    cause: Cause<'a>,
}

impl<'a> Reader<'a> {
    fn takes(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start();
        match rest.strip_prefix(word) {
            Some(after) => {
                self.rest = after;
                true
            }
            None => false,
        }
    }

    fn either(&mut self) -> Option<Known> {
        let mut value = self.both()?;
        while self.takes("||") {
            let other = self.both()?;
            value = match (value.truth(), other.truth()) {
                (Some(true), _) | (_, Some(true)) => Known::Bool(true),
                (Some(false), Some(false)) => Known::Bool(false),
                _ => Known::Unknown,
            };
        }
        Some(value)
    }

    fn both(&mut self) -> Option<Known> {
        let mut value = self.compared()?;
        while self.takes("&&") {
            let other = self.compared()?;
            value = match (value.truth(), other.truth()) {
                (Some(false), _) | (_, Some(false)) => Known::Bool(false),
                (Some(true), Some(true)) => Known::Bool(true),
                _ => Known::Unknown,
            };
        }
        Some(value)
    }

    fn compared(&mut self) -> Option<Known> {
        let value = self.one()?;
        if self.takes("==") {
            return Some(value.equals(&self.one()?));
        }
        if self.takes("!=") {
            let same = value.equals(&self.one()?);
            return Some(Known::of(same.truth().map(|same| !same)));
        }
        Some(value)
    }

    fn one(&mut self) -> Option<Known> {
        if self.takes("!") {
            let value = self.one()?;
            return Some(Known::of(value.truth().map(|is| !is)));
        }
        if self.takes("(") {
            let value = self.either()?;
            return self.takes(")").then_some(value);
        }
        if self.takes("'") {
            return self.text();
        }
        let rest = self.rest.trim_start();
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || "._-*".contains(c)))
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(end)?;
        if word.is_empty() {
            return None;
        }
        self.rest = after;
        if self.takes("(") {
            return self.call(&word.to_ascii_lowercase());
        }
        // An index says what nobody knows beforehand.
        if self.takes("[") {
            let end = self.rest.find(']')?;
            self.rest = self.rest.get(end + 1..)?;
            return Some(Known::Unknown);
        }
        Some(self.named(&word.to_ascii_lowercase()))
    }

    fn text(&mut self) -> Option<Known> {
        let mut text = String::new();
        loop {
            let end = self.rest.find('\'')?;
            text.push_str(self.rest.get(..end)?);
            self.rest = self.rest.get(end + 1..)?;
            // A doubled quote is one that is meant.
            match self.rest.strip_prefix('\'') {
                Some(after) => {
                    text.push('\'');
                    self.rest = after;
                }
                None => return Some(Known::Text(text)),
            }
        }
    }

    fn named(&self, word: &str) -> Known {
        match (word, self.cause) {
            ("true", _) => Known::Bool(true),
            ("false", _) => Known::Bool(false),
            (_, Cause::Ref(start)) => start.named(word),
            (_, Cause::Merged(pull)) => pull.named(word),
        }
    }

    fn call(&mut self, name: &str) -> Option<Known> {
        let mut arguments = Vec::new();
        while !self.takes(")") {
            arguments.push(self.either()?);
            self.takes(",");
        }
        for argument in &mut arguments {
            if *argument == Known::Nothing {
                *argument = Known::Text(String::new());
            }
        }
        Some(match (name, arguments.as_slice()) {
            ("startswith", [of, what]) => of.compare(what, |a, b| a.starts_with(b)),
            ("endswith", [of, what]) => of.compare(what, |a, b| a.ends_with(b)),
            ("contains", [Known::List(all), Known::Text(what)]) => {
                Known::Bool(all.iter().any(|one| one.eq_ignore_ascii_case(what)))
            }
            ("contains", [of, what]) => of.compare(what, |a, b| a.contains(b)),
            ("always", []) => Known::Bool(true),
            _ => Known::Unknown,
        })
    }
}

#[cfg(test)]
mod tests;
