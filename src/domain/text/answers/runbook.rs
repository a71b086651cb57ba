//! The commands that are left, from the present state on, to finish by hand.
//!
//! A block is pasted as it stands, so nothing in one is a comment or a gap: what
//! only a person knows stands before it. Whoever gives them has a clone of the
//! repository, whose remote is `origin`.

use super::back;
use super::part::Part;
use crate::domain::command::Named;
use crate::domain::need::{Finding, NeedKind};
use crate::domain::objects::{MergeMethod, PullKind};
use crate::domain::obstacle::Obstacle;
use crate::domain::outside::Outside;
use crate::domain::procedure::findings::findings;
use crate::domain::procedure::publishing::{publishing, tag_makes_release};
use crate::domain::procedure::triggers::can_dispatch;
use crate::domain::procedure::verify::{has_registry, has_release};
use crate::domain::procedure::{at_merge, on_main, target};
use crate::domain::shipping::Tags;
use crate::domain::step_name::StepName;
use crate::domain::text::markdown::{code, link};
use crate::domain::text::messages::{bump_message, changelog_entry, tag_message};
use crate::domain::text::needs::need;
use crate::domain::text::pull::pull_title;
use crate::domain::text::vulnerability::by_hand;
use crate::domain::text::{names, pointers, shipping, signatures};
use crate::domain::view::View;

/// The answer to `runbook`.
pub(super) fn runbook(view: &View<'_>) -> String {
    let facts = view.facts;
    let Some(version) = view.line.version.as_deref() else {
        return format!(
            "**To finish by hand:** which release is fixed, and under which number, is not known yet. {}",
            code("/hotfix start <tag>")
        );
    };
    let parts = match &facts.cancelled {
        Some(_) => given_up(view),
        None if view.outlook.rollback.is_some() => back::left(view),
        None => left(version, view),
    };
    if facts.over.is_some() || parts.is_empty() {
        return "**To finish by hand:** nothing is left.".to_owned();
    }
    let parts: Vec<_> = parts.iter().map(Part::text).collect();
    format!(
        "**To finish by hand**, in a clone of the repository. I see what is done, and go on from there.\n\n{}",
        parts.join("\n\n")
    )
}

/// Everything that is left, step by step.
fn left(version: &str, view: &View<'_>) -> Vec<Part> {
    let is_done = |step| view.steps.iter().any(|(it, done)| *it == step && *done);
    let tagged = view.proofs().tagged.is_some();
    let branched = view.proofs().branched.as_ref();
    let first = branched.is_some_and(|it| at_merge::must_be_merged_first(&view.case, it));
    let first = first && !tagged;
    let mut parts = Vec::new();
    if !tagged {
        parts.push(checkout(view));
        if !is_done(StepName::Assess) {
            parts.push(assess(view));
        }
        if !is_done(StepName::Bump) {
            parts.push(bump(version, view));
        }
        if view.line.pull_number.is_none() {
            parts.push(open(view));
        }
        if !is_done(StepName::Fix) {
            parts.push(fix(view));
        }
        if !is_done(StepName::Test) {
            parts.push(test(view));
        }
        parts.extend(unsigned(view));
        if first {
            parts.push(merge(view));
        }
        parts.push(tag(view));
    }
    if !is_done(StepName::Ship) && !first {
        parts.push(merge(view));
    }
    if !is_done(StepName::Monitor) {
        parts.push(monitor(view));
    }
    if !is_done(StepName::Verify) {
        parts.push(verify(view));
    }
    if !is_done(StepName::Communicate) {
        parts.push(communicate(view));
    }
    if !is_done(StepName::Close) {
        parts.push(close(view));
    }
    parts
}

fn branch(view: &View<'_>) -> String {
    names::branch(view).unwrap_or_default()
}

/// The branch as a word for a shell.
fn branch_word(view: &View<'_>) -> String {
    shell(&branch(view))
}

fn shell(word: &str) -> String {
    Outside::from(word).shell()
}

fn tag_word(view: &View<'_>) -> String {
    shell(&names::tag_or_hotfix(view))
}

/// The commit that is tagged: the head that is known, or whatever is checked out.
fn head(view: &View<'_>) -> String {
    match view
        .line
        .decision
        .as_ref()
        .map(|it| &it.head)
        .or(view.head())
    {
        Some(head) => head.to_string(),
        None => "HEAD".to_owned(),
    }
}

fn checkout(view: &View<'_>) -> Part {
    let part =
        Part::of(format!("The branch {}", code(&branch(view)))).runs("git fetch origin --tags");
    let branch = branch_word(view);
    if view
        .proofs()
        .branched
        .as_ref()
        .is_some_and(|it| it.head.is_some())
    {
        return part.runs(format!("git switch {branch}"));
    }
    let base = view.line.seen.base.get();
    let (base, tag) = base.map_or(("", ""), |base| (base.commit.as_str(), base.tag.as_str()));
    part.says(format!("It begins at {}.", code(tag)))
        .runs(format!("git switch --no-track -c {branch} {base}"))
        .runs(format!("git push -u origin {branch}"))
}

fn assess(view: &View<'_>) -> Part {
    let gates = view.needs.iter().filter(|it| {
        matches!(
            it.kind,
            NeedKind::Assess { .. } | NeedKind::ConfirmSeverity { .. } | NeedKind::NotHotfix { .. }
        )
    });
    gates.fold(Part::of("1 Assess"), |part, gate| {
        part.says(format!("- {}", need(gate, view).item(gate)))
    })
}

fn bump(version: &str, view: &View<'_>) -> Part {
    let branch = branch_word(view);
    let base = view.line.seen.base.get();
    let package = base.map(|base| &base.package);
    let mut part = Part::of("5 Version and changelog");
    let words = names::words(view, version);
    if !words.raise.is_empty() && !package.is_some_and(|package| package.from_tag) {
        part = part.says(format!(
            "{} is cargo-edit's; by hand it is the {} in the manifests.",
            code("cargo set-version"),
            code("version")
        ));
        for raise in words.raise {
            part = part.runs(raise);
        }
    }
    if let Some(changelog) = package.and_then(|package| package.changelog.as_deref()) {
        part = part.says(format!(
            "{} gets a section {} with the line {} before it is committed.",
            code(changelog),
            code(version),
            code(&changelog_entry(view))
        ));
    }
    let message = shell(&bump_message(view.policy, version));
    part.runs(format!("git commit -a -m {message}"))
        .runs(format!("git push origin {branch}"))
}

fn open(view: &View<'_>) -> Part {
    Part::of("The draft pull request").runs(format!(
        "gh pr create --draft --base {} --head {} --title {} --body {}",
        shell(names::target_branch(view)),
        branch_word(view),
        shell(&pull_title(view)),
        shell(&format!("Refs #{}", view.facts.number))
    ))
}

fn fix(view: &View<'_>) -> Part {
    let part = Part::of("3 Fix");
    let asked = view.line.picks.iter().filter(|pick| pick.done.is_none());
    let sources = asked.flat_map(|pick| &pick.sources);
    let mut part = part.says("The smallest commit that helps, with a test, on that branch.");
    for source in sources {
        part = match &source.what {
            Named::Commit(sha) => part.runs(format!("git cherry-pick -x {}", shell(sha))),
            Named::Pull(number) => part.says(format!(
                "The commits of {} are to be picked ({}).",
                names::pull(view, *number),
                code("git cherry-pick -x …")
            )),
        };
    }
    part.runs(format!("git push origin {}", branch_word(view)))
}

fn test(view: &View<'_>) -> Part {
    let branch = branch_word(view);
    let mut part = Part::of("4 Test");
    let branched = view.proofs().branched.as_ref();
    for file in &view.test_workflows {
        let passed = view.preview.iter().flat_map(|it| &it.tested);
        let has = passed.into_iter().any(|run| run.file() == file);
        let can = branched.is_some_and(|it| can_dispatch(it, file));
        if can && !has {
            part = part.runs(format!("gh workflow run {} --ref {branch}", shell(file)));
        }
    }
    part = part.runs(format!("gh run list --branch {branch}"));
    if let Some(pull) = view.line.pull_number {
        part = part.says(format!(
            "Somebody who wrote none of it approves {}.",
            names::pull(view, pull)
        ));
    }
    part
}

/// What a rule on the branch that it goes to would not take, while it can be changed.
fn unsigned(view: &View<'_>) -> Option<Part> {
    let found = findings(&view.case).into_iter().find_map(|it| match it {
        Finding::Signatures { unsigned, .. } if !unsigned.is_empty() => Some(unsigned),
        _ => None,
    });
    let commands = signatures::anew(&found?, view)?;
    let title = format!(
        "Signatures, which {} asks for",
        code(names::target_branch(view))
    );
    Some(Part::of(title).runs_all(commands))
}

fn tag(view: &View<'_>) -> Part {
    let (tag, head) = (tag_word(view), head(view));
    let mut part = Part::of(format!("6 Tag {}", code(&names::tag_or_hotfix(view))));
    let open = view.gates.iter().filter(|gate| !gate.is_looking());
    let open: Vec<_> = open
        .map(|it| format!("- {}", need(it, view).item(it)))
        .collect();
    if !open.is_empty() {
        part = part.says(format!(
            "Not before this is settled:\n{}\n",
            open.join("\n")
        ));
    }
    let branched = view.proofs().branched.as_ref();
    let tags = branched.map(|branched| publishing(&view.case, branched).tags);
    if let Some(Tags::Workflow(by)) = &tags {
        return part.runs(shipping::start(by));
    }
    let how = match tags {
        Some(Tags::Signed { .. }) => "-s",
        _ => "-a",
    };
    let message = tag_message(view, &names::tag_or_hotfix(view));
    let paragraphs = message.split("\n\n").filter(|it| !it.trim().is_empty());
    let words: Vec<String> = paragraphs
        .map(|it| format!(" -m {}", shell(&it.replace('\n', " "))))
        .collect();
    part.runs(format!("git tag {how} {tag} {head}{}", words.concat()))
        .runs(format!("git push origin refs/tags/{tag}"))
        .runs_all(pointers::commands(view, false))
}

fn merge(view: &View<'_>) -> Part {
    let target = names::target_branch(view);
    let part = Part::of(format!("6 Merge into {}", code(target)));
    if let Some(port) = view.line.port.number {
        return part
            .says(format!(
                "{} brings it; it is merged once its conflicts are resolved.",
                names::pull(view, port)
            ))
            .runs(format!("gh pr merge {port} --merge"));
    }
    let Some(pull) = view.line.pull_number else {
        return part.says("By the pull request, once it is open.");
    };
    let seen = view.line.seen.pull.get();
    if seen.is_some_and(|pull| pull.merged) {
        return part.says(format!("{} is merged.", names::pull(view, pull)));
    }
    if seen.is_some_and(|pull| pull.mergeable == Some(false)) {
        let by_hand = format!(
            "forward-port/{}",
            branch(view).rsplit('/').next().unwrap_or_default()
        );
        let by_hand = shell(&by_hand);
        return part
            .says(format!(
                "{} conflicts with {}. Its change comes by a branch of its own; where the version differs the higher one stays.",
                names::pull(view, pull),
                code(target)
            ))
            .runs(format!("git fetch origin && git switch -c {by_hand} origin/{}", shell(target)))
            .runs(format!("git merge --no-ff {}", head(view)));
    }
    if on_main::refused(&view.case).is_some_and(Obstacle::wants_signatures) {
        return part
            .says(format!(
                "GitHub does not merge {}, whose commits are not signed; one signed commit brings the change.",
                names::pull(view, pull)
            ))
            .runs_all(signatures::squashed(view));
    }
    let method = view
        .proofs()
        .branched
        .as_ref()
        .map_or(MergeMethod::Merge, |branched| {
            target::merge_method(&view.case, &branched.base, PullKind::Hotfix)
        });
    let part = match seen.is_some_and(|pull| pull.draft) {
        true => part.runs(format!("gh pr ready {pull}")),
        false => part,
    };
    let exactly = match head(view).as_str() {
        "HEAD" => String::new(),
        head => format!(" --match-head-commit {head}"),
    };
    part.runs(format!("gh pr merge {pull} --{}{exactly}", method.as_str()))
}

fn monitor(view: &View<'_>) -> Part {
    let tag = tag_word(view);
    let mut part = Part::of("7 What the tag starts");
    for workflow in &view.release_workflows {
        let file = shell(&workflow.file);
        if workflow.start == crate::domain::need::Start::Hand {
            part = part.says(format!(
                "{} is started by hand{}: {}",
                code(&workflow.file),
                if workflow.required {
                    ""
                } else {
                    ", where it is wanted"
                },
                code(&format!("gh workflow run {file} --ref {tag}"))
            ));
            continue;
        }
        part = part.runs(format!("gh run list --workflow={file} --limit 1"));
    }
    let branched = view.proofs().branched.as_ref();
    let commands = branched.map_or_else(Vec::new, |branched| {
        use crate::domain::shipping::Publishes;
        let by = publishing(&view.case, branched).publishes;
        let by_person = matches!(by, Publishes::Person);
        let release = has_release(&view.case, branched) && !tag_makes_release(branched);
        match by {
            Publishes::Dispatch(by) => vec![shipping::start(&by)],
            _ if by_person => {
                let registry = has_registry(&view.case, branched);
                shipping::publish_commands(registry, release, view)
            }
            _ => Vec::new(),
        }
    });
    if !commands.is_empty() {
        let commands: Vec<_> = commands.iter().map(|it| code(it)).collect();
        part = part.says(format!(
            "Nothing of it publishes by itself: {}",
            commands.join(", then ")
        ));
    }
    part
}

fn verify(view: &View<'_>) -> Part {
    let version = view.line.version.as_deref().unwrap_or_default();
    let words = names::words(view, version);
    let part = Part::of("8 Verify");
    let part = match view
        .proofs()
        .branched
        .as_ref()
        .is_some_and(|it| has_release(&view.case, it))
    {
        true => part.runs(format!(
            "gh release view {} --json assets -q '.assets[] | .name'",
            tag_word(view)
        )),
        false => part,
    };
    part.says("Then the command that was broken.")
        .runs(words.install)
        .runs(words.verify)
        .runs_all(pointers::commands(view, true))
}

fn communicate(view: &View<'_>) -> Part {
    let tag = names::tag_or_hotfix(view);
    let page = names::release_page(view, &tag);
    let part = Part::of("9 Communicate");
    let part = match view.line.notes {
        None => part.says(format!(
            "The notes of {} say what was wrong, who should upgrade and how ({}).",
            link(&code(&tag), &page),
            code(&format!(
                "gh release edit {} --notes-file notes.md",
                tag_word(view)
            ))
        )),
        Some(_) => part,
    };
    part.runs(format!(
        "gh issue close {} --comment {}",
        view.facts.number,
        shell(&format!("Fixed in {tag}. {page}"))
    ))
}

fn close(view: &View<'_>) -> Part {
    let branch = branch_word(view);
    let part = Part::of("10 Close");
    let base = view.line.seen.base.get();
    let part = match base.and_then(|base| base.known_issues.as_deref()) {
        Some(file) => part.says(format!(
            "{} gets an entry: symptoms, cause, fix, prevention, the version.",
            code(file)
        )),
        None => part,
    };
    let part = match by_hand(view) {
        Some(line) => part.says(line),
        None => part,
    };
    part.runs(format!("git push origin --delete {branch}"))
}

/// What was given up is taken back.
fn given_up(view: &View<'_>) -> Vec<Part> {
    let mut parts = Vec::new();
    let open = view.line.seen.pull.get().is_none_or(|pull| pull.open);
    if let Some(pull) = view.line.pull_number.filter(|_| open) {
        parts.push(Part::of("The pull request").runs(format!("gh pr close {pull}")));
    }
    let seen = view.line.seen.branch.get();
    if seen.is_some_and(|seen| seen.head.is_some()) && view.line.branch_deleted.is_none() {
        parts.push(
            Part::of("The branch, if nobody needs what is on it")
                .runs(format!("git push origin --delete {}", branch_word(view))),
        );
    }
    parts
}
