//! Reading a workflow file.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

pub use super::parts::{Filter, Input, JobDef, StepDef, Triggers, Workflow};
use super::parts::{text_of, texts_of};
use super::{matrix, yaml};

/// Reads a workflow file.
///
/// # Errors
/// A sentence on what is wrong with the file, when it is not YAML, or lacks
/// `on` or `jobs`, or a job is not well-formed.
pub fn parse(path: &str, text: &str) -> Result<Workflow, String> {
    let root: Value = yaml::value(text).map_err(|e| format!("{path}: {e}"))?;
    let root = root
        .as_object()
        .ok_or(format!("{path}: expected a mapping at the top"))?;
    // A YAML 1.1 reader takes the bare key `on` for the boolean.
    let on = ["on", "true", "True"].iter().find_map(|k| root.get(*k));
    let on = triggers(on.ok_or(format!("{path}: no event triggers defined in `on`"))?)
        .map_err(|e| format!("{path}: {e}"))?;
    let jobs = root
        .get("jobs")
        .and_then(Value::as_object)
        .filter(|jobs| !jobs.is_empty())
        .ok_or(format!("{path}: expected at least one job in `jobs`"))?;
    let mut spread = Vec::new();
    for (id, job) in jobs {
        spread.extend(job_defs(id, job).map_err(|e| format!("{path}: {e}"))?);
    }
    for job in &spread {
        if let Some(missing) = job.needs.iter().find(|n| !jobs.contains_key(*n)) {
            return Err(format!(
                "{path}: job `{}` needs the unknown job `{missing}`",
                job.id
            ));
        }
    }
    let name = root
        .get("name")
        .and_then(text_of)
        .unwrap_or_else(|| path.to_owned());
    Ok(Workflow {
        path: path.to_owned(),
        name,
        on,
        jobs: spread,
    })
}

/// The `name:` of a file whether or not the rest of it can be read.
pub fn name_of_broken(path: &str, text: &str) -> String {
    yaml::value(text)
        .ok()
        .and_then(|v| v.get("name").and_then(text_of))
        .unwrap_or_else(|| path.to_owned())
}

fn triggers(on: &Value) -> Result<Triggers, String> {
    let mut triggers = Triggers::default();
    let mut add = |event: &str, below: &Value| -> Result<(), String> {
        let filter = filter(event, below)?;
        match event {
            "push" => triggers.push = Some(filter),
            "pull_request" => triggers.pull_request = Some(filter),
            "release" => triggers.release = Some(filter),
            "workflow_run" => triggers.workflow_run = Some(filter),
            "workflow_dispatch" => triggers.workflow_dispatch = Some(inputs(below)),
            _ => triggers.others.push(event.to_owned()),
        }
        Ok(())
    };
    match on {
        Value::String(event) => add(event, &Value::Null)?,
        Value::Array(events) => {
            for event in events {
                let event = event
                    .as_str()
                    .ok_or("`on` lists something that is no event")?;
                add(event, &Value::Null)?;
            }
        }
        Value::Object(events) => {
            for (event, below) in events {
                add(event, below)?;
            }
        }
        _ => return Err("`on` is neither an event, a list nor a mapping".to_owned()),
    }
    Ok(triggers)
}

fn filter(event: &str, below: &Value) -> Result<Filter, String> {
    let empty = Map::new();
    let below = match below {
        Value::Null => &empty,
        Value::Object(map) => map,
        // `schedule` has a list.
        _ if event == "schedule" => &empty,
        _ => return Err(format!("`on.{event}` is not a mapping")),
    };
    // A key without a value is none.
    let list = |key: &str| below.get(key).filter(|it| !it.is_null()).map(texts_of);
    let filter = Filter {
        branches: list("branches"),
        branches_ignore: list("branches-ignore"),
        tags: list("tags"),
        tags_ignore: list("tags-ignore"),
        paths: list("paths"),
        paths_ignore: list("paths-ignore"),
        types: list("types"),
        workflows: list("workflows"),
    };
    for (a, b, what) in [
        (&filter.branches, &filter.branches_ignore, "branches"),
        (&filter.tags, &filter.tags_ignore, "tags"),
        (&filter.paths, &filter.paths_ignore, "paths"),
    ] {
        if a.is_some() && b.is_some() {
            return Err(format!(
                "`on.{event}` has both `{what}` and `{what}-ignore`"
            ));
        }
    }
    if event == "workflow_run" && filter.workflows.as_ref().is_none_or(Vec::is_empty) {
        return Err("`on.workflow_run` names no `workflows`".to_owned());
    }
    Ok(filter)
}

fn inputs(below: &Value) -> Vec<Input> {
    let Some(inputs) = below.get("inputs").and_then(Value::as_object) else {
        return Vec::new();
    };
    let read = |(name, input): (&String, &Value)| Input {
        name: name.clone(),
        required: input
            .get("required")
            .and_then(Value::as_bool)
            .unwrap_or(false),
        default: input.get("default").and_then(text_of),
    };
    inputs.iter().map(read).collect()
}

fn job_defs(id: &str, job: &Value) -> Result<Vec<JobDef>, String> {
    let map = job
        .as_object()
        .ok_or(format!("job `{id}` is not a mapping"))?;
    let uses = map.get("uses").and_then(text_of);
    let steps = match map.get("steps") {
        Some(Value::Array(steps)) => step_defs(steps)?,
        Some(_) => return Err(format!("`jobs.{id}.steps` is not a list")),
        None if uses.is_some() => Vec::new(),
        None => return Err(format!("job `{id}` has neither `steps` nor `uses`")),
    };
    if uses.is_none() && !map.contains_key("runs-on") {
        return Err(format!("job `{id}` has no `runs-on`"));
    }
    let environment = match map.get("environment") {
        Some(Value::Object(env)) => env.get("name").and_then(text_of),
        Some(other) => text_of(other),
        None => None,
    };
    let def = JobDef {
        id: id.to_owned(),
        name: map
            .get("name")
            .and_then(text_of)
            .unwrap_or_else(|| id.to_owned()),
        needs: map.get("needs").map(texts_of).unwrap_or_default(),
        environment,
        condition: map.get("if").and_then(text_of),
        runs_on: map.get("runs-on").map(texts_of).unwrap_or_default(),
        uses,
        steps,
        matrix: BTreeMap::new(),
    };
    let named = map.contains_key("name");
    Ok(match map.get("strategy").and_then(|s| s.get("matrix")) {
        Some(of) => matrix::spread(&def, named, of),
        None => vec![def],
    })
}

/// The steps in order. Those of a group that runs side by side stand one after
/// another, and what only waits for a step, or ends one, is none.
pub(super) fn step_defs(steps: &[Value]) -> Result<Vec<StepDef>, String> {
    const OF_OTHERS: [&str; 3] = ["wait", "wait-all", "cancel"];
    let mut all = Vec::new();
    for step in steps {
        match step.get("parallel") {
            Some(Value::Array(group)) => all.extend(step_defs(group)?),
            Some(_) => return Err("`parallel` is not a list".to_owned()),
            None if OF_OTHERS.iter().any(|key| step.get(key).is_some()) => {}
            None => all.push(step_def(step)?),
        }
    }
    Ok(all)
}

fn step_def(step: &Value) -> Result<StepDef, String> {
    let map = step.as_object().ok_or("a step is not a mapping")?;
    let run = map.get("run").and_then(text_of);
    let uses = map.get("uses").and_then(text_of);
    if run.is_none() && uses.is_none() {
        return Err("a step has neither `run` nor `uses`".to_owned());
    }
    let shown = match (&run, &uses) {
        (Some(run), _) => format!("Run {}", run.lines().next().unwrap_or_default()),
        (None, uses) => format!("Run {}", uses.as_deref().unwrap_or_default()),
    };
    let with = map.get("with").and_then(Value::as_object);
    let with = with.into_iter().flatten();
    Ok(StepDef {
        name: map.get("name").and_then(text_of).unwrap_or(shown),
        with: with
            .filter_map(|(k, v)| Some((k.clone(), text_of(v)?)))
            .collect(),
        condition: map.get("if").and_then(text_of),
        dir: map.get("working-directory").and_then(text_of),
        run,
        uses,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOBS: &str = "jobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make\n";

    #[test]
    fn steps_side_by_side_are_steps() {
        let text = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - parallel:\n          - run: one\n          - run: two\n      - {id: s, run: three, background: true}\n      - wait: s\n      - wait-all:\n      - run: four\n";
        let file = parse("w.yml", text).unwrap();
        let runs = file.jobs.iter().flat_map(|job| &job.steps);
        let runs: Vec<_> = runs.filter_map(|step| step.run.as_deref()).collect();
        assert_eq!(runs, ["one", "two", "three", "four"]);
        let wrong = text.replace(
            "parallel:\n          - run: one\n          - run: two",
            "parallel: 1",
        );
        assert!(parse("w.yml", &wrong).is_err());
    }

    #[test]
    fn on_has_three_forms() {
        let one = parse("w.yml", &format!("on: push\n{JOBS}")).unwrap();
        assert!(one.on.push.is_some() && one.on.pull_request.is_none());
        assert_eq!(one.name, "w.yml", "without a name the path stands for it");
        let list = parse("w.yml", &format!("on: [push, pull_request]\n{JOBS}")).unwrap();
        assert!(list.on.push.is_some() && list.on.pull_request.is_some());
        let map = "name: Ship\n'on':\n  push:\n    tags: ['v*']\n  workflow_dispatch:\n    inputs:\n      version:\n        required: true\n      dry:\n        default: false\n  schedule:\n    - cron: '0 0 * * *'\n";
        let map = parse("w.yml", &format!("{map}{JOBS}")).unwrap();
        assert_eq!(map.name, "Ship");
        assert_eq!(map.on.push.unwrap().tags.unwrap(), ["v*"]);
        let inputs = map.on.workflow_dispatch.unwrap();
        assert!(inputs[0].required && inputs[1].default.as_deref() == Some("false"));
        assert_eq!(map.on.others, ["schedule"]);
    }

    #[test]
    fn jobs_are_read_with_needs_environment_and_matrix() {
        let text = "on:\n  push:\njobs:\n  build:\n    runs-on: ${{ matrix.os }}\n    strategy:\n      matrix:\n        os: [linux, mac]\n    steps:\n      - uses: actions/checkout@v4\n        with: { fetch-depth: 0 }\n      - name: Build\n        run: |\n          cargo build\n          cargo test\n  ship:\n    needs: build\n    if: success()\n    runs-on: linux\n    environment: { name: prod }\n    steps:\n      - run: cargo publish\n";
        let flow = parse("w.yml", text).unwrap();
        let names: Vec<_> = flow.jobs.iter().map(|j| j.name.as_str()).collect();
        assert_eq!(names, ["build (linux)", "build (mac)", "ship"]);
        assert_eq!(flow.jobs[0].steps[0].name, "Run actions/checkout@v4");
        assert_eq!(flow.jobs[0].steps[0].with["fetch-depth"], "0");
        assert_eq!(flow.jobs[2].needs, ["build"]);
        assert_eq!(flow.jobs[2].environment.as_deref(), Some("prod"));
        assert_eq!(flow.jobs[2].condition.as_deref(), Some("success()"));
    }

    #[test]
    fn a_broken_file_says_what_is_wrong() {
        let table = [
            ("on: push\njobs: [", "w.yml"),
            ("on: push\n", "at least one job"),
            (
                "jobs:\n  a:\n    runs-on: x\n    steps: []\n",
                "no event triggers",
            ),
            ("on: push\njobs:\n  a:\n    steps: []\n", "runs-on"),
            (
                "on: push\njobs:\n  a:\n    runs-on: x\n    needs: b\n    steps: []\n",
                "unknown job `b`",
            ),
            (
                "on:\n  push:\n    tags: [a]\n    tags-ignore: [b]\njobs: {}\n",
                "both",
            ),
        ];
        for (text, expected) in table {
            let error = parse("w.yml", text).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
        assert_eq!(name_of_broken("w.yml", "name: Odd\non: push\n"), "Odd");
    }
}
