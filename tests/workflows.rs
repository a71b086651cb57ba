//! What the workflow files of public repositories may do to the outside, as the
//! bot reads it: counted over all of them, and listed to be judged by hand.
//!
//! It reads clones of public repositories, so it runs by hand:
//! `WORKFLOWS=FOLDER cargo test --test workflows -- --ignored --nocapture`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use hotfix_bot::domain::objects::Workflow;
use hotfix_bot::domain::procedure::harm::harm;
use hotfix_bot::domain::workflow_file::WorkflowFile;

#[test]
#[ignore = "needs a folder of clones in WORKFLOWS"]
fn the_workflow_files_of_public_repositories() {
    let folder = std::env::var("WORKFLOWS").expect("WORKFLOWS names a folder of clones");
    let mut clones: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect();
    clones.sort();
    let (mut harmless, mut not, mut unread) = (0, 0, 0);
    let mut by_kind: BTreeMap<String, usize> = BTreeMap::new();
    for path in clones {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.replace('+', "/");
        let all = workflows(&path);
        for found in &all {
            let file = found.name();
            if let Some(why) = &found.broken {
                unread += 1;
                println!("{name} {file}: unread: {why}");
                continue;
            }
            let acts = harm(&all, &[], file);
            if acts.is_empty() {
                harmless += 1;
                println!("{name} {file}: harmless");
                continue;
            }
            not += 1;
            let said = acts.iter().map(|(job, act)| format!("{job}: {act:?}"));
            println!("{name} {file}: {}", said.collect::<Vec<_>>().join("; "));
            let mut kinds: Vec<String> = acts.iter().map(|(_, act)| kind(act)).collect();
            kinds.sort();
            kinds.dedup();
            for kind in kinds {
                *by_kind.entry(kind).or_default() += 1;
            }
        }
    }
    println!("\n{harmless} harmless, {not} not, {unread} that cannot be read");
    for (kind, count) in by_kind {
        println!("{count} {kind}");
    }
}

/// The kind of an act, without what it names.
fn kind(act: &impl std::fmt::Debug) -> String {
    let text = format!("{act:?}");
    let end = text.find(['(', ' ']).unwrap_or(text.len());
    text.get(..end).unwrap_or(&text).to_owned()
}

/// The workflow files of a clone's default branch.
fn workflows(clone: &Path) -> Vec<Workflow> {
    let place = [clone.join("repo"), clone.to_owned()];
    let place = place.iter().find(|place| place.is_dir()).expect("a folder");
    let git = |args: &[&str]| {
        let done = Command::new("git").arg("-C").arg(place).args(args).output();
        let done = done.expect("git");
        String::from_utf8_lossy(&done.stdout).into_owned()
    };
    let list = git(&["ls-tree", "--name-only", "HEAD", ".github/workflows/"]);
    let is_workflow = |path: &&str| path.ends_with(".yml") || path.ends_with(".yaml");
    let read = |path: &str| {
        let text = git(&["cat-file", "blob", &format!("HEAD:{path}")]);
        let (file, broken) = match WorkflowFile::parse(&text) {
            Ok(file) => (file, None),
            Err(why) => (WorkflowFile::default(), Some(why.to_string())),
        };
        Workflow {
            path: path.to_owned(),
            file,
            broken,
        }
    };
    list.lines().filter(is_workflow).map(read).collect()
}
