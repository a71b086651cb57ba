//! The command line as it is documented: `docs/commands.md` is written from it,
//! and each example there is taken.

use std::fmt::Write as _;

use clap::{Arg, Command};
use clap_complete::Shell;

use super::*;
use crate::documented;

/// An example of each command; each is parsed.
const EXAMPLES: &[(&str, &[&str])] = &[
    (
        "serve",
        &["hotfix-bot serve --app-id 12345 --private-key-path key.pem --port 3000"],
    ),
    (
        "rehearse",
        &[
            "hotfix-bot rehearse",
            "hotfix-bot rehearse --scenario red-tests --quiet",
            "hotfix-bot rehearse --repo ../caro --pick 1f2e3d4 --report report.json",
        ],
    ),
    (
        "check-config",
        &["hotfix-bot check-config .github/hotfix.toml"],
    ),
    (
        "doctor",
        &[
            "hotfix-bot doctor acme/caro",
            "hotfix-bot doctor acme/caro --fix labels",
            "hotfix-bot doctor ../caro --json",
        ],
    ),
    ("schema", &["hotfix-bot schema"]),
    ("backup", &["hotfix-bot backup /backup/hotfix-bot.db"]),
    (
        "copy-db",
        &[
            "hotfix-bot copy-db --from sqlite:hotfix-bot.db --to postgres://hotfix@db.example/hotfix",
        ],
    ),
    ("check-db", &["hotfix-bot check-db"]),
    ("runbook", &["hotfix-bot runbook acme/caro#234"]),
    ("replay", &["hotfix-bot replay acme/caro#234"]),
    ("notify-test", &["hotfix-bot notify-test OPS"]),
    ("health", &["hotfix-bot health"]),
    ("setup-token", &["hotfix-bot setup-token"]),
    ("deliveries", &["hotfix-bot deliveries retry"]),
    ("completions", &["hotfix-bot completions bash"]),
    ("man", &["hotfix-bot man target/man"]),
];

fn words(text: impl ToString) -> String {
    let text = text.to_string().replace('|', "\\|");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn row(arg: &Arg) -> String {
    let values = arg.get_value_names().unwrap_or_default();
    let takes = arg.get_action().takes_values();
    let value = values.first().filter(|_| takes).map(ToString::to_string);
    let name = match (arg.get_long(), value) {
        (Some(long), Some(value)) => format!("--{long} {value}"),
        (Some(long), None) => format!("--{long}"),
        (None, value) => value.unwrap_or_else(|| arg.get_id().to_string()),
    };
    let env = arg
        .get_env()
        .map(|it| format!("`{}`", it.to_string_lossy()));
    let help = arg.get_help().map(words).unwrap_or_default();
    format!(
        "| `{}` | {} | {help} |\n",
        words(name),
        env.unwrap_or_default()
    )
}

fn section(command: &Command, path: &str) -> String {
    let about = command.get_about().map(words).unwrap_or_default();
    let mut out = format!("\n## {path}\n\n{about}.\n");
    let args = command.get_arguments().filter(|arg| !arg.is_hide_set());
    let args: Vec<&Arg> = args
        .filter(|arg| !matches!(arg.get_id().as_str(), "help" | "version"))
        .collect();
    if !args.is_empty() {
        out.push_str("\n| | Setting | |\n|---|---|---|\n");
        args.iter().for_each(|arg| out.push_str(&row(arg)));
    }
    for sub in command
        .get_subcommands()
        .filter(|sub| sub.get_name() != "help")
    {
        let about = sub.get_about().map(words).unwrap_or_default();
        let _ = write!(out, "\n`{path} {}`: {about}.\n", sub.get_name());
    }
    if let Some(more) = command.get_after_help() {
        let _ = write!(out, "\n{}\n", words(more));
    }
    out
}

fn page() -> String {
    let mut out = "# Commands\n\nEvery command of `hotfix-bot`, with its arguments and an example. A setting is taken \
        from the environment where no flag gives it. What people say to the bot in comments stands in \
        [verbs.md](verbs.md).\n\nWritten by `UPDATE_DOCS=1 cargo test --lib documented`.\n"
        .to_owned();
    for command in Cli::command().get_subcommands() {
        let name = command.get_name();
        let examples = EXAMPLES.iter().find(|(of, _)| *of == name);
        let (_, examples) = examples.unwrap_or_else(|| panic!("an example of {name}"));
        out.push_str(&section(command, &format!("hotfix-bot {name}")));
        let _ = write!(out, "\n```sh\n{}\n```\n", examples.join("\n"));
    }
    out
}

#[test]
fn the_documented_commands_are_those_that_there_are() {
    documented::page("docs/commands.md", &page());
}

#[test]
fn every_documented_example_is_taken() {
    for (_, examples) in EXAMPLES {
        for example in *examples {
            let parsed = Cli::try_parse_from(shell_words::split(example).unwrap());
            assert!(parsed.is_ok(), "{example}: {:?}", parsed.err());
        }
    }
}

#[test]
fn every_command_has_its_page_and_its_completion() {
    let dir = tempfile::tempdir().unwrap();
    let args = manual::ManArgs {
        dir: dir.path().join("man"),
    };
    assert_eq!(manual::man(&args, Cli::command()), Exit::Done);
    let mut out = Vec::new();
    clap_complete::generate(Shell::Bash, &mut Cli::command(), "hotfix-bot", &mut out);
    let bash = String::from_utf8(out).unwrap();
    for command in Cli::command().get_subcommands() {
        let name = command.get_name();
        assert!(
            args.dir.join(format!("hotfix-bot-{name}.1")).is_file(),
            "{name}"
        );
        assert!(bash.contains(name), "{name}");
    }
}
