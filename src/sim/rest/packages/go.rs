//! Go's module proxy and its checksum database. A version is there once its tag is,
//! and then for ever; one that was asked for in vain is kept as absent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::shared::{answered, open, plain};
use crate::sim::clock::iso_millis;
use crate::sim::json::repo_page;
use crate::sim::model::packages::{Place, Release, module_tag};
use crate::sim::router::{Answer, Call, Reply, Route};
use crate::sim::world::World;

pub(super) fn routes() -> Vec<Route> {
    vec![
        open("/goproxy/{path*}", "goproxy/file", file),
        open("/gosum/lookup/{path*}", "gosum/lookup", lookup),
    ]
}

/// `!x` is `X`.
fn unescaped(text: &str) -> String {
    let mut all = String::new();
    let mut capital = false;
    for c in text.chars() {
        match c {
            '!' => capital = true,
            c if std::mem::take(&mut capital) => all.push(c.to_ascii_uppercase()),
            c => all.push(c),
        }
    }
    all
}

/// Whether a version may be one of the module's: from the second major version on its
/// path says which (go.dev/ref/mod#major-version-suffixes).
fn fits(module: &str, number: &str) -> bool {
    let major = number.split('.').next().unwrap_or_default();
    let last = module.rsplit(['/', '.']).next().unwrap_or_default();
    let said = last
        .strip_prefix('v')
        .filter(|it| it.parse::<u64>().is_ok());
    match said {
        Some(said) => said == major,
        None => matches!(major, "0" | "1"),
    }
}

/// The version, fetched from its tag if it is asked for the first time.
fn fetched(world: &mut World, module: &str, version: &str) -> Option<Release> {
    if let Some(known) = world.packages.release(Place::Go, module, version) {
        return Some(known.clone());
    }
    let now = world.now();
    if world.packages.is_kept_absent(now, module, version) {
        return None;
    }
    let repo = world.packages.modules.get(module).copied();
    let git = repo
        .and_then(|id| world.repos.get(&id))
        .map(|repo| &repo.git);
    let number = version.strip_prefix('v').filter(|it| fits(module, it));
    let tag = module_tag(module, number.unwrap_or_default());
    let commit = git.and_then(|git| git.peel(&git.read_ref(&format!("refs/tags/{tag}"))?));
    let folder = tag.rsplit_once('/').map(|(folder, _)| format!("{folder}/"));
    let path = format!("{}go.mod", folder.unwrap_or_default());
    let file = commit
        .as_ref()
        .zip(git)
        .and_then(|(commit, git)| git.file_at(commit, &path));
    let (Some(commit), Some(file)) = (commit, file) else {
        world.packages.keep_absent(now, module, version);
        return None;
    };
    let release = Release {
        version: version.to_owned(),
        files: [("go.mod".to_owned(), file)].into(),
        commit: Some(commit),
        at: now,
        listed: now,
        ..Release::default()
    };
    let done = world
        .packages
        .publish(Place::Go, module, release.clone(), None);
    done.ok().map(|()| release)
}

fn gone(module: &str, version: &str) -> Answer {
    plain(
        404,
        &format!("not found: {module}@{version}: invalid version: unknown revision {version}"),
    )
}

fn info(world: &World, module: &str, it: &Release) -> Value {
    let repo = world
        .packages
        .modules
        .get(module)
        .and_then(|id| world.repos.get(id));
    json!({
        "Version": it.version,
        "Time": iso_millis(it.at),
        "Origin": {
            "VCS": "git",
            "URL": repo.map(repo_page),
            "Hash": it.commit,
            "Ref": format!(
                "refs/tags/{}",
                module_tag(module, it.version.trim_start_matches('v'))
            ),
        },
    })
}

/// The versions that the proxy knows, or finds among the tags.
fn known(world: &World, module: &str) -> Vec<String> {
    let fetched = world.packages.package(Place::Go, module);
    let fetched = fetched.into_iter().flat_map(|it| &it.releases);
    let mut all: Vec<String> = fetched.map(|it| it.version.clone()).collect();
    let repo = world
        .packages
        .modules
        .get(module)
        .and_then(|id| world.repos.get(id));
    let pattern = module_tag(module, "");
    let folder = pattern.trim_end_matches('v');
    let tags = repo
        .map(|repo| repo.git.list_refs(&format!("refs/tags/{folder}v")))
        .unwrap_or_default();
    let before = format!("refs/tags/{folder}");
    let names = tags
        .iter()
        .filter_map(|(name, _)| name.strip_prefix(&before));
    let names = names.filter(|name| fits(module, name.trim_start_matches('v')));
    all.extend(names.map(str::to_owned));
    let number = |tag: &String| semver::Version::parse(tag.strip_prefix('v')?).ok();
    all.retain(|tag| number(tag).is_some());
    all.sort_by_key(number);
    all.dedup();
    all
}

fn file(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let path = unescaped(call.param("path"));
        if let Some(module) = path.strip_suffix("/@latest") {
            let latest = known(world, module).pop();
            return match latest.and_then(|it| fetched(world, module, &it)) {
                Some(it) => Answer::ok(info(world, module, &it)),
                None => gone(module, "latest"),
            };
        }
        let Some((module, file)) = path.split_once("/@v/") else {
            return plain(404, "not found");
        };
        if file == "list" {
            if !world.packages.modules.contains_key(module) {
                return plain(
                    404,
                    &format!("not found: module {module}: no matching versions"),
                );
            }
            let list = known(world, module).join("\n");
            return Answer::bytes("text/plain; charset=utf-8", list.into_bytes());
        }
        let version = file.trim_end_matches(".info").trim_end_matches(".mod");
        let Some(it) = fetched(world, module, version) else {
            return gone(module, version);
        };
        match file.ends_with(".mod") {
            true => Answer::bytes("text/plain", it.files["go.mod"].clone()),
            false => Answer::ok(info(world, module, &it)),
        }
    })
}

fn lookup(world: &mut World, call: &Call) -> Reply {
    answered(world, call, |world| {
        let path = unescaped(call.param("path"));
        let Some((module, version)) = path.split_once('@') else {
            return plain(400, "invalid module@version syntax");
        };
        let Some(it) = fetched(world, module, version) else {
            return gone(module, version);
        };
        let sum = |of: &str| STANDARD.encode(Sha256::digest(of));
        let commit = it.commit.unwrap_or_default();
        let text = format!(
            "1\n{module} {version} h1:{}\n{module} {version}/go.mod h1:{}\n\ngo.sum database tree\n1\n",
            sum(&commit),
            sum(&format!("{commit}/go.mod")),
        );
        Answer::bytes("text/plain; charset=UTF-8", text.into_bytes())
    })
}
