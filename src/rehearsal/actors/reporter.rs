//! The reporter: opens the issue, and says whether the release helps.

use super::intent::{Intent, MINUTE, asked_since, intent, say};
use crate::rehearsal::act::Act;
use crate::rehearsal::scenario::Habit;
use crate::rehearsal::view::View;

/// What the reporter wants to do.
pub fn wanted(view: &View<'_>) -> Vec<Intent> {
    let Some(issue) = view.issue() else {
        let (title, body) = (
            view.scene.story.title.clone(),
            view.scene.story.body.clone(),
        );
        let at = view.scene.started + MINUTE;
        return vec![intent("bug", at, Act::OpenIssue { title, body }).of(Habit::Report)];
    };
    let mut wanted = Vec::new();
    if let (Some(out), Some(asked)) = (view.out_since(), asked_since(view, "confirm-fixed")) {
        let at = out.max(asked) + 9 * MINUTE;
        let text = "Works again, thank you.\n\n/hotfix confirm-fixed";
        wanted.push(say("out", at, issue.number, text).of(Habit::Confirm));
    }
    wanted
}
