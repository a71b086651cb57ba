//! The bot's check runs on the head: the scope guard's, and the one that says where
//! it stands.

use super::{Context, Found, convert};
use crate::domain::event::Outcome;
use crate::domain::ids::{Sha, fingerprint};
use crate::domain::objects::{Annotation, Conclusion};
use crate::github::Error;
use crate::github::ops::{CheckAnnotation, CheckOutput, CheckRun, CheckRunSpec};

/// What is to stand on a head.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The check run's id, when it is to be edited.
    pub id: Option<u64>,
    /// The head.
    pub head: &'a Sha,
    /// How it ends.
    pub conclusion: Conclusion,
    /// What the check run is called.
    pub name: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Markdown.
    pub summary: &'a str,
    /// What is said of single lines.
    pub notes: &'a [Annotation<String>],
}

/// So many notes go with one call. (GitHub: REST, check runs, `annotations`; those
/// of a call that edits it are added to those that are there.)
const A_CALL: usize = 50;

/// Makes the check run, or edits it: 1 call for each 50 notes, and at least 1. One
/// that is gone is made anew the next time.
pub async fn write(context: &Context, wanted: &Wanted<'_>) -> Result<Outcome, Error> {
    let annotations: Vec<CheckAnnotation> = wanted.notes.iter().map(annotation).collect();
    let said = format!(
        "{}\n{}\n{}",
        wanted.conclusion.as_str(),
        wanted.title,
        wanted.summary
    );
    let hash = fingerprint(&said);
    if wanted.id.is_none() && annotations.len() > A_CALL {
        let whole = Whole {
            name: wanted.name,
            conclusion: wanted.conclusion,
            title: wanted.title,
            summary: wanted.summary,
            annotations: &annotations,
        };
        let written = write_whole(context, wanted.head, &whole).await?;
        return Ok(stands(wanted, &written, hash));
    }
    let mut pages = annotations.chunks(A_CALL);
    let says = |annotations| CheckRunSpec {
        conclusion: Some(wanted.conclusion.as_str()),
        output: Some(CheckOutput {
            title: wanted.title,
            summary: wanted.summary,
            annotations,
        }),
        ..CheckRunSpec::default()
    };
    let spec = says(pages.next().unwrap_or_default());
    let written = match wanted.id {
        Some(id) => context.repo.update_check_run(convert::id(id)?, &spec).await,
        None => {
            let spec = CheckRunSpec {
                name: Some(wanted.name),
                head_sha: Some(wanted.head.as_str()),
                ..spec
            };
            context.repo.create_check_run(&spec).await
        }
    }?;
    for page in pages {
        let more = says(page);
        context.repo.update_check_run(written.id, &more).await?;
    }
    Ok(stands(wanted, &written, hash))
}

/// A check run with all that is said of single lines.
#[derive(Clone, Copy, Debug)]
pub struct Whole<'a> {
    /// What the check run is called.
    pub name: &'a str,
    /// How it ends.
    pub conclusion: Conclusion,
    /// Its title.
    pub title: &'a str,
    /// Markdown.
    pub summary: &'a str,
    /// What is said of single lines.
    pub annotations: &'a [CheckAnnotation],
}

/// Makes the check run of this name, unless it stands on the head: 1 call for each 100
/// check runs, and 1 for each 50 notes. Until the last of them it is in progress, so
/// that one which a process left half written is told from a whole one; what it has
/// already is not said again (`annotations_count`, in the order in which they went).
pub async fn write_whole(
    context: &Context,
    head: &Sha,
    whole: &Whole<'_>,
) -> Result<CheckRun, Error> {
    let begun = ours(context, head, whole.name).await?;
    if let Some(run) = begun.as_ref().filter(|run| run.status == "completed") {
        return Ok(run.clone());
    }
    let sent = begun.as_ref().map_or(0, |run| run.output.annotations_count);
    let mut id = begun.map(|run| run.id);
    let mut left = whole.annotations.get(sent..).unwrap_or_default();
    loop {
        let (page, rest) = left.split_at(left.len().min(A_CALL));
        let is_last = rest.is_empty();
        let spec = CheckRunSpec {
            status: (!is_last).then_some("in_progress"),
            conclusion: is_last.then_some(whole.conclusion.as_str()),
            output: Some(CheckOutput {
                title: whole.title,
                summary: whole.summary,
                annotations: page,
            }),
            ..CheckRunSpec::default()
        };
        let written = match id {
            Some(id) => context.repo.update_check_run(id, &spec).await,
            None => {
                let spec = CheckRunSpec {
                    name: Some(whole.name),
                    head_sha: Some(head.as_str()),
                    ..spec
                };
                context.repo.create_check_run(&spec).await
            }
        }?;
        if is_last {
            return Ok(written);
        }
        id = Some(written.id);
        left = rest;
    }
}

/// Makes the check run that says where a hotfix stands, or edits it: 1 call. While
/// something comes of the head it is in progress, and then neutral.
pub async fn write_state(
    context: &Context,
    (id, head, done): (Option<u64>, &Sha, bool),
    (name, title, summary): (&str, &str, &str),
) -> Result<Outcome, Error> {
    let spec = CheckRunSpec {
        status: (!done).then_some("in_progress"),
        conclusion: done.then_some("neutral"),
        output: Some(CheckOutput {
            title,
            summary,
            annotations: &[],
        }),
        ..CheckRunSpec::default()
    };
    let written = match id {
        Some(id) => context.repo.update_check_run(convert::id(id)?, &spec).await,
        None => {
            let spec = CheckRunSpec {
                name: Some(name),
                head_sha: Some(head.as_str()),
                ..spec
            };
            context.repo.create_check_run(&spec).await
        }
    };
    Ok(Outcome::StateWritten {
        id: convert::count(written?.id),
        head: head.clone(),
        hash: fingerprint(&format!("{done}\n{title}")),
    })
}

/// Whether that one stands on the head, whatever it says: 1 call for each 100
/// check runs. To be edited it is edited again.
pub async fn look_state(
    context: &Context,
    id: Option<u64>,
    head: &Sha,
    name: &str,
) -> Result<Found, Error> {
    if id.is_some() {
        return Ok(Found::Not);
    }
    Ok(match ours(context, head, name).await? {
        Some(run) => Found::Done(Outcome::StateWritten {
            id: convert::count(run.id),
            head: head.clone(),
            hash: String::new(),
        }),
        None => Found::Not,
    })
}

/// The check run of ours that has this name on a head.
async fn ours(context: &Context, head: &Sha, name: &str) -> Result<Option<CheckRun>, Error> {
    let runs = context.repo.check_runs(head.as_str()).await?;
    let is_ours = |run: &CheckRun| {
        let app = run.app.as_ref();
        let ours = app.is_some_and(|app| context.is_bot(&format!("{}[bot]", app.slug)));
        ours && run.name == name
    };
    Ok(runs.into_iter().filter(is_ours).min_by_key(|run| run.id))
}

/// Whether it stands on the head, whatever it says: 1 call for each 100 check
/// runs. To be edited it is edited again.
pub async fn look(context: &Context, wanted: &Wanted<'_>) -> Result<Found, Error> {
    if wanted.id.is_some() {
        return Ok(Found::Not);
    }
    Ok(match ours(context, wanted.head, wanted.name).await? {
        // Left half written it goes on where it was.
        Some(run) if run.status == "completed" => Found::Done(stands(wanted, &run, String::new())),
        Some(_) | None => Found::Not,
    })
}

fn stands(wanted: &Wanted<'_>, run: &CheckRun, hash: String) -> Outcome {
    Outcome::GuardWritten {
        id: convert::count(run.id),
        head: wanted.head.clone(),
        hash,
    }
}

fn annotation(note: &Annotation<String>) -> CheckAnnotation {
    CheckAnnotation {
        path: note.path.clone(),
        start_line: note.line,
        end_line: note.line,
        annotation_level: if note.holds { "failure" } else { "warning" }.to_owned(),
        message: note.said.clone(),
        ..CheckAnnotation::default()
    }
}
