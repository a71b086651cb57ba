//! The commands that exist and make sense now.

use super::markdown::{code, fold};
use crate::domain::available::{bump, next_free, now, overridable, tests_asked, waivable};
use crate::domain::command::{Verb, Waivable, help};
use crate::domain::need::NeedKind;
use crate::domain::view::View;

/// The fold; the whole table once somebody asked for help.
pub fn commands(view: &View<'_>) -> String {
    if view.facts.help {
        return fold("All commands", &help(None), true);
    }
    let mut out = String::new();
    for verb in now(view) {
        out.push_str(&format!(
            "- {}: {} ({})\n",
            code(&usage(verb, view)),
            verb.spec().help,
            verb.who()
        ));
    }
    fold("Commands that make sense now", &out, false)
}

/// How a verb is shown in it: filled in where only one thing can be meant.
pub fn usage(verb: Verb, view: &View<'_>) -> String {
    let usage = verb.usage();
    match (verb, &view.preview) {
        (Verb::Release, Some(preview)) => format!("/hotfix release {}", preview.head.short()),
        (Verb::Join, _) => match view.line.behind_issue {
            Some(other) => format!("/hotfix join #{other}"),
            None => usage,
        },
        (Verb::Advisory, _) => {
            let asked = view.needs.iter().find_map(|need| match &need.kind {
                NeedKind::Advisory(need) => Some(&need.id),
                _ => None,
            });
            match asked {
                Some(id) => format!("/hotfix advisory publish {id}"),
                None => "/hotfix advisory GHSA-xxxx-xxxx-xxxx".to_owned(),
            }
        }
        (Verb::Start, _) => "/hotfix start …".to_owned(),
        (Verb::Bump, _) => match (bump(None, view), next_free(view)) {
            (Err(_), Some(next)) => format!("/hotfix bump {next}"),
            _ => usage,
        },
        (Verb::Downgrade, _) => match view.policy.severity.regular.as_slice() {
            [] => usage,
            levels => format!("/hotfix downgrade {} reason=…", levels.join("|")),
        },
        (Verb::Test, _) if tests_asked(None, None, view).is_err() => {
            "/hotfix test enable".to_owned()
        }
        (Verb::Waive, _) => {
            let all = Waivable::ALL.map(Waivable::word).join("|");
            let open: Vec<_> = waivable(view).map(Waivable::word).collect();
            usage.replace(&all, &open.join("|"))
        }
        (Verb::Override, _) => {
            let mut closed: Vec<_> = overridable(view).map(String::from).collect();
            closed.dedup();
            match closed.as_slice() {
                [] => usage,
                closed => usage.replace("<gate>", &closed.join("|")),
            }
        }
        _ => usage,
    }
}
