//! What the settings say of what is to be done, rule by rule and right by right.

use std::sync::Arc;

use super::sample;
use crate::domain::facts::Facts;
use crate::domain::need::{Finding, Grade};
use crate::domain::objects::{Base, Bypass, Guards, Right, Rule, Ruleset};
use crate::domain::policy::Policy;
use crate::domain::procedure::Case;
use crate::domain::procedure::preflight::of_settings;

/// The names of what is found, of these settings and this base.
fn found(guards: Guards, base: Base) -> Vec<(String, Grade)> {
    let mut facts = Facts::default();
    facts.lines.only_mut().seen.guards.value = Some(guards);
    facts.lines.only_mut().seen.base.value = Some(Arc::new(base.clone()));
    facts.repo.default_branch = "main".into();
    let policy = Policy::default();
    let case = Case::of(&facts, &policy);
    let all = of_settings(&case, &base, "1.0.5");
    let one = |it: &Finding| (it.name().to_owned(), it.grade());
    all.iter().map(one).collect()
}

fn ruled(refs: &str, rules: &[Rule], bypass: Bypass) -> Guards {
    let set = Ruleset {
        name: "set".into(),
        tags: refs.starts_with("refs/tags/"),
        include: vec![refs.to_owned()],
        rules: rules.to_vec(),
        bypass,
        ..Ruleset::default()
    };
    Guards {
        rulesets: Some(vec![set]),
        ..sample::guards()
    }
}

fn called(operator: &str, pattern: &str, negate: bool) -> Rule {
    Rule::Name {
        operator: operator.into(),
        pattern: pattern.into(),
        negate,
    }
}

fn reviews(approvals: u64, code_owners: bool) -> Rule {
    Rule::Reviews {
        approvals,
        code_owners,
    }
}

#[test]
fn what_rules_forbid() {
    use Bypass::{Always, Never, PullRequests, Unknown};
    use Grade::{ByHand, Costs, Stops};
    let branch = "ruleset-blocks-branch";
    let (tag, delete) = ("ruleset-blocks-tag", "ruleset-blocks-delete");
    let (merge, signed) = ("ruleset-blocks-merge", "signatures-required");
    type Row<'a> = (&'a str, Rule, Bypass, Option<(&'a str, Grade)>);
    let table: Vec<Row<'_>> = vec![
        ("~ALL", Rule::Creation, Never, Some((branch, Stops))),
        ("~ALL", Rule::Creation, Always, None),
        ("~ALL", Rule::Creation, Unknown, Some((branch, Costs))),
        // A branch is made without a pull request.
        ("~ALL", Rule::Creation, PullRequests, Some((branch, Stops))),
        (
            "refs/heads/hotfix/**/*",
            Rule::Creation,
            Never,
            Some((branch, Stops)),
        ),
        (
            "refs/heads/h[ao]tfix/*",
            Rule::Creation,
            Never,
            Some((branch, Costs)),
        ),
        ("refs/heads/release/*", Rule::Creation, Never, None),
        (
            "refs/heads/hotfix/*",
            Rule::Update,
            Never,
            Some((branch, Stops)),
        ),
        (
            "refs/heads/hotfix/*",
            Rule::PullRequest,
            Never,
            Some((branch, Stops)),
        ),
        (
            "refs/heads/hotfix/*",
            Rule::Checks,
            Never,
            Some((branch, Stops)),
        ),
        (
            "refs/heads/hotfix/*",
            Rule::Deletion,
            Never,
            Some((delete, Costs)),
        ),
        (
            "refs/heads/hotfix/*",
            Rule::Signatures,
            Never,
            Some((signed, Costs)),
        ),
        ("refs/heads/hotfix/*", Rule::Linear, Never, None),
        ("~DEFAULT_BRANCH", Rule::PullRequest, Never, None),
        ("~DEFAULT_BRANCH", reviews(1, false), Never, None),
        (
            "~DEFAULT_BRANCH",
            reviews(2, false),
            Never,
            Some(("reviews-required", Costs)),
        ),
        (
            "~DEFAULT_BRANCH",
            reviews(0, true),
            Unknown,
            Some(("reviews-required", Costs)),
        ),
        ("~DEFAULT_BRANCH", reviews(2, true), PullRequests, None),
        ("~DEFAULT_BRANCH", Rule::Checks, Never, None),
        (
            "~DEFAULT_BRANCH",
            Rule::Update,
            Never,
            Some((merge, ByHand)),
        ),
        ("~DEFAULT_BRANCH", Rule::Update, PullRequests, None),
        (
            "~DEFAULT_BRANCH",
            Rule::Queue,
            Never,
            Some(("merge-queue", ByHand)),
        ),
        ("~DEFAULT_BRANCH", Rule::Queue, PullRequests, None),
        ("~DEFAULT_BRANCH", Rule::Queue, Unknown, None),
        ("refs/tags/v*", Rule::Creation, Never, Some((tag, ByHand))),
        ("refs/tags/v*", Rule::Creation, Always, None),
        (
            "refs/tags/v*",
            Rule::Creation,
            PullRequests,
            Some((tag, ByHand)),
        ),
        ("refs/tags/v*", Rule::Deletion, Never, None),
        ("refs/tags/v*", Rule::Update, Never, None),
        ("refs/tags/w*", Rule::Creation, Never, None),
        (
            "refs/tags/*",
            called("starts_with", "v", false),
            Never,
            None,
        ),
        (
            "refs/tags/*",
            called("starts_with", "v", true),
            Never,
            Some((tag, ByHand)),
        ),
        (
            "refs/tags/*",
            called("regex", "^v", false),
            Never,
            Some((tag, Costs)),
        ),
        (
            "refs/heads/**/*",
            called("contains", "feature", false),
            Never,
            Some((branch, Stops)),
        ),
    ];
    for (refs, rule, bypass, wanted) in table {
        let all = found(
            ruled(refs, std::slice::from_ref(&rule), bypass),
            sample::base(),
        );
        let wanted: Vec<_> = wanted
            .into_iter()
            .map(|(name, grade)| (name.to_owned(), grade))
            .collect();
        assert_eq!(all, wanted, "{refs} {rule:?} {bypass:?}");
    }
}

#[test]
fn what_is_certain_counts_of_several_rules() {
    let mut guards = ruled("~ALL", &[Rule::Creation], Bypass::Unknown);
    let more = ruled("~ALL", &[Rule::Creation], Bypass::Never);
    let sets = guards.rulesets.iter_mut().flatten();
    assert_eq!(sets.count(), 1);
    if let (Some(all), Some(more)) = (&mut guards.rulesets, more.rulesets) {
        all.extend(more);
    }
    let all = found(guards, sample::base());
    assert_eq!(all, [("ruleset-blocks-branch".to_owned(), Grade::Stops)]);
}

#[test]
fn which_rights_are_missed_and_where() {
    let without = |right: Right| {
        let mut guards = sample::guards();
        if let Some(granted) = &mut guards.granted {
            granted.remove(right.name());
        }
        guards
    };
    let grades = |guards, base| -> Vec<Grade> {
        found(guards, base).into_iter().map(|(_, it)| it).collect()
    };
    for (right, grade) in [
        (Right::Contents, Some(Grade::Stops)),
        (Right::PullRequests, Some(Grade::Stops)),
        (Right::Issues, Some(Grade::Costs)),
        (Right::Actions, Some(Grade::Costs)),
        (Right::Checks, Some(Grade::Costs)),
        // The base's workflow files are the default branch's.
        (Right::Workflows, None),
        // No status is required.
        (Right::Statuses, None),
    ] {
        let all = grades(without(right), sample::base());
        assert_eq!(all, grade.into_iter().collect::<Vec<_>>(), "{right:?}");
    }
    let mut old = sample::base();
    old.other_workflows = true;
    assert_eq!(grades(without(Right::Workflows), old), [Grade::Stops]);
    let mut read = sample::guards();
    if let Some(granted) = &mut read.granted {
        granted.insert("contents".into(), "read".into());
    }
    assert_eq!(grades(read, sample::base()), [Grade::Stops]);
}

#[test]
fn what_could_not_be_read_is_said_and_stops_nothing() {
    let all = found(Guards::default(), sample::base());
    assert_eq!(all.len(), 4);
    assert!(
        all.iter().all(|(_, grade)| *grade == Grade::Note),
        "{all:?}"
    );
}
