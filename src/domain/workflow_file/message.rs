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
        let mut reading = steps.iter().filter(|step| reads(text(step, "run")));
        reading.any(|step| {
            let decides = |id: &Value| {
                let output = format!("steps.{}.", id.as_str().unwrap_or_default());
                all.iter().any(|condition| condition.contains(&output))
            };
            ships_itself(step) || step.get("id").is_some_and(decides)
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

/// Whether a script reads the last commit's message, and decides by it.
fn reads(script: &str) -> bool {
    let one = |line: &str| {
        let log = line.contains("git") && (line.contains("log -1") || line.contains("log -n1"));
        let show = line.contains("git") && line.contains("show -s");
        (log || show) && ["%B", "%s", "%b"].iter().any(|it| line.contains(it))
    };
    let decides = ["grep", "=~", "==", "case ", ">>", "if "];
    script.lines().any(one) && decides.iter().any(|it| script.contains(it))
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
                    "steps: [{{id: c, run: 'echo a=$(git log -1 --format=%s) >> $O'}}, {{{publish}, {}}}]",
                    when("steps.c.outputs.a == 'x'")
                ),
                Some(""),
            ),
            // It is read for something else.
            (
                format!(
                    "steps: [{{id: c, run: 'echo a=$(git log -1 --format=%s) >> $O'}}, {{{publish}}}]"
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
