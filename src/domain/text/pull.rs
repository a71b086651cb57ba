//! Title, body and merge message of the hotfix pull request. None of them
//! holds a word that closes the issue: that is done after the release.

use super::joined;
use super::markdown::{code, escape};
use super::messages::changelog_entry;
use super::names;
use super::sealed::sealed;
use crate::domain::outside::Outside;
use crate::domain::view::View;

/// The title; plain text.
pub fn pull_title(view: &View<'_>) -> String {
    let summary = names::summary(view).shortened(80).title();
    sealed(&format!("Hotfix {}: {summary}", names::tag_or_hotfix(view)))
}

/// The title of a pull request of the fix alone; plain text.
pub(super) fn summary_title(view: &View<'_>) -> String {
    sealed(&names::summary(view).shortened(80).title())
}

/// Begins what the bot says in the body.
pub const START: &str = "<!-- hotfix-bot:pull -->";
/// And ends it.
pub const END: &str = "<!-- /hotfix-bot:pull -->";

/// Whether a title is one that the bot gave, and another than it gives now: of the
/// same issue, under the name of another release.
pub fn is_own_title(title: &Outside, view: &View<'_>) -> bool {
    let own = pull_title(view);
    let Some((_, summary)) = own.split_once(": ") else {
        return false;
    };
    let of_other = |title: &str| {
        let rest = title.strip_prefix("Hotfix ");
        let tag = rest.and_then(|rest| rest.strip_suffix(summary)?.strip_suffix(": "));
        tag.is_some_and(|tag| !tag.contains(' '))
    };
    !title.is(&own) && title.checks(of_other)
}

/// The body, Markdown: between the marks, so that it can be kept true.
pub fn pull_body(view: &View<'_>) -> String {
    format!("{START}\n{}{END}", described(view))
}

fn described(view: &View<'_>) -> String {
    let tag = names::tag_or_hotfix(view);
    let main = code(names::main_branch(view));
    let from = view.line.seen.base.get().map_or_else(
        || "the release".to_owned(),
        |base| {
            format!(
                "{} ({})",
                escape(&base.tag),
                names::commit(view, &base.commit)
            )
        },
    );
    let branch = names::branch(view).map_or_else(|| "this branch".to_owned(), |b| code(&b));
    let line = names::line_branch(view).map_or_else(String::new, |line| {
        format!(
            "It goes to {}, the branch of this release line; {main} gets the same change by a pull \
             request of its own, after the tag. ",
            code(line)
        )
    });
    let approvals = match view.policy.merge.approvals_needed() {
        0 => String::new(),
        n => format!(
            "- {} of the last commit, by somebody who wrote none of the fix\n",
            super::markdown::count(u64::from(n), "approving review")
        ),
    };
    let test = if view.policy.scope.require_test {
        ", with a test"
    } else {
        ""
    };
    let arrow = names::base_version(view).zip(view.line.version.as_deref());
    let arrow = arrow.map_or_else(String::new, |(old, new)| {
        format!("**{} → {}**", escape(old), escape(new))
    });
    let kept = view.line.seen.base.get();
    let kept = kept.is_some_and(|base| base.package.changelog.is_some());
    let entry = match kept && !arrow.is_empty() {
        true => format!("; in the changelog: {}", code(&changelog_entry(view))),
        false => String::new(),
    };
    format!(
        "The emergency release {tag} for: {summary}\n\n{arrow}{entry}\n\nRefs #{number}\n\n\
         This branch starts from {from}, so that {tag} ships nothing else that is on {main}. \
         {line}Its first commit bumps the version. What is expected here:\n\n\
         - the smallest fix that helps, pushed to {branch}{test}\n\
         {approvals}\
         - no merge of {main} into this branch: all of it would ship\n\
         - no merge by hand: the bot tags the tested commit first and merges then\n\n\
         Where it stands, and what is needed now: {issue}. Commands work here too.\n",
        tag = escape(&tag),
        summary = names::summary(view).markdown(),
        number = joined::numbers(view),
        issue = names::issue(view),
    )
}

/// The merge commit's title; plain text.
pub fn merge_title(view: &View<'_>) -> String {
    let number = view
        .line
        .pull_number
        .map_or_else(String::new, |n| format!(" (#{n})"));
    sealed(&format!("{}{number}", pull_title(view)))
}

/// The merge commit's message; plain text.
pub fn merge_message(view: &View<'_>) -> String {
    let tested = names::head(view).map_or_else(String::new, |head| {
        format!(
            "{} is tagged on {}, the tested head of the hotfix branch.\n\n",
            names::tag_or_hotfix(view),
            head.short()
        )
    });
    sealed(&format!("{tested}Refs #{}", joined::numbers(view)))
}
