//! Why the tag would not start a workflow of the release, in words.

use super::markdown::code;
use super::names;
use super::shipping::shell;
use crate::domain::need::Stopped;
use crate::domain::view::View;

/// Why the tag would not start a workflow, and what to do.
pub(super) fn stopped(file: &str, why: &Stopped, view: &View<'_>) -> String {
    let name = shell(file);
    let (file, tag) = (code(file), code(&names::tag_or_hotfix(view)));
    let quoted = |all: &[String]| {
        let all: Vec<_> = all.iter().map(|one| code(one)).collect();
        all.join(", ")
    };
    match why {
        Stopped::Removed => format!(
            "{file} back: the fix removes it or gives it another name, and {tag} would not start it"
        ),
        Stopped::Broken => {
            format!(
                "{file} mended: as the fix leaves it, GitHub cannot read it, and {tag} starts nothing"
            )
        }
        Stopped::Trigger => {
            format!("the trigger of {file} back: as the fix leaves it, {tag} would not start it")
        }
        Stopped::Never(conditions) => format!(
            "{file} mended: no job of it runs for {tag} ({} {})",
            code("if:"),
            quoted(conditions)
        ),
        Stopped::NotAtTag => format!(
            "{file} on the hotfix branch: it is on {} and not at {}, so that {tag} would not start it",
            code(names::main_branch(view)),
            view.line
                .seen
                .base
                .get()
                .map_or_else(|| "the base".to_owned(), |base| code(&base.tag))
        ),
        Stopped::Filter(patterns) => format!(
            "{file} mended: it has filters for tags ({}), and none takes {tag}",
            quoted(patterns)
        ),
        Stopped::Environment(name) => format!(
            "{tag} among what the environment {} takes, for {file} would fail after the tag",
            code(name)
        ),
        Stopped::Branch(pattern) => {
            let branched = view.proofs().branched.as_ref();
            let branch = branched.map_or("the hotfix branch".to_owned(), |it| code(&it.branch));
            format!(
                "{branch} among the branches that {file} releases from: a step of it fails for a tag that is not on {}, where {tag} is only after the merge. Push a commit that lets the step take it",
                code(&pattern.replace(".*", ""))
            )
        }
        Stopped::Section(path) => format!(
            "a section of this version in {}: a step of {file} fails for {tag} without one, and the bot writes none there. Push a commit that adds it",
            code(path)
        ),
        Stopped::Checkout(of) => {
            let main = code(names::main_branch(view));
            match of.is_empty() {
                true => format!(
                    "{file} mended on {main}: it publishes what it checks out, which is {main} and not {tag}. Give its checkout the commit of the run that it follows ({}), or switch it off until this is over ({})",
                    code("ref: ${{ github.event.workflow_run.head_sha }}"),
                    code(&format!("gh workflow disable {name}"))
                ),
                false => format!(
                    "{file} mended: it publishes what it checks out, and {} is {main} and not {tag}. Push a commit that takes this {} away",
                    code(of),
                    code("ref")
                ),
            }
        }
        Stopped::Message(of) => {
            let branched = view.proofs().branched.as_ref();
            let version = branched.map_or("X.Y.Z", |it| it.version.as_str());
            let (has, example) = match of.as_str() {
                "" => ("says so".to_owned(), version),
                of => (format!("has {}", code(of)), of),
            };
            format!(
                "a commit by whose message {file} publishes: it does so only where that of the tagged commit {has}, and the last one here is about the fix. An empty one will do: {}",
                code(&format!(
                    "git commit --allow-empty -m {} && git push",
                    shell(example)
                ))
            )
        }
        Stopped::OwnToken => {
            let main = names::main_branch(view);
            format!(
                "the workflow files of {main} on the hotfix branch: {file} makes {tag} with the token of its own run, which GitHub lets lead to no others, so that it would fail after what it publishes before. Push a commit that brings them: {}",
                code(&format!(
                    "git checkout origin/{} -- .github/workflows",
                    shell(main)
                ))
            )
        }
        Stopped::NoTrigger => {
            format!("a trigger in {file}: nothing in it starts on {tag}")
        }
        Stopped::NoDispatch => format!(
            "{} in {file}: the configuration leaves it to the bot to start it, and nothing in it starts by that",
            code("workflow_dispatch")
        ),
        Stopped::NotOnMain => format!(
            "{file} on {}: the bot is to start it, and GitHub starts only what is there",
            code(names::main_branch(view))
        ),
        Stopped::Inputs { unknown, missing } => {
            let mut all = Vec::new();
            if !missing.is_empty() {
                all.push(format!(
                    "it asks for {}, which nobody gives",
                    quoted(missing)
                ));
            }
            if !unknown.is_empty() {
                all.push(format!("it does not ask for {}", quoted(unknown)));
            }
            format!(
                "other {} for {file}, which the bot is to start: {}",
                code("inputs"),
                all.join(", and ")
            )
        }
    }
}
