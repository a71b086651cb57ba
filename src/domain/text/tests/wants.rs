//! The words of every need.

use super::super::need as words;
use super::super::taken::first_choices;
use super::super::wants::words as raw;
use super::every::every;
use super::table;
use super::world::{self, need, run};
use crate::domain::effect::Slot;
use crate::domain::need::{Need, NeedKind, Start, Who};
use crate::domain::objects::PullKind;
use crate::domain::obstacle::Obstacle;

#[test]
fn every_need_has_one_plain_line() {
    world::ready().view(|view| {
        for (_, kind) in every() {
            let (.., command) = raw(&kind, view);
            let need = need(Who::Responder, kind);
            let words = words(&need, view);
            assert!(words.line.len() > 10, "{need:?}");
            assert!(
                !words.line.contains('\n') && !words.line.ends_with('.'),
                "{}",
                words.line
            );
            assert!(!words.who.is_empty());
            // What is shown as a command is one, with words in the gap.
            if let Some(command) = &command {
                assert!(command.starts_with("/hotfix "), "{command}");
                let parsed = crate::domain::command::parse_comment(&first_choices(command));
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
fn what_each_need_says() {
    let said = world::ready().view(|view| {
        table(&every(), |kind| {
            let (line, how, command) = raw(kind, view);
            match command {
                Some(command) => format!("{line} | {how} | {command}"),
                None => line,
            }
        })
    });
    insta::assert_snapshot!(said, @r#"
    Looking: the bot is reading the release to fix
    ConfigWrong: [`.github/hotfix.toml`](https://hub.test/acme/caro/blob/main/.github/hotfix.toml) on `main` is wrong, and nothing starts until it is mended
    NoBase: there is no release to start from: no tag is a \*stable\* version | To look again | /hotfix retry
    WhichBase: a release to start from: the repository has no tags. Push the tag of the release that is broken | To look again | /hotfix retry
    WhichBase: a release to start from: no tag holds a version of two or three numbers (there are `nightly`, `2026-08-17`), and releases that are named otherwise, as by a date, are not supported. Push a tag with a version to the broken release, such as `v1.0.0`, or release this by hand and end it here with `/hotfix cancel reason=…` | To look again | /hotfix retry
    WhichBase: which release is fixed: `v1.0.4` is the highest tag, but crates.io has 1.1.0, which is higher, and no tag is of it. Push the tag of that release, or say that `v1.0.4` is meant. The highest of each kind: `v1.0.4` | To say which | /hotfix start v1.0.4
    WhichBase: which release is fixed: `v1.0.5` is the highest, and it was taken back. The one before it: `v1.0.4` | To say which | /hotfix start v1.0.4
    WhichBase: a release to start from: no tag is of the configured pattern `x-{version}`. The highest of each kind: `v1.0.4` | To say which | /hotfix start v1.0.4
    WhichBase: a release to start from: there are prereleases only (`v1.0.0-rc.2` is the highest), and a prerelease is no base unless somebody says so. The highest of each kind: `v1.0.0-rc.2` | To say which | /hotfix start v1.0.0-rc.2
    WhichBase: a release to start from: no stable release is of the line `3.x`. The highest of each kind: `v1.0.4` | To say which | /hotfix start v1.0.4
    WhichBase: which release is fixed: several packages have releases, and none is called like the repository or the package at its root. The highest of each kind: `a-v1.0.4`, `b-v2.0.0` (Latest) | To say which | /hotfix start a-v1.0.4
    WhichBase: which release is fixed: by its name it would be `v1.0.4`, but GitHub's Latest is `b-v2.0.0`, which is higher. The highest of each kind: `b-v2.0.0` (Latest), `v1.0.4` | To say which | /hotfix start b-v2.0.0
    WhichBase: which release is fixed: by its name it would be `v1.0.4`, but the newest published release is `b-v2.0.0`, which is higher. The highest of each kind: `b-v2.0.0` (Latest), `v1.0.4` | To say which | /hotfix start b-v2.0.0
    WhichBase: which release is fixed: by its name it would be `v1.0.4`, but `main` has the version of `b-v2.0.0`, which is higher. The highest of each kind: `b-v2.0.0` (Latest), `v1.0.4` | To say which | /hotfix start b-v2.0.0
    WhichBase: which release is fixed: by its name it would be `v1.0.4`, but `b-v2.0.0` is higher, and neither a release nor `main` speaks for `v1.0.4`. The highest of each kind: `b-v2.0.0` (Latest), `v1.0.4` | To say which | /hotfix start b-v2.0.0
    WhichBase: which release is fixed: `v1.0.4` is the highest, but `main` is at 9.0.0 already, as if releases between them had other names. The highest of each kind: `v1.0.4` | To say which | /hotfix start v1.0.4
    WhichBase: which release is fixed: `v2019.1.0` is the highest, but everything else is at a lower version (v1.0.4). The highest of each kind: `v2019.1.0` | To say which | /hotfix start v2019.1.0
    WhichBase: which release is fixed: by its name and number it would be `plain-v8.3.0`, but GitHub's Latest is `v2.6.1`, which is named otherwise. The highest of each kind: `v2.6.1`, `plain-v8.3.0` | To say which | /hotfix start v2.6.1
    WhichBase: which release is fixed: there is no tag <code>v9&#124;&#96;</code>, or more than one. The highest of each kind: `v1.0.4` | To say which | /hotfix start v1.0.4
    WhichBase: which release is fixed: there is no version in `odd` that could be raised. The highest of each kind: `v1.0.4` | To say which | /hotfix start v1.0.4
    WhichLine: which branch the fix goes to beside `main`: `1.x` and `stable` are named like the line of `v1.0.4` and hold it | To say which | /hotfix start line=1.x
    WhichLine: which branch the fix goes to: there is no branch `3.x`, as `base.line_branch` says | To say which | /hotfix start line=main
    WhichLine: which branch the fix goes to: `2.x` is no branch of this line, for it does not hold `v1.0.4` | To say which | /hotfix start line=main
    BranchInTheWay: help: the branch `hotfix` is in the way, for no branch can stand below it as the hotfix's would. Rename or delete it, or let the configuration name the hotfix branch otherwise | Then | /hotfix retry
    PushPublishes: a decision: `release.yml` would publish what the hotfix branch holds as soon as `hotfix/v1.0.5` is pushed, before anything is tested or decided. Let the configuration name the hotfix branch otherwise and say `/hotfix retry`, or release this by hand | To push it all the same | /hotfix waive push reason=…
    PushPublishes: a decision: `release.yml` may publish what the hotfix branch holds as soon as `hotfix/v1.0.5` is pushed, before anything is tested or decided: only the run knows. It starts on whatever branch, so release this by hand | To push it all the same | /hotfix waive push reason=…
    Preflight: settings: the App lacks the permission `workflows` (`write`): GitHub does not let it make a branch with other workflow files than the default branch's, as the release has. Grant it: in the App's permissions, then in the [installation](https://hub.test/acme/caro/settings/installations). By hand: `git fetch origin --tags && git push origin 8c1f0e2000000000000000000000000000000000:refs/heads/hotfix/v1.0.5` | What is mended is seen within minutes. To try it all the same | /hotfix waive preflight reason=…
    Behind: another hotfix holds v1.0.4; this one goes on when that one is over
    Behind: the hotfix of [#231](https://hub.test/acme/caro/issues/231) holds v1.0.4; this one goes on from its release (to fix both by one release, a maintainer says `/hotfix join #231`)
    ConfirmStart: confirmation of the start: @dev has the role `read`, and starting takes `write` |  | /hotfix confirm
    ConfirmStart: confirmation of the start: the label is on the issue, and GitHub does not say who put it there. Starting takes `write` |  | /hotfix confirm
    Assess: answers to the decision matrix (the fold “Severity” explains them) |  | /hotfix assess condition=all-users|data-loss|exploited|vulnerability|common-workflow|degraded workaround=yes|no affected=0..100 approach=minimal|refactor|breaking urgent=yes|no platform=…
    ConfirmSeverity: the decision whether this is a hotfix: the matrix has no row for a broken workflow without a workaround | If it is | /hotfix confirm
    NotHotfix: by these answers this is no hotfix (a workaround exists: use the next regular release; the fix needs a breaking change: wait for the next major or minor version). Close it with `/hotfix cancel reason=…`, or correct an answer with `/hotfix assess …` | Or decide otherwise | /hotfix confirm
    BranchElsewhere: help: `hotfix/v1.0.5` exists and is not built on `v1.0.4`. Rename or delete it | Then | /hotfix retry
    BranchDeleted: a decision: `hotfix/v1.0.5` was deleted. Restore it to go on | To give the hotfix up | /hotfix cancel reason=…
    BumpIncomplete: help: after the bump `Cargo.toml`, `Cargo.lock` does not hold `1.0.5`. Push a commit that puts it there | To look again | /hotfix retry
    Unshipped: a decision: `hotfix/v1.0.5` has commits that did not ship (head `9f3c2ab`), and is not deleted. Move them or delete it | To look again | /hotfix retry
    Fix: a fix on [`hotfix/v1.0.5`](https://hub.test/acme/caro/tree/hotfix/v1.0.5): push its commits there, with a test. Where `main` has it already, `/hotfix pick #n` with its pull request takes it over, or with its commit
    Fix: a fix on [`hotfix/v1.0.5`](https://hub.test/acme/caro/tree/hotfix/v1.0.5) ([PR #235](https://hub.test/acme/caro/pull/235)): push its commits there, with a test. Where `main` has it already, `/hotfix pick #n` with its pull request takes it over, or with its commit
    Fix: a fix on [`hotfix/v1.0.5`](https://hub.test/acme/caro/tree/hotfix/v1.0.5) ([PR #235](https://hub.test/acme/caro/pull/235)): push its commits there, with a test. [PR #233](https://hub.test/acme/caro/pull/233) says to fix this, and `main` has it | To take it over from there | /hotfix pick #233
    Fix: a fix on [`hotfix/v1.0.5`](https://hub.test/acme/caro/tree/hotfix/v1.0.5) ([PR #235](https://hub.test/acme/caro/pull/235)): push its commits there, with a test. [PR #231](https://hub.test/acme/caro/pull/231) and [PR #233](https://hub.test/acme/caro/pull/233) say to fix this, and `main` has it | To take it over from there | /hotfix pick #231 #233
    NotPicked: less to pick: that is more than 30 commits, and a hotfix is small. Name those that the fix needs
    SkipsCi: another head: the message of `9f3c2ab` tells GitHub to start no workflow, so that neither its tests nor the release would run. An empty commit on top is enough: `git commit --allow-empty -m "ci: run the workflows"`
    OwnJudge: a look at what `9f3c2ab` is judged by: the fix itself changes `ci/0.sh`, `ci/1.sh`, `ci/2.sh`, `ci/3.sh`, `ci/4.sh`, `ci/5.sh`, `ci/6.sh`, `ci/7.sh` and 2 more | To pass it, by a maintainer who wrote nothing of the fix | /hotfix override judge reason=…
    Scope: a smaller fix, or a decision: `9f3c2ab` is more than a hotfix may be: it touches 14 files (at most 10), it changes 412 lines (at most 200), [`9f3c2ab`](https://hub.test/acme/caro/commit/9f3c2abd00000000000000000000000000000000) calls itself `feat`, it changes documentation alone, which can be pushed without a release and it touches `docs/guide.md`, which a hotfix may not | To ship it as it is, a maintainer says | /hotfix override scope reason=…
    NotReleased: the fix in what is released: `9f3c2ab` changes `caro-core`, which is published separately and not part of this release. Raise the version in the manifest of each on the branch (and what requires it), and publish it with the tag, the lower one first | To release without, a maintainer says | /hotfix override not-released reason=…
    NotReleased: the fix in what is released: `9f3c2ab` changes `caro-core` alone, which is no part of the release, so that nobody would get it. Push what changes a package of the release, too | To release without, a maintainer says | /hotfix override not-released reason=…
    StaleBuild: the build of the fix: `9f3c2ab` changes what `dist/index.js` is built of, and not that, which the last release changed with it. Run `npm run build`, and push what comes of it | To release without, a maintainer says | /hotfix override stale-build reason=…
    StaleBuild: the build of the fix: `9f3c2ab` changes what `a/dist/x.js`, `a/dist/x.js.map` are built of, and not those, which the last release changed with it. Run `cd a && npm run all`, and push what comes of it | To release without, a maintainer says | /hotfix override stale-build reason=…
    StaleBuild: the build of the fix: `9f3c2ab` changes what `lib/main.js` is built of, and not that, which the last release changed with it. Build it as releases are built, and push what comes of it | To release without, a maintainer says | /hotfix override stale-build reason=…
    NotCarriedOut: a decision: `merge.tag_at` is set in `.github/hotfix.toml`, and this version of the bot does not look at it yet. See to it yourself | Then pass it | /hotfix override merge.tag_at reason=…
    NoDryRun: a trial of the release: `release.dry_run` names `publish.yml`, and the head does not have it | To release without one, a maintainer says | /hotfix override release.dry_run reason=…
    NoDryRun: a trial of the release: `release.dry_run` names `publish.yml`, and it has no `workflow_dispatch` | To release without one, a maintainer says | /hotfix override release.dry_run reason=…
    NoDryRun: a trial of the release: `release.dry_run` names `publish.yml`, and the default branch does not have it, and GitHub looks there | To release without one, a maintainer says | /hotfix override release.dry_run reason=…
    NoDryRun: a trial of the release: `release.dry_run` names `publish.yml`, and it wants inputs that nobody can guess (`channel`) | To release without one, a maintainer says | /hotfix override release.dry_run reason=…
    NoDryRun: a trial of the release: `release.dry_run` names `publish.yml`, and it has no input such as `dry_run`, and could reach outside (job `publish` makes a tag) | To release without one, a maintainer says | /hotfix override release.dry_run reason=…
    NoDryRun: a trial of the release that passes: `publish.yml` [run 3](https://hub.test/acme/caro/actions/runs/3) did not. To release without one, a maintainer says `/hotfix override release.dry_run reason=…` | When the cause is mended | /hotfix retry
    ReleaseStopped: `publish.yml` back: the fix removes it or gives it another name, and `v1.0.5` would not start it | To release without it, a maintainer says | /hotfix override release-workflows reason=…
    ReleaseStopped: `publish.yml` mended: as the fix leaves it, GitHub cannot read it, and `v1.0.5` starts nothing | To release without it, a maintainer says | /hotfix override release-workflows reason=…
    ReleaseStopped: the trigger of `publish.yml` back: as the fix leaves it, `v1.0.5` would not start it | To release without it, a maintainer says | /hotfix override release-workflows reason=…
    ReleaseStopped: `publish.yml` mended: no job of it runs for `v1.0.5` (`if:` `false`) | To release without it, a maintainer says | /hotfix override release-workflows reason=…
    ReleaseStopped: `publish.yml` on the hotfix branch: it is on `main` and not at `v1.0.4`, so that `v1.0.5` would not start it | To release without it, a maintainer says | /hotfix override release-workflows reason=…
    ReleaseStopped: `hotfix/v1.0.5` among the branches that `publish.yml` releases from: a step of it fails for a tag that is not on `main`, where `v1.0.5` is only after the merge. Push a commit that adds it to the step's `branch` | To release without it, a maintainer says | /hotfix override release-workflows reason=…
    ReleaseStopped: a section of this version in `site/log.md`: a step of `publish.yml` fails for `v1.0.5` without one, and the bot writes none there. Push a commit that adds it | To release without it, a maintainer says | /hotfix override release-workflows reason=…
    ReleaseStopped: `publish.yml` mended: it has filters for tags (`v\d+`), and none takes `v1.0.5` | To release without it, a maintainer says | /hotfix override release-workflows reason=…
    ReleaseStopped: a trigger in `publish.yml`: nothing in it starts on `v1.0.5` | To release without it, a maintainer says | /hotfix override release-workflows reason=…
    ReleaseStopped: `workflow_dispatch` in `publish.yml`: the configuration leaves it to the bot to start it, and nothing in it starts by that | To release without it, a maintainer says | /hotfix override release-workflows reason=…
    ReleaseStopped: `publish.yml` on `main`: the bot is to start it, and GitHub starts only what is there | To release without it, a maintainer says | /hotfix override release-workflows reason=…
    ReleaseStopped: other `inputs` for `publish.yml`, which the bot is to start: it asks for `channel`, which nobody gives, and it does not ask for `v` | To release without it, a maintainer says | /hotfix override release-workflows reason=…
    MergePublishes: a decision: no workflow publishes `v1.0.5` from its tag, but `release-plz.yml` does when the fix is merged, together with all that `main` holds. If a person publishes it from the tag (`git fetch --tags && git checkout v1.0.5 && cargo publish -p caro`), the merge waits for that. To let the merge publish it all the same: `/hotfix override merge-publishes reason=…` | If a person publishes it from the tag | /hotfix override publish-by-hand reason=…
    MergePublishes: a decision: no workflow publishes `v1.0.5` from its tag, but `release.yml` does once the pull request for a release is merged that it opens after the fix is, together with all that `main` holds. If a person publishes it from the tag (`git fetch --tags && git checkout v1.0.5 && cargo publish -p caro`), nothing else waits. To let that pull request publish it all the same: `/hotfix override merge-publishes reason=…` | If a person publishes it from the tag | /hotfix override publish-by-hand reason=…
    MakesLatest: a decision: `release.yml` makes `v1.0.5` GitHub's latest release, although `v2.0.0` is newer. Push a commit that makes this depend on the version | To release it all the same, and put it back afterwards | /hotfix override latest reason=…
    MakesLatest: a decision: `release.yml` makes `v1.0.5` the image `latest`, although `v2.0.0` is newer. Push a commit that makes this depend on the version | To release it all the same, and put it back afterwards | /hotfix override latest reason=…
    MakesLatest: a decision: `release.yml` makes `v1.0.5` the version that npm installs (`latest`), although `v2.0.0` is newer. Push a commit that publishes it under another dist-tag, as by `--tag latest-1` there | To release it all the same, and put it back afterwards | /hotfix override latest reason=…
    MakesLatest: a decision: `release.yml` makes `v1.0.5` the tag `latest`, although `v2.0.0` is newer. Push a commit that makes this depend on the version | To release it all the same, and put it back afterwards | /hotfix override latest reason=…
    MakesLatest: a decision: `release.yml` does not say whether `v1.0.5` is to be GitHub's latest release, and GitHub then makes it that, although `v2.0.0` is newer. Push a commit that adds `make_latest: false` to that step | To release it all the same, and put it back afterwards | /hotfix override latest reason=…
    MakesLatest: a decision: `release.yml` does not say whether `v1.0.5` is to be GitHub's latest release, and GitHub then makes it that, although `v2.0.0` is newer. Its action has no word for that: push a commit with a step after it (`gh release edit v2.0.0 --latest`) | To release it all the same, and put it back afterwards | /hotfix override latest reason=…
    DraftFirst: a draft of the GitHub release before the tag: `release.yml` uploads to it, and nothing that `v1.0.5` starts makes it (`gh release create v1.0.5 --draft --title v1.0.5 --notes "…"`) | To release without it, a maintainer says | /hotfix override release-workflows reason=…
    TagNow: the tag `v1.0.5` on `9f3c2ab`
    TagNow: the tag `v1.0.5` on `9f3c2ab`, by hand: `git tag -s v1.0.5 9f3c2abd00000000000000000000000000000000 -m v1.0.5 && git push origin v1.0.5`
    TagNow: the tag `v1.0.5` on `9f3c2ab`, signed, for `release.yml` verifies its signature: `git tag -s v1.0.5 9f3c2abd00000000000000000000000000000000 -m v1.0.5 && git push origin v1.0.5`
    TagNow: the tag `v1.0.5`, which `release.yml` makes itself: start it by hand, and the bot looks whether the tag stands on [`9f3c2ab`](https://hub.test/acme/caro/commit/9f3c2abd00000000000000000000000000000000): `gh workflow run release.yml --ref hotfix/v1.0.5 -f 'version=1.0.5' -f 'channel=…'` (`channel` is yours to fill in)
    MergeWaits: the merge into `main` waits until `v1.0.5` is out, for `release-plz.yml` publishes what is pushed there
    MergeWaits: the merge into `1.x` waits until `v1.0.5` is out, for `release-plz.yml` publishes what is pushed there
    MergeNow: the merge of [PR #235](https://hub.test/acme/caro/pull/235), by hand, for `main` has a merge queue: `gh pr merge 235`
    PublishNow: `v1.0.5` to be published now, for no workflow of this repository is known to do it: `git fetch --tags && git checkout v1.0.5 && cargo publish -p caro` and `gh release create v1.0.5 --verify-tag --title v1.0.5 --notes "…"`. The bot watches and goes on by itself
    PublishNow: `v1.0.5` to be published now, for no workflow of this repository is known to do it: `gh release create v1.0.5 --verify-tag --title v1.0.5 --notes "…"`. The bot watches and goes on by itself
    PublishNow: the GitHub release of `v1.0.5`: publishing it is what starts `publish.yml`, and nobody but a person or an App starts anything by that (`gh release create v1.0.5 --verify-tag --title v1.0.5 --notes "…"`)
    PublishNow: `release.yml` to be started at the tag, for nothing else publishes `v1.0.5`: `gh workflow run release.yml --ref v1.0.5 -f 'version=1.0.5' -f 'channel=…'` (`channel` is yours to fill in). The bot does it next time where `.github/hotfix.toml` holds `release.workflow = [{ file = "publish.yml" }, { file = "bundle.yml", required = false }, { file = "release.yml", on = "dispatch", inputs = { channel = "…" } }]`
    PublishNow: `v1.0.5` to be published now: `cd.yml` is through, and crates.io does not have it and there is no GitHub release of it. Look there, then publish it: `git fetch --tags && git checkout v1.0.5 && cargo publish -p caro` and `gh release create v1.0.5 --verify-tag --title v1.0.5 --notes "…"`. The bot watches and goes on by itself
    PublishNow: `v1.0.5` to come out: `.circleci/config.yml` may publish it, and the bot does not see what that does. Look there first. If it publishes nothing: `git fetch --tags && git checkout v1.0.5 && cargo publish -p caro` and `gh release create v1.0.5 --verify-tag --title v1.0.5 --notes "…"`. The bot watches and goes on by itself; `.github/hotfix.toml` holds who does it for good (`release.published_by = "tag"` or `release.published_by = "person"`)
    PublishedOther: **what was published is not what was tagged**: crates.io has `caro 1.0.5` built from [`b0b0b0b`](https://hub.test/acme/caro/commit/b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0), and `v1.0.5` stands on [`9f3c2ab`](https://hub.test/acme/caro/commit/9f3c2abd00000000000000000000000000000000). Look at both now; to take it back, an owner says `cargo yank --version 1.0.5 caro`, and the next version is needed | If it is right all the same | /hotfix waive published reason=…
    LatestMoved: [`v2.0.0`](https://hub.test/acme/caro/releases/tag/v2.0.0) to be GitHub's latest release again: `v1.0.5` is one of an older line and was made that (`gh release edit v2.0.0 --latest`) | If it is wanted so | /hotfix waive latest reason=…
    ConfirmRun: a second word for `ship.yml` on `9f3c2ab`, which @mia wants to start and nobody decided on: it could reach outside (job `ship` publishes to `npm`). What else waits for a `confirm` comes first
    Check: the check `lint` on `9f3c2ab`, which the configuration requires: there is none of that name yet | To pass it, a maintainer says | /hotfix override test.checks reason=…
    Check: the check `lint` on `9f3c2ab`, which the configuration requires: it is under way | To pass it, a maintainer says | /hotfix override test.checks reason=…
    Check: the check `lint` on `9f3c2ab`, which the configuration requires: it ended and says nothing | To pass it, a maintainer says | /hotfix override test.checks reason=…
    Check: the check `lint` on `9f3c2ab`, which the configuration requires: it failed | To pass it, a maintainer says | /hotfix override test.checks reason=…
    Check: the check `lint` on `9f3c2ab`, which the rules of `main` require: there is none of that name yet (no workflow has a job of that name: from an App, or a status). GitHub does not merge without it | To pass it, a maintainer says | /hotfix override required-checks reason=…
    Check: the check `lint` on `9f3c2ab`, which the rules of `main` require: there is none of that name yet (a job of `scan.yml`, which is not among the tests). GitHub does not merge without it | To pass it, a maintainer says | /hotfix override required-checks reason=…
    Check: the check `lint` on `9f3c2ab`, which the rules of `main` require: there is none of that name yet (from the App with the number 57789 and nobody else). GitHub does not merge without it | To pass it, a maintainer says | /hotfix override required-checks reason=…
    Check: the check `lint` on `9f3c2ab`, which the rules of `main` require: there is none of that name yet (it can never come: the rules want it from GitHub Actions, and no workflow has a job of that name). GitHub does not merge without it | To pass it, a maintainer says | /hotfix override required-checks reason=…
    RunNever: a test of the head: `ci.yml` [run 1](https://hub.test/acme/caro/actions/runs/1) did nothing, for no job of it runs on this branch (`if:` `github.ref == 'refs/heads/main'`). Run the critical-path tests yourself | Then give your word | /hotfix check critical-path note=…
    RunHollow: a test of the head: `ci.yml` [run 1](https://hub.test/acme/caro/actions/runs/1) passed and tested nothing, for GitHub left out `test` (`if:` `!github.event.pull_request.draft`). These run once the pull request is no draft; nothing is merged by that: `gh pr ready 235`. Or run the critical-path tests yourself | Then give your word | /hotfix check critical-path note=…
    RunHollow: a test of the head: `ci.yml` [run 1](https://hub.test/acme/caro/actions/runs/1) passed and tested nothing, for GitHub left out `test` and `lint`. Or run the critical-path tests yourself | Then give your word | /hotfix check critical-path note=…
    TestsAdded: a test for the fix: push one | Or say why there is none | /hotfix check tests-added 9f3c2ab note=…
    RunMissing: `ci.yml` has not started on the head yet
    RunMissing: a run of `ci.yml` on the head: its `on.push` leaves out `hotfix/v1.0.5`, and it cannot be dispatched there. Run the critical-path tests yourself and say `/hotfix check critical-path 9f3c2ab note=…` | Or let the bot add the branch to its triggers, in a commit of its own | /hotfix test enable
    RunMissing: a run of `audit.yml` on the head: its `paths` leave out what the last commit changes, and it cannot be dispatched there. Run the critical-path tests yourself | Then give your word | /hotfix check critical-path 9f3c2ab note=…
    NoTests: no workflow tests the head. Run the critical-path tests on it yourself | Then give your word | /hotfix check critical-path 9f3c2ab note=…
    RunPending: `ci.yml` [run 1](https://hub.test/acme/caro/actions/runs/1) is under way on `9f3c2ab`, since 09:53 UTC
    RunFailed: `ci.yml` [run 1](https://hub.test/acme/caro/actions/runs/1) failed after 8 min | Push a fix or, if it was chance, run it again | /hotfix retry
    RunFailed: `publish.yml` [run 1](https://hub.test/acme/caro/actions/runs/1) was cancelled after 8 min | To run the failed job again | /hotfix retry
    RunSkipped: `publish.yml` [run 1](https://hub.test/acme/caro/actions/runs/1) was skipped: none of its jobs had anything to do | When the cause is mended, or to start it once more | /hotfix retry
    RunSkipped: `publish.yml` [run 1](https://hub.test/acme/caro/actions/runs/1) was skipped: none of its jobs had anything to do (`if:` `github.repository == 'a/b'`) | When the cause is mended, or to start it once more | /hotfix retry
    RunWaiting: `publish.yml` [run 1](https://hub.test/acme/caro/actions/runs/1) waits for the approval of its environment; it is given on the run's page
    Approval: an approving review of `9f3c2ab` on [PR #235](https://hub.test/acme/caro/pull/235) by somebody who did not write the fix
    Approval: an approving review of `9f3c2ab` on [PR #235](https://hub.test/acme/caro/pull/235) by somebody who did not write the fix and pushed nothing to the branch: an address in `9f3c2ab` belongs to nobody whom GitHub knows
    Approval: an approving review of `9f3c2ab` on [PR #235](https://hub.test/acme/caro/pull/235) by somebody who did not write the fix and pushed nothing to the branch: I did not see who pushed `9f3c2ab`. Pushed once more, it is seen: `git commit --amend --no-edit && git push --force-with-lease`
    ChangesRequested: @rev asked for changes: an approval by the same person, or a dismissal of that review
    ManualTest: a manual test of `9f3c2ab` on Windows, where the bug was seen | When it is done | /hotfix check manual-test 9f3c2ab platform=windows note=…
    Platforms: a try on macOS and Windows 11: by a job of a required workflow that runs there, or by a person | When it was tried there | /hotfix check manual-test 9f3c2ab platform=macos note=…
    Release: the decision | To release exactly this | /hotfix release 9f3c2ab
    KnownIssueText: a sentence each for the entry in `docs/known-issues.md`: `/hotfix check root-cause note=…` and `/hotfix check prevention note=…` | To end without it | /hotfix waive known-issue reason=…
    Held: a decision: @mia put this on hold | To go on | /hotfix unhold
    Held: a decision: @mia put this on hold (“the label `P0` was taken off”) | To go on, put it on again, or | /hotfix unhold
    Held: a decision: the App was taken off this repository meanwhile. What was there is there still, and nothing of it goes on by itself | To go on | /hotfix unhold
    TooLong: a decision: this takes more than 6 h. Is it truly P0, or can it wait for a regular release (`/hotfix downgrade P1 reason=…`)? | If it is | /hotfix extend total 60m reason=…
    IssueClosed: a decision: somebody closed the issue before the release. Reopen it to go on | To give the hotfix up | /hotfix cancel reason=…
    IssueClosed: a decision: @mia closed the issue before the release. Reopen it to go on | To give the hotfix up | /hotfix cancel reason=…
    TagWrong: a decision: the tag `v1.0.5` stands on the tested commit [`9f3c2ab`](https://hub.test/acme/caro/commit/9f3c2abd00000000000000000000000000000000), but is a lightweight one: it says nothing of who released what, and `git describe` passes it over. If nothing was published from it, put an annotated one in its place: `git tag --annotate --force v1.0.5 9f3c2abd00000000000000000000000000000000 && git push --force origin v1.0.5` | To take it as it is, a maintainer says | /hotfix override lightweight-tag reason=…
    TagWrong: a decision: the tag `v1.0.5` stands on [`4f4f4f4`](https://hub.test/acme/caro/commit/4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f), which is not the tested commit `9f3c2ab`. Nothing goes on until it is mended by hand
    RunSlow: help: `publish.yml` [run 11](https://hub.test/acme/caro/actions/runs/11) is under way since 09:53 UTC, for longer than the 45 min that it may take. Look what it waits for; one that hangs is cancelled on its page, and then run again by `/hotfix retry`
    Against: **what crates.io hands out is not what its index names**: the file of `caro 1.0.5` has another checksum. Nobody should install it before that is explained | If it is right all the same | /hotfix waive published reason=…
    Against: **the release's checksums are not those of its files**: `caro.zip`. Either was replaced after the other was made; upload both from one build | If they are right all the same | /hotfix waive verification reason=…
    Against: [`caro.test/releases`](https://caro.test/releases) to show `1.0.5`: it does not yet | To do without it, a maintainer says | /hotfix waive verification reason=…
    Against: [`caro.test/releases`](https://caro.test/releases) to show `1.0.5`: it answers 404 | To do without it, a maintainer says | /hotfix waive verification reason=…
    Against: [`caro.test/releases`](https://caro.test/releases) to show `1.0.5`: it leads to another host, and is not followed there | To do without it, a maintainer says | /hotfix waive verification reason=…
    Against: [`caro.test/releases`](https://caro.test/releases) to show `1.0.5`: it is no address of a public host, and is not asked | To do without it, a maintainer says | /hotfix waive verification reason=…
    Against: [`caro.test/releases`](https://caro.test/releases) to show `1.0.5`: it does not answer | To do without it, a maintainer says | /hotfix waive verification reason=…
    Against: the GitHub release of `v1.0.5` to be one for everybody: it is marked as a prerelease, and the one before was not (`gh release edit v1.0.5 --prerelease=false --latest`) | If it is wanted so | /hotfix waive latest reason=…
    Against: `v1.0.5` to be GitHub's latest release, as the one before was (`gh release edit v1.0.5 --latest`) | If it is wanted so | /hotfix waive latest reason=…
    Against: **npm gives `1.0.5` to everybody who names no version**, although `2.0.0` is higher. An owner puts it back: `npm dist-tag add caro@2.0.0 latest` | If it is right all the same | /hotfix waive latest reason=…
    Stuck: help: GitHub refused to merge the pull request (“Not \`mergeable\`”) | When the cause is mended | /hotfix retry
    Stuck: help: the bot did not get to merge the pull request: the head moved | When the cause is mended | /hotfix retry
    Stuck: help: what was done before is not so any more (to merge the pull request), and the bot does not do it twice | When the cause is mended | /hotfix retry
    Stuck: help: GitHub did not answer when it was asked to start a workflow of the release, and no run of it is to be seen: look at the workflow's page, for once more may be twice | If it did not start | /hotfix retry
    Stuck: help: crates.io refused to show something that the bot must know (“403”) | When the cause is mended | /hotfix retry
    Blocked: a right: GitHub refused to create the tag (“Resource not accessible by integration”). The bot tries again by itself | To try at once | /hotfix retry
    Unanswered: GitHub does not answer when asked for the version bump, since 09:03 UTC (“502”). The bot goes on trying
    Unanswered: GitHub does not answer when asked to create the tag, since 09:03 UTC (“502”). The bot goes on trying
    Unanswered: crates.io does not answer when asked to show something that the bot must know, since 09:03 UTC (“502”). The bot goes on trying
    ReleaseRunMissing: `publish.yml` has not started for `v1.0.5` yet
    ReleaseRunMissing: `publish.yml` has not started for `v1.0.5` yet. It starts on a published release, and one that a workflow publishes with its own token starts nothing: then start it by hand, at the tag
    ReleaseRunMissing: `publish.yml` has not started for `v1.0.5` yet: start it by hand, at the tag
    ReleaseRunMissing: `publish.yml` has not started for `v1.0.5` yet: the bot starts it
    ReleaseRunMissing: `publish.yml` has not started for `v1.0.5` yet
    ReleaseRunMissing: `publish.yml` has not started for `v1.0.5` yet (it starts after `ci.yml`)
    ReleaseRunMissing: `publish.yml` has not started for `v1.0.5`, and it should have by now: it starts on the tag. Look whether Actions are switched off, whether the workflow is disabled, and whether its triggers take the tag; start it by hand at the tag, or publish by hand. A tag is never moved: if nothing helps, the next version is needed
    ReleaseRunUnclear: `publish.yml` has 2 runs after the release's workflow, and nothing tells which belongs to `v1.0.5`: `publish.yml` [run 1](https://hub.test/acme/caro/actions/runs/1), `publish.yml` [run 2](https://hub.test/acme/caro/actions/runs/2). It goes on when all have passed, or when the release is published
    Registry: crates.io does not show `caro 1.0.5` yet
    Registry: crates.io shows `caro 1.0.5` as yanked. If that is a mistake, an owner undoes it: `cargo yank --undo --version 1.0.5 caro`
    GithubRelease: the GitHub release of [`v1.0.5`](https://hub.test/acme/caro/releases) is not published yet
    Assets: the release lacks `a.tar.gz` (missing, empty or not whole): run again what uploads it, or upload it by hand | To take the release as it is, a maintainer says | /hotfix waive verification reason=…
    ConfirmRollback: a decision whether `v1.0.5` is taken back, as it is shown below |  | /hotfix rollback 3fa91c02
    StillRuns: the end of `publish.yml` [run 1](https://hub.test/acme/caro/actions/runs/1), which may publish yet. To cut it short: `gh run cancel 1`
    Yank: a yank by an owner: `cargo yank --version 1.0.5 caro`. I watch crates.io and go on by myself
    Yank: a yank by an owner: `cargo yank --version 1.0.5 caro` (the workflow that `rollback.yank` names cannot be started; that would take `yank.yml` on the hotfix branch: it is on `main` and not at `v1.0.4`, so that `v1.0.5` would not start it). I watch crates.io and go on by myself
    Yank: a yank by an owner: `cargo yank --version 1.0.5 caro` (`yank.yml` [run 2](https://hub.test/acme/caro/actions/runs/2) failed). I watch crates.io and go on by myself
    Yank: a yank by an owner: `cargo yank --version 1.0.5 caro` (`yank.yml` [run 2](https://hub.test/acme/caro/actions/runs/2) passed, and the version is there all the same). I watch crates.io and go on by myself
    Channel: the channel `ops` of `announce.channels`: this server has none of that name. Its operator sets `CHANNEL_OPS`, or the name goes from the file
    Channel: the channel `ops` of `announce.channels`: this server does not open it to this repository. Its operator adds `acme/caro` to `CHANNEL_OPS_REPOS`, or the name goes from the file
    Channel: the channel `ops` was not told: it answered \`404\` | When it is mended | /hotfix announce
    Channel: the channel `ops` did not answer when it was told: look there whether it was | To tell it once more | /hotfix announce
    Channel: the channel `ops` takes nothing since 09:03 UTC; I tell it on
    NoDiscussion: the discussion of the release: GitHub opens none in `News`. There is no such category in this repository's Discussions, or the App may not write there (`discussions: write`) | Open one by hand, then | /hotfix check community
    FreshInstall: a fresh install: `cargo install caro --version 1.0.5 --force` | When it works | /hotfix check fresh-install
    StillBroken: a decision: @rita says at 09:03 UTC that v1.0.5 does not fix it; nothing is announced before that is settled. A further fix is a hotfix of its own: the label on a new issue begins it at v1.0.5 | To see what taking the release back would do, a maintainer says | /hotfix rollback reason=…
    StillBroken: a decision: @rita says at 09:03 UTC that v1.0.5 does not fix it (“it ends with 2”); the issue is open again. A further fix is a hotfix of its own: the label on a new issue begins it at v1.0.5 | To see what taking the release back would do, a maintainer says | /hotfix rollback reason=…
    FixVerified: somebody confirms that 1.0.5 fixes it (@rita, once it is out) | Without the reporter | /hotfix check fix-verified note=…
    FixVerified: somebody confirms that 1.0.5 fixes it (the reporter, once it is out) | Without the reporter | /hotfix check fix-verified note=…
    Conflict: [PR #236](https://hub.test/acme/caro/pull/236) conflicts with `main`: resolve it on its branch | To end without it | /hotfix waive forward-port reason=…
    PortConflicts: [PR #236](https://hub.test/acme/caro/pull/236) conflicts with `main` in <code>src/a&#124;b.rs</code>: resolve it on `forward-port/v1.0.5`, then take it out of draft | To end without it | /hotfix waive forward-port reason=…
    PortConflicts: [PR #236](https://hub.test/acme/caro/pull/236) conflicts with `main` in `src/lib.rs`: resolve it on `forward-port/v1.0.5`, by a commit; it is out of draft, but as the bot left it | To end without it | /hotfix waive forward-port reason=…
    Draft: [PR #237](https://hub.test/acme/caro/pull/237) is a draft: take it out of draft, and the bot merges it | To end without it | /hotfix waive known-issue reason=…
    Foreign: [PR #236](https://hub.test/acme/caro/pull/236) to be merged by somebody who looked at it: its head `9f3c2ab` is not the bot's, and nobody approved it here | To end without it | /hotfix waive forward-port reason=…
    KnownIssueClosed: [PR #237](https://hub.test/acme/caro/pull/237), the entry in the known issues, was closed: reopen it | To end without it | /hotfix waive known-issue reason=…
    NotOnMain: [PR #236](https://hub.test/acme/caro/pull/236) was merged, but the fix is not found on `main`: see what became of it | If it is there in another form, or not wanted | /hotfix waive forward-port reason=…
    NotOnMain: [PR #236](https://hub.test/acme/caro/pull/236) was closed, and `main` does not hold the fix: reopen it | To end without it | /hotfix waive forward-port reason=…
    NotOnLine: [PR #235](https://hub.test/acme/caro/pull/235) conflicts with `1.x`: bring it there by hand (`git fetch origin && git checkout 1.x && git merge v1.0.5`, resolve, push) | To end without it | /hotfix waive line reason=…
    NotOnLine: [PR #235](https://hub.test/acme/caro/pull/235) was closed, and `1.x` does not get the fix by it: reopen it, or bring the fix there by hand | To end without it | /hotfix waive line reason=…
    NotOnLine: [PR #235](https://hub.test/acme/caro/pull/235) leads to `next`, not to `1.x`: set its base back to `1.x`, or bring the fix there by hand | To end without it | /hotfix waive line reason=…
    Strays: [PR #235](https://hub.test/acme/caro/pull/235) goes to `next` by now, not to `main`. Nothing is merged there: set its base back to `main` | If it is to go there | /hotfix start line=next
    Strays: [PR #235](https://hub.test/acme/caro/pull/235) was merged into `next`, not into `main`: bring it there as well | To end without it | /hotfix waive known-issue reason=…
    Strays: [PR #235](https://hub.test/acme/caro/pull/235) brings `other` by now, which is not the branch that it was opened for. It is not merged: close it | To end without it | /hotfix waive forward-port reason=…
    Strays: [PR #235](https://hub.test/acme/caro/pull/235) belongs to another repository by now. Nothing is merged there | To look again | /hotfix retry
    Closed: [PR #235](https://hub.test/acme/caro/pull/235) was closed: reopen it, or give the hotfix up
    "#);
}

#[test]
fn some_of_them_as_items() {
    // Facts in which each of the commands is taken.
    let mut world = world::after_the_tag();
    let run = run(7, "ci.yml", "timed_out");
    world.needs = vec![
        need(
            Who::Responder,
            NeedKind::FixVerified {
                reporter: "rita".into(),
            },
        ),
        need(
            Who::Responder,
            NeedKind::RunFailed {
                run,
                release: false,
            },
        ),
        need(
            Who::Machine,
            NeedKind::ReleaseRunMissing {
                file: "publish.yml".into(),
                start: Start::Tag,
                late: false,
            },
        ),
        need(
            Who::Commander,
            NeedKind::Stuck {
                slot: Slot::Merge(PullKind::Hotfix),
                obstacle: Obstacle::Refused("Not `mergeable`".into()),
            },
        ),
    ];
    let items = world.view(|view| {
        let item = |need: &Need| words(need, view).item(need);
        view.needs.iter().map(item).collect::<Vec<_>>().join("\n")
    });
    insta::assert_snapshot!(items, @r#"
    Somebody confirms that 1.0.5 fixes it (@rita, once it is out) — @rita or anybody with write access
    `ci.yml` [run 7](https://hub.test/acme/caro/actions/runs/7) ran out of time after 8 min — anybody with write access. Push a fix or, if it was chance, run it again: `/hotfix retry`
    `publish.yml` has not started for `v1.0.5` yet
    Help: GitHub refused to merge the pull request (“Not \`mergeable\`”) — a maintainer. When the cause is mended: `/hotfix retry`
    "#);
}
