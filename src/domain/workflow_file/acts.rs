//! What a job may do to the outside of its run, as far as the file tells.
//!
//! A token is no harm by itself: without `permissions` the job has what the
//! repository's settings say, which nobody sees in the file. What would use it
//! to write is read off the steps; a file that *asks* for the right to write
//! means to.

use std::collections::BTreeMap;

use serde_json::Value;

use super::act::{Act, Permissions};
use super::actions::{ACTIONS, NOT_ACTIONS};
use super::commands::COMMANDS;
use super::known::{ANYWHERE, CRATES, TRIALS, Where};
use super::leans::{self, fits};
use super::named::{BUILDING, LOOKING, REACHING, REACHING_ACTIONS, REACHING_INPUTS, RUNNERS};
use super::shell::{self, Words};
use super::{parallel, tools};

/// `permissions` of a workflow or a job; none where it says nothing.
pub(super) fn permissions(of: &Value) -> Permissions {
    let all = |level: &str| Some(BTreeMap::from([("*".to_owned(), level.to_owned())]));
    match of.get("permissions")? {
        Value::Object(named) => {
            let named = named.iter();
            let level = |level: &Value| level.as_str().unwrap_or("?").to_owned();
            Some(named.map(|(name, of)| (name.clone(), level(of))).collect())
        }
        Value::String(text) if text == "read-all" => all("read"),
        Value::String(text) if text == "write-all" => all("write"),
        Value::Null => Some(BTreeMap::new()),
        _ => all("?"),
    }
}

/// What a job does; `rights` are its own, or the workflow's.
pub(super) fn of_job(root: &Value, job: &Value, rights: &Permissions) -> Vec<Act> {
    let mut found = Found::default();
    for (name, level) in rights.iter().flatten() {
        if !matches!(level.as_str(), "read" | "none") {
            found.add(Act::Writes(name.clone()));
        }
    }
    let environment = job.get("environment");
    let name = environment.map(|it| it.get("name").unwrap_or(it));
    match name {
        None | Some(Value::Null) => {}
        Some(name) => found.add(Act::Environment(name.as_str().unwrap_or("?").to_owned())),
    }
    if job.get("secrets").and_then(Value::as_str) == Some("inherit") {
        found.add(Act::Secret("*".to_owned()));
    }
    if let Some(called) = job.get("uses") {
        found.add(Act::Calls(called.as_str().unwrap_or("?").to_owned()));
    }
    for key in ["env", "defaults", "concurrency"] {
        found.texts(root.get(key), false);
    }
    for (key, part) in job.as_object().into_iter().flatten() {
        match key.as_str() {
            "steps" => found.steps(part),
            "if" => found.texts(Some(part), true),
            "name" | "uses" => {}
            _ => found.texts(Some(part), false),
        }
    }
    // Without `permissions` the token may have every right.
    if rights.is_none() {
        for script in tools::handed(root, job) {
            found.add(Act::Unknown(script));
        }
    }
    found.acts
}

/// What the steps of a script do.
pub(super) fn of_steps(script: &Value) -> Vec<Act> {
    let mut found = Found::default();
    script
        .get("steps")
        .into_iter()
        .for_each(|steps| found.steps(steps));
    found.acts
}

/// In place of a shell: what is written in another language.
pub(super) const CODE: &str = "code";

/// What one step does.
pub(super) fn of_step(step: &Value) -> Vec<Act> {
    let mut found = Found::default();
    found.step(step);
    found.acts
}

/// What the steps of a composite action do; none: it cannot be read, or is a
/// program.
pub fn of_action(text: &str) -> Option<Vec<Act>> {
    let mut root: Value = crate::ecosystem::yaml::read(text).ok()?;
    let runs = root.get_mut("runs")?;
    parallel::in_steps(runs);
    let mut found = Found::default();
    match runs.get("using").and_then(Value::as_str)? {
        "composite" => found.steps(runs.get("steps")?),
        _ => return None,
    }
    Some(found.acts)
}

/// Inputs by which an action is told what to run.
pub(super) const RUNNING: &[&str] = &[
    "run",
    "script",
    "command",
    "cmd",
    "publish",
    "publish-script",
    "commands",
];

#[derive(Default)]
struct Found {
    acts: Vec<Act>,
    /// Whether what is read is no shell's: a single word of it is no command.
    code: bool,
}

impl Found {
    fn add(&mut self, act: Act) {
        if !self.acts.contains(&act) {
            self.acts.push(act);
        }
    }

    fn steps(&mut self, steps: &Value) {
        for step in steps.as_array().into_iter().flatten() {
            self.step(step);
        }
    }

    fn step(&mut self, step: &Value) {
        let shell = step.get("shell").and_then(Value::as_str);
        self.code = shell.is_some_and(|it| it == CODE || it.starts_with("python"));
        let inputs = inputs(step.get("with"));
        match step.get("uses") {
            Some(Value::String(uses)) => self.action(uses, &inputs),
            Some(_) => self.add(Act::Unknown("uses".to_owned())),
            None => {}
        }
        for (key, part) in step.as_object().into_iter().flatten() {
            match key.as_str() {
                "uses" | "name" | "id" => {}
                "if" => self.texts(Some(part), true),
                // What an input names is no command, but where it is told what to run.
                "with" => {
                    for (input, one) in part.as_object().into_iter().flatten() {
                        let was = self.code;
                        self.code = was || !RUNNING.contains(&input.as_str());
                        self.texts(Some(one), false);
                        self.code = was;
                    }
                }
                "run" => {
                    self.texts(Some(part), false);
                    self.scripts(part.as_str().unwrap_or_default());
                }
                _ => self.texts(Some(part), false),
            }
        }
        self.code = false;
    }

    fn action(&mut self, uses: &str, inputs: &BTreeMap<String, String>) {
        if let Some(image) = uses.strip_prefix("docker://") {
            let name = image.split(['@', ':']).next().unwrap_or(image);
            if reaches(name, REACHING_ACTIONS) {
                self.add(Act::Unknown(uses.to_owned()));
            }
            return;
        }
        let name = uses.split('@').next().unwrap_or(uses).to_ascii_lowercase();
        if uses.contains("${{") {
            self.add(Act::Unknown(uses.to_owned()));
            return;
        }
        // What one of the repository's own does, stands in its file.
        if let Some(path) = leans::own_path(uses) {
            self.add(Act::Uses(leans::join("", path)));
            return;
        }
        let mut known = NOT_ACTIONS.iter().any(|row| fits(row, &name));
        if !known {
            let rows = ACTIONS.iter().filter(|(row, ..)| fits(row, &name));
            for (_, on, does) in rows {
                known = true;
                if on.holds(inputs) {
                    self.add(does.act());
                }
            }
        }
        if name == "actions/github-script" {
            let script = inputs.get("script").map_or("", String::as_str);
            tools::script_acts(script, |act| self.add(act));
            return;
        }
        // What is told to push does, whatever its name.
        if !known && Where::Set(REACHING_INPUTS).holds(inputs) {
            self.add(Act::Unknown(uses.to_owned()));
        }
        // A folder of an action says what it does as its repository does.
        if !known
            && name
                .split('/')
                .skip(1)
                .any(|part| reaches(part, REACHING_ACTIONS))
        {
            self.add(Act::Unknown(uses.to_owned()));
        }
    }

    /// Every text in a value: its secrets, and the commands in it.
    fn texts(&mut self, value: Option<&Value>, is_expression: bool) {
        match value {
            Some(Value::String(text)) => {
                for name in tools::secrets(text, is_expression) {
                    self.add(Act::Secret(name));
                }
                if !is_expression {
                    self.script(text);
                }
            }
            Some(Value::Array(all)) => all.iter().for_each(|one| self.texts(Some(one), false)),
            Some(Value::Object(all)) => {
                for (key, one) in all {
                    self.texts(Some(one), key == "if");
                }
            }
            _ => {}
        }
    }

    fn script(&mut self, script: &str) {
        for words in shell::commands(script) {
            let trial = |word: &String| TRIALS.iter().any(|trial| word.contains(trial));
            if words.iter().any(|word| is_dry(word)) || words.iter().any(trial) {
                continue;
            }
            self.command(&words);
        }
    }

    fn command(&mut self, words: &Words) {
        let code = self.code;
        // Most rows are about programs that no word calls.
        let names: Vec<&str> = words.iter().map(|word| shell::named(word)).collect();
        let is_called = |wanted: &[&str]| {
            let first = wanted.first();
            first.is_some_and(|it| names.iter().any(|name| name.eq_ignore_ascii_case(it)))
        };
        let rows = COMMANDS.iter();
        let rows = rows.filter(|(wanted, ..)| !code || wanted.len() > 1);
        for (wanted, not, does) in rows.filter(|(wanted, ..)| is_called(wanted)) {
            let Some(rest) = matches(words, wanted) else {
                continue;
            };
            if !not.iter().any(|not| rest.iter().any(|word| word == not)) {
                self.add(does.act());
            }
        }
        if tools::cargo_release(words).is_some_and(|it| it.publishes) {
            let what = CRATES.to_owned();
            self.add(Act::Publishes { what });
        }
        tools::git(words, |act| self.add(act));
        tools::gh(words, |act| self.add(act));
        if self.code {
            return;
        }
        tools::copies(words, |act| self.add(act));
        if let Some(what) = tools::sends(words) {
            self.add(Act::Unknown(what));
        }
        self.by_name(words);
    }

    /// Targets that are called by what they do.
    fn by_name(&mut self, words: &Words) {
        for runner in RUNNERS {
            let Some(rest) = shell::after(words, runner) else {
                continue;
            };
            let all = *runner == ["cargo", "run"];
            let targets = rest.iter().take_while(|word| all || *word != "--");
            let targets = targets.filter(|word| !word.starts_with('-'));
            // Most take several; behind the script of a package stand its own
            // words.
            let targets: Vec<&String> = match *runner {
                ["pnpm" | "yarn"] => targets.skip_while(|word| *word == "run").take(1).collect(),
                ["cargo", "run"] => targets.collect(),
                ["npm" | "bun" | "deno" | "pdm" | "hatch" | "cargo", _] => {
                    targets.take(1).collect()
                }
                _ => targets.collect(),
            };
            if let Some(target) = targets.into_iter().find(|target| is_target(target)) {
                let what = format!("{} {target}", runner.join(" "));
                self.add(Act::Publishes { what });
            }
        }
    }

    /// Scripts that are called by what they do.
    fn scripts(&mut self, script: &str) {
        for words in shell::commands(script) {
            let program = shell::program_at(&words).and_then(|at| words.get(at));
            let is = |word: &&String| is_script(word) && !words.iter().any(|word| is_dry(word));
            if let Some(script) = program.filter(is) {
                self.add(Act::Publishes {
                    what: script.clone(),
                });
            }
        }
    }
}

/// What the words leave for a row's exceptions; none where it is another
/// command.
fn matches<'w>(words: &'w Words, wanted: &[&str]) -> Option<&'w [String]> {
    match wanted {
        [program, ANYWHERE, word] => {
            let at = words.iter().position(|w| shell::calls(w, program))?;
            let rest = words.get(at + 1..)?;
            let is = |w: &String| w == word || w.strip_prefix(word).is_some_and(|w| w == "=true");
            rest.iter().any(is).then_some(rest)
        }
        _ => shell::after(words, wanted),
    }
}

fn is_dry(word: &str) -> bool {
    matches!(
        word,
        "--dry-run" | "--dry" | "--dryrun" | "--dry-run=true" | "--help" | "--version"
    ) || word.starts_with("-DaltDeploymentRepository=local")
}

/// Whether a target of `make` and the like says that it reaches outside:
/// `release` may be a way to build, beside a word that says so.
fn is_target(target: &str) -> bool {
    let local = ["publishToMavenLocal", "publishLocal", "publishM2"];
    if target.contains('=') || local.iter().any(|it| target.ends_with(it)) {
        return false;
    }
    let name = target.rsplit(['/', '#']).next().unwrap_or(target);
    reaches(name, &[])
}

/// Whether a word is a script of that name: a path, or a file that an
/// interpreter is given.
fn is_script(word: &str) -> bool {
    let file = word.rsplit('/').next().unwrap_or(word);
    let (name, end) = file.rsplit_once('.').unwrap_or((file, ""));
    let ends = [
        "sh", "bash", "py", "js", "mjs", "cjs", "ts", "rb", "ps1", "pl", "nu", "raku", "php", "lua",
    ];
    let path = word.contains('/') && !word.contains("://");
    (path || ends.contains(&end)) && reaches(name, &[])
}

/// Whether a name has a word that reaches outside, and none that takes it back.
fn reaches(name: &str, more: &[&str]) -> bool {
    let parts = tools::parts(name);
    let has = |words: &[&str]| parts.iter().any(|part| words.contains(&part.as_str()));
    if has(LOOKING) {
        return false;
    }
    let building = has(BUILDING);
    let reaching = |part: &String| {
        let builds = building && part.starts_with("release");
        !builds && (REACHING.contains(&part.as_str()) || more.contains(&part.as_str()))
    };
    parts.iter().any(reaching)
}

/// Whether a name has a word that reaches outside, and none that takes it back.
pub fn says_reaching(name: &str) -> bool {
    let parts = tools::parts(name);
    let has = |words: &[&str]| parts.iter().any(|part| words.contains(&part.as_str()));
    has(REACHING) && !has(LOOKING)
}

/// The inputs of an action, by names in lower case.
fn inputs(with: Option<&Value>) -> BTreeMap<String, String> {
    let all = with.and_then(Value::as_object).into_iter().flatten();
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    all.map(|(name, value)| (name.to_ascii_lowercase(), text(value)))
        .collect()
}

impl Where {
    fn holds(self, inputs: &BTreeMap<String, String>) -> bool {
        let set = |name: &&str| {
            let value = inputs.get(*name).map(|value| value.trim());
            value.is_some_and(|value| !matches!(value, "" | "false" | "never" | "${{ false }}"))
        };
        match self {
            Where::Always => true,
            Where::Set(names) => names.iter().any(set),
            Where::Has(name, texts) => {
                let value = inputs.get(name).map_or("", String::as_str);
                texts.iter().any(|text| value.contains(text))
            }
            Where::Not(texts) => !texts.iter().any(|text| {
                set(text)
                    || inputs.values().any(|value| {
                        let mut words = value.split(|c: char| c.is_whitespace());
                        words.any(|word| {
                            word == *text || TRIALS.contains(text) && word.contains(text)
                        })
                    })
            }),
        }
    }
}
