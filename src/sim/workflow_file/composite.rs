//! A repository's own composite actions: their steps run where they are used, as
//! GitHub runs them. (GitHub: metadata syntax, `runs` for composite actions.)

use std::collections::BTreeMap;

use serde_json::Value;

use super::parts::{StepDef, Workflow, text_of};
use super::workflow::step_defs;
use super::yaml;

/// Composite actions use one another no deeper. (GitHub: 10.)
const DEPTH: usize = 10;

/// Puts the steps of the actions that are used behind the steps that use them;
/// `read` gives a file of the commit. They have no names: GitHub shows the one step.
pub fn put_in(flow: &mut Workflow, read: &dyn Fn(&str) -> Option<String>) {
    for job in &mut flow.jobs {
        let steps = std::mem::take(&mut job.steps).into_iter();
        job.steps = steps.flat_map(|step| spread(step, read, DEPTH)).collect();
    }
}

fn spread(step: StepDef, read: &dyn Fn(&str) -> Option<String>, depth: usize) -> Vec<StepDef> {
    let own = |uses: &str| {
        let path = uses
            .strip_prefix("./")
            .or_else(|| uses.strip_prefix("$/"))?;
        let path = path.trim_end_matches('/');
        let within = |name: &str| match path {
            "" => name.to_owned(),
            path => format!("{path}/{name}"),
        };
        read(&within("action.yml")).or_else(|| read(&within("action.yaml")))
    };
    let text = step.uses.as_deref().filter(|_| depth > 0).and_then(own);
    let Some(inner) = text.and_then(|text| steps_of(&text, &step)) else {
        return vec![step];
    };
    let outer = StepDef { uses: None, ..step };
    let inner = inner.into_iter().map(|one| StepDef {
        name: String::new(),
        condition: both(outer.condition.as_deref(), one.condition.as_deref()),
        ..one
    });
    let inner: Vec<_> = inner.flat_map(|one| spread(one, read, depth - 1)).collect();
    std::iter::once(outer).chain(inner).collect()
}

/// Its steps, with what the using step gives for its inputs; none: it is no
/// composite action.
fn steps_of(text: &str, with: &StepDef) -> Option<Vec<StepDef>> {
    let root: Value = yaml::value(text).ok()?;
    let runs = root.get("runs")?;
    if runs.get("using").and_then(Value::as_str) != Some("composite") {
        return None;
    }
    let steps = step_defs(runs.get("steps")?.as_array()?).ok()?;
    let declared = root.get("inputs").and_then(Value::as_object);
    let mut inputs: BTreeMap<String, String> = BTreeMap::new();
    for (name, input) in declared.into_iter().flatten() {
        let default = input.get("default").and_then(text_of);
        inputs.insert(name.to_lowercase(), default.unwrap_or_default());
    }
    let given = with.with.iter();
    inputs.extend(given.map(|(name, value)| (name.to_lowercase(), value.clone())));
    let filled = steps.into_iter().map(|step| StepDef {
        run: step.run.map(|text| fill(&text, &inputs)),
        with: step
            .with
            .into_iter()
            .map(|(name, value)| (name, fill(&value, &inputs)))
            .collect(),
        condition: step.condition.map(|text| compared(&text, &inputs)),
        ..step
    });
    Some(filled.collect())
}

/// Puts inputs in where an expression is nothing but one.
fn fill(text: &str, inputs: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        let Some((inner, behind)) = after.split_once("}}") else {
            break;
        };
        out.push_str(before);
        let name = inner.trim().strip_prefix("inputs.");
        match name.and_then(|name| inputs.get(&name.to_lowercase())) {
            Some(value) => out.push_str(value),
            None => out.push_str(&format!("${{{{{inner}}}}}")),
        }
        rest = behind;
    }
    out + rest
}

/// A condition with inputs as the texts that they are.
fn compared(text: &str, inputs: &BTreeMap<String, String>) -> String {
    let mut text = bare(text).to_owned();
    // The longest first: one name may begin another one.
    let mut names: Vec<&String> = inputs.keys().collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    for name in names {
        let value = &inputs[name];
        if !value.contains("${{") {
            let quoted = format!("'{}'", value.replace('\'', "''"));
            text = text.replace(&format!("inputs.{name}"), &quoted);
        }
    }
    text
}

/// Both conditions, of which either may be absent.
fn both(outer: Option<&str>, inner: Option<&str>) -> Option<String> {
    match (outer, inner) {
        (Some(outer), Some(inner)) => Some(format!("({}) && ({})", bare(outer), bare(inner))),
        (outer, inner) => outer.or(inner).map(str::to_owned),
    }
}

fn bare(text: &str) -> &str {
    let text = text.trim();
    let inner = text
        .strip_prefix("${{")
        .and_then(|text| text.strip_suffix("}}"));
    inner
        .filter(|inner| !inner.contains("${{"))
        .map_or(text, str::trim)
}

#[cfg(test)]
mod tests {
    use super::super::workflow::parse;
    use super::*;

    #[test]
    fn the_steps_of_own_actions_run_where_they_are_used() {
        let files = BTreeMap::from([
            (
                ".github/actions/ship/action.yml",
                "inputs: {to: {default: none}, dry: {}}\nruns:\n  using: composite\n  steps:\n    - {run: 'echo ${{ inputs.to }}', shell: bash, if: \"inputs.dry != 'true'\"}\n    - uses: ./inner\n",
            ),
            (
                "inner/action.yaml",
                "runs: {using: composite, steps: [{run: cargo publish, shell: bash}]}",
            ),
            ("program/action.yml", "runs: {using: node24, main: x.js}"),
            (
                "round/action.yml",
                "runs: {using: composite, steps: [{uses: ./round}]}",
            ),
        ]);
        let read = |path: &str| files.get(path).map(|text| (*text).to_owned());
        let of = |step: &str| {
            let text = format!("on: push\njobs: {{a: {{runs-on: x, steps: [{step}]}}}}\n");
            let mut flow = parse("w.yml", &text).unwrap();
            put_in(&mut flow, &read);
            flow.jobs.remove(0).steps
        };
        let all = of("{uses: ./.github/actions/ship, if: x, with: {to: there}}, {run: last}");
        let runs: Vec<_> = all.iter().filter_map(|step| step.run.as_deref()).collect();
        assert_eq!(runs, ["echo there", "cargo publish", "last"]);
        let when: Vec<_> = all.iter().map(|step| step.condition.as_deref()).collect();
        let dry = Some("(x) && ('' != 'true')");
        assert_eq!(when, [Some("x"), dry, Some("x"), Some("x"), None]);
        let names: Vec<_> = all.iter().map(|step| step.name.as_str()).collect();
        let used = "Run ./.github/actions/ship";
        assert_eq!(names, [used, "", "", "", "Run last"]);
        let runs = |step: &str| of(step).into_iter().filter_map(|step| step.run).count();
        assert_eq!(runs("{uses: $/inner}"), 1);
        assert_eq!(runs("{uses: ./program}, {uses: ./gone}, {uses: a/b@v1}"), 0);
        assert_eq!(of("{uses: ./round}").len(), DEPTH + 1);
    }
}
