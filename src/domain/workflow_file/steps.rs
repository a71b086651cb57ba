//! What the steps of a workflow do, by their text.

use serde_json::Value;

/// Actions that publish crates.
const PUBLISHING_ACTIONS: &[&str] = &["katyo/publish-crates", "release-plz/action"];

/// Commands that publish crates.
const PUBLISHING_COMMANDS: &[&[&str]] = &[
    &["cargo", "publish"],
    &["cargo", "release"],
    &["cargo", "workspaces", "publish"],
    &["cargo", "ws", "publish"],
    &["cargo", "smart-release"],
    &["release-plz", "release"],
];

/// Actions that create GitHub releases.
const RELEASING_ACTIONS: &[&str] = &[
    "softprops/action-gh-release",
    "ncipollo/release-action",
    "actions/create-release",
    "taiki-e/create-gh-release-action",
    "svenstaro/upload-release-action",
    "goreleaser/goreleaser-action",
    "release-plz/action",
];

/// Commands that create GitHub releases.
const RELEASING_COMMANDS: &[&[&str]] = &[
    &["gh", "release", "create"],
    &["hub", "release", "create"],
    &["glab", "release", "create"],
    &["dist", "host"],
];

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Steps {
    pub publishes_crate: bool,
    pub creates_release: bool,
    pub calls: Vec<String>,
}

/// Looks through all steps of all jobs.
pub(super) fn look(jobs: &Value) -> Steps {
    let mut found = Steps::default();
    let jobs = jobs.as_object().into_iter().flat_map(|jobs| jobs.values());
    for job in jobs {
        let called = job.get("uses").and_then(Value::as_str);
        if let Some(file) = called.and_then(|c| c.strip_prefix("./.github/workflows/")) {
            found.calls.push(file.to_owned());
        }
        let steps = job.get("steps").and_then(Value::as_array);
        for step in steps.into_iter().flatten() {
            let uses = step.get("uses").and_then(Value::as_str).unwrap_or_default();
            let action = uses.split('@').next().unwrap_or_default();
            let run = step.get("run").and_then(Value::as_str).unwrap_or_default();
            let is = |known: &[&str]| known.iter().any(|a| a.eq_ignore_ascii_case(action));
            found.publishes_crate |= is(PUBLISHING_ACTIONS) || runs(run, PUBLISHING_COMMANDS);
            found.creates_release |= is(RELEASING_ACTIONS) || runs(run, RELEASING_COMMANDS);
        }
    }
    found
}

/// Whether a line of the script holds one of the commands and means it.
fn runs(script: &str, commands: &[&[&str]]) -> bool {
    // A backslash at the end of a line goes on in the next one.
    let script = script.replace("\\\r\n", " ").replace("\\\n", " ");
    let parts = script
        .lines()
        .map(|line| line.split(" #").next().unwrap_or_default().trim())
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| line.split(['|', ';', '&']));
    parts.into_iter().any(|part| {
        // `cargo +nightly publish` is `cargo publish`.
        let words: Vec<&str> = part
            .split(|c: char| c.is_whitespace() || "\"'()`$".contains(c))
            .filter(|word| !word.is_empty() && !word.starts_with('+'))
            .collect();
        let dry = words
            .iter()
            .any(|w| matches!(*w, "--dry-run" | "-n" | "--help"));
        let said = words
            .first()
            .is_some_and(|w| matches!(*w, "echo" | "printf"));
        !dry && !said
            && commands
                .iter()
                .any(|c| words.windows(c.len()).any(|w| w == *c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_in_scripts() {
        for script in [
            "cargo publish",
            "cargo +stable publish --locked",
            "set -e\ncargo test && cargo publish --token \"$T\"",
            "if true; then cargo  publish; fi",
            "cargo \\\n  publish",
            "retry 3 cargo workspaces publish",
        ] {
            assert!(runs(script, PUBLISHING_COMMANDS), "{script}");
        }
        for script in [
            "cargo publish --dry-run",
            "# cargo publish",
            "cargo build # then cargo publish",
            "echo cargo publish",
            "cargo build\npublish",
            "cargo publish-docs",
            "",
        ] {
            assert!(!runs(script, PUBLISHING_COMMANDS), "{script}");
        }
        assert!(runs(
            "gh release create \"$TAG\" dist/*",
            RELEASING_COMMANDS
        ));
        assert!(!runs("gh release view x", RELEASING_COMMANDS));
    }
}
