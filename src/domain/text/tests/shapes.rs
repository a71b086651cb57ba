//! The status comment at each of its moments.

use insta::assert_snapshot;
use pulldown_cmark::{Event, Options, Parser, Tag};

use super::super::status;
use super::super::timeline::clock;
use super::world::{self, START, World, by, need};
use super::{first, top};
use crate::domain::command::{Command, CommandError, Verb};
use crate::domain::effect::Slot;
use crate::domain::facts::{News, Notice, Said, SaidState, Stop};
use crate::domain::ids::Actor;
use crate::domain::need::{NeedKind, StopReason, Who};
use crate::domain::objects::{CommentFact, CommentKind, ConfigFault};
use crate::domain::obstacle::Obstacle;
use crate::domain::refused::Refused;
use crate::domain::role::Role;

fn said(world: &mut World, login: &str, text: &str, command: Option<Command>, state: SaidState) {
    world.facts.said.push(Said {
        of: None,
        comment: 1,
        pull: None,
        line: 1,
        by: Actor::person(login),
        at: START + 64 * world::MINUTE,
        text: text.into(),
        command,
        state,
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
}

#[test]
fn the_fix_is_awaited() {
    let comment = world::fix_awaited().view(status);
    assert_snapshot!(top(&comment), @r#"
    <!-- hotfix-bot:status:17 -->
    ### Hotfix v1.0.5 of `caro`: Panic on model path with &lt;spaces&gt; \| ask @{zw}ops
    ⏳ **Step 4 of 10: Fix**
    **Clock:** started 09:03 UTC · fix due by 09:42 (at most 11:12) · released by 11:03 (at most 15:03)

    **Can be done now by anybody with write access:**
    - A fix on [`hotfix/v1.0.5`] ([PR #235]): push its commits there, with a test. Is it on `main` already? `/hotfix pick #n` takes it over, by the number of its pull request or by its commit
    - An approving review of `4e1d0aa` on [PR #235] by somebody who did not write the fix

    ✓ 1 Assess · ✓ 2 Branch · ✓ 3 Bump · **4 Fix** · 5 Test · 6 Release · 7 Monitor · 8 Verify · 9 Communicate · 10 Close

    | | |
    |---|---|
    | Base | [v1.0.4] ([`8c1f0e2`]) |
    | Will not ship | [175 commits] on `main` since v1.0.4 (54 of them features): the tag goes on the hotfix branch |
    | Tests required on the head | `ci.yml` |
    | Release workflows | `publish.yml` on the tag, `bundle.yml` by hand, not required |
    "#);
}

#[test]
fn the_matrix_is_not_answered() {
    let mut world = world::fix_awaited();
    world::unanswered(&mut world);
    let comment = world.view(status);
    assert_snapshot!(first(&comment, 9), @r#"
    ### Hotfix v1.0.5 of `caro`: Panic on model path with &lt;spaces&gt; \| ask @{zw}ops
    ⏳ **Step 1 of 10: Assess**
    **Clock:** started 09:03 UTC · answers and branch due by 09:18 (at most 09:33) · released by 11:03 (at most 15:03)

    **Can be done now by anybody with write access:**
    - Answers to the decision matrix (the fold “Severity” explains them):
      ```
      /hotfix assess condition=all-users|data-loss|exploited|vulnerability|common-workflow|degraded workaround=yes|no
      ```
    "#);
    // The questions are what is needed: their fold stands open.
    assert!(comment.contains("<details open><summary>Severity: 4 questions are open</summary>"));
    assert!(
        comment.contains("  - [ ] data loss or corruption is possible (`condition=data-loss`)")
    );
    // The document's eight examples stand beside them.
    for example in ["CLI crashes on launch", "Cosmetic UI issues"] {
        assert!(comment.contains(example), "{example}");
    }
}

#[test]
fn gates_are_open() {
    let comment = world::gates_open().view(status);
    assert_snapshot!(top(&comment), @r#"
    <!-- hotfix-bot:status:17 -->
    ### Hotfix v1.0.5 of `caro`: Panic on model path with &lt;spaces&gt; \| ask @{zw}ops
    ⏳ **Step 5 of 10: Test**
    **Clock:** started 09:03 UTC · tests due by 10:13 (at most 10:58) · released by 11:03 (at most 15:03)

    **Can be done now by anybody with write access:**
    - An approving review of `9f3c2ab` on [PR #235] by somebody who did not write the fix
    - A manual test of `9f3c2ab` on Windows, where the bug was seen. When it is done:
      ```
      /hotfix check manual-test 9f3c2ab platform=windows note=…
      ```

    ✓ 1 Assess · ✓ 2 Branch · ✓ 3 Bump · ✓ 4 Fix · **5 Test** · 6 Release · 7 Monitor · 8 Verify · 9 Communicate · 10 Close

    **Will ship: 2 commits, 4 files, +31 −6**
    [`4e1d0aa`] chore: bump version to 1.0.5 for hotfix · [`9f3c2ab`] fix(critical): quote model paths with spaces (\#{zw}234)
    **Packages:** `caro` 1.0.4 → 1.0.5 (crates.io)
    **Will not ship: 175 commits on `main` since v1.0.4**, 54 of them features ([compare])
    **Tested:** this commit, [`9f3c2ab`] — `ci.yml` [run 8123] passed 10:01 UTC; no manual test yet
    **To try it:** `git fetch origin hotfix/v1.0.5 && git checkout 9f3c2ab && cargo build --release`
    **Approved:** by nobody yet
    **The tag says:** <code>Hotfix v1.0.5&#58; Panic on model path with &#60;spaces&#62; &#124; ask ops</code>
    **Tagged:** this commit, and merged afterwards: `main` holds other commits
    **Published to crates.io by:** a person, after the tag (`git fetch --tags && git checkout v1.0.5 && cargo publish -p caro`): no workflow of this repository is known to do it
    **Afterwards:** not known yet whether [PR #235] merges cleanly into `main`
    **No way back:** crates.io never lets 1.0.5 be used again. Publishing was not rehearsed.

    **Open gates: 2**, all of them above

    | | |
    |---|---|
    | Base | [v1.0.4] ([`8c1f0e2`]) |
    | Tests required on the head | `ci.yml` |
    | Release workflows | `publish.yml` on the tag, `bundle.yml` by hand, not required |
    "#);
    assert!(!comment.contains("/hotfix release"));
}

#[test]
fn ready_to_release() {
    let comment = world::ready().view(status);
    assert_snapshot!(top(&comment), @r#"
    <!-- hotfix-bot:status:17 -->
    ### Hotfix v1.0.5 of `caro`: Panic on model path with &lt;spaces&gt; \| ask @{zw}ops
    ❗ **Step 6 of 10: ready to release**
    **Clock:** started 09:03 UTC · release due by 10:15 (at most 10:25) · released by 11:03 (at most 15:03)

    **Can be done now by a maintainer:**
    - The decision. To release exactly this:
      ```
      /hotfix release 9f3c2ab
      ```

    ✓ 1 Assess · ✓ 2 Branch · ✓ 3 Bump · ✓ 4 Fix · ✓ 5 Test · **6 Release** · 7 Monitor · 8 Verify · 9 Communicate · 10 Close

    **Will ship: 2 commits, 4 files, +31 −6**
    [`4e1d0aa`] chore: bump version to 1.0.5 for hotfix · [`9f3c2ab`] fix(critical): quote model paths with spaces (\#{zw}234)
    **Packages:** `caro` 1.0.4 → 1.0.5 (crates.io)
    **Will not ship: 175 commits on `main` since v1.0.4**, 54 of them features ([compare])
    **Tested:** this commit, [`9f3c2ab`] — `ci.yml` [run 8123] passed 10:01 UTC; manual test by @mia
    **Approved:** @rev, of this commit
    **The tag says:** <code>Hotfix v1.0.5&#58; Panic on model path with &#60;spaces&#62; &#124; ask ops</code>
    **Tagged:** this commit, and merged afterwards: `main` holds other commits
    **Published to crates.io by:** a person, after the tag (`git fetch --tags && git checkout v1.0.5 && cargo publish -p caro`): no workflow of this repository is known to do it
    **Afterwards:** [PR #235] merges cleanly into `main`
    **No way back:** crates.io never lets 1.0.5 be used again. Publishing was not rehearsed.

    **Open gates:** none

    | | |
    |---|---|
    | Base | [v1.0.4] ([`8c1f0e2`]) |
    | Tests required on the head | `ci.yml` |
    | Release workflows | `publish.yml` on the tag, `bundle.yml` by hand, not required |
    "#);
    assert!(comment.contains("- `/hotfix release 9f3c2ab`: "));
}

#[test]
fn after_the_tag() {
    let comment = world::after_the_tag().view(status);
    assert_snapshot!(first(&comment, 9), @r#"
    ### Hotfix v1.0.5 of `caro`: Panic on model path with &lt;spaces&gt; \| ask @{zw}ops
    ✗ **publish.yml failed: v1.0.5 is tagged and not out** · Step 7 of 10: Monitor
    **Clock:** started 09:03 UTC · workflows due by 10:33 (at most 10:58) · released by 11:03 (at most 15:03)

    **Under way:** `release.yml` [run 8141] is under way on `9f3c2ab`, since 09:53 UTC.

    **Can be done now by anybody with write access:**
    - `publish.yml` [run 8140] failed in [job “Publish \| crates”] after 8 min. To run the failed job again:
      ```
    "#);
    assert!(comment.contains("<details><summary>What ships: 2 commits, 4 files, +31 −6</summary>"));
    assert!(!comment.contains("/hotfix cancel"));
}

#[test]
fn over() {
    let mut world = world::over();
    world.facts.comments.insert(
        CommentKind::Closing,
        CommentFact {
            url: "https://hub.test/c/3".into(),
            ..CommentFact::default()
        },
    );
    let comment = world.view(status);
    assert_snapshot!(first(&comment, 9), @r#"
    ### Hotfix v1.0.5 of `caro`: Panic on model path with &lt;spaces&gt; \| ask @{zw}ops
    ✓ **Nothing is needed any more.** [v1.0.5] is out.
    **Clock:** started 09:03 UTC · ended 11:04 UTC · took 2 h 1 min (target 2 h, at most 6 h)

    ✓ 1 Assess · ✓ 2 Branch · ✓ 3 Bump · ✓ 4 Fix · ✓ 5 Test · ✓ 6 Release · ✓ 7 Monitor · ✓ 8 Verify · ✓ 9 Communicate · ✓ 10 Close
    "#);
    assert!(comment.contains("<details><summary>What this release is made of</summary>"));
    assert!(comment.contains("See also: [summary](https://hub.test/c/3)"));
    assert!(!comment.contains("/hotfix check"));
}

#[test]
fn on_hold() {
    let mut world = world::fix_awaited();
    let stop = Stop {
        by: by("mia", 20),
        why: StopReason::Said("wait for `legal` | ok".into()),
        quiet: false,
        written: None,
    };
    let held = NeedKind::Held {
        login: "mia".into(),
        why: stop.why.clone(),
    };
    world.facts.hold = Some(stop);
    world.needs.insert(0, need(Who::Responder, held));
    let comment = world.view(status);
    assert_snapshot!(first(&comment, 2), @r#"
    ### Hotfix v1.0.5 of `caro`: Panic on model path with &lt;spaces&gt; \| ask @{zw}ops
    ⏸ **On hold at step 4 of 10: Fix**
    "#);
    assert!(comment.contains("- `/hotfix unhold [reason=]`"));
    assert!(!comment.contains("- `/hotfix hold"));
}

#[test]
fn cancelled() {
    let mut world = world::fix_awaited();
    world.facts.cancelled = Some(Stop {
        by: by("mia", 20),
        why: StopReason::Said("no P0".into()),
        quiet: false,
        written: None,
    });
    world.facts.over = Some(START + 21 * world::MINUTE);
    assert_snapshot!(first(&world.view(status), 3), @r#"
    ### Hotfix v1.0.5 of `caro`: Panic on model path with &lt;spaces&gt; \| ask @{zw}ops
    **Nothing more happens:** @mia cancelled this at 09:23 UTC (“no P0”).
    **Clock:** started 09:03 UTC · ended 09:24 UTC · took 21 min (target 2 h, at most 6 h)
    "#);
}

#[test]
fn the_configuration_is_wrong() {
    let mut world = world::fix_awaited();
    *world.facts.lines.only_mut() = Default::default();
    world.done = 0;
    world.configured(vec![ConfigFault {
        file: None,
        line: 3,
        column: 1,
        message: "unknown key `tets`".into(),
        ..ConfigFault::default()
    }]);
    world.needs = vec![need(Who::Responder, NeedKind::ConfigWrong)];
    assert_snapshot!(first(&world.view(status), 5), @r#"
    ### Hotfix of `caro`: Panic on model path with &lt;spaces&gt; \| ask @{zw}ops
    ⏳ **Waits: its configuration is wrong**
    **Clock:** started 09:03 UTC · answers and branch due by 09:18 (at most 09:33) · released by 11:03 (at most 15:03)

    - `.github/hotfix.toml` line 3, column 1: unknown key `tets`
    "#);
}

#[test]
fn refused_commands_are_answered_until_their_author_is_understood() {
    let mut world = world::ready();
    let confused = SaidState::Confused(CommandError::UnknownVerb {
        found: "relase".into(),
        similar: Some(Verb::Release),
    });
    said(&mut world, "dev", "/hotfix relase `x` @all", None, confused);
    let refused = SaidState::Refused(Refused::RoleTooLow {
        verb: Verb::Cancel,
        has: Role::Write,
        wants: Some(Role::Maintain),
    });
    let cancel = Command::Cancel { reason: "x".into() };
    said(
        &mut world,
        "eve",
        "/hotfix cancel reason=x",
        Some(cancel),
        refused,
    );
    let comment = world.view(status);
    assert!(comment.contains(
        "**Not carried out:**\n\
         - ``/hotfix relase `x` @all`` (@dev, 10:07 UTC) — no command `relase`. Did you mean `release`? It is `/hotfix release <sha7>`\n\
         - `/hotfix cancel reason=x` (@eve, 10:07 UTC) — `cancel` takes `maintain`, and your role here is `write`. A maintainer can do it\n"
    ));
    said(
        &mut world,
        "dev",
        "/hotfix status",
        Some(Command::Status),
        SaidState::Done,
    );
    said(
        &mut world,
        "eve",
        "/hotfix status",
        Some(Command::Status),
        SaidState::Done,
    );
    let comment = world.view(status);
    assert!(!comment.contains("relase"));
    assert!(comment.contains("reason=x` (@eve"));
}

#[test]
fn help_shows_every_command() {
    let mut world = world::fix_awaited();
    world.facts.help = true;
    let comment = world.view(status);
    assert!(comment.contains("<details open><summary>All commands</summary>"));
    assert!(comment.contains("/hotfix release <sha7>"));
}

#[test]
fn time_changes_the_clock_alone_and_that_at_its_marks() {
    for mut world in [world::fix_awaited(), world::ready(), world::after_the_tag()] {
        let before = world.view(status);
        world.facts.now += 20 * world::MINUTE;
        assert_eq!(world.view(status), before);
    }
    let mut world = world::fix_awaited();
    let mut clocks = Vec::new();
    for minutes in [38, 39, 53, 54, 129, 135, 400] {
        world.facts.now = START + minutes * world::MINUTE;
        let clock = world.view(clock);
        let (_, clock) = clock.split_once(" · ").unwrap_or_default();
        clocks.push(format!("{minutes}: {clock}"));
    }
    assert_snapshot!(clocks.join("\n"), @r#"
    38: fix due by 09:42 (at most 11:12) · released by 11:03 (at most 15:03)
    39: ⚠ **fix over its target** since 09:42 (at most 11:12) · released by 11:03 (at most 15:03)
    53: ⚠ **fix over its target** since 09:42 (at most 11:12) · released by 11:03 (at most 15:03)
    54: ⚠ **fix more than 15 min over its target** since 09:42 (at most 11:12) · released by 11:03 (at most 15:03)
    129: ‼ **fix over its maximum** since 11:12 · ⚠ **the whole over its target** since 11:03 (at most 15:03)
    135: ‼ **fix over its maximum** since 11:12 · ⚠ **the whole more than 15 min over its target** since 11:03 (at most 15:03)
    400: ‼ **fix more than 4 h over its maximum** since 11:12 · ‼ **the whole over its maximum** since 15:03
    "#);
}

#[test]
fn it_stays_short_enough_for_github() {
    let mut world = world::gates_open();
    for n in 0..500 {
        let words = format!("notice {n} {}", "word ".repeat(100)).into();
        let what = News::Earlier { words };
        world.facts.notices.push(Notice { at: START, what });
    }
    if let Some(preview) = &mut world.preview {
        let commit = world::commit(world::HEAD, &"s".repeat(300), false);
        preview.commits = vec![commit; 900];
    }
    world
        .policy
        .links
        .insert("contacts".into(), "x".repeat(70_000));
    let comment = world.view(status);
    assert!(
        comment.chars().count() < 60_100,
        "{}",
        comment.chars().count()
    );
    assert!(comment.contains("too long for a comment"));
    assert!(comment.contains("<!-- item:branch-deleted -->"));
    assert_eq!(
        comment.matches("<details").count(),
        comment.matches("</details>").count()
    );
}

#[test]
fn no_word_of_a_user_has_an_effect() {
    let evil = "</details><img src=x> **b** [l](https://evil.test) @team https://evil.test | `c";
    let mut world = world::gates_open();
    world.facts.answers.platform = Some(evil.into());
    world.facts.answers.note = Some(evil.into());
    world.policy.links.insert(evil.into(), evil.into());
    world.needs.insert(
        0,
        need(
            Who::Responder,
            NeedKind::Held {
                login: "mia".into(),
                why: StopReason::Said(evil.into()),
            },
        ),
    );
    world.needs.push(need(
        Who::Responder,
        NeedKind::Stuck {
            slot: Slot::Tag,
            obstacle: Obstacle::Refused(evil.into()),
        },
    ));
    if let Some(preview) = &mut world.preview {
        preview.commits = vec![world::commit(world::HEAD, evil, false)];
        preview.manual = Some(evil.into());
    }
    let confused = SaidState::Confused(CommandError::Twice { key: "note".into() });
    said(&mut world, "dev", evil, None, confused);
    let comment = world.view(status);
    let mut text = String::new();
    // GitHub finds neither mentions nor addresses in code.
    let mut in_code = false;
    for event in Parser::new_ext(&comment, Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                let ours = ["<!-- ", "<details", "</details>", "<code>", "</code>"];
                let html = html.trim();
                assert!(
                    html.is_empty() || ours.iter().any(|o| html.starts_with(o)),
                    "{html}"
                );
                in_code = html == "<code>";
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                assert!(dest_url.starts_with("https://hub.test/"), "{dest_url}");
            }
            Event::Start(Tag::Image { .. }) => panic!("an image"),
            Event::Text(t) if !in_code => text.push_str(&t),
            _ => {}
        }
    }
    assert!(!text.contains("@team"), "{text}");
    assert!(!text.contains("https://"));
    assert_eq!(
        comment.matches("\n<details").count(),
        comment.matches("\n</details>").count()
    );
}
