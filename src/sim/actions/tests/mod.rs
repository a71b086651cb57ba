//! Runs from the trigger to what their success does, on real git.

mod chains;
mod contract;
mod events;
mod lifecycle;
mod over_http;
mod rest;
mod shipping;

use std::path::Path;

use serde_json::Value;

use super::listen::on_push;
use super::{PushInfo, Run};
use crate::sim::answer::Answer;
use crate::sim::auth::Actor;
use crate::sim::clock::{Millis, SimClock};
use crate::sim::due::run_job;
use crate::sim::router::{Body, Call, Router};
use crate::sim::setup::{NewApp, Seed, TEST_APP_KEY};
use crate::sim::world::{Who, World};
use crate::sim::{SimOptions, releases, rest as routes};

pub(super) const START: Millis = 1_769_850_000_000;
const CI: &str = "name: CI\non:\n  push:\n    branches: [main, 'hotfix/**']\n  pull_request:\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo test\n";
pub(super) const PUBLISH: &str = "name: Publish\non:\n  push:\n    tags: ['v*']\njobs:\n  check:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo test\n  publish:\n    needs: check\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo publish\n";
const RELEASE: &str = "name: Release\non:\n  push:\n    tags: ['v*']\njobs:\n  build:\n    runs-on: ubuntu-latest\n    strategy:\n      matrix:\n        os: [linux, mac]\n    steps:\n      - run: cargo build --release\n  release:\n    needs: build\n    runs-on: ubuntu-latest\n    steps:\n      - run: gh release create \"$GITHUB_REF_NAME\" --generate-notes dist/*\n";
const BUNDLE: &str = "name: Bundle\non:\n  workflow_dispatch:\n    inputs:\n      version:\n        required: true\n      kind:\n        default: full\njobs:\n  bundle:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make bundle\n";
pub(super) const CARGO: &str = "[package]\nname = \"caro\"\nversion = \"1.0.5\"\n";

/// A world with one repository, its workflows on main, and 1.0.4 released.
pub(super) struct Stage {
    pub world: World,
    pub repo: u64,
    pub head: String,
    _dir: tempfile::TempDir,
}

pub(super) fn stage(more: &[(&str, &str)]) -> Stage {
    let dir = tempfile::tempdir().unwrap();
    let mut world = bare_world(dir.path());
    let owner = world.add_user("mona");
    let repo = world.create_repo("mona", "caro", false).unwrap();
    let mut files: Vec<(&str, Option<&str>)> = vec![
        ("Cargo.toml", Some(CARGO)),
        (".github/workflows/ci.yml", Some(CI)),
        (".github/workflows/publish.yml", Some(PUBLISH)),
        (".github/workflows/release.yml", Some(RELEASE)),
        (".github/workflows/bundle.yml", Some(BUNDLE)),
    ];
    files.extend(more.iter().map(|(path, text)| (*path, Some(*text))));
    let app = NewApp {
        slug: "hotfix",
        owner: "mona",
        key_pem: TEST_APP_KEY,
        webhook_secret: "s",
        permissions: &[
            ("contents", "write"),
            ("actions", "write"),
            ("checks", "write"),
        ],
        events: &[],
    };
    let app = world.add_app(&app).unwrap();
    world.install_app(app, &[repo]).unwrap();
    let seed = Seed {
        author: "mona",
        message: "Begin",
        at: START - 1_000_000,
        files: &files,
    };
    let head = world.seed(repo, "main", &[seed]).unwrap();
    world
        .seed_tag(repo, "v1.0.4", &head, Some("v1.0.4"))
        .unwrap();
    let assets = ["caro-1.0.4-linux.tar.gz", "caro-1.0.4-linux.tar.gz.sha256"];
    releases::seed(
        &mut world,
        repo,
        "v1.0.4",
        owner,
        "Old",
        START - 500_000,
        &assets,
    );
    world
        .registry
        .publish_existing(START - 500_000, "caro", "1.0.4")
        .unwrap();
    Stage {
        world,
        repo,
        head,
        _dir: dir,
    }
}

impl Stage {
    /// Moves the clock on by `ms`, stopping at everything that becomes due.
    pub fn pass(&mut self, ms: Millis) {
        let end = self.world.now() + ms;
        while let Some((due, id)) = self.world.schedule.keys().next().copied() {
            if due > end {
                break;
            }
            self.world.clock.advance_to(due);
            if let Some(job) = self.world.schedule.remove(&(due, id)) {
                run_job(&mut self.world, job);
            }
        }
        self.world.clock.advance_to(end);
    }

    pub fn owner(&self) -> Who {
        Who::person(self.world.user_by_login("mona").unwrap().id)
    }

    /// A push of a ref at main's head, by the owner.
    pub fn push(&mut self, ref_name: &str, target: &str) {
        let push = PushInfo {
            ref_name: ref_name.to_owned(),
            before: None,
            after: Some(target.to_owned()),
            after_commit: Some(self.head.clone()),
            who: self.owner(),
        };
        on_push(&mut self.world, self.repo, &push);
    }

    /// Creates and pushes an annotated tag on main's head.
    pub fn push_tag(&mut self, tag: &str) -> String {
        let target = self
            .world
            .seed_tag(self.repo, tag, &self.head.clone(), Some(tag))
            .unwrap();
        self.push(&format!("refs/tags/{tag}"), &target);
        target
    }

    pub fn runs(&self) -> Vec<&Run> {
        self.world.repos[&self.repo].actions.runs.values().collect()
    }

    pub fn run_of(&self, file: &str) -> &Run {
        self.runs()
            .into_iter()
            .rev()
            .find(|r| r.path.ends_with(file))
            .unwrap()
    }

    pub fn inferred(&self) -> Vec<String> {
        let all = &self.world.repos[&self.repo].actions.inferred;
        all.iter().map(|i| i.what.clone()).collect()
    }

    /// Event, action and payload of every delivery so far.
    pub fn deliveries(&self) -> Vec<(String, String, Value)> {
        let all = self.world.deliveries.all.iter();
        all.map(|d| {
            let action = d.action.clone().unwrap_or_default();
            (
                d.event.clone(),
                action,
                serde_json::from_str(&d.body).unwrap(),
            )
        })
        .collect()
    }

    /// One call as the owner, past the checks of tokens: status and body, and
    /// what the published description says against it.
    pub fn ask(&mut self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let user = self.owner().user;
        self.ask_as(Actor::User { user, app: None }, method, path, body)
    }

    pub fn ask_as(&mut self, actor: Actor, method: &str, path: &str, body: Value) -> (u16, Value) {
        let router = Router::new(routes::routes());
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let full = if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("/repos/mona/caro/{path}")
        };
        let (route, params) = router
            .find(method, &full)
            .unwrap_or_else(|| panic!("{full}"));
        let query = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let headers = [("user-agent".to_owned(), "test".to_owned())].into();
        let call = Call {
            method: method.to_owned(),
            path: full,
            params,
            query,
            headers,
            raw: body.to_string().into_bytes(),
            body,
            actor,
            repo: self.repo,
        };
        let answer = (route.run)(&mut self.world, &call).unwrap_or_else(Answer::from);
        let json = match answer.body {
            Body::Json(json) => json,
            Body::Bytes(_, bytes) => Value::String(String::from_utf8_lossy(&bytes).into_owned()),
            Body::Empty => Value::Null,
        };
        contract::check(route.operation, answer.status, &json);
        (answer.status, json)
    }
}

fn bare_world(dir: &Path) -> World {
    let options = SimOptions {
        dir: dir.to_owned(),
        clock: SimClock::owned(START),
        index_lag_ms: 0,
        fresh_token_refusals: 0,
    };
    World::new(&options, dir.to_owned(), "http://127.0.0.1:1".to_owned())
}
