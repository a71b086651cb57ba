//! What a successful step does to the world.

use super::actions::{actions_bot, progress};
use super::crates;
use super::git::{Kind, TagObject};
use super::model::run::{Inferred, Run, RunJob};
use super::ops::releases::{self, Change};
use super::ships::{self, Share};
use super::workflow_file::infer::Effect;
use super::world::{Who, World};

/// Where and for whom an effect happens.
struct At<'a> {
    repo: u64,
    run: &'a Run,
    job: &'a RunJob,
    who: Who,
}

/// A job's nth effect is due. If it cannot be done, the job will fail, as the
/// step would.
pub(super) fn carry_out(world: &mut World, repo: u64, run: u64, job: u64, index: usize) {
    let found = world
        .repos
        .get(&repo)
        .and_then(|r| r.actions.runs.get(&run));
    let Some(of) = found.cloned() else {
        return;
    };
    // Cancelled, or an attempt that is over.
    let Some(job) = of
        .jobs
        .iter()
        .find(|j| j.id == job && j.status == "in_progress")
    else {
        return;
    };
    let Some(effect) = job.effects.get(index).cloned() else {
        return;
    };
    let who = Who::github_token(actions_bot(world));
    let at = At {
        repo,
        run: &of,
        job,
        who,
    };
    let done = match &effect {
        Effect::Publish(what) => {
            let by = at.run.triggering_actor;
            crates::publish(world, repo, &commit_of(&at), by, what)
        }
        Effect::Package(what) => {
            let (commit, tag) = (commit_of(&at), at.run.tag());
            let part = part_of(&at);
            ships::publish(world, repo, &commit, tag.as_deref(), what, part)
        }
        Effect::CreateRelease {
            tag,
            title,
            prerelease,
        } => create_release(world, &at, tag.as_deref(), title.as_deref(), *prerelease),
        Effect::Upload { tag, files } => upload(world, &at, tag.as_deref(), files),
        Effect::PublishRelease { tag, latest } => {
            publish_release(world, &at, tag.as_deref(), *latest)
        }
        Effect::Tag { tag, annotated } => make_tag(world, &at, tag.as_deref(), *annotated),
        Effect::NotKnown { what } => Ok(format!(
            "not known: what `{what}` does; nothing was done in its stead"
        )),
    };
    let what = match &done {
        Ok(what) => what.clone(),
        Err(why) => format!("failed: {why}"),
    };
    let now = world.now();
    if let Some(found) = world.repos.get_mut(&repo) {
        found.actions.inferred.push(Inferred {
            at: now,
            file: of.path.clone(),
            run,
            attempt: of.attempt,
            job: job.name.clone(),
            what,
        });
    }
    if done.is_err() {
        progress::break_job(world, repo, run, job.id);
    }
}

/// Which files of a package a job makes: those of its platform, where a matrix spreads it.
fn part_of<'a>(at: &At<'a>) -> Share<'a> {
    let mut alike = at.run.jobs.iter().filter(|job| job.key == at.job.key);
    match (alike.next(), alike.next()) {
        (Some(first), Some(_)) if first.id == at.job.id => Share::First(&at.job.name),
        (_, Some(_)) => Share::Other(&at.job.name),
        _ => Share::Whole,
    }
}

/// The commit that the job's steps work on: the run's, unless they check out
/// the one that the run before worked on.
fn commit_of(at: &At<'_>) -> String {
    let flow = at.run.flow.as_ref();
    let job = flow.and_then(|f| f.jobs.iter().find(|j| j.id == at.job.key));
    let refs = job
        .into_iter()
        .flat_map(|j| &j.steps)
        .filter_map(|s| s.with.get("ref"));
    let parent = at.run.values.get("github.event.workflow_run.head_sha");
    match parent {
        Some(sha) if refs.into_iter().any(|r| r.contains("workflow_run.head_")) => sha.clone(),
        _ => at.run.head_sha.clone(),
    }
}

/// The tag that a step works on: the one that it names, else its run's.
fn tag_of(at: &At<'_>, named: Option<&str>) -> Option<String> {
    named.map(str::to_owned).or_else(|| at.run.tag())
}

/// What is noted where the real step would know a tag, and this one does not.
const NO_TAG: &str = "left alone: which release it is for is found out by other steps";

fn make_tag(
    world: &mut World,
    at: &At<'_>,
    named: Option<&str>,
    annotated: bool,
) -> Result<String, String> {
    let Some(tag) = named else {
        return Ok("left alone: which tag it makes is found out by other steps".to_owned());
    };
    let name = format!("refs/tags/{tag}");
    let commit = commit_of(at);
    let tagger = world.ident(at.who.user);
    let found = world.repos.get(&at.repo).ok_or("the repository is gone")?;
    if found.git.read_ref(&name).is_some() {
        return Err(format!("tag '{tag}' already exists"));
    }
    let object = TagObject {
        sha: String::new(),
        object: commit.clone(),
        kind: Kind::Commit,
        tag: tag.to_owned(),
        tagger,
        message: tag.to_owned(),
    };
    let target = match annotated {
        true => found.git.write_tag(&object).map_err(|e| e.to_string())?,
        false => commit.clone(),
    };
    let made = world.create_ref(at.repo, &name, &target, &at.who);
    made.map_err(|refusal| refusal.message)?;
    Ok(format!("pushed the tag {tag} at {commit}"))
}

fn release_of(world: &World, at: &At<'_>, tag: &str) -> Option<u64> {
    world
        .repos
        .get(&at.repo)?
        .releases
        .any_by_tag(tag)
        .map(|r| r.id)
}

fn create_release(
    world: &mut World,
    at: &At<'_>,
    tag: Option<&str>,
    title: Option<&str>,
    prerelease: bool,
) -> Result<String, String> {
    let Some(tag) = tag_of(at, tag) else {
        return Ok(NO_TAG.to_owned());
    };
    if let Some(id) = release_of(world, at, &tag) {
        return Ok(format!("release {id} of {tag} was there already"));
    }
    let change = Change {
        tag: Some(tag.clone()),
        target: Some(at.run.head_sha.clone()),
        name: Some(title.unwrap_or(&tag).to_owned()),
        body: Some(String::new()),
        draft: Some(true),
        prerelease: Some(prerelease),
        ..Change::default()
    };
    let id = releases::create(world, at.repo, &change, &at.who).map_err(|r| r.message)?;
    Ok(format!("created the draft release {id} of {tag}"))
}

/// `1.0.5` of `v1.0.5`.
fn version_of(tag: &str) -> &str {
    let digit = |c: char| c.is_ascii_digit();
    tag.find(digit).and_then(|i| tag.get(i..)).unwrap_or(tag)
}

/// The assets of the release before, with the version in their names replaced.
fn as_before(world: &World, at: &At<'_>, id: u64, tag: &str) -> Vec<String> {
    let before = world
        .repos
        .get(&at.repo)
        .and_then(|r| r.releases.previous(id));
    let assets = before
        .into_iter()
        .flat_map(|r| r.assets.iter().map(move |a| (r, a)));
    assets
        .map(|(r, a)| a.name.replace(version_of(&r.tag), version_of(tag)))
        .collect()
}

fn upload(
    world: &mut World,
    at: &At<'_>,
    tag: Option<&str>,
    files: &[String],
) -> Result<String, String> {
    let Some(tag) = tag_of(at, tag) else {
        return Ok(NO_TAG.to_owned());
    };
    let id = release_of(world, at, &tag).ok_or(format!("there is no release of {tag}"))?;
    let settings = world.repos.get(&at.repo).map(|r| &r.actions.settings);
    let mut names = files.to_vec();
    if files.is_empty() || settings.is_some_and(|it| it.names_made_up) {
        names.extend(as_before(world, at, id, &tag));
    }
    let unbuilt = settings.map_or(&[][..], |it| it.unbuilt.as_slice());
    names.retain(|name| !unbuilt.iter().any(|part| name.contains(part.as_str())));
    // What holds the checksums of the others comes last.
    names.sort_by_key(|name| releases::is_of_sums(name));
    let mut uploaded = Vec::new();
    for name in names {
        let release = world
            .repos
            .get(&at.repo)
            .and_then(|r| r.releases.all.get(&id));
        if release.is_some_and(|r| r.assets.iter().any(|a| a.name == name)) {
            continue;
        }
        let beside = release.map_or(&[][..], |r| r.assets.as_slice());
        let data = releases::built(&name, &tag, beside);
        releases::upload(world, at.repo, id, &name, data, &at.who).map_err(|r| r.message)?;
        uploaded.push(name);
    }
    if uploaded.is_empty() {
        return Ok(format!("its assets of {tag} were there already"));
    }
    Ok(format!("uploaded to {tag}: {}", uploaded.join(", ")))
}

fn publish_release(
    world: &mut World,
    at: &At<'_>,
    tag: Option<&str>,
    latest: Option<bool>,
) -> Result<String, String> {
    let Some(tag) = tag_of(at, tag) else {
        return Ok(NO_TAG.to_owned());
    };
    let id = release_of(world, at, &tag).ok_or(format!("there is no release of {tag}"))?;
    let draft = world
        .repos
        .get(&at.repo)
        .and_then(|r| r.releases.all.get(&id))
        .is_some_and(|r| r.draft);
    if !draft {
        return Ok(format!("the release of {tag} was published already"));
    }
    let change = releases::Change {
        draft: Some(false),
        make_latest: latest.map(|it| it.to_string()),
        ..releases::Change::default()
    };
    releases::update(world, at.repo, id, &change, &at.who).map_err(|r| r.message)?;
    Ok(format!("published the release of {tag}"))
}
