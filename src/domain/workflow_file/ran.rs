//! The commands that a job cannot have passed without: each stands for itself in
//! a step that always runs, and fails it where it fails.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::domain::ids::fingerprint;

/// So many are kept of one job.
const COMMANDS: usize = 60;

/// What makes a script's lines depend on one another.
const CONTROL: &[&str] = &[
    "if", "for", "while", "until", "case", "function", "exit", "exec", "return", "trap", "set",
    "cd", "pushd", "source", ".", "(", "{",
];

/// Tells one command from another; how its words are set apart does not matter.
pub(super) fn print(command: &str) -> String {
    let words: Vec<_> = command.split_whitespace().collect();
    fingerprint(&words.join(" "))
}

/// The commands of a job, by their fingerprints.
pub(super) fn of(root: &Value, job: &Value) -> BTreeSet<String> {
    let elsewhere = |of: &Value| of.pointer("/defaults/run").is_some();
    let may_not = job.get("if").is_some() || job.get("continue-on-error").is_some();
    if may_not || elsewhere(root) || elsewhere(job) {
        return BTreeSet::new();
    }
    // Elsewhere a script goes on after a line that failed.
    let stops = job.get("runs-on").and_then(Value::as_str);
    let stops = stops.is_some_and(|it| it.starts_with("ubuntu-") || it.starts_with("macos-"));
    let steps = job.get("steps").and_then(Value::as_array);
    let all = steps.into_iter().flatten();
    let all = all.flat_map(|step| of_step(step, stops));
    all.take(COMMANDS).collect()
}

fn of_step(step: &Value, stops: bool) -> Vec<String> {
    let aside = ["if", "continue-on-error", "working-directory", "env"];
    let Some(script) = step.get("run").and_then(Value::as_str) else {
        return Vec::new();
    };
    if aside.iter().any(|key| step.get(key).is_some()) {
        return Vec::new();
    }
    let stops = match step.get("shell").and_then(Value::as_str) {
        None => stops,
        Some(shell) => shell == "bash",
    };
    let script = script.replace("\\\n", " ");
    let lines: Vec<&str> = script
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let controls = |line: &&str| {
        let word = line.split_whitespace().next().unwrap_or_default();
        CONTROL.contains(&word) || line.contains("<<")
    };
    if lines.iter().any(controls) {
        return Vec::new();
    }
    // What is put in when it runs may be anything.
    let plain = |line: &&&str| !line.contains("${{");
    let last = lines.last().copied().into_iter();
    let counted = match stops {
        true => lines.clone(),
        false => last.collect(),
    };
    counted.iter().filter(plain).map(|it| print(it)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::WorkflowFile;

    #[test]
    fn what_a_passed_run_shows_to_have_been_run() {
        let command = "cargo test --test cli --verbose";
        let one = |step: &str| format!("steps: [{{{step}}}]");
        let script = |lines: &str| one(&format!("run: \"{lines}\""));
        for (job, runs) in [
            (one(&format!("run: {command}")), true),
            (one("run: cargo  test --test cli   --verbose"), true),
            (script(&format!("cargo build\\n{command}")), true),
            (script(&format!("{command}\\ncargo doc")), true),
            (script("cargo test --test cli \\\\\\n  --verbose"), true),
            (one(&format!("run: {command} --no-run")), false),
            (one(&format!("run: \"{command} || true\"")), false),
            (one(&format!("run: \"# {command}\"")), false),
            (one(&format!("run: {command}, if: always()")), false),
            (
                one(&format!("run: {command}, working-directory: sub")),
                false,
            ),
            (
                one(&format!("run: {command}, continue-on-error: true")),
                false,
            ),
            (script(&format!("if false; then\\n{command}\\nfi")), false),
            (script(&format!("set +e\\n{command}\\ntrue")), false),
            (one(&format!("name: {command}, run: make")), false),
            (
                format!("if: false\n    {}", one(&format!("run: {command}"))),
                false,
            ),
        ] {
            let text = format!("on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    {job}\n");
            let file = WorkflowFile::parse(&text).expect("a workflow");
            assert_eq!(file.runs(command), runs, "{text}");
            let windows = text.replace("ubuntu-latest", "windows-latest");
            let file = WorkflowFile::parse(&windows).expect("a workflow");
            let last = runs && !job.contains("cargo doc");
            assert_eq!(file.runs(command), last, "{windows}");
        }
    }
}
