//! The check run on a pull request that brings another configuration.

use super::{Context, guard, policy};
use crate::domain::ids::Sha;
use crate::domain::policy::PATH;
use crate::domain::text::{CONFIGURATION, ConfigNote, Proposal, proposal};
use crate::github::Error;
use crate::github::ops::{ChangedFile, CheckAnnotation};

/// Writes what is wrong with the configuration at this head, where the pull request
/// touches it and still has that head; whether it touches it: 1 call for each 100 files;
/// where they hold it 1 for the pull request, at least 2 for the file, 1 for each 100
/// check runs of the head, and 1 for each 50 faults.
pub async fn check(context: &Context, number: i64, head: &str) -> Result<bool, Error> {
    let files = match context.repo.pull_files(number).await {
        Err(Error::NotFound) => return Ok(false),
        files => files?,
    };
    let Some(touched) = files.iter().find(|file| touches(file)) else {
        return Ok(false);
    };
    let Some(pull) = context.repo.pull(number).await? else {
        return Ok(false);
    };
    if let Some(repo) = &pull.base.repo {
        context.is_ours(repo.id)?;
    }
    if pull.state != "open" || pull.head.sha != head {
        // Another head is another wish.
        return Ok(pull.state == "open");
    }
    let head = Sha::new(head);
    let is_there = touched.filename == PATH && touched.status != "removed";
    let proposal = match is_there {
        true => proposal(Proposal::Read(&policy::proposed(context, &head).await?)),
        false => proposal(Proposal::Gone),
    };
    let notes: Vec<CheckAnnotation> = proposal.notes.iter().map(annotation).collect();
    let written = guard::Whole {
        name: CONFIGURATION,
        conclusion: proposal.conclusion,
        title: &proposal.title,
        summary: &proposal.summary,
        annotations: &notes,
    };
    guard::write_whole(context, &head, &written).await?;
    Ok(true)
}

/// The open pull requests of a branch to the default branch, with their heads, but for
/// the bot's own: 1 call for each 100.
pub async fn of_branch(context: &Context, branch: &str) -> Result<Vec<(i64, String)>, Error> {
    let pulls = context.repo.pulls_of_head(branch).await?;
    let open = pulls.into_iter().filter(|pull| {
        let by = pull.user.as_ref().map(|by| by.login.as_str());
        pull.state == "open"
            && pull.base.name == context.default_branch
            && by != Some(&*context.bot)
    });
    Ok(open.map(|pull| (pull.number, pull.head.sha)).collect())
}

/// Whether it is the configuration, or was.
fn touches(file: &ChangedFile) -> bool {
    file.filename == PATH || file.previous_filename.as_deref() == Some(PATH)
}

fn annotation(note: &ConfigNote) -> CheckAnnotation {
    CheckAnnotation {
        path: note.path.clone(),
        start_line: note.line,
        end_line: note.line,
        start_column: Some(note.column),
        end_column: Some(note.column),
        annotation_level: "failure".to_owned(),
        message: note.said.clone(),
        title: None,
    }
}
