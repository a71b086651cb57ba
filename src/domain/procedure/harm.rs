//! What running a workflow could do to the outside, with the files of the
//! repository that its jobs call.

use super::branch::Branched;
use crate::domain::objects::Workflow;
use crate::domain::workflow_file::Act;

/// Each job, with one thing that it may do; empty: it is harmless.
pub type Harm = Vec<(String, Act)>;

/// GitHub lets workflows call each other no deeper.
const DEPTH: usize = 10;

/// What a run on the hotfix branch could do: GitHub takes the head's files.
pub fn at_head(branched: &Branched, file: &str) -> Harm {
    harm(branched.at_tag(), file)
}

/// What a run could do, by these files. What is not among them, or cannot be
/// read, is not harmless.
pub fn harm(all: &[Workflow], file: &str) -> Harm {
    let mut found = Vec::new();
    follow(all, file, "", DEPTH, &mut found);
    found
}

fn follow(all: &[Workflow], file: &str, caller: &str, depth: usize, found: &mut Harm) {
    let mut add = |job: String, act: Act| {
        if !found.contains(&(job.clone(), act.clone())) {
            found.push((job, act));
        }
    };
    let workflow = all.iter().find(|w| w.name() == file);
    let Some(workflow) = workflow.filter(|w| w.broken.is_none() && depth > 0) else {
        return add(caller.to_owned(), Act::Calls(file.to_owned()));
    };
    let mut calls = Vec::new();
    for (job, act) in workflow.file.harm() {
        let name = match (caller, job.as_str()) {
            ("", _) => job.clone(),
            (_, "") => caller.to_owned(),
            _ => format!("{caller} / {job}"),
        };
        let of = workflow.file.jobs.iter().find(|of| of.id == job);
        match of.and_then(|of| of.called()) {
            Some(called) if matches!(act, Act::Calls(_)) => calls.push((name, called)),
            _ => add(name, act),
        }
    }
    for (name, called) in calls {
        follow(all, &called, &name, depth - 1, found);
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

    #[test]
    fn called_files_are_followed_and_nothing_else_is() {
        let call = |id: &str, what: &str| format!("{id}: {{uses: {what}}}");
        let of = |what: &str| {
            let all = [
                file("a.yml", &call("a", what)),
                file("good.yml", "t: {steps: [{run: make test}]}"),
                file("bad.yml", "p: {steps: [{run: npm publish}]}"),
                file("deep.yml", &call("d", "./.github/workflows/bad.yml")),
                file("round.yml", &call("r", "./.github/workflows/round.yml")),
            ];
            harm(&all, "a.yml")
        };
        assert_eq!(of("./.github/workflows/good.yml"), []);
        let npm = Act::Publishes { what: "npm".into() };
        let found = of("./.github/workflows/bad.yml");
        assert_eq!(found, [("a / p".to_owned(), npm.clone())]);
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
        assert!(!harm(&[], "a.yml").is_empty());
    }
}
