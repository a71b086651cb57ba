//! The configuration of the repository.

use super::{Context, base, foresee, refused};
use crate::domain::event::Outcome;
use crate::domain::ids::Sha;
use crate::domain::objects::{ConfigFault, Observation, PolicyRead};
use crate::domain::policy::{self, ConfigError, Policy};
use crate::github::Error;
use std::sync::Arc;

/// The configuration on the default branch: 2 calls, 1 more where it names
/// workflow files, 1 more where it names a template of the notes, and 2 more where the default branch has another name now. Where
/// a hotfix is to begin by the label of somebody, those of [`foresee::begin`]
/// in place of the first.
pub async fn read(context: &Context, ahead: Option<&str>) -> Result<Outcome, Error> {
    if let Some(login) = ahead {
        // It tells the head, too.
        Box::pin(foresee::begin(context, login)).await;
    }
    let Some(commit) = head(context).await? else {
        return Ok(refused("the repository's default branch has no commit"));
    };
    let read = judged(context, &commit, "on the default branch").await?;
    Ok(Outcome::seen(Observation::Policy(read)))
}

/// The configuration as it would be read once this head were the default branch's: 1
/// call, and more where it names files.
pub async fn proposed(context: &Context, head: &Sha) -> Result<PolicyRead, Error> {
    judged(context, head, "at this commit").await
}

/// The configuration at a commit, which stands in these words.
async fn judged(context: &Context, commit: &Sha, at: &str) -> Result<PolicyRead, Error> {
    let file = context.repo.file(policy::PATH, commit.as_str()).await?;
    let read = |text: Option<&str>, policy: Policy, faults, notes| {
        Ok(PolicyRead {
            commit: commit.clone(),
            own_file: text.is_some(),
            policy: Arc::new(policy),
            faults,
            notes,
        })
    };
    let Some(file) = file else {
        return read(None, Policy::default(), Vec::new(), None);
    };
    let Ok(text) = String::from_utf8(file.bytes) else {
        let fault = ConfigFault {
            message: "it is no UTF-8 text".into(),
            ..ConfigFault::default()
        };
        return read(Some(""), Policy::default(), vec![fault], None);
    };
    let errors = match policy::parse(&text) {
        Ok(policy) => {
            let named = named_files(&policy);
            let there = if named.is_empty() {
                Vec::new()
            } else {
                base::workflow_names(context, commit).await?
            };
            let errors = missing(&named, &there, &text, at);
            if errors.is_empty() {
                return match notes(context, &policy, commit, (&text, at)).await? {
                    Ok(notes) => read(Some(&text), policy, Vec::new(), notes),
                    Err(faults) => read(Some(&text), Policy::default(), faults, None),
                };
            }
            errors
        }
        Err(errors) => errors,
    };
    let faults = errors.into_iter();
    let faults = faults.map(|error| ConfigFault::of(error, &text)).collect();
    read(Some(&text), Policy::default(), faults, None)
}

/// The repository's own template of the notes, or what is wrong with it.
async fn notes(
    context: &Context,
    policy: &Policy,
    commit: &Sha,
    (text, at): (&str, &str),
) -> Result<Result<Option<String>, Vec<ConfigFault>>, Error> {
    let Some(path) = policy.announce.notes_template() else {
        return Ok(Ok(None));
    };
    let there = context.repo.file(path, commit.as_str()).await?;
    let there = there.map(|file| String::from_utf8(file.bytes));
    let Some(Ok(template)) = there else {
        let is = match there {
            None => &format!("there is no file of this name {at}"),
            Some(_) => "it is no UTF-8 text",
        };
        let error = placed(path, text, format!("announce.notes: {is}"), None);
        return Ok(Err(vec![ConfigFault::of(error, text)]));
    };
    // As the notes are read back.
    let template = template.replace("\r\n", "\n");
    let faults: Vec<_> = policy::notes_faults(&template)
        .into_iter()
        .map(|error| ConfigFault {
            file: Some(path.into()),
            ..ConfigFault::of(error, &template)
        })
        .collect();
    Ok(match faults.is_empty() {
        true => Ok(Some(template)),
        false => Err(faults),
    })
}

/// The head of the default branch.
async fn head(context: &Context) -> Result<Option<Sha>, Error> {
    let repo = &context.repo;
    let known = &context.default_branch;
    if let Some(there) = repo.branch_head(known).await? {
        return Ok(Some(Sha::new(there)));
    }
    let there = repo.get().await?;
    context.is_ours(there.id)?;
    let now = there.default_branch;
    let there = repo.git_ref(&format!("heads/{now}")).await?;
    Ok(there.map(|there| Sha::new(there.object.sha)))
}

/// The workflow files that a policy names, each once.
fn named_files(policy: &Policy) -> Vec<&str> {
    let tests = policy.test.workflows.written().into_iter().flatten();
    let release = policy
        .release
        .workflow
        .iter()
        .map(|workflow| &workflow.file);
    let mut names = Vec::new();
    for name in tests.chain(release).map(String::as_str) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// An error for each named file that is not there, where the text names it.
fn missing(named: &[&str], there: &[String], text: &str, at: &str) -> Vec<ConfigError> {
    let is_there = |name: &str| there.iter().any(|file| file == name);
    let absent = named.iter().filter(|name| !is_there(name));
    absent.map(|name| error(name, there, text, at)).collect()
}

fn error(name: &str, there: &[String], text: &str, at: &str) -> ConfigError {
    let hint = match there {
        [] => format!("`{}` holds no workflow file", base::WORKFLOWS),
        files => format!("there are {}", files.join(", ")),
    };
    let message = format!("there is no workflow file `{name}` {at}");
    placed(name, text, message, Some(hint))
}

/// What is wrong with a name, where the text has it.
fn placed(name: &str, text: &str, message: String, hint: Option<String>) -> ConfigError {
    // In quotes, with or without the folder before it.
    let at = ['"', '\'']
        .iter()
        .find_map(|quote| text.find(&format!("{name}{quote}")))
        .or_else(|| text.find(name));
    let start = at.unwrap_or_default();
    let before = text.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    ConfigError {
        line: before.matches('\n').count() + 1,
        column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
        message,
        hint,
        start,
        end: start + at.map_or(0, |_| name.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workflow_that_is_not_there_is_shown_in_its_place() {
        let text = "schema = 1\n[test]\nworkflows = [\"ci.yml\", \"tests.yml\"]\n\
                    [[release.workflow]]\nfile = \".github/workflows/publish.yml\"\n";
        let policy = policy::parse(text).unwrap();
        let named = named_files(&policy);
        assert_eq!(named, ["ci.yml", "tests.yml", "publish.yml"]);
        let there = ["ci.yml".to_owned()];
        let errors = missing(&named, &there, text, "at this commit");
        let places: Vec<_> = errors.iter().map(|e| (e.line, e.column)).collect();
        assert_eq!(places, [(3, 25), (5, 27)]);
        assert_eq!(&text[errors[1].start..errors[1].end], "publish.yml");
        let fault = ConfigFault::of(errors[0].clone(), text);
        assert!(
            fault
                .message
                .contains("no workflow file `tests.yml` at this commit")
        );
        assert_eq!(fault.hint, Some("there are ci.yml".into()));
        assert_eq!(fault.source, "workflows = [\"ci.yml\", \"tests.yml\"]");
        assert!(missing(&["ci.yml"], &there, text, "").is_empty());
        assert!(named_files(&Policy::default()).is_empty());
    }
}
