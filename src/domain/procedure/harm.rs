//! What running a workflow could do to the outside, with the files of the
//! repository that its jobs call, and its own actions that they use.

use std::collections::BTreeSet;

use super::branch::Branched;
use crate::domain::objects::{LocalAction, Workflow};
use crate::domain::workflow_file::{Act, files_of, is_own, only_looks};

/// Each job, with one thing that it may do; empty: it is harmless.
pub type Harm = Vec<(String, Act)>;

/// GitHub lets workflows call each other no deeper.
const DEPTH: usize = 10;

/// So many actions of a repository are read; what lies beyond is not harmless.
const ACTIONS: usize = 20;

/// So many files of its scripts and targets, likewise, and so many targets.
const SCRIPTS: usize = 40;
const TARGETS: usize = 400;

/// What a run on the hotfix branch could do: GitHub takes the head's files.
pub fn at_head(branched: &Branched, file: &str) -> Harm {
    let here = branched.head.as_ref().map(|head| head.actions.as_slice());
    let actions = [here.unwrap_or_default(), &branched.base.actions];
    harm(branched.at_tag(), &actions, file)
}

/// What a run could do by the base's files.
pub fn at_base(branched: &Branched, file: &str) -> Harm {
    harm(&branched.base.workflows, &[&branched.base.actions], file)
}

/// What a run could do, by these files, and these actions, the first of a folder
/// first. What is not among them, or cannot be read, is not harmless.
pub fn harm(all: &[Workflow], actions: &[&[LocalAction]], file: &str) -> Harm {
    let mut way = Way {
        all,
        actions,
        found: Vec::new(),
    };
    way.follow(file, "", DEPTH);
    way.found
}

/// The folders of actions without which it cannot be told what a workflow ships
/// that a tag, a release, a merge or a person starts, or whether one is harmless
/// that tests; none where as many were read as are.
pub fn wanted(all: &[Workflow], known: &[LocalAction]) -> Vec<String> {
    let mut folders = shipping(all, known);
    folders.extend(testing(all, known));
    let mut once = BTreeSet::new();
    folders.retain(|folder| once.insert(folder.clone()));
    unread(folders, known)
}

/// Those that may ship, the ones first that the tag may start.
fn shipping(all: &[Workflow], known: &[LocalAction]) -> Vec<String> {
    let releases = |workflow: &Workflow| {
        let on = &workflow.file.on;
        let tags = on.push.as_ref().is_some_and(|on| on.tags.is_some());
        let called = on.workflow_call || on.workflow_run.is_some();
        let created = on.other.iter().any(|event| event == "create");
        tags || called || created || on.release.is_some() || on.workflow_dispatch.is_some()
    };
    let merges = |workflow: &Workflow| {
        let on = &workflow.file.on;
        let closed = [&on.pull_request, &on.pull_request_target];
        let mut types = closed.into_iter().flatten().flat_map(|on| &on.types);
        on.push.is_some() || types.any(|types| types.iter().any(|it| it == "closed"))
    };
    let (first, rest): (Vec<&Workflow>, Vec<&Workflow>) = all
        .iter()
        .filter(|it| releases(it) || merges(it))
        .partition(|it| releases(it));
    let mut folders: Vec<String> = first
        .into_iter()
        .chain(rest)
        .flat_map(|workflow| {
            let used = workflow.file.uses().chain(workflow.file.runs_own());
            used.map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    // What these use in their turn.
    let mut at = 0;
    while let Some(folder) = folders.get(at) {
        let action = known.iter().find(|action| action.folder == *folder);
        let ships = action.and_then(|action| action.ships.as_ref());
        let used = ships.into_iter().flatten();
        let used: Vec<String> = used.filter_map(|ship| ship.uses.clone()).collect();
        let used = used.into_iter().filter(|it| !folders.contains(it));
        let used: Vec<String> = used.collect();
        folders.extend(used);
        at += 1;
    }
    folders
}

/// Those that test and do nothing else to the outside.
fn testing(all: &[Workflow], known: &[LocalAction]) -> BTreeSet<String> {
    let asked = all.iter().filter(|workflow| {
        let on = &workflow.file.on;
        let pushed = on
            .push
            .as_ref()
            .is_some_and(|on| on.tags.is_none() || on.branches.is_some());
        pushed || on.pull_request.is_some() || on.workflow_dispatch.is_some()
    });
    let mut folders = BTreeSet::new();
    for workflow in asked {
        let harm = harm(all, &[known], workflow.name());
        let used = harm.into_iter().map(|(_, act)| match act {
            Act::Uses(folder) | Act::Runs(folder) => Some(folder),
            _ => None,
        });
        // Whatever else it does is enough.
        let used: Option<Vec<String>> = used.collect();
        folders.extend(used.into_iter().flatten());
    }
    folders
}

/// The folders of actions that are to be read at a head: those of the base that
/// it changes, and those that the changed workflows use beside the base's.
pub fn wanted_at_head(
    base: &[String],
    changed: &[String],
    workflows: &[Workflow],
    known: &[LocalAction],
) -> Vec<String> {
    let mut folders: BTreeSet<String> = changed.iter().cloned().collect();
    folders.extend(wanted(workflows, known));
    let acts = known.iter().flat_map(|action| action.acts.iter().flatten());
    folders.extend(acts.filter_map(|act| match act {
        Act::Uses(folder) => Some(folder.clone()),
        _ => None,
    }));
    let ships = known.iter().flat_map(|it| it.ships.iter().flatten());
    folders.extend(ships.filter_map(|ship| ship.uses.clone()));
    folders.retain(|folder| changed.contains(folder) || !base.contains(folder));
    unread(folders, known)
}

/// Those of these folders that are still to be read.
fn unread(folders: impl IntoIterator<Item = String>, known: &[LocalAction]) -> Vec<String> {
    let (scripts, actions): (Vec<&LocalAction>, Vec<&LocalAction>) =
        known.iter().partition(|it| is_own(&it.folder));
    let mut actions = ACTIONS.saturating_sub(actions.len());
    let mut targets = TARGETS.saturating_sub(scripts.len());
    // What stands in one file is read with it.
    let file = |key: &str| key.split('#').next().unwrap_or_default().to_owned();
    let mut files: BTreeSet<String> = scripts.iter().map(|it| file(&it.folder)).collect();
    let mut left = |folder: &String| {
        let left = match is_own(folder) {
            // What only the run knows is in no file.
            true if folder.starts_with('?') => return false,
            true => {
                let file = file(folder);
                if files.len() >= SCRIPTS && !files.contains(&file) {
                    return false;
                }
                files.insert(file);
                &mut targets
            }
            false => &mut actions,
        };
        let more = *left > 0;
        *left = left.saturating_sub(1);
        more
    };
    let new = |folder: &String| known.iter().all(|it| it.folder != *folder);
    let all = folders.into_iter().filter(new);
    all.filter(|folder| left(folder)).collect()
}

/// The folders of those actions whose own file is among these paths.
pub fn changed<'p>(
    folders: &[String],
    paths: impl Iterator<Item = &'p str> + Clone,
) -> Vec<String> {
    let touched = |folder: &&String| {
        let files = files(folder);
        let is_its = |path: &str| files.iter().any(|file| file == path);
        paths.clone().any(is_its)
    };
    folders.iter().filter(touched).cloned().collect()
}

/// Where the file of an action or a script stands: one of these, the first that is
/// there.
pub fn files(folder: &str) -> Vec<String> {
    if is_own(folder) {
        return files_of(folder);
    }
    let within = |name: &str| match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    };
    vec![within("action.yml"), within("action.yaml")]
}

struct Way<'a> {
    all: &'a [Workflow],
    actions: &'a [&'a [LocalAction]],
    found: Harm,
}

impl Way<'_> {
    fn add(&mut self, job: &str, act: Act) {
        let one = (job.to_owned(), act);
        if !self.found.contains(&one) {
            self.found.push(one);
        }
    }

    fn follow(&mut self, file: &str, caller: &str, depth: usize) {
        let workflow = self.all.iter().find(|w| w.name() == file);
        let Some(workflow) = workflow.filter(|w| w.broken.is_none() && depth > 0) else {
            return self.add(caller, Act::Calls(file.to_owned()));
        };
        let mut calls = Vec::new();
        for (job, act) in workflow.file.harm() {
            let name = match (caller, job.as_str()) {
                ("", _) => job.clone(),
                (_, "") => caller.to_owned(),
                _ => format!("{caller} / {job}"),
            };
            let of = workflow.file.jobs.iter().find(|of| of.id == job);
            match (of.and_then(|of| of.called()), act) {
                (Some(called), Act::Calls(_)) => calls.push((name, called)),
                (_, Act::Uses(folder)) => self.used(folder, &name),
                (_, act) => self.add(&name, act),
            }
        }
        for job in &workflow.file.jobs {
            let name = match caller {
                "" => job.id.clone(),
                _ => format!("{caller} / {}", job.id),
            };
            let used = job.ships.iter().filter_map(|ship| ship.uses.as_ref());
            for key in used.filter(|key| is_own(key)) {
                self.used(key.clone(), &name);
            }
        }
        for (name, called) in calls {
            self.follow(&called, &name, depth - 1);
        }
    }

    /// What an action or a script does, with those that it uses.
    fn used(&mut self, folder: String, job: &str) {
        let (mut open, mut known) = (vec![folder], BTreeSet::new());
        while let Some(folder) = open.pop() {
            if !known.insert(folder.clone()) {
                continue;
            }
            let mut all = self.actions.iter().flat_map(|all| all.iter());
            let action = all.find(|action| action.folder == folder);
            let Some(acts) = action.and_then(|action| action.acts.clone()) else {
                match is_own(&folder) {
                    false => self.add(job, Act::Uses(folder)),
                    // What was looked for and is not there is none of the repository's.
                    true if action.is_some() => {}
                    // Its name is not known whole, and says enough.
                    true if folder.starts_with('?') && only_looks(&folder) => {}
                    true => self.add(job, Act::Runs(folder)),
                }
                continue;
            };
            for act in acts {
                match act {
                    Act::Uses(folder) => open.push(folder),
                    act => self.add(job, act),
                }
            }
            let ships = action.and_then(|action| action.ships.as_ref());
            let used = ships.into_iter().flatten().filter_map(|it| it.uses.clone());
            open.extend(used.filter(|key| is_own(key)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::workflow_file::WorkflowFile;

    fn file(name: &str, jobs: &str) -> Workflow {
        let text = format!("on: push\njobs: {{{jobs}}}\n");
        Workflow {
            path: format!(".github/workflows/{name}"),
            file: WorkflowFile::parse(&text).unwrap(),
            broken: None,
        }
    }

    fn action(folder: &str, steps: &str) -> LocalAction {
        let text = format!("runs: {{using: composite, steps: [{steps}]}}");
        LocalAction::read(folder.to_owned(), Some(&text))
    }

    #[test]
    fn called_files_are_followed_and_nothing_else_is() {
        let call = |id: &str, what: &str| format!("{id}: {{uses: {what}}}");
        let of = |what: &str| {
            let all = [
                file("a.yml", &call("a", what)),
                file("good.yml", "t: {steps: [{run: cargo test}]}"),
                file("bad.yml", "p: {steps: [{run: npm publish}]}"),
                file("deep.yml", &call("d", "./.github/workflows/bad.yml")),
                file("round.yml", &call("r", "./.github/workflows/round.yml")),
            ];
            harm(&all, &[], "a.yml")
        };
        assert_eq!(of("./.github/workflows/good.yml"), []);
        let npm = Act::Publishes { what: "npm".into() };
        let found = of("./.github/workflows/bad.yml");
        assert_eq!(found, [("a / p".to_owned(), npm.clone())]);
        // Of the commit that runs: the same file.
        assert_eq!(of("$/.github/workflows/bad.yml"), found);
        let found = of("./.github/workflows/deep.yml");
        assert_eq!(found, [("a / d / p".to_owned(), npm)]);
        for what in [
            "./.github/workflows/round.yml",
            "./.github/workflows/gone.yml",
            "a/b/.github/workflows/test.yml@main",
            "\"./.github/workflows/${{ x }}.yml\"",
        ] {
            assert!(!of(what).is_empty(), "{what}");
        }
        assert!(!harm(&[], &[], "a.yml").is_empty());
    }

    #[test]
    fn own_actions_are_judged_by_their_steps() {
        let npm = || Act::Publishes { what: "npm".into() };
        let uses = |folder: &str| Act::Uses(folder.to_owned());
        let actions = [
            action("setup", "{run: cargo fetch}"),
            action("release-notes", "{run: cat notes.md}"),
            action("build", "{run: npm publish, shell: bash}"),
            action("outer", "{uses: ./setup}, {uses: ./build}"),
            action("round", "{uses: ./round}"),
            action("lost", "{uses: ./gone}"),
            action(
                "given",
                "{uses: docker/build-push-action@v6, with: {push: '${{ inputs.push }}'}}",
            ),
            LocalAction::read(
                "program".to_owned(),
                Some("runs: {using: node20, main: x.js}"),
            ),
        ];
        let of = |what: &str| {
            let all = [file("a.yml", &format!("t: {{steps: [{{uses: {what}}}]}}"))];
            let found = harm(&all, &[&actions], "a.yml");
            found.into_iter().map(|(_, act)| act).collect::<Vec<_>>()
        };
        for (what, acts) in [
            ("./setup", vec![]),
            ("./setup/", vec![]),
            ("././setup", vec![]),
            // Its name says nothing once its steps are known.
            ("./release-notes", vec![]),
            ("./round", vec![]),
            ("./build", vec![npm()]),
            ("$/build", vec![npm()]),
            ("./outer", vec![npm()]),
            ("./lost", vec![uses("gone")]),
            ("./gone", vec![uses("gone")]),
            ("./", vec![uses("")]),
            ("./program", vec![uses("program")]),
            (
                "./given",
                vec![Act::Publishes {
                    what: "an image".into(),
                }],
            ),
        ] {
            assert_eq!(of(what), acts, "{what}");
        }
        // One that the head changes counts before the base's.
        let here = [action("setup", "{run: npm publish, shell: bash}")];
        let all = [file("a.yml", "t: {steps: [{uses: ./setup}]}")];
        let found = harm(&all, &[&here, &actions], "a.yml");
        assert_eq!(found, [("t".to_owned(), npm())]);
    }

    #[test]
    fn only_what_tells_is_read() {
        let text = |on: &str, steps: &str| {
            let text = format!("on: {on}\njobs: {{t: {{steps: [{steps}]}}}}\n");
            WorkflowFile::parse(&text).unwrap()
        };
        let of = |on: &str, steps: &str, known: &[LocalAction]| {
            let all = [Workflow {
                path: ".github/workflows/a.yml".to_owned(),
                file: text(on, steps),
                broken: None,
            }];
            wanted(&all, known)
        };
        let setup = "{uses: ./setup}";
        assert_eq!(of("push", setup, &[]), ["setup"]);
        assert_eq!(of("{push: {branches: [main]}}", setup, &[]), ["setup"]);
        assert_eq!(of("workflow_dispatch", setup, &[]), ["setup"]);
        assert_eq!(of("pull_request", setup, &[]), ["setup"]);
        let none: &[&str] = &[];
        // What the tag, a release or a merge starts may ship by it.
        let more = "{uses: ./setup}, {run: npm publish}";
        for on in [
            "{push: {tags: [v*]}}",
            "{release: {types: [published]}}",
            "create",
            "workflow_call",
            "push",
            "{pull_request: {types: [closed]}}",
        ] {
            assert_eq!(of(on, more, &[]), ["setup"], "{on}");
        }
        assert_eq!(of("pull_request", more, &[]), none);
        assert_eq!(of("{schedule: [{cron: x}]}", setup, &[]), none);
        let known = [action("setup", "{uses: ./inner}")];
        assert_eq!(of("push", setup, &known), ["inner"]);
        let dead = [LocalAction::read("setup".to_owned(), None)];
        assert_eq!(of("push", setup, &dead), none);
        let many: Vec<LocalAction> = (0..ACTIONS).map(|n| action(&n.to_string(), "")).collect();
        assert_eq!(of("push", setup, &many), none);
    }

    #[test]
    fn an_action_is_changed_by_its_own_file() {
        let folders = ["a/b".to_owned(), String::new()];
        let of = |path: &str| changed(&folders, [path].into_iter());
        assert_eq!(of("a/b/action.yaml"), ["a/b"]);
        assert_eq!(of("action.yml"), [""]);
        for other in ["a/b/run.sh", "a/action.yml", "x/action.yml"] {
            assert!(of(other).is_empty(), "{other}");
        }
    }
}
