//! What `release` would ship, or what ships.

use super::facts::{Overridden, Pointing, ReleaseDecision};
use super::ids::{Sha, fingerprint};
use super::need::Beyond;
use super::objects::{Ahead, Commit, Run};
use super::outside::Outside;
use super::policy::{OnViolation, TagAt};
use super::procedure::at_merge::Tagging;
use super::procedure::authors::single_handed;
use super::procedure::required::required;
use super::procedure::runs::{counting, critical_path, manual};
use super::procedure::test::approvals;
use super::procedure::tried::{self, Tried};
use super::procedure::{Case, Proofs, at_merge, checks, overrides, pointers, scope, target};

/// What `release` would ship, or what ships.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The head.
    pub head: Sha,
    /// The issue's title, for the words in tag and merge.
    pub title: Option<Outside>,
    /// The commits since the base, oldest first.
    pub commits: Vec<Commit>,
    /// Files changed.
    pub files: u64,
    /// Lines added.
    pub additions: u64,
    /// Lines removed.
    pub deletions: u64,
    /// What is on main and will not ship; none: not read yet.
    pub left_out: Option<Ahead>,
    /// The runs that passed on the head.
    pub tested: Vec<Run>,
    /// The run that tried publishing out on it.
    pub dry_run: Option<Run>,
    /// The checks that passed on it, by name.
    pub checks: Vec<String>,
    /// In what the fix is more than a hotfix may be, where that is only warned of.
    pub beyond: Vec<Beyond>,
    /// Commits of the fix whose subject begins otherwise than is wanted.
    pub called_otherwise: Vec<Sha>,
    /// The label by which the issue is called something else than a bug.
    pub no_bug: Option<String>,
    /// Other issues that the fix says to close, each with the commit.
    pub other_issues: Vec<(Sha, u64)>,
    /// Gates that are passed by a commander's word.
    pub overridden: Vec<Overridden>,
    /// A person's word in place of a run.
    pub tested_by_word: Option<String>,
    /// Who tried it by hand.
    pub manual: Option<String>,
    /// The platforms that count, and what tried it there.
    pub platforms: Vec<Tried>,
    /// The commands of `test.commands`, and who or what ran them.
    pub commands: Vec<Tried>,
    /// The tests that the fix adds, each with the page of the job whose log shows
    /// it to have passed.
    pub own_tests: Vec<(Outside, Option<String>)>,
    /// What the runs of this head built: names and pages.
    pub builds: Vec<(Outside, String)>,
    /// Who approved this head.
    pub approved_by: Vec<String>,
    /// The only person with write access, whose decision is the approval.
    pub single_handed: Option<String>,
    /// What becomes of the tags beside the release's.
    pub pointers: Vec<Pointing>,
    /// Tags that are left where they are although they follow the releases, each with
    /// its commit.
    pub pointers_left: Vec<(String, Option<Sha>)>,
    /// Whether the pull request merges cleanly; none: not known yet.
    pub merges: Option<bool>,
    /// Tells one preview from another.
    pub fingerprint: String,
}

/// The issue's title: as it was decided on, else as it is.
pub fn title<'a>(c: &Case<'a>) -> Option<&'a Outside> {
    let decided = c.line.decision.as_ref().and_then(|d| d.title.as_ref());
    decided.or_else(|| c.facts.issue.get().map(|issue| &issue.title))
}

/// The preview, once there is a fix.
pub fn preview(c: &Case<'_>, proofs: &Proofs) -> Option<Preview> {
    let branched = proofs.branched.as_ref()?;
    let fixed = proofs.fixed.as_ref()?;
    let decision = c.line.locked();
    let head = branched.head.as_ref();
    let commits = match decision {
        Some(decision) => decision.record.commits.clone(),
        None => head?.commits.clone(),
    };
    let tested: Vec<Run> = match decision {
        Some(decision) => decision.record.runs.clone(),
        None => required(c, branched)
            .iter()
            .filter_map(|file| counting(c, branched, file, &fixed.head))
            .filter(|run| run.passed())
            .cloned()
            .collect(),
    };
    let single_handed = match decision {
        Some(decision) => decision.record.single_handed.clone(),
        None => single_handed(c, &commits).map(|one| one.login.clone()),
    };
    let approved_by = match decision {
        Some(decision) => decision.record.approved_by.clone(),
        None => approvals(c, fixed, &commits).0,
    };
    let manual = manual(c, &fixed.head).map(str::to_owned);
    let tested_by_word = critical_path(c, &fixed.head).map(str::to_owned);
    let (checks, overridden) = match decision {
        Some(decision) => (
            decision.record.checks.clone(),
            decision.record.overridden.clone(),
        ),
        None => (
            checks::checks(c, branched, fixed).0,
            overrides::of_head(c, &fixed.head),
        ),
    };
    // The branch goes in the end, and the record of what shipped stays.
    let (files, additions, deletions) = match (decision, head) {
        (Some(ReleaseDecision { record, .. }), _) => {
            (record.files, record.additions, record.deletions)
        }
        (None, Some(head)) => (
            head.files.len() as u64,
            head.files.iter().map(|x| x.additions).sum(),
            head.files.iter().map(|x| x.deletions).sum(),
        ),
        (None, None) => (0, 0, 0),
    };
    let pointers = match decision {
        Some(decision) => decision.record.pointers.clone(),
        None => pointers::planned(c, branched, &fixed.head),
    };
    let pointers_left = match decision {
        Some(_) => Vec::new(),
        None => pointers::left(c, branched, &fixed.head),
    };
    let title = title(c).cloned();
    // Where it goes, what ships, and in whose words. An approval or a run that comes on top
    // makes no other preview: the gates are there for those that go.
    let what = format!(
        "{} {} {:?} {:?} {:?}{}{}{}{}",
        fixed.head,
        branched.tag,
        title.as_ref().map(Outside::fingerprint),
        single_handed,
        tested_by_word,
        target::line(c).map_or_else(String::new, |line| format!(" {line}")),
        match c.facts.guests.is_empty() {
            true => String::new(),
            false => format!(" {:?}", c.facts.guests.keys()),
        },
        match pointers.is_empty() {
            true => String::new(),
            false => format!(" {pointers:?}"),
        },
        // With "auto" what is pushed meanwhile decides: the same tree is tagged.
        match c.policy.merge.tag_at == TagAt::Merge
            && at_merge::tagging(c, branched, &fixed.head) == Tagging::Merge
        {
            true => " at-merge",
            false => "",
        },
    );
    Some(Preview {
        head: fixed.head.clone(),
        title,
        commits,
        files,
        additions,
        deletions,
        left_out: match decision {
            Some(decision) => decision.record.left_out.clone(),
            None => c.line.seen.main.get().cloned(),
        },
        tested,
        dry_run: proofs.dry_ran.as_ref().and_then(|it| it.0.clone()),
        checks,
        beyond: match (decision, c.policy.scope.on_violation) {
            (None, OnViolation::Warn) => scope::beyond(c, branched),
            _ => Vec::new(),
        },
        called_otherwise: match decision {
            None => scope::called_otherwise(c, branched),
            Some(_) => Vec::new(),
        },
        no_bug: scope::called_no_bug(c).filter(|_| decision.is_none()),
        other_issues: match decision {
            None => scope::other_issues(c, branched),
            Some(_) => Vec::new(),
        },
        overridden,
        tested_by_word,
        manual,
        platforms: tried::on_platforms(c, branched, &fixed.head),
        commands: tried::commands(c, branched, &fixed.head),
        own_tests: tried::own_tests_shown(c, branched, &fixed.head),
        builds: tried::builds(c, branched, &fixed.head),
        approved_by,
        single_handed,
        pointers,
        pointers_left,
        merges: c.line.seen.pull.get().and_then(|pull| pull.mergeable),
        fingerprint: fingerprint(&what),
    })
}
