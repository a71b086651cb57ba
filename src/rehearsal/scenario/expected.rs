//! Whether a scenario came to what it expects.

use super::format::{Ends, Scenario};
use crate::rehearsal::view::View;

/// What did not come as the scenario expects, in words; `outcome` is the
/// report's.
pub fn unexpected(script: &Scenario, view: &View<'_>, outcome: &str) -> Vec<String> {
    let expect = &script.expect;
    let tagged = view
        .tag()
        .is_some_and(|tag| view.repo.tag_commit(&tag).is_some());
    let (ends, is) = match expect.ends {
        Ends::Finished => ("a finished hotfix", outcome == "finished"),
        Ends::Asked => ("a question that stays open", outcome == "asked"),
        Ends::Cancelled => ("a hotfix that was given up", outcome == "failed" && !tagged),
    };
    let mut found = Vec::new();
    if !is {
        found.push(format!("it was to end with {ends}"));
    }
    let said = |words: &&String| {
        let bot = view.scene.bot;
        let mut all = view.repo.comments.values().filter(|it| it.author == bot);
        all.any(|it| {
            let mut before = it.edits.iter();
            it.body.contains(*words) || before.any(|edit| edit.body.contains(*words))
        })
    };
    let silent = expect.says.iter().filter(|words| !said(words));
    found.extend(silent.map(|words| format!("no comment of the bot's ever said “{words}”")));
    let told = expect.never.iter().filter(said);
    found.extend(told.map(|words| format!("a comment of the bot's said “{words}”")));
    found
}
