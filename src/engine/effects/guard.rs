//! The scope guard's check run on the head.

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

/// Makes the check run, or edits it: 1 call. One that is gone is made anew the
/// next time.
pub async fn write(context: &Context, wanted: &Wanted<'_>) -> Result<Outcome, Error> {
    let annotations: Vec<CheckAnnotation> = wanted.notes.iter().map(annotation).collect();
    let output = CheckOutput {
        title: wanted.title,
        summary: wanted.summary,
        annotations: &annotations,
    };
    let spec = CheckRunSpec {
        conclusion: Some(wanted.conclusion.as_str()),
        output: Some(output),
        ..CheckRunSpec::default()
    };
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
    };
    let said = format!(
        "{}\n{}\n{}",
        wanted.conclusion.as_str(),
        wanted.title,
        wanted.summary
    );
    Ok(stands(wanted, &written?, fingerprint(&said)))
}

/// Whether it stands on the head, whatever it says: 1 call for each 100 check
/// runs. To be edited it is edited again.
pub async fn look(context: &Context, wanted: &Wanted<'_>) -> Result<Found, Error> {
    if wanted.id.is_some() {
        return Ok(Found::Not);
    }
    let runs = context.repo.check_runs(wanted.head.as_str()).await?;
    let is_ours = |run: &&CheckRun| {
        let app = run.app.as_ref();
        let ours = app.is_some_and(|app| context.is_bot(&format!("{}[bot]", app.slug)));
        ours && run.name == wanted.name
    };
    Ok(match runs.iter().filter(is_ours).min_by_key(|run| run.id) {
        Some(run) => Found::Done(stands(wanted, run, String::new())),
        None => Found::Not,
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
