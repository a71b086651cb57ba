//! What the things of a case are called, and where they are to be seen.

use super::markdown::{code, escape, link};
use crate::domain::effect::Slot;
use crate::domain::ids::Sha;
use crate::domain::item::Item;
use crate::domain::need::{Start, Who};
use crate::domain::objects::{CommentKind, PullKind, Run};
use crate::domain::outside::Outside;
use crate::domain::policy::least_role;
use crate::domain::preview::title;
use crate::domain::procedure::names::{branch as branch_name, tag as tag_name};
use crate::domain::procedure::out::on_registries;
use crate::domain::procedure::{embargo, target};
use crate::domain::role::{Rank, Role};
use crate::domain::security::is_security;
use crate::domain::step_name::StepName;
use crate::domain::view::View;
use crate::ecosystem::{self, Kind, Use, Way, Words, checkout};

/// The hidden line by which a comment of the bot's is found again; its body
/// begins with it. `case` is the case's number in the store.
pub fn marker(kind: CommentKind, case: i64) -> String {
    format!("<!-- hotfix-bot:{}:{case} -->", kind.name())
}

/// The same of the answer to a comment.
pub fn reply_marker(comment: u64, case: i64) -> String {
    format!("<!-- hotfix-bot:reply-{comment}:{case} -->")
}

/// The release tag: as decided, or as it would be.
pub fn tag(view: &View<'_>) -> Option<String> {
    let line = &view.line;
    if let Some(decision) = &line.decision {
        return Some(decision.tag.clone());
    }
    let version = line.version.as_deref()?;
    Some(tag_name(&view.case, version))
}

/// The hotfix branch's short name, once the version is claimed.
pub fn branch(view: &View<'_>) -> Option<String> {
    let version = view.line.version.as_deref()?;
    Some(branch_name(&view.case, version))
}

/// The tag, or "the hotfix" while there is none; not escaped.
pub fn tag_or_hotfix(view: &View<'_>) -> String {
    tag(view).unwrap_or_else(|| "the hotfix".to_owned())
}

/// The package's name, or the repository's while it is not known; not escaped.
pub fn package<'a>(view: &'a View<'_>) -> &'a str {
    view.line
        .seen
        .base
        .get()
        .map(|base| base.package.name.as_str())
        .filter(|name| !name.is_empty())
        .unwrap_or(&view.facts.repo.name)
}

/// The base's version, once known.
pub fn base_version<'a>(view: &'a View<'_>) -> Option<&'a str> {
    let base = view.line.seen.base.get()?;
    Some(base.version.as_str()).filter(|version| !version.is_empty())
}

/// Whether the registry knows the package.
pub fn on_registry(view: &View<'_>) -> bool {
    let base = view.line.seen.base.get();
    base.is_some_and(|base| base.package.on_registry)
}

/// The kind of package.
pub fn kind(view: &View<'_>) -> Kind {
    let base = view.line.seen.base.get();
    base.map(|base| base.package.kind()).unwrap_or_default()
}

/// The registries on which the release comes out, in words.
pub fn registries(view: &View<'_>) -> String {
    registry_names(view).join(" and ")
}

/// The same, and what it does, or they do: `crates.io has`, `crates.io and PyPI have`.
pub fn registries_do(view: &View<'_>, one: &str, several: &str) -> String {
    let names = registry_names(view);
    let does = if names.len() == 1 { one } else { several };
    format!("{} {does}", names.join(" and "))
}

fn registry_names(view: &View<'_>) -> Vec<&'static str> {
    let branched = view.proofs().branched.as_ref();
    let all = branched.map(|it| on_registries(&view.case, it));
    let mut names: Vec<&'static str> = Vec::new();
    for one in all.into_iter().flatten() {
        if !names.contains(&one.registry.name()) {
            names.push(one.registry.name());
        }
    }
    if names.is_empty() {
        names.push(kind(view).registry());
    }
    names
}

/// The commands for a version of the package.
pub fn words(view: &View<'_>, version: &str) -> Words {
    let word = |text: &str| Outside::from(text).shell();
    let page = word(view.facts.repo.html_url.trim_end_matches('/'));
    let tag = word(&tag_name(&view.case, version));
    let base = view.line.seen.base.get();
    let package_of = base.map(|base| &base.package);
    // Before that was noted, a package was taken for a program.
    let program = package_of.and_then(|p| p.program).unwrap_or(true);
    let noted = package_of.is_some_and(|p| p.program.is_some());
    let locked = noted && package_of.is_some_and(|p| p.lock.is_some());
    let library = package_of.is_some_and(|p| p.library == Some(true));
    let used = match (on_registry(view), program) {
        (true, true) if library => Use::Both { locked },
        (true, true) => Use::Program { locked },
        (true, false) => Use::Library,
        (false, _) if package_of.is_some_and(|p| p.manifest.is_empty()) => return checkout(&tag),
        (false, _) if kind(view) == Kind::Generic => {
            let manifest = package_of.map_or("", |p| p.manifest.as_str());
            let (package, version) = (word(package(view)), word(version));
            return ecosystem::of_manifest(manifest, &package, &version, &tag);
        }
        (false, true) => Use::ProgramAt(&page, &tag),
        (false, false) => Use::LibraryAt(&page, &tag),
    };
    ecosystem::words(kind(view), used, &word(package(view)), &word(version))
}

/// How a withdrawal of a package is undone.
pub fn restore(view: &View<'_>, package: &str, version: &str) -> Way {
    match kind_on_registry(view, package, version) {
        Some(kind) => ecosystem::words(kind, Use::Library, package, version).restore,
        None => Way::ByHand(format!("push {package}:{version} again")),
    }
}

/// How a package is taken back at the registry.
pub fn withdraw(view: &View<'_>, package: &str, version: &str) -> Way {
    match kind_on_registry(view, package, version) {
        Some(kind) => ecosystem::words(kind, Use::Library, package, version).withdraw,
        None => Way::ByHand(format!("delete {package}:{version} where it lies")),
    }
}

/// The kind of a package, by the registry on which it was seen; none of an image.
fn kind_on_registry(view: &View<'_>, package: &str, version: &str) -> Option<Kind> {
    let seen = view.line.seen.parts.get().into_iter().flatten();
    let mut parts = seen.filter(|it| it.package == package && it.version == version);
    match parts.next() {
        Some(part) => part.registry.kind(),
        None => Some(kind(view)),
    }
}

/// A way as it is to be read: its command, what is done by hand, or why there is
/// none.
pub fn way(way: &Way) -> String {
    match way {
        Way::Command(command) => code(command),
        Way::ByHand(what) => escape(what),
        Way::Never(why) => format!("nobody can ({})", escape(why)),
    }
}

/// The command that installs a version; none where the registry does not know
/// the package.
pub fn install_command(view: &View<'_>, version: &str) -> Option<String> {
    on_registry(view).then(|| words(view, version).install)
}

/// The command that installs the hotfix afresh, whatever the registry knows.
pub fn install_now(view: &View<'_>) -> String {
    words(view, view.line.version.as_deref().unwrap_or_default()).install
}

/// The default branch.
pub fn main_branch<'a>(view: &'a View<'_>) -> &'a str {
    match view.facts.repo.default_branch.as_str() {
        "" => "main",
        name => name,
    }
}

/// The branch that the hotfix pull request goes to.
pub fn target_branch<'a>(view: &'a View<'_>) -> &'a str {
    line_branch(view).unwrap_or_else(|| main_branch(view))
}

/// The branch of the base's release line; none: the hotfix goes to the default
/// branch.
pub fn line_branch<'a>(view: &'a View<'_>) -> Option<&'a str> {
    target::line(&view.case)
}

/// The branches that get the fix, as they are to be read.
pub fn branches(view: &View<'_>) -> String {
    let main = code(main_branch(view));
    match line_branch(view) {
        Some(line) => format!("{} and {main}", code(line)),
        None => main,
    }
}

/// The head that everything is about: the decided one, else the branch's.
pub fn head<'a>(view: &'a View<'_>) -> Option<&'a Sha> {
    let line = &view.line;
    if let Some(decision) = &line.decision {
        return Some(&decision.head);
    }
    Some(&line.seen.branch.get()?.head.as_ref()?.sha)
}

/// An address in the repository; empty, and so no link, while its page is not
/// known.
pub fn page(view: &View<'_>, path: &str) -> String {
    match view.facts.repo.html_url.as_str() {
        "" => String::new(),
        url => format!("{}/{path}", url.trim_end_matches('/')),
    }
}

/// A commit's first seven digits, linked.
pub fn commit(view: &View<'_>, sha: &Sha) -> String {
    link(&code(sha.short()), &page(view, &format!("commit/{sha}")))
}

/// "PR #235", linked.
pub fn pull(view: &View<'_>, number: u64) -> String {
    link(
        &format!("PR #{number}"),
        &page(view, &format!("pull/{number}")),
    )
}

/// "#234", linked.
pub fn issue(view: &View<'_>) -> String {
    let number = view.facts.number;
    link(
        &format!("#{number}"),
        &page(view, &format!("issues/{number}")),
    )
}

/// File names: "`ci.yml`, `lint.yml`".
pub fn files(files: &[String]) -> String {
    let files: Vec<_> = files.iter().map(|file| code(file)).collect();
    files.join(", ")
}

/// The first of many file names, and how many more there are.
pub fn some_files(all: &[String]) -> String {
    const SHOWN: usize = 8;
    let shown = files(all.get(..SHOWN).unwrap_or(all));
    match all.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// A tag's release page.
pub fn release_page(view: &View<'_>, tag: &str) -> String {
    let seen = view.line.seen.release.get().and_then(Option::as_ref);
    match seen {
        Some(release)
            if !release.draft
                && !release.url.is_empty()
                && self::tag(view).as_deref() == Some(tag) =>
        {
            release.url.clone()
        }
        _ => page(view, &format!("releases/tag/{tag}")),
    }
}

/// "`ci.yml` run 8123", linked; from the second attempt on with its number.
pub fn run(run: &Run) -> String {
    let attempt = if run.attempt > 1 {
        format!(", attempt {}", run.attempt)
    } else {
        String::new()
    };
    format!(
        "{} {}{attempt}",
        code(run.file()),
        link(&format!("run {}", run.id), &run.url)
    )
}

/// What starts a workflow of the release, as a phrase after its name.
pub fn start(start: &Start) -> String {
    match start {
        Start::Tag => "on the tag".to_owned(),
        Start::After(files) if files.is_empty() => "after another workflow".to_owned(),
        Start::After(files) => {
            let files: Vec<_> = files.iter().map(|file| code(file)).collect();
            format!("after {}", files.join(" or "))
        }
        Start::Release => "on a release that a person or an App publishes".to_owned(),
        Start::Created => "on the creation of the tag".to_owned(),
        Start::Hand => "by hand".to_owned(),
        Start::Bot => "by the bot, at the tag".to_owned(),
    }
}

/// What a hotfix is for, wherever no title says it or may say it.
pub(super) const NEUTRAL: &str = "a critical bug";

/// The issue's title as the fix's summary, for every place but the issue itself.
/// Of a vulnerability nothing is told there before users have the fix.
pub fn summary(view: &View<'_>) -> Outside {
    match title(&view.case).map(|title| title.summary(120)) {
        Some(summary) if !summary.is_blank() && !is_secret(view) => summary,
        _ => NEUTRAL.into(),
    }
}

/// Whether nothing is told yet of what is wrong: a vulnerability, and what a
/// machine can see of the release is not there.
pub fn is_secret(view: &View<'_>) -> bool {
    let out = embargo::is_seen_out(&view.case, view.proofs());
    is_security(view.facts, view.policy) && !out
}

/// The reporter's login; empty while the issue was not read.
pub fn reporter<'a>(view: &'a View<'_>) -> &'a str {
    view.facts.issue.get().map_or("", |issue| &issue.author)
}

/// "step 4 of 10: Fix", in the order of work.
pub fn step(name: StepName) -> String {
    format!("step {} of 10: {}", name.number(), name.title())
}

/// Who is asked, as a phrase after "from".
pub fn who(who: Who, view: &View<'_>) -> String {
    let rank = match who {
        Who::Machine => return "nobody".to_owned(),
        Who::Reporter => {
            let login = reporter(view);
            return if login.is_empty() {
                "the reporter".to_owned()
            } else {
                super::markdown::person(login)
            };
        }
        Who::Responder => Rank::Responder,
        Who::Commander => Rank::Commander,
    };
    let roles = &view.policy.roles;
    let role = least_role(rank, roles).map(|role| access(role).to_owned());
    // No mention: a team would be called at every edit.
    let named = roles.named(rank).into_iter().map(escape);
    let all: Vec<String> = role.into_iter().chain(named).collect();
    super::markdown::or(&all)
}

/// People of at least this role, as a phrase.
pub fn access(role: Role) -> &'static str {
    match role {
        Role::None => "anybody",
        Role::Read => "anybody with read access",
        Role::Triage => "anybody with triage access",
        Role::Write => "anybody with write access",
        Role::Maintain => "a maintainer",
        Role::Admin => "an admin",
    }
}

/// The command that gives a person's word for an item: with the head that it is
/// about, where it is about one.
pub fn tick(item: Item, view: &View<'_>) -> String {
    let head = view.head().filter(|_| item.is_bound_to_head());
    let head = head.map_or_else(String::new, |head| format!(" {}", head.short()));
    format!("/hotfix check {item}{head}")
}

/// The same with words of the person's own.
pub fn tick_with_words(item: Item, view: &View<'_>) -> String {
    format!("{} note=…", tick(item, view))
}

/// What an effect does, as a phrase after "GitHub refused".
pub fn slot(slot: &Slot) -> &'static str {
    match slot {
        Slot::Read(_) | Slot::Role(_) | Slot::Word(_) => "to show something that the bot must know",
        Slot::Branch => "to create the hotfix branch",
        Slot::Bump => "the version bump",
        Slot::Pick => "the commits that are picked",
        Slot::Enable => "to change the tests' triggers",
        Slot::Dispatch(_) => "to start the tests",
        Slot::Launch(_) => "to start a workflow of the release",
        Slot::Pull(_) => "to open the pull request",
        Slot::Carry(PullKind::Known) => "a branch for the entry in the known issues",
        Slot::Carry(PullKind::Hotfix | PullKind::Port) => {
            "to carry the hotfix over to the default branch"
        }
        Slot::Comment(_) => "a comment",
        Slot::Reply(_) => "an answer",
        Slot::Guard => "a check run on the pull request",
        Slot::State => "the check run that says where it stands",
        Slot::Label => "a label on the issue",
        Slot::React(_) => "a reaction",
        Slot::Announce(_) => "a message on a channel",
        Slot::Tag => "to create the tag",
        Slot::Describe => "to write the pull request's text anew",
        Slot::Point(_) => "to make or move a tag beside the release's",
        Slot::Ready => "to mark the pull request as ready",
        Slot::Merge(_) => "to merge the pull request",
        Slot::Rerun(_) => "to re-run the failed jobs",
        Slot::Notes => "to edit the release notes",
        Slot::Discuss => "to open a discussion of the release",
        Slot::Advisory => "to publish the security advisory",
        Slot::CloseIssue => "to close the issue",
        Slot::ReopenIssue => "to open the issue again",
        Slot::DeleteBranch(_) => "to delete the hotfix branch",
        Slot::ClosePull => "to close the pull request",
        Slot::Yank(_) => "to take the version back",
        Slot::Mark => "to mark the release as taken back",
        Slot::Latest => "to make the release before the latest again",
        Slot::Repoint(_) => "to move a tag back",
        Slot::Untag => "to delete the tag",
        Slot::Report => "to open the issue about the failure",
        Slot::Revert => "to take the change out of the default branch by a pull request",
    }
}
