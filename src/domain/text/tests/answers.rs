//! The answers to questions, and that the commands in them do what they say.

use super::super::answer;
use super::scratch::Scratch;
use super::shown;
use super::world::{self, START, World, seen};
use crate::domain::command::Command;
use crate::domain::effect::Slot;
use crate::domain::facts::{Out, Refusal, Rollback, RollbackDecision, Said, SaidState, Word};
use crate::domain::ids::{Actor, By, LineId, Sha};
use crate::domain::item::Item;
use crate::domain::objects::{
    Bypass, CommentFact, CommentKind, Guards, Pull, PullKind, Rule, Ruleset, Tag,
};
use crate::domain::obstacle::Obstacle;
use crate::domain::slot::Place;

/// The answer to this question, without its first lines and link targets.
fn answered(world: &mut World, command: Command) -> String {
    let text = raw(world, command);
    let (_, rest) = text.split_once("\n\n").expect("a head");
    shown(rest.trim_end())
}

fn raw(world: &mut World, command: Command) -> String {
    world.facts.said.push(Said {
        comment: 9,
        pull: None,
        line: 1,
        by: Actor::person("dev"),
        at: START,
        text: "/hotfix …".into(),
        of: None,
        command: Some(command),
        state: SaidState::Done,
        answer: None,
        written: None,
        age: 0,
        late: false,
        print: String::new(),
        asked: None,
        echo: false,
        passing: false,
        tick: false,
    });
    let status = CommentFact {
        url: "https://hub.test/acme/caro/issues/234#issuecomment-1".into(),
        ..CommentFact::default()
    };
    world.facts.comments.insert(CommentKind::Status, status);
    let text = world.view(|view| answer(9, view));
    world.facts.said.pop();
    text
}

#[test]
fn what_comes_next() {
    insta::assert_snapshot!(answered(&mut world::fix_awaited(), Command::Plan), @r#"
    **Hotfix v1.0.5 of `caro` — step 4 of 10: Fix**

    **At once:** nothing; it is somebody else's turn.

    **Waiting for people:**
    - A fix on [`hotfix/v1.0.5`](https://hub.test/acme/caro/tree/hotfix/v1.0.5) ([PR #235](https://hub.test/acme/caro/pull/235)): push its commits there, with a test. Is it on `main` already? `/hotfix pick #n` takes it over, by the number of its pull request or by its commit — anybody with write access
    - An approving review of `4e1d0aa` on [PR #235](https://hub.test/acme/caro/pull/235) by somebody who did not write the fix — anybody with write access

    **Then, in this order; a push takes it back to the tests:**
    - Step 4 of 10: Fix: take each push to `hotfix/v1.0.5` as the head that everything is about
    - Step 5 of 10: Test: watch `ci.yml` on the head, and wait for a review
    - Step 6 of 10: Release: once `/hotfix release <sha>` is said, look at everything once more, put `v1.0.5` on exactly that commit, and merge [PR #235](https://hub.test/acme/caro/pull/235) into `main`
    - Step 7 of 10: Monitor: watch `publish.yml`, `bundle.yml`
    - Step 8 of 10: Verify: look for it on crates.io and at its release, and ask for a fresh install and for a word that it is fixed
    - Step 9 of 10: Communicate: write the block into the release notes, thank the reporter, and close [#234](https://hub.test/acme/caro/issues/234)
    - Step 10 of 10: Close: see that `main` holds the fix, and delete `hotfix/v1.0.5`
    "#);
    let over = answered(&mut world::over(), Command::Plan);
    assert!(
        over.ends_with("Nothing more: this hotfix is over."),
        "{over}"
    );
}

#[test]
fn what_ships_at_any_time() {
    insta::assert_snapshot!(answered(&mut world::fix_awaited(), Command::Preview), @r#"
    **Will ship, as `v1.0.5`:** nothing yet, for there is no fix
    **Will not ship: 175 commits on `main` since v1.0.4**, 54 of them features ([compare](https://hub.test/acme/caro/compare/v1.0.4...main))
    **Published to crates.io by:** a person, after the tag (`git fetch --tags && git checkout v1.0.5 && cargo publish -p caro`): no workflow of this repository is known to do it
    **No way back:** crates.io never lets 1.0.5 be used again. Publishing was not rehearsed.
    "#);
    let ready = answered(&mut world::ready(), Command::Preview);
    assert!(ready.starts_with("**Will ship: 2 commits"), "{ready}");
    let after = answered(&mut world::after_the_tag(), Command::Preview);
    assert!(after.starts_with("**What ships: 2 commits"), "{after}");
}

#[test]
fn what_happened() {
    let full = Command::Timeline { full: true };
    let full = answered(&mut world::over(), full);
    let (list, draft) = full.split_once("\n\n<details>").expect("a draft");
    insta::assert_snapshot!(list, @r#"
    **Clock:** started 09:03 UTC · ended 11:04 UTC · took 2 h 1 min (target 2 h, at most 6 h)

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

    - 09:03 UTC: @{zw}mia put `P0` on
    - 09:04 UTC: @{zw}mia confirmed the start
    - 09:11 UTC: @{zw}mia answered the matrix
    - 09:11 UTC: step 1 of 10: Assess is proven
    - 09:11 UTC: step 2 of 10: Branch is proven: [`hotfix/v1.0.5`](https://hub.test/acme/caro/tree/hotfix/v1.0.5)
    - 09:12 UTC: step 3 of 10: Bump is proven: [`hotfix/v1.0.5`](https://hub.test/acme/caro/tree/hotfix/v1.0.5)
    - 09:58 UTC: step 4 of 10: Fix is proven: [PR #235](https://hub.test/acme/caro/pull/235)
    - 10:05 UTC: step 5 of 10: Test is proven: [`9f3c2ab`](https://hub.test/acme/caro/commit/9f3c2abd00000000000000000000000000000000)
    - 10:08 UTC: @{zw}mia decided to release `9f3c2ab`
    - 10:13 UTC: step 6 of 10: Release is proven: [`v1.0.5`](https://hub.test/acme/caro/releases/tag/v1.0.5)
    - 10:31 UTC: seen: Verified on crates.io
    - 10:38 UTC: step 7 of 10: Monitor is proven
    - 11:01 UTC: step 8 of 10: Verify is proven: [`v1.0.5`](https://hub.test/acme/caro/releases/tag/v1.0.5)
    - 11:03 UTC: step 9 of 10: Communicate is proven
    - 11:04 UTC: step 10 of 10: Close is proven
    - 11:04 UTC: the hotfix branch was deleted
    "#);
    for says in [
        "<summary>Draft of a post-mortem</summary>\n\n```markdown\n# ",
        "\n- Issue: [#234](https://hub.test/acme/caro/issues/234), reported by ",
        "\n- Severity: P0, ",
        "\n- Fixed in: [v1.0.5](https://hub.test/acme/caro/releases/tag/v1.0.5), from v1.0.4\n",
        "\n## Root cause\n\n…\n",
        "\n## What happened\n\n**2026-",
        "\n- 09:03: mia put `P0` on\n",
        "\n- 10:08: mia decided to release `9f3c2ab`\n",
    ] {
        assert!(draft.contains(says), "{says}: {draft}");
    }
    assert!(!draft.contains('@'), "it calls nobody: {draft}");
    let short = answered(&mut world::over(), Command::Timeline { full: false });
    assert!(
        short.ends_with("| **Total** | 2 h 1 min | 2 h | 6 h |"),
        "{short}"
    );
}

#[test]
fn what_people_say_stays_theirs_in_the_draft() {
    let mut world = world::over();
    let word = Word {
        by: By {
            login: "mia".into(),
            at: START,
        },
        note: Some("a ``` fence, @all and <b>".into()),
        head: None,
    };
    world.facts.words.insert(Item::RootCause, word);
    let full = answered(&mut world, Command::Timeline { full: true });
    let (_, draft) = full.split_once("<details>").expect("a draft");
    // The fence is longer than any inside, and what is said keeps its letters.
    let fence = draft
        .lines()
        .find(|line| line.starts_with("```"))
        .expect("a fence");
    let fence = fence.trim_end_matches("markdown");
    assert_eq!(
        draft.lines().filter(|line| line.trim() == fence).count(),
        1,
        "{draft}"
    );
    assert!(!draft.contains("@all") && !draft.contains("<b>"), "{draft}");
}

#[test]
fn what_is_left_by_hand() {
    insta::assert_snapshot!(answered(&mut world::ready(), Command::Runbook), @r#"
    **To finish by hand**, in a clone of the repository. I see what is done, and go on from there.

    **The branch `hotfix/v1.0.5`**
    ```sh
    git fetch origin --tags
    git switch hotfix/v1.0.5
    ```

    **6 Tag `v1.0.5`**
    ```sh
    git tag -a v1.0.5 9f3c2abd00000000000000000000000000000000 -m 'Hotfix v1.0.5: Panic on model path with <spaces> | ask ops' -m 'Fixes #234' -m 'Critical fix for "Panic on model path with <spaces> | ask ops".' -m 'See CHANGELOG.md for details.'
    git push origin refs/tags/v1.0.5
    ```

    **6 Merge into `main`**
    ```sh
    gh pr merge 235 --merge --match-head-commit 9f3c2abd00000000000000000000000000000000
    ```

    **7 What the tag starts**
    `bundle.yml` is started by hand, where it is wanted: `gh workflow run bundle.yml --ref v1.0.5`
    Nothing of it publishes by itself: `git fetch --tags && git checkout v1.0.5 && cargo publish -p caro`
    ```sh
    gh run list --workflow=publish.yml --limit 1
    ```

    **8 Verify**
    Then the command that was broken.
    ```sh
    cargo install caro --version 1.0.5 --force
    caro --version
    ```

    **9 Communicate**
    The notes of [`v1.0.5`](https://hub.test/acme/caro/releases/tag/v1.0.5) say what was wrong, who should upgrade and how (`gh release edit v1.0.5 --notes-file notes.md`).
    ```sh
    gh issue close 234 --comment 'Fixed in v1.0.5. https://hub.test/acme/caro/releases/tag/v1.0.5'
    ```

    **10 Close**
    ```sh
    git push origin --delete hotfix/v1.0.5
    ```
    "#);
    let over = answered(&mut world::over(), Command::Runbook);
    assert_eq!(over, "**To finish by hand:** nothing is left.");
}

/// The blocks of the runbook, each with its title.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for part in text.split("\n\n**") {
        let title = part.split("**").next().unwrap_or_default();
        if let Some((_, block)) = part.split_once("```sh\n") {
            let block = block.split("\n```").next().unwrap_or_default();
            all.push((title.to_owned(), block.to_owned()));
        }
    }
    all
}

/// The world as the scratch repository has it, with this head.
fn placed(mut world: World, scratch: &Scratch, head: Option<&Sha>) -> World {
    let line = world.facts.lines.only_mut();
    if let Some(base) = &mut line.seen.base.value {
        std::sync::Arc::make_mut(base).commit = scratch.sha("v1.0.4");
    }
    if let (Some(head), Some(branch)) = (head, &mut line.seen.branch.value)
        && let Some(known) = &mut branch.head
    {
        let known = std::sync::Arc::make_mut(known);
        known.sha = head.clone();
        if let Some(last) = known.commits.last_mut() {
            last.sha = head.clone();
        }
    }
    world
}

#[test]
fn the_commands_that_are_left_do_what_is_left() {
    let scratch = Scratch::new();
    // Nothing but the number is known: the branch is made at the release.
    let mut begun = placed(world::fix_awaited(), &scratch, None);
    begun.done = 0;
    let line = begun.facts.lines.only_mut();
    (line.branch_made, line.pull_number) = (false, None);
    line.seen.branch = Default::default();
    let text = raw(&mut begun, Command::Runbook);
    let all = blocks(&text);
    let names: Vec<&str> = all.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(
        names,
        [
            "The branch `hotfix/v1.0.5`",
            "5 Version and changelog",
            "The draft pull request",
            "3 Fix",
            "4 Test",
            "6 Tag `v1.0.5`",
            "7 What the tag starts",
            "8 Verify",
            "9 Communicate",
            "10 Close"
        ]
    );
    for (title, block) in &all {
        if title == "5 Version and changelog" {
            scratch.in_clone("echo 1.0.5 >file");
        }
        if title == "3 Fix" {
            scratch.in_clone("echo fixed >fix && git add fix && git commit -q -m fix");
        }
        if title == "10 Close" {
            let there = scratch.in_clone("git ls-remote origin");
            let fix = scratch.sha("hotfix/v1.0.5");
            assert!(there.contains(&format!("{fix}\trefs/heads/hotfix/v1.0.5")));
            assert!(
                there.contains(&format!("{fix}\trefs/tags/v1.0.5^{{}}")),
                "{there}"
            );
            assert_eq!(scratch.sha("hotfix/v1.0.5~2"), scratch.sha("v1.0.4"));
        }
        scratch.in_clone(block);
    }
    assert!(
        !scratch
            .in_clone("git ls-remote origin")
            .contains("heads/hotfix")
    );
    let asked = scratch.runs("cat asked");
    assert!(
        asked.contains("pr create --draft --base main --head hotfix/v1.0.5"),
        "{asked}"
    );
}

#[test]
fn the_commands_go_on_from_any_state() {
    let scratch = Scratch::new();
    scratch.in_clone(
        "git switch -q -c hotfix/v1.0.5 v1.0.4 && echo fixed >fix && git add -A && git commit -q -m fix
         git push -q origin hotfix/v1.0.5 && git switch -q main && git branch -q -D hotfix/v1.0.5",
    );
    let head = scratch.sha("origin/hotfix/v1.0.5");
    // Ready: tagged and merged at exactly that head, whatever is checked out.
    let mut ready = placed(world::ready(), &scratch, Some(&head));
    let text = raw(&mut ready, Command::Runbook);
    let all = blocks(&text);
    let titles: Vec<&str> = all.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(
        titles[..3],
        [
            "The branch `hotfix/v1.0.5`",
            "6 Tag `v1.0.5`",
            "6 Merge into `main`"
        ]
    );
    for (_, block) in all.iter().take(3) {
        scratch.in_clone(block);
    }
    assert_eq!(scratch.sha("v1.0.5"), head);
    scratch.in_clone(&format!(
        "git fetch -q && git merge-base --is-ancestor {head} origin/main"
    ));
    // Tagged: what is left begins with what the tag starts.
    let mut tagged = placed(world::after_the_tag(), &scratch, Some(&head));
    tagged.done = 6;
    let line = tagged.facts.lines.only_mut();
    line.seen.tag = seen(Some(Tag {
        object: head.clone(),
        commit: head.clone(),
        annotated: true,
    }));
    let all = blocks(&raw(&mut tagged, Command::Runbook));
    let last = all.last().map(|(title, _)| title.as_str());
    assert_eq!(last, Some("10 Close"));
    scratch.in_clone(&all.last().unwrap().1);
    assert!(
        !scratch
            .in_clone("git ls-remote origin")
            .contains("heads/hotfix")
    );
}

/// Commits are to be signed: a key of nobody's, and what signs with it.
fn signing(scratch: &Scratch, world: &mut World) {
    scratch.runs(
        "cat >bin/gpg <<'END'
#!/bin/sh
cat >/dev/null; echo '[GNUPG:] SIG_CREATED ' >&2
printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'
END
         chmod +x bin/gpg",
    );
    scratch.in_clone("git config gpg.program \"$HOME/bin/gpg\"");
    let line = world.facts.lines.only_mut();
    line.seen.guards = seen(Guards {
        rulesets: Some(vec![Ruleset {
            name: "signed".into(),
            url: String::new(),
            tags: false,
            include: vec!["refs/heads/main".into()],
            exclude: Vec::new(),
            rules: vec![Rule::Signatures],
            bypass: Bypass::Never,
        }]),
        ..Guards::default()
    });
}

/// How many commits of a branch since the release are signed, and how many are not.
fn signed(scratch: &Scratch, of: &str) -> (usize, usize) {
    let all = scratch.in_clone(&format!(
        "git rev-list {of} | while read it; do git cat-file commit $it | grep -c ^gpgsig || true; done"
    ));
    let signed = all.lines().filter(|line| *line == "1").count();
    (signed, all.lines().count() - signed)
}

#[test]
fn commits_that_must_be_signed_are_signed_anew_or_come_as_one() {
    let scratch = Scratch::new();
    scratch.in_clone(
        "git switch -q -c hotfix/v1.0.5 v1.0.4 && echo 1.0.5 >file && git commit -q -a -m bump
         echo fixed >fix && git add -A && git -c user.name=Mia commit -q --author 'Mia <mia@x.test>' -m fix
         git push -q origin hotfix/v1.0.5 && git switch -q main && git branch -q -D hotfix/v1.0.5",
    );
    let (head, bump) = (
        scratch.sha("origin/hotfix/v1.0.5"),
        scratch.sha("origin/hotfix/v1.0.5^"),
    );
    // Before the decision: the fix is signed anew, and the bump stays the bot's.
    let mut ready = placed(world::ready(), &scratch, Some(&head));
    signing(&scratch, &mut ready);
    let line = ready.facts.lines.only_mut();
    if let Some(branch) = &mut line.seen.branch.value
        && let Some(known) = &mut branch.head
        && let Some(fix) = std::sync::Arc::make_mut(known).commits.last_mut()
    {
        fix.unsigned = true;
    }
    let text = raw(&mut ready, Command::Runbook);
    let title = "Signatures, which `main` asks for";
    let all = blocks(&text);
    let block = all.iter().find(|(it, _)| it == title);
    scratch.in_clone(&block.unwrap_or_else(|| panic!("{text}")).1);
    let anew = scratch.sha("origin/hotfix/v1.0.5");
    assert_ne!(anew, head);
    assert_eq!(scratch.sha("origin/hotfix/v1.0.5^"), bump);
    assert_eq!(signed(&scratch, "v1.0.4..origin/hotfix/v1.0.5"), (1, 1));
    let same = scratch.in_clone(&format!(
        "git diff {head} {anew}; git log -1 --format=%an {anew}"
    ));
    assert_eq!(same, "Mia\n");
    // After it: what is tagged stays, and one signed commit brings it.
    let mut tagged = placed(world::after_the_tag(), &scratch, Some(&head));
    signing(&scratch, &mut tagged);
    scratch.in_clone(&format!(
        "git switch -q main && git tag -a v1.0.5 -m v1.0.5 {head} && git push -q origin v1.0.5"
    ));
    tagged.done = 5;
    let line = tagged.facts.lines.only_mut();
    line.seen.tag = seen(Some(Tag {
        object: head.clone(),
        commit: head.clone(),
        annotated: true,
    }));
    if let Some(decision) = &mut line.decision {
        decision.head = head.clone();
    }
    let place = Place {
        line: LineId::default(),
        slot: Slot::Merge(PullKind::Hotfix),
    };
    let refusal = Refusal {
        subject: head.to_string(),
        generation: 0,
        obstacle: Obstacle::Refused("Commits must have verified signatures.".into()),
        at: START,
    };
    tagged.facts.blocked.insert(place, refusal);
    let text = raw(&mut tagged, Command::Runbook);
    let all = blocks(&text);
    let block = all.iter().find(|(title, _)| title == "6 Merge into `main`");
    scratch.in_clone(&block.unwrap_or_else(|| panic!("{text}")).1);
    assert_eq!(
        signed(&scratch, "origin/main..origin/signed/v1.0.5"),
        (1, 0)
    );
    let brought = scratch.in_clone("git diff --stat origin/main origin/signed/v1.0.5");
    assert!(
        brought.contains("fix ") && brought.contains("file "),
        "{brought}"
    );
    assert!(!brought.contains("later"), "{brought}");
    let asked = scratch.runs("cat asked");
    assert!(
        asked.contains("pr create --base main --head signed/v1.0.5"),
        "{asked}"
    );
}

#[test]
fn the_commands_that_are_left_of_a_rollback_take_the_tag_back() {
    let scratch = Scratch::new();
    scratch.in_clone(
        "git switch -q -c hotfix/v1.0.5 v1.0.4 && echo fixed >fix && git add -A && git commit -q -m fix
         git push -q origin hotfix/v1.0.5 && git tag -a v1.0.5 -m v1.0.5 && git push -q origin v1.0.5
         git switch -q main && git merge -q --no-ff --no-edit hotfix/v1.0.5 && git push -q origin main",
    );
    let (head, merged) = (scratch.sha("origin/hotfix/v1.0.5"), scratch.sha("main"));
    let mut w = placed(world::after_the_tag(), &scratch, Some(&head));
    w.policy.rollback.delete_tag = true;
    let object = Sha::new(scratch.in_clone("git rev-parse v1.0.5").trim());
    let tag = Tag {
        object,
        commit: head.clone(),
        annotated: true,
    };
    let line = w.facts.lines.only_mut();
    line.seen.tag = seen(Some(tag.clone()));
    line.seen.release = seen(None);
    line.seen.parts = seen(Vec::new());
    line.seen.runs = Default::default();
    line.seen.pull = seen(Pull {
        merged: true,
        merge_commit: Some(merged),
        ..Pull::default()
    });
    let mut rollback = Rollback::asked(world::by("mia", 60), "it burns".into());
    rollback.decided = Some(RollbackDecision {
        by: world::by("mia", 61),
        token: "3fa91c02".into(),
        locked: Some(world::START),
        found: Out {
            parts: Some(Vec::new()),
            release: None,
            tag: Some(tag),
        },
    });
    line.rollback = Some(Box::new(rollback));
    let all = blocks(&raw(&mut w, Command::Runbook));
    for (_, block) in &all {
        scratch.in_clone(block);
    }
    let there = scratch.in_clone("git ls-remote origin");
    assert!(!there.contains("refs/tags/v1.0.5"), "{all:#?}\n{there}");
    assert!(there.contains("refs/heads/revert-v1.0.5"), "{there}");
    let gone = scratch.in_clone("git ls-tree --name-only origin/revert-v1.0.5");
    assert!(!gone.contains("fix"), "{gone}");
    let asked = scratch.runs("cat asked");
    for words in [
        "issue create --title [HOTFIX FAILED]",
        "issue reopen 234",
        "pr create --base main",
    ] {
        assert!(asked.contains(words), "no “{words}” in {asked}");
    }
}
