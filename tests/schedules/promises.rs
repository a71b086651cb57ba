//! What must hold whatever goes wrong, read from the stand-in's world alone.

use std::collections::{BTreeMap, BTreeSet};

use hotfix_bot::rehearsal::{Scene, Stage};
use hotfix_bot::sim::world::{Repo, UserId};
use hotfix_bot::sim::{Sim, World};

use super::support::told;

/// Something that a person said, in a comment that may be gone by now.
#[derive(Clone, Debug)]
pub struct Said {
    pub at: i64,
    pub who: &'static str,
    /// The comment.
    pub id: u64,
    pub text: String,
    /// By somebody without a part in it for a while, right behind another word of
    /// theirs: such are answered once a minute.
    pub hushed: bool,
}

/// How far the world was looked through, and what must not be met in it.
pub struct Promises {
    scene: Scene,
    secrets: Vec<String>,
    refs: usize,
    calls: usize,
    /// Tags that the bot made.
    tags: BTreeSet<String>,
    /// Tags that somebody deleted, and when.
    deleted: BTreeMap<String, i64>,
    /// Since when it is given up.
    cancelled: Option<i64>,
    /// How long an answer may take.
    patience: i64,
    /// What was said and has no answer yet: comments.
    waiting: BTreeMap<u64, Said>,
    /// How much of what was said is known.
    said: usize,
}

impl Promises {
    pub fn new(stage: &Stage, patience: i64) -> Promises {
        let key = stage.private_key.lines().nth(1).unwrap_or_default();
        Promises {
            scene: stage.scene.clone(),
            secrets: vec![
                key.to_owned(),
                stage.webhook_secret.to_owned(),
                "a-token-of-the-stand-in".to_owned(),
                "ghs_".to_owned(),
                "s3cret".to_owned(),
            ],
            refs: 0,
            calls: 0,
            tags: BTreeSet::new(),
            deleted: BTreeMap::new(),
            cancelled: None,
            patience,
            waiting: BTreeMap::new(),
            said: 0,
        }
    }

    /// What must hold at every step.
    pub fn hold(&mut self, sim: Sim, said: &[Said]) -> Result<(), String> {
        let world = sim.world();
        let repo = &world.repos[&self.scene.repo];
        self.given_up(repo, said);
        self.answers_come(&world, repo, said)?;
        self.refs_are_right(&world, repo, said)?;
        self.comments_are_single(repo)?;
        self.pulls_are_single(repo)?;
        self.nothing_is_told(&world)?;
        match world.log.unsupported.first() {
            Some(call) => Err(format!("the stand-in does not serve: {call}")),
            None => Ok(()),
        }
    }

    /// What somebody with a part in it says is answered before long.
    fn answers_come(&mut self, world: &World, repo: &Repo, said: &[Said]) -> Result<(), String> {
        for it in said.iter().skip(self.said) {
            if it.text.starts_with("/hotfix") && it.who != "stranger" && !it.hushed {
                self.waiting.insert(it.id, it.clone());
            }
        }
        self.said = said.len();
        let bot = self.scene.bot;
        self.waiting.retain(|id, _| {
            let comment = repo.comments.get(id);
            comment.is_some_and(|it| {
                let answered = it.reactions.iter().any(|it| it.user == bot);
                !answered && it.edits.len() < 2
            })
        });
        let now = world.now();
        match self.waiting.values().find(|it| it.at + self.patience < now) {
            Some(it) => Err(format!("a word waits too long: {} at {}", it.text, it.at)),
            None => Ok(()),
        }
    }

    /// When a word that gives it up was taken, and that it was begun anew.
    fn given_up(&mut self, repo: &Repo, said: &[Said]) {
        let bot = self.scene.bot;
        let taken = said.iter().rfind(|it| {
            let comment = repo.comments.get(&it.id);
            // What a comment is edited to is no command.
            it.who == "maintainer"
                && it.text.starts_with("/hotfix cancel")
                && comment.is_some_and(|it| {
                    let mut reactions = it.reactions.iter();
                    reactions.any(|it| it.user == bot && it.content == "+1")
                })
        });
        if let Some(taken) = taken
            && self.cancelled.is_none()
        {
            self.cancelled = Some(taken.at);
        }
        let since = self.cancelled;
        let labels = repo.issues.values().flat_map(|it| it.events.iter());
        let again = labels
            .filter(|it| it.event == "labeled")
            .any(|it| Some(it.at) > since);
        let started = said
            .iter()
            .any(|it| it.text.starts_with("/hotfix start") && Some(it.at) > since);
        if since.is_some() && (again || started) {
            self.cancelled = None;
        }
    }

    fn refs_are_right(&mut self, world: &World, repo: &Repo, said: &[Said]) -> Result<(), String> {
        let bot = self.scene.bot;
        let changes = repo.ref_log.iter().skip(self.refs);
        let mut seen = 0;
        for change in changes {
            seen += 1;
            let name = change.name.as_str();
            if change.by != bot || change.at < self.scene.started {
                let tag = name.strip_prefix("refs/tags/");
                if let Some(tag) = tag.filter(|_| change.after.is_none()) {
                    self.deleted.insert(tag.to_owned(), change.at);
                }
                continue;
            }
            let creates = name.starts_with("refs/tags/") || name.starts_with("refs/heads/");
            if creates && self.cancelled.is_some() && change.after.is_some() {
                return Err(format!("a hotfix that is given up goes on: {change:?}"));
            }
            if let Some(tag) = name.strip_prefix("refs/tags/") {
                let (None, Some(object)) = (&change.before, &change.after) else {
                    return Err(format!("a tag is moved: {change:?}"));
                };
                // Somebody deleted it, and somebody asked for it again.
                let gone = self.deleted.remove(tag);
                let asked = gone.is_some_and(|gone| {
                    let mut words = said.iter().filter(|it| it.at >= gone);
                    words.any(|it| it.text.starts_with("/hotfix retry"))
                });
                if !self.tags.insert(tag.to_owned()) && !asked {
                    return Err(format!("a tag is made twice: {tag}"));
                }
                let commit = repo.git.peel(object).unwrap_or_default();
                is_decided(&commit, change.at, said)?;
            }
            if name == "refs/heads/main" {
                let seen = was_seen(world, "v1.0.5", change.at);
                is_reviewed(world, repo, change.after.as_deref(), bot, said, seen)?;
            }
        }
        self.refs += seen;
        Ok(())
    }

    fn comments_are_single(&self, repo: &Repo) -> Result<(), String> {
        let mut marks = BTreeSet::new();
        for comment in repo
            .comments
            .values()
            .filter(|it| it.author == self.scene.bot)
        {
            // A person may have written something else into it.
            let mine = comment
                .edits
                .first()
                .map_or(comment.body.as_str(), |it| it.body.as_str());
            let mark = mine.lines().next().unwrap_or_default();
            if mark.starts_with("<!-- ") && !marks.insert((comment.issue, mark)) {
                return Err(format!("two comments for one moment: {mark}"));
            }
        }
        Ok(())
    }

    fn pulls_are_single(&self, repo: &Repo) -> Result<(), String> {
        let mut open: BTreeMap<&str, u64> = BTreeMap::new();
        for issue in repo
            .issues
            .values()
            .filter(|it| it.author == self.scene.bot)
        {
            let Some(pull) = issue.pull.as_ref().filter(|_| issue.open) else {
                continue;
            };
            if let Some(other) = open.insert(&pull.head, issue.number) {
                let number = issue.number;
                return Err(format!("two pull requests: {other} and {number}"));
            }
        }
        if failures(repo) > 1 {
            return Err("two issues tell of one failure".to_owned());
        }
        let mut releases = BTreeSet::new();
        for release in repo.releases.all.values() {
            if !releases.insert(release.tag.as_str()) {
                return Err(format!("two releases: {}", release.tag));
            }
        }
        let mut started: BTreeMap<(&str, &str), u32> = BTreeMap::new();
        for run in repo.actions.runs.values() {
            if run.event == "workflow_dispatch" && run.actor == self.scene.bot {
                let times = started.entry((&run.path, &run.head_sha)).or_default();
                *times += 1;
                if *times > 1 {
                    return Err(format!("a workflow is started twice: {}", run.path));
                }
            }
        }
        Ok(())
    }

    fn nothing_is_told(&mut self, world: &World) -> Result<(), String> {
        let calls = world.log.calls.iter().skip(self.calls);
        let mut seen = 0;
        for call in calls {
            seen += 1;
            if !call.is_write {
                continue;
            }
            let body = call.request.to_string();
            if let Some(secret) = self.secrets.iter().find(|it| body.contains(it.as_str())) {
                let at = format!("{} {}", call.method, call.path);
                return Err(format!("a secret is told: {secret:.6}… in {at}"));
            }
        }
        self.calls += seen;
        Ok(())
    }

    /// What must hold where the hotfix is said to be done.
    pub fn finished(&self, sim: Sim) -> Result<(), String> {
        let world = sim.world();
        let repo = &world.repos[&self.scene.repo];
        let bot = self.scene.bot;
        let mut issues = repo.issues.values();
        let issue = issues.find(|it| it.pull.is_none() && it.author != bot);
        let Some(tagged) = repo.tag_commit("v1.0.5") else {
            let mut changes = repo.ref_log.iter().rev();
            let last = changes.find(|it| it.name == "refs/tags/v1.0.5");
            // Somebody deleted it.
            return match last.is_some_and(|it| it.by != bot) {
                true => Ok(()),
                false => Err("it is done without a tag".to_owned()),
            };
        };
        let release = repo.releases.all.values().find(|it| it.tag == "v1.0.5");
        if release.is_none_or(|it| it.draft) {
            return Err("it is done without a release".to_owned());
        }
        let closed = issue.is_some_and(|it| !it.open);
        let by_person = issue.is_some_and(|it| {
            let mut last = it.events.iter().rev();
            last.find(|it| matches!(it.event, "closed" | "reopened"))
                .is_some_and(|it| it.event == "reopened" && it.actor != bot)
        });
        if !closed && !by_person {
            return Err("it is done and its issue is open".to_owned());
        }
        let main = repo.git.read_ref("refs/heads/main").unwrap_or_default();
        let holds = repo.git.is_ancestor(&tagged, &main).is_ok_and(|it| it);
        let carried = repo.issues.values().any(|it| {
            let merged = it.pull.as_ref().and_then(|it| it.merged.as_ref());
            merged.is_some() && it.author == bot
        });
        match holds || carried {
            true => Ok(()),
            false => Err("it is done and main does not hold it".to_owned()),
        }
    }

    /// What must hold where its release is taken back.
    pub fn taken_back(&self, sim: Sim) -> Result<(), String> {
        let world = sim.world();
        let repo = &world.repos[&self.scene.repo];
        let release = repo.releases.by_tag("v1.0.5");
        let notes = release.and_then(|it| it.body.as_deref());
        if notes.is_some_and(|it| !it.contains("<!-- hotfix-bot:yanked -->")) {
            return Err("it is taken back and its release does not say so".to_owned());
        }
        let latest = repo.releases.latest().map(|it| it.tag.as_str());
        if latest == Some("v1.0.5") {
            return Err("it is taken back and still the latest".to_owned());
        }
        match failures(repo) {
            1 => Ok(()),
            n => Err(format!("it is taken back, and {n} issues tell of it")),
        }
    }

    /// What must hold at the end: what was said was heard, and silence.
    pub fn silent(&self, sim: Sim, said: &[Said]) -> Result<(), String> {
        let world = sim.world();
        let repo = &world.repos[&self.scene.repo];
        let calls = world.log.calls.iter();
        let mut writes = Vec::new();
        let mut before = 0;
        for call in calls.filter(|it| it.is_write && it.actor == "installation") {
            // The last hour and a half was quiet.
            if call.at + 80 * 60_000 < world.now() {
                before += 1;
            }
            let at = format!("{} {}", call.method, call.path);
            writes.push((at, call.request.clone()));
        }
        let more = told::beside_the_clock(&writes, before);
        if let Some(first) = more.first() {
            return Err(format!("it is not silent: {first}"));
        }
        let bot = self.scene.bot;
        for it in said.iter().filter(|it| it.text.starts_with("/hotfix")) {
            let Some(comment) = repo.comments.get(&it.id) else {
                continue;
            };
            let edited = comment.edits.len() > 1;
            let heard = comment.reactions.iter().any(|it| it.user == bot);
            if !edited && !heard && it.who != "stranger" && !it.hushed {
                return Err(format!("a word is not answered: {} at {}", it.text, it.at));
            }
        }
        Ok(())
    }
}

/// How many issues tell of a release that failed.
fn failures(repo: &Repo) -> usize {
    let issues = repo.issues.values().filter(|it| it.pull.is_none());
    let told = issues.filter(|it| it.title.starts_with("[HOTFIX FAILED]"));
    told.count()
}

/// Somebody who may decide named this commit before.
fn is_decided(commit: &str, at: i64, said: &[Said]) -> Result<(), String> {
    let mut words = said
        .iter()
        .filter(|it| it.who == "maintainer" && it.at <= at);
    let named = words.any(|it| {
        let sha = it.text.strip_prefix("/hotfix release ").unwrap_or_default();
        let sha = sha.split_whitespace().next().unwrap_or_default();
        sha.len() >= 7 && commit.starts_with(sha)
    });
    match named {
        true => Ok(()),
        false => Err(format!("nobody decided to tag {commit}")),
    }
}

/// A merge is on its way for so long at most, milliseconds: some answers take 15 s.
const ON_ITS_WAY: i64 = 30_000;

/// Whether the last look at the tag before a merge found it, just before: who deletes it
/// after that is late.
fn was_seen(world: &World, tag: &str, merged: i64) -> bool {
    let path = format!("/git/ref/tags/{tag}");
    let mut calls = world.log.calls.iter().rev();
    let look = calls.find(|it| it.at <= merged && it.path.ends_with(&path));
    look.is_some_and(|it| matches!(it.status, 200 | 304) && merged - it.at < ON_ITS_WAY)
}

/// What the bot brings to the default branch was approved, or carries what was
/// tagged; `seen`: the tag was there when the bot looked, and somebody deleted it.
fn is_reviewed(
    world: &World,
    repo: &Repo,
    after: Option<&str>,
    bot: UserId,
    said: &[Said],
    seen: bool,
) -> Result<(), String> {
    let merged = repo.issues.values().find(|it| {
        let pull = it.pull.as_ref();
        let merged = pull.and_then(|it| it.merged.as_ref());
        merged.is_some_and(|it| Some(it.sha.as_str()) == after && it.by == bot)
    });
    let Some(pull) = merged.and_then(|it| it.pull.as_ref()) else {
        return Err(format!("main got a commit by no pull request: {after:?}"));
    };
    // Who takes its number, by a tag elsewhere, leaves it the next one.
    let tagged = repo.tag_commit("v1.0.5");
    let tagged = tagged.or_else(|| repo.tag_commit("v1.0.6"));
    let other = !pull.head.ends_with("v1.0.5") || tagged.as_deref() != Some(&pull.head_sha);
    if tagged.is_none() && !seen {
        return Err(format!("main got what is not released: {}", pull.head));
    }
    // A pull request of its own carries what was reviewed.
    let carries = other && pull.head.contains("port");
    let approved = pull.reviews.iter().any(|it| {
        let login = world.users.get(&it.author).map(|it| it.login.as_str());
        it.state == "APPROVED" && it.commit == pull.head_sha && login != Some("developer")
    });
    let passed = said
        .iter()
        .any(|it| it.text.starts_with("/hotfix override"));
    match carries || approved || passed {
        true => Ok(()),
        false => Err(format!("main got what nobody reviewed: {}", pull.head)),
    }
}
