//! What the bot does next: at once, once others did their part, and then.

use crate::domain::effect::Intent;
use crate::domain::need::{Need, Who};
use crate::domain::procedure::publishing::publishing;
use crate::domain::shipping::Tags;
use crate::domain::step_name::StepName;
use crate::domain::text::at_merge;
use crate::domain::text::head::heading;
use crate::domain::text::markdown::{and, capital, code};
use crate::domain::text::names;
use crate::domain::text::needs::need;
use crate::domain::view::View;
use crate::domain::wish::{Lane, Wish};

/// The answer to `plan`.
pub(super) fn plan(view: &View<'_>) -> String {
    let mut out = format!("**{}**\n\n", heading(view));
    let at_once = at_once(view);
    let ended = view.facts.over.is_some() || view.phase.is_none();
    if view.facts.cancelled.is_some() || ended {
        match at_once {
            Some(words) => out.push_str(&format!("**At once:** {words}. Nothing after that.")),
            None => out.push_str("Nothing more: this hotfix is over."),
        }
        return out;
    }
    out.push_str(&match at_once {
        Some(words) => format!("**At once:** {words}.\n"),
        None => "**At once:** nothing; it is somebody else's turn.\n".to_owned(),
    });
    let (machine, people): (Vec<&Need>, Vec<&Need>) =
        view.needs.iter().partition(|need| need.who == Who::Machine);
    let list = |title: &str, needs: &[&Need]| {
        let lines: Vec<_> = needs
            .iter()
            .map(|it| format!("- {}", need(it, view).item(it)))
            .collect();
        match lines.is_empty() {
            true => String::new(),
            false => format!("\n**{title}**\n{}\n", lines.join("\n")),
        }
    };
    out.push_str(&list("Waiting for runs and services:", &machine));
    out.push_str(&list("Waiting for people:", &people));
    let left = view.steps.iter().filter(|(_, done)| !done);
    let left: Vec<String> = left
        .map(|(step, _)| format!("- {}: {}", capital(&names::step(*step)), todo(*step, view)))
        .collect();
    out.push_str(&format!(
        "\n**Then, in this order; a push takes it back to the tests:**\n{}",
        left.join("\n")
    ));
    out
}

/// What is about to be written.
fn at_once(view: &View<'_>) -> Option<String> {
    let write = |wish: &&Wish<Intent>| wish.act.lane() == Lane::Write;
    let mut words: Vec<String> = Vec::new();
    for wish in view.outlook.intents.iter().filter(write) {
        let slot = names::slot(&wish.act.slot());
        let does = match slot.strip_prefix("to ") {
            Some(does) => does.to_owned(),
            None => format!("write {slot}"),
        };
        if !words.contains(&does) {
            words.push(does);
        }
    }
    (!words.is_empty()).then(|| and(&words))
}

/// What a step does that is still ahead; Markdown.
fn todo(step: StepName, view: &View<'_>) -> String {
    let branch =
        names::branch(view).map_or_else(|| "the hotfix branch".to_owned(), |branch| code(&branch));
    let tag = names::tag(view).map_or_else(|| "the tag".to_owned(), |tag| code(&tag));
    let pull = view.line.pull_number;
    let pull = pull.map_or_else(|| "its pull request".to_owned(), |n| names::pull(view, n));
    match step {
        StepName::Assess => {
            "the answers of the matrix; the release waits for them, the rest goes on".to_owned()
        }
        StepName::Branch => {
            let base = names::base_version(view)
                .map_or_else(|| "the release that is fixed".to_owned(), |_| base(view));
            format!("make {branch} at {base}, with the next number that is free")
        }
        StepName::Bump => {
            format!("raise version, lock file and changelog in the first commit of {branch}")
        }
        StepName::Fix => {
            let open = match view.line.pull_number {
                Some(_) => String::new(),
                None => format!("open {pull} as a draft, and "),
            };
            format!("{open}take each push to {branch} as the head that everything is about")
        }
        StepName::Test => match view.test_workflows.as_slice() {
            [] => {
                "wait for somebody who says that they tested the head, and for a review".to_owned()
            }
            files => format!(
                "watch {} on the head, and wait for a review",
                names::files(files)
            ),
        },
        StepName::Ship if at_merge::is_merged_first(view) => format!(
            "once {} is said, look at everything once more, merge {pull} into {}, and {}",
            code("/hotfix release <sha>"),
            code(names::target_branch(view)),
            tags(&tag, view),
        ),
        StepName::Ship => format!(
            "once {} is said, look at everything once more, {}, and merge {pull} into {}",
            code("/hotfix release <sha>"),
            tags(&tag, view),
            code(names::target_branch(view)),
        ),
        StepName::Monitor => {
            let files: Vec<String> = view
                .release_workflows
                .iter()
                .map(|it| it.file.clone())
                .collect();
            match files.is_empty() {
                true => "look whether the tag starts anything".to_owned(),
                false => format!("watch {}", names::files(&files)),
            }
        }
        StepName::Verify => match names::on_registry(view) {
            true => format!(
                "look for it on {} and at its release, and ask for a fresh install and for a word that it is fixed",
                names::registries(view)
            ),
            false => {
                "look at its release, and ask for a fresh install and for a word that it is fixed"
                    .to_owned()
            }
        },
        StepName::Communicate => format!(
            "write the block into the release notes, thank the reporter, and close {}",
            names::issue(view)
        ),
        StepName::Close => format!(
            "see that {} holds the fix, and delete {branch}",
            code(names::main_branch(view))
        ),
    }
}

fn base(view: &View<'_>) -> String {
    let base = view.line.seen.base.get();
    code(base.map_or("", |base| base.tag.as_str()))
}

fn tags(tag: &str, view: &View<'_>) -> String {
    let branched = view.proofs().branched.as_ref();
    match branched.map(|branched| publishing(&view.case, branched).tags) {
        Some(Tags::Signed { .. }) => {
            format!("ask a person for the signed tag {tag} on exactly that commit")
        }
        Some(Tags::Workflow(by)) => format!(
            "ask a person to start {}, which makes {tag}",
            code(&by.file)
        ),
        _ if at_merge::is_merged_first(view) => format!("put {tag} on what was tested"),
        _ => format!("put {tag} on exactly that commit"),
    }
}
