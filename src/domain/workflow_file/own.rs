//! What a script runs of its own repository, as far as its text tells: files, and
//! targets by the files that define them. Each is named by a path, and behind a `#`
//! by the target; what only the run knows has a `?` in front, and cannot be read.

use super::leans;
use super::named::{BUILDING, LOOKING};
use super::shell::{self, Words};
use super::tools;

/// So many are taken of one script.
const MOST: usize = 12;

/// In place of what only the run knows.
const LATER: char = '\u{1a}';

/// What the files are called that hold targets, by the one that names them here.
const HOLDERS: &[(&str, &[&str])] = &[
    (MAKE, &["Makefile", "makefile", "GNUmakefile"]),
    (JUST, &["justfile", "Justfile", ".justfile"]),
    (TASK, &["Taskfile.yml", "Taskfile.yaml"]),
    (NPM, &["package.json"]),
    (DENO, &["deno.json"]),
    (CARGO_MAKE, &["Makefile.toml"]),
];

pub(super) const MAKE: &str = "Makefile";
pub(super) const JUST: &str = "justfile";
pub(super) const TASK: &str = "Taskfile.yml";
pub(super) const NPM: &str = "package.json";
pub(super) const DENO: &str = "deno.json";
pub(super) const CARGO_MAKE: &str = "Makefile.toml";

/// What npm and its like do by themselves, under names that scripts do not have.
const OF_NPM: &[&str] = &[
    "install",
    "i",
    "ci",
    "add",
    "remove",
    "exec",
    "x",
    "dlx",
    "create",
    "init",
    "config",
    "cache",
    "audit",
    "outdated",
    "update",
    "up",
    "login",
    "logout",
    "whoami",
    "view",
    "info",
    "pack",
    "link",
    "why",
    "list",
    "ls",
    "set",
    "get",
    "store",
    "import",
    "node",
    "npx",
    "workspaces",
    "workspace",
    "dedupe",
    "fetch",
    "prune",
    "rebuild",
    "version",
    "publish",
    "dist-tag",
    "deprecate",
    "unpublish",
    "npm",
    "upgrade",
    "plugin",
    "global",
    "env",
    "setup",
    "self-update",
    "patch",
    "constraints",
];

/// Programs that run the file that they are given.
const INTERPRETERS: &[&str] = &[
    "sh", "bash", "zsh", "dash", "ksh", "source", ".", "python", "python3", "node", "tsx",
    "ts-node", "ruby", "perl", "pwsh", "deno", "bun", "uv", "fish", "nu", "raku", "php", "lua",
    "rscript", "julia",
];

const ENDS: &[&str] = &[
    "sh", "bash", "fish", "py", "js", "mjs", "cjs", "ts", "mts", "rb", "ps1", "pl", "nu", "raku",
    "php", "lua", "r", "jl",
];

/// What stands in the repository, and whose own text says nothing of what it runs.
const WRAPPERS: &[&str] = &["gradlew", "mvnw", "gradlew.bat", "mvnw.cmd"];

/// What a script runs that is started in this folder.
pub(super) fn of(script: &str, folder: &str) -> Vec<String> {
    let script = leans::at_root(script);
    let script: String = without_expressions(&script)
        .replace("$(", "(")
        .replace('$', &LATER.to_string());
    let mut found = Found::default();
    // Where a `cd` may hold for its own line alone, both folders are looked into.
    let mut folders = vec![folder.to_owned()];
    for words in shell::commands(&script) {
        if let [cd, to, ..] = words.as_slice()
            && matches!(cd.as_str(), "cd" | "pushd")
        {
            let last = folders.last().map_or("", String::as_str);
            let next = leans::join(last, to);
            folders = vec![folder.to_owned()];
            if !to.contains(LATER) && next != folder {
                folders.push(next);
            }
            continue;
        }
        let what = of_command(&words);
        for (within, name) in &what {
            for folder in &folders {
                found.add(folder, within, name);
            }
        }
    }
    found.0
}

/// Each expression of a workflow as one word.
fn without_expressions(script: &str) -> String {
    let mut parts = script.split("${{");
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        all.push(LATER);
        all.push_str(part.split_once("}}").map_or("", |(_, after)| after));
    }
    all
}

#[derive(Default)]
struct Found(Vec<String>);

impl Found {
    fn add(&mut self, folder: &str, within: &str, name: &str) {
        let later = [folder, within, name]
            .iter()
            .any(|it| it.contains(LATER) || it.contains("${{"));
        let shown = |text: &str| text.replace(LATER, "…");
        let key = match name.split_once('#') {
            _ if later => format!("?{}", shown(name)),
            Some((file, target)) => {
                format!(
                    "{}#{target}",
                    leans::join(&leans::join(folder, within), file)
                )
            }
            None => format!("{FILE}{}", leans::join(folder, name)),
        };
        // What lies outside, or is fetched, is none of the repository's.
        let outside = name.starts_with(['/', '~']) || within.starts_with(['/', '~']);
        let outside = outside || name.split('/').any(|part| part == "node_modules");
        if !outside && self.0.len() < MOST && !self.0.contains(&key) {
            self.0.push(key);
        }
    }
}

/// What a command runs: the folder that it goes to first, and the name there.
fn of_command(words: &Words) -> Vec<(String, String)> {
    let programs = words.iter().map(|word| shell::program(word));
    let at = |names: &[&str]| {
        let end = shell::program_at(words).map_or(words.len(), |at| at + 1);
        let mut programs = programs.clone().take(end);
        programs.position(|program| names.contains(&program.as_str()))
    };
    let behind = |at: usize| words.get(at + 1..).unwrap_or_default();
    let targets = |at: usize, file: &str, most: usize| {
        let (within, plain) = plain(behind(at));
        let mut plain = plain.into_iter().take(most).peekable();
        let all: Vec<String> = match plain.peek() {
            None => vec![format!("{file}#")],
            Some(_) => plain.map(|name| format!("{file}#{name}")).collect(),
        };
        all.into_iter().map(|name| (within.clone(), name)).collect()
    };
    if let Some(at) = at(&["make", "gmake"]) {
        return targets(at, MAKE, 4);
    }
    if let Some(at) = at(&["just"]) {
        return targets(at, JUST, 2);
    }
    if let Some(at) = at(&["deno"]).filter(|at| behind(*at).first().is_some_and(|it| it == "task"))
    {
        return targets(at + 1, DENO, 1);
    }
    if let Some(at) = at(&["task", "go-task"]) {
        return targets(at, TASK, 2);
    }
    if let Some(rest) = shell::after(words, &["cargo", "make"]) {
        let (within, plain) = plain(rest);
        let name = plain.into_iter().next().unwrap_or_default();
        return vec![(within, format!("{CARGO_MAKE}#{name}"))];
    }
    if let Some(at) = at(&["npm", "pnpm", "yarn", "bun"]) {
        let (within, plain) = plain(behind(at));
        let mut plain = plain.into_iter();
        let name = match plain.next() {
            Some(run) if matches!(run.as_str(), "run" | "run-script") => plain.next(),
            name => name.filter(|name| !OF_NPM.contains(&name.as_str())),
        };
        if let Some(name) = name.filter(|name| !is_file(name)) {
            return vec![(within, format!("{NPM}#{name}"))];
        }
    }
    files(words)
}

/// The folder that flags lead to, and the words that are none.
fn plain(words: &[String]) -> (String, Vec<String>) {
    const TO: &[&str] = &["-C", "--directory", "--prefix", "--cwd", "--dir", "-d"];
    const WITH: &[&str] = &[
        "-j",
        "-f",
        "-w",
        "--workspace",
        "--filter",
        "--justfile",
        "-F",
    ];
    let (mut within, mut all) = (String::new(), Vec::new());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (flag, value) = word.split_once('=').unwrap_or((word, ""));
        match word.as_str() {
            "--" => break,
            _ if TO.contains(&flag) && !value.is_empty() => value.clone_into(&mut within),
            flag if TO.contains(&flag) => within = words.next().cloned().unwrap_or_default(),
            flag if WITH.contains(&flag) => {
                words.next();
            }
            word if word.starts_with('-') || word.contains('=') => {}
            "2>" | ">" | ">>" | "<" => {
                words.next();
            }
            word if word.chars().all(|c| c.is_ascii_digit()) => {}
            _ => all.push(word.clone()),
        }
    }
    (within, all)
}

/// The files that a command runs.
fn files(words: &Words) -> Vec<(String, String)> {
    let Some(at) = shell::program_at(words) else {
        return Vec::new();
    };
    let before = words.get(..at).unwrap_or_default();
    let interpreted = before
        .iter()
        .any(|word| INTERPRETERS.contains(&shell::program(word).as_str()));
    let program = words.get(at).into_iter();
    let program = program.filter(|word| is_file(word) || is_path(word) || interpreted && at == 1);
    let given = words.get(at + 1..).unwrap_or_default().iter();
    let given = given.filter(|word| interpreted && is_file(word));
    let all = program.chain(given).map(|word| word.replace('\\', "/"));
    let own = |word: &String| {
        let name = word.rsplit('/').next().unwrap_or(word);
        !word.contains(['*', '?', '<', '>', '=', ':']) && !WRAPPERS.contains(&name)
    };
    let all = all.filter(own).filter(|word| !word.starts_with('-'));
    all.map(|word| (String::new(), word)).collect()
}

fn is_file(word: &str) -> bool {
    let file = word.rsplit('/').next().unwrap_or(word);
    let end = file.rsplit_once('.').map(|(_, end)| end);
    end.is_some_and(|end| ENDS.contains(&end)) && !word.contains("://")
}

fn is_path(word: &str) -> bool {
    word.contains('/') && !word.contains("://")
}

/// What a file's name begins with, so that no folder of an action is taken for one.
const FILE: &str = "./";

/// Whether this names a file or a target, and no folder of an action.
pub fn is_own(key: &str) -> bool {
    key.starts_with(FILE) || key.starts_with('?') || key.contains('#')
}

/// Where the file of one stands, the first that is there; none: only the run knows.
pub fn files_of(key: &str) -> Vec<String> {
    if key.starts_with('?') {
        return Vec::new();
    }
    let Some((path, _)) = key.split_once('#') else {
        return vec![key.trim_start_matches(FILE).to_owned()];
    };
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let holder = HOLDERS.iter().find(|(holder, _)| *holder == name);
    let names = holder.map_or(&[][..], |(_, names)| names);
    names.iter().map(|name| leans::join(folder, name)).collect()
}

/// Whether what only the run knows is called by a way to look or to build.
pub fn only_looks(key: &str) -> bool {
    let said = tools::parts(key);
    let says = |words: &[&str]| said.iter().any(|part| words.contains(&part.as_str()));
    says(LOOKING) || says(BUILDING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_script_runs_of_its_repository() {
        for (script, keys) in [
            ("./ci/build.sh --all", &["./ci/build.sh"][..]),
            ("bash ci/build.sh", &["./ci/build.sh"]),
            ("bash -e ci/build", &["./ci/build"]),
            ("$GITHUB_WORKSPACE/ci/a.sh", &["./ci/a.sh"]),
            ("${{ github.workspace }}/ci/a.sh", &["./ci/a.sh"]),
            ("python3 tools/a.py x.py", &["./tools/a.py", "./x.py"]),
            ("node --no-warnings tools/a.mjs", &["./tools/a.mjs"]),
            ("X=1 sudo -E ./a.sh", &["./a.sh"]),
            ("V=$(./ci/version.sh)", &["./ci/version.sh"]),
            ("source ci/lib.sh && x", &["./ci/lib.sh"]),
            (".\\ci\\a.ps1", &["./ci/a.ps1"]),
            ("make", &["Makefile#"]),
            ("make -j4 dist V=1", &["Makefile#dist"]),
            (
                "make -C site all clean",
                &["site/Makefile#all", "site/Makefile#clean"],
            ),
            ("just ship", &["justfile#ship"]),
            ("task build", &["Taskfile.yml#build"]),
            ("npm run ci:all -- --x", &["package.json#ci:all"]),
            ("npm test", &["package.json#test"]),
            ("pnpm ship", &["package.json#ship"]),
            ("yarn run ship", &["package.json#ship"]),
            ("bun run ship", &["package.json#ship"]),
            ("npm --prefix web run ship", &["web/package.json#ship"]),
            ("deno task ship", &["deno.json#ship"]),
            ("cargo make ship", &["Makefile.toml#ship"]),
            // Where a `cd` may hold for its own line alone.
            (
                "cd web && npm run ship",
                &["package.json#ship", "web/package.json#ship"],
            ),
            ("make ${{ matrix.what }}", &["?Makefile#…"]),
            ("./ci/$NAME.sh", &["?./ci/…NAME.sh"]),
            ("npm ci && npm publish && npx tsc && pnpm exec x", &[]),
            ("cargo build && ./gradlew publish", &[]),
            ("node --x node_modules/jest/bin/jest.js --ci", &[]),
            ("./node_modules/.bin/tsc -p .", &[]),
            ("/usr/bin/a.sh; ~/a.sh; curl https://a.b/c.sh", &[]),
            ("echo ./ci/a.sh # ./ci/b.sh", &[]),
            ("", &[]),
        ] {
            assert_eq!(of(script, ""), keys, "{script}");
        }
        assert_eq!(
            of("make x; ./a.sh", "sub"),
            ["sub/Makefile#x", "./sub/a.sh"]
        );
        assert_eq!(of("make x", "${{ matrix.dir }}"), ["?Makefile#x"]);
    }

    #[test]
    fn where_the_file_of_one_stands() {
        for (key, files) in [
            ("./ci/a.sh", &["ci/a.sh"][..]),
            (
                "a/Makefile#x",
                &["a/Makefile", "a/makefile", "a/GNUmakefile"],
            ),
            ("package.json#x", &["package.json"]),
            ("?Makefile#…", &[]),
        ] {
            assert_eq!(files_of(key), files, "{key}");
            assert!(is_own(key));
        }
        for folder in ["", ".github/actions/a", "ci/a.sh"] {
            assert!(!is_own(folder), "{folder}");
        }
    }
}
