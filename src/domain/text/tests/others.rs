//! The other comments, and what goes into the repository.

use std::sync::Arc;

use super::super::*;
use super::world::{self, World, by, seen};
use super::{shown, top};
use crate::domain::evidence::ItemState;
use crate::domain::facts::{Recovery, Word};
use crate::domain::item::Item;
use crate::domain::policy::Policy;
use crate::domain::view::View;

#[test]
fn the_release_is_verified() {
    let mut world = world::over();
    insta::assert_snapshot!(world.view(verification), @r#"
    <!-- hotfix-bot:verification:17 -->
    ### v1.0.5 is out: 1 of 3 facts seen

    - ✓ crates.io has `1.0.5`, not yanked, checksum `5ca1ab1e5ca1` ([index and API](https://registry.test/caro/1.0.5), 10:31 UTC)
    - … **Fresh install:** somebody tries it, then says so
      ```
      cargo install caro --version 1.0.5 --force
      /hotfix check fresh-install
      ```
    - … **The fix works:** @rita, please try it, and say so (somebody with write access says `/hotfix check fix-verified note=…`)
      ```
      /hotfix confirm-fixed
      ```

    Upgrade: `cargo install caro --version 1.0.5 --force`
    "#);
    for item in [Item::FreshInstall, Item::FixVerified] {
        let word = Word {
            by: by("rita", 100),
            note: None,
            head: None,
        };
        world.facts.words.insert(item, word);
    }
    assert!(
        world
            .view(verification)
            .contains("### v1.0.5 is out: all 3 facts seen\n")
    );
    if let Some(base) = &mut world.facts.lines.only_mut().seen.base.value {
        Arc::make_mut(base).package.on_registry = false;
    }
    let comment = world.view(verification);
    assert!(
        comment.ends_with("\nUpgrade: [v1.0.5](https://hub.test/acme/caro/releases/tag/v1.0.5)\n")
    );
}

#[test]
fn it_is_closed() {
    let mut world = world::over();
    insta::assert_snapshot!(top(&world.view(|view| closing(view, true))), @r#"
    <!-- hotfix-bot:closing:17 -->
    ### Fixed in [v1.0.5] — 1 h 58 min from label to verified release
    Thank you, @rita, for the report. To upgrade: `cargo install caro --version 1.0.5 --force`

    | Phase | Took | Target | Maximum |
    |---|---|---|---|
    | Assess & Branch | 8 min | 15 min | 30 min |
    | Apply Fix | 46 min | 30 min | 2 h |
    | Test | 7 min | 15 min | 1 h |
    | Version Bump | 1 min | 5 min | 15 min |
    | Merge & Tag | 8 min | 10 min | 20 min |
    | CI/CD | 25 min | 20 min | 45 min |
    | Verification | 23 min | 10 min | 30 min |
    | Communication | 3 min | 15 min | 45 min |
    | **Total** | 2 h 1 min | 2 h | 6 h |

    Fix on `main`: [`77aa01c`] ([PR #235]).
    Branch `hotfix/v1.0.5` is deleted; in a clone of your own: `git branch -D hotfix/v1.0.5`
    Does not apply: Community notified (no channel or discussion is configured).
    "#);
    // With those before it.
    let before = |days: i64, minutes: i64| Recovery {
        at: world::START - days * 24 * 60 * world::MINUTE,
        took: minutes * world::MINUTE,
    };
    world.facts.before = vec![before(20, 90), before(40, 130), before(900, 300)];
    let last = world.view(|view| closing(view, true));
    let words = "The third hotfix this year; median of 4: ";
    assert!(last.contains(words), "{last}");
    world.facts.before.clear();
    world.done = 9;
    world.facts.over = None;
    world.facts.lines.only_mut().branch_deleted = None;
    let first = world.view(|view| closing(view, false));
    assert!(first.contains("| Communication | under way | 15 min | 45 min |"));
    assert!(!first.contains("is deleted"));
}

#[test]
fn the_notes() {
    let block = shown(&world::over().view(notes_block));
    insta::assert_snapshot!(block, @r#"
    <!-- hotfix-bot:notes -->
    ## Hotfix: v1.0.5

    **Critical fix for: Panic on model path with &lt;spaces&gt; \| ask @{zw}ops**

    ### What Was Fixed

    - The bug: Panic on model path with &lt;spaces&gt; \| ask @{zw}ops ([#234](https://hub.test/acme/caro/issues/234))
    - Impact: prevents all or most users from basic functionality; 100 % of the users on Windows; no workaround
    - The fix: fix(critical): quote model paths with spaces (\#{zw}234) ([`9f3c2ab`](https://hub.test/acme/caro/commit/9f3c2abd00000000000000000000000000000000))

    ### Who Should Upgrade

    All users on v1.0.4 should upgrade immediately.

    ### How to Upgrade

    **Via Cargo**:

    ```bash
    cargo install caro --version 1.0.5 --force
    ```

    **Via Pre-Built Binaries**: download from [the release page of v1.0.5](https://hub.test/acme/caro/releases/tag/v1.0.5)

    ### Verification

    After the upgrade, `caro --version` should show `1.0.5`.

    ### Related Issues

    Fixes [#234](https://hub.test/acme/caro/issues/234)

    ### Rollback (If Needed)

    Rolling back brings the bug back: 1.0.4 has it.

    ```bash
    cargo install caro --version 1.0.4 --force
    ```
    <!-- /hotfix-bot:notes -->
    "#);
}

#[test]
fn the_notes_by_a_template_of_the_repositorys_own() {
    let mut world = world::over();
    let template = "# {tag} of {version}, after {base} ({changelog})\n{summary} | {symptom} | {issue}\n\n{what_was_fixed}\n\n{impact}. {who_should_upgrade}\n\n{how_to_upgrade}\n\n{verification}\n\n{rollback}\n\nThanks to {reporter}, {tag} {x y} <!-- /hotfix-bot:notes -->\n";
    let faults = crate::domain::policy::notes_faults(template);
    assert_eq!(faults, []);
    world.configured(Vec::new());
    if let Some(read) = &mut world.facts.policy.value {
        read.notes = Some(template.into());
    }
    world.policy.announce.notes = "notes.md".into();
    let block = shown(&world.view(notes_block));
    for words in [
        "<!-- hotfix-bot:notes -->\n# v1.0.5 of 1.0.5, after v1.0.4 (CHANGELOG.md)\n",
        "\n- The bug: Panic on model path",
        "\n\nprevents all or most users from basic functionality; 100 % of the users on Windows; no workaround. All users on v1.0.4",
        "\n\n**Via Cargo**:\n",
        "\n\nRolling back brings the bug back",
        ", v1.0.5 {x y}",
    ] {
        assert!(block.contains(words), "no {words} in\n{block}");
    }
    // What begins and ends it stands there once.
    assert_eq!(block.matches("hotfix-bot:notes").count(), 2, "{block}");
    assert!(block.ends_with("\n<!-- /hotfix-bot:notes -->"), "{block}");
}

#[test]
fn what_people_said_for_the_notes_stands_in_them() {
    let mut world = world::ready();
    let asked = world.view(status);
    assert!(asked.contains("/hotfix check symptoms note=…"));
    assert!(asked.contains("/hotfix check impact note=…"));
    assert!(asked.contains("/hotfix check what-was-fixed note=…"));
    let mut world = world::over();
    for (item, text) in [
        (Item::Symptoms, "it panics on *spaces*"),
        (Item::Impact, "whoever has a space in their name"),
        (Item::WhatWasFixed, "paths are quoted"),
    ] {
        let word = Word {
            by: by("mia", 20),
            note: Some(text.into()),
            head: None,
        };
        world.facts.words.insert(item, word);
    }
    let block = world.view(notes_block);
    assert!(block.contains("- The bug: it panics on \\*spaces\\* (["));
    assert!(block.contains("- Impact: whoever has a space in their name; prevents all"));
    assert!(block.contains("- The fix: paths are quoted\n"));
    assert!(!block.contains("quote model paths"));
    assert!(!world.view(status).contains("/hotfix check impact"));
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
    assert!(world.view(merge_message).ends_with("Refs #234"));
    assert!(world.view(merge_title).ends_with(" (#235)"));
}

#[test]
fn messages() {
    let mut world = titled("Panic on {version} start.");
    let message = |view: &View<'_>| tag_message(view, "v1.0.5");
    assert_eq!(
        world.view(message),
        "Hotfix v1.0.5: Panic on {version} start\n\nFixes #234\n\n\
         Critical fix for \"Panic on {version} start\".\n\nSee CHANGELOG.md for details."
    );
    if let Some(preview) = &mut world.preview {
        preview.tested_by_word = Some("mia".into());
        preview.tested.clear();
    }
    assert!(
        world
            .view(message)
            .ends_with("\n\nTested by the word of mia alone: no workflow run tested 9f3c2ab.")
    );
    assert!(
        world
            .view(status)
            .contains("**by the word of @mia alone**, in place of `ci.yml`")
    );
    let policy = Policy::default();
    assert_eq!(
        bump_message(&policy, "1.0.5"),
        "chore: bump version to 1.0.5 for hotfix"
    );
    assert_eq!(
        titled("Panic on `a`\n<b>").view(changelog_entry),
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
    assert_eq!(community.state, ItemState::NotApplicable);
    assert_eq!(community.evidence, "no channel or discussion is configured");
    let impact = line("impact-assessed");
    assert_eq!(
        (impact.state, impact.by.as_deref()),
        (ItemState::ByHand, Some("mia"))
    );
    assert_eq!(impact.evidence, "09:11 UTC");
    assert_eq!(line("branch-created").state, ItemState::Done);
    assert_eq!(line("tagged").state, ItemState::Open);
}

#[test]
fn an_empty_case_has_words_too() {
    let mut world = world::fix_awaited();
    *world.facts.lines.only_mut() = Default::default();
    world.facts.issue = Default::default();
    world.facts.repo.html_url.clear();
    world.needs.clear();
    world.done = 0;
    let comment = world.view(status);
    assert!(
        comment.contains("### Hotfix of `caro`: a critical bug\n⏳ **Step 1 of 10: Assess**\n")
    );
    assert!(comment.contains("Nothing is needed from anybody."));
    assert!(!comment.contains("]("));
    for text in [verification, notes_block, pull_body, pull_title] {
        assert!(!world.view(text).is_empty());
    }
    world.facts.lines.only_mut().seen.base = seen(Default::default());
    assert!(!world.view(status).is_empty());
}
