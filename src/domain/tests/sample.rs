//! Plain data of a small repository.

use crate::domain::ids::Sha;
use crate::domain::objects::{Asset, Base, Guards, Package, Release, Right, Workflow};
use crate::domain::workflow_file::WorkflowFile;

pub const CI: &str = "name: CI\non:\n  push:\n    branches: [main, 'hotfix/**']\n  pull_request:\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo test\n";
pub const PUBLISH: &str = "name: Publish\non:\n  push:\n    tags: ['v*']\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo publish\n";

/// A sha of one repeated digit.
pub fn sha(digit: char) -> Sha {
    Sha::new(digit.to_string().repeat(40))
}

/// A workflow file of this text.
pub fn workflow(file: &str, text: &str) -> Workflow {
    Workflow {
        path: format!(".github/workflows/{file}"),
        file: WorkflowFile::parse(text).expect("a workflow"),
        broken: None,
    }
}

/// 1.0.4 is released; a push of the branch tests, a tag publishes.
pub fn base() -> Base {
    Base {
        tag: "v1.0.4".into(),
        version: "1.0.4".into(),
        tag_object: sha('c'),
        commit: sha('0'),
        release: Some(Release {
            id: 1,
            assets: vec![Asset {
                name: "lantern-1.0.4.tar.gz".into(),
                uploaded: true,
                size: 10,
                ..Asset::default()
            }],
            ..Release::default()
        }),
        package: Package {
            name: "lantern".into(),
            manifest: "Cargo.toml".into(),
            lock: Some("Cargo.lock".into()),
            changelog: Some("CHANGELOG.md".into()),
            on_registry: true,
            ..Package::default()
        },
        workflows: vec![workflow("ci.yml", CI), workflow("publish.yml", PUBLISH)],
        taken: ["1.0.4".to_owned()].into(),
        ..Base::default()
    }
}

/// Settings that forbid nothing.
pub fn guards() -> Guards {
    let granted = Right::ALL.map(|right| (right.name().to_owned(), right.level().to_owned()));
    Guards {
        granted: Some(granted.into()),
        rulesets: Some(Vec::new()),
        environments: Some(Vec::new()),
        immutable: Some(false),
    }
}

pub const ASSESS: &str =
    "/hotfix assess condition=all-users workaround=no affected=100 approach=minimal";
