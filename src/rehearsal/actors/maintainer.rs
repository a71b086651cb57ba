//! The maintainer: labels, assesses, reviews, decides, and sees the release
//! through.

use super::by_hand;
use super::intent::{Intent, MINUTE, asked_since, intent, say, say_until_taken};
use crate::rehearsal::act::Act;
use crate::rehearsal::comment_text::{since, unfolded};
use crate::rehearsal::scenario::Habit;
use crate::rehearsal::view::{View, file_of, short};
use crate::sim::clock::Millis;

/// How often a run that fails is tried.
const ATTEMPTS: u32 = 3;

/// What the maintainer wants to do.
pub fn wanted(view: &View<'_>) -> Vec<Intent> {
    let Some(issue) = view.issue() else {
        return Vec::new();
    };
    let number = issue.number;
    let label = Act::Label {
        issue: number,
        label: "P0".to_owned(),
    };
    let mut wanted = vec![intent("report", issue.created_at + 12 * MINUTE, label).of(Habit::Label)];
    wanted.extend(answers(view, number));
    if let Some(asked) = asked_since(view, "/hotfix assess") {
        let answer =
            "/hotfix assess condition=all-users workaround=no affected=100 approach=minimal";
        let says = say("matrix", asked + 2 * MINUTE, number, answer);
        wanted.push(says.of(Habit::Assess));
    }
    wanted.extend(before_the_tag(view, number));
    wanted.extend(after_the_tag(view, number));
    wanted
}

/// What was to be said at the beginning, and the release that was asked for
/// where the bot asks for one.
fn answers(view: &View<'_>, issue: u64) -> Vec<Intent> {
    let Some(status) = view.status() else {
        return Vec::new();
    };
    let at = status.created_at + MINUTE;
    let given = view.scene.answers.iter().enumerate();
    let mut wanted: Vec<Intent> = given
        .filter_map(|(n, line)| {
            // What passes a gate is said once the gate is there to be seen.
            let at = match offered(line) {
                Some(offer) => asked_since(view, &offer)? + 2 * MINUTE,
                None => at,
            };
            let at = at + n as Millis * 1_000;
            Some(say_until_taken(
                view,
                format!("answer {n}"),
                at,
                issue,
                line,
            ))
        })
        .collect();
    if let (Some(base), None, Some(asked)) = (
        &view.scene.wanted_base,
        view.branch(),
        asked_since(view, "/hotfix start"),
    ) {
        let text = format!("/hotfix start {base}");
        wanted.push(say("base", asked + 2 * MINUTE, issue, text));
    }
    wanted
}

/// The words by which the bot offers a command that passes a gate; none for what
/// can be said at any time.
fn offered(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().take(3).collect();
    let gate = matches!(words.as_slice(), [_, "override" | "waive" | "test", _]);
    gate.then(|| words.join(" "))
}

/// Review, manual test, decision.
fn before_the_tag(view: &View<'_>, issue: u64) -> Vec<Intent> {
    let mut wanted = Vec::new();
    let Some((pull, head)) = view.pull().zip(view.head()) else {
        return wanted;
    };
    let branch = pull
        .pull
        .as_ref()
        .map(|p| format!("refs/heads/{}", p.head))
        .unwrap_or_default();
    let fixed = view.fixed_since();
    let Some(green) = green_since(view, &branch, &head).filter(|_| fixed.is_some()) else {
        return wanted;
    };
    let body = "Small, and the test shows the bug.".to_owned();
    let approve = Act::Approve {
        pull: pull.number,
        body,
    };
    // Nobody approves what they wrote themselves, and a closed one stays at its old head.
    if view.scene.people > 1 && pull.open {
        let at = green + 3 * MINUTE;
        wanted.push(intent(format!("review {head}"), at, approve).of(Habit::Review));
    }
    let Some(status) = view.status() else {
        return wanted;
    };
    // As it is offered: with the commit that was tried.
    let sha = short(&head);
    const TESTS: &str = "/hotfix check tests-added";
    if let Some(asked) = since(status, |text| unfolded(text).contains(TESTS)) {
        let text = format!("{TESTS} {sha} note=\"the tests that are there show it\"");
        let at = asked.max(green) + 5 * MINUTE;
        wanted.push(say_until_taken(view, format!("tests {head}"), at, issue, text).of(Habit::Try));
    }
    const PATH: &str = "/hotfix check critical-path";
    if let Some(asked) = since(status, |text| unfolded(text).contains(PATH)) {
        let tries = view.product().map(|it| it.package.kind).unwrap_or_default();
        let tries = tries.tries();
        let text = format!("{PATH} {sha} note=\"{tries} on {sha}: passed\"");
        let at = asked.max(green) + 6 * MINUTE;
        wanted.push(say_until_taken(view, format!("path {head}"), at, issue, text).of(Habit::Try));
    }
    // What was asked for is as large as it is.
    const SCOPE: &str = "/hotfix override scope";
    if let Some(asked) = since(status, |text| unfolded(text).contains(SCOPE)) {
        let text = format!("{SCOPE} reason=\"all of it belongs to the fix\"");
        let at = asked.max(green) + 6 * MINUTE;
        wanted
            .push(say_until_taken(view, format!("scope {head}"), at, issue, text).of(Habit::Scope));
    }
    if let Some(asked) = since(status, |text| is_open(text, "manual-test")) {
        let tried = "tried what was reported: Linux, macOS, Windows";
        let text = format!("/hotfix check manual-test {sha} note=\"{tried}\"");
        let at = asked.max(green) + 7 * MINUTE;
        wanted.push(say_until_taken(view, format!("try {head}"), at, issue, text).of(Habit::Try));
    }
    if let Some(line) =
        offer(&status.body).filter(|l| l.ends_with(short(&head)) || l.ends_with(&head))
        && let Some(offered) = since(status, |text| offer(text).as_deref() == Some(&line))
    {
        wanted.push(
            say_until_taken(view, line.clone(), offered + 4 * MINUTE, issue, line)
                .of(Habit::Release),
        );
    }
    wanted
}

/// Retries and the fresh install.
fn after_the_tag(view: &View<'_>, issue: u64) -> Vec<Intent> {
    let mut wanted = Vec::new();
    let offered = asked_since(view, "/hotfix retry");
    let broken = view.repo.actions.runs.values().filter(|r| {
        let file = file_of(r).to_owned();
        let known =
            view.roles(|r| &r.tests).contains(&file) || view.roles(|r| &r.tagged).contains(&file);
        // What fails time after time is no chance.
        let again = r.attempt < ATTEMPTS;
        known && again && by_hand::is_broken(r) && r.created_at >= view.scene.started
    });
    for run in broken {
        if let Some(offered) = offered {
            let at = offered.max(run.updated_at) + 5 * MINUTE;
            wanted.push(
                say(
                    format!("failed {} {}", run.id, run.attempt),
                    at,
                    issue,
                    "/hotfix retry",
                )
                .of(Habit::Retry),
            );
        }
    }
    wanted.extend(by_hand::wanted(view));
    if let Some(asked) = asked_since(view, "/hotfix check root-cause") {
        let text = "/hotfix check root-cause note=\"a case that no test had\"\n\
            /hotfix check prevention note=\"the fix brings that test\"";
        wanted.push(say("cause", asked + 7 * MINUTE, issue, text).of(Habit::Cause));
    }
    let asked = asked_since(view, "check fresh-install");
    if let Some((out, asked)) = view.out_since().zip(asked) {
        let text = "/hotfix check fresh-install";
        let says = say("install", out.max(asked) + 6 * MINUTE, issue, text);
        wanted.push(says.of(Habit::Install));
    }
    wanted
}

/// Since when nothing more is to come from machines on the branch's head: every
/// required test that runs there has passed, and no other run is under way.
pub fn green_since(view: &View<'_>, branch: &str, sha: &str) -> Option<Millis> {
    let runs = view.runs_on(sha);
    if runs.iter().any(|r| r.status != "completed") {
        return None;
    }
    let pushed = view.changes(branch).last().map(|c| c.at)?;
    let mut since = pushed;
    for file in view.roles(|r| &r.tests) {
        if !view.tests_on(file, sha).is_empty() {
            since = since.max(view.green(file, sha)?.updated_at);
        }
    }
    Some(since)
}

/// Whether an item's box in the status comment is empty.
fn is_open(text: &str, item: &str) -> bool {
    let mark = format!("<!-- item:{item} -->");
    text.lines()
        .any(|line| line.contains(&mark) && line.contains("[ ]"))
}

/// The line `/hotfix release <sha>` that is offered in plain sight.
pub fn offer(text: &str) -> Option<String> {
    const COMMAND: &str = "/hotfix release ";
    let text = unfolded(text);
    text.match_indices(COMMAND).find_map(|(at, _)| {
        let rest = text.get(at + COMMAND.len()..)?;
        let sha: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
        (7..=40)
            .contains(&sha.len())
            .then(|| format!("{COMMAND}{sha}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_maintainer_copies_the_line_that_is_offered() {
        let text = "**Can be done now by a maintainer:**\n- the decision:\n  ```\n  /hotfix release 9f3c2ab\n  ```\n<details>\n`/hotfix release abcdef0`\n</details>";
        assert_eq!(offer(text).as_deref(), Some("/hotfix release 9f3c2ab"));
        assert_eq!(offer("`/hotfix release <sha7>`"), None);
        assert_eq!(
            offer("<details>\n`/hotfix release abcdef0`\n</details>"),
            None
        );
    }

    #[test]
    fn what_passes_a_gate_waits_for_it() {
        let of = |line| offered(line);
        let line = "/hotfix override merge-publishes reason=x";
        assert_eq!(
            of(line).as_deref(),
            Some("/hotfix override merge-publishes")
        );
        assert_eq!(of("/hotfix start v1.0.4"), None);
    }

    #[test]
    fn an_empty_box_is_seen() {
        let text =
            "- [ ] Manually tested <!-- item:manual-test -->\n- [x] Tagged <!-- item:tagged -->";
        assert!(is_open(text, "manual-test"));
        assert!(!is_open(text, "tagged"));
    }
}
