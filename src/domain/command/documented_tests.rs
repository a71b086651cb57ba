//! The page of what people say to the bot, each with an example that is a command.

use std::fmt::Write;

use super::{VERBS, Verb, parse_comment};
use crate::documented;
use crate::domain::role::Rank;

const fn example(verb: Verb) -> &'static str {
    match verb {
        Verb::Status => "/hotfix status",
        Verb::Plan => "/hotfix plan",
        Verb::Preview => "/hotfix preview",
        Verb::Timeline => "/hotfix timeline full",
        Verb::Runbook => "/hotfix runbook",
        Verb::Help => "/hotfix help pick",
        Verb::ConfirmFixed => "/hotfix confirm-fixed note=\"starts again on Debian 13\"",
        Verb::StillBroken => "/hotfix still-broken note=\"it ends with 2 now\"",
        Verb::Start => "/hotfix start v1.0.4",
        Verb::Assess => {
            "/hotfix assess condition=all-users workaround=no affected=100 approach=minimal"
        }
        Verb::Pick => "/hotfix pick #456",
        Verb::Bump => "/hotfix bump 1.0.6",
        Verb::Test => "/hotfix test run=e2e.yml",
        Verb::Retry => "/hotfix retry",
        Verb::Check => "/hotfix check manual-test 9f3c2ab note=\"tried on Linux\"",
        Verb::Uncheck => "/hotfix uncheck manual-test 9f3c2ab",
        Verb::Verify => "/hotfix verify",
        Verb::Notes => "/hotfix notes",
        Verb::Announce => "/hotfix announce",
        Verb::Hold => "/hotfix hold reason=\"the fix is not whole\"",
        Verb::Unhold => "/hotfix unhold",
        Verb::Confirm => "/hotfix confirm",
        Verb::Downgrade => "/hotfix downgrade P1 reason=\"only the old format\"",
        Verb::Release => "/hotfix release 9f3c2ab",
        Verb::Override => "/hotfix override scope reason=\"generated tables\"",
        Verb::Waive => "/hotfix waive forward-port reason=\"main has it in another form\"",
        Verb::Extend => "/hotfix extend fix 30m reason=\"it needs a second look\"",
        Verb::Join => "/hotfix join #231",
        Verb::Unjoin => "/hotfix unjoin",
        Verb::Assign => "/hotfix assign fix @dev",
        Verb::Rollback => "/hotfix rollback reason=\"it loses data\"",
        Verb::Revert => "/hotfix revert",
        Verb::Advisory => "/hotfix advisory GHSA-2f4g-5h6j-7m8p",
        Verb::Adopt => "/hotfix adopt",
        Verb::Cancel => "/hotfix cancel reason=\"it was the network\"",
    }
}

fn by(who: Rank) -> &'static str {
    match who {
        Rank::Reader => "everybody who can read the repository",
        Rank::Reporter => "who wrote the issue",
        Rank::Responder => "who may push (`roles.responder`)",
        Rank::Commander => "maintainers (`roles.commander`)",
    }
}

fn sentence(help: &str) -> String {
    let mut chars = help.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

fn written() -> String {
    let mut out = "# What people say to the bot\n\nA comment on the issue, or on the hotfix's pull request, that has a line \
        which begins with `/hotfix`. Who may say what follows from their role in the repository, and from \
        `[roles]` in [its configuration](configuration.md). `/hotfix help` lists them there, too. \
        Below each stands what it takes, and an example.\n\nWritten by \
        `UPDATE_DOCS=1 cargo test --lib documented`.\n"
        .to_owned();
    for verb in VERBS {
        let (usage, example) = (verb.usage(), example(*verb));
        let (help, who) = (sentence(verb.spec().help), by(verb.who()));
        let _ = write!(out, "\n## {}\n\n{help}. For {who}.\n", verb.name());
        let shown = [usage.as_str(), example];
        let shown = if usage == example {
            &shown[1..]
        } else {
            &shown
        };
        for line in shown {
            let _ = write!(out, "\n```text\n{line}\n```\n");
        }
    }
    out
}

#[test]
fn the_documented_verbs_are_those_that_there_are() {
    for verb in VERBS {
        let mut lines = parse_comment(example(*verb));
        assert_eq!(lines.len(), 1, "{verb:?}");
        let command = lines.remove(0).result.unwrap();
        assert_eq!(command.verb(), *verb);
    }
    documented::page("docs/verbs.md", &written());
}
