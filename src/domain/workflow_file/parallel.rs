//! Steps that run side by side, as the steps of their job: what they do counts
//! whichever comes first. ("Workflow syntax", `jobs.<job_id>.steps[*].parallel`;
//! it is short for `background` and `wait`, which change nothing in a step.)

use serde_json::Value;

/// Groups are nested no deeper.
const DEPTH: usize = 4;

/// A workflow file with the steps of each group in the group's place.
pub(super) fn in_jobs(root: &mut Value) {
    let jobs = root.get_mut("jobs").and_then(Value::as_object_mut);
    for job in jobs.into_iter().flat_map(|jobs| jobs.values_mut()) {
        in_steps(job);
    }
}

/// The same of a job, or of what an action runs.
pub(super) fn in_steps(of: &mut Value) {
    if let Some(Value::Array(steps)) = of.get_mut("steps") {
        *steps = std::mem::take(steps)
            .into_iter()
            .flat_map(|step| flat(step, DEPTH))
            .collect();
    }
}

fn flat(mut step: Value, depth: usize) -> Vec<Value> {
    let group = step.get_mut("parallel").map(Value::take);
    let Some(Value::Array(group)) = group.filter(|_| depth > 0) else {
        return vec![step];
    };
    let condition = step.get("if").cloned();
    let inner = group.into_iter().map(|mut inner| {
        if let (Some(map), Some(condition)) = (inner.as_object_mut(), &condition) {
            map.entry("if").or_insert_with(|| condition.clone());
        }
        inner
    });
    inner.flat_map(|inner| flat(inner, depth - 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{WorkflowFile, acts};

    const GROUP: &str =
        "steps: [{run: make}, {parallel: [{run: make test}, {run: cargo publish}]}]";

    #[test]
    fn what_a_step_beside_others_does_counts() {
        let one = "steps: [{run: make}, {run: make test}, {run: cargo publish}]";
        let file = |steps: &str| {
            let text =
                format!("on: {{push: {{tags: ['v*']}}}}\njobs: {{a: {{runs-on: x, {steps}}}}}");
            WorkflowFile::parse(&text).unwrap()
        };
        let nested = GROUP.replace("{run: cargo publish}", "{parallel: [{run: cargo publish}]}");
        for group in [GROUP, &nested] {
            assert!(file(group).publishes_crate, "{group}");
            assert_eq!(file(group), file(one));
        }
        let gated = GROUP.replace("{parallel", "{if: \"false\", parallel");
        let each = "steps: [{run: make}, {if: \"false\", run: make test}, {if: \"false\", run: cargo publish}]";
        assert_eq!(file(&gated), file(each));
        let action = |steps: &str| acts::of_action(&format!("runs: {{using: composite, {steps}}}"));
        assert_eq!(action(GROUP), action(one));
        assert!(action(GROUP).is_some());
    }
}
