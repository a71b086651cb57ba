//! Steps that have another repository do something, of which nobody knows what it is.

use serde_json::Value;

use super::shell::{self, Words};
use super::step::{input, named};

/// Actions that start something by its repository, and the input that names it.
const STARTING: &[(&str, &str)] = &[
    ("peter-evans/repository-dispatch", "repository"),
    ("benc-uk/workflow-dispatch", "repo"),
    ("convictional/trigger-workflow-and-wait", "repo"),
];

/// Whether it starts something there. (cli.github.com, `gh workflow run`; REST, "Create
/// a repository dispatch event".)
pub(super) fn starts_elsewhere(script: &[Words], step: &Value) -> bool {
    let name = named(step);
    let mut rows = STARTING.iter().filter(|(action, _)| *action == name);
    let by_action = rows.any(|(_, key)| input(step, key).is_some_and(|of| !is_own(&of)));
    by_action || script.iter().any(|words| runs(words) || asks(words))
}

/// `gh workflow run` of a repository that is named.
fn runs(words: &Words) -> bool {
    let Some(rest) = shell::after(words, &["gh", "workflow", "run"]) else {
        return false;
    };
    let key = |word: &String| matches!(word.as_str(), "-R" | "--repo");
    let apart = rest.iter().position(key).and_then(|at| rest.get(at + 1));
    let joined = rest.iter().find_map(|word| word.strip_prefix("--repo="));
    let named = apart.map(String::as_str).or(joined);
    named.is_some_and(|of| !is_own(of))
}

/// A call of the API that dispatches.
fn asks(words: &Words) -> bool {
    let calls = |word: &String| matches!(shell::program(word).as_str(), "gh" | "curl");
    let to = |word: &String| word.contains("repos/") && word.ends_with("/dispatches");
    words.iter().any(calls) && words.iter().any(|word| to(word) && !is_own(word))
}

fn is_own(named: &str) -> bool {
    named.is_empty() || named.contains("github.repository") || named.contains("GITHUB_REPOSITORY")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_repository_is_told_to_do() {
        for (script, elsewhere) in [
            (
                "gh workflow run publish.yml --repo acme/charts --ref main",
                true,
            ),
            ("gh workflow run publish.yml \\\n  -R acme/charts", true),
            ("gh workflow run a.yml --repo=acme/charts", true),
            ("gh workflow run publish.yml --ref main", false),
            ("gh workflow run a.yml --repo \"$GITHUB_REPOSITORY\"", false),
            ("gh workflow list --repo acme/charts", false),
            (
                "curl -X POST https://api.github.com/repos/acme/charts/dispatches",
                true,
            ),
            (
                "gh api repos/acme/charts/actions/workflows/a.yml/dispatches -f ref=main",
                true,
            ),
            ("gh api repos/acme/charts/releases", false),
            ("echo repos/acme/charts/dispatches", false),
        ] {
            let words = shell::commands(script);
            assert_eq!(
                starts_elsewhere(&words, &Value::Null),
                elsewhere,
                "{script}"
            );
        }
        for (with, elsewhere) in [
            ("{repository: acme/charts}", true),
            ("{repository: '${{ github.repository }}'}", false),
            ("{event-type: a}", false),
        ] {
            let step = format!("{{uses: peter-evans/repository-dispatch@v3, with: {with}}}");
            let step: Value = crate::ecosystem::yaml::read(&step).unwrap();
            assert_eq!(starts_elsewhere(&[], &step), elsewhere, "{with}");
        }
    }
}
