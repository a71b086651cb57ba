//! What the jobs of a workflow use of their own repository, as far as the file's
//! text tells: whoever changes that, changes what the jobs say.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// So many paths are kept of one file.
const PATHS: usize = 300;

/// What a workflow's jobs use of the repository. Folders end with `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Leans {
    /// Folders of local actions (`uses: ./…`).
    pub actions: BTreeSet<String>,
    /// Files and folders that the steps name.
    pub paths: BTreeSet<String>,
    /// Tools that read what to do from a file of the repository.
    pub tools: BTreeSet<String>,
}

/// Tools that read what to do from a file of the repository, and the names of
/// those files, wherever they stand; `*` stands for the rest of a name.
const TOOLS: &[(&[&str], &[&str])] = &[
    (
        &["make", "gmake"],
        &["Makefile", "makefile", "GNUmakefile", "*.mk"],
    ),
    (&["just"], &["justfile", "Justfile", ".justfile", "*.just"]),
    (&["task", "go-task"], &["Taskfile*"]),
    (
        &["npm", "npx", "yarn", "pnpm", "bun", "node"],
        &["package.json", ".npmrc", ".yarnrc*"],
    ),
    (&["cargo-make", "makers"], &["Makefile.toml"]),
    (&["nextest"], &["nextest.toml"]),
    (&["clippy"], &["clippy.toml", ".clippy.toml"]),
    (&["deny"], &["deny.toml"]),
    (&["tox"], &["tox.ini"]),
    (&["nox"], &["noxfile.py"]),
    (&["pre-commit"], &[".pre-commit-config.yaml"]),
    (
        &["docker", "docker-compose", "podman"],
        &[
            "Dockerfile*",
            "*.dockerfile",
            "compose.y*",
            "docker-compose*",
        ],
    ),
    (&["earthly"], &["Earthfile"]),
    (&["nix"], &["flake.nix", "flake.lock", "default.nix"]),
    (&["mvn"], &["pom.xml"]),
    (
        &["gradle", "gradlew"],
        &["*.gradle", "*.gradle.kts", "gradlew"],
    ),
    (&["cmake", "ctest"], &["CMakeLists.txt", "*.cmake"]),
    (&["bazel"], &[".bazelrc"]),
    (&["cross"], &["Cross.toml"]),
    (&["mise"], &["mise.toml", ".mise.toml"]),
];

/// Folders whose name is a tool's: `cargo xtask` runs what stands in `xtask/`.
const TOOL_FOLDERS: &[&str] = &["xtask"];

/// Programs that run the file that they are given, whatever its name.
const INTERPRETERS: &[&str] = &[
    "sh", "bash", "zsh", "dash", "ksh", "fish", "source", ".", "python", "python3", "node", "deno",
    "ruby", "perl", "pwsh", "nu", "raku", "php", "lua", "exec", "chmod",
];

/// Programs that look at the files that they are given, and run none of them: what they
/// look at is the product.
const LOOKING: &[&str] = &[
    "black",
    "ruff",
    "flake8",
    "isort",
    "mypy",
    "pyright",
    "pylint",
    "pycodestyle",
    "pydocstyle",
    "pyflakes",
    "bandit",
    "vulture",
    "codespell",
    "blacken-docs",
    "eslint",
    "prettier",
    "stylelint",
    "rubocop",
    "yamllint",
    "markdownlint",
    "typos",
    "clang-format",
];

/// What stands before the file that tells them how.
const SETTING: &[&str] = &[
    "-c",
    "--config",
    "--config-file",
    "--rcfile",
    "--settings",
    "--toml",
];

/// Keys whose text says nothing of what is run.
const ASIDE: &[&str] = &["name", "if", "runs-on", "needs", "permissions"];

impl Leans {
    /// Reads them off the whole file.
    pub(super) fn read(root: &Value) -> Leans {
        let mut found = Leans::default();
        let folder = working_directory(root).unwrap_or_default();
        found.texts(root.get("env").unwrap_or(&Value::Null), "");
        let jobs = root.get("jobs").and_then(Value::as_object);
        for job in jobs.into_iter().flat_map(|jobs| jobs.values()) {
            let folder = working_directory(job).unwrap_or_else(|| folder.clone());
            found.job(job, &folder);
        }
        found
    }

    fn job(&mut self, job: &Value, folder: &str) {
        let parts = job.as_object().into_iter().flatten();
        for (key, part) in parts {
            match (key.as_str(), part) {
                ("steps", Value::Array(steps)) => {
                    for step in steps {
                        self.step(step, folder);
                    }
                }
                (key, _) if ASIDE.contains(&key) || key == "uses" => {}
                (_, part) => self.texts(part, folder),
            }
        }
    }

    fn step(&mut self, step: &Value, folder: &str) {
        let own = step.get("working-directory").and_then(Value::as_str);
        let folder = own.map_or_else(|| folder.to_owned(), |own| join("", own));
        let parts = step.as_object().into_iter().flatten();
        for (key, part) in parts {
            match (key.as_str(), part.as_str()) {
                ("uses", Some(uses)) => {
                    if let Some(path) = own_path(uses) {
                        self.actions.insert(as_folder(path));
                    }
                }
                (key, _) if ASIDE.contains(&key) || key == "working-directory" => {}
                _ => self.texts(part, &folder),
            }
        }
    }

    /// Every text in a value.
    fn texts(&mut self, value: &Value, folder: &str) {
        match value {
            Value::String(text) => self.script(text, folder),
            Value::Array(all) => all.iter().for_each(|one| self.texts(one, folder)),
            Value::Object(all) => all.values().for_each(|one| self.texts(one, folder)),
            _ => {}
        }
    }

    /// The words of a script, or of any other text.
    fn script(&mut self, text: &str, folder: &str) {
        let text = at_root(text);
        let mut folder = folder.to_owned();
        let lines = text.lines().map(str::trim);
        for line in lines.filter(|line| !line.starts_with('#')) {
            for part in line.split(['|', ';', '&']) {
                let mut before = "";
                let mut looks = false;
                let words = part.split(|c: char| c.is_whitespace() || "\"'()`,=<>".contains(c));
                for word in words.filter(|word| !word.is_empty()) {
                    looks |= LOOKING.contains(&word);
                    if looks && !SETTING.contains(&before) {
                        before = word;
                        continue;
                    }
                    if before == "cd" {
                        folder = join(&folder, word);
                    } else {
                        self.word(word, before, &folder);
                    }
                    before = word;
                }
            }
        }
    }

    fn word(&mut self, word: &str, before: &str, folder: &str) {
        let program = word.rsplit('/').next().unwrap_or(word);
        let is_tool = |(names, _): &&(&[&str], &[&str])| names.contains(&program);
        if TOOLS.iter().any(|row| is_tool(&row)) || TOOL_FOLDERS.contains(&program) {
            self.tools.insert(program.to_owned());
        }
        let run = INTERPRETERS.contains(&before) && !word.starts_with('-');
        let written = word.contains('/') || word.trim_matches('.').contains('.');
        if !(run || written) || word.starts_with('-') || word.contains("://") {
            return;
        }
        // Of a name that is made when it is run, the folder is known.
        let path = match word.find(['$', '*', '{', '?', '[']) {
            Some(at) => match word.get(..at).and_then(|known| known.rfind('/')) {
                Some(end) => word.get(..=end).unwrap_or_default(),
                None => return,
            },
            None => word,
        };
        let path = match path.ends_with('/') {
            true => as_folder(&join(folder, path)),
            false => join(folder, path),
        };
        if !path.is_empty() && path != "/" && self.paths.len() < PATHS {
            self.paths.insert(path);
        }
    }

    /// Takes what another one holds.
    pub fn add(&mut self, other: &Leans) {
        self.actions.extend(other.actions.iter().cloned());
        self.paths.extend(other.paths.iter().cloned());
        self.tools.extend(other.tools.iter().cloned());
    }

    /// Whether one of its tools reads what to do from this file.
    pub fn steers(&self, path: &str) -> bool {
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        let of_tool = |tool: &String| {
            let mut rows = TOOLS.iter();
            let row = rows.find(|(names, _)| names.contains(&tool.as_str()));
            row.is_some_and(|(_, files)| files.iter().any(|file| fits(file, name)))
                || TOOL_FOLDERS.contains(&tool.as_str()) && folders.split('/').any(|f| f == tool)
        };
        self.tools.iter().any(of_tool)
    }
}

/// Whether a name is this one, or begins or ends like it where a `*` stands.
pub fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        Some((begins, ends)) => {
            name.len() >= begins.len() + ends.len()
                && name.starts_with(begins)
                && name.ends_with(ends)
        }
        None => pattern == name,
    }
}

pub(super) fn working_directory(of: &Value) -> Option<String> {
    let folder = of.pointer("/defaults/run/working-directory")?.as_str()?;
    Some(join("", folder))
}

/// The text with the checkout's own folder taken out.
pub(super) fn at_root(text: &str) -> String {
    let mut text = text.replace("\\\r\n", " ").replace("\\\n", " ");
    for root in [
        "${{ github.workspace }}/",
        "${{github.workspace}}/",
        "$GITHUB_WORKSPACE/",
        "${GITHUB_WORKSPACE}/",
        "$PWD/",
        "${PWD}/",
        "$(pwd)/",
    ] {
        text = text.replace(root, "./");
    }
    text
}

fn as_folder(path: &str) -> String {
    format!("{}/", join("", path))
}

/// A path below a folder, without `.` and `..`, without a slash at its end.
pub(super) fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').collect();
    if path.starts_with('/') {
        parts.clear();
    }
    for part in path.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("/")
}

/// Of what a step or a job uses, the path in this repository: of the checkout (`./`),
/// or of the commit that runs (`$/`; GitHub's changelog of 2026-07-30).
pub fn own_path(uses: &str) -> Option<&str> {
    uses.strip_prefix("./").or_else(|| uses.strip_prefix("$/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(jobs: &str) -> Leans {
        let root: Value = serde_saphyr::from_str(jobs).unwrap();
        Leans::read(&root)
    }

    fn run(script: &str) -> Vec<String> {
        let root = serde_json::json!({"jobs": {"a": {"steps": [{"run": script}]}}});
        Leans::read(&root).paths.into_iter().collect()
    }

    #[test]
    fn scripts_are_named_in_many_ways() {
        for (script, path) in [
            ("./ci.sh", "ci.sh"),
            ("bash scripts/ci.sh --all", "scripts/ci.sh"),
            ("sh check", "check"),
            (
                "set -e; cargo build && scripts/a.sh | tee log",
                "scripts/a.sh",
            ),
            ("\"$GITHUB_WORKSPACE/scripts/a.sh\"", "scripts/a.sh"),
            ("${{ github.workspace }}/scripts/a.sh", "scripts/a.sh"),
            ("cd scripts\n./a.sh", "scripts/a.sh"),
            ("cd scripts && cd .. && ./a.sh", "a.sh"),
            ("X=1 ./x/../a.sh", "a.sh"),
            ("python3 -m pytest -c tools/pytest.ini", "tools/pytest.ini"),
            ("bash ci/${{ matrix.os }}.sh", "ci/"),
            ("for f in ci/*.sh; do $f; done", "ci/"),
            (". ./env", "env"),
            ("make -f build/Makefile", "build/Makefile"),
            ("mypy --config-file=ci/mypy.ini pond/", "ci/mypy.ini"),
            ("black pond/ && ci/a.sh", "ci/a.sh"),
        ] {
            let found = run(script);
            assert!(found.iter().any(|p| p == path), "{script}: {found:?}");
        }
        for script in [
            "cargo test --locked",
            "# bash scripts/ci.sh",
            "curl https://example.org/a.sh",
            "echo done",
            // What is looked at is the product.
            "codespell pond -S pond/static -S pond/vendored",
            "python -m mypy pond/",
            "ruff check pond/a.py && cargo test",
        ] {
            assert_eq!(run(script), Vec::<String>::new(), "{script}");
        }
    }

    #[test]
    fn actions_folders_inputs_and_matrices_are_looked_through() {
        let found = of("
env:
  BASH_ENV: ./ci/env
jobs:
  a:
    defaults: {run: {working-directory: web}}
    strategy: {matrix: {script: [one/x.sh, y.sh]}}
    steps:
      - uses: ./.github/actions/setup/
      - uses: actions/checkout@v4
      - uses: some/retry@v3
        with: {command: ./retry.sh}
      - run: make test
      - run: ./a.sh
        working-directory: ./tools
      - run: cargo xtask ci
        name: not/this.sh
");
        let all = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(" ");
        assert_eq!(all(&found.actions), ".github/actions/setup/");
        assert_eq!(all(&found.tools), "make xtask");
        assert_eq!(
            all(&found.paths),
            "ci/env tools/a.sh web/one/x.sh web/retry.sh web/y.sh"
        );
        assert!(found.steers("Makefile") && found.steers("web/rules.mk"));
        assert!(found.steers("xtask/src/main.rs"));
        assert!(!found.steers("package.json") && !found.steers("src/main.rs"));
    }
}
