//! Whether a scenario came to what it expects.

use super::format::{Ends, Scenario};
use crate::rehearsal::registry::Version;
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
        Ends::TakenBack => (
            "a release that was taken back",
            outcome != "finished" && is_taken_back(view),
        ),
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
    for (receiver, words) in &expect.told {
        let heard: Vec<_> = view.world.chat.of(receiver.of()).collect();
        let told = |words: &&String| {
            let mut texts = heard.iter().flat_map(|it| it.texts());
            texts.any(|text| text.contains(*words))
        };
        let silent = words.iter().filter(|words| !told(words));
        let name = receiver.of().name();
        found.extend(silent.map(|words| format!("{name} was never told “{words}”")));
    }
    found
}

/// Whether nobody gets the release any more, and everybody can know why.
fn is_taken_back(view: &View<'_>) -> bool {
    let (Some(tag), Some(version)) = (view.tag(), view.version()) else {
        return false;
    };
    let title = view.repo.releases.by_tag(&tag).map(|it| it.name.clone());
    let title = title.flatten().unwrap_or_default();
    let marked = view.repo.releases.by_tag(&tag).is_none() || title.starts_with("YANKED");
    let registry = view.product().and_then(|it| it.package.registry());
    let of = |name| Version {
        name,
        number: version,
    };
    let keeps = registry.is_some_and(|it| it.withdraws(of("")).is_none());
    let bot = view.scene.bot;
    let told = |it: &crate::sim::world::Issue| it.author == bot && it.pull.is_none();
    let open = view.issue().is_some_and(|it| it.open);
    let gone = keeps || view.on_registry().is_none_or(|it| it.withdrawn);
    marked && gone && open && view.repo.issues.values().any(told)
}
