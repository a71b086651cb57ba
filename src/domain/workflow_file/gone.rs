//! What a job asks for that GitHub does not have any more, so that it cannot run
//! today though it ran when its file was written.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Labels of GitHub's own runners that lead nowhere (announced on
/// github.com/actions/runner-images, each in an issue labelled "Announcement").
const RUNNERS: &[&str] = &[
    "macos-10.15",
    "macos-11",
    "macos-11-large",
    "macos-12",
    "macos-12-large",
    "macos-12-xlarge",
    "macos-13",
    "macos-13-large",
    "macos-13-xlarge",
    "macos-14",
    "macos-14-large",
    "macos-14-xlarge",
    "ubuntu-16.04",
    "ubuntu-18.04",
    "ubuntu-20.04",
    "windows-2016",
    "windows-2019",
];

/// Actions that GitHub fails by itself, by their majors (GitHub's changelog,
/// 2024-02-13, 2024-04-16 and 2024-12-05).
const ACTIONS: &[(&str, &[&str])] = &[
    ("actions/cache", &["v1", "v2"]),
    ("actions/download-artifact", &["v1", "v2", "v3"]),
    ("actions/upload-artifact", &["v1", "v2", "v3"]),
];

/// Something that is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "gone", content = "name", rename_all = "snake_case")]
pub enum Gone {
    /// A runner of this label.
    Runner(String),
    /// An action, with its version.
    Action(String),
}

/// What of it a job asks for, each once.
pub(super) fn of(job: &Value) -> Vec<Gone> {
    let mut gone: Vec<Gone> = Vec::new();
    let runners = labels(job).into_iter().filter(|label| is_gone(label));
    let steps = job.get("steps").and_then(Value::as_array);
    let uses = steps
        .into_iter()
        .flatten()
        .filter_map(|step| step.get("uses"));
    let actions = uses.filter_map(Value::as_str).filter(|uses| fails(uses));
    let actions = actions.map(|uses| Gone::Action(uses.to_owned()));
    for it in runners.map(Gone::Runner).chain(actions) {
        if !gone.contains(&it) {
            gone.push(it);
        }
    }
    gone
}

fn is_gone(label: &str) -> bool {
    RUNNERS.iter().any(|gone| gone.eq_ignore_ascii_case(label))
}

/// Whether GitHub fails what uses this. Of a commit's name nobody can tell.
fn fails(uses: &str) -> bool {
    let Some((name, version)) = uses.split_once('@') else {
        return false;
    };
    let major = version.split('.').next().unwrap_or(version);
    let mut all = ACTIONS.iter();
    all.any(|(action, majors)| action.eq_ignore_ascii_case(name) && majors.contains(&major))
}

/// The labels by which it asks for a machine of GitHub's, those of its matrix
/// included; none where it asks for one of the repository's own.
fn labels(job: &Value) -> Vec<String> {
    let asked = match job.get("runs-on") {
        Some(Value::Object(by)) if by.contains_key("group") => return Vec::new(),
        Some(Value::Object(by)) => by.get("labels"),
        other => other,
    };
    let all: Vec<&str> = match asked {
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        Some(one) => one.as_str().into_iter().collect(),
        None => Vec::new(),
    };
    if all.contains(&"self-hosted") {
        return Vec::new();
    }
    let each = all.into_iter().flat_map(|label| match of_matrix(label) {
        Some(key) => values(job, key),
        None => vec![label.to_owned()],
    });
    each.collect()
}

/// The key of `${{ matrix.KEY }}`.
fn of_matrix(label: &str) -> Option<&str> {
    let inner = label.trim().strip_prefix("${{")?.strip_suffix("}}")?;
    inner.trim().strip_prefix("matrix.")
}

/// What a key of the matrix may be.
fn values(job: &Value, key: &str) -> Vec<String> {
    let Some(matrix) = job.pointer("/strategy/matrix") else {
        return Vec::new();
    };
    let listed = matrix.get(key).and_then(Value::as_array);
    let included = matrix.get("include").and_then(Value::as_array);
    let included = included.into_iter().flatten().filter_map(|it| it.get(key));
    let all = listed.into_iter().flatten().chain(included);
    all.filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_github_has_no_more() {
        let runner = |label: &str| Gone::Runner(label.to_owned());
        let action = |uses: &str| Gone::Action(uses.to_owned());
        for (job, wanted) in [
            ("runs-on: ubuntu-20.04", vec![runner("ubuntu-20.04")]),
            ("runs-on: [macOS-12]", vec![runner("macOS-12")]),
            (
                "runs-on: {labels: windows-2019}",
                vec![runner("windows-2019")],
            ),
            ("runs-on: ubuntu-22.04", vec![]),
            ("runs-on: ubuntu-latest", vec![]),
            ("runs-on: ubuntu-20.04-16core", vec![]),
            ("runs-on: [self-hosted, ubuntu-20.04]", vec![]),
            ("runs-on: {group: big, labels: ubuntu-20.04}", vec![]),
            ("runs-on: ${{ inputs.os }}", vec![]),
            (
                "runs-on: ${{ matrix.os }}\nstrategy: {matrix: {os: [ubuntu-latest, macos-13], include: [{os: windows-2019}, {os: macos-13}]}}",
                vec![runner("macos-13"), runner("windows-2019")],
            ),
            (
                "runs-on: ${{matrix.os}}\nstrategy: {matrix: \"${{ fromJSON(x) }}\"}",
                vec![],
            ),
            (
                "runs-on: a\nsteps: [{uses: actions/upload-artifact@v3}, {uses: Actions/Cache@v2.1.7}, {run: x}]",
                vec![
                    action("actions/upload-artifact@v3"),
                    action("Actions/Cache@v2.1.7"),
                ],
            ),
            (
                "runs-on: a\nsteps: [{uses: actions/upload-artifact@v4}, {uses: actions/cache@v3}, {uses: actions/cache@0123abc}, {uses: ./upload-artifact}, {uses: other/cache@v1}, 7]",
                vec![],
            ),
            ("{}", vec![]),
            ("7", vec![]),
        ] {
            let value: Value = serde_saphyr::from_str(job).unwrap();
            assert_eq!(of(&value), wanted, "{job}");
        }
    }
}
