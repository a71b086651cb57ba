//! The world that a hotfix leaves, without what may differ: hashes, ids, times.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use hotfix_bot::rehearsal::Scene;
use hotfix_bot::sim::World;
use hotfix_bot::sim::world::{Repo, UserId};

/// The world's end as lines of text, each one a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending(pub Vec<String>);

impl Ending {
    /// Looks at everything that a visitor sees. The git repositories must still
    /// be there.
    pub fn of(world: &World, scene: &Scene) -> Ending {
        let repo = &world.repos[&scene.repo];
        let login = |user: UserId| world.users[&user].login.clone();
        let mut lines = Vec::new();
        refs(repo, &mut lines);
        changes(repo, scene, &login, &mut lines);
        issues(repo, &login, &mut lines);
        for release in repo.releases.all.values() {
            let assets: BTreeSet<&str> = release.assets.iter().map(|a| a.name.as_str()).collect();
            lines.push(format!(
                "release {} draft={} {assets:?} texts={}\n{}",
                release.tag,
                release.draft,
                release.bodies.len(),
                plain(release.body.as_deref().unwrap_or_default())
            ));
        }
        let product = scene.product.get().expect("the sample's is known");
        for version in world.registry.versions(&product.package.name) {
            lines.push(format!("version {} yanked={}", version.num, version.yanked));
        }
        for advisory in repo.advisories.values() {
            let all = advisory.vulnerabilities.iter();
            let patched: Vec<_> = all.map(|it| it.patched.as_deref()).collect();
            lines.push(format!(
                "advisory {} {} patched={patched:?}",
                advisory.id, advisory.state
            ));
        }
        Ending(lines)
    }

    /// The same without the lines of text that contain one of these, and
    /// without the folds' ends.
    pub fn without(&self, words: &[&str]) -> Ending {
        let keep = |line: &&str| {
            let word = words.iter().any(|w| line.contains(w));
            !word && !line.is_empty() && *line != "</details>"
        };
        // What is asked for then calls people by a comment of its own.
        let is_call = |fact: &&String| fact.contains("<!-- hotfix-bot:moment-");
        let facts = self.0.iter();
        let facts = facts.filter(|fact| words.is_empty() || !is_call(fact));
        Ending(
            facts
                .map(|fact| fact.lines().filter(keep).collect::<Vec<_>>().join("\n"))
                .collect(),
        )
    }

    /// What one has and the other has not, line by line.
    pub fn difference(&self, other: &Ending) -> Option<String> {
        let mut out = String::new();
        for (sign, from, to) in [('-', self, other), ('+', other, self)] {
            let mut left = to.0.clone();
            for line in &from.0 {
                match left.iter().position(|l| l == line) {
                    Some(at) => drop(left.remove(at)),
                    None => {
                        let _ = writeln!(out, "  {sign} {}", line.lines().next().unwrap_or(""));
                        for part in line.lines().skip(1).filter(|l| !told_by(to, l)) {
                            let _ = writeln!(out, "  {sign} {part}");
                        }
                    }
                }
            }
        }
        (!out.is_empty()).then_some(out)
    }
}

/// Whether a line of text stands anywhere in there: then it is no news.
fn told_by(ending: &Ending, line: &str) -> bool {
    ending.0.iter().flat_map(|l| l.lines()).any(|l| l == line)
}

/// Names, trees and the shape of history.
fn refs(repo: &Repo, lines: &mut Vec<String>) {
    for (name, sha) in repo.git.list_refs("refs/") {
        if name.starts_with("refs/pull/") {
            continue;
        }
        let tag = repo.git.tag(&sha).map(|t| plain(&t.message));
        let commit = repo.git.peel(&sha).and_then(|c| repo.git.commit(&c));
        let commit = commit.expect("a ref leads to a commit");
        let log = repo.git.log(None, &commit.sha, None, 1_000).expect("a log");
        lines.push(format!(
            "{name} tree={} commits={} tag={tag:?}\n{}",
            commit.tree,
            log.len(),
            plain(&commit.message)
        ));
    }
}

/// What happened to each ref, by whom: once and no more.
fn changes(repo: &Repo, scene: &Scene, login: &impl Fn(UserId) -> String, lines: &mut Vec<String>) {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for change in repo.ref_log.iter().filter(|c| c.at >= scene.started) {
        let how = match (&change.before, &change.after) {
            (None, _) => "created",
            (_, None) => "deleted",
            _ if change.forced => "forced",
            _ => "moved",
        };
        let what = format!("{} {how} by {}", change.name, login(change.by));
        *count.entry(what).or_default() += 1;
    }
    lines.extend(count.iter().map(|(what, n)| format!("{what}: {n}")));
}

fn issues(repo: &Repo, login: &impl Fn(UserId) -> String, lines: &mut Vec<String>) {
    for issue in repo.issues.values() {
        let kind = if issue.pull.is_some() {
            "pull"
        } else {
            "issue"
        };
        lines.push(format!(
            "{kind} {} open={} closed_by={:?} labels={:?} {}\n{}",
            issue.number,
            issue.open,
            issue.closed_by.map(login),
            issue.labels,
            plain(&issue.title),
            plain(issue.body.as_deref().unwrap_or_default()),
        ));
        if let Some(pull) = &issue.pull {
            let merged = pull.merged.as_ref().map(|m| (m.method, login(m.by)));
            lines.push(format!(
                "pull {} {} → {} draft={} merged={merged:?} reviews={}",
                issue.number,
                pull.head,
                pull.base,
                pull.draft,
                pull.reviews.len()
            ));
        }
    }
    for comment in repo.comments.values() {
        // Eyes are for as long as an answer is awaited: one that is there at
        // once leaves none.
        let answered = |of: UserId| {
            let mut theirs = comment.reactions.iter().filter(|r| r.user == of);
            theirs.any(|r| r.content != "eyes")
        };
        let reactions: BTreeSet<String> = comment
            .reactions
            .iter()
            .filter(|r| r.content != "eyes" || !answered(r.user))
            .map(|r| format!("{} {}", login(r.user), r.content))
            .collect();
        lines.push(format!(
            "comment on {} by {} {reactions:?}\n{}",
            comment.issue,
            login(comment.author),
            plain(&comment.body)
        ));
    }
    lines.push(format!("deleted comments: {}", repo.deleted_comments.len()));
}

/// The text without hashes, ids, moments and durations.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_ascii_alphanumeric();
        let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        if end == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        if let Some(after) = duration(rest) {
            out.push_str("TIME");
            rest = after;
            continue;
        }
        let (word, after) = rest.split_at(end);
        let digits = word.chars().filter(char::is_ascii_digit).count();
        let is_clock = after.starts_with(':') || out.ends_with(':');
        if word.len() >= 7 && digits > 0 && word.chars().all(|c| c.is_ascii_hexdigit()) {
            out.push_str("SHA");
        } else if digits == word.len() && (word.len() > 2 || is_clock) {
            out.push('N');
        } else {
            out.push_str(word);
        }
        rest = after;
    }
    // What took too long is emphasised.
    out.replace("**TIME**", "TIME")
}

/// What follows a duration in front, `1 h 2 min` and the like.
fn duration(text: &str) -> Option<&str> {
    let mut rest = text;
    let mut found = None;
    loop {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|n| *n > 0);
        let unit = digits.and_then(|n| rest[n..].strip_prefix(' '));
        let after = unit.and_then(|unit| {
            ["h", "min", "s"]
                .iter()
                .filter_map(|u| unit.strip_prefix(u))
                .find(|after| !after.starts_with(|c: char| c.is_ascii_alphanumeric()))
        });
        let Some(after) = after else {
            return found;
        };
        found = Some(after);
        let Some(next) = after.strip_prefix(' ') else {
            return found;
        };
        rest = next;
    }
}

#[test]
fn what_may_differ_is_left_out() {
    assert_eq!(
        plain("09:05 UTC, 1 h 2 min: `9f3c2ab` (run 1209) is v1.0.5 of #1, 3 of 3, 40 s"),
        "N:N UTC, TIME: `SHA` (run N) is v1.0.5 of #1, 3 of 3, TIME"
    );
}
