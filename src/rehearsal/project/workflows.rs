//! The workflows of a commit and what they are for, found by the stand-in's own
//! reading of the files: the server has another.

use std::collections::BTreeSet;

use super::config::{Config, file_name};
use crate::sim::Repo;
use crate::sim::actions::condition::Context;
use crate::sim::actions::infer::{Effect, effects};
use crate::sim::actions::triggers;
use crate::sim::actions::workflow::{Filter, Triggers, Workflow, parse};
use crate::sim::packages::Place;

const DIR: &str = ".github/workflows/";

/// The workflow files of a commit.
#[derive(Clone, Debug, Default)]
pub struct Workflows {
    all: Vec<WorkflowFile>,
}

/// One workflow file.
#[derive(Clone, Debug)]
pub struct WorkflowFile {
    /// The file's name without its folder.
    pub file: String,
    /// What it says, or why it cannot be read.
    pub read: Result<Workflow, String>,
    /// Whether its text asks for more than a test needs: a secret, a right to
    /// write, an environment.
    pub reaches: bool,
}

/// Whether a workflow's text asks for more than a test needs, or says so.
fn reaches(text: &str) -> bool {
    let lines = text
        .lines()
        .map(|line| line.split(" #").next().unwrap_or(line).trim());
    let mut lines = lines.filter(|line| !line.starts_with('#'));
    lines.any(|line| {
        let secret = line
            .replace("secrets.GITHUB_TOKEN", "")
            .contains("secrets.");
        let right = line.ends_with(": write") || line.ends_with("write-all");
        let said = ["deploy", "gh-pages", "publish"];
        let action = line.trim_start_matches("- ").strip_prefix("uses:");
        let writes = ["label", "release", "stale", "comment"];
        secret
            || right
            || line.starts_with("environment:")
            || said.iter().any(|w| line.contains(w))
            || action.is_some_and(|name| writes.iter().any(|w| name.contains(w)))
    })
}

/// What a hotfix needs of the workflows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// Files whose success on the head is required.
    pub tests: Vec<String>,
    /// Those of them that some paths alone start.
    pub by_path: Vec<String>,
    /// Files that publish to the registry.
    pub publish: Vec<String>,
    /// Files that make the GitHub release.
    pub release: Vec<String>,
    /// Files that the tag starts, or that are chained to those.
    pub tagged: Vec<String>,
}

impl Workflows {
    /// Reads the files of a commit.
    pub fn at(repo: &Repo, commit: &str) -> Workflows {
        let paths = repo.git.paths_at(commit, ".github/workflows");
        let is_workflow = |p: &&String| {
            let name = p.strip_prefix(DIR).unwrap_or_default();
            !name.contains('/') && (name.ends_with(".yml") || name.ends_with(".yaml"))
        };
        let one = |path: &String| {
            let bytes = repo.git.file_at(commit, path).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            WorkflowFile {
                file: file_name(path),
                read: parse(path, &text),
                reaches: reaches(&text),
            }
        };
        Workflows {
            all: paths.iter().filter(is_workflow).map(one).collect(),
        }
    }

    /// All files.
    pub fn iter(&self) -> impl Iterator<Item = &WorkflowFile> {
        self.all.iter()
    }

    /// A file that could be read.
    pub fn get(&self, file: &str) -> Option<&Workflow> {
        let found = self.all.iter().find(|f| f.file == file)?;
        found.read.as_ref().ok()
    }

    /// Whether a push to a branch starts the file; whether for some paths only.
    pub fn on_branch(&self, file: &str, branch: &str) -> Option<bool> {
        let on = &self.get(file)?.on;
        let filter = on.push.as_ref()?;
        let by_path = filter.paths.is_some() || filter.paths_ignore.is_some();
        let mut bare = on.clone();
        if let Some(push) = &mut bare.push {
            (push.paths, push.paths_ignore) = (None, None);
        }
        triggers::on_push(&bare, &format!("refs/heads/{branch}"), Vec::new).then_some(by_path)
    }

    /// Whether whatever tests with the file is for some paths only.
    fn is_by_path(&self, file: &str) -> bool {
        let Some(on) = self.get(file).map(|f| &f.on) else {
            return false;
        };
        let narrow = |f: &Filter| f.paths.is_some() || f.paths_ignore.is_some();
        let filters = [on.push.as_ref(), on.pull_request.as_ref()];
        filters.into_iter().flatten().all(narrow)
    }

    /// What the files are for: as configured, else by what starts them.
    pub fn roles(&self, config: &Config, main: &str, tag: &str) -> Roles {
        let tests = config.tests().unwrap_or_else(|| self.tests(main));
        let started = self.after_tag(tag);
        let tagged = config.release().unwrap_or(started);
        let does = |wanted: fn(&Effect) -> bool| {
            let of = |file: &&String| self.effects(file).iter().any(wanted);
            tagged.iter().filter(of).cloned().collect::<Vec<_>>()
        };
        let by_path = |file: &&String| self.is_by_path(file);
        Roles {
            by_path: tests.iter().filter(by_path).cloned().collect(),
            tests,
            // Images and charts stand beside the packages, and belong to the release.
            publish: does(|effect| match effect {
                Effect::Publish(_) => true,
                Effect::Package(it) => !matches!(it.place, Place::Oci | Place::Helm),
                _ => false,
            }),
            release: does(|e| matches!(e, Effect::CreateRelease { .. })),
            tagged: tagged.clone(),
        }
    }

    /// What runs on the default branch's pushes or on pull requests into it, and
    /// does nothing to the outside.
    fn tests(&self, main: &str) -> Vec<String> {
        let on_pull = |file: &str| {
            let filter = self.get(file).and_then(|f| f.on.pull_request.as_ref());
            filter.is_some_and(|filter| {
                let filter = Filter {
                    paths: None,
                    paths_ignore: None,
                    ..filter.clone()
                };
                let on = Triggers {
                    pull_request: Some(filter),
                    ..Triggers::default()
                };
                ["opened", "synchronize", "reopened"]
                    .iter()
                    .any(|action| triggers::on_pull_request(&on, action, main, Vec::new))
            })
        };
        // What a push to the default branch alone starts may as well deploy.
        let harmless = |f: &WorkflowFile| !f.reaches && self.effects(&f.file).is_empty();
        // What fills caches for others' runs tests nothing.
        let fills = |f: &WorkflowFile| {
            let name = f.file.to_ascii_lowercase();
            let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
            words.any(|word| matches!(word, "cache" | "caches" | "caching"))
        };
        let fits = |f: &&WorkflowFile| {
            on_pull(&f.file) || self.on_branch(&f.file, main).is_some() && harmless(f) && !fills(f)
        };
        self.all
            .iter()
            .filter(fits)
            .map(|f| f.file.clone())
            .collect()
    }

    /// What the tag starts, and what is chained to that.
    fn after_tag(&self, tag: &str) -> Vec<String> {
        let name = format!("refs/tags/{tag}");
        let mut found: BTreeSet<&str> = BTreeSet::new();
        let readable = || self.all.iter().filter(|f| f.read.is_ok());
        for file in readable() {
            let on = self.get(&file.file).map(|w| &w.on);
            if on.is_some_and(|on| triggers::on_push(on, &name, Vec::new)) {
                found.insert(&file.file);
            }
        }
        // GitHub follows three links at most.
        for _ in 0..3 {
            let names: Vec<String> = found
                .iter()
                .filter_map(|file| self.get(file).map(|w| w.name.clone()))
                .collect();
            for file in readable() {
                let on = self.get(&file.file).map(|w| &w.on);
                let chained = |on| {
                    let by =
                        |parent: &String| triggers::on_workflow_run(on, parent, "completed", tag);
                    names.iter().any(by)
                };
                if on.is_some_and(chained) {
                    found.insert(&file.file);
                }
            }
        }
        let all = self.all.iter().filter(|f| found.contains(f.file.as_str()));
        all.map(|f| f.file.clone()).collect()
    }

    /// What its steps do, those of the workflows it calls included.
    fn effects(&self, file: &str) -> Vec<Effect> {
        let Some(flow) = self.get(file) else {
            return Vec::new();
        };
        let called = flow.jobs.iter().filter_map(|job| {
            let uses = job.uses.as_deref()?.strip_prefix("./")?;
            let name = file_name(uses);
            (name != file).then_some(name)
        });
        let called: Vec<String> = called.collect();
        let own = flow.jobs.iter().flat_map(|job| &job.steps);
        let inner = called
            .iter()
            .filter_map(|name| self.get(name))
            .flat_map(|f| f.jobs.iter().flat_map(|job| &job.steps));
        own.chain(inner)
            .flat_map(|step| effects(step, &Context::default(), false))
            .collect()
    }
}
