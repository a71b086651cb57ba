//! What the repository's settings let the bot do, looked at before it does
//! anything: rights, and rules on branches and tags.
//!
//! What could not be read says nothing, and keeps nobody from trying.

use super::step::Case;
use super::{names, target};
use crate::domain::derive::refs::is_about;
use crate::domain::effect::Slot;
use crate::domain::ids::Sha;
use crate::domain::need::{Finding, Forbidden, Grade, Unread};
use crate::domain::objects::{
    Base, Bypass, Guards, MergeMethod, Object, PullKind, Right, Rule, Ruleset,
};
use crate::domain::slot::Place;

/// Whether the settings are still to come: a refusal, and a long silence, are
/// answers, too.
pub fn is_awaited(c: &Case<'_>) -> bool {
    let place = Place {
        line: c.id.clone(),
        slot: Slot::Read(Object::Guards),
    };
    let silent = c.facts.unanswered.contains_key(&place)
        || c.facts.refused.contains_key(&place)
        || c.facts.blocked.contains_key(&place);
    c.line.seen.guards.get().is_none() && !silent
}

/// What keeps the branch from being made and pushed to; none where a commander
/// wants it tried.
pub fn stops(c: &Case<'_>, base: &Base, version: &str) -> Vec<Finding> {
    if c.line.preflight_waived.is_some() {
        return Vec::new();
    }
    let mut all = of_settings(c, base, version);
    all.retain(|finding| finding.grade() == Grade::Stops);
    all
}

/// The finding by which a person must make the tag, if there is one.
pub fn by_hand_tag(c: &Case<'_>, base: &Base, tag: &str) -> Option<Finding> {
    let found = of_tag(c.line.seen.guards.get()?, base, tag);
    found.filter(|it| it.grade() == Grade::ByHand)
}

/// Whether GitHub does not let the bot lead a ref to the release's workflow files.
pub fn lacks_workflows(c: &Case<'_>, base: &Base) -> bool {
    let guards = c.line.seen.guards.get();
    let has = guards.and_then(|guards| guards.has(Right::Workflows));
    base.other_workflows && has == Some(false)
}

/// What keeps the tag from being made, or may.
fn of_tag(guards: &Guards, base: &Base, tag: &str) -> Option<Finding> {
    let full_ref = format!("refs/tags/{tag}");
    let asked = Asked {
        rules: &[Kind::Creation, Kind::Name],
        what: Forbidden::CreateTag,
        merges: false,
    };
    forbidden(guards, base, &full_ref, tag, &asked)
}

/// The finding by which a person must merge into this branch, if there is one.
pub fn by_hand_merge(c: &Case<'_>, base: &Base, branch: &str) -> Option<Finding> {
    let guards = c.line.seen.guards.get()?;
    let mut found = of_merge(guards, base, branch, (Vec::new(), false));
    found.retain(|it| it.grade() == Grade::ByHand);
    found.into_iter().next()
}

/// Everything that the settings say of what is to be done, in the order of work.
pub fn of_settings(c: &Case<'_>, base: &Base, version: &str) -> Vec<Finding> {
    let Some(guards) = c.line.seen.guards.get() else {
        return Vec::new();
    };
    let (branch, tag) = (names::branch(c, version), names::tag(c, version));
    let full_branch = format!("refs/heads/{branch}");
    let mut all = Vec::new();
    if base.archived {
        all.push(Finding::Archived);
    }
    all.extend(rights(c, guards, base));
    let of_branch = |rules, what| {
        let asked = Asked {
            rules,
            what,
            merges: false,
        };
        forbidden(guards, base, &full_branch, &branch, &asked)
    };
    all.extend(of_branch(
        &[Kind::Creation, Kind::Name],
        Forbidden::CreateBranch,
    ));
    all.extend(of_branch(
        &[Kind::Update, Kind::PullRequest, Kind::Checks],
        Forbidden::PushBranch,
    ));
    if c.policy.announce.delete_branch {
        all.extend(of_branch(&[Kind::Deletion], Forbidden::DeleteBranch));
    }
    let signed = about(guards, base, &full_branch)
        .any(|(set, _)| set.rules.contains(&Rule::Signatures) && set.bypass != Bypass::Always);
    if signed {
        // What is there was taken.
        all.push(Finding::Signatures {
            branch,
            unsigned: Vec::new(),
            rebased: false,
        });
    }
    all.extend(of_tag(guards, base, &tag));
    for goal in goals(c, base) {
        // Elsewhere comes one commit of the bot's own.
        let comes = goal == target::branch(c);
        let (unsigned, kind) = match comes {
            true => (unsigned(c), PullKind::Hotfix),
            false => (Vec::new(), PullKind::Port),
        };
        let rebased = target::merge_method(c, base, kind) == MergeMethod::Rebase;
        all.extend(of_merge(guards, base, &goal, (unsigned, rebased)));
    }
    let target = base.target();
    if target.merge_method != MergeMethod::Merge {
        all.push(Finding::Method {
            branch: target::branch(c).to_owned(),
            method: target.merge_method,
        });
    }
    if guards.immutable == Some(true) {
        all.push(Finding::Immutable);
    }
    let unread = [
        (guards.granted.is_none(), Unread::Rights),
        (guards.rulesets.is_none(), Unread::Rulesets),
        (guards.environments.is_none(), Unread::Environments),
        (guards.immutable.is_none(), Unread::Immutable),
    ];
    let unread = unread.into_iter().filter(|(is, _)| *is);
    all.extend(unread.map(|(_, what)| Finding::Unread { what }));
    all
}

/// The commits of the hotfix that GitHub finds no signature of, oldest first.
pub fn unsigned(c: &Case<'_>) -> Vec<Sha> {
    let head = c.line.seen.branch.get().and_then(|it| it.head.as_ref());
    let commits = head.iter().flat_map(|head| &head.commits);
    let unsigned = commits.filter(|commit| commit.unsigned);
    unsigned.map(|commit| commit.sha.clone()).collect()
}

/// The branches that get pull requests of the bot's.
fn goals(c: &Case<'_>, base: &Base) -> Vec<String> {
    let target = target::branch(c).to_owned();
    let main = base.default_branch().to_owned();
    let both = [Some(target.clone()), (main != target).then_some(main)];
    both.into_iter().flatten().collect()
}

fn rights(c: &Case<'_>, guards: &Guards, base: &Base) -> Vec<Finding> {
    let lacks = |right: &Right| guards.has(*right) == Some(false);
    let needed = |right: &Right| match right {
        // Its absence shows in what is unread.
        Right::Administration => false,
        // GitHub lets an App without the right bring no workflow files but the
        // default branch's. (Seen on every way in which a ref is made or moved.)
        Right::Workflows => base.other_workflows,
        Right::Statuses => !base.target().checks.is_empty() || !c.policy.test.checks.is_empty(),
        _ => true,
    };
    let lacking = Right::ALL.into_iter().filter(|it| lacks(it) && needed(it));
    let finding = |right| Finding::Lacks {
        right,
        stops: match right {
            Right::Contents | Right::PullRequests => true,
            Right::Workflows => !c.line.branch_made,
            _ => false,
        },
    };
    lacking.map(finding).collect()
}

/// What a rule is, without what it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Creation,
    Update,
    Deletion,
    PullRequest,
    Checks,
    Name,
}

/// What is asked of the rules on a ref.
struct Asked<'a> {
    /// The rules that keep it from being done.
    rules: &'a [Kind],
    what: Forbidden,
    /// Whether it is done by a pull request.
    merges: bool,
}

fn kind(rule: &Rule) -> Option<Kind> {
    Some(match rule {
        Rule::Creation => Kind::Creation,
        Rule::Update => Kind::Update,
        Rule::Deletion => Kind::Deletion,
        Rule::PullRequest => Kind::PullRequest,
        Rule::Checks => Kind::Checks,
        Rule::Name { .. } => Kind::Name,
        Rule::Reviews { .. } | Rule::Signatures | Rule::Linear | Rule::Queue => return None,
    })
}

/// The rulesets that are about a ref, each with whether that is certain.
fn about<'a>(
    guards: &'a Guards,
    base: &'a Base,
    full_ref: &'a str,
) -> impl Iterator<Item = (&'a Ruleset, bool)> {
    let is_tag = full_ref.starts_with("refs/tags/");
    let all = guards.rulesets.iter().flatten();
    let all = all.filter(move |set| set.tags == is_tag);
    all.filter_map(move |set| {
        let about = is_about(&set.include, &set.exclude, full_ref, base.default_branch());
        (about != Some(false)).then_some((set, about == Some(true)))
    })
}

/// Whether the App passes a ruleset by; none: GitHub does not say.
fn passes(set: &Ruleset, merges: bool) -> Option<bool> {
    match set.bypass {
        Bypass::Always => Some(true),
        Bypass::PullRequests => Some(merges),
        Bypass::Never => Some(false),
        Bypass::Unknown => None,
    }
}

/// What rules keep from being done to a ref: of several the one that is certain.
fn forbidden(
    guards: &Guards,
    base: &Base,
    full_ref: &str,
    name: &str,
    asked: &Asked<'_>,
) -> Option<Finding> {
    let mut found: Option<Finding> = None;
    for (set, meant) in about(guards, base, full_ref) {
        let passes = passes(set, asked.merges);
        if passes == Some(true) {
            continue;
        }
        for rule in &set.rules {
            if !kind(rule).is_some_and(|kind| asked.rules.contains(&kind)) {
                continue;
            }
            let fits = match rule {
                Rule::Name {
                    operator,
                    pattern,
                    negate,
                } => is_called(name, operator, pattern).map(|is| is != *negate),
                _ => Some(false),
            };
            if fits == Some(true) {
                continue;
            }
            let sure = meant && passes == Some(false) && fits == Some(false);
            let known = found.as_ref().is_some_and(|it| it.grade() != Grade::Costs);
            if found.is_none() || sure && !known {
                found = Some(Finding::Forbidden {
                    what: asked.what,
                    name: name.to_owned(),
                    ruleset: set.name.clone(),
                    url: set.url.clone(),
                    sure,
                });
            }
        }
    }
    found
}

/// Whether a name is as a rule wants it; none: a regular expression, which is not
/// read here.
fn is_called(name: &str, operator: &str, pattern: &str) -> Option<bool> {
    match operator {
        "starts_with" => Some(name.starts_with(pattern)),
        "ends_with" => Some(name.ends_with(pattern)),
        "contains" => Some(name.contains(pattern)),
        _ => None,
    }
}

/// What the approvals are that a merge asks for beyond the one that the release does.
fn reviews<'a>(
    sets: impl Iterator<Item = (&'a Ruleset, bool)>,
    branch: impl Fn() -> String,
) -> Option<Finding> {
    let held = sets.filter(|(set, meant)| *meant && passes(set, true) != Some(true));
    let asked = held.flat_map(|(set, _)| &set.rules);
    let asked = asked.filter_map(|rule| match rule {
        Rule::Reviews {
            approvals,
            code_owners,
        } => Some((*approvals, *code_owners)),
        _ => None,
    });
    let most = |(a, b): (u64, bool), (c, d): (u64, bool)| (a.max(c), b || d);
    let (approvals, code_owners) = asked.fold((0, false), most);
    (approvals > 1 || code_owners).then(|| Finding::Reviews {
        branch: branch(),
        approvals,
        code_owners,
    })
}

/// What stands in the way of a merge into this branch; of what comes, which commits
/// are not signed, and whether all are made anew.
fn of_merge(
    guards: &Guards,
    base: &Base,
    branch: &str,
    (unsigned, rebased): (Vec<Sha>, bool),
) -> Vec<Finding> {
    let full_ref = format!("refs/heads/{branch}");
    let asked = Asked {
        rules: &[Kind::Update],
        what: Forbidden::Merge,
        merges: true,
    };
    let mut all: Vec<Finding> = Vec::new();
    all.extend(forbidden(guards, base, &full_ref, branch, &asked));
    let sets = || about(guards, base, &full_ref);
    let queue = sets().any(|(set, meant)| {
        meant && set.rules.contains(&Rule::Queue) && passes(set, true) == Some(false)
    });
    let signed = sets()
        .any(|(set, _)| set.rules.contains(&Rule::Signatures) && passes(set, true) != Some(true));
    let branch = || branch.to_owned();
    all.extend(queue.then(|| Finding::Queue { branch: branch() }));
    all.extend(reviews(sets(), branch));
    all.extend(signed.then(|| Finding::Signatures {
        branch: branch(),
        unsigned,
        rebased,
    }));
    all
}
