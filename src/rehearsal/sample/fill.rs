//! Puts the sample into the stand-in.

use super::history;
use super::of::Of;
use crate::rehearsal::accounts::{people, register};
use crate::rehearsal::args::RehearseArgs;
use crate::rehearsal::part::Part;
use crate::rehearsal::project::{Config, config};
use crate::rehearsal::scenario::{self, Scenario};
use crate::rehearsal::scene::Scene;
use crate::sim::clock::Millis;
use crate::sim::git::RefEdit;
use crate::sim::registry::names_repository;
use crate::sim::router::Refusal;
use crate::sim::world::BranchRule;
use crate::sim::{Seed, World};

const MINUTE: Millis = 60_000;
/// The number of a scenario's rules.
const RULESET: u64 = 8;
const DAY: Millis = 24 * 60 * MINUTE;

/// Fills the stand-in with the sample as it is at `start`; gives the scene.
///
/// # Errors
/// In words, when the stand-in refuses something.
pub fn fill(world: &mut World, args: &RehearseArgs, start: Millis) -> Result<Scene, String> {
    let named = args.scenario.as_deref();
    let script = named.map(scenario::find).transpose()?;
    let scripted = script.as_ref();
    let sample = Of::chosen(scripted)?;
    let refused = |what: &'static str| move |e: Refusal| format!("{what}: {}", e.message);
    world.add_org(history::OWNER);
    let repo = world
        .create_repo(history::OWNER, history::NAME, false)
        .map_err(refused("repository"))?;
    let count = args
        .people
        .or(scripted.and_then(|it| it.cast.people))
        .unwrap_or(2);
    people(world, repo, count);
    let maintainer = world.add_user(Part::Maintainer.login());
    for (hour, commit) in sample.history().iter().enumerate() {
        // Commits of one day follow one another.
        let at = start - commit.days_ago * DAY + hour as Millis * MINUTE;
        let mut files: Vec<_> = commit
            .files
            .iter()
            .map(|(p, text)| (p.as_str(), text.as_deref()))
            .collect();
        let base = scripted.filter(|_| commit.release == Some(history::BASE));
        let base = base.into_iter().flat_map(|it| &it.project.base);
        files.extend(base.map(|(path, text)| (path.as_str(), Some(text.as_str()))));
        let seed = Seed {
            author: commit.author,
            message: &commit.message,
            at,
            files: &files,
        };
        let sha = world
            .seed(repo, "main", &[seed])
            .map_err(refused("history"))?;
        if let Some(version) = commit.release {
            let at = at + 20 * MINUTE;
            let more = scripted.map_or(&[][..], |it| it.project.assets.as_slice());
            let made = sample.release(world, repo, maintainer, (version, more), (&sha, at));
            made.map_err(refused("release"))?;
            let of_base = scripted.filter(|_| version == history::BASE);
            for name in of_base.into_iter().flat_map(|it| &it.project.crates) {
                world.registry.publish_existing(at, name, version)?;
                names_repository(world, name, repo);
            }
        }
    }
    if let Some(script) = scripted {
        more(world, repo, &sample, script, start)?;
    }
    pace(world, repo);
    if let Some(script) = scripted {
        runs(world, repo, script);
    }
    let (app, bot) = register(world, history::OWNER, repo)?;
    let of = world.repos.get(&repo).ok_or("the repository is gone")?;
    let tag = sample.tag(history::BASE);
    let base = of.git.read_ref(&format!("refs/tags/{tag}"));
    let base = base.and_then(|target| of.git.peel(&target));
    let base = base.ok_or("the base tag is gone")?;
    let text = of.git.file_at(&base, config::PATH).unwrap_or_default();
    let config = Config::read(Some(&String::from_utf8_lossy(&text)));
    let product = sample.product(of, &config, &base);
    let failing = scripted.and_then(|it| it.project.fail.as_deref());
    let fail = args.fail.as_deref().or(failing);
    Ok(Scene {
        repo,
        app,
        bot,
        name: format!("{} {tag}", history::NAME),
        release_tags: vec![tag],
        product,
        line_tests: std::sync::OnceLock::new(),
        wanted_base: None,
        answers: args.answer.clone(),
        branch_prefix: config.branch_prefix(),
        manual_test: config.manual_test(),
        config,
        people: count,
        fail: fail.map(config::file_name),
        story: sample.story(),
        script: script.clone(),
        registry: Vec::new(),
        findings: Vec::new(),
        started: start,
    })
}

/// What a scenario's project has beside the sample, made in the last hours.
fn more(
    world: &mut World,
    repo: u64,
    sample: &Of,
    script: &Scenario,
    start: Millis,
) -> Result<(), String> {
    let refused = |e: Refusal| format!("the scenario's project: {}", e.message);
    let maintainer = world.add_user(Part::Maintainer.login());
    let commits = &script.project.commits;
    for (made, left) in commits.iter().zip((1..=commits.len() as Millis).rev()) {
        let at = start - left * 20 * MINUTE;
        let mut files: Vec<(String, String)> = Vec::new();
        if let Some(version) = &made.release {
            let changelog = {
                let of = world.repo(repo).map_err(refused)?;
                let text = of
                    .default_head()
                    .and_then(|it| of.git.file_at(&it, sample.changelog()));
                String::from_utf8_lossy(&text.unwrap_or_default()).into_owned()
            };
            files.extend(sample.released(version, &changelog));
        }
        files.extend(
            made.files
                .iter()
                .map(|(path, text)| (path.clone(), text.clone())),
        );
        let files: Vec<_> = files
            .iter()
            .map(|(path, text)| (path.as_str(), Some(text.as_str())))
            .collect();
        let message = match (&made.release, made.message.as_str()) {
            (Some(version), "") => format!("chore: release {version}"),
            (_, message) => message.to_owned(),
        };
        let seed = Seed {
            author: Part::Maintainer.login(),
            message: &message,
            at,
            files: &files,
        };
        let sha = world.seed(repo, "main", &[seed]).map_err(refused)?;
        if let Some(version) = &made.release {
            let more = script.project.assets.as_slice();
            let made = sample.release(world, repo, maintainer, (version, more), (&sha, at));
            made.map_err(refused)?;
        }
    }
    if let Some(lines) = &script.project.config {
        let of = world.repo(repo).map_err(refused)?;
        let there = of
            .default_head()
            .and_then(|it| of.git.file_at(&it, config::PATH));
        let there = String::from_utf8_lossy(&there.unwrap_or_default()).into_owned();
        let text = format!("{there}\n{lines}");
        let seed = Seed {
            author: Part::Maintainer.login(),
            message: "ci: configure hotfixes",
            at: start - 10 * MINUTE,
            files: &[(config::PATH, Some(text.as_str()))],
        };
        world.seed(repo, "main", &[seed]).map_err(refused)?;
    }
    for kind in &script.project.rules {
        let rule = BranchRule {
            ruleset: RULESET,
            branch: "main".to_owned(),
            kind: kind.clone(),
            parameters: serde_json::Value::Null,
            bypass_apps: Default::default(),
        };
        world.add_rule(repo, rule);
    }
    let branches = script.project.branches.iter().map(|it| ("heads", it));
    let tags = script.project.tags.iter().map(|it| ("tags", it));
    for (of_kind, (name, from)) in branches.chain(tags) {
        let of = world.repo(repo).map_err(refused)?;
        let at = of
            .tag_commit(from)
            .or_else(|| of.git.read_ref(&format!("refs/heads/{from}")));
        let at = at.ok_or(format!("the scenario's {name}: there is no {from}"))?;
        let made = RefEdit {
            name: format!("refs/{of_kind}/{name}"),
            old: Some(None),
            new: Some(at),
        };
        of.git.update_refs(&[made]).map_err(|e| e.to_string())?;
    }
    Ok(())
}

/// What a scenario says of the runs.
fn runs(world: &mut World, repo: u64, script: &Scenario) {
    let maintainer = world.add_user(Part::Maintainer.login());
    let Some(settings) = world.run_settings(repo) else {
        return;
    };
    let project = &script.project;
    settings.logs.extend(project.logs.clone());
    settings.unbuilt.extend(project.unbuilt.clone());
    for name in &project.protected {
        settings.protected.insert(name.clone(), vec![maintainer]);
    }
    for (file, takes) in &project.takes {
        settings.set_pace(file, 20_000, *takes);
    }
}

/// How long the workflows take; the document's times, shorter where a small
/// project is faster.
fn pace(world: &mut World, repo: u64) {
    let Some(repo) = world.repos.get_mut(&repo) else {
        return;
    };
    let settings = &mut repo.actions.settings;
    settings.set_pace("ci.yml", 20_000, 4 * MINUTE);
    settings.set_pace("publish.yml", 20_000, 6 * MINUTE);
    settings.set_pace("release.yml", 20_000, 13 * MINUTE);
    settings.set_pace("bundle.yml", 20_000, 5 * MINUTE);
}
