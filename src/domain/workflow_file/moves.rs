//! The branches that a workflow sets to another commit by force: each is a pointer
//! that somebody reads, and none is a line that a fix goes to.

use std::collections::BTreeSet;

use serde_json::Value;

use super::shell;
use super::step::{input, named, text};

/// The branches that the jobs of a file move, as far as their names stand there.
pub(super) fn branches(root: &Value) -> Vec<String> {
    let jobs = root.get("jobs").and_then(Value::as_object);
    let jobs = jobs.into_iter().flat_map(|all| all.values());
    let all: BTreeSet<String> = jobs.flat_map(of_job).collect();
    all.into_iter().collect()
}

fn of_job(job: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut checked_out = None;
    let mut was_reset = false;
    let steps = job.get("steps").and_then(Value::as_array);
    for step in steps.into_iter().flatten() {
        if named(step) == "actions/checkout" {
            (checked_out, was_reset) = (input(step, "ref").and_then(|it| plain(&it)), false);
        }
        let is_set = |key: &str| input(step, key).is_some_and(|it| it != "false");
        if named(step) == "ad-m/github-push-action"
            && (is_set("force") || is_set("force_with_lease"))
        {
            found.extend(input(step, "branch").and_then(|it| plain(&it)));
        }
        // `git push origin +x` forces that one.
        let script = text(step, "run").replace(" +", " --force ");
        for words in shell::commands(&script) {
            if let Some(rest) = shell::after(&words, &["git", "reset"]) {
                was_reset |= rest.iter().any(|word| word == "--hard");
            }
            if let Some(rest) = shell::after(&words, &["git", "branch"]) {
                // It is named by hand where it is moved; where it goes is said after.
                let force = rest.iter().position(|it| it == "-f" || it == "--force");
                let name = force.and_then(|at| rest.get(at + 1));
                found.extend(name.and_then(|it| plain(it)));
            }
            let Some(rest) = shell::after(&words, &["git", "push"]) else {
                continue;
            };
            let forced = words
                .iter()
                .any(|it| it == "-f" || it.starts_with("--force"));
            let mut refs = rest
                .iter()
                .filter(|word| !word.starts_with('-'))
                .skip(1)
                .peekable();
            if refs.peek().is_none() && (was_reset || forced) {
                found.extend(checked_out.clone());
            }
            for one in refs {
                let to = one.split_once(':').map_or(one.as_str(), |(_, to)| to);
                let is_own = checked_out.as_deref() == Some(to);
                if forced || was_reset && is_own {
                    found.extend(plain(to));
                }
            }
        }
    }
    found
}

/// A branch's name that stands there as it is.
fn plain(name: &str) -> Option<String> {
    let name = name.trim_matches(['"', '\'']);
    let name = name.strip_prefix("refs/heads/").unwrap_or(name);
    let odd = |c: char| "$ {}*`".contains(c);
    // Variables have lost their sign by then, and are written so.
    let small = name.contains(|c: char| c.is_ascii_lowercase());
    let is_branch = small && !name.contains(odd) && !name.starts_with("refs/");
    is_branch.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_that_is_set_by_force_is_known_by_its_name() {
        let out = "uses: actions/checkout@v5, with: {ref: stable}";
        for (steps, expected) in [
            (
                format!("{{{out}}}, {{run: \"git reset --hard $TAG\\ngit push\"}}"),
                "stable",
            ),
            (
                format!("{{{out}}}, {{run: \"git reset --hard $TAG; git push origin stable\"}}"),
                "stable",
            ),
            ("{run: git push -f origin HEAD:stable}".to_owned(), "stable"),
            (
                "{run: git push --force-with-lease origin v1:refs/heads/latest}".to_owned(),
                "latest",
            ),
            ("{run: 'git push origin +HEAD:stable'}".to_owned(), "stable"),
            (
                "{run: git branch -f stable $TAG && git push origin stable}".to_owned(),
                "stable",
            ),
            (
                "{uses: ad-m/github-push-action@v1, with: {branch: stable, force: true}}"
                    .to_owned(),
                "stable",
            ),
            // What only goes on is a line like any other.
            (
                "{uses: ad-m/github-push-action@v1, with: {branch: stable}}".to_owned(),
                "",
            ),
            (
                format!("{{{out}}}, {{run: git commit -m x && git push}}"),
                "",
            ),
            ("{run: git push origin HEAD:stable}".to_owned(), ""),
            ("{run: git push -f origin $BRANCH}".to_owned(), ""),
            ("{run: git push -f origin refs/tags/v1}".to_owned(), ""),
            (format!("{{{out}}}, {{run: git reset --hard x}}"), ""),
        ] {
            let text = format!("jobs: {{a: {{steps: [{steps}]}}}}");
            let root: Value = serde_saphyr::from_str(&text).unwrap();
            assert_eq!(branches(&root).join(" "), expected, "{steps}");
        }
    }
}
