//! The report of a rehearsal as JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use super::comment_text::{derived_in, preflight_in};
use super::judge::{Hotfix, Item, Verdict};
use super::view::{View, file_of};
use super::your_repo::{Asked, Question, Shape, lines_to_paste};
use crate::sim::actions::condition::Context;
use crate::sim::actions::infer::effects;

/// Everything that is reported; `schema` 1.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The shape of this report.
    pub schema: u32,
    /// `finished`; `asked`: it stopped at a question that nobody of the cast may
    /// answer; `failed`: anything else.
    pub outcome: &'static str,
    /// Why it ended, in words.
    pub reason: String,
    /// Of a scenario: what did not come as it expects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unexpected: Option<Vec<String>>,
    /// What the hotfix is.
    pub hotfix: Hotfix,
    /// The document's ten steps.
    pub steps: Vec<StepReport>,
    /// Its 24 items.
    pub checklist: Vec<Item>,
    /// The bot's comments.
    pub comments: Vec<CommentReport>,
    /// As counted by the stand-in.
    pub deliveries: Deliveries,
    /// As counted by the stand-in.
    pub api: Api,
    /// What was read from the steps of workflows, and done in their name.
    pub inferred: Vec<String>,
    /// What preflight found in the repository's settings.
    pub preflight: Vec<String>,
    /// What nobody configured and was derived, each with what overrules it.
    pub derived: Vec<String>,
    /// What would have stopped the hotfix; only on a repository of one's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub would_have_stopped: Option<Vec<String>>,
    /// What the bot asked that an ordinary hotfix has no need of.
    pub questions: Vec<Question>,
    /// Lines for `.github/hotfix.toml` that answer questions or write down what
    /// was derived, as the bot's comments give them.
    pub hotfix_toml: Vec<String>,
    /// What ran on the hotfix branch before the decision.
    pub before_the_decision: Vec<Started>,
    /// The repository's measures.
    pub shape: Shape,
    /// How long it really took, seconds.
    pub wall_seconds: f64,
}

/// A workflow that ran before there was a tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Started {
    /// Its file.
    pub file: String,
    /// `push`, `pull_request`, `workflow_dispatch`.
    pub event: String,
    /// Whether the bot asked for it, and no event of GitHub's.
    pub by_the_bot: bool,
    /// What its steps would do to the outside, as read from their text.
    pub does: Vec<String>,
}

/// A step.
#[derive(Clone, Debug, Serialize)]
pub struct StepReport {
    /// Its number in the document.
    pub number: u8,
    /// Its name.
    pub name: &'static str,
    /// Whether it is proven.
    pub done: bool,
    /// What proves it, or what is missing.
    pub evidence: String,
    /// From the proof before it to this one, seconds on the stand-in's clock.
    pub simulated_seconds: Option<i64>,
}

/// A comment by the bot.
#[derive(Clone, Debug, Serialize)]
pub struct CommentReport {
    /// `issue #1` or `pull request #2`.
    pub on: String,
    /// Its login.
    pub author: String,
    /// How often it was edited.
    pub edits: usize,
    /// Its present text.
    pub body: String,
}

/// Deliveries.
#[derive(Clone, Debug, Serialize)]
pub struct Deliveries {
    /// Attempts that reached the wire.
    pub sent: u64,
    /// Attempts beyond the first of one delivery.
    pub duplicates: u64,
    /// Lost on purpose.
    pub dropped: u64,
}

/// Calls that the bot made.
#[derive(Clone, Debug, Serialize)]
pub struct Api {
    /// All, the registry's included.
    pub calls: usize,
    /// Those that change something.
    pub writes: usize,
    /// Those answered by 304: nothing has changed, and the rate limit is not used.
    pub unchanged: usize,
    /// How often each operation was called.
    pub by_operation: BTreeMap<String, usize>,
    /// Method and path of what the stand-in does not serve.
    pub unsupported: Vec<String>,
}

impl Report {
    /// Whether it ended as it should: as its scenario has it, or finished.
    pub fn is_as_expected(&self) -> bool {
        match &self.unexpected {
            Some(unexpected) => unexpected.is_empty(),
            None => self.outcome == "finished",
        }
    }

    /// Writes down what there is to see.
    pub fn new(
        view: &View<'_>,
        verdict: &Verdict,
        asked: &Asked,
        reason: &str,
        wall_seconds: f64,
    ) -> Report {
        let steps = verdict.steps.iter().map(|s| StepReport {
            number: s.number,
            name: s.name,
            done: s.answer.is_ok(),
            evidence: match &s.answer {
                Ok(proof) => proof.evidence.clone(),
                Err(why) => why.clone(),
            },
            simulated_seconds: s.took.map(|ms| ms / 1_000),
        });
        let deliveries = &view.world.deliveries;
        Report {
            schema: 1,
            outcome: match (verdict.is_finished(), asked.is_open()) {
                (true, _) => "finished",
                (false, true) => "asked",
                (false, false) => "failed",
            },
            reason: reason.to_owned(),
            unexpected: None,
            hotfix: verdict.hotfix.clone(),
            steps: steps.collect(),
            checklist: verdict.checklist.clone(),
            comments: comments(view),
            deliveries: Deliveries {
                sent: deliveries.sent,
                duplicates: deliveries.duplicates,
                dropped: deliveries.dropped,
            },
            api: api(view),
            inferred: inferred(view),
            preflight: view.status().map_or_else(Vec::new, |c| {
                // After the tag it is not said any more.
                let before = c.edits.iter().rev().map(|edit| &edit.body);
                let said = std::iter::once(&c.body).chain(before);
                let mut said = said.map(|body| preflight_in(body));
                said.find(|found| !found.is_empty()).unwrap_or_default()
            }),
            derived: view.status().map_or_else(Vec::new, |c| derived_in(&c.body)),
            would_have_stopped: None,
            questions: asked.all().to_vec(),
            hotfix_toml: view
                .status()
                .map_or(Vec::new(), |c| lines_to_paste(&c.body)),
            before_the_decision: started(view),
            shape: Shape::default(),
            wall_seconds: (wall_seconds * 1_000.0).round() / 1_000.0,
        }
    }

    /// Writes the report to a file.
    ///
    /// # Errors
    /// In words, with the file's name.
    pub fn write(&self, path: &Path) -> Result<(), String> {
        let failed = |e: &dyn std::fmt::Display| format!("the report {}: {e}", path.display());
        let mut text = serde_json::to_string_pretty(self).map_err(|e| failed(&e))?;
        text.push('\n');
        std::fs::write(path, text).map_err(|e| failed(&e))
    }
}

fn started(view: &View<'_>) -> Vec<Started> {
    let tagged = view.tag().and_then(|tag| {
        view.changes(&format!("refs/tags/{tag}"))
            .first()
            .map(|c| c.at)
    });
    let before = |at| tagged.is_none_or(|tagged| at < tagged);
    let runs = view.repo.actions.runs.values();
    let mut found: Vec<Started> = Vec::new();
    for run in runs.filter(|r| r.created_at >= view.scene.started && before(r.created_at)) {
        let left_out = |key: &str| {
            let mut of_key = run.jobs.iter().filter(|job| job.key == key).peekable();
            of_key.peek().is_some()
                && of_key.all(|job| job.conclusion.as_deref() == Some("skipped"))
        };
        let jobs = run.flow.iter().flat_map(|f| &f.jobs);
        let steps = jobs.filter(|job| !left_out(&job.id)).flat_map(|j| &j.steps);
        let does = steps.flat_map(|s| effects(s, &Context::default(), false));
        // Jobs of a matrix and of platforms do the same.
        let mut seen = BTreeSet::new();
        let does = does.map(|e| e.words().to_owned());
        let does: Vec<String> = does.filter(|words| seen.insert(words.clone())).collect();
        let started = Started {
            file: file_of(run).to_owned(),
            event: run.event.clone(),
            by_the_bot: run.actor == view.scene.bot && run.event == "workflow_dispatch",
            does,
        };
        if !found.contains(&started) {
            found.push(started);
        }
    }
    found
}

fn comments(view: &View<'_>) -> Vec<CommentReport> {
    let ours = view
        .repo
        .comments
        .values()
        .filter(|c| c.author == view.scene.bot);
    let on = |number: u64| {
        let pull = view
            .repo
            .issues
            .get(&number)
            .is_some_and(|i| i.pull.is_some());
        format!("{} #{number}", if pull { "pull request" } else { "issue" })
    };
    ours.map(|c| CommentReport {
        on: on(c.issue),
        author: view.login(c.author).to_owned(),
        edits: c.edits.len().saturating_sub(1),
        body: c.body.clone(),
    })
    .collect()
}

fn inferred(view: &View<'_>) -> Vec<String> {
    let since = view.scene.started;
    let all = view.repo.actions.inferred.iter().filter(|i| i.at >= since);
    // Jobs of a matrix, and runs that are tried again, tell the same.
    let mut told: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    for i in all {
        let file = i.file.rsplit('/').next().unwrap_or(&i.file);
        match told
            .iter_mut()
            .find(|t| (t.0, t.1) == (file, i.what.as_str()))
        {
            Some((.., jobs)) if jobs.contains(&i.job.as_str()) => {}
            Some((.., jobs)) => jobs.push(&i.job),
            None => told.push((file, &i.what, vec![&i.job])),
        }
    }
    let line = |(file, what, jobs): (&str, &str, Vec<&str>)| {
        let first = jobs.first().copied().unwrap_or_default();
        let more = match jobs.len().saturating_sub(1) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!("{file}, job {first}{more}: {what}")
    };
    told.into_iter().map(line).collect()
}

fn api(view: &View<'_>) -> Api {
    let mut api = Api {
        calls: 0,
        writes: 0,
        unchanged: 0,
        by_operation: BTreeMap::new(),
        unsupported: view.world.log.unsupported.clone(),
    };
    for call in &view.world.log.calls {
        api.calls += 1;
        api.writes += usize::from(call.is_write);
        api.unchanged += usize::from(call.status == 304);
        let operation = call
            .operation
            .clone()
            .unwrap_or_else(|| "unsupported".to_owned());
        *api.by_operation.entry(operation).or_default() += 1;
    }
    api
}
