//! Whether another CI system runs for a tag at all, where its file says so itself. Where
//! it cannot be told, it does.

use serde_json::Value;

use crate::ecosystem::yaml;

/// Keys of a file for GitLab that are no jobs. (docs.gitlab.com, CI/CD YAML syntax.)
const NO_JOBS: &[&str] = &[
    "stages",
    "variables",
    "workflow",
    "default",
    "include",
    "image",
    "services",
    "cache",
    "before_script",
    "after_script",
    "spec",
    "pages",
];

/// Whether the file says that nothing of it runs for a tag.
pub fn leaves_tags_out(path: &str, text: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let Ok(root) = yaml::read::<Value>(text) else {
        return false;
    };
    match path.as_str() {
        ".cirrus.yml" => cirrus(&root),
        ".travis.yml" => travis(&root),
        "appveyor.yml" | ".appveyor.yml" => root.get("skip_tags") == Some(&Value::Bool(true)),
        ".gitlab-ci.yml" | ".gitlab-ci.yaml" => gitlab(&root),
        _ => false,
    }
}

/// A condition without what only writes it: blanks, quotes, brackets, signs of
/// variables; in lower case.
fn plain(condition: &Value) -> String {
    let text = condition.as_str().unwrap_or_default();
    let kept = text
        .chars()
        .filter(|c| !c.is_whitespace() && !"'\"(){}$".contains(*c));
    kept.collect::<String>().to_ascii_lowercase()
}

/// Whether one of the parts that must all hold is one of these.
fn asks_for(condition: &Value, parts: impl Fn(&str) -> bool) -> bool {
    let condition = plain(condition);
    !condition.contains("||") && condition.split("&&").any(parts)
}

/// `only_if` and `skip` of each task, `CIRRUS_TAG` being empty without a tag.
/// (cirrus-ci.org, "Writing tasks": conditional task execution, environment variables.)
fn cirrus(root: &Value) -> bool {
    let is_task = |(key, _): &(&String, &Value)| *key == "task" || key.ends_with("_task");
    let tasks: Vec<&Value> = root
        .as_object()
        .into_iter()
        .flatten()
        .filter(is_task)
        .map(|(_, task)| task)
        .collect();
    let none = |part: &str| {
        matches!(
            part,
            "cirrus_tag==" | "cirrus_pr!=" | "!cirrus_tag" | "cirrus_pr"
        ) || part
            .strip_prefix("cirrus_branch==")
            .is_some_and(|it| !it.is_empty())
    };
    let skipped = |skip: &Value| plain(skip).split("||").any(|it| it == "cirrus_tag!=");
    let aside = |task: &&Value| {
        task.get("only_if").is_some_and(|it| asks_for(it, none))
            || task.get("skip").is_some_and(skipped)
    };
    !tasks.is_empty() && tasks.iter().all(aside)
}

/// The `if` of the whole file, and the branches that it is built for: a build of a tag
/// has the tag's name there. (docs.travis-ci.com, "Conditions v1", "Building Specific
/// Branches".)
fn travis(root: &Value) -> bool {
    let none = |part: &str| {
        let named = part.strip_prefix("branch=");
        matches!(
            part,
            "tagisblank" | "tagisnotpresent" | "nottagispresent" | "type=pull_request"
        ) || named.is_some_and(is_branch)
    };
    let condition = root
        .get("if")
        .map(|it| plain(it).replace("and", "&&").replace("or", "||"));
    let only = root.pointer("/branches/only").and_then(Value::as_array);
    let names = only.into_iter().flatten().filter_map(Value::as_str);
    let named: Vec<&str> = names.collect();
    condition.is_some_and(|it| !it.contains("||") && it.split("&&").any(none))
        || !named.is_empty() && named.iter().all(|name| is_branch(name))
}

/// Whether this is a branch's name, and not a pattern or a number that a tag may have.
fn is_branch(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/'))
        && !name.chars().any(|c| c.is_ascii_digit())
}

/// `workflow:rules`, else `except` and `only` of each job. (docs.gitlab.com, CI/CD YAML
/// syntax: `workflow`, `only` / `except`, `rules`.)
fn gitlab(root: &Value) -> bool {
    let first = root.pointer("/workflow/rules/0");
    let tagged = |rule: &Value| {
        rule.get("if")
            .is_some_and(|it| plain(it) == "ci_commit_tag")
    };
    let never = |rule: &Value| rule.get("when").and_then(Value::as_str) == Some("never");
    if first.is_some_and(|rule| tagged(rule) && never(rule)) {
        return true;
    }
    // What it takes in from elsewhere may have jobs of its own.
    if root.get("include").is_some() {
        return false;
    }
    let is_job = |(key, value): &(&String, &Value)| {
        !NO_JOBS.contains(&key.as_str()) && !key.starts_with('.') && value.is_object()
    };
    let jobs: Vec<&Value> = root
        .as_object()
        .into_iter()
        .flatten()
        .filter(is_job)
        .map(|(_, job)| job)
        .collect();
    let refs = |job: &Value, key: &str| -> Vec<String> {
        let of = job.get(key).map(|it| it.get("refs").unwrap_or(it));
        let all = match of {
            Some(Value::Array(all)) => all.iter().collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        };
        all.into_iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    let branches = ["branches", "merge_requests", "schedules", "web"];
    let aside = |job: &&Value| {
        let only = refs(job, "only");
        refs(job, "except").iter().any(|it| it == "tags")
            || !only.is_empty() && only.iter().all(|it| branches.contains(&it.as_str()))
    };
    !jobs.is_empty() && jobs.iter().all(aside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_that_it_does_not_run_for_tags() {
        let cirrus = ".cirrus.yml";
        let travis = ".travis.yml";
        let gitlab = ".gitlab-ci.yml";
        for (path, text, left_out) in [
            (
                cirrus,
                "task:\n  only_if: $CIRRUS_TAG == ''\n  script: make dist\n",
                true,
            ),
            (
                cirrus,
                "a_task:\n  only_if: $CIRRUS_PR != '' && $CIRRUS_TAG == \"\"\n  x: 1\nb_task:\n  skip: $CIRRUS_TAG != ''\n",
                true,
            ),
            (
                cirrus,
                "task:\n  only_if: $CIRRUS_BRANCH == 'master'\n",
                true,
            ),
            (
                cirrus,
                "task:\n  only_if: $CIRRUS_TAG != ''\n  s: make publish\n",
                false,
            ),
            (
                cirrus,
                "task:\n  only_if: $CIRRUS_TAG == '' || $CI == 'x'\n",
                false,
            ),
            (
                cirrus,
                "a_task:\n  only_if: $CIRRUS_TAG == ''\nb_task:\n  s: make publish\n",
                false,
            ),
            (cirrus, "env:\n  only_if: $CIRRUS_TAG == ''\n", false),
            (travis, "if: tag IS blank\nscript: make\n", true),
            (travis, "if: type = pull_request\nscript: make\n", true),
            (travis, "if: branch = master AND type = push\n", true),
            (
                travis,
                "branches:\n  only: [master, develop]\ndeploy: {provider: npm}\n",
                true,
            ),
            (
                travis,
                "branches:\n  only:\n  - master\n  - /^v\\d/\ndeploy: {provider: npm}\n",
                false,
            ),
            (
                travis,
                "if: tag IS present\ndeploy: {provider: npm}\n",
                false,
            ),
            (travis, "if: tag IS blank OR type = push\n", false),
            (
                travis,
                "deploy:\n  provider: npm\n  on: {tags: true}\n",
                false,
            ),
            (
                "appveyor.yml",
                "skip_tags: true\ndeploy: {provider: NuGet}\n",
                true,
            ),
            (
                ".appveyor.yml",
                "skip_non_tags: true\ndeploy: {provider: NuGet}\n",
                false,
            ),
            ("appveyor.yml", "deploy: {provider: NuGet}\n", false),
            (
                gitlab,
                "workflow:\n  rules:\n  - if: $CI_COMMIT_TAG\n    when: never\n  - when: always\n",
                true,
            ),
            (
                gitlab,
                "stages: [a]\na:\n  script: make push\n  except: [tags]\n",
                true,
            ),
            (
                gitlab,
                "a:\n  script: make push\n  only: {refs: [branches]}\n",
                true,
            ),
            (
                gitlab,
                "a:\n  script: x\n  except: [tags]\nb:\n  script: make push\n",
                false,
            ),
            (
                gitlab,
                "include: other.yml\na:\n  script: x\n  except: [tags]\n",
                false,
            ),
            (gitlab, "a:\n  script: make push\n  only: [tags]\n", false),
            ("jenkinsfile", "if: tag IS blank\n", false),
            (travis, "if: [\n", false),
        ] {
            assert_eq!(leaves_tags_out(path, text), left_out, "{path}: {text}");
        }
    }
}
