use super::*;
use crate::domain::item::Item;
use crate::domain::part::Part;
use crate::domain::severity::{Answers, Approach, Condition};

fn one(line: &str) -> Result<Command, CommandError> {
    let mut lines = parse_comment(line);
    assert_eq!(lines.len(), 1, "{line:?}");
    lines.remove(0).result
}

fn refused(line: &str) -> String {
    one(line).unwrap_err().to_string()
}

#[test]
fn every_verb_of_today() {
    let note = |text: &str| Some(text.to_owned());
    for (line, expected) in [
        ("/hotfix", Command::Status),
        ("/hotfix status", Command::Status),
        ("/hotfix help", Command::Help { about: None }),
        (
            "/hotfix help pick",
            Command::Help {
                about: Some(Verb::Pick),
            },
        ),
        ("/hotfix confirm", Command::Confirm { note: None }),
        (
            "/hotfix confirm note=seen",
            Command::Confirm { note: note("seen") },
        ),
        (
            "/hotfix check manual-test",
            Command::Check {
                item: Item::ManualTest,
                commit: None,
                note: None,
                parts: Vec::new(),
            },
        ),
        (
            "/hotfix check manual-test 9F3C2AB platform=Windows 11, mac note=\"it starts\"",
            Command::Check {
                item: Item::ManualTest,
                commit: note("9f3c2ab"),
                note: note("it starts"),
                parts: vec![
                    Part::Platform("windows 11".into()),
                    Part::Platform("macos".into()),
                ],
            },
        ),
        (
            "/hotfix check critical-path command=cargo test --features=all",
            Command::Check {
                item: Item::CriticalPath,
                commit: None,
                note: None,
                parts: vec![Part::Command("cargo test --features=all".into())],
            },
        ),
        (
            "/hotfix check root-cause note=\"a path with spaces\"",
            Command::Check {
                item: Item::RootCause,
                commit: None,
                note: note("a path with spaces"),
                parts: Vec::new(),
            },
        ),
        (
            "/hotfix uncheck community",
            Command::Uncheck {
                item: Item::Community,
                commit: None,
                note: None,
                parts: Vec::new(),
            },
        ),
        ("/hotfix announce", Command::Announce),
        ("/hotfix retry", Command::Retry { step: None }),
        (
            "/hotfix retry publish.yml",
            Command::Retry {
                step: note("publish.yml"),
            },
        ),
        (
            "/hotfix release 9f3c2ab",
            Command::Release {
                commit: "9f3c2ab".to_owned(),
            },
        ),
        (
            "/hotfix confirm-fixed",
            Command::ConfirmFixed { note: None },
        ),
        (
            "/hotfix confirm-fixed works now",
            Command::ConfirmFixed {
                note: note("works now"),
            },
        ),
        ("/hotfix hold", Command::Hold { reason: None }),
        (
            "/hotfix hold reason=wait for CI",
            Command::Hold {
                reason: note("wait for CI"),
            },
        ),
        ("/hotfix unhold", Command::Unhold { reason: None }),
        (
            "/hotfix cancel reason=wrong",
            Command::Cancel {
                reason: "wrong".to_owned(),
            },
        ),
        (
            "/hotfix rollback reason=it burns",
            Command::Rollback {
                reason: note("it burns"),
                token: None,
            },
        ),
        (
            "/hotfix rollback 3FA91C02.",
            Command::Rollback {
                reason: None,
                token: note("3fa91c02"),
            },
        ),
        (
            "/hotfix cancel it's no P0",
            Command::Cancel {
                reason: "it's no P0".to_owned(),
            },
        ),
    ] {
        let command = one(line).unwrap();
        assert_eq!(command, expected, "{line}");
        let stored = serde_json::to_string(&command).unwrap();
        assert_eq!(serde_json::from_str::<Command>(&stored).unwrap(), command);
        assert!(command.verb().is_carried_out());
    }
}

#[test]
fn assess_takes_what_it_is_given() {
    let all = one(
        "/hotfix assess condition=all-users workaround=no affected=80% approach=minimal \
         urgent=yes platform=Windows 11 note=seen on two machines",
    );
    let expected = Answers {
        condition: Some(Condition::AllUsers),
        workaround: Some(false),
        affected: Some(80),
        approach: Some(Approach::Minimal),
        urgent: Some(true),
        platform: Some("Windows 11".into()),
        note: Some("seen on two machines".into()),
    };
    assert_eq!(all, Ok(Command::Assess(expected)));
    for (line, affected) in [("0", 0), ("100", 100), ("7.", 7), ("80 %", 80), (" 30", 30)] {
        let Ok(Command::Assess(answers)) = one(&format!("/hotfix assess affected={line}")) else {
            panic!("{line}");
        };
        assert_eq!(answers.affected, Some(affected));
    }
    for (arguments, says) in [
        ("", "needs at least one answer"),
        (
            "condition=all-user",
            "did you mean `all-users`?: expected one of all-users, data-loss",
        ),
        ("condition=", "expected one of all-users"),
        ("affected=101", "expected a whole number from 0 to 100"),
        ("affected=few", "expected a whole number"),
        ("workaround=perhaps", "expected yes or no"),
        (
            "aproach=minimal",
            "takes no `aproach=`, did you mean `approach`?",
        ),
        ("workaround=no workaround=yes", "given twice"),
        ("all-users", "does not take `all-users`"),
    ] {
        let said = refused(&format!("/hotfix assess {arguments}"));
        assert!(said.contains(says), "{arguments}: {said}");
    }
}

#[test]
fn what_is_not_understood_says_what_would_be() {
    for (line, says) in [
        (
            "/hotfix relase 9f3c2ab",
            "there is no command `relase`, did you mean `release`?",
        ),
        (
            "/hotfix frobnicate",
            "there is no command `frobnicate`. `/hotfix help` lists",
        ),
        (
            "/hotfix release",
            "needs the commit that the preview shows: `/hotfix release <sha7>`",
        ),
        ("/hotfix release 9f3c2a", "at least the first 7"),
        ("/hotfix release 9f3c2xy", "`9f3c2xy` is no commit"),
        ("/hotfix release 9f3c2ab now", "does not take `now`"),
        ("/hotfix release v1.0.5", "is no commit"),
        ("/hotfix check", "needs the name of an item"),
        ("/hotfix check manual-tests", "did you mean `manual-test`?"),
        ("/hotfix check everything", "has no item `everything`"),
        ("/hotfix check root-cause", "needs its text"),
        ("/hotfix check manual-test not=x", "did you mean `note`?"),
        ("/hotfix cancel", "needs a reason"),
        ("/hotfix cancel reason=", "needs a reason"),
        ("/hotfix help me", "there is no command `me`"),
        ("/hotfix status now", "does not take `now`"),
    ] {
        let said = refused(line);
        assert!(said.contains(says), "{line}: {said}");
    }
}

#[test]
fn keyboards_are_forgiven() {
    for line in [
        "/Hotfix Release 9F3C2AB.",
        "  /hotfix: release `9f3c2ab`",
        "/hotfix release 9f3c2ab!",
        "/HOTFIX\u{a0}release\u{a0}9f3c2ab",
        "- /hotfix release **9f3c2ab**",
    ] {
        assert_eq!(
            one(line),
            Ok(Command::Release {
                commit: "9f3c2ab".to_owned()
            }),
            "{line}"
        );
    }
    assert_eq!(one("/hotfix."), Ok(Command::Status));
    let note = Some("it doesn\u{2019}t crash".to_owned());
    assert_eq!(
        one("/hotfix check Manual_Test Note=\u{201c}it doesn\u{2019}t crash\u{201d}."),
        Ok(Command::Check {
            item: Item::ManualTest,
            commit: None,
            note: note.map(|n| n + "."),
            parts: Vec::new(),
        })
    );
}

#[test]
fn only_text_speaks_to_the_bot() {
    for body in [
        "please use /hotfix release 9f3c2ab",
        "`/hotfix release 9f3c2ab`",
        "> /hotfix release 9f3c2ab",
        "```\n/hotfix release 9f3c2ab\n```",
        "    /hotfix release 9f3c2ab",
        "<!-- /hotfix release 9f3c2ab -->",
        "<!--\n/hotfix release 9f3c2ab\n-->",
        "~~/hotfix release 9f3c2ab~~",
        "/hotfixes are good",
        "/hotfix-bot status",
        "hotfix release",
        "",
    ] {
        assert_eq!(parse_comment(body), [], "{body:?}");
    }
}

/// Whoever keeps comments and whoever reads them must agree: each of these is
/// taken by both, or by neither.
#[test]
fn what_is_kept_is_what_is_read() {
    for (body, taken) in [
        ("/hotfix status", true),
        ("/Hotfix status", true),
        ("/HOTFIX status", true),
        ("/hOtFiX", true),
        ("thanks\r\n\r\n/HotFix: status\r\n", true),
        ("\\/Hotfix status", true),
        ("- /HOTFIX help", true),
        ("/HOTFIX\u{a0}status", true),
        ("\u{ff0f}hotfix status", false),
        ("/hot fix status", false),
        ("/hotfi\u{17f} status", false),
        ("/hotf\u{131}x status", false),
        ("hotfix status", false),
        ("&#47;hotfix status", false),
        ("/hot", false),
        ("", false),
    ] {
        assert_eq!(speaks_to_us(body), taken, "{body:?}");
        assert_eq!(!parse_comment(body).is_empty(), taken, "{body:?}");
    }
    // Kept, for it may be a command: only Markdown shows that it is none.
    assert!(speaks_to_us("> /Hotfix status"));
}

#[test]
fn several_in_one_comment_in_order() {
    let body = "Looks right to me.\r\n/hotfix check manual-test\r\n\r\n> /hotfix hold\r\n\r\n\
                /hotfix frob\r\nand then\r\n/hotfix release 9f3c2ab\r\n";
    let lines = parse_comment(body);
    let seen: Vec<_> = lines
        .iter()
        .map(|line| (line.line_number, line.text.as_str(), line.result.is_ok()))
        .collect();
    assert_eq!(
        seen,
        [
            (2, "/hotfix check manual-test", true),
            (6, "/hotfix frob", false),
            (8, "/hotfix release 9f3c2ab", true),
        ]
    );
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_comment_is_survived(body in "(/hotfix |[ -~]|\\PC|\n|`|<!--|-->|\"|'){0,60}") {
            let lines = parse_comment(&body);
            prop_assert!(lines.is_empty() || speaks_to_us(&body));
            let count = body.lines().count();
            for pair in lines.windows(2) {
                prop_assert!(pair[0].line_number < pair[1].line_number);
            }
            for line in &lines {
                prop_assert!(line.line_number as usize <= count);
                prop_assert!(line.text.to_ascii_lowercase().starts_with("/hotfix"));
            }
        }

        #[test]
        fn nothing_in_a_fence_is_read(inside in "[ -~\n]{0,80}") {
            prop_assume!(!inside.contains("````"));
            let body = format!("````\n{inside}\n/hotfix cancel reason=x\n````");
            prop_assert!(parse_comment(&body).is_empty());
        }
    }
}

#[test]
fn names_are_found_again_and_are_what_serde_writes() {
    for verb in VERBS.iter().copied() {
        assert_eq!(verb.spec().verb, verb);
        assert_eq!(Verb::from_name(verb.name()), Some(verb));
        let written = serde_json::to_value(verb).unwrap();
        assert_eq!(written, serde_json::Value::from(verb.name()));
    }
}

#[test]
fn carried_out_today() {
    let today: Vec<_> = VERBS
        .iter()
        .filter(|verb| verb.is_carried_out())
        .map(|verb| verb.name())
        .collect();
    assert_eq!(
        today.join(" "),
        "status plan preview timeline runbook help confirm-fixed still-broken start assess pick bump test retry check uncheck verify notes announce hold unhold confirm downgrade release override waive extend join unjoin assign rollback revert advisory adopt cancel"
    );
}

#[test]
fn a_command_says_which_release_line_it_is_about_and_start_names_one() {
    let of = |text: &str| {
        let parsed = parse_comment(text).remove(0);
        (
            parsed.of.map(|line| line.to_string()),
            parsed.result.expect("a command"),
        )
    };
    let line = Some("1.x".to_owned());
    let cancel = Command::Cancel {
        reason: "too late".into(),
    };
    for text in [
        "/hotfix cancel line=1.x reason=too late",
        "/hotfix cancel reason=too late line=1.x.",
        "/hotfix cancel LINE=v1.x too late",
    ] {
        assert_eq!(of(text), (line.clone(), cancel.clone()), "{text}");
    }
    // What names no line is part of what is said.
    let (none, command) = of("/hotfix cancel reason=see line=12");
    assert_eq!(none, None);
    assert!(matches!(command, Command::Cancel { reason } if reason == "see line=12"));
    let (none, command) = of("/hotfix start line=1.x");
    assert_eq!(none, None);
    assert!(matches!(command, Command::Start { line, .. } if line.as_deref() == Some("1.x")));
}
