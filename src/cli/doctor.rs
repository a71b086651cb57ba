//! `hotfix-bot doctor OWNER/REPO` and `hotfix-bot doctor PATH`: preflight on a
//! quiet day.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::exit::{Exit, block_on, complain};
use crate::clock::Clock;
use crate::domain::ailments::{Around, Eyes};
use crate::domain::diagnosis::missing_labels;
use crate::domain::facts::Facts;
use crate::domain::quiet_day::{Examined, examined, wanted_labels};
use crate::domain::text::{Told, unknown, verdict};
use crate::engine::examine::{Examination, make_labels};
use crate::github::{GitHub, GitHubOptions};
use crate::registry::{CratesIo, CratesIoOptions, Registries};
use crate::rehearsal::Desk;
use crate::server;
use crate::settings::{Reach, ReachArgs, Rights};

/// Below the options in `--help`.
pub(super) const AFTER_HELP: &str = "\
OWNER/REPO is looked at with the App's own eyes (APP_ID and PRIVATE_KEY or PRIVATE_KEY_PATH, or what \
set-up kept in CREDENTIALS_FILE), or \
with a person's token (--token, GITHUB_TOKEN). A folder is taken for a clone: nothing leaves this \
machine, and what cannot be known from it is said. Nothing is written but by --fix. Exit code 0: \
nothing would stop a hotfix. 1: it, or a part of it, could not be looked at. 2: called wrongly. \
3: something would stop one.";

/// Arguments of `doctor`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The repository at GitHub, or the folder of a clone
    #[arg(value_name = "OWNER/REPO|PATH")]
    pub target: String,

    /// Print it as JSON (docs/doctor.schema.json)
    #[arg(long)]
    pub json: bool,

    /// Mend what is named: `labels` makes the labels that are missing
    #[arg(long, value_name = "WHAT", value_enum)]
    pub fix: Option<Fix>,

    /// What the repository is called, where a clone has no `origin` that tells
    #[arg(long, value_name = "OWNER/NAME", value_parser = name)]
    pub name: Option<(String, String)>,

    #[command(flatten)]
    reach: ReachArgs,
}

/// What can be mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Fix {
    /// The labels that start a hotfix.
    Labels,
}

/// What is looked at.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    Clone(PathBuf),
    GitHub(String, String),
}

/// What was found, for programs: `docs/doctor.schema.json`.
#[derive(Debug, Serialize)]
struct Report<'a> {
    /// `owner/name`.
    repository: String,
    /// With whose eyes: `app`, `person` or `clone`.
    eyes: &'static str,
    /// Whether something would stop a hotfix.
    stops: bool,
    /// The findings, the worst first.
    findings: &'a [Told],
    /// What these eyes never see.
    unknown: Vec<&'static str>,
    /// What could not be looked at although it may be seen.
    unread: Vec<Unread<'a>>,
    /// A `hotfix.toml` that says what was derived, or lines for the one there is.
    proposed: &'a str,
    /// Whether the lines are to be added to the repository's own file.
    added: bool,
    /// Lines for workflow files.
    workflows: Vec<Lines<'a>>,
}

/// Something that could not be looked at.
#[derive(Debug, Serialize)]
struct Unread<'a> {
    /// What.
    what: &'static str,
    /// What GitHub answered; empty: it did not say.
    why: &'a str,
}

/// Lines for a workflow file.
#[derive(Debug, Serialize)]
struct Lines<'a> {
    /// Its path.
    file: &'a str,
    /// The lines.
    lines: &'a str,
}

fn name(text: &str) -> Result<(String, String), String> {
    let fits = |part: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        !part.is_empty() && part != "." && part != ".." && part.chars().all(plain)
    };
    let parts = text.split_once('/').filter(|(o, n)| fits(o) && fits(n));
    let (owner, name) = parts.ok_or("expected OWNER/NAME")?;
    Ok((owner.to_owned(), name.to_owned()))
}

/// A folder that is there is a clone; everything else is a repository's name.
fn target(text: &str) -> Result<Target, String> {
    let path = Path::new(text);
    if path.is_dir() {
        return Ok(Target::Clone(path.to_owned()));
    }
    match name(text) {
        Ok((owner, name)) => Ok(Target::GitHub(owner, name)),
        Err(_) => Err(format!(
            "{text}: expected a repository as OWNER/REPO, or the folder of a clone"
        )),
    }
}

/// Looks, and prints what was found.
pub fn run(args: Args) -> Exit {
    match target(&args.target) {
        Ok(Target::Clone(_)) if args.fix.is_some() => complain(
            Exit::Usage,
            "--fix: a clone has nothing to be mended; name the repository",
        ),
        Ok(Target::Clone(path)) => block_on(at_a_desk(args, path)),
        Ok(Target::GitHub(owner, name)) => block_on(at_github(args, owner, name)),
        Err(why) => complain(Exit::Usage, why),
    }
}

async fn at_a_desk(args: Args, path: PathBuf) -> Exit {
    let desk = match Desk::of(&path, args.name.clone()).await {
        Ok(desk) => desk,
        Err(why) => return complain(Exit::Usage, why),
    };
    let found = match desk.examination() {
        Ok((examination, now)) => look(&args, &examination, now, desk.has_no_tags()).await,
        Err(why) => complain(Exit::Failed, why),
    };
    desk.stop();
    found
}

async fn at_github(args: Args, owner: String, name: String) -> Exit {
    let reach = match Reach::read(args.reach.clone()) {
        Ok(reach) => reach,
        Err(all) => {
            for wrong in all {
                complain(Exit::Usage, wrong);
            }
            return Exit::Usage;
        }
    };
    match examination(&reach, owner, name) {
        Ok(examination) => look(&args, &examination, Clock::system().now(), false).await,
        Err(why) => complain(Exit::Failed, why),
    }
}

fn examination(reach: &Reach, owner: String, name: String) -> Result<Examination, String> {
    let clock = Clock::system();
    let api = reach.github_api_url.clone();
    let mut options = match &reach.rights {
        Rights::App(id, key) => GitHubOptions::new(api, id.clone(), key.clone(), clock.clone()),
        Rights::Person(token) => GitHubOptions {
            person: Some(token.clone()),
            ..GitHubOptions::new(api, "", String::new().into(), clock.clone())
        },
    };
    options.graphql_url = Some(reach.github_graphql_url.clone());
    let registry = CratesIoOptions::new(
        reach.crates_io_url.clone(),
        reach.crates_io_index_url.clone(),
        "hotfix-bot doctor",
        clock,
    );
    let crates = CratesIo::new(registry).map_err(|e| e.to_string())?;
    Ok(Examination {
        github: GitHub::new(options).map_err(|e| e.to_string())?,
        registry: Registries::new(crates, server::roots(&reach.registries)),
        owner,
        name,
        eyes: match reach.rights {
            Rights::App(..) => Eyes::App,
            Rights::Person(_) => Eyes::Person,
        },
    })
}

async fn look(args: &Args, of: &Examination, now: i64, no_tags: bool) -> Exit {
    let shown = format!("{}/{}", of.owner, of.name);
    let (facts, mut around) = match of.look(now).await {
        Ok(found) => found,
        Err(error) => return complain(Exit::Failed, format_args!("{shown}: {error}")),
    };
    let mut unfixed = false;
    if args.fix == Some(Fix::Labels) {
        match fix_labels(of, &facts, &around).await {
            Ok(made) => {
                if !args.json && !made.is_empty() {
                    eprintln!("made the labels {}", made.join(", "));
                }
                if let Some(there) = &mut around.labels {
                    there.extend(made);
                }
            }
            Err(why) => {
                complain(Exit::Failed, format_args!("{shown}: --fix labels: {why}"));
                unfixed = true;
            }
        }
    }
    let found = examined(&facts, &around);
    let text = match args.json {
        true => json(&shown, of.eyes, &found),
        false => printed(&shown, of.eyes, &found, no_tags),
    };
    if let Err(error) = std::io::stdout().write_all(text.as_bytes()) {
        return complain(Exit::Failed, format_args!("standard output: {error}"));
    }
    match (stops(&found), unfixed || !found.unread.is_empty()) {
        (true, _) => Exit::Found,
        (false, true) => Exit::Failed,
        (false, false) => Exit::Done,
    }
}

/// Makes the labels that are wanted and not there, and says which it made; none
/// where it is not known which these are.
async fn fix_labels(
    of: &Examination,
    facts: &Facts,
    around: &Around,
) -> Result<Vec<String>, String> {
    let wanted = wanted_labels(facts).ok_or_else(|| {
        "nothing was made: which labels start a hotfix is not known while the configuration is wrong or unread".to_owned()
    })?;
    let there = around
        .labels
        .as_ref()
        .ok_or_else(|| "nothing was made: which labels there are could not be read".to_owned())?;
    let missing = missing_labels(wanted, there);
    let made = make_labels(of, facts, &missing).await;
    made.map(|()| missing).map_err(|error| error.to_string())
}

fn stops(found: &Examined) -> bool {
    found.findings.iter().any(|it| it.grade == "stops")
}

fn eyes(eyes: Eyes) -> &'static str {
    match eyes {
        Eyes::App => "app",
        Eyes::Person => "person",
        Eyes::Clone => "clone",
    }
}

/// What could not be looked at.
fn unseen(eyes: Eyes) -> Vec<&'static str> {
    match eyes {
        Eyes::App => Vec::new(),
        Eyes::Person => vec![
            "what the App was granted, and whether it is installed",
            "whether the App passes rulesets by",
            "whether deliveries reach the server",
        ],
        Eyes::Clone => unknown(),
    }
}

fn json(shown: &str, of: Eyes, found: &Examined) -> String {
    let lines = found.workflows.iter();
    let report = Report {
        repository: shown.to_owned(),
        eyes: eyes(of),
        stops: stops(found),
        findings: &found.findings,
        unknown: unseen(of),
        unread: found
            .unread
            .iter()
            .map(|(what, why)| Unread { what, why })
            .collect(),
        proposed: &found.proposed.text,
        added: found.proposed.added,
        workflows: lines.map(|(file, lines)| Lines { file, lines }).collect(),
    };
    let text = serde_json::to_string_pretty(&report);
    text.unwrap_or_default() + "\n"
}

fn printed(shown: &str, of: Eyes, found: &Examined, no_tags: bool) -> String {
    let mut out = String::new();
    let with = match of {
        Eyes::App => "with the App's own eyes",
        Eyes::Person => "with a person's token",
        Eyes::Clone => "by its clone alone",
    };
    let _ = writeln!(out, "{shown}, looked at {with}\n");
    if no_tags {
        out.push_str(
            "There are no tags in this clone: `git fetch --tags` brings those of its origin.\n\n",
        );
    }
    for it in &found.findings {
        let mark = match it.grade {
            "stops" => "✗",
            "by-hand" | "costs" => "!",
            _ => "·",
        };
        let _ = writeln!(out, "{mark} {}", it.name);
        let _ = writeln!(out, "    {}", wrapped(&it.costs));
        let _ = writeln!(out, "    mend: {}", wrapped(&it.mend));
        let _ = writeln!(out, "    {}", it.docs);
    }
    let unseen = unseen(of);
    if !unseen.is_empty() {
        let _ = writeln!(out, "\nNot known from here:");
        unseen
            .iter()
            .for_each(|it| out.push_str(&format!("  {it}\n")));
    }
    for (file, lines) in &found.workflows {
        let _ = writeln!(out, "\nFor {file}, on the default branch:\n");
        lines
            .lines()
            .for_each(|line| out.push_str(&format!("  {line}\n")));
    }
    let head = match found.proposed.added {
        true => {
            "Lines that .github/hotfix.toml does not have, as derived; each belongs into its table"
        }
        false => "Proposed .github/hotfix.toml",
    };
    if !found.proposed.text.is_empty() {
        let _ = writeln!(out, "\n{head}:\n");
    }
    for line in found.proposed.text.lines() {
        let line = format!("  {line}");
        out.push_str(line.trim_end());
        out.push('\n');
    }
    if !found.unread.is_empty() {
        let _ = writeln!(out, "\nCould not be looked at:");
    }
    for (what, why) in &found.unread {
        let line = match why.as_str() {
            "" => (*what).to_owned(),
            why => format!("{what}: {why}"),
        };
        let _ = writeln!(out, "  {}", wrapped(&line));
    }
    let grades = found.findings.iter().map(|it| it.grade);
    let _ = writeln!(out, "\n{}", verdict(grades, found.unread.len()));
    out
}

/// Lines that are not too long, those behind the first indented.
fn wrapped(text: &str) -> String {
    let (mut out, mut width) = (String::new(), 0);
    for word in text.split_whitespace() {
        let long = word.chars().count();
        if width + long > 92 && width > 0 {
            out.push_str("\n    ");
            width = 0;
        } else if width > 0 {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += long;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_a_clone_and_a_name_a_repository() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().to_str().unwrap();
        assert_eq!(target(path), Ok(Target::Clone(dir.path().to_owned())));
        let named = Target::GitHub("acme".into(), "caro".into());
        assert_eq!(target("acme/caro"), Ok(named));
        for wrong in ["acme", "a/b/c", "/nowhere/at/all", "./nowhere"] {
            assert!(target(wrong).is_err(), "{wrong}");
        }
    }
}
