//! Who tags and who publishes, in words: before the decision, and as needs after
//! it.

use toml_edit::{Array, InlineTable};

use super::markdown::{and, code, link};
use super::names;
use super::phrases::at;
use super::preflight::{not_let, tag_command};
use super::words::{Words, only, with};
use crate::domain::ids::Sha;
use crate::domain::objects::Run;
use crate::domain::outside::Outside;
use crate::domain::procedure::branch::Branched;
use crate::domain::procedure::publishing::{Publishing, is_guess, publishing, tag_makes_release};
use crate::domain::procedure::verify::{has_registry, has_release, raised};
use crate::domain::procedure::{install, launch};
use crate::domain::shipping::{Dispatched, Merging, OnMerge, Publishes, Tags};
use crate::domain::view::View;
use crate::domain::workflow_file::{Latest, Says};
use crate::ecosystem::{self, Kind, Use};

pub(super) fn shell(text: &str) -> String {
    Outside::from(text).shell()
}

fn main(view: &View<'_>) -> String {
    code(names::main_branch(view))
}

pub(super) fn files(files: &[String]) -> String {
    let all: Vec<_> = files.iter().map(|file| code(file)).collect();
    and(&all)
}

/// The verb behind so many files.
pub(super) fn verb(files: &[String], one: &'static str, several: &'static str) -> &'static str {
    match files.len() {
        0 | 1 => one,
        _ => several,
    }
}

/// The command that starts a workflow by hand.
pub(super) fn start(by: &Dispatched) -> String {
    let mut command = format!(
        "gh workflow run {} --ref {}",
        shell(&by.file),
        shell(&by.at)
    );
    for (name, value) in &by.inputs {
        let value = value.as_deref().unwrap_or("…");
        command.push_str(&format!(" -f {}", shell(&format!("{name}={value}"))));
    }
    command
}

/// The line of the configuration by which the bot starts it, and what follows the
/// tag is watched as it is without a line.
pub(super) fn by_bot(by: &Dispatched, view: &View<'_>) -> String {
    let others = view.release_workflows.iter().map(|other| {
        let mut table = InlineTable::new();
        table.insert("file", other.file.as_str().into());
        if !other.required {
            table.insert("required", false.into());
        }
        table
    });
    let mut table = InlineTable::new();
    table.insert("file", by.file.as_str().into());
    table.insert("on", "dispatch".into());
    // What is filled by its name is so again.
    let open = by.inputs.iter().filter(|(_, value)| value.is_none());
    let mut inputs = InlineTable::new();
    for (name, _) in open {
        inputs.insert(name, "…".into());
    }
    if !inputs.is_empty() {
        table.insert("inputs", inputs.into());
    }
    let all: Array = others.chain([table]).collect();
    format!("release.workflow = {all}")
}

/// What of its inputs nobody but a person knows.
pub(super) fn unknown(by: &Dispatched) -> String {
    let open = by.inputs.iter().filter(|(_, value)| value.is_none());
    let open: Vec<_> = open.map(|(name, _)| code(name)).collect();
    match open.as_slice() {
        [] => String::new(),
        _ => format!(" ({} is yours to fill in)", and(&open)),
    }
}

/// The commands by which a person publishes from the tag, in a sentence.
pub(super) fn by_person(registry: bool, release: bool, view: &View<'_>) -> String {
    let all: Vec<_> = publish_commands(registry, release, view);
    let all: Vec<_> = all.iter().map(|command| code(command)).collect();
    match all.is_empty() {
        true => "see to it".to_owned(),
        false => all.join(" and "),
    }
}

/// The command with what npm wants beside it: the number, where no file has it, and a
/// dist-tag for an older line, without which it would become `latest`.
fn as_npm_wants(publish: String, view: &View<'_>) -> String {
    let branched = view.proofs().branched.as_ref();
    let Some(branched) = branched.filter(|_| names::kind(view) == Kind::Npm) else {
        return publish;
    };
    let (base, version) = (&branched.base, &branched.version);
    let mut all = match base.package.from_tag {
        true => names::words(view, version).raise,
        false => Vec::new(),
    };
    let older = base.newest.is_some() && !base.package.keeps_npms_latest();
    let major = version.split('.').next().filter(|_| older);
    all.push(match major {
        Some(major) => format!("{publish} --tag latest-{major}"),
        None => publish,
    });
    all.join(" && ")
}

/// The commands by which a person publishes from the tag.
pub(super) fn publish_commands(registry: bool, release: bool, view: &View<'_>) -> Vec<String> {
    let tag = names::tag_or_hotfix(view);
    let mut all = Vec::new();
    if registry {
        let base = view.line.seen.base.get();
        let packages = base.map_or(&[][..], |base| base.package.published.as_slice());
        let own = match packages {
            [] => vec![shell(names::package(view))],
            all => all.iter().map(|one| shell(one)).collect(),
        };
        let raised = raised(&view.case).iter().map(|(name, _)| shell(name));
        let packages: Vec<String> = raised.chain(own).collect();
        let version = view.line.version.as_deref().unwrap_or_default();
        let publish = ecosystem::publish(names::kind(view), &packages, version);
        let publish = publish.map(|publish| as_npm_wants(publish, view));
        let tag = shell(&tag);
        all.extend(
            publish.map(|publish| format!("git fetch --tags && git checkout {tag} && {publish}")),
        );
    }
    if release {
        all.push(match is_draft(view) {
            true => publish_draft(&tag, view),
            false => create_release(&tag, view),
        });
    }
    all
}

pub(super) fn is_draft(view: &View<'_>) -> bool {
    let release = view.line.seen.release.get().and_then(Option::as_ref);
    release.is_some_and(|release| release.draft)
}

pub(super) fn create_release(tag: &str, view: &View<'_>) -> String {
    let older = match newest(view) {
        Some(_) => " --latest=false",
        None => "",
    };
    let tag = shell(tag);
    format!("gh release create {tag} --verify-tag --title {tag} --notes \"…\"{older}")
}

/// An older line's becomes GitHub's latest by its publication, too.
pub(super) fn publish_draft(tag: &str, view: &View<'_>) -> String {
    let older = newest(view).map_or("", |_| " --latest=false");
    format!("gh release edit {} --draft=false{older}", shell(tag))
}

fn newest<'a>(view: &'a View<'_>) -> Option<&'a str> {
    view.line.seen.base.get()?.newest.as_deref()
}

/// Nothing but the merge publishes it.
pub(super) fn merge_publishes(on: &[String], proposes: bool, view: &View<'_>) -> Words {
    let registry = view.proofs().branched.as_ref();
    let registry = registry.is_some_and(|branched| has_registry(&view.case, branched));
    with(
        format!(
            "a decision: no workflow publishes {} from its tag, but {} {} {}, together with all that {} holds. If a person publishes it from the tag ({}){}: {}",
            code(&names::tag_or_hotfix(view)),
            files(on),
            verb(on, "does", "do"),
            match proposes {
                false => "when the fix is merged".to_owned(),
                true => format!(
                    "once the pull request for a release is merged that {} after the fix is",
                    verb(on, "it opens", "they open")
                ),
            },
            code(names::target_branch(view)),
            by_person(registry, !registry, view),
            match proposes {
                false => ", the merge waits for that. To let the merge publish it all the same",
                true => ", nothing else waits. To let that pull request publish it all the same",
            },
            code("/hotfix override merge-publishes reason=…"),
        ),
        "If a person publishes it from the tag",
        "/hotfix override publish-by-hand reason=…",
    )
}

/// A workflow makes an older line the newest.
pub(super) fn makes_latest(file: &str, what: Latest, newest: &str, view: &View<'_>) -> Words {
    let unsaid = |says: Says| {
        let add = |line: &str| format!("Push a commit that adds {} to that step", code(line));
        let mend = match says {
            Says::MakeLatest => add("make_latest: false"),
            Says::MakeLatestCamel => add("makeLatest: false"),
            Says::LatestInput => add("latest: false"),
            Says::Flag => add("--latest=false"),
            Says::Nothing => format!(
                "Its action has no word for that: push a commit with a step after it ({})",
                code(&format!("gh release edit {} --latest", shell(newest)))
            ),
        };
        let tag = code(&names::tag_or_hotfix(view));
        format!(
            "a decision: {} does not say whether {tag} is to be GitHub's latest release, and GitHub then makes it that, although {} is newer. {mend}",
            code(file),
            code(newest),
        )
    };
    let npm = what == Latest::Npm;
    let what = match what {
        Latest::Unsaid(says) => {
            return with(
                unsaid(says),
                "To release it all the same, and put it back afterwards",
                "/hotfix override latest reason=…",
            );
        }
        Latest::Github => "GitHub's latest release",
        Latest::Image => "the image `latest`",
        Latest::Npm => "the version that npm installs (`latest`)",
        Latest::Tag => "the tag `latest`",
    };
    let version = view
        .proofs()
        .branched
        .as_ref()
        .map(|it| it.version.as_str());
    let major = version.and_then(|it| it.split('.').next());
    let mend = match (npm, major) {
        (true, Some(major)) => format!(
            "Push a commit that publishes it under another dist-tag, as by {} there",
            code(&format!("--tag latest-{major}"))
        ),
        _ => "Push a commit that makes this depend on the version".to_owned(),
    };
    with(
        format!(
            "a decision: {} makes {} {what}, although {} is newer. {mend}",
            code(file),
            code(&names::tag_or_hotfix(view)),
            code(newest),
        ),
        "To release it all the same, and put it back afterwards",
        "/hotfix override latest reason=…",
    )
}

/// The bot's own pushes would publish.
pub(super) fn push_publishes(all: &[String], sure: bool, branch: &str, otherwise: bool) -> Words {
    let way = match otherwise {
        true => format!(
            "Let the configuration name the hotfix branch otherwise and say {}, or release this by hand",
            code("/hotfix retry")
        ),
        false => "It starts on whatever branch, so release this by hand".to_owned(),
    };
    with(
        format!(
            "a decision: {} {} publish what the hotfix branch holds as soon as {} is pushed, before anything is tested or decided{}. {way}",
            files(all),
            if sure { "would" } else { "may" },
            code(branch),
            if sure { "" } else { ": only the run knows" },
        ),
        "To push it all the same",
        "/hotfix waive push reason=…",
    )
}

/// A release must be there before the tag.
pub(super) fn draft_first(file: &str, tag: &str) -> Words {
    let name = shell(tag);
    with(
        format!(
            "a draft of the GitHub release before the tag: {} uploads to it, and nothing that {} starts makes it ({})",
            code(file),
            code(tag),
            code(&format!(
                "gh release create {name} --draft --title {name} --notes \"…\""
            )),
        ),
        "To release without it, a maintainer says",
        "/hotfix override release-workflows reason=…",
    )
}

/// What a run of the release needs before it can be run again, where it uploads
/// to a release that nobody made.
pub(super) fn lacks_release(run: &Run, release: bool, view: &View<'_>) -> Option<String> {
    let branched = view.proofs().branched.as_ref().filter(|_| release)?;
    let drafts = publishing(&view.case, branched).drafts?;
    let there = view.line.seen.release.get().is_some_and(Option::is_some);
    (drafts == run.file() && !there).then(|| {
        let name = shell(&branched.tag);
        let make =
            format!("gh release create {name} --draft --verify-tag --title {name} --notes \"…\"");
        format!(
            "It uploads to a GitHub release, and there is none: make it first ({})",
            code(&make)
        )
    })
}

/// Somebody else than the bot makes the tag.
pub(super) fn tag_now(by: &Tags, tag: &str, head: &Sha, view: &View<'_>) -> Words {
    let (tag_code, name) = (code(tag), shell(tag));
    let sign = format!(
        "git tag -s {name} {} -m {name} && git push origin {name}",
        head.as_str()
    );
    only(match by {
        Tags::Bot => format!("the tag {tag_code} on {}", at(head)),
        Tags::Signed { file } if file.is_empty() => {
            format!(
                "the tag {tag_code} on {}, by hand: {}",
                at(head),
                code(&sign)
            )
        }
        Tags::Signed { file } => format!(
            "the tag {tag_code} on {}, signed, for {} verifies its signature: {}",
            at(head),
            code(file),
            code(&sign)
        ),
        Tags::Protected { ruleset } => format!(
            "the tag {tag_code} on {}, by hand, for {} make it: {}",
            at(head),
            not_let(ruleset),
            code(&tag_command(tag, head))
        ),
        Tags::Workflow(by) => format!(
            "the tag {tag_code}, which {} makes itself: start it by hand, and the bot looks whether the tag stands on {}: {}{}{}",
            code(&by.file),
            names::commit(view, head),
            code(&start(by)),
            unknown(by),
            match view.proofs().branched.as_ref() {
                Some(branched) if is_guess(&view.case, branched, &by.file) =>
                    format!(". If it makes none: {}", code(&tag_command(tag, head))),
                _ => String::new(),
            }
        ),
    })
}

/// The merge into a branch waits; without a name the default branch.
pub(super) fn merge_waits(on: &[String], branch: &str, view: &View<'_>) -> Words {
    only(format!(
        "the merge into {} waits until {} is out, for {} {} what is pushed there",
        match branch {
            "" => main(view),
            branch => code(branch),
        },
        code(&names::tag_or_hotfix(view)),
        files(on),
        verb(on, "publishes", "publish"),
    ))
}

/// What was published is not what was tagged.
pub(super) fn published_other(
    package: &str,
    version: &str,
    [commit, tagged]: [&Sha; 2],
    view: &View<'_>,
) -> Words {
    let kind = names::kind(view);
    let withdraw = ecosystem::words(kind, Use::Library, &shell(package), &shell(version)).withdraw;
    with(
        format!(
            "**what was published is not what was tagged**: {} has {} built from {}, and {} stands on {}. Look at both now; to take it back, an owner says {}, and the next version is needed",
            kind.registry(),
            code(&format!("{package} {version}")),
            names::commit(view, commit),
            code(&names::tag_or_hotfix(view)),
            names::commit(view, tagged),
            names::way(&withdraw),
        ),
        "If it is right all the same",
        "/hotfix waive published reason=…",
    )
}

/// An older line became GitHub's latest.
pub(super) fn latest_moved(newest: &str, view: &View<'_>) -> Words {
    with(
        format!(
            "**GitHub's latest release is {}, which is of an older line**: it should be {}. To mend it: {}",
            code(&names::tag_or_hotfix(view)),
            link(&code(newest), &names::release_page(view, newest)),
            code(&format!("gh release edit {} --latest", shell(newest))),
        ),
        "If it is wanted so",
        "/hotfix waive latest reason=…",
    )
}

/// Before the decision: who tags, who publishes, and what the merge sets off; a
/// line each, Markdown.
pub(super) fn ahead(view: &View<'_>) -> Vec<String> {
    let Some(branched) = &view.proofs().branched else {
        return Vec::new();
    };
    let Publishing {
        tags,
        publishes,
        on_merge,
        ..
    } = publishing(&view.case, branched);
    let mut lines = Vec::new();
    match &tags {
        Tags::Bot => {}
        Tags::Signed { file } if file.is_empty() => {
            lines.push("**Tagged by:** a person, as configured; the bot looks whether the tag is right".to_owned());
        }
        Tags::Signed { file } => lines.push(format!(
            "**Tagged by:** a person, for {} verifies the tag's signature; the bot shows the command after the decision, and looks whether the tag is right",
            code(file)
        )),
        Tags::Protected { ruleset } => lines.push(format!(
            "**Tagged by:** a person, for {} make the tag; the bot shows the command after the decision, and looks whether the tag is right",
            not_let(ruleset)
        )),
        Tags::Workflow(by) => lines.push(format!(
            "**Tagged by:** {}, which {}: after the decision {} starts it ({}){}, and the bot looks whether the tag stands on the tested commit",
            code(&by.file),
            match is_guess(&view.case, branched, &by.file) {
                true => "asks for it and calls what the bot does not see, so that the bot makes none",
                false => "makes the tag itself",
            },
            match launch::tagger(&view.case, branched) {
                Some(_) => "the bot",
                None => "a person",
            },
            code(&start(by)),
            unknown(by)
        )),
    }
    let ours = launch::at_tag(&view.case, branched).into_iter();
    lines.extend(ours.map(|by| {
        format!(
            "**Started by the bot:** {}, once, after the tag ({})",
            code(&by.file),
            code(&start(&by))
        )
    }));
    lines.extend(installs(branched, view));
    let (registry, release) = (
        has_registry(&view.case, branched),
        has_release(&view.case, branched),
    );
    let to = match registry {
        true => format!(" to {}", branched.base.package.kind().registry()),
        false => String::new(),
    };
    let release = release && !tag_makes_release(branched);
    let who = match &publishes {
        Publishes::Nothing => None,
        Publishes::Tag { files: all } => {
            let by_hand = release && view.policy.release.workflow.is_empty();
            by_hand.then(|| {
                format!(
                    "{}, which the tag starts; the GitHub release by a person ({})",
                    files(all),
                    by_person(false, true, view)
                )
            })
        }
        Publishes::Release { file } => Some(format!(
            "{} once the GitHub release is published: after the tag a person does that",
            if file.is_empty() {
                "a workflow".to_owned()
            } else {
                code(file)
            }
        )),
        Publishes::Dispatch(by) if matches!(tags, Tags::Workflow(_)) => Some(code(&by.file)),
        Publishes::Dispatch(by) => Some(format!(
            "{}, which nothing starts by itself: after the tag a person does ({}){}",
            code(&by.file),
            code(&start(by)),
            unknown(by)
        )),
        Publishes::Merge => Some("the merge, and nothing that the tag starts".to_owned()),
        Publishes::Unseen { files: all } => Some(format!(
            "{}, perhaps: the bot does not see what {} after the tag. It looks whether {} comes out, and asks",
            files(all),
            verb(all, "that does", "these do"),
            code(&names::tag_or_hotfix(view)),
        )),
        Publishes::Person => Some(format!(
            "a person, after the tag ({}): no workflow of this repository is known to do it",
            by_person(registry, release, view)
        )),
    };
    lines.extend(who.map(|who| format!("**Published{to} by:** {who}")));
    lines.extend(merge(&on_merge, view));
    lines.extend(proposed(&on_merge));
    lines
}

/// Who installs it afresh, where a workflow is to.
fn installs(branched: &Branched, view: &View<'_>) -> Option<String> {
    let (by, stopped) = install::configured(&view.case, branched)?;
    Some(match stopped {
        None => format!(
            "**Installed afresh by:** {}, which the bot starts once it is out ({})",
            code(&by.file),
            code(&start(&by))
        ),
        Some(_) => format!(
            "**Installed afresh by:** a person, for {} cannot be started by a dispatch at the tag",
            code(&by.file)
        ),
    })
}

/// What only proposes a release once the merge is there.
fn proposed(on_merge: &[OnMerge]) -> Option<String> {
    let on = on_merge.iter().filter(|on| on.proposes);
    let mut all: Vec<String> = on.map(|on| on.file.clone()).collect();
    all.dedup();
    (!all.is_empty()).then(|| {
        format!(
            "**After the merge:** {} {} a pull request for a release. Nothing is published before that one is merged",
            files(&all),
            verb(&all, "opens, or renews,", "open, or renew,")
        )
    })
}

/// What the merge sets off.
fn merge(on_merge: &[OnMerge], view: &View<'_>) -> Option<String> {
    let of = |by: Merging, branch: &str| {
        let all = on_merge
            .iter()
            .filter(|on| on.by == by && on.branch == branch && !on.proposes);
        let all: Vec<String> = all.map(|on| on.file.clone()).collect();
        (!all.is_empty()).then_some(all)
    };
    let mut branches: Vec<&str> = on_merge.iter().map(|on| on.branch.as_str()).collect();
    branches.dedup();
    let mut both: Vec<String> = Vec::new();
    for branch in branches {
        let push = of(Merging::Push, branch);
        let closed = of(Merging::Closed, branch);
        both.extend(push.map(|all| format!("{} on a push to {}", files(&all), code(branch))));
        both.extend(closed.map(|all| format!("{} on a merged pull request", files(&all))));
    }
    (!both.is_empty()).then(|| {
        format!(
            "**The merge can publish, too:** {}. It waits until {} is out",
            both.join(", "),
            code(&names::tag_or_hotfix(view))
        )
    })
}
