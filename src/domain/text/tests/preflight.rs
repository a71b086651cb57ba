//! What preflight found.

use super::super::preflight::line;
use super::super::wants::words;
use super::{samples, table, world};
use crate::domain::ids::Sha;
use crate::domain::need::{Finding, Forbidden, NeedKind, Stopped, Unread};
use crate::domain::objects::{MergeMethod, PullKind, Right, Takes};
use crate::domain::shipping::Tags;

fn lacks(right: Right, stops: bool) -> Finding {
    Finding::Lacks { right, stops }
}

pub fn held() -> NeedKind {
    NeedKind::Preflight {
        finding: Box::new(lacks(Right::Workflows, true)),
    }
}

pub fn merge() -> NeedKind {
    let branch = "main".into();
    NeedKind::MergeNow {
        pull: 235,
        pull_kind: PullKind::Hotfix,
        finding: Box::new(Finding::Queue { branch }),
    }
}

/// A sample of every finding.
pub fn findings() -> Vec<(&'static str, Finding)> {
    let forbidden = |what, sure| Finding::Forbidden {
        what,
        name: "hotfix/v1.0.5".into(),
        ruleset: "all | `branches`".into(),
        url: String::new(),
        sure,
    };
    let refuses = |takes| Finding::Refuses {
        file: "publish.yml".into(),
        environment: "crates-io".into(),
        takes,
    };
    let waits = |reviewers, minutes| Finding::Waits {
        file: "publish.yml".into(),
        environment: "crates-io".into(),
        reviewers,
        minutes,
    };
    let unread = |what| Finding::Unread { what };
    let reviews = |approvals, code_owners| Finding::Reviews {
        branch: "main".into(),
        approvals,
        code_owners,
    };
    let signatures = |branch: &str, unsigned: &[&str]| Finding::Signatures {
        branch: branch.into(),
        unsigned: unsigned.iter().map(|it| Sha::new(it.repeat(40))).collect(),
        rebased: false,
    };
    let rebased = Finding::Signatures {
        branch: "main".into(),
        unsigned: Vec::new(),
        rebased: true,
    };
    let method = |method| Finding::Method {
        branch: "main".into(),
        method,
    };
    samples!(Finding {
        Lacks: lacks(Right::Contents, true),
            lacks(Right::Issues, false),
            lacks(Right::PullRequests, true),
            lacks(Right::Actions, false),
            lacks(Right::Workflows, true),
            lacks(Right::Workflows, false),
            lacks(Right::Checks, false),
            lacks(Right::Statuses, false);
        Archived: Finding::Archived;
        Forbidden: forbidden(Forbidden::CreateBranch, true),
            forbidden(Forbidden::PushBranch, true),
            forbidden(Forbidden::DeleteBranch, true),
            forbidden(Forbidden::CreateTag, true),
            forbidden(Forbidden::CreateTag, false),
            forbidden(Forbidden::Merge, true);
        Queue: Finding::Queue { branch: "main".into() };
        Reviews: reviews(2, false), reviews(2, true), reviews(1, true);
        Signatures: signatures("hotfix/v1.0.5", &[]), signatures("main", &[]),
            signatures("main", &["a"]), signatures("main", &["a", "b"]), rebased;
        Method: method(MergeMethod::Squash), method(MergeMethod::Rebase);
        Refuses: refuses(Takes::Protected),
            refuses(Takes::Named(vec![])),
            refuses(Takes::Named(vec![(false, "main".into()), (true, "r*".into())]));
        Waits: waits(2, 0), waits(0, 30), waits(1, 1);
        Immutable: Finding::Immutable;
        Unread: unread(Unread::Rights),
            unread(Unread::Rulesets),
            unread(Unread::Environments),
            unread(Unread::Immutable);
    })
}

#[test]
fn what_each_finding_costs_and_how_it_is_mended() {
    let all = findings();
    let said = world::ready().view(|view| {
        table(&all, |finding| {
            format!("{}: {}", finding.name(), line(finding, view))
        })
    });
    insta::assert_snapshot!(said, @r#"
    Lacks: permission-missing: the App lacks the permission `contents` (`write`): it can make neither branch nor tag. Grant it: in the App's permissions, then in the [installation](https://hub.test/acme/caro/settings/installations)
    Lacks: permission-missing: the App lacks the permission `issues` (`write`): it can write no comment. Grant it: in the App's permissions, then in the [installation](https://hub.test/acme/caro/settings/installations)
    Lacks: permission-missing: the App lacks the permission `pull_requests` (`write`): it can open no pull request. Grant it: in the App's permissions, then in the [installation](https://hub.test/acme/caro/settings/installations)
    Lacks: permission-missing: the App lacks the permission `actions` (`write`): it can start no tests and repeat no runs. Grant it: in the App's permissions, then in the [installation](https://hub.test/acme/caro/settings/installations)
    Lacks: permission-missing: the App lacks the permission `workflows` (`write`): GitHub does not let it make a branch with other workflow files than the default branch's, as the release has. Grant it: in the App's permissions, then in the [installation](https://hub.test/acme/caro/settings/installations)
    Lacks: permission-missing: the App lacks the permission `workflows` (`write`): GitHub does not let it push or merge other workflow files than the default branch's. Grant it: in the App's permissions, then in the [installation](https://hub.test/acme/caro/settings/installations)
    Lacks: permission-missing: the App lacks the permission `checks` (`write`): what it finds on the fix stands in no check run of the pull request. Grant it: in the App's permissions, then in the [installation](https://hub.test/acme/caro/settings/installations)
    Lacks: permission-missing: the App lacks the permission `statuses` (`read`): it cannot see the commit statuses that are required. Grant it: in the App's permissions, then in the [installation](https://hub.test/acme/caro/settings/installations)
    Archived: archived: the repository is archived: nothing can be changed in it. Unarchive it ([settings](https://hub.test/acme/caro/settings))
    Forbidden: ruleset-blocks-branch: the ruleset <code>all &#124; &#96;branches&#96;</code> does not let the bot make `hotfix/v1.0.5`. Let the App pass the ruleset by ([rules](https://hub.test/acme/caro/settings/rules)), or make the branch by hand
    Forbidden: ruleset-blocks-branch: the ruleset <code>all &#124; &#96;branches&#96;</code> does not let the bot push to `hotfix/v1.0.5`. Let the App pass the ruleset by ([rules](https://hub.test/acme/caro/settings/rules)), or let the configuration name the branch otherwise
    Forbidden: ruleset-blocks-delete: the ruleset <code>all &#124; &#96;branches&#96;</code> does not let the bot delete `hotfix/v1.0.5`, which stays when everything is done. Let the App pass the ruleset by ([rules](https://hub.test/acme/caro/settings/rules)), or delete it by hand in the end
    Forbidden: ruleset-blocks-tag: the ruleset <code>all &#124; &#96;branches&#96;</code> does not let the bot make the tag `hotfix/v1.0.5`. Let the App pass the ruleset by ([rules](https://hub.test/acme/caro/settings/rules)), or push the tag by hand: the command stands here after the decision
    Forbidden: ruleset-blocks-tag: the ruleset <code>all &#124; &#96;branches&#96;</code> may not let the bot make the tag `hotfix/v1.0.5`. Let the App pass the ruleset by ([rules](https://hub.test/acme/caro/settings/rules)), or push the tag by hand: the command stands here after the decision
    Forbidden: ruleset-blocks-merge: the ruleset <code>all &#124; &#96;branches&#96;</code> does not let the bot merge into `hotfix/v1.0.5`. Let the App pass the ruleset by ([rules](https://hub.test/acme/caro/settings/rules)), or merge by hand after the tag
    Queue: merge-queue: what goes to `main` goes through its merge queue: the tag does not wait for it. Let the App pass the ruleset by ([rules](https://hub.test/acme/caro/settings/rules)), or put the pull request into the queue after the tag
    Reviews: reviews-required: `main` takes what 2 people approved: the merge waits for that, the tag does not. Let the App pass the ruleset by ([rules](https://hub.test/acme/caro/settings/rules)), or have them approve the pull request, also after the tag: it is merged then
    Reviews: reviews-required: `main` takes what 2 people, one of them a code owner, approved: the merge waits for that, the tag does not. Let the App pass the ruleset by ([rules](https://hub.test/acme/caro/settings/rules)), or have them approve the pull request, also after the tag: it is merged then
    Reviews: reviews-required: `main` takes what a code owner approved: the merge waits for that, the tag does not. Let the App pass the ruleset by ([rules](https://hub.test/acme/caro/settings/rules)), or have them approve the pull request, also after the tag: it is merged then
    Signatures: signatures-required: `hotfix/v1.0.5` takes signed commits alone: GitHub refuses the push of others, and a pick that keeps its author. What the bot writes itself GitHub signs. Sign what you push (`git commit -S`)
    Signatures: signatures-required: `main` takes signed commits alone: GitHub refuses to merge what people push without a signature, and a pick that keeps its author. What the bot writes itself GitHub signs. Sign what you push (`git commit -S`)
    Signatures: signatures-required: `main` takes signed commits alone, and [`aaaaaaa`](https://hub.test/acme/caro/commit/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) is not signed: the tag does not wait for that, and GitHub refuses the merge. Before the decision, who may sign does it anew: `git fetch origin && git switch hotfix/v1.0.5 && git pull --ff-only && git rebase --rebase-merges --force-rebase -S 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa^' && git push --force-with-lease origin hotfix/v1.0.5`
    Signatures: signatures-required: `main` takes signed commits alone, and [`aaaaaaa`](https://hub.test/acme/caro/commit/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) and [`bbbbbbb`](https://hub.test/acme/caro/commit/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb) are not signed: the tag does not wait for that, and GitHub refuses the merge. Before the decision, who may sign does it anew: `git fetch origin && git switch hotfix/v1.0.5 && git pull --ff-only && git rebase --rebase-merges --force-rebase -S 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa^' && git push --force-with-lease origin hotfix/v1.0.5`
    Signatures: signatures-required: `main` takes signed commits alone, and pull requests are rebased into it, which GitHub does not sign: the tag does not wait for that, and GitHub refuses the merge. Allow merge commits or squashing for `main`; else, after the tag, one signed commit brings the fix there: the commands stand here then
    Method: merge-methods: `main` takes no merge commits: the pull request is merged by squash. Nothing needs to be done
    Method: merge-methods: `main` takes no merge commits: the pull request is merged by rebase. Nothing needs to be done
    Refuses: environment-refuses-tag: the environment `crates-io` does not take `v1.0.5` (protected branches alone): `publish.yml` would fail after the tag. Add the tag's name to what the environment takes ([environments](https://hub.test/acme/caro/settings/environments))
    Refuses: environment-refuses-tag: the environment `crates-io` does not take `v1.0.5` (nothing): `publish.yml` would fail after the tag. Add the tag's name to what the environment takes ([environments](https://hub.test/acme/caro/settings/environments))
    Refuses: environment-refuses-tag: the environment `crates-io` does not take `v1.0.5` (branches `main`, tags `r*`): `publish.yml` would fail after the tag. Add the tag's name to what the environment takes ([environments](https://hub.test/acme/caro/settings/environments))
    Waits: environment-waits: `publish.yml` waits for an approval before it deploys to `crates-io`. Somebody who may approve should be there
    Waits: environment-waits: `publish.yml` waits 30 minutes before it deploys to `crates-io`. Nothing needs to be done
    Waits: environment-waits: `publish.yml` waits for an approval and 1 minute before it deploys to `crates-io`. Somebody who may approve should be there
    Immutable: immutable-releases: releases are immutable: what is published can be taken back nowhere, and no file can be added to it. Look at everything that ships before the decision
    Unread: settings-unread: what the App was granted could not be read, so nothing was found there and nothing is known to be right. What stands in the way is said when GitHub refuses it
    Unread: settings-unread: the rulesets could not be read, so nothing was found there and nothing is known to be right. What stands in the way is said when GitHub refuses it
    Unread: settings-unread: the environments could not be read, so nothing was found there and nothing is known to be right. The permission `actions` (`read`) shows them
    Unread: settings-unread: whether releases are immutable could not be read, so nothing was found there and nothing is known to be right. The permission `administration` (`read`) shows it
    "#);
}

#[test]
fn what_a_person_does_in_the_bot_s_place() {
    let stopped = NeedKind::ReleaseStopped {
        file: "publish.yml".into(),
        why: Stopped::Environment("crates-io".into()),
    };
    let tag = |ruleset: &str| NeedKind::TagNow {
        by: Tags::Protected {
            ruleset: ruleset.into(),
        },
        tag: "v1.0.5".into(),
        head: Sha::new(world::HEAD),
    };
    let all = [("", stopped), ("", tag("tags")), ("", tag(""))];
    let said = world::ready().view(|view| table(&all, |kind| words(kind, view).0));
    insta::assert_snapshot!(said, @r#"
    : `v1.0.5` among what the environment `crates-io` takes, for `publish.yml` would fail after the tag
    : the tag `v1.0.5` on `9f3c2ab`, by hand, for the ruleset `tags` does not let the bot make it: `git fetch origin && git tag -a v1.0.5 9f3c2abd00000000000000000000000000000000 -m v1.0.5 && git push origin v1.0.5`
    : the tag `v1.0.5` on `9f3c2ab`, by hand, for GitHub does not let an App without the permission `workflows` make it: `git fetch origin && git tag -a v1.0.5 9f3c2abd00000000000000000000000000000000 -m v1.0.5 && git push origin v1.0.5`
    "#);
}
