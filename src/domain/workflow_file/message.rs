//! Whether a job publishes only where the message of the tagged commit says so. The
//! tag stands on the fix then, whose message is about something else.

use serde_json::{Value, json};

use super::asks::Asks;
use super::ships::{self, Ship, Shipping};
use super::step::text;

/// GitHub gives the message of the commit that was pushed, for a tag that of the
/// commit it names. (GitHub: webhook events and payloads, `push`.)
const MESSAGE: &str = "github.event.head_commit.message";

/// What a job that ships looks for in the message.
pub(super) fn asked(job: &Value, all: &[Ship]) -> Option<Asks> {
    if !all.iter().any(makes) {
        return None;
    }
    let own = job.get("if").and_then(Value::as_str);
    let steps = job.get("steps").and_then(Value::as_array);
    let steps: Vec<&Value> = steps.into_iter().flatten().collect();
    let shipping = || steps.iter().filter(|step| ships_itself(step));
    let conditions = shipping().filter_map(|step| step.get("if").and_then(Value::as_str));
    let all: Vec<&str> = own.into_iter().chain(conditions).collect();
    let found = all.iter().find_map(|condition| wanted(condition));
    let by_script = || {
        let decides = |id: &Value| {
            let output = format!("steps.{}.", id.as_str().unwrap_or_default());
            all.iter().any(|condition| condition.contains(&output))
        };
        let mut reading = steps.iter().filter(|step| is_read(text(step, "run")));
        reading.any(|step| {
            let own = ships_itself(step) && is_tested(text(step, "run"));
            own || step.get("id").is_some_and(decides)
        })
    };
    found
        .or_else(|| by_script().then(String::new))
        .map(Asks::Message)
}

/// Whether the release, or a package of it, comes of it.
fn makes(ship: &Ship) -> bool {
    matches!(
        ship.what,
        Shipping::Crates | Shipping::Others | Shipping::Release | Shipping::Uploads
    )
}

fn ships_itself(step: &Value) -> bool {
    let alone = json!({ "steps": [step] });
    ships::of(&alone, None).iter().any(makes)
}

/// The text that a condition wants in the message; none: it wants none, or there is
/// another way for it to hold.
fn wanted(condition: &str) -> Option<String> {
    let quiet: String = condition.chars().filter(|c| !c.is_whitespace()).collect();
    if quiet.contains("||") {
        return None;
    }
    ["contains(", "startsWith("].iter().find_map(|function| {
        let call = format!("{function}{MESSAGE},'");
        let at = quiet.find(&call)?;
        let denied = quiet.get(..at)?.ends_with('!');
        // With its spaces, from the condition as it is written.
        let (_, behind) = condition.split_once(MESSAGE)?;
        let found = behind.split('\'').nth(1)?;
        (!denied && !found.is_empty()).then(|| found.to_owned())
    })
}

/// The commands of a script, each with what it is piped into.
fn commands(script: &str) -> impl Iterator<Item = &str> {
    let lines = script.lines().flat_map(|line| line.split(';'));
    lines.flat_map(|line| line.split("&&"))
}

/// Whether a command reads the last commit's message.
fn reads(line: &str) -> bool {
    let last = ["log -1", "log -n1", "log -n 1", "show -s"];
    let message = ["%B", "%s", "%b"];
    let has = |all: &[&str]| all.iter().any(|it| line.contains(it));
    line.contains("git") && has(&last) && has(&message)
}

fn is_read(script: &str) -> bool {
    commands(script).any(reads)
}

/// Whether a script tests what it has read: in the same command, or by the variable that
/// it goes into. What is written into a release's notes decides nothing.
fn is_tested(script: &str) -> bool {
    let signs = ["grep", "=~", "==", " = ", "case ", "[["];
    let tests = |line: &str| signs.iter().any(|it| line.contains(it));
    let mut read = commands(script).filter(|line| reads(line));
    read.any(|line| {
        let bare = line.trim().trim_start_matches("export ");
        let variable = bare.split_once('=').map(|(name, _)| name);
        let is_name = |it: &&str| it.chars().all(|c| c.is_alphanumeric() || c == '_');
        let later = |name: &str| {
            let uses = [format!("${name}"), format!("${{{name}")];
            let named = |line: &&str| uses.iter().any(|it| line.contains(it.as_str()));
            commands(script).filter(named).any(tests)
        };
        tests(line) || variable.filter(is_name).is_some_and(later)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_publishes_where_the_message_says_so() {
        let publish = "run: npm publish";
        let check = r#"git log -1 --pretty=%B | grep "^[0-9]" && npm publish"#;
        let when = |of: &str| format!("if: \"{of}\"");
        let contains = format!("contains({MESSAGE}, 'chore: release')");
        let starts = format!("${{{{ startsWith( {MESSAGE},'release ') && x }}}}");
        for (job, asked_for) in [
            (format!("steps: [{{{publish}}}]"), None),
            (
                format!("{}, steps: [{{{publish}}}]", when(&contains)),
                Some("chore: release"),
            ),
            (
                format!("{}, steps: [{{{publish}}}]", when(&starts)),
                Some("release "),
            ),
            (
                format!("{}, steps: [{{{publish}}}]", when(&format!("!{contains}"))),
                None,
            ),
            (
                format!(
                    "{}, steps: [{{{publish}}}]",
                    when(&format!("{contains} || x"))
                ),
                None,
            ),
            (
                format!("{}, steps: [{{run: npm test}}]", when(&contains)),
                None,
            ),
            (
                format!("steps: [{{{publish}, {}}}]", when(&contains)),
                Some("chore: release"),
            ),
            (
                format!("steps: [{{run: x, {}}}, {{{publish}}}]", when(&contains)),
                None,
            ),
            (format!("steps: [{{run: '{check}'}}]"), Some("")),
            (
                format!(
                    "steps: [{{id: c, run: 'echo a=$(git log -1 --format=%s) >> $GITHUB_OUTPUT'}}, {{{publish}, {}}}]",
                    when("steps.c.outputs.a == 'x'")
                ),
                Some(""),
            ),
            (
                "steps: [{run: \"M=$(git log -1 --format=%s)\\nif [[ $M == release* ]]; then npm publish; fi\"}]".to_owned(),
                Some(""),
            ),
            // It is read for something else.
            (
                "steps: [{run: \"M=$(git log -1 --format=%B)\\nif [[ $X == y ]]; then echo; fi; gh release create v1 -n \\\"$M\\\"\"}]".to_owned(),
                None,
            ),
            (
                "steps: [{run: 'git log -1 --format=%B > notes; if x; then gh release create v1 -F notes; fi'}]".to_owned(),
                None,
            ),
            (
                format!(
                    "steps: [{{id: c, run: 'echo a=$(git log -1 --format=%s) >> $GITHUB_OUTPUT'}}, {{{publish}}}]"
                ),
                None,
            ),
            (
                "steps: [{run: 'T=$(git log -1 --format=%ct); if x; then npm publish; fi'}]"
                    .to_owned(),
                None,
            ),
        ] {
            let job: Value = serde_saphyr::from_str(&format!("{{{job}}}")).unwrap();
            let found = asked(&job, &ships::of(&job, None));
            let expected = asked_for.map(|it| Asks::Message(it.to_owned()));
            assert_eq!(found, expected, "{job}");
        }
    }
}
