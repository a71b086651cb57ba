//! The stand-in's world as somebody reads it in a browser: one repository, its
//! issue, its hotfix. Whatever judges or acts here looks through this.

use super::comment_text::{first_text, needed_in};
use super::product::Product;
use super::project::{Roles, Workflows};
use super::registry::{Served, Version};
use super::release_name::{as_numbers, as_written, split};
use super::scene::Scene;
use crate::sim::actions::Run;
use crate::sim::clock::Millis;
use crate::sim::releases::Release;
use crate::sim::world::{Comment, Issue, IssueEvent, RefChange, Repo, Role, UserId, World};

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
        self.issues().next()
    }

    /// The issues that people opened, oldest first.
    pub fn issues(&self) -> impl Iterator<Item = &'a Issue> + use<'a> {
        let bot = self.scene.bot;
        let all = self.repo.issues.values();
        all.filter(move |i| i.pull.is_none() && i.author != bot)
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
        let of = |i: &&Issue| i.pull.as_ref().is_some_and(|p| p.is_of(branch));
        let all = || self.repo.issues.values().filter(of);
        // One that was closed may have had a branch of that name before.
        all().find(|it| it.open).or_else(|| all().next_back())
    }

    /// When somebody asked for a hotfix: by the issue's first label that is not the
    /// bot's own, or by a word.
    pub fn began_with(&self) -> Option<Millis> {
        let issue = self.issue()?;
        let theirs = |it: &&IssueEvent| it.event == "labeled" && it.actor != self.scene.bot;
        let mut labels = issue.events.iter().filter(theirs);
        let starts = |it: &&Comment| first_text(it).starts_with("/hotfix start");
        let word = || self.comments(issue.number).find(starts);
        let label = labels.next().map(|it| it.at);
        label.or_else(|| word().map(|it| it.created_at))
    }

    /// Since when the hotfix branch has held a person's work: what somebody
    /// pushed, or what the bot took over from elsewhere.
    pub fn fixed_since(&self) -> Option<Millis> {
        let changes = self.changes(&format!("refs/heads/{}", self.branch()?));
        let bot = self.login(self.scene.bot);
        let by_person = |it: &&&RefChange| {
            let commit = it.after.as_ref().and_then(|sha| self.repo.git.commit(sha));
            it.by != self.scene.bot || commit.is_some_and(|it| it.author.name != bot)
        };
        changes.iter().skip(1).find(by_person).map(|it| it.at)
    }

    /// The number of the newest pull request of a branch.
    pub fn pull_of(&self, branch: &str) -> Option<u64> {
        let of = |it: &&Issue| it.pull.as_ref().is_some_and(|pull| pull.is_of(branch));
        self.repo.issues.values().rfind(of).map(|it| it.number)
    }

    /// The branch that it goes to, where that is not the default branch.
    pub fn line_branch(&self) -> Option<&'a str> {
        let pull = self.pull()?.pull.as_ref()?;
        let base = pull.base.as_str();
        (base != self.repo.default_branch).then_some(base)
    }

    /// Files whose success on the head is required: those of the default branch,
    /// and of the branch that the hotfix goes to.
    pub fn tests(&self) -> Vec<String> {
        let mut all = self.roles(|r| &r.tests).to_vec();
        let of_line = || {
            let base = self.repo.tag_commit(&self.product()?.base_tag)?;
            let (line, tag) = (self.line_branch()?, self.tag()?);
            let read = || {
                let workflows = Workflows::at(self.repo, &base);
                workflows.roles(&self.scene.config, line, &tag).tests
            };
            // Asked for with every look, and the same as long as the line is.
            let (known, tests) = self.scene.line_tests.get_or_init(|| (line.into(), read()));
            Some(match known == line {
                true => tests.clone(),
                false => read(),
            })
        };
        let more = of_line().unwrap_or_default();
        for file in more {
            if !all.contains(&file) {
                all.push(file);
            }
        }
        all
    }

    /// A run of the hotfix pull request that passed and tested the head itself:
    /// the branch of the line that it goes to had nothing beyond the base.
    pub fn passed_on_line(&self, file: &str, head: &str) -> Option<&'a Run> {
        let name = format!("refs/heads/{}", self.line_branch()?);
        let before = match self.changes(&name).first() {
            Some(change) => change.before.clone()?,
            None => self.repo.git.read_ref(&name)?,
        };
        let of_pull = |r: &&Run| file_of(r) == file && r.event == "pull_request";
        let last = self.runs_on(head).into_iter().rfind(of_pull)?;
        let passed = last.conclusion.as_deref() == Some("success");
        let same = self.repo.git.is_ancestor(&before, head).unwrap_or(false);
        (passed && same).then_some(last)
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

    /// `1.0.5` of the branch `hotfix/v1.0.5`, or the number that somebody named since.
    pub fn version(&self) -> Option<&'a str> {
        let (_, first) = split(self.branch()?)?;
        Some(self.renumbered().unwrap_or(first))
    }

    /// The number of the last `/hotfix bump` that the bot carried out.
    fn renumbered(&self) -> Option<&'a str> {
        let carried = |it: &&Comment| {
            let mut all = it.reactions.iter();
            all.any(|it| it.user == self.scene.bot && it.content == "+1")
        };
        let numbers = [self.issue()?.number, self.pull()?.number];
        let said = self.repo.comments.values();
        let said = said.filter(|it| numbers.contains(&it.issue));
        let lines = said.filter(carried).flat_map(|it| first_text(it).lines());
        lines
            .filter_map(|it| it.trim().strip_prefix("/hotfix bump "))
            .next_back()
            .and_then(|it| it.split_whitespace().next())
    }

    /// What the hotfix is of, once it has begun.
    pub fn product(&self) -> Option<&'a Product> {
        let known = &self.scene.product;
        if let Some(product) = known.get() {
            return Some(product);
        }
        let found = self.began_at()?;
        Some(known.get_or_init(|| found))
    }

    /// The commit that a branch began at: where it was made, or below the one
    /// commit of the bot's that it was made with.
    pub fn beginning(&self, branch: &str) -> Option<String> {
        let changes = self.changes(&format!("refs/heads/{branch}"));
        let made = changes.first()?;
        let at = made.after.clone()?;
        let mut tags = self.scene.release_tags.iter();
        let released = tags.any(|name| self.repo.tag_commit(name).as_ref() == Some(&at));
        if released || made.by != self.scene.bot {
            return Some(at);
        }
        match self.repo.git.commit(&at)?.parents.as_slice() {
            [parent] => Some(parent.clone()),
            _ => Some(at),
        }
    }

    /// What is read at the release that the hotfix branch began at; none before
    /// there is a branch, or where it began at no release.
    fn began_at(&self) -> Option<Product> {
        let branch = self.branch()?;
        let (before, next) = split(branch)?;
        let began = self.beginning(branch)?;
        let at = |name: &&String| self.repo.tag_commit(name).as_deref() == Some(began.as_str());
        let mut there: Vec<&String> = self.scene.release_tags.iter().filter(at).collect();
        // Several products may have been released from one commit: the branch's
        // name tells. A candidate of a release stands on its commit, too.
        there.sort_by_key(|name| {
            let (prefix, version) = split(name).unwrap_or_default();
            let named = !prefix.is_empty() && before.ends_with(prefix);
            let is_pre = version.contains(|c: char| c.is_ascii_alphabetic());
            let line = |version: &str| {
                let version = as_numbers(version);
                version
                    .rfind('.')
                    .and_then(|at| version.get(..at).map(str::to_owned))
            };
            let other = line(version) != line(next);
            (!named, is_pre, other, prefix.len())
        });
        Product::at(self.repo, &self.scene.config, there.first()?, next)
    }

    /// The files that do this in the hotfix; none before it has begun.
    pub fn roles(&self, which: fn(&'a Roles) -> &'a Vec<String>) -> &'a [String] {
        self.product().map_or(&[], |p| which(&p.roles).as_slice())
    }

    /// The tag that the hotfix's version makes of the base's.
    pub fn tag(&self) -> Option<String> {
        let base = self.product()?;
        Some(base.base_tag.replace(&base.base_version, &self.written()?))
    }

    /// The hotfix's version as tags and files of the project write it.
    pub fn written(&self) -> Option<String> {
        Some(as_written(&self.product()?.base_version, self.version()?))
    }

    /// The hotfix's version on the registry.
    pub fn on_registry(&self) -> Option<Served> {
        let package = &self.product()?.package;
        let of = Version {
            name: &package.name,
            number: self.version()?,
        };
        package.registry()?.served(self.world, of)
    }

    /// Whether the package is on the registry: it says so itself, and the base's
    /// version is there.
    pub fn is_published(&self) -> bool {
        let base = |product: &Product| {
            let package = &product.package;
            let of = Version {
                name: &package.name,
                number: &product.number,
            };
            package.registry()?.served(self.world, of)
        };
        self.product().and_then(base).is_some()
    }

    /// When version and release had both become visible to the public.
    pub fn out_since(&self) -> Option<Millis> {
        let release = self.release(&self.tag()?)?;
        let published = release.published_at?;
        if !self.is_published() {
            return Some(published);
        }
        let version = self.on_registry()?;
        let out = version.listed && !version.withdrawn;
        out.then(|| published.max(version.since))
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

/// The first seven digits of a commit.
pub fn short(sha: &str) -> &str {
    sha.get(..7).unwrap_or(sha)
}
