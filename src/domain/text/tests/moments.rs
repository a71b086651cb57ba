//! The comments that call people, as they are read.

use insta::assert_snapshot;

use super::super::moment;
use super::top;
use super::world::{self, MINUTE, START, World, by};
use crate::domain::command::Phase;
use crate::domain::facts::{Extension, Stop, Told};
use crate::domain::ids::Sha;
use crate::domain::moment::Moment;
use crate::domain::need::StopReason;
use crate::domain::objects::{CommentFact, CommentKind, RoleRead};

/// The comment of the moment that comes in this world.
fn told(world: &mut World) -> String {
    let status = CommentFact {
        id: Some(7),
        url: "https://hub.test/acme/caro/issues/234#issuecomment-7".into(),
        ..CommentFact::default()
    };
    world.facts.comments.insert(CommentKind::Status, status);
    for (login, role) in [("mia", "maintain"), ("dev", "write")] {
        let read = RoleRead {
            role_name: role.into(),
            permission: "write".into(),
            id: 1,
            ..RoleRead::default()
        };
        world.facts.roles.insert(login.into(), world::seen(read));
    }
    let last = world.come().len().saturating_sub(1);
    let last = u32::try_from(last).unwrap_or_default();
    world.view(|view| top(&moment(last, view)))
}

/// The same once the world went on.
fn later(world: &mut World, minutes: i64, change: impl FnOnce(&mut World)) -> String {
    told(world);
    world.facts.now = START + minutes * MINUTE;
    change(world);
    told(world)
}

#[test]
fn it_is_ready() {
    let mut world = world::ready();
    assert_snapshot!(told(&mut world), @r#"
    <!-- hotfix-bot:moment-0:17 -->
    ### v1.0.5 is ready: @mia decides

    ```
    /hotfix release 9f3c2ab
    ```

    **Will ship: 2 commits, 4 files, +31 −6**
    [`4e1d0aa`] chore: bump version to 1.0.5 for hotfix · [`9f3c2ab`] fix(critical): quote model paths with spaces (\#{zw}234)
    **Packages:** `caro` 1.0.4 → 1.0.5 (crates.io)
    **Will not ship: 175 commits on `main` since v1.0.4**, 54 of them features ([compare])
    **Tested:** this commit, [`9f3c2ab`] — `ci.yml` [run 8123] passed 10:01 UTC; manual test by @{zw}mia
    **Approved:** @{zw}rev, of this commit
    **The tag says:** <code>Hotfix v1.0.5&#58; Panic on model path with &#60;spaces&#62; &#124; ask ops</code>
    **Tagged:** this commit, and merged afterwards: `main` holds other commits
    **Published to crates.io by:** a person, after the tag (`git fetch --tags && git checkout v1.0.5 && cargo publish -p caro`): no workflow of this repository is known to do it
    **Afterwards:** [PR #235] merges cleanly into `main`
    **No way back:** crates.io never lets 1.0.5 be used again. Publishing was not rehearsed.

    [Everything else]
    "#);
    let decided = later(&mut world, 66, |world| {
        let decided = world::after_the_tag();
        world.facts.lines = decided.facts.lines;
        world.needs = Vec::new();
        world.done = 6;
    });
    assert_snapshot!(decided, @r#"
    <!-- hotfix-bot:moment-0:17 -->
    ### v1.0.5 was ready

    @{zw}mia decided at 10:08 UTC to release `9f3c2ab`. [Where it stands]
    "#);
    let mut world = world::ready();
    let missing = later(&mut world, 66, |world| {
        world.gates = world::gates_open().gates;
        world.needs.clone_from(&world.gates);
    });
    assert_snapshot!(missing, @r#"
    <!-- hotfix-bot:moment-0:17 -->
    ### v1.0.5 was ready at `9f3c2ab`: not any more since 10:09 UTC

    [Where it stands]
    "#);
}

#[test]
fn a_workflow_of_the_release_failed() {
    let mut world = world::after_the_tag();
    assert_snapshot!(told(&mut world), @r#"
    <!-- hotfix-bot:moment-0:17 -->
    ### ✗ publish.yml failed: v1.0.5 is tagged and not out

    Users do not have the fix yet.

    `publish.yml` [run 8140] failed in [job “Publish \| crates”] after 8 min.

    **@dev or @mia:** to run the failed job again

    ```
    /hotfix retry
    ```

    [Everything else]
    "#);
    let passed = later(&mut world, 80, |world| world.needs.clear());
    assert_snapshot!(passed, @r#"
    <!-- hotfix-bot:moment-0:17 -->
    ### publish.yml had failed

    No longer so since 10:23 UTC. [Where it stands]
    "#);
}

#[test]
fn a_maximum_is_over() {
    let mut world = world::gates_open();
    world.facts.now = START + 130 * MINUTE;
    world.policy.roles.escalation = vec!["@lead".into(), "@acme/on-call".into()];
    assert_snapshot!(told(&mut world), @r#"
    <!-- hotfix-bot:moment-0:17 -->
    ### ‼ Test takes more than 1 h

    Its maximum was over at 10:58 UTC. @lead, @acme/on-call: this needs you.

    **It waits for:**
    - An approving review of `9f3c2ab` on [PR #235] by somebody who did not write the fix — anybody with write access
    - A manual test of `9f3c2ab` on Windows, where the bug was seen — anybody with write access. When it is done: `/hotfix check manual-test 9f3c2ab platform=windows note=…`

    If it takes its time:

    ```
    /hotfix extend test 30m reason="…"
    ```

    [Everything else]
    "#);
    world.facts.now = START + 370 * MINUTE;
    let all = later(&mut world, 370, |_| {});
    assert_snapshot!(all, @r#"
    <!-- hotfix-bot:moment-1:17 -->
    ### ‼ The hotfix takes more than 6 h

    Its maximum was over at 15:03 UTC. @lead, @acme/on-call: this needs you.

    **It waits for:**
    - An approving review of `9f3c2ab` on [PR #235] by somebody who did not write the fix — anybody with write access
    - A manual test of `9f3c2ab` on Windows, where the bug was seen — anybody with write access. When it is done: `/hotfix check manual-test 9f3c2ab platform=windows note=…`

    If it takes its time:

    ```
    /hotfix extend total 30m reason="…"
    ```

    Is this truly P0, or can it wait for a regular release?

    ```
    /hotfix downgrade P1 reason="…"
    ```

    [Everything else]
    "#);
    let extended = later(&mut world, 380, |world| {
        world.facts.extended.push(Extension {
            phase: Phase::Total,
            millis: 60 * MINUTE,
            by: by("mia", 379),
            reason: "nearly there".into(),
        });
    });
    assert_snapshot!(extended, @r#"
    <!-- hotfix-bot:moment-1:17 -->
    ### The hotfix took more than 6 h

    No longer waited for since 15:23 UTC. [Where it stands]
    "#);
}

#[test]
fn each_moment_is_told_once() {
    let mut world = world::ready();
    let over = |told: &[Told]| {
        let ready = told
            .iter()
            .filter(|it| matches!(it.moment, Moment::Ready { .. }));
        ready.map(|it| it.over.is_some()).collect::<Vec<_>>()
    };
    assert_eq!(over(world.come()), [false]);
    // A gate closes and opens again: edited, not told anew.
    world.gates = world::gates_open().gates;
    assert_eq!(over(world.come()), [true]);
    world.gates.clear();
    world.facts.now += 60 * MINUTE;
    assert_eq!(over(world.come()), [false]);
    // Another head is another moment.
    if let Some(preview) = &mut world.preview {
        preview.head = Sha::new("b1c2d3e");
    }
    assert_eq!(over(world.come()), [true, false]);
}

#[test]
fn what_fails_again_is_told_again_unless_who_was_called_is_looking_still() {
    let mut world = world::after_the_tag();
    let failed = world.needs.clone();
    assert_eq!(world.come().len(), 1);
    for (minutes, told) in [(1, 1), (10, 2)] {
        world.needs.clear();
        world.come();
        world.facts.now += minutes * MINUTE;
        world.needs.clone_from(&failed);
        assert_eq!(world.come().len(), told, "{minutes}");
    }
}

#[test]
fn of_the_maxima_that_fell_due_meanwhile_the_newest_is_told() {
    let mut world = world::gates_open();
    let late = |told: &[Told]| {
        let phase = |it: &Told| match it.moment {
            Moment::Late { phase, .. } => Some(phase),
            _ => None,
        };
        told.iter().filter_map(phase).collect::<Vec<_>>()
    };
    world.facts.now = START + 400 * MINUTE;
    assert_eq!(late(world.come()), [Phase::Total]);
    world.facts.now += 60 * MINUTE;
    assert_eq!(late(world.come()), [Phase::Total]);
    // On hold nobody is called for a phase.
    let mut world = world::gates_open();
    world.facts.now = START + 130 * MINUTE;
    world.facts.hold = Some(Stop {
        by: by("mia", 20),
        why: StopReason::Said("wait".into()),
        quiet: false,
        written: None,
    });
    assert_eq!(late(world.come()), []);
    world.facts.hold = None;
    assert_eq!(late(world.come()), [Phase::Test]);
}

#[test]
fn nobody_is_called_where_that_is_not_wanted() {
    let mut world = world::ready();
    world.policy.announce.nudge = false;
    assert!(world.come().is_empty());
}
