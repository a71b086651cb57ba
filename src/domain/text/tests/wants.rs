//! The words of every need.

use super::super::need as words;
use super::world::{self, HEAD, need, run};
use crate::domain::checklist_item::Item;
use crate::domain::effect::Which;
use crate::domain::ids::Sha;
use crate::domain::view::{Start, What, Who};

fn every() -> Vec<What> {
    let head = Sha::new(HEAD);
    let text = || "a text".to_owned();
    vec![
        What::Looking { subject: text() },
        What::ConfigWrong { errors: text() },
        What::NoBase { trouble: text() },
        What::Behind { claim: text() },
        What::ConfirmStart {
            login: "dev".into(),
            role: "read".into(),
            wants: "write".into(),
        },
        What::Assess {
            missing: vec!["workaround=yes|no".into()],
        },
        What::ConfirmSeverity { reason: text() },
        What::NotHotfix {
            reasons: vec![text(), text()],
        },
        What::Fix {
            branch: "hotfix/v1.0.5".into(),
            pull: None,
        },
        What::TestsAdded,
        What::RunMissing {
            file: "ci.yml".into(),
            can_start: true,
            by_paths: false,
        },
        What::RunMissing {
            file: "ci.yml".into(),
            can_start: false,
            by_paths: false,
        },
        What::RunMissing {
            file: "audit.yml".into(),
            can_start: false,
            by_paths: true,
        },
        What::NoTests,
        What::RunPending {
            run: run(1, "ci.yml", ""),
        },
        What::RunFailed {
            run: run(1, "ci.yml", "failure"),
            release: false,
        },
        What::RunFailed {
            run: run(1, "publish.yml", "cancelled"),
            release: true,
        },
        What::RunSkipped {
            run: run(1, "publish.yml", "skipped"),
        },
        What::RunWaiting {
            run: run(1, "publish.yml", ""),
        },
        What::Approval {
            have: 0,
            want: 1,
            head: head.clone(),
        },
        What::ChangesRequested {
            login: "rev".into(),
        },
        What::ManualTest { head: head.clone() },
        What::Release { head: head.clone() },
        What::Conflict {
            pull: 235,
            which: Which::Port,
        },
        What::KnownIssueText {
            path: "docs/known-issues.md".into(),
            missing: vec![Item::RootCause, Item::Prevention],
        },
        What::KnownIssueClosed { pull: 237 },
        What::PullClosed { pull: 235 },
        What::PortConflicts {
            pull: 236,
            branch: "forward-port/v1.0.5".into(),
            files: vec!["src/a|b.rs".into()],
        },
        What::Draft {
            pull: 236,
            which: Which::Known,
        },
        What::NotOnMain {
            pull: 236,
            merged: true,
        },
        What::NotOnMain {
            pull: 236,
            merged: false,
        },
        What::Held {
            login: "mia".into(),
            reason: String::new(),
        },
        What::IssueClosed { login: None },
        What::TagWrong {
            tag: "v1.0.5".into(),
            commit: head,
        },
        What::Stuck {
            slot: "merge".into(),
            message: text(),
        },
        What::Unanswered {
            slot: "bump".into(),
            message: text(),
            since: 0,
        },
        What::Blocked {
            slot: "tag".into(),
            message: text(),
        },
        What::ReleaseRunMissing {
            file: "publish.yml".into(),
            start: Start::Tag,
        },
        What::Registry {
            package: "caro".into(),
            version: "1.0.5".into(),
            yanked: false,
        },
        What::Registry {
            package: "caro".into(),
            version: "1.0.5".into(),
            yanked: true,
        },
        What::GithubRelease {
            tag: "v1.0.5".into(),
        },
        What::Assets {
            missing: vec!["a.tar.gz".into()],
        },
        What::FreshInstall {
            command: "cargo install caro".into(),
        },
        What::FixVerified {
            reporter: "rita".into(),
        },
    ]
}

#[test]
fn every_need_has_one_plain_line() {
    world::ready().view(|view| {
        for what in every() {
            let need = need(Who::Responder, what);
            let words = words(&need, view);
            assert!(words.line.len() > 10, "{need:?}");
            assert!(
                !words.line.contains('\n') && !words.line.ends_with('.'),
                "{}",
                words.line
            );
            assert!(!words.who.is_empty());
            if let Some(command) = &words.command {
                assert!(command.starts_with("/hotfix "), "{command}");
            }
            // What is shown as a command is one, with words in the gap.
            for command in words.command.iter().filter(|c| !c.contains('|')) {
                let parsed = crate::domain::command::parse_comment(command);
                assert!(
                    parsed.iter().all(|line| line.result.is_ok()),
                    "{command}: {parsed:?}"
                );
                assert_eq!(parsed.len(), 1);
            }
        }
    });
}

#[test]
fn some_of_them_as_items() {
    let items = world::ready().view(|view| {
        let items: Vec<_> = [
            need(
                Who::Responder,
                What::FixVerified {
                    reporter: "rita".into(),
                },
            ),
            need(
                Who::Responder,
                What::RunFailed {
                    run: run(7, "ci.yml", "timed_out"),
                    release: false,
                },
            ),
            need(
                Who::Machine,
                What::ReleaseRunMissing {
                    file: "publish.yml".into(),
                    start: Start::Tag,
                },
            ),
            need(
                Who::Commander,
                What::Stuck {
                    slot: "merge".into(),
                    message: "Not `mergeable`".into(),
                },
            ),
        ]
        .iter()
        .map(|need| words(need, view).item(need))
        .collect();
        items.join("\n")
    });
    insta::assert_snapshot!(items, @r#"
    A person's word that the released version fixes it (@rita: `/hotfix confirm-fixed`) — @rita or anybody with write access. Without the reporter: `/hotfix check fix-verified note=…`
    `ci.yml` [run 7](https://hub.test/acme/caro/actions/runs/7) ran out of time after 8 min — anybody with write access. Push a fix or, if it was chance, run it again: `/hotfix retry`
    `publish.yml` has not started for `v1.0.5` yet
    Help: GitHub refused to merge the pull request (“Not \`mergeable\`”) — a maintainer. When the cause is mended: `/hotfix retry`
    "#);
}
