//! The merge is tagged where that is asked for, or where the branch holds nothing
//! else, and never anything that was not tested.

use super::publishing::{TAG, file, with};
use super::world::{World, base, needs, published, ready_of, sha, status};
use crate::domain::event::Outcome;
use crate::domain::facts::{News, SaidState};
use crate::domain::need::{NeedKind, NotAtMerge};
use crate::domain::objects::{Ahead, Bypass, MergeMethod, Rule, Ruleset, Tag};
use crate::domain::obstacle::Obstacle;
use crate::domain::policy::{Policy, TagAt};

const DECIDED: &str = "/hotfix release fffffff";

fn policy() -> Policy {
    of(TagAt::Merge)
}

fn of(tag_at: TagAt) -> Policy {
    let mut policy = Policy::default();
    policy.merge.tag_at = tag_at;
    policy
}

/// The default branch holds nothing since the base, and what else is so.
fn begun(policy: Policy, so: impl FnOnce(&mut World)) -> World {
    let mut w = World::new(base(), policy);
    w.ahead = Ahead::default();
    so(&mut w);
    w.begin("maintainer");
    w
}

/// A release is offered.
fn ready() -> World {
    ready_of(begun(policy(), |_| ()))
}

/// The same by default.
fn by_default() -> World {
    ready_of(begun(Policy::default(), |_| ()))
}

/// What of the writes makes the release, in order.
fn way(w: &World) -> Vec<&str> {
    let all = w.wrote.iter().map(String::as_str);
    all.filter(|slot| ["tag", "ready", "merge"].contains(slot))
        .collect()
}

fn tagged(w: &World) -> Option<&crate::domain::ids::Sha> {
    w.tag.as_ref().map(|tag| &tag.commit)
}

fn at_head(w: &World) -> Option<Option<crate::domain::ids::Sha>> {
    let mut news = w.facts.notices.iter().map(|it| &it.what);
    news.find_map(|it| match it {
        News::TaggedAtHead { merge } => Some(merge.clone()),
        _ => None,
    })
}

#[test]
fn it_is_merged_first_and_the_merge_is_tagged_where_it_holds_what_was_tested() {
    for writes_first in [false, true] {
        let mut w = ready_of(begun(policy(), |w| w.writes_first = writes_first));
        w.say("maintainer", DECIDED);
        assert_eq!(*w.last_said(), SaidState::Done);
        w.wait(60_000);
        assert_eq!(way(&w), ["ready", "merge", "tag"], "{:?}", needs(&w));
        assert_eq!(tagged(&w), Some(&sha('d')));
        assert_eq!(at_head(&w), None);
        // What ran for the tag ran on the merge.
        published(&mut w);
        w.run_ends(3, "publish.yml", "v1.0.5", &sha('d'), "success");
        w.say("maintainer", "/hotfix check fresh-install");
        w.say("reporter", "/hotfix confirm-fixed");
        assert!(w.plan.over, "{:?}", needs(&w));
        assert_eq!(w.facts.refused, Default::default());
    }
}

#[test]
fn a_merge_that_holds_something_else_leaves_the_tag_to_the_tested_commit() {
    let mut w = ready();
    w.merge_tree = Some(sha('7'));
    w.say("maintainer", DECIDED);
    w.wait(60_000);
    assert_eq!(way(&w), ["ready", "merge", "tag"]);
    assert_eq!(tagged(&w), Some(&sha('f')));
    assert_eq!(at_head(&w), Some(Some(sha('d'))));
}

#[test]
fn what_cannot_be_merged_first_is_tagged_where_it_was_tested() {
    // GitHub refuses the merge.
    let mut w = ready();
    let obstacle = Obstacle::Refused("not today".into());
    w.instead.insert("merge", Outcome::Refused { obstacle });
    w.say("maintainer", DECIDED);
    w.wait(60_000);
    assert_eq!(tagged(&w), Some(&sha('f')));
    assert_eq!(at_head(&w), Some(None));
    // Somebody closed it after the decision.
    let mut w = ready();
    w.instead.insert("ready", Outcome::Readied);
    w.pull.as_mut().unwrap().open = false;
    w.say("maintainer", DECIDED);
    w.look();
    w.wait(60_000);
    assert_ne!(tagged(&w), Some(&sha('d')));
}

#[test]
fn a_tag_that_a_person_made_on_the_tested_commit_counts() {
    let mut w = ready();
    w.tag = Some(Tag {
        object: sha('e'),
        commit: sha('f'),
        annotated: true,
    });
    w.say("maintainer", DECIDED);
    w.wait(60_000);
    assert_eq!(way(&w), ["ready", "merge"]);
    assert_eq!(at_head(&w), None);
    let decision = w.line().locked().expect("it is decided");
    assert_eq!(decision.commit(), &sha('f'));
}

#[test]
fn unreleased_work_is_a_gate_and_a_word_of_a_maintainer_tags_the_tested_commit() {
    let mut w = ready_of(begun(policy(), |w| w.ahead.ahead_by = 3));
    let ahead = NeedKind::NotAtMerge {
        why: NotAtMerge::Ahead { commits: 3 },
    };
    assert!(needs(&w).contains(&ahead), "{:?}", needs(&w));
    w.say("maintainer", DECIDED);
    assert!(matches!(w.last_said(), SaidState::Refused(_)));
    w.say("maintainer", "/hotfix override merge.tag_at reason=\"now\"");
    assert!(!needs(&w).contains(&ahead));
    w.say("maintainer", DECIDED);
    w.wait(60_000);
    assert_eq!(way(&w), ["tag", "ready", "merge"]);
    assert_eq!(tagged(&w), Some(&sha('f')));
}

#[test]
fn by_default_the_merge_is_tagged_where_the_branch_holds_nothing_else() {
    let mut w = by_default();
    let text = status(&w);
    let line = "**Tagged:** the merge, if it holds exactly what was tested; else this commit; `main` holds nothing else since v1.0.4\n";
    assert!(text.contains(line), "{text}");
    w.say("maintainer", DECIDED);
    w.wait(60_000);
    assert_eq!(way(&w), ["ready", "merge", "tag"], "{:?}", needs(&w));
    assert_eq!(tagged(&w), Some(&sha('d')));
    let mut w = ready_of(begun(of(TagAt::Head), |_| ()));
    assert!(!status(&w).contains("**Tagged:**"));
    assert!(!status(&w).contains("**Before the tag:**"));
    let by_hand = crate::domain::text::runbook(&w.facts);
    assert!(
        by_hand.find("6 Tag") < by_hand.find("6 Merge into"),
        "{by_hand}"
    );
    w.say("maintainer", DECIDED);
    assert_eq!(way(&w), ["tag", "ready", "merge"]);
    assert_eq!(tagged(&w), Some(&sha('f')));
}

#[test]
fn by_default_the_tested_commit_is_tagged_first_where_anything_is_in_the_way_and_it_says_what() {
    type So = fn(&mut World);
    let squash: So = |w| w.base.main.merge_method = MergeMethod::Squash;
    let rebase: So = |w| w.base.main.merge_method = MergeMethod::Rebase;
    let rule = |w: &mut World, rule| {
        w.guards.rulesets = Some(vec![Ruleset {
            include: vec!["~DEFAULT_BRANCH".into()],
            rules: vec![rule],
            bypass: Bypass::Never,
            ..Ruleset::default()
        }]);
    };
    type Row<'a> = (&'a str, &'a dyn Fn(&mut World));
    let all: [Row<'_>; 5] = [
        ("`main` holds other commits", &|w| w.ahead.ahead_by = 1),
        ("it is squashed into `main`", &squash),
        ("it is rebased onto `main`", &rebase),
        ("a merge queue merges into `main`", &|w| {
            rule(w, Rule::Queue)
        }),
        ("only a person may merge into `main`", &|w| {
            rule(w, Rule::Update)
        }),
    ];
    for (why, so) in all {
        let mut w = ready_of(begun(Policy::default(), so));
        let text = status(&w);
        let line = format!("**Tagged:** this commit, and merged afterwards: {why}\n");
        assert!(text.contains(&line), "{why}: {text}");
        assert!(
            !needs(&w)
                .iter()
                .any(|it| matches!(it, NeedKind::NotAtMerge { .. }))
        );
        w.say("maintainer", DECIDED);
        assert_eq!(way(&w).first(), Some(&"tag"), "{why}");
        assert_eq!(tagged(&w), Some(&sha('f')), "{why}");
    }
}

/// The same tree is tagged either way, so that the decision stands.
#[test]
fn by_default_what_comes_up_after_the_preview_leaves_the_tag_to_the_tested_commit() {
    // Somebody pushed to the branch.
    let mut w = by_default();
    w.ahead.ahead_by = 1;
    w.say("maintainer", DECIDED);
    assert_eq!(*w.last_said(), SaidState::Done);
    assert_eq!(way(&w), ["tag", "ready", "merge"]);
    assert_eq!(tagged(&w), Some(&sha('f')));
    // The same, between the decision and the merge.
    let mut w = by_default();
    w.merge_tree = Some(sha('7'));
    w.say("maintainer", DECIDED);
    w.wait(60_000);
    assert_eq!(way(&w), ["ready", "merge", "tag"]);
    assert_eq!(tagged(&w), Some(&sha('f')));
    assert_eq!(at_head(&w), Some(Some(sha('d'))));
    // GitHub takes it neither out of draft nor in.
    for slot in ["ready", "merge"] {
        let mut w = by_default();
        let obstacle = Obstacle::Refused("not today".into());
        w.instead.insert(slot, Outcome::Refused { obstacle });
        w.say("maintainer", DECIDED);
        w.wait(60_000);
        assert_eq!(tagged(&w), Some(&sha('f')), "{slot}");
        assert_eq!(at_head(&w), Some(None), "{slot}");
    }
}

/// A workflow of the release takes only what the default branch holds.
fn wants_main(w: &mut World) {
    let taiki = "steps: [{uses: taiki-e/create-gh-release-action@v1, with: {branch: main}}]";
    w.base.workflows = with(&[("release.yml", &file(TAG, taiki))]).workflows;
    w.ahead.ahead_by = 2;
}

fn is_stopped(w: &World) -> bool {
    let mut all = needs(w).into_iter();
    all.any(|it| matches!(it, NeedKind::ReleaseStopped { .. }))
}

#[test]
fn by_default_it_is_merged_first_where_the_release_takes_only_what_the_branch_holds() {
    let mut w = ready_of(begun(Policy::default(), wants_main));
    let text = status(&w);
    let line =
        "**Tagged:** this commit, once it is merged: `release.yml` takes only what `main` holds\n";
    assert!(text.contains(line), "{text}");
    assert!(!is_stopped(&w), "{:?}", needs(&w));
    assert!(text.contains("**Before the tag:** "), "{text}");
    // By hand it goes in the same order.
    let by_hand = crate::domain::text::runbook(&w.facts);
    let at = |words: &str| by_hand.find(words).unwrap_or_else(|| panic!("{by_hand}"));
    assert!(at("6 Merge into") < at("6 Tag"), "{by_hand}");
    assert_eq!(by_hand.matches("6 Merge into").count(), 1);
    w.merge_tree = Some(sha('7'));
    w.say("maintainer", DECIDED);
    w.wait(60_000);
    assert_eq!(way(&w), ["ready", "merge", "tag"], "{:?}", needs(&w));
    assert_eq!(tagged(&w), Some(&sha('f')));
    assert_eq!(at_head(&w), None);
    // Nothing else is there: the merge itself is tagged.
    let mut w = ready_of(begun(Policy::default(), |w| {
        wants_main(w);
        w.ahead.ahead_by = 0;
    }));
    assert!(!is_stopped(&w), "{:?}", needs(&w));
    w.say("maintainer", DECIDED);
    w.wait(60_000);
    assert_eq!(tagged(&w), Some(&sha('d')));
}

#[test]
fn where_it_cannot_be_merged_first_the_refused_tag_is_a_gate() {
    type So = fn(&mut World);
    let all: [(&str, So); 3] = [
        ("squashed", |w| {
            w.base.main.merge_method = MergeMethod::Squash
        }),
        ("rebased", |w| {
            w.base.main.merge_method = MergeMethod::Rebase
        }),
        ("by a person", |w| {
            w.guards.rulesets = Some(vec![Ruleset {
                include: vec!["~DEFAULT_BRANCH".into()],
                rules: vec![Rule::Update],
                bypass: Bypass::Never,
                ..Ruleset::default()
            }]);
        }),
    ];
    for (what, so) in all {
        let w = ready_of(begun(Policy::default(), |w| {
            wants_main(w);
            so(w);
        }));
        assert!(is_stopped(&w), "{what}: {:?}", needs(&w));
    }
    // What GitHub says of the pull request counts, too.
    let mut w = ready_of(begun(Policy::default(), wants_main));
    w.pull.as_mut().unwrap().mergeable = Some(false);
    w.look();
    assert!(is_stopped(&w), "{:?}", needs(&w));
}

/// A tag that the release refuses is of no use.
#[test]
fn a_merge_that_github_refuses_is_waited_for_where_the_tag_would_be_refused() {
    let mut w = ready_of(begun(Policy::default(), wants_main));
    let obstacle = Obstacle::Refused("not today".into());
    w.instead.insert("merge", Outcome::Refused { obstacle });
    w.say("maintainer", DECIDED);
    w.wait(60_000);
    assert_eq!(tagged(&w), None, "{:?}", way(&w));
    assert!(!needs(&w).is_empty());
    w.instead.clear();
    w.say("maintainer", "/hotfix retry");
    w.wait(60_000);
    assert_eq!(tagged(&w), Some(&sha('f')), "{:?}", needs(&w));
    // With a maintainer's word for it the tag comes first after all.
    let mut w = ready_of(begun(Policy::default(), wants_main));
    w.pull.as_mut().unwrap().mergeable = Some(false);
    w.look();
    w.say(
        "maintainer",
        "/hotfix override release-workflows reason=\"by hand\"",
    );
    w.say("maintainer", DECIDED);
    w.wait(60_000);
    assert_eq!(tagged(&w), Some(&sha('f')), "{:?}", needs(&w));
}
