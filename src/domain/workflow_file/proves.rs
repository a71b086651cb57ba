//! How much a job says of the code once it passed, as far as its steps tell: a
//! job that decides what others do passes whatever the code does.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::leans;
use super::shell::{self, Words};
use super::step::{input, named, text};

/// How much a job says of the code by having passed; the more, the higher.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proves {
    /// Nothing: it looks what has changed, or reports.
    Nothing,
    /// It builds the code, or looks at how it is written.
    Looks,
    /// It runs something of which nobody can tell what it does.
    #[default]
    Unclear,
    /// It runs tests.
    Tests,
}

/// Words of a command, or of an action's name, by which it runs tests.
const TESTING: &[&str] = &[
    "test",
    "tests",
    "testing",
    "nextest",
    "pytest",
    "unittest",
    "tox",
    "nox",
    "ctest",
    "rspec",
    "minitest",
    "jest",
    "vitest",
    "mocha",
    "ava",
    "phpunit",
    "bats",
    "miri",
    "loom",
    "tarpaulin",
    "e2e",
    "integration",
    "conformance",
    "coverage",
    "cov",
];

/// Programs that look, fetch or report, whatever the words behind them are.
const ASIDE: &[&str] = &[
    "git",
    "gh",
    "grep",
    "rg",
    "jq",
    "yq",
    "cat",
    "ls",
    "find",
    "sed",
    "awk",
    "curl",
    "wget",
    "cd",
    "cp",
    "mv",
    "mkdir",
    "rm",
    "tar",
    "unzip",
    "zip",
    "chmod",
    "export",
    "set",
    "echo",
    "printf",
    "exit",
    "true",
    "false",
    "apt",
    "apt-get",
    "brew",
    "choco",
    "dnf",
    "apk",
    "pacman",
    "rustup",
    "pip",
    "pip3",
    "gem",
    "date",
    "sleep",
    "tee",
    "sort",
    "uniq",
    "head",
    "tail",
    "wc",
    "diff",
    "df",
    "du",
    "uname",
    "which",
    "codecov",
    "write-output",
    "fi",
    "done",
    "esac",
    "case",
    "in",
    "for",
    "read",
    "return",
    "local",
    "pushd",
    "popd",
    "ln",
    "touch",
    "sudo",
    "dirname",
];

/// Words by which something is brought, and not run.
const BRINGING: &[&str] = &[
    "install",
    "binstall",
    "add",
    "fetch",
    "update",
    "download",
    "ci",
    "sync",
    "restore",
    "metadata",
    "--version",
    "--no-run",
    "login",
];

/// Programs that build, or look at how the code is written.
const LOOKING: &[&str] = &[
    "cargo",
    "cross",
    "rustc",
    "rustfmt",
    "rustdoc",
    "go",
    "gofmt",
    "golangci-lint",
    "cmake",
    "ninja",
    "gcc",
    "clang",
    "javac",
    "dotnet",
    "swift",
    "zig",
    "black",
    "ruff",
    "flake8",
    "pylint",
    "mypy",
    "pyright",
    "isort",
    "eslint",
    "prettier",
    "biome",
    "tsc",
    "lint",
    "format",
    "build",
    "shellcheck",
    "shfmt",
    "actionlint",
    "typos",
    "codespell",
    "taplo",
    "zizmor",
    "yamllint",
    "markdownlint",
    "markdownlint-cli2",
    "mdbook",
    "sphinx-build",
    "rubocop",
    "twine",
    "pre-commit",
    "cargo-deny",
    "cargo-audit",
    "lychee",
    "commitlint",
    "docker",
    "wasm-pack",
];

/// What runs something else by name.
const RUNNING: &[&str] = &[
    "npm",
    "npx",
    "yarn",
    "pnpm",
    "bun",
    "bunx",
    "deno",
    "run",
    "run-script",
    "exec",
    "x",
];

/// Actions that say something of a pull request, and nothing of what its commits do:
/// reviews by a program, labels, greetings.
const ABOUT_PULLS: &[&str] = &[
    "anthropics/claude-code-action",
    "anthropics/claude-code-base-action",
    "coderabbitai/*",
    "google-github-actions/run-gemini-cli",
    "openai/codex-action",
    "actions/labeler",
    "actions/first-interaction",
    "actions/add-to-project",
    "actions/stale",
    "amannn/action-semantic-pull-request",
    "codelytv/pr-size-labeler",
    "kentaro-m/auto-assign-action",
    "toshimaru/auto-author-assign",
    "dependabot/fetch-metadata",
    "marocchino/sticky-pull-request-comment",
];

/// Whether it works on pull requests alone, and says nothing of their commits.
pub(super) fn is_about_pulls(job: &Value) -> bool {
    let steps = job.get("steps").and_then(Value::as_array);
    let steps = || steps.into_iter().flatten();
    let is_one = |step: &Value| {
        let name = named(step);
        ABOUT_PULLS.iter().any(|row| leans::fits(row, &name))
    };
    steps().any(is_one) && steps().all(|step| is_one(step) || of_step(step) == Proves::Nothing)
}

/// The most that one of its steps says.
pub(super) fn of(job: &Value) -> Proves {
    if job.get("uses").is_some() {
        return Proves::Unclear;
    }
    let steps = job.get("steps").and_then(Value::as_array);
    let steps = steps.into_iter().flatten();
    steps.map(of_step).max().unwrap_or(Proves::Nothing)
}

fn of_step(step: &Value) -> Proves {
    if let Some(uses) = step.get("uses").and_then(Value::as_str) {
        return match leans::own_path(uses) {
            Some(_) => Proves::Unclear,
            None => of_action(step),
        };
    }
    let commands = shell::commands(text(step, "run"));
    let all = commands.iter().map(of_command);
    all.max().unwrap_or(Proves::Nothing)
}

fn of_action(step: &Value) -> Proves {
    let name = named(step);
    let name = name
        .rsplit_once('/')
        .map_or(name.as_str(), |(_, name)| name);
    let parts = parts(name);
    let has = |word: &str| parts.iter().any(|part| part == word);
    // What sets tools up, or reports what others ran.
    let aside = [
        "setup", "install", "cache", "upload", "report", "reporter", "result", "changed", "filter",
    ];
    if aside.iter().any(|word| has(word)) {
        return Proves::Nothing;
    }
    let tests = |text: &str| {
        self::parts(text)
            .iter()
            .any(|part| TESTING.contains(&part.as_str()))
    };
    let told = ["command", "args", "run", "arguments"];
    if told
        .iter()
        .filter_map(|key| input(step, key))
        .any(|it| tests(&it))
        || tests(name)
    {
        return Proves::Tests;
    }
    let looks = [
        "cargo", "cross", "lint", "linter", "clippy", "fmt", "check", "deny", "audit",
    ];
    match looks.iter().any(|word| has(word)) {
        true => Proves::Looks,
        false => Proves::Nothing,
    }
}

fn of_command(words: &Words) -> Proves {
    let Some(at) = shell::program_at(words) else {
        return Proves::Nothing;
    };
    let rest = words.get(at..).unwrap_or_default();
    let Some((word, arguments)) = rest.split_first() else {
        return Proves::Nothing;
    };
    let program = shell::program(word);
    let brings = arguments.iter().take(2).chain([&program]);
    let brings = brings.filter(|word| !word.starts_with("--features"));
    let mut brings = brings.chain(arguments.iter().filter(|word| *word == "--no-run"));
    if ASIDE.contains(&program.as_str()) || brings.any(|it| BRINGING.contains(&it.as_str())) {
        return Proves::Nothing;
    }
    // By itself it is the shell's own, which compares.
    let by_another = at.checked_sub(1).and_then(|before| words.get(before));
    let by_another = by_another.is_some_and(|it| RUNNING.contains(&shell::program(it).as_str()));
    if program == "test" && !by_another {
        return Proves::Nothing;
    }
    if rest
        .iter()
        .flat_map(|word| parts(word))
        .any(|part| TESTING.contains(&part.as_str()))
    {
        return Proves::Tests;
    }
    if LOOKING.contains(&program.as_str()) {
        return Proves::Looks;
    }
    let own = word.contains('/')
        || word
            .rsplit_once('.')
            .is_some_and(|(_, end)| SCRIPTS.contains(&end));
    let by_name = [
        "make", "gmake", "just", "task", "mage", "rake", "gradle", "gradlew", "mvn", "mvnw",
        "bazel", "nix", "sbt", "mix", "hatch", "composer", "earthly", "ant",
    ];
    match own || by_another || by_name.contains(&program.as_str()) {
        true => Proves::Unclear,
        false => Proves::Nothing,
    }
}

const SCRIPTS: &[&str] = &[
    "sh", "bash", "py", "js", "mjs", "cjs", "ts", "rb", "ps1", "pl",
];

/// The words of which a word is made.
fn parts(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric());
    let parts = parts.filter(|part| !part.is_empty());
    parts.map(str::to_ascii_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::Proves::{Looks, Nothing, Tests, Unclear};
    use super::*;

    #[test]
    fn a_script_tests_looks_or_only_decides() {
        for (script, proves) in [
            ("cargo test --all", Tests),
            ("cargo +nightly nextest run", Tests),
            ("cargo hack test --each-feature", Tests),
            ("cargo llvm-cov --lcov", Tests),
            ("cross test --target x", Tests),
            ("go test ./...", Tests),
            ("python -m pytest", Tests),
            ("uv run pytest -x", Tests),
            ("npm test", Tests),
            ("pnpm run test:unit", Tests),
            ("make test", Tests),
            ("bundle exec rspec", Tests),
            ("tox -e py312", Tests),
            ("./ci/test.sh", Tests),
            ("cargo build\ncargo test", Tests),
            ("make", Unclear),
            ("./ci.sh", Unclear),
            ("just all", Unclear),
            ("npm run all", Unclear),
            ("cargo build --release", Looks),
            ("cargo clippy --all-targets", Looks),
            ("cargo fmt --check", Looks),
            ("cargo test --no-run", Nothing),
            ("npm run lint", Looks),
            ("npm ci", Nothing),
            ("cargo install cargo-nextest", Nothing),
            ("pip install pytest", Nothing),
            ("rustup component add miri", Nothing),
            ("git diff --name-only HEAD^ | grep -q '^tests/'", Nothing),
            ("test -n \"$X\"", Nothing),
            (
                "if test -f tests/a; then echo run=true >> $GITHUB_OUTPUT; fi",
                Nothing,
            ),
            ("echo \"tests=true\" >> $GITHUB_OUTPUT", Nothing),
            ("echo ok", Nothing),
            ("exit 1", Nothing),
            ("jq -e 'all(.result == \"success\")'", Nothing),
            ("", Nothing),
        ] {
            let job = serde_json::json!({ "steps": [{ "run": script }] });
            assert_eq!(of(&job), proves, "{script}");
        }
    }

    #[test]
    fn a_review_by_a_program_is_about_the_pull_request() {
        for (steps, is) in [
            (
                "{uses: actions/checkout@v7}, {uses: anthropics/claude-code-action@v1}",
                true,
            ),
            ("{uses: actions/labeler@v6}", true),
            ("{uses: actions/labeler@v6}, {run: gh pr view}", true),
            ("{uses: actions/labeler@v6}, {run: npm test}", false),
            ("{uses: actions/labeler@v6}, {uses: ./all}", false),
            ("{uses: actions/checkout@v7}", false),
            ("{uses: cypress-io/github-action@v6}", false),
            ("", false),
        ] {
            let job: Value = serde_saphyr::from_str(&format!("steps: [{steps}]")).unwrap();
            assert_eq!(is_about_pulls(&job), is, "{steps}");
        }
    }

    #[test]
    fn an_action_tests_looks_or_only_decides() {
        for (step, proves) in [
            ("uses: dorny/paths-filter@v3", Nothing),
            ("uses: actions/checkout@v4", Nothing),
            ("uses: tj-actions/changed-files@v45", Nothing),
            ("uses: re-actors/alls-green@release/v1", Nothing),
            ("uses: taiki-e/install-action@nextest", Nothing),
            ("uses: dtolnay/rust-toolchain@stable", Nothing),
            ("uses: actions-rs/cargo@v1, with: {command: test}", Tests),
            ("uses: actions-rs/cargo@v1, with: {command: clippy}", Looks),
            (
                "uses: houseabsolute/actions-rust-cross@v1, with: {command: both, args: test}",
                Tests,
            ),
            ("uses: EmbarkStudios/cargo-deny-action@v2", Looks),
            ("uses: EnricoMi/publish-unit-test-result-action@v2", Nothing),
            ("uses: ./.github/actions/all", Unclear),
        ] {
            let text = format!("steps: [{{{step}}}]");
            let job: Value = serde_saphyr::from_str(&text).unwrap();
            assert_eq!(of(&job), proves, "{step}");
        }
        let called = serde_json::json!({ "uses": "./.github/workflows/a.yml" });
        assert_eq!(of(&called), Unclear);
    }
}
