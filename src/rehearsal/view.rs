//! The stand-in's world as somebody reads it in a browser: one repository, its
//! issue, its hotfix. Whatever judges or acts here looks through this.

use super::actors::Part;
use super::own::fix::Story;
use super::own::flows::Roles;
use super::own::package::Package;
use crate::sim::actions::Run;
use crate::sim::clock::Millis;
use crate::sim::releases::Release;
use crate::sim::world::{Comment, Issue, RefChange, Repo, Role, UserId, World};

/// What a rehearsal is about, fixed before it begins.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The repository's id in the stand-in.
    pub repo: u64,
    /// The App's id.
    pub app: u64,
    /// The App's own account.
    pub bot: UserId,
    /// The package, and where its version stands.
    pub package: Package,
    /// Its lock file, where it is committed.
    pub lock: Option<String>,
    /// Its changelog, where there is one.
    pub changelog: Option<String>,
    /// The tag that the hotfix starts from.
    pub base_tag: String,
    /// Its version.
    pub base_version: String,
    /// What stands before the version in a hotfix branch's name.
    pub branch_prefix: String,
    /// Whether somebody must try the head by hand.
    pub manual_test: bool,
    /// What the workflows are for.
    pub roles: Roles,
    /// How many people may push.
    pub people: u32,
    /// The workflow file that is to fail once.
    pub fail: Option<String>,
    /// What people tell and do.
    pub story: Story,
    /// What would have stopped the hotfix, seen before it begins.
    pub findings: Vec<String>,
    /// When the rehearsal begins, milliseconds.
    pub started: Millis,
}

impl Scene {
    /// Who plays a part: one person may play two.
    pub fn login(&self, part: Part) -> &'static str {
        match part {
            Part::Developer if self.people == 1 => Part::Maintainer.login(),
            part => part.login(),
        }
    }
}

/// The world, read through a scene.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Everything.
    pub world: &'a World,
    /// The repository.
    pub repo: &'a Repo,
    /// The scene.
    pub scene: &'a Scene,
}

impl<'a> View<'a> {
    /// Looks at the world; `None` when the scene's repository is not in it.
    pub fn new(world: &'a World, scene: &'a Scene) -> Option<View<'a>> {
        let repo = world.repos.get(&scene.repo)?;
        Some(View { world, repo, scene })
    }

    /// An account's login.
    pub fn login(&self, user: UserId) -> &'a str {
        self.world
            .users
            .get(&user)
            .map_or("nobody", |u| u.login.as_str())
    }

    /// Whether an account may push.
    pub fn may_write(&self, user: UserId) -> bool {
        self.world
            .role(self.scene.repo, user)
            .is_some_and(|role| role >= Role::Write)
    }

    /// The issue that was reported.
    pub fn issue(&self) -> Option<&'a Issue> {
        self.repo
            .issues
            .values()
            .find(|i| i.pull.is_none() && i.author != self.scene.bot)
    }

    /// The comments on an issue or pull request, oldest first.
    pub fn comments(&self, number: u64) -> impl Iterator<Item = &'a Comment> + use<'a> {
        self.repo
            .comments
            .values()
            .filter(move |c| c.issue == number)
    }

    /// The bot's comments on the issue, oldest first.
    pub fn bot_comments(&self) -> Vec<&'a Comment> {
        let bot = self.scene.bot;
        let number = self.issue().map(|i| i.number);
        number
            .into_iter()
            .flat_map(|n| self.comments(n))
            .filter(|c| c.author == bot)
            .collect()
    }

    /// The status comment: the bot's oldest one that holds the checklist, or
    /// its oldest one.
    pub fn status(&self) -> Option<&'a Comment> {
        let all = self.bot_comments();
        let with_list = all.iter().find(|c| c.body.contains("<!-- item:"));
        with_list.or(all.first()).copied()
    }

    /// What the status comment says is needed, as plain text.
    pub fn needed(&self) -> Option<String> {
        self.status().and_then(|c| needed_in(&c.body))
    }

    /// The hotfix branch's short name: the first that was created.
    pub fn branch(&self) -> Option<&'a str> {
        let mut made = self
            .repo
            .ref_log
            .iter()
            .filter(|c| c.at >= self.scene.started);
        let prefix = format!("refs/heads/{}", self.scene.branch_prefix);
        let hotfix = |c: &&RefChange| c.before.is_none() && c.name.starts_with(&prefix);
        made.find(hotfix)
            .and_then(|c| c.name.strip_prefix("refs/heads/"))
    }

    /// Every change of a ref since the beginning, oldest first.
    pub fn changes(&self, name: &str) -> Vec<&'a RefChange> {
        let since = self.scene.started;
        self.repo
            .ref_log
            .iter()
            .filter(|c| c.at >= since && c.name == name)
            .collect()
    }

    /// The present head of the hotfix branch.
    pub fn head(&self) -> Option<String> {
        self.repo
            .git
            .read_ref(&format!("refs/heads/{}", self.branch()?))
    }

    /// The pull request of the hotfix branch.
    pub fn pull(&self) -> Option<&'a Issue> {
        let branch = self.branch()?;
        let of = |i: &&Issue| i.pull.as_ref().is_some_and(|p| p.head == branch);
        self.repo.issues.values().find(of)
    }

    /// The runs on a commit, oldest first.
    pub fn runs_on(&self, sha: &str) -> Vec<&'a Run> {
        self.repo
            .actions
            .runs
            .values()
            .filter(|r| r.head_sha == sha)
            .collect()
    }

    /// The release of a tag, once it is published.
    pub fn release(&self, tag: &str) -> Option<&'a Release> {
        self.repo.releases.by_tag(tag)
    }

    /// `1.0.5` of the branch `hotfix/v1.0.5`.
    pub fn version(&self) -> Option<&'a str> {
        self.branch()?
            .strip_prefix(self.scene.branch_prefix.as_str())
    }

    /// The tag that the hotfix's version makes of the base's.
    pub fn tag(&self) -> Option<String> {
        Some(
            self.scene
                .base_tag
                .replace(&self.scene.base_version, self.version()?),
        )
    }

    /// The hotfix's version on the registry.
    pub fn on_registry(&self) -> Option<&'a crate::sim::registry::Version> {
        let package = &self.scene.package.name;
        self.world.registry.version(package, self.version()?)
    }

    /// When version and release had both become visible to the public.
    pub fn out_since(&self) -> Option<Millis> {
        let release = self.release(&self.tag()?)?;
        let published = release.published_at?;
        if !self.scene.package.published {
            return Some(published);
        }
        let version = self.on_registry()?;
        version
            .in_index(self.world.now())
            .filter(|yanked| !yanked)?;
        let indexed = version.created_at.saturating_add(self.world.index_lag_ms);
        Some(published.max(indexed))
    }

    /// The file's runs on a commit of the hotfix branch, by push or by hand,
    /// oldest first: what runs for the tag is another matter.
    pub fn tests_on(&self, file: &str, sha: &str) -> Vec<&'a Run> {
        let branch = self.branch();
        let of_head = |r: &&Run| {
            file_of(r) == file
                && r.event != "pull_request"
                && Some(r.head_branch.as_str()) == branch
                && r.ref_name.starts_with("refs/heads/")
        };
        self.runs_on(sha).into_iter().filter(of_head).collect()
    }

    /// Whether the file's latest run on a commit of the branch ended well.
    pub fn green(&self, file: &str, sha: &str) -> Option<&'a Run> {
        let latest = self.tests_on(file, sha).pop()?;
        (latest.conclusion.as_deref() == Some("success")).then_some(latest)
    }
}

/// The last part of a run's workflow file.
pub fn file_of(run: &Run) -> &str {
    run.path.rsplit('/').next().unwrap_or(&run.path)
}

/// A comment's text as it was first written, which is what counts for commands.
pub fn first_text(comment: &Comment) -> &str {
    comment
        .edits
        .first()
        .map_or(comment.body.as_str(), |e| e.body.as_str())
}

/// Since when a comment's text has been such that `holds`, without a break.
pub fn since(comment: &Comment, holds: impl Fn(&str) -> bool) -> Option<Millis> {
    if !holds(&comment.body) {
        return None;
    }
    let unbroken = comment.edits.iter().rev().take_while(|e| holds(&e.body));
    Some(unbroken.last().map_or(comment.created_at, |e| e.at))
}

/// The text without what is folded away.
pub fn unfolded(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    for line in text.lines() {
        let opens = line.matches("<details").count();
        let closes = line.matches("</details>").count();
        if depth == 0 && opens == 0 {
            out.push_str(line);
            out.push('\n');
        }
        depth = (depth + opens).saturating_sub(closes);
    }
    out
}

/// What stands behind "Needed now" in a status comment, as plain text.
pub fn needed_in(text: &str) -> Option<String> {
    let open = unfolded(text);
    let line = open.lines().find_map(behind_needed)?;
    let text = plain(line);
    (!text.is_empty()).then_some(text)
}

/// What follows "Needed now:", or "Needed now, from somebody:".
fn behind_needed(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("Needed now")?;
    let whom = rest.starts_with([':', ',']);
    let (_, what) = rest.split_once(':').filter(|_| whom)?;
    Some(what)
}

/// Markdown of one line as plain text: links by their words, no emphasis.
pub fn plain(markdown: &str) -> String {
    let mut out = String::new();
    let mut rest = markdown;
    while let Some((before, after)) = rest.split_once("](") {
        out.push_str(before);
        rest = after.split_once(')').map_or("", |(_, behind)| behind);
    }
    out.push_str(rest);
    let out = out.replace("**", "").replace(['`', '[', '\\'], "");
    let mut text = String::new();
    let mut in_tag = false;
    for c in out.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            '\u{2060}' | '\u{200b}' => {}
            c if !in_tag => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first seven digits of a commit.
pub fn short(sha: &str) -> &str {
    sha.get(..7).unwrap_or(sha)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_is_read_as_a_person_reads_it() {
        let text = "<!-- status -->\n### Hotfix\n**Needed now:** a fix on [`hotfix/v1.0.5`](http://x/y) \
                    ([draft PR #2](http://x)). Push there.\n<details>\n**Needed now:** no\n</details>\n";
        assert_eq!(
            needed_in(text).as_deref(),
            Some("a fix on hotfix/v1.0.5 (draft PR #2). Push there.")
        );
        let text = "**Needed now, from anybody with write access:** help: `x`";
        assert_eq!(needed_in(text).as_deref(), Some("help: x"));
        assert_eq!(
            unfolded("a\n<details><summary>s</summary> x </details>\nb\n"),
            "a\nb\n"
        );
    }
}
