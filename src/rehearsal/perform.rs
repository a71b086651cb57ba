//! What people do, done in the stand-in.

use super::act::Act;
use super::git;
use super::registry::{Registry, Version};
use super::stage::Stage;
use super::view::View;
use crate::sim::actions::{self, Failure};
use crate::sim::releases::{self, Change};
use crate::sim::router::Refusal;
use crate::sim::world::Who;
use crate::sim::{MergeRequest, Method, Person, Verdict};

/// Does something in the name of `login`.
///
/// # Errors
/// In words, when the stand-in refuses it, or a commit cannot be picked.
pub fn perform(stage: &Stage, login: &'static str, act: &Act) -> Result<(), String> {
    let performer = Performer {
        stage,
        person: stage.sim.person(login, stage.scene.repo),
        login,
    };
    performer.perform(act)
}

struct Performer<'a> {
    stage: &'a Stage,
    person: Person,
    login: &'static str,
}

impl Performer<'_> {
    fn perform(&self, act: &Act) -> Result<(), String> {
        let words = |refusal: Refusal| refusal.message;
        let person = &self.person;
        match act {
            Act::OpenIssue { title, body } => person.open_issue(title, body).map(drop),
            Act::Label { issue, label } => person.label(*issue, label),
            Act::Comment { issue, body } => person.comment(*issue, body).map(drop),
            Act::Push {
                branch,
                from,
                message,
                files,
            } => {
                self.prepare_failure();
                if let Some(from) = from {
                    self.branch(branch, from).map_err(words)?;
                }
                let files: Vec<_> = files
                    .iter()
                    .map(|(path, text)| (path.as_str(), text.as_deref()))
                    .collect();
                person.push_commit(branch, message, &files).map(drop)
            }
            Act::Pick { branch, sha, .. } => {
                let picked = self.pick(branch, sha)?;
                self.prepare_failure();
                person.force_push(branch, &picked)
            }
            Act::Amend {
                branch,
                message,
                files,
            } => {
                let files: Vec<_> = files
                    .iter()
                    .map(|(path, text)| (path.as_str(), text.as_deref()))
                    .collect();
                person.amend(branch, message, &files).map(drop)
            }
            Act::Install { on } => self.install(*on),
            Act::Unlabel { issue, label } => person.unlabel(*issue, label),
            Act::OpenPull { title, head, base } => {
                person.open_pull(title, "", head, base).map(drop)
            }
            Act::Merge { pull, squash } => {
                let method = match squash {
                    true => Method::Squash,
                    false => Method::Merge,
                };
                let request = MergeRequest {
                    method,
                    ..MergeRequest::default()
                };
                person.merge_as(*pull, &request).map(drop)
            }
            Act::State { number, open: true } => person.reopen(*number),
            Act::State { number, .. } => person.close(*number, None),
            Act::Tick { comment, item } => {
                person.tick_box(*comment, &format!("<!-- item:{item} -->"), true)
            }
            Act::Tag { name, at } => person.create_tag(name, at, Some(name)).map(drop),
            Act::Approve { pull, body } => person.review(*pull, Verdict::Approve, body).map(drop),
            Act::Resolve { pull, branch } => self.resolve(*pull, branch),
            Act::Publish {
                registry,
                package,
                version,
            } => return self.publish(*registry, package, version),
            Act::Enqueue { pull } => person.enqueue(*pull).map(drop),
            Act::Yank {
                registry,
                package,
                version,
            } => {
                let of = Version {
                    name: package,
                    number: version,
                };
                return registry.withdraw(&mut self.stage.sim.world(), of);
            }
            Act::Latest { tag } => self.latest(tag),
            Act::Deploy { environment } => self.deploy(environment),
            Act::Upload { tag, name } => self.upload(tag, name),
            Act::Release { tag, assets } => self.release(tag, assets),
        }
        .map_err(words)
    }

    /// Makes a branch where another branch, or a tag, stands.
    fn branch(&self, branch: &str, from: &str) -> Result<(), Refusal> {
        let at = {
            let world = self.stage.sim.world();
            let repo = world.repo(self.stage.scene.repo)?;
            let head = repo.git.read_ref(&format!("refs/heads/{from}"));
            head.or_else(|| repo.tag_commit(from))
        };
        let at = at.ok_or_else(Refusal::not_found)?;
        self.person.create_branch(branch, &at)
    }

    /// A test is to fail on the head with the fix, and on no head before it.
    fn prepare_failure(&self) {
        let scene = &self.stage.scene;
        let mut world = self.stage.sim.world();
        let is_test = |file: &&String| {
            View::new(&world, scene).is_some_and(|v| v.roles(|r| &r.tests).contains(file))
        };
        let Some(file) = scene.fail.as_ref().filter(is_test) else {
            return;
        };
        let path = format!(".github/workflows/{file}");
        let known = world.repos.get(&scene.repo);
        let before = known
            .and_then(|r| r.actions.workflows.get(&path))
            .map_or(0, |w| w.runs);
        if let Some(settings) = world.run_settings(scene.repo)
            && settings.failures.is_empty()
        {
            let failure = Failure::first_attempt(file).run(before + 1);
            settings.failures.push(failure);
        }
    }

    fn pick(&self, branch: &str, sha: &str) -> Result<String, String> {
        let (dir, onto, address, at) = {
            let world = self.stage.sim.world();
            let repo = world.repos.get(&self.stage.scene.repo);
            let repo = repo.ok_or("the repository is gone from the stand-in")?;
            let onto = repo.git.read_ref(&format!("refs/heads/{branch}"));
            let user = world.users.get(&self.person.id());
            (
                repo.git.dir().to_owned(),
                onto.ok_or("the hotfix branch is gone")?,
                user.map(|u| u.email.clone()).unwrap_or_default(),
                world.now() / 1_000,
            )
        };
        git::pick(&dir, sha, &onto, (self.login, &address), at)
    }

    /// Keeps both sides of each conflict.
    fn resolve(&self, pull: u64, branch: &str) -> Result<(), Refusal> {
        let files = {
            let world = self.stage.sim.world();
            let repo = world.repos.get(&self.stage.scene.repo);
            let repo = repo.ok_or_else(Refusal::not_found)?;
            let head = repo.git.read_ref(&format!("refs/heads/{branch}"));
            let main = repo.default_head();
            let (head, main) = head.zip(main).ok_or_else(Refusal::not_found)?;
            let mut files = Vec::new();
            for change in repo.git.diff(Some(&main), &head)? {
                let text = repo.git.file_at(&head, &change.path);
                let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
                if let Some(text) = text.filter(|text| text.contains("<<<<<<< ")) {
                    files.push((change.path, both_sides(&text)));
                }
            }
            files
        };
        if !files.is_empty() {
            let files: Vec<_> = files
                .iter()
                .map(|(path, text)| (path.as_str(), Some(text.as_str())))
                .collect();
            self.person.push_commit(
                branch,
                "Resolve the conflicts with the default branch",
                &files,
            )?;
        }
        self.person.set_draft(pull, false)
    }

    fn publish(&self, registry: Registry, name: &str, number: &str) -> Result<(), String> {
        let scene = &self.stage.scene;
        let mut world = self.stage.sim.world();
        let commit = {
            let view = View::new(&world, scene).ok_or("the repository is gone")?;
            let tag = view.tag().ok_or("no tag is known")?;
            let commit = view.repo.tag_commit(&tag);
            commit.ok_or_else(|| format!("there is no tag {tag} to publish from"))?
        };
        let of = Version { name, number };
        registry.publish(&mut world, scene.repo, of, &commit, self.login)
    }

    fn install(&self, on: bool) -> Result<(), Refusal> {
        let mut world = self.stage.sim.world();
        let (app, repo) = (self.stage.scene.app, self.stage.scene.repo);
        // The owner's to do, whoever asks them.
        let who = Who::person(world.repo(repo)?.owner);
        match on {
            true => world.installs(app, repo, &who).map(drop),
            false => world.uninstalls(app, repo, &who),
        }
    }

    fn latest(&self, tag: &str) -> Result<(), Refusal> {
        let mut world = self.stage.sim.world();
        let repo = self.stage.scene.repo;
        let release = world.repo(repo)?.releases.by_tag(tag);
        let id = release.ok_or_else(Refusal::not_found)?.id;
        let change = Change {
            make_latest: Some("true".to_owned()),
            ..Change::default()
        };
        releases::update(
            &mut world,
            repo,
            id,
            &change,
            &Who::person(self.person.id()),
        )
    }

    fn deploy(&self, environment: &str) -> Result<(), Refusal> {
        let mut world = self.stage.sim.world();
        let repo = self.stage.scene.repo;
        let runs = world.repo(repo)?.actions.runs.values();
        let waiting = runs.filter(|run| run.status == "waiting");
        let waiting: Vec<u64> = waiting.map(|run| run.id).collect();
        for run in waiting {
            actions::approve(&mut world, repo, run, environment, self.person.id())?;
        }
        Ok(())
    }

    fn upload(&self, tag: &str, name: &str) -> Result<(), Refusal> {
        let mut world = self.stage.sim.world();
        let repo = self.stage.scene.repo;
        let release = world.repo(repo)?.releases.by_tag(tag);
        let release = release.ok_or_else(Refusal::not_found)?;
        let (id, data) = (release.id, releases::built(name, tag, &release.assets));
        let who = Who::person(self.person.id());
        releases::upload(&mut world, repo, id, name, data, &who).map(drop)
    }

    fn release(&self, tag: &str, assets: &[String]) -> Result<(), Refusal> {
        let mut world = self.stage.sim.world();
        let repo = self.stage.scene.repo;
        let who = Who::person(self.person.id());
        let change = Change {
            tag: Some(tag.to_owned()),
            name: Some(tag.to_owned()),
            body: Some(String::new()),
            draft: Some(true),
            ..Change::default()
        };
        let id = releases::create(&mut world, repo, &change, &who)?;
        for name in assets {
            let of = world.repo(repo)?.releases.all.get(&id);
            let beside = of.map_or(&[][..], |release| release.assets.as_slice());
            let data = releases::built(name, tag, beside);
            releases::upload(&mut world, repo, id, name, data, &who)?;
        }
        releases::publish(&mut world, repo, id, &who)
    }
}

/// The text without conflict markers.
fn both_sides(text: &str) -> String {
    let marker = |line: &&str| {
        ["<<<<<<< ", "||||||| ", ">>>>>>> "]
            .iter()
            .any(|mark| line.starts_with(mark))
            || line.trim_end() == "======="
    };
    text.split_inclusive('\n')
        .filter(|line| !marker(line))
        .collect()
}
