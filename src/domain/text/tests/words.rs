//! The words of everything that facts hold as data.

use super::super::checklist::evidence;
use super::super::phrases::looking;
use super::super::refused::{confused, refused};
use super::super::slot_words;
use super::world::{self, HEAD, need, run};
use super::{samples, table};
use crate::domain::command::{CommandError, Overridable, Verb, Waivable};
use crate::domain::effect::Slot;
use crate::domain::evidence::{Evidence, NotApplicable};
use crate::domain::ids::{AdvisoryId, Sha};
use crate::domain::item::Item;
use crate::domain::line_name::LineName;
use crate::domain::need::{Looking, NeedKind, Who};
use crate::domain::objects::{CommentKind, Object, PullKind, Reaction};
use crate::domain::refused::{NoAdvisory, NoJoin, NoNumber, NoRevert, Refused};
use crate::domain::role::Role;
use crate::domain::severity::Approach;
use crate::domain::shipping::Repeats;
use crate::domain::workflow_file::Act;

fn line(name: &str) -> LineName {
    LineName::read(name).unwrap()
}

#[test]
fn what_each_refusal_says() {
    let head = Sha::new(HEAD);
    let gates = vec![
        need(Who::Responder, NeedKind::ManualTest { head: head.clone() }),
        need(
            Who::Responder,
            NeedKind::ChangesRequested {
                login: "rev".into(),
            },
        ),
    ];
    let moved = |ready| Refused::HeadMoved {
        asked: "4e1d0aa".into(),
        head: head.clone(),
        ready,
    };
    let not_the_head = |asked: Option<String>, shown| Refused::NotTheHead {
        verb: Verb::Check,
        item: Some(Item::CriticalPath),
        head: Sha::new(HEAD),
        asked,
        shown,
    };
    let repeats = |what| Refused::Repeats {
        file: "publish.yml".into(),
        what,
    };
    let no_number = |is| Refused::NoNumber {
        asked: "1.0.6".into(),
        is,
    };
    let low = |verb, has, wants| Refused::RoleTooLow { verb, has, wants };
    let cannot = |is| Refused::CannotJoin { to: 231, is };
    let all = samples!(Refused {
        RoleTooLow: low(Verb::Release, Role::Write, Some(Role::Maintain)),
            low(Verb::Cancel, Role::None, None),
            low(Verb::Hold, Role::Read, None);
        RoleUnreadable: Refused::RoleUnreadable { login: "dev".into() };
        TeamUnreadable: Refused::TeamUnreadable { team: "acme/leads".into() };
        NotReporter: Refused::NotReporter {
            verb: Verb::ConfirmFixed,
            reporter: "rita".into(),
        };
        GatesOpen: Refused::GatesOpen { gates };
        HeadMoved: moved(true), moved(false);
        NoChannels: Refused::NoChannels; NothingToAnnounce: Refused::NothingToAnnounce;
        NothingToRelease: Refused::NothingToRelease;
        AlreadyReleased: Refused::AlreadyReleased { tag: "v1.0.5".into() };
        AlreadyDecided: Refused::AlreadyDecided { login: "mia".into(), at: world::START };
        Proven: Refused::Proven { item: Item::Tagged };
        OwnNotes: Refused::OwnNotes;
        NoHead: Refused::NoHead { item: Item::ManualTest };
        TooEarly: Refused::TooEarly { item: Item::FreshInstall };
        NoteNeeded: Refused::NoteNeeded { item: Item::CriticalPath };
        NotTheHead: not_the_head(None, true),
            not_the_head(None, false),
            not_the_head(Some("bbbbbbb".into()), true);
        OtherAnswers: Refused::OtherAnswers;
        OtherPreview: Refused::OtherPreview { head: Sha::new(HEAD) };
        HeldMeanwhile: Refused::HeldMeanwhile { login: "mia".into() };
        TagDeleted: Refused::TagDeleted;
        TakenBack: Refused::TakenBack { deleted: true }, Refused::TakenBack { deleted: false };
        CommentUnreadable: Refused::CommentUnreadable;
        TooOld: Refused::TooOld;
        AnsweredLately: Refused::AnsweredLately { verb: Verb::Plan };
        TooMany: Refused::TooMany { most: 20 };
        NotTicked: Refused::NotTicked { item: Item::MinimalFix };
        NoSuchCommand: Refused::NoSuchCommand { asked: "3".into(), there: vec!["cargo test".into(), "make e2e".into()] },
            Refused::NoSuchCommand { asked: "1".into(), there: Vec::new() };
        NotYet: Refused::NotYet { verb: Verb::Rollback };
        NothingToTest: Refused::NothingToTest;
        NoSuchTest: Refused::NoSuchTest {
            asked: "fast".into(),
            there: vec!["ci.yml".into()],
        };
        NotHarmless: Refused::NotHarmless {
            file: "site.yml".into(),
            harm: vec![("ship".into(), Act::Deploys)],
            can_start: true,
        };
        TestsEnabled: Refused::TestsEnabled;
        NothingToBump: Refused::NothingToBump { version: "1.0.5".into() };
        NoNumber: no_number(NoNumber::NoVersion), no_number(NoNumber::NotAbove { base: "1.0.4".into() }),
            no_number(NoNumber::Taken), no_number(NoNumber::Claimed), no_number(NoNumber::TooEarly);
        NothingToRetry: Refused::NothingToRetry;
        Repeats: repeats(Repeats::Registry), repeats(Repeats::Release), repeats(Repeats::Elsewhere);
        NothingToRetryThere: Refused::NothingToRetryThere { asked: "tag".into(), there: vec!["test".into()] };
        NotALowerLevel: Refused::NotALowerLevel { level: "P0".into(), known: vec!["P1".into(), "P2".into()] };
        NothingToOverride: Refused::NothingToOverride { gate: Overridable::Judge };
        OwnFix: Refused::OwnFix { gate: Overridable::Judge };
        NothingToWaive: Refused::NothingToWaive { what: Waivable::KnownIssue };
        NothingToConfirm: Refused::NothingToConfirm;
        AfterTheDecision: Refused::AfterTheDecision { verb: Verb::Assess };
        RegularLevel: Refused::RegularLevel { level: "P1".into(), labelled: true }, Refused::RegularLevel { level: "P2".into(), labelled: false };
        UnknownLevel: Refused::UnknownLevel { level: "P7".into(), known: vec!["P0".into()] };
        BuiltOn: Refused::BuiltOn { tag: "v1.0.4".into() };
        NoLines: Refused::NoLines { line: "1.x".into() };
        WhichLine: Refused::WhichLine { lines: vec![line("1.x"), line("2.x")] };
        OtherLine: Refused::OtherLine { line: line("2.x") };
        LineThere: Refused::LineThere { line: line("2.x"), page: "https://github.test/c/1".into() },
            Refused::LineThere { line: line("2.x"), page: String::new() };
        OtherRepository: Refused::OtherRepository { of: "acme/caro-fork".into() };
        NotHeld: Refused::NotHeld;
        AlreadyHeld: Refused::AlreadyHeld { login: "mia".into() };
        OnHold: Refused::OnHold { verb: Verb::Release, login: "mia".into() };
        AfterTheTag: Refused::AfterTheTag { verb: Verb::Cancel };
        BeforeTheTag: Refused::BeforeTheTag { verb: Verb::ConfirmFixed };
        NothingToRollBack: Refused::NothingToRollBack;
        NoRevert: Refused::NoRevert { is: NoRevert::NotTakenBack }, Refused::NoRevert { is: NoRevert::NotOnMain }, Refused::NoRevert { is: NoRevert::UnderWay }, Refused::NoRevert { is: NoRevert::There { pull: 240 } };
        NoAdvisory: Refused::NoAdvisory { is: NoAdvisory::Elsewhere }, Refused::NoAdvisory { is: NoAdvisory::NotLinked },
            Refused::NoAdvisory { is: NoAdvisory::Another { id: AdvisoryId::read("GHSA-2f4g-5h6j-7m8p").unwrap() } },
            Refused::NoAdvisory { is: NoAdvisory::Embargo }, Refused::NoAdvisory { is: NoAdvisory::UnderWay }, Refused::NoAdvisory { is: NoAdvisory::Published };
        OtherRollback: Refused::OtherRollback { asked: "0a1b2c3d".into(), token: Some("3fa91c02".into()) },
            Refused::OtherRollback { asked: "0a1b2c3d".into(), token: None };
        RolledBack: Refused::RolledBack {
            tag: "v1.0.5".into(),
            login: "mia".into(),
            at: world::START,
        };
        Along: Refused::Along { verb: Verb::Release, with: 231 };
        NotJoined: Refused::NotJoined;
        CannotJoin: cannot(NoJoin::Itself), cannot(NoJoin::NoHotfix),
            cannot(NoJoin::GoesAlong { with: 230 }),
            cannot(NoJoin::Decided { tag: "v1.0.5".into() }),
            cannot(NoJoin::HasGuests), cannot(NoJoin::Unreadable);
        OverCase: Refused::OverCase;
        NotBegun: Refused::NotBegun;
        Earlier: Refused::Earlier { words: "not *now*, @dev".into() };
        ConfigWrong: Refused::ConfigWrong;
    });
    let said = world::ready().view(|view| table(&all, |why| refused(why, view)));
    insta::assert_snapshot!(said, @r#"
    RoleTooLow: `release` takes `maintain`, and your role here is `write`. A maintainer can do it
    RoleTooLow: `cancel` takes a commander, and you have no role here. Somebody whom the configuration's `[roles]` names can do it
    RoleTooLow: `hold` takes a responder, and your role here is `read`. Somebody whom the configuration's `[roles]` names can do it
    RoleUnreadable: not carried out: GitHub did not say which role @dev has here. Say it again
    TeamUnreadable: not carried out: GitHub did not say whether you are in `acme/leads`. The App needs the permission *Members*, read, of that organisation
    NotReporter: `confirm-fixed` is for the person who reported the issue, @rita. Anybody with write access can say `/hotfix check fix-verified note=…`
    GatesOpen: not now: 2 gates are open
      - A manual test of `9f3c2ab` on Windows, where the bug was seen — anybody with write access. When it is done: `/hotfix check manual-test 9f3c2ab platform=windows note=…`
      - @rev asked for changes: an approval by the same person, or a dismissal of that review — anybody with write access
    HeadMoved: not now: the head is `9f3c2ab`, not `4e1d0aa`. Look at the preview; to release that: `/hotfix release 9f3c2ab`
    HeadMoved: not now: the head is `9f3c2ab`, not `4e1d0aa`. The preview shows that one when it is tested and approved
    NoChannels: no channel is configured: `announce.channels` names those of this server that are told
    NothingToAnnounce: not now: there is nothing that channels are told, or it is under way
    NothingToRelease: not now: there is no fix on the hotfix branch yet
    AlreadyReleased: `v1.0.5` is tagged already
    AlreadyDecided: @mia decided that already at 09:03 UTC; it is under way
    Proven: nobody can tick `tagged`: it is settled when the annotated tag stands on the tested commit
    OwnNotes: the release notes are left to others: `announce.notes` is empty in `.github/hotfix.toml`. With `notes = "hotfix"` there, and `/hotfix adopt`, the bot writes its block into them
    NoHead: `manual-test` counts for one commit, and there is none on the hotfix branch yet
    TooEarly: `fresh-install` is about the released version, and that is not out yet
    NoteNeeded: `critical-path` needs your words: `/hotfix check critical-path note=…`
    NotTheHead: `9f3c2ab` was pushed meanwhile; try that one and say it again: `/hotfix check critical-path 9f3c2ab note=…`
    NotTheHead: the head is `9f3c2ab`, and nothing showed it when that was written; try that one and say it again: `/hotfix check critical-path 9f3c2ab note=…`
    NotTheHead: not now: the head is `9f3c2ab`, not `bbbbbbb`; try that one and say it again: `/hotfix check critical-path 9f3c2ab note=…`
    OtherAnswers: not carried out: what it would confirm, or the answers, are not what this comment showed when that was written. Look at them and say it again
    OtherPreview: not carried out: what would ship is not what this comment showed when that was written. Look at the preview and say it again: `/hotfix release 9f3c2ab`
    HeldMeanwhile: not carried out: @mia put this on hold after that was written. Say it again to go on all the same
    TagDeleted: not carried out: the news that somebody deleted the tag came after it. Say it again if it still stands
    TakenBack: not carried out: the comment was deleted before that. Say it again if it still stands
    TakenBack: not carried out: the comment was edited before that. Say it again in a new comment if it still stands
    CommentUnreadable: not carried out: GitHub did not say whether the comment still stands. Say it again
    TooOld: not carried out: it is older than an hour. Say it again if it still stands
    AnsweredLately: `plan` was answered a moment ago; the status comment is kept true
    TooMany: not carried out: the comment holds more than 20 commands, and none of them is taken
    NotTicked: nobody's word stands for `minimal-fix`, so there is none to take back
    NoSuchCommand: `3` is none of the commands of `test.commands`: `cargo test`, `make e2e`; say its number or its text
    NoSuchCommand: `1` is not one of the commands to be tried here: `test.commands` names none. For the whole critical path: `/hotfix check critical-path 9f3c2ab note=…`
    NotYet: `rollback` is not carried out yet by this version of the bot
    NothingToTest: none of the required workflows can be dispatched on the hotfix branch; run the tests yourself, then `/hotfix check critical-path note=…`
    NoSuchTest: `fast` is not among the tests that can be dispatched: `ci.yml`
    NotHarmless: not on a commit that nobody decided on: `site.yml` could reach outside (job `ship` deploys). A commander who wants that says `/hotfix test run=site.yml`
    TestsEnabled: pushes to the hotfix branch start all the tests already
    NothingToBump: `1.0.5` stands everywhere already
    NoNumber: `1.0.6` is no number of a release, such as `1.0.5`
    NoNumber: `1.0.6` is not above `1.0.4`, the release that is fixed
    NoNumber: `1.0.6` is in use already: a tag, a branch, a release, or the default branch has it
    NoNumber: `1.0.6` is the number already
    NoNumber: not yet: there is no hotfix branch to write a version on
    NothingToRetry: nothing failed and nothing was refused
    Repeats: not without a word for it: crates.io has `1.0.5` already, and nothing can be published twice. To run its failed jobs all the same: `/hotfix retry publish.yml`
    Repeats: not without a word for it: the GitHub release is published already, and its files would be written once more. To run its failed jobs all the same: `/hotfix retry publish.yml`
    Repeats: not without a word for it: what failed publishes to where the bot cannot look, and may have done so. To run its failed jobs all the same: `/hotfix retry publish.yml`
    NothingToRetryThere: nothing of `tag` failed; what can be tried again: `test`
    NotALowerLevel: `P0` is no level that waits for a regular release; that is `P1` and `P2`
    NothingToOverride: `judge` is no open gate
    OwnFix: not by you: `override judge` is for somebody who wrote nothing of this fix
    NothingToWaive: nothing waits for `known-issue`
    NothingToConfirm: nothing waits for a confirmation
    AfterTheDecision: `assess` comes too late: the release is decided
    RegularLevel: nothing is started: the issue is labelled `P1`, which waits for the next regular release. If it is critical after all: `/hotfix start severity=P0`
    RegularLevel: nothing is started: `P2` waits for the next regular release
    UnknownLevel: `P7` is no level that is hotfixed here; that is `P0`
    BuiltOn: `start` comes too late: this hotfix is built on `v1.0.4` already. To begin from another release, give it up (`/hotfix cancel reason=…`) and put the label on again: the next one begins from the release that you named last
    NoLines: whether `1.x` is the branch of its line is known once the release is: name that first, `/hotfix start <tag>`
    WhichLine: not carried out: this issue has hotfixes of `1.x` and `2.x`, and it does not say which one is meant. Say it again with the line, such as `line=1.x`
    OtherLine: not carried out: there is no hotfix of `2.x` under way on this issue. To begin one: `/hotfix start line=2.x`
    LineThere: there is [a hotfix](https://github.test/c/1) of `2.x` on this issue already
    LineThere: there is a hotfix of `2.x` on this issue already
    OtherRepository: `acme/caro-fork` is another repository: what is picked must be on the default branch of this one. Bring it there first, or push it to the hotfix branch
    NotHeld: this hotfix is not on hold
    AlreadyHeld: @mia put it on hold already
    OnHold: `release` waits: @mia put this on hold. To go on: `/hotfix unhold`
    AfterTheTag: `cancel` comes too late: the tag is out
    BeforeTheTag: `confirm-fixed` comes too early: nothing is released yet
    NothingToRollBack: nothing is released yet; to give the hotfix up: `/hotfix cancel reason=…`
    NoRevert: no release of this hotfix was taken back: `/hotfix rollback reason=…` comes first
    NoRevert: no merged pull request of this hotfix brought its change to `main`: nothing is to be taken out there
    NoRevert: the pull request is being made
    NoRevert: [PR #240](https://hub.test/acme/caro/pull/240) does it already
    NoAdvisory: that is the address of another repository: the advisory has to be one of [this one's](https://hub.test/acme/caro/security/advisories)
    NoAdvisory: no security advisory is linked here. First: `/hotfix advisory GHSA-…`
    NoAdvisory: another security advisory is linked here: [GHSA-2f4g-5h6j-7m8p](https://hub.test/acme/caro/security/advisories/GHSA-2f4g-5h6j-7m8p)
    NoAdvisory: not yet: users do not have the fix, and whoever reads the advisory could attack them. It can be published once the release is out, on every release line, and nobody says that it does not fix the bug
    NoAdvisory: the security advisory is being published
    NoAdvisory: the security advisory is published already
    OtherRollback: `0a1b2c3d` does not stand for what is out now. Look at what would be done, then: `/hotfix rollback 3fa91c02`
    OtherRollback: nothing is shown that `0a1b2c3d` could stand for. First: `/hotfix rollback reason=…`
    RolledBack: @mia had `v1.0.5` taken back at 09:03 UTC, and nothing else goes with that. Another try begins once that is done
    Along: this issue is fixed by the hotfix of [#231](https://hub.test/acme/caro/issues/231): say `release` there
    NotJoined: this one goes along with no other release
    CannotJoin: that is this issue. Name the other one
    CannotJoin: there is no hotfix under way of [#231](https://hub.test/acme/caro/issues/231). Where it is one, put the label `hotfix` on it, or say `/hotfix start` there
    CannotJoin: [#231](https://hub.test/acme/caro/issues/231) goes along with [#230](https://hub.test/acme/caro/issues/230) itself. To go along with that one: `/hotfix join #230`
    CannotJoin: the release of v1.0.5 by [#231](https://hub.test/acme/caro/issues/231) is decided, so what it holds is fixed. A hotfix of its own follows from v1.0.5
    CannotJoin: others go along with this one. Say `/hotfix join #234` on [#231](https://hub.test/acme/caro/issues/231) instead
    CannotJoin: what is known of [#231](https://hub.test/acme/caro/issues/231) cannot be read at the moment. Say it again later
    OverCase: this hotfix is over
    NotBegun: there is no hotfix on this issue. To begin one: `/hotfix start`
    Earlier: not \*now\*, @{zw}dev
    ConfigWrong: not now: `.github/hotfix.toml` is wrong; the status comment shows where
    "#);
}

#[test]
fn what_is_said_to_each_line_that_is_no_command() {
    let unknown = |similar| CommandError::UnknownVerb {
        found: "relase".into(),
        similar,
    };
    let all = samples!(CommandError {
        UnknownVerb: unknown(Some(Verb::Release)), unknown(None);
        NotYet: CommandError::NotYet { verb: Verb::Rollback };
        UnknownKey: CommandError::UnknownKey {
            verb: Verb::Assess,
            found: "effected".into(),
            similar: Some("affected".into()),
        };
        WrongValue: CommandError::WrongValue {
            key: "workaround".into(),
            found: "maybe".into(),
            expected: "yes or no".into(),
            similar: None,
        };
        Twice: CommandError::Twice { key: "note".into() };
        TooLong: CommandError::TooLong { most: 2_000 };
        Missing: CommandError::Missing {
            verb: Verb::Cancel,
            needs: "a reason".into(),
        };
        Unexpected: CommandError::Unexpected {
            verb: Verb::Status,
            found: "now".into(),
        };
        UnknownItem: CommandError::UnknownItem {
            found: "taged".into(),
            similar: Some(Item::Tagged),
        };
        NotAmong: CommandError::NotAmong {
            found: "tests".into(),
            expected: "fix, test".into(),
            similar: Some("test".into()),
        };
        NotATime: CommandError::NotATime { found: "soon".into() };
        NotAnAdvisory: CommandError::NotAnAdvisory { found: "CVE-2026-1".into() };
        NotALogin: CommandError::NotALogin { found: "a/b".into() };
        NotOverridable: CommandError::NotOverridable { found: "head".into() };
        NotWaivable: CommandError::NotWaivable { found: "review".into() };
        NotPickable: CommandError::NotPickable { found: "main".into() };
        NotACommit: CommandError::NotACommit { found: "now".into() };
    });
    insta::assert_snapshot!(table(&all, confused), @r#"
    UnknownVerb: no command `relase`. Did you mean `release`? It is `/hotfix release <sha7>`
    UnknownVerb: no command `relase`. `/hotfix help` lists them all
    NotYet: `rollback` is not carried out yet by this version of the bot
    UnknownKey: `assess` takes no `effected=` — did you mean `affected`? It is <code>/hotfix assess condition=all-users&#124;data-loss&#124;exploited&#124;vulnerability&#124;common-workflow&#124;degraded workaround=yes&#124;no affected=0..100 approach=minimal&#124;refactor&#124;breaking &#91;urgent=yes&#124;no&#93; &#91;platform=&#93; &#91;note=&#93;</code>
    WrongValue: `workaround=maybe` is not understood. Expected yes or no
    Twice: \`note=\` is given twice in one command
    TooLong: A command is at most 2000 characters long
    Missing: `cancel` needs a reason. It is `/hotfix cancel reason=`
    Unexpected: \`status\` does not take \`now\`: \`/hotfix status\`
    UnknownItem: the checklist has no item `taged` — did you mean `tagged`?
    NotAmong: `tests` is not understood — did you mean `test`? Expected one of fix, test
    NotATime: `soon` is no length of time: `30m`, `2h` or `1h30m`, a day at most
    NotAnAdvisory: \`CVE-2026-1\` is no advisory of a repository: \`advisory\` takes its id, GHSA-xxxx-xxxx-xxxx, or the address of its page
    NotALogin: `a/b` is nobody's login: `@user`
    NotOverridable: `head` cannot be overridden; `judge`, `scope`, `release-workflows`, `merge-publishes`, `publish-by-hand`, `latest`, `not-released`, `stale-build`, `changelog`, `places`, `required-checks`, `platforms`, `lightweight-tag` and keys of the configuration can
    NotWaivable: `review` cannot be waived; `forward-port`, `known-issue`, `published`, `latest`, `line`, `push`, `preflight` and `verification` can
    NotPickable: \`main\` is neither a commit nor a pull request: \`pick\` takes at least the first 7 hex digits of a commit on the default branch, a merged pull request as \`\#n\`, or the address of either
    NotACommit: \`now\` is no commit: \`release\` takes at least the first 7 of its hex digits, as the preview shows them
    "#);
}

#[test]
fn what_each_proof_says() {
    let head = || Sha::new(HEAD);
    let waived = |forward_port| Evidence::Waived {
        forward_port,
        reason: "not *there*".into(),
    };
    let all = samples!(Evidence {
        None: Evidence::None;
        Branch: Evidence::Branch { branch: "hotfix/v1.0.5".into(), base: "v1.0.4".into() };
        File: Evidence::File { path: "tests/start.rs".into() };
        Size: Evidence::Size { files: 2, additions: 31, deletions: 6 };
        Passed: Evidence::Passed { reason: "all of it *belongs*".into() };
        Version: Evidence::Version { version: "1.0.5".into() };
        Commit: Evidence::Commit { commit: head(), by: None },
            Evidence::Commit { commit: head(), by: Some(236) };
        Tag: Evidence::Tag { name: "v1.0.5".into(), commit: head() };
        Runs: Evidence::Runs {
            runs: vec![run(1, "ci.yml", "success"), run(2, "lint.yml", "success")],
        };
        Published: Evidence::Published {
            version: "1.0.5".into(),
            url: "https://registry.test/caro".into(),
        };
        Release: Evidence::Release {
            tag: "v1.0.5".into(),
            url: "https://hub.test/r/1".into(),
        };
        FileBy: Evidence::FileBy { path: "known.md".into(), pull: 237 };
        Notes: Evidence::Notes;
        Announced: Evidence::Announced { channels: vec!["ops".into(), "news".into()], discussion: None },
            Evidence::Announced { channels: vec![], discussion: Some("https://x.test/discussions/9".into()) },
            Evidence::Announced { channels: vec!["ops".into()], discussion: Some("https://x.test/discussions/9".into()) };
        ClosedWithRelease: Evidence::ClosedWithRelease;
        DeletedAfterRelease: Evidence::DeletedAfterRelease;
        Percent: Evidence::Percent { percent: 80 };
        Approach: Evidence::Approach { approach: Approach::Minimal };
        Outweighed: Evidence::Outweighed;
        Said: Evidence::Said { note: "by *hand*".into() };
        Waived: waived(true), waived(false);
        Not: Evidence::Not { why: NotApplicable::NoChannel };
    });
    // No proof has no words; all others have some.
    let rest: Vec<_> = all
        .into_iter()
        .filter(|(name, _)| *name != "None")
        .collect();
    let said = world::ready().view(|view| table(&rest, |proof| evidence(proof, view)));
    insta::assert_snapshot!(said, @r#"
    Branch: `hotfix/v1.0.5` from `v1.0.4`
    File: `tests/start.rs`
    Size: 2 files, +31 −6
    Passed: passed: all of it \*belongs\*
    Version: `1.0.5`
    Commit: `9f3c2ab`
    Commit: `9f3c2ab` by #236
    Tag: `v1.0.5` on `9f3c2ab`
    Runs: `ci.yml` [run 1](https://hub.test/acme/caro/actions/runs/1), `lint.yml` [run 2](https://hub.test/acme/caro/actions/runs/2)
    Published: [crates.io has 1.0.5](https://registry.test/caro)
    Release: [v1.0.5](https://hub.test/r/1)
    FileBy: `known.md` by #237
    Notes: the hotfix block is in the notes
    Announced: told on `ops` and `news`
    Announced: [discussion](https://x.test/discussions/9)
    Announced: told on `ops`, [discussion](https://x.test/discussions/9)
    ClosedWithRelease: closed with the release
    DeletedAfterRelease: deleted after the release
    Percent: 80 %
    Approach: minimal
    Outweighed: there is one, and the severity outweighs it
    Said: by \*hand\*
    Waived: the forward-port is waived: not \*there\*
    Waived: waived: not \*there\*
    Not: no channel or discussion is configured
    "#);
}

#[test]
fn why_each_item_may_not_apply() {
    let all = samples!(NotApplicable {
        NoManualTest: NotApplicable::NoManualTest;
        NoTestAsked: NotApplicable::NoTestAsked;
        NoChangelog: NotApplicable::NoChangelog;
        ChangelogLeft: NotApplicable::ChangelogLeft;
        NoRegistry: NotApplicable::NoRegistry;
        NoReleases: NotApplicable::NoReleases;
        NoNotes: NotApplicable::NoNotes;
        OwnNotes: NotApplicable::OwnNotes;
        NoWorkflow: NotApplicable::NoWorkflow;
        NoChannel: NotApplicable::NoChannel;
        ClosesItself: NotApplicable::ClosesItself;
        NoKnownIssues: NotApplicable::NoKnownIssues;
        KeepsBranches: NotApplicable::KeepsBranches;
    });
    let said =
        world::ready().view(|view| table(&all, |why| evidence(&Evidence::Not { why: *why }, view)));
    insta::assert_snapshot!(said, @r#"
    NoManualTest: not asked for here
    NoTestAsked: not asked for here
    NoChangelog: there is no changelog
    ChangelogLeft: the changelog is left as it is, as said under what was derived
    NoRegistry: the package is on no registry
    NoReleases: no GitHub releases are made here
    NoNotes: there is no GitHub release
    OwnNotes: the repository writes its own notes
    NoWorkflow: no workflow that is waited for does it
    NoChannel: no channel or discussion is configured
    ClosesItself: the repository closes issues itself
    NoKnownIssues: the repository keeps no such file
    KeepsBranches: the repository keeps them
    "#);
}

#[test]
fn what_the_bot_may_be_reading() {
    let all = samples!(Looking {
        Configuration: Looking::Configuration;
        Labeller: Looking::Labeller;
        Base: Looking::Base;
        Out: Looking::Out;
        NextVersion: Looking::NextVersion;
        Guards: Looking::Guards;
        Branch: Looking::Branch;
        Pull: Looking::Pull;
        Merges: Looking::Merges;
        Runs: Looking::Runs;
        Checks: Looking::Checks;
        Jobs: Looking::Jobs;
        Sums: Looking::Sums;
        Attested: Looking::Attested;
        Addresses: Looking::Addresses;
        Everything: Looking::Everything;
        Tag: Looking::Tag;
        TagRuns: Looking::TagRuns;
        Decision: Looking::Decision;
        ClosingComment: Looking::ClosingComment;
        OtherLines: Looking::OtherLines;
        Port: Looking::Port;
        Known: Looking::Known;
        SideMerges: Looking::SideMerges(236);
        SideRuns: Looking::SideRuns(236);
        Holds: Looking::Holds;
        Advisory: Looking::Advisory;
    });
    insta::assert_snapshot!(table(&all, |at| looking(*at)), @r#"
    Configuration: the configuration
    Labeller: the role of who set the label
    Base: the release to fix
    Out: what of the release is out
    NextVersion: the next free version
    Guards: what the repository's settings allow
    Branch: the hotfix branch
    Pull: the pull request
    Merges: whether the pull request can be merged
    Runs: the runs on the head
    Checks: the checks of the head
    Jobs: where the runs on the head ran
    Sums: the release's checksums
    Attested: whether the release's files are attested
    Addresses: the addresses that must show it
    Everything: everything once more, after the decision
    Tag: the release tag
    TagRuns: whether the tag starts anything
    Decision: the decision
    ClosingComment: the closing comment
    OtherLines: the other release lines of this issue
    Port: the forward-port
    Known: the pull request of the known issue
    SideMerges: whether \#{zw}236 can be merged
    SideRuns: the runs of \#{zw}236
    Holds: whether the fix is on the default branch
    Advisory: whether the security advisory is published
    "#);
}

#[test]
fn what_each_effect_is_called() {
    let all = samples!(Slot {
        Read: Slot::Read(Object::Base);
        Role: Slot::Role("dev".into());
        Word: Slot::Word(1);
        Branch: Slot::Branch; Bump: Slot::Bump;
        Pick: Slot::Pick;
        Enable: Slot::Enable;
        Dispatch: Slot::Dispatch("ci.yml".into());
        Launch: Slot::Launch("publish.yml".into());
        Pull: Slot::Pull(PullKind::Hotfix);
        Carry: Slot::Carry(PullKind::Port), Slot::Carry(PullKind::Known);
        Comment: Slot::Comment(CommentKind::Status);
        Reply: Slot::Reply(1);
        Guard: Slot::Guard; State: Slot::State; Label: Slot::Label;
        Describe: Slot::Describe;
        React: Slot::React((1, Reaction::Eyes));
        Tag: Slot::Tag;
        Point: Slot::Point("v1".into());
        Repoint: Slot::Repoint("v1".into());
        Ready: Slot::Ready;
        Merge: Slot::Merge(PullKind::Hotfix);
        Rerun: Slot::Rerun(1);
        Notes: Slot::Notes;
        Discuss: Slot::Discuss; Advisory: Slot::Advisory;
        CloseIssue: Slot::CloseIssue;
        ReopenIssue: Slot::ReopenIssue;
        DeleteBranch: Slot::DeleteBranch(PullKind::Hotfix);
        ClosePull: Slot::ClosePull;
        Yank: Slot::Yank("caro".into());
        Mark: Slot::Mark; Latest: Slot::Latest; Untag: Slot::Untag;
        Report: Slot::Report; Revert: Slot::Revert; Announce: Slot::Announce((3, "ops".into()));
    });
    let said = table(&all, |slot| slot_words(slot).to_owned());
    insta::assert_snapshot!(said, @r#"
    Read: to show something that the bot must know
    Role: to show something that the bot must know
    Word: to show something that the bot must know
    Branch: to create the hotfix branch
    Bump: the version bump
    Pick: the commits that are picked
    Enable: to change the tests' triggers
    Dispatch: to start the tests
    Launch: to start a workflow of the release
    Pull: to open the pull request
    Carry: to carry the hotfix over to the default branch
    Carry: a branch for the entry in the known issues
    Comment: a comment
    Reply: an answer
    Guard: a check run on the pull request
    State: the check run that says where it stands
    Label: a label on the issue
    Describe: to write the pull request's text anew
    React: a reaction
    Tag: to create the tag
    Point: to make or move a tag beside the release's
    Repoint: to move a tag back
    Ready: to mark the pull request as ready
    Merge: to merge the pull request
    Rerun: to re-run the failed jobs
    Notes: to edit the release notes
    Discuss: to open a discussion of the release
    Advisory: to publish the security advisory
    CloseIssue: to close the issue
    ReopenIssue: to open the issue again
    DeleteBranch: to delete the hotfix branch
    ClosePull: to close the pull request
    Yank: to take the version back
    Mark: to mark the release as taken back
    Latest: to make the release before the latest again
    Untag: to delete the tag
    Report: to open the issue about the failure
    Revert: to take the change out of the default branch by a pull request
    Announce: a message on a channel
    "#);
}
