//! The other comments, and what goes into the repository.

use super::super::*;
use super::top;
use super::world::{self, World, seen};
use crate::domain::checklist::State;
use crate::domain::policy::Policy;
use crate::domain::view::View;

#[test]
fn the_release_is_verified() {
    let mut world = world::over();
    insta::assert_snapshot!(world.view(verification), @r"");
    world.verification.truncate(1);
    assert!(
        world
            .view(verification)
            .contains("### v1.0.5 is out: all 1 facts verified\n")
    );
    if let Some(base) = &mut world.facts.line.base.value {
        base.package.on_registry = false;
    }
    let comment = world.view(verification);
    assert!(
        comment.ends_with("\nUpgrade: [v1.0.5](https://hub.test/acme/caro/releases/tag/v1.0.5)\n")
    );
}

#[test]
fn it_is_closed() {
    let mut world = world::over();
    insta::assert_snapshot!(top(&world.view(|view| closing(view, true))), @r"");
    world.done = 9;
    world.facts.over = None;
    world.facts.line.branch_deleted = None;
    let first = world.view(|view| closing(view, false));
    assert!(first.contains("| Communication | under way | 15 min | 45 min |"));
    assert!(!first.contains("is deleted"));
}

#[test]
fn the_notes() {
    insta::assert_snapshot!(world::over().view(notes_block), @r"");
}

/// What GitHub would close the issue for.
fn closes(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["fix", "close", "resolve"].iter().any(|word| {
        lower.match_indices(word).any(|(at, _)| {
            let rest = lower.get(at..).unwrap_or_default();
            let rest = rest.trim_start_matches(char::is_alphabetic);
            let rest = rest.trim_start_matches([':', ' ']);
            rest.starts_with('#')
                && rest
                    .get(1..2)
                    .is_some_and(|d| d.as_bytes()[0].is_ascii_digit())
        })
    })
}

fn titled(title: &str) -> World {
    let mut world = world::ready();
    if let Some(issue) = &mut world.facts.issue.value {
        issue.title = title.into();
    }
    world
}

#[test]
fn nothing_of_the_pull_request_closes_an_issue() {
    assert!(closes("Fixes #9") && closes("x closed: #1"));
    let mut world = titled("Fixes #99, closes: #1\nand @everyone");
    for text in [pull_title, pull_body, merge_title, merge_message] {
        let text = world.view(text);
        assert!(!closes(&text), "{text}");
        assert!(!text.contains("@everyone"));
    }
    assert!(world.view(pull_body).contains("\n\nRefs #234\n\n"));
    assert!(world.view(merge_message).ends_with("\n\nRefs #234"));
    assert!(world.view(merge_title).ends_with(" (#235)"));
}

#[test]
fn messages() {
    let mut world = titled("Panic on {version} start.");
    let message = |view: &View<'_>| tag_message(view, view.preview.as_ref().expect("a preview"));
    assert_eq!(
        world.view(message),
        "Hotfix v1.0.5: Panic on {version} start\n\nFixes #234\n\n\
         Critical fix for \"Panic on {version} start\".\n\nSee CHANGELOG.md for details."
    );
    if let Some(preview) = &mut world.preview {
        preview.tested_by_word = Some("mia".into());
    }
    assert!(
        world
            .view(message)
            .ends_with("\n\nTested by the word of mia alone: no workflow run tested 9f3c2ab.")
    );
    assert!(
        world
            .view(status)
            .contains("**by the word of @mia alone**, no run")
    );
    let policy = Policy::default();
    assert_eq!(
        bump_message(&policy, "1.0.5"),
        "chore: bump version to 1.0.5 for hotfix"
    );
    assert_eq!(
        changelog_entry(&policy, "Panic on `a`\n<b>", 234),
        "Critical: Panic on `a` \\<b> (#234)"
    );
}

#[test]
fn the_checklist_is_read_again_for_reports() {
    let comment = world::fix_awaited().view(status);
    let lines = read_checklist(&comment);
    assert_eq!(lines.len(), 24);
    let line = |name: &str| {
        lines
            .iter()
            .find(|l| l.item == name)
            .cloned()
            .expect("the item")
    };
    let community = line("community");
    assert_eq!(community.state, State::NotApplicable);
    assert_eq!(community.evidence, "no channel configured");
    let impact = line("impact-assessed");
    assert_eq!(
        (impact.state, impact.by.as_deref()),
        (State::ByHand, Some("mia"))
    );
    assert_eq!(impact.evidence, "09:11 UTC");
    assert_eq!(line("branch-created").state, State::Done);
    assert_eq!(line("tagged").state, State::Open);
}

#[test]
fn an_empty_case_has_words_too() {
    let mut world = world::fix_awaited();
    world.facts.line = Default::default();
    world.facts.issue = Default::default();
    world.facts.repo.html_url.clear();
    world.needs.clear();
    world.done = 0;
    let comment = world.view(status);
    assert!(comment.contains("### Hotfix for `caro` — step 1 of 10: Assess\n"));
    assert!(comment.contains("Nothing is needed from anybody."));
    assert!(!comment.contains("]("));
    for text in [verification, notes_block, pull_body, pull_title] {
        assert!(!world.view(text).is_empty());
    }
    world.facts.line.base = seen(Default::default());
    assert!(!world.view(status).is_empty());
}
