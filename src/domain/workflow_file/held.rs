//! Scripts that fail for a tag that no branch of theirs holds, by what they ask git
//! (`git merge-base --is-ancestor`, `git branch --contains`), and by actions.

use serde_json::Value;

use super::step::{input, named, text};

/// Stands for the default branch in a pattern, as in GitHub's workflow templates.
pub const DEFAULT_BRANCH: &str = "$default-branch";

/// The pattern of branches, one of which a step wants to hold the tag's commit, and
/// fails without; none: it wants none, or nobody can tell which. `env` is what its job
/// sets.
pub(super) fn asked(step: &Value, env: Option<&Value>) -> Option<String> {
    if named(step) == "im-open/is-tag-reachable-from-default-branch" {
        let lets = input(step, "error-if-not-reachable").is_some_and(|it| it == "false");
        let branch = input(step, "default-branch").unwrap_or_else(|| "main".to_owned());
        return (!lets).then(|| plain(&branch)).flatten();
    }
    let envs = [env, step.get("env")];
    let script = filled(text(step, "run"), &envs);
    pattern(&script)
}

/// The script with what is known of its variables in their place.
fn filled(script: &str, envs: &[Option<&Value>]) -> String {
    let mut script = script.replace("\\\n", " ");
    script = default_named(&script);
    let envs = envs.iter().flatten().filter_map(|it| it.as_object());
    for (name, value) in envs.flatten() {
        let Some(value) = value.as_str().map(default_named) else {
            continue;
        };
        if value.replace(DEFAULT_BRANCH, "").contains('$') {
            continue;
        }
        for way in [format!("${{{name}}}"), format!("${{{{env.{name}}}}}")] {
            script = script.replace(&way, &value);
        }
        script = replaced(&script, &format!("${name}"), &value);
    }
    script
}

/// A text whose expressions are words, and that of the default branch its own.
fn default_named(text: &str) -> String {
    let mut parts = text.split("${{");
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (inner, rest) = part.split_once("}}").unwrap_or((part, ""));
        match inner.trim() {
            "github.event.repository.default_branch" => all.push_str(DEFAULT_BRANCH),
            inner => all.push_str(&format!("${{{{{}}}}}", inner.replace(' ', ""))),
        }
        all.push_str(rest);
    }
    all
}

/// With a variable's value where its name ends.
fn replaced(script: &str, name: &str, value: &str) -> String {
    let mut parts = script.split(name);
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let goes_on = part.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        all.push_str(if goes_on { name } else { value });
        all.push_str(part);
    }
    all
}

/// The pattern of branches (see `Asks::takes`) without which a script fails.
fn pattern(script: &str) -> Option<String> {
    let mut fetched = None;
    let mut rest = script;
    while let Some((line, behind)) = rest.split_once('\n').or(Some((rest, ""))) {
        let line = line.split(" #").next().unwrap_or_default().trim();
        if line.is_empty() && behind.is_empty() {
            return None;
        }
        rest = behind;
        if line.starts_with('#') {
            continue;
        }
        if let Some(found) =
            ancestor(line, fetched.as_deref(), rest).or_else(|| contained(line, rest))
        {
            return Some(found);
        }
        if line.contains("git fetch") {
            let word = line.split_whitespace().rfind(|word| !word.starts_with('-'));
            fetched = word.map(str::to_owned);
        }
    }
    None
}

/// `git merge-base --is-ancestor COMMIT BRANCH`.
fn ancestor(line: &str, fetched: Option<&str>, behind: &str) -> Option<String> {
    let (before, after) = line.split_once("--is-ancestor")?;
    if !before.contains("merge-base") || !is_fatal(line, behind) {
        return None;
    }
    let mut words = after
        .split_whitespace()
        .map(|word| word.trim_matches(['"', '\'', ';']));
    let (_, branch) = (words.next()?, words.next()?);
    match branch {
        "FETCH_HEAD" => plain(fetched?),
        branch => plain(branch),
    }
}

/// `git branch --contains COMMIT`, whose answer is searched for a branch.
fn contained(line: &str, behind: &str) -> Option<String> {
    let (before, after) = line.split_once("--contains")?;
    let asks = before.contains("git branch") || before.contains("git for-each-ref");
    if !asks || !is_fatal(line, behind) {
        return None;
    }
    let greps = after.split("grep ").skip(1);
    if let Some(grep) = greps.filter(|grep| !inverts(grep)).last() {
        return searched(grep);
    }
    behind.lines().find_map(compared)
}

/// Whether `grep` shows what does not match.
fn inverts(grep: &str) -> bool {
    let mut flags = flags(grep);
    flags.any(|flag| flag == "--invert-match" || is_short(flag) && flag.contains('v'))
}

fn flags(grep: &str) -> impl Iterator<Item = &str> {
    let words = grep.split_whitespace();
    words.take_while(|word| word.starts_with('-'))
}

fn is_short(flag: &str) -> bool {
    !flag.starts_with("--")
}

/// What `grep` looks for, as a pattern of branches.
fn searched(grep: &str) -> Option<String> {
    let whole = flags(grep).any(|flag| is_short(flag) && flag.contains('x'));
    let mut rest = grep.trim_start();
    // Its flags, none of which takes a word of its own but -e.
    while rest.starts_with('-') {
        rest = rest.split_once(' ')?.1.trim_start();
    }
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    let text = match quote {
        Some(quote) => rest.get(1..)?.split(quote).next()?,
        None => rest.split([' ', ';', ')']).next()?,
    };
    let text = text.replace("\\|", "|").replace("\\/", "/");
    let one = |one: &str| alternatives(one, whole);
    let all = match text.contains('(') {
        true => vec![one(&text)?],
        false => text.split('|').map(one).collect::<Option<Vec<_>>>()?,
    };
    Some(all.join("|"))
}

/// A line's end is a pattern's unless it says otherwise; `git branch` puts spaces, and
/// the remote's name, before the branch.
fn alternatives(text: &str, whole: bool) -> Option<String> {
    let (text, end) = match text.strip_suffix('$') {
        Some(text) => (text, ""),
        None => (text, if whole { "" } else { ".*" }),
    };
    let spaces = [
        "\\s*",
        "\\s+",
        " *",
        "[[:space:]]*",
        "[[:space:]]+",
        "  ",
        "* ",
    ];
    let mut text = text;
    let mut begins = whole;
    if let Some(rest) = text.strip_prefix('^') {
        (text, begins) = (rest, true);
    }
    for space in spaces {
        text = text.strip_prefix(space).unwrap_or(text);
    }
    for remote in ["remotes/", "origin/"] {
        if let Some(rest) = text.strip_prefix(remote) {
            (text, begins) = (rest, true);
        }
    }
    let begin = if begins { "" } else { ".*" };
    let inner = text.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
    let all = inner.unwrap_or(text).split('|');
    let all = all.map(|one| known(one).then(|| format!("{begin}{one}{end}")));
    Some(all.collect::<Option<Vec<_>>>()?.join("|"))
}

/// The branch that a line compares with: `[[ $X != *main* ]]`, `[ "$X" = origin/main ]`.
fn compared(line: &str) -> Option<String> {
    let is_test = line.contains('[') || line.contains("test ") || line.contains("case ");
    if !is_test {
        return None;
    }
    let found = ["==", "!=", "=~", " = "]
        .iter()
        .find_map(|op| line.split_once(op));
    let (_, text) = found?;
    let text = text.split([']', ';']).next()?.trim();
    let part = text.contains('*') || line.contains("=~");
    let bare: String = text.chars().filter(|c| !"\"'*^ ".contains(*c)).collect();
    let bare = bare.strip_suffix('$').unwrap_or(&bare);
    let branch = plain(bare)?;
    let begin = if part && !bare.starts_with("origin/") {
        ".*"
    } else {
        ""
    };
    let end = if part { ".*" } else { "" };
    Some(format!("{begin}{branch}{end}"))
}

/// Whether a script fails where the command of this line does, or by what it finds out.
fn is_fatal(line: &str, behind: &str) -> bool {
    let fails = |text: &str| {
        let ends = [
            "exit 1",
            "exit -1",
            "exit 2",
            "exit \"1\"",
            "die ",
            "return 1",
            "fail ",
        ];
        ends.iter().any(|end| text.contains(end))
    };
    let first = line.split_whitespace().next().unwrap_or_default();
    let by_itself = first == "git" && !line.contains("||");
    by_itself || fails(line) || fails(behind)
}

/// The name of a branch, without its remote's.
fn plain(branch: &str) -> Option<String> {
    let mut name = branch.trim();
    for before in ["refs/", "remotes/", "heads/", "origin/"] {
        name = name.strip_prefix(before).unwrap_or(name);
    }
    known(name).then(|| name.to_owned())
}

/// Whether no variable is left in it.
fn known(name: &str) -> bool {
    let name = name.replace(DEFAULT_BRANCH, "main");
    let is_commit = matches!(name.as_str(), "HEAD" | "FETCH_HEAD" | "@");
    !name.is_empty() && !is_commit && !name.contains(['$', '{', ' ', '`'])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(run: &str) -> Option<String> {
        let step = json!({ "run": run, "env": {
            "MAIN": "main", "BASE": "${{ github.event.repository.default_branch }}",
            "TOKEN": "${{ secrets.X }}",
        } });
        asked(&step, None)
    }

    /// As release workflows write it, with what the tag's branch must be.
    #[test]
    fn a_script_that_fails_for_a_tag_that_no_branch_of_its_holds() {
        for (script, branch) in [
            (
                "git merge-base --is-ancestor \"$GITHUB_SHA\" origin/main",
                "main",
            ),
            (
                "git merge-base --is-ancestor $SHA refs/remotes/origin/1.x",
                "1.x",
            ),
            (
                "git fetch origin main\nif ! git merge-base --is-ancestor HEAD origin/main; then\n  echo no\n  exit 1\nfi",
                "main",
            ),
            (
                "git fetch --no-tags origin release\ngit merge-base --is-ancestor HEAD FETCH_HEAD || { echo '::error::no'; exit 1; }",
                "release",
            ),
            (
                "git merge-base --is-ancestor \\\n  ${{ github.sha }} \"origin/${{ github.event.repository.default_branch }}\"",
                DEFAULT_BRANCH,
            ),
            (
                "git merge-base --is-ancestor \"$TAG\" \"origin/$MAIN\"",
                "main",
            ),
            (
                "git merge-base --is-ancestor \"$TAG\" \"origin/${BASE}\"",
                DEFAULT_BRANCH,
            ),
            (
                "git branch -r --contains \"$TAG\" | grep -q origin/main",
                "main.*",
            ),
            (
                "git branch --contains tags/$TAG | grep master",
                ".*master.*",
            ),
            (
                "git branch -a --contains $T | grep -v HEAD | grep -qE '^\\s*remotes/origin/(main|release/.*)$'",
                "main|release/.*",
            ),
            (
                "git branch -r --contains $T --format='%(refname)' | grep -qx main",
                "main",
            ),
            (
                "if ! git branch -r --contains ${{ github.sha }} | grep -q 'origin/main$'; then exit 1; fi",
                "main",
            ),
            (
                "X=$(git branch -r --contains $T)\nif [[ $X != *main* ]]; then\n  exit 1\nfi",
                ".*main.*",
            ),
            (
                "for b in $(git branch -r --contains $T); do\n  if [ \"$b\" = \"origin/main\" ]; then exit 0; fi\ndone\nexit 1",
                "main",
            ),
        ] {
            assert_eq!(of(script).as_deref(), Some(branch), "{script}");
        }
    }

    #[test]
    fn a_script_that_only_looks_fails_for_none() {
        for script in [
            "",
            "git fetch origin main\ncargo publish",
            "if git merge-base --is-ancestor HEAD origin/main; then echo latest=true >> $OUT; fi",
            "git merge-base --is-ancestor HEAD origin/main || echo beside",
            "# git merge-base --is-ancestor HEAD origin/main",
            "git merge-base --is-ancestor HEAD \"$TOKEN\"",
            "git merge-base --is-ancestor origin/main HEAD",
            "git branch -r --contains $T",
            "echo $(git branch --contains $T | head -1)",
            "git tag --contains HEAD | grep v1",
        ] {
            assert_eq!(of(script), None, "{script}");
        }
    }

    #[test]
    fn an_action_that_asks_for_the_default_branch() {
        let uses = "im-open/is-tag-reachable-from-default-branch@v1";
        let is = |with: Value| asked(&json!({ "uses": uses, "with": with }), None);
        let on = |branch: &str| Some(branch.to_owned());
        assert_eq!(is(json!({})), on("main"));
        assert_eq!(is(json!({ "default-branch": "dev" })), on("dev"));
        assert_eq!(is(json!({ "error-if-not-reachable": "false" })), None);
    }
}
