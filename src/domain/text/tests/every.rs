//! A sample of every need.

use super::world::{self, HEAD, run};
use super::{picked, preflight, samples};
use crate::domain::derive::base::{Candidate, Doubt, Question as Asked, Sign};
use crate::domain::derive::line;
use crate::domain::effect::Slot;
use crate::domain::ids::{AdvisoryId, Sha};
use crate::domain::item::Item;
use crate::domain::line_name::LineName;
use crate::domain::need::{
    AdvisoryNeed, Against, Beyond, ByHand, ChannelTrouble, CheckFrom, Looking, NeedKind, NoDryRun,
    NotAtMerge, NotCounted, OffLine, OnLine, Part, PullNeed, RequiredBy, Start, StopReason,
    Stopped, Unclear, Uncounted, YankBy,
};
use crate::domain::objects::{
    Address, AdvisoryState, Answered, CheckState, Object, Offer, PullKind, Stray, Trouble,
};
use crate::domain::obstacle::Obstacle;
use crate::domain::policy::Question;
use crate::domain::role::Role;
use crate::domain::severity::{NeedsConfirm, WhyNot};
use crate::domain::shipping::{Dispatched, Publishes, Tags};
use crate::domain::workflow_file::{Act, Latest, Says};
use crate::ecosystem::{LeftAlone, WhyLeft};

fn question(doubt: Doubt, tags: &[&str]) -> Asked {
    let candidate = |tag: &&str| Candidate {
        tag: (*tag).to_owned(),
        pattern: tag.replace("1.0.4", "{version}"),
        latest: tag.starts_with('b'),
    };
    Asked {
        doubt,
        candidates: tags.iter().map(candidate).collect(),
    }
}

pub(super) fn every() -> Vec<(&'static str, NeedKind)> {
    let head = Sha::new(HEAD);
    let approval = |unclear, all: Vec<NotCounted>| NeedKind::Approval {
        have: 0,
        want: 1,
        head: head.clone(),
        unclear,
        uncounted: all
            .into_iter()
            .enumerate()
            .map(|(at, why)| Uncounted {
                login: format!("r{at}"),
                why,
            })
            .collect(),
    };
    let branch = || "hotfix/v1.0.5".to_owned();
    let on_line = || OnLine {
        line: LineName::read("1.x").unwrap(),
        commits: vec![Sha::new(HEAD)],
    };
    let offers = || {
        let of = |number, by: &str, waits: Option<&str>| Offer {
            number,
            by: by.into(),
            draft: waits.is_none(),
            fork: waits.is_some(),
            waits: waits.map(Into::into),
        };
        vec![
            of(240, "ada", Some("https://hub.test/run/1")),
            of(241, "dev", None),
        ]
    };
    let missing = |file: &str, can_start, by_paths| NeedKind::RunMissing {
        file: file.into(),
        can_start,
        by_paths,
        harm: Vec::new(),
    };
    let release = |start| NeedKind::ReleaseRunMissing {
        file: "publish.yml".into(),
        start,
        late: false,
    };
    let stops = |why| NeedKind::ReleaseStopped {
        file: "publish.yml".into(),
        why,
    };
    let latest = |what| NeedKind::MakesLatest {
        file: "release.yml".into(),
        what,
        newest: "v2.0.0".into(),
    };
    let no_dry_run = |why| NeedKind::NoDryRun {
        file: "publish.yml".into(),
        why,
    };
    let tag = |by| NeedKind::TagNow {
        by,
        tag: "v1.0.5".into(),
        head: Sha::new(HEAD),
    };
    let by_hand = |at: &str| Dispatched {
        file: "release.yml".into(),
        at: at.into(),
        inputs: vec![
            ("version".into(), Some("1.0.5".into())),
            ("channel".into(), None),
        ],
    };
    let publish = |by, registry, release| NeedKind::PublishNow {
        by,
        registry,
        release,
    };
    let yank = |by| NeedKind::Yank {
        packages: vec![("caro".into(), "1.0.5".into())],
        by,
    };
    let channel = |trouble| NeedKind::Channel {
        channel: "ops".into(),
        trouble,
    };
    let against = |what| NeedKind::Against { what };
    let address = |found| Against::Address {
        at: Address {
            url: "https://caro.test/releases".into(),
            contains: "1.0.5".into(),
        },
        found,
    };
    let check_by = |state, by| NeedKind::Check {
        name: "lint".into(),
        head: Sha::new(HEAD),
        state,
        by,
    };
    let check = |state| check_by(state, RequiredBy::Configuration);
    let by_rules = |app, from| check_by(None, RequiredBy::Rules { app, from });
    let registry = |yanked| NeedKind::Registry {
        package: "caro".into(),
        version: "1.0.5".into(),
        yanked,
        missing: Vec::new(),
    };
    let advisory = |state, kept| {
        NeedKind::Advisory(AdvisoryNeed {
            id: AdvisoryId::read("GHSA-2f4g-5h6j-7m8p").unwrap(),
            state,
            kept,
            fixed: vec![("caro".into(), "1.0.5".into())],
        })
    };
    let stuck = |obstacle| NeedKind::Stuck {
        slot: Slot::Merge(PullKind::Hotfix),
        obstacle,
    };
    let silent = |slot| NeedKind::Unanswered {
        slot,
        message: "502".into(),
        since: world::START,
    };
    let which = |doubt, tags: &[&str]| NeedKind::WhichBase {
        question: question(doubt, tags),
    };
    let which_line = |question| NeedKind::WhichLine {
        question,
        tag: "v1.0.4".into(),
    };
    let build = |files: &[&str], folder: &str, command: Option<&str>| NeedKind::StaleBuild {
        head: head.clone(),
        files: files.iter().map(|file| (*file).to_owned()).collect(),
        folder: folder.into(),
        command: command.map(str::to_owned),
    };
    let to_people = |what| NeedKind::LeftToPeople {
        head: head.clone(),
        what,
    };
    let log = |why| {
        let path = "CHANGELOG.md".into();
        let logs = vec![LeftAlone { path, why }];
        to_people(ByHand::Changelog { logs })
    };
    let outside = |alone| NeedKind::NotReleased {
        head: Sha::new(HEAD),
        crates: vec!["caro-core".into()],
        alone,
    };
    let skipped = |conditions: &[&str]| NeedKind::RunSkipped {
        run: run(1, "publish.yml", "skipped"),
        conditions: conditions.iter().map(|it| (*it).to_owned()).collect(),
    };
    let hollow = |jobs: &[&str], draft| NeedKind::RunHollow {
        run: run(1, "ci.yml", "success"),
        jobs: jobs.iter().map(|it| (*it).into()).collect(),
        draft,
        conditions: match draft {
            true => vec!["!github.event.pull_request.draft".into()],
            false => Vec::new(),
        },
    };
    let push = |otherwise: Option<&str>| NeedKind::PushPublishes {
        files: vec!["release.yml".into()],
        sure: otherwise.is_some(),
        branch: "hotfix/v1.0.5".into(),
        otherwise: otherwise.map(str::to_owned),
    };
    let waits = |branch: &str| NeedKind::MergeWaits {
        files: vec!["release-plz.yml".into()],
        branch: branch.into(),
    };
    let broken = |note: Option<&str>, told| NeedKind::StillBroken {
        login: "rita".into(),
        at: world::START,
        note: note.map(Into::into),
        told,
    };
    let higher = |sign| Doubt::Higher {
        tag: "v1.0.4".into(),
        other: "b-v2.0.0".into(),
        sign,
    };
    let mut all = samples!(NeedKind {
        Pull: NeedKind::Pull(PullNeed::Closed { pull: 235 });
        Looking: NeedKind::Looking { at: Looking::Base };
        ConfigWrong: NeedKind::ConfigWrong;
        NoBase: NeedKind::NoBase { trouble: "no tag is a *stable* version".into() };
        WhichBase: which(Doubt::NoTag, &[]),
            which(Doubt::NoVersion { tags: vec!["nightly".into(), "2026-08-17".into()] }, &[]),
            which(
                Doubt::Untagged {
                    tag: "v1.0.4".into(),
                    version: "1.1.0".into(),
                    registry: "crates.io".into(),
                },
                &["v1.0.4"],
            ),
            which(Doubt::Withdrawn { tag: "v1.0.5".into() }, &["v1.0.4"]),
            which(Doubt::Pattern { pattern: "x-{version}".into() }, &["v1.0.4"]),
            which(Doubt::Prereleases { tag: "v1.0.0-rc.2".into() }, &["v1.0.0-rc.2"]),
            which(Doubt::NoneOfLine { line: LineName::read("3.x").unwrap() }, &["v1.0.4"]),
            which(Doubt::Which, &["a-v1.0.4", "b-v2.0.0"]),
            which(higher(Sign::Latest), &["b-v2.0.0", "v1.0.4"]),
            which(higher(Sign::Newest), &["b-v2.0.0", "v1.0.4"]),
            which(higher(Sign::Main), &["b-v2.0.0", "v1.0.4"]),
            which(higher(Sign::Number), &["b-v2.0.0", "v1.0.4"]),
            which(Doubt::Main { tag: "v1.0.4".into(), version: "9.0.0".into() }, &["v1.0.4"]),
            which(Doubt::Lower { tag: "v2019.1.0".into(), other: "v1.0.4".into() }, &["v2019.1.0"]),
            which(Doubt::Otherwise { tag: "plain-v8.3.0".into(), other: "v2.6.1".into() }, &["v2.6.1", "plain-v8.3.0"]),
            which(Doubt::Dated { tag: "v0.45.0".into(), other: "release-2026-08-21".into() }, &["v0.45.0"]),
            which(Doubt::Gone { tag: "v9|`".into() }, &["v1.0.4"]),
            which(Doubt::NoNumber { tag: "odd".into() }, &["v1.0.4"]);
        WhichLine: which_line(line::Question::Several { branches: vec!["1.x".into(), "stable".into()] }),
            which_line(line::Question::Gone { branch: "3.x".into(), configured: true }),
            which_line(line::Question::Apart { branch: "2.x".into(), configured: false });
        BranchInTheWay: NeedKind::BranchInTheWay { branch: "hotfix".into() };
        PushPublishes: push(Some("hotfix-v{version}")), push(None);
        Preflight: preflight::held(); Behind: NeedKind::Behind { claim: "v1.0.4".into(), issue: None },
            NeedKind::Behind { claim: "v1.0.4".into(), issue: Some(231) };
        ConfirmStart: NeedKind::ConfirmStart {
            login: "dev".into(),
            role: Role::Read,
            wants: Role::Write,
        },
            NeedKind::ConfirmStart {
                login: String::new(),
                role: Role::None,
                wants: Role::Write,
            };
        Assess: NeedKind::Assess { missing: Question::ALL.to_vec() };
        ConfirmSeverity: NeedKind::ConfirmSeverity { because: NeedsConfirm::NoRow };
        NotHotfix: NeedKind::NotHotfix {
            reasons: vec![WhyNot::Workaround, WhyNot::Breaking],
        };
        BranchElsewhere: NeedKind::BranchElsewhere {
            branch: branch(),
            base: "v1.0.4".into(),
        };
        BranchDeleted: NeedKind::BranchDeleted { branch: branch() };
        BumpIncomplete: NeedKind::BumpIncomplete {
            version: "1.0.5".into(),
            paths: vec!["Cargo.toml".into(), "Cargo.lock".into()],
        };
        Unshipped: NeedKind::Unshipped { branch: branch(), head: head.clone() };
        Fix: NeedKind::Fix { branch: branch(), pull: None, merged: vec![], line: None, offers: vec![] },
            NeedKind::Fix { branch: branch(), pull: Some(235), merged: vec![], line: None, offers: vec![] },
            NeedKind::Fix { branch: branch(), pull: Some(235), merged: vec![233], line: None, offers: vec![] },
            NeedKind::Fix { branch: branch(), pull: Some(235), merged: vec![231, 233], line: None, offers: vec![] },
            NeedKind::Fix { branch: branch(), pull: Some(235), merged: vec![], line: Some(on_line()), offers: vec![] },
            NeedKind::Fix { branch: branch(), pull: Some(235), merged: vec![], line: None, offers: offers() };
        NotPicked: picked::not_picked(Trouble::TooMany { most: 30 });
        SkipsCi: NeedKind::SkipsCi { head: head.clone() };
        OwnJudge: NeedKind::OwnJudge {
            head: head.clone(),
            paths: (0..10).map(|n| format!("ci/{n}.sh")).collect(),
        };
        Scope: NeedKind::Scope {
            head: head.clone(),
            beyond: vec![
                Beyond::Files { count: 14, most: 10 },
                Beyond::Lines { count: 412, most: 200 },
                Beyond::Kind { commit: head.clone(), kind: "feat".into() },
                Beyond::Docs,
                Beyond::Paths { paths: vec!["docs/guide.md".into()] },
            ],
        };
        NotReleased: outside(false), outside(true);
        StaleBuild: build(&["dist/index.js"], "", Some("npm run build")),
            build(&["a/dist/x.js", "a/dist/x.js.map"], "a/", Some("npm run all")),
            build(&["lib/main.js"], "", None);
        LeftToPeople: log(WhyLeft::Fragments { folder: "news".into(), command: "towncrier build --version 1.0.5".into() }),
            log(WhyLeft::Fragments { folder: "changes".into(), command: String::new() }),
            log(WhyLeft::Shared { names: vec!["caro".into(), "caro-core".into()] }),
            log(WhyLeft::Encoding),
            to_people(ByHand::Notes { files: vec![".changeset/calm-cats.md".into()] }),
            to_people(ByHand::Places { version: "1.0.4".into() });
        NotCarriedOut: NeedKind::NotCarriedOut { key: "verify.registries".into() };
        NotAtMerge: NeedKind::NotAtMerge { why: NotAtMerge::Ahead { commits: 175 } },
            NeedKind::NotAtMerge { why: NotAtMerge::Queue },
            NeedKind::NotAtMerge { why: NotAtMerge::Publishes { files: vec!["publish.yml".into()] } },
            NeedKind::NotAtMerge { why: NotAtMerge::ByWorkflow { file: "tag.yml".into() } };
        NoDryRun: no_dry_run(NoDryRun::NotThere), no_dry_run(NoDryRun::NoDispatch),
            no_dry_run(NoDryRun::NotOnMain), no_dry_run(NoDryRun::Inputs(vec!["channel".into()])),
            no_dry_run(NoDryRun::Harm(vec![("publish".into(), Act::Tags)])),
            no_dry_run(NoDryRun::Failed(Box::new(run(3, "publish.yml", "failure"))));
        ReleaseStopped: stops(Stopped::Removed), stops(Stopped::Broken), stops(Stopped::Trigger),
            stops(Stopped::Never(vec!["false".into()])),
            stops(Stopped::NotAtTag), stops(Stopped::Branch("main".into())),
            stops(Stopped::Section("site/log.md".into())), stops(Stopped::Checkout(String::new())),
            stops(Stopped::Checkout("main".into())), stops(Stopped::Message(String::new())),
            stops(Stopped::Message("chore: release".into())), stops(Stopped::Filter(vec![r"v\d+".into()])),
            stops(Stopped::OwnToken), stops(Stopped::NoTrigger), stops(Stopped::NoDispatch), stops(Stopped::NotOnMain),
            stops(Stopped::Inputs { unknown: vec!["v".into()], missing: vec!["channel".into()] });
        MergePublishes: NeedKind::MergePublishes { files: vec!["release-plz.yml".into()], proposes: false },
            NeedKind::MergePublishes { files: vec!["release.yml".into()], proposes: true };
        MakesLatest: latest(Latest::Github), latest(Latest::Image),
            latest(Latest::Npm), latest(Latest::Tag),
            latest(Latest::Unsaid(Says::MakeLatest)), latest(Latest::Unsaid(Says::Nothing));
        DraftFirst: NeedKind::DraftFirst { file: "release.yml".into(), tag: "v1.0.5".into() };
        TagNow: tag(Tags::Bot), tag(Tags::Signed { file: String::new() }),
            tag(Tags::Signed { file: "release.yml".into() }),
            tag(Tags::Workflow(by_hand("hotfix/v1.0.5")));
        MergeWaits: waits(""), waits("1.x"); MergeNow: preflight::merge();
        PublishNow: publish(Publishes::Person, true, true),
            publish(Publishes::Person, false, true),
            publish(Publishes::Release { file: "publish.yml".into() }, true, true),
            publish(Publishes::Dispatch(by_hand("v1.0.5")), true, false),
            publish(Publishes::Tag { files: vec!["cd.yml".into()] }, true, true),
            publish(Publishes::Unseen { files: vec![".circleci/config.yml".into()] }, true, true);
        PublishedOther: NeedKind::PublishedOther {
            package: "caro".into(),
            version: "1.0.5".into(),
            commit: Sha::new("b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0"),
            tagged: head.clone(),
        };
        LatestMoved: NeedKind::LatestMoved { newest: "v2.0.0".into() };
        ConfirmRun: NeedKind::ConfirmRun {
            file: "ship.yml".into(),
            head: head.clone(),
            login: "mia".into(),
            harm: vec![("ship".into(), Act::Publishes { what: "npm".into() })],
        };
        Check: check(None),
            check(Some(CheckState::Pending)),
            check(Some(CheckState::Idle)),
            check(Some(CheckState::Failed)),
            by_rules(None, CheckFrom::Elsewhere),
            by_rules(None, CheckFrom::Job("scan.yml".into())),
            by_rules(Some(57_789), CheckFrom::App),
            by_rules(Some(15_368), CheckFrom::Nothing);
        RunNever: NeedKind::RunNever {
            run: run(1, "ci.yml", "skipped"),
            conditions: vec!["github.ref == 'refs/heads/main'".into()],
        };
        RunHollow: hollow(&["test"], true), hollow(&["test", "lint"], false);
        TestsAdded: NeedKind::TestsAdded;
        RunMissing: missing("ci.yml", true, false),
            missing("ci.yml", false, false),
            missing("audit.yml", false, true);
        NoTests: NeedKind::NoTests;
        RunPending: NeedKind::RunPending { run: run(1, "ci.yml", "") };
        RunFailed: NeedKind::RunFailed { run: run(1, "ci.yml", "failure"), release: false },
            NeedKind::RunFailed { run: run(1, "publish.yml", "cancelled"), release: true },
            NeedKind::RunFailed { run: run(1, "ci.yml", "startup_failure"), release: false },
            NeedKind::RunFailed { run: run(1, "publish.yml", "startup_failure"), release: true };
        RunSkipped: skipped(&[]), skipped(&["github.repository == 'a/b'"]);
        RunWaiting: NeedKind::RunWaiting { run: run(1, "publish.yml", "") };
        Approval: approval(None, Vec::new()),
            approval(Some(Unclear::Address(head.clone())), Vec::new()),
            approval(Some(Unclear::Push(head.clone())), Vec::new()),
            approval(None, vec![
                NotCounted::Theirs(Part::Wrote(head.clone())),
                NotCounted::Theirs(Part::CoWrote(head.clone())),
                NotCounted::Theirs(Part::Committed(head.clone())),
                NotCounted::Theirs(Part::Pushed(head.clone())),
                NotCounted::Theirs(Part::Picked(head.clone())),
            ]),
            approval(None, vec![
                NotCounted::Theirs(Part::PushedOnce),
                NotCounted::Outsider,
                NotCounted::Older(head.clone()),
                NotCounted::Dismissed,
                NotCounted::ChangesRequested,
                NotCounted::Outsider,
            ]);
        ChangesRequested: NeedKind::ChangesRequested { login: "rev".into() };
        ManualTest: NeedKind::ManualTest { head: head.clone() };
        Platforms: NeedKind::Platforms { head: head.clone(), missing: vec!["macOS".into(), "Windows 11".into()] };
        Release: NeedKind::Release { head: head.clone() };
        KnownIssueText: NeedKind::KnownIssueText {
            path: "docs/known-issues.md".into(),
            missing: vec![Item::RootCause, Item::Prevention],
        };
        Held: NeedKind::Held {
                login: "mia".into(),
                why: StopReason::Said(Default::default()),
            },
            NeedKind::Held {
                login: "mia".into(),
                why: StopReason::LabelOff("P0".into()),
            },
            NeedKind::Held {
                login: String::new(),
                why: StopReason::TakenOff,
            };
        TooLong: NeedKind::TooLong;
        IssueClosed: NeedKind::IssueClosed { login: None },
            NeedKind::IssueClosed { login: Some("mia".into()) };
        TagWrong: NeedKind::TagWrong { tag: "v1.0.5".into(), commit: head.clone(), lightweight: true },
            NeedKind::TagWrong {
                tag: "v1.0.5".into(),
                commit: Sha::new("4f".repeat(20)),
                lightweight: false,
            };
        RunSlow: NeedKind::RunSlow {
                run: run(11, "publish.yml", "success"),
                timeout: 45 * world::MINUTE,
            };
        Against: against(Against::Altered { package: "caro".into(), version: "1.0.5".into() }),
            against(Against::Sums { wrong: vec!["caro.zip".into()] }),
            against(Against::Unattested { files: vec!["caro.zip".into()] }),
            against(address(Answered::Lacks)),
            against(address(Answered::Status { code: 404 })),
            against(address(Answered::Elsewhere)),
            against(address(Answered::Forbidden)),
            against(address(Answered::Silent)),
            against(Against::Prerelease),
            against(Against::NotLatest),
            against(Against::Pointer { package: "caro".into(), newest: "2.0.0".into() });
        Stuck: stuck(Obstacle::Refused("Not `mergeable`".into())),
            stuck(Obstacle::Found("the head moved".into())),
            stuck(Obstacle::Undone),
            NeedKind::Stuck { slot: Slot::Tag, obstacle: Obstacle::Undone },
            NeedKind::Stuck { slot: Slot::Launch("publish.yml".into()), obstacle: Obstacle::Unknown },
            NeedKind::Stuck {
                slot: Slot::Read(Object::Registry),
                obstacle: Obstacle::Refused("403".into()),
            };
        Blocked: NeedKind::Blocked {
            slot: Slot::Tag,
            obstacle: Obstacle::Refused("Resource not accessible by integration".into()),
        },
            NeedKind::Blocked {
                slot: Slot::Merge(PullKind::Hotfix),
                obstacle: Obstacle::Refused("Commits must have verified signatures.".into()),
            },
            NeedKind::Blocked {
                slot: Slot::Merge(PullKind::Hotfix),
                obstacle: Obstacle::Refused("At least 2 approving reviews are required".into()),
            };
        Unanswered: silent(Slot::Bump), silent(Slot::Tag),
            silent(Slot::Read(Object::Registry));
        ReleaseRunMissing: release(Start::Tag), release(Start::Release),
            release(Start::Hand), release(Start::Bot), release(Start::Created),
            release(Start::After(vec!["ci.yml".into()])),
            NeedKind::ReleaseRunMissing {
                file: "publish.yml".into(),
                start: Start::Tag,
                late: true,
            };
        ReleaseRunUnclear: NeedKind::ReleaseRunUnclear {
            file: "publish.yml".into(),
            runs: vec![run(1, "publish.yml", ""), run(2, "publish.yml", "")],
        };
        Registry: registry(false), registry(true);
        GithubRelease: NeedKind::GithubRelease { tag: "v1.0.5".into() };
        Assets: NeedKind::Assets { missing: vec!["a.tar.gz".into()] };
        ConfirmRollback: NeedKind::ConfirmRollback { token: "3fa91c02".into() };
        StillRuns: NeedKind::StillRuns { runs: vec![run(1, "publish.yml", "")] };
        Yank: yank(YankBy::Person),
            yank(YankBy::Stopped { file: "yank.yml".into(), why: Stopped::NotAtTag }),
            yank(YankBy::Failed { run: run(2, "yank.yml", "failure") }),
            yank(YankBy::Passed { run: run(2, "yank.yml", "failure") });
        Channel: channel(ChannelTrouble::Unknown), channel(ChannelTrouble::Closed),
            channel(ChannelTrouble::Refused { words: "it answered `404`".into() }),
            channel(ChannelTrouble::Unclear),
            channel(ChannelTrouble::Silent { since: world::START });
        NoDiscussion: NeedKind::NoDiscussion { category: "News".into() };
        Advisory: advisory(AdvisoryState::Draft, false), advisory(AdvisoryState::Draft, true),
            advisory(AdvisoryState::Triage, false), advisory(AdvisoryState::Closed, false),
            advisory(AdvisoryState::Hidden, true);
        FreshInstall: NeedKind::FreshInstall;
        StillBroken: broken(None, false),
            broken(Some("it ends with 2"), true);
        FixVerified: NeedKind::FixVerified { reporter: "rita".into() },
            NeedKind::FixVerified { reporter: String::new() };
    });
    // Those of the pull requests stand for themselves.
    all.retain(|(variant, _)| *variant != "Pull");
    all.extend(
        pulls()
            .into_iter()
            .map(|(variant, need)| (variant, NeedKind::Pull(need))),
    );
    all
}

fn pulls() -> Vec<(&'static str, PullNeed)> {
    let landed = |merged| PullNeed::NotOnMain { pull: 236, merged };
    let strays = |pull_kind, stray, merged| PullNeed::Strays {
        pull: 235,
        pull_kind,
        stray,
        merged,
    };
    let off = |why| PullNeed::NotOnLine {
        pull: 235,
        branch: "1.x".into(),
        why,
    };
    samples!(PullNeed {
        Conflict: PullNeed::Conflict { pull: 236, pull_kind: PullKind::Port };
        PortConflicts: PullNeed::PortConflicts {
            pull: 236,
            branch: "forward-port/v1.0.5".into(),
            files: vec!["src/a|b.rs".into()],
            ready: false,
        },
            PullNeed::PortConflicts {
                pull: 236,
                branch: "forward-port/v1.0.5".into(),
                files: vec!["src/lib.rs".into()],
                ready: true,
            };
        Draft: PullNeed::Draft { pull: 237, pull_kind: PullKind::Known };
        Foreign: PullNeed::Foreign { pull: 236, pull_kind: PullKind::Port, head: Sha::new(HEAD) };
        KnownIssueClosed: PullNeed::KnownIssueClosed { pull: 237 };
        NotOnMain: landed(true), landed(false);
        NotOnLine: off(OffLine::Conflicts),
            off(OffLine::Closed),
            off(OffLine::Elsewhere("next".into()));
        Strays: strays(PullKind::Hotfix, Stray::Base("next".into()), false),
            strays(PullKind::Known, Stray::Base("next".into()), true),
            strays(PullKind::Port, Stray::Head("other".into()), false),
            strays(PullKind::Hotfix, Stray::Repository, false);
        Closed: PullNeed::Closed { pull: 235 };
    })
}
