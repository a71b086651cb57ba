//! What the doctor finds, in words: what it would cost a hotfix, and what mends
//! it. Plain text, for a terminal and for programs.

use pulldown_cmark::{Event, Parser, TagEnd};
use serde::Serialize;

use super::acts::acts;
use super::config::faults;
use super::derived::{registry, words as derived_words};
use super::markdown::code;
use super::stopped::stopped;
use super::{names, preflight, wants};
use crate::domain::ailments::{Ailment, Eyes, Way};
use crate::domain::derived::{Derived, derived};
use crate::domain::need::{CheckFrom, Grade, NeedKind};
use crate::domain::policy::{KeyLine, PATH};
use crate::domain::shipping::{Publishes, Tags};
use crate::domain::view::View;
use crate::ecosystem::Registry;

/// A finding in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Its name.
    pub name: &'static str,
    /// What it comes to.
    pub grade: &'static str,
    /// What it is, and what it would have cost.
    pub costs: String,
    /// What mends it, or how to do without.
    pub mend: String,
    /// Its section in the documentation.
    pub docs: String,
}

/// The word for a grade.
pub fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Stops => "stops",
        Grade::ByHand => "by-hand",
        Grade::Costs => "costs",
        Grade::Note => "note",
    }
}

/// A finding in words.
pub fn told(ailment: &Ailment, view: &View<'_>) -> Told {
    let (costs, mend) = words(ailment, view);
    Told {
        name: ailment.name(),
        grade: grade(ailment.grade()),
        costs: plain(&costs),
        mend: plain(&mend),
        docs: format!("docs/doctor.md#{}", ailment.name()),
    }
}

fn files(all: &[String]) -> String {
    names::some_files(all)
}

/// What it would cost, and what mends it: Markdown.
fn words(ailment: &Ailment, view: &View<'_>) -> (String, String) {
    let both = |costs: &str, mend: &str| (costs.to_owned(), mend.to_owned());
    match ailment {
        Ailment::NotInstalled => both(
            "the App is not installed on this repository: a label is heard by nobody",
            "Install it: the App's page, “Install App”, this repository",
        ),
        Ailment::Suspended => both(
            "the installation is suspended: GitHub tells the bot nothing and lets it do nothing",
            "Lift it in the settings of the account, under “GitHub Apps”",
        ),
        Ailment::IssuesOff => both(
            "the repository has no issues: nothing can be labelled, and a hotfix has no place",
            "Switch them on in the settings, under “Features”",
        ),
        Ailment::Untold(events) => (
            format!(
                "the App is not told of {}: what happens there is seen minutes later, when the bot looks",
                files(events)
            ),
            "Tick them in the App's settings, under “Permissions & events”".to_owned(),
        ),
        Ailment::Undelivered { of, failed, status } => (
            format!(
                "{failed} of the last {of} deliveries did not reach the bot ({}): a label or a command may come late, or be fetched only at the next look",
                code(status)
            ),
            "Look at “Recent deliveries” of the App: its webhook leads to this server's `/webhook`, by the secret in `WEBHOOK_SECRET`".to_owned(),
        ),
        Ailment::NoLabels { missing, other } => (
            match other {
                true => format!("the repository has no label {}, and another one that starts a hotfix", files(missing)),
                false => format!("the repository has no label {}: nobody finds it at night", files(missing)),
            },
            "Make them: `hotfix-bot doctor … --fix labels`".to_owned(),
        ),
        Ailment::Config => {
            let all = view.facts.policy.get();
            let all = all.map_or_else(String::new, |read| faults(&read.faults));
            let all = match all.is_empty() {
                true => all,
                false => format!(":\n\n{all}"),
            };
            (
                format!("{} is wrong, and nothing starts until it is mended{all}", code(PATH)),
                "Mend it; `hotfix-bot check-config` says the same at a desk".to_owned(),
            )
        }
        Ailment::NoConfig => (
            format!("there is no {}: everything is derived", code(PATH)),
            "Commit the file that is proposed, so that the next release finds what this one did".to_owned(),
        ),
        Ailment::Idle { key, gates } => (
            match gates {
                true => format!("{} asks for what this version does not do: a maintainer must pass it at each release", code(key)),
                false => format!("{} asks for what this version does not do yet", code(key)),
            },
            format!("Leave {} out", code(key)),
        ),
        Ailment::Settings(finding) => (preflight::costs(finding, view), preflight::way_out(finding, view)),
        Ailment::Asked(kind) => asked(kind, view),
        Ailment::NoTests => both(
            "no workflow tests the head: a person must try it and say so",
            "Let a workflow run on pull requests, or name one in `test.workflows`",
        ),
        Ailment::TestElsewhere { files, way } => elsewhere(files, way),
        Ailment::TestByPaths(all) => (
            format!(
                "only changes of some paths start {}: a fix elsewhere is not tested by it",
                files(all)
            ),
            "Take the filter by paths off, or name the file in `test.workflows`, so that it is always asked for".to_owned(),
        ),
        Ailment::Check { name, from } => check(name, from),
        Ailment::Stopped { file, why } => (
            format!(
                "the tag would not start what it should. It takes {}",
                stopped(file, why, view)
            ),
            "Mend it on the default branch, and in the fix: what is tagged decides".to_owned(),
        ),
        Ailment::TagBy(by) => match by {
            Tags::Signed { file } if file.is_empty() => both(
                "a person makes the tag, as it is configured",
                "Somebody who may push tags should be there",
            ),
            Tags::Signed { file } => (
                format!("a person makes the tag: {} verifies its signature", code(file)),
                "Somebody with the key should be there; the command is shown after the decision".to_owned(),
            ),
            Tags::Workflow(by) => (
                format!("{} makes the tag itself, once it is started", code(&by.file)),
                "Nothing needs to be done where its inputs are known".to_owned(),
            ),
            Tags::Bot | Tags::Protected { .. } => both("somebody else makes the tag", "Nothing needs to be done"),
        },
        Ailment::PublishedBy(by) => match by {
            Publishes::Dispatch(by) => (
                format!("{} publishes once somebody starts it: the tag starts nothing that does", code(&by.file)),
                "Let the bot start it: `[[release.workflow]]` with `on = \"dispatch\"`, or let it start on tags".to_owned(),
            ),
            _ => both(
                "no workflow is known to publish: a person must do it by hand, after the tag",
                "Somebody who may publish should be there, or let a workflow do it on tags",
            ),
        },
        Ailment::NoSection(left) => (
            derived_words(&Derived::NoSection(left.clone()), view),
            format!("Name the changelog in `version.changelog`, or leave it: the release notes tell of the fix ({})", code(&left.path)),
        ),
        Ailment::Registry { name, registry: at, why } => (
            format!("{}: nothing is verified there", registry(name, at, why)),
            match why {
                Registry::Unnamed | Registry::Strangers(_) => "Let the manifest name this repository, or name the registry in `verify.registries`".to_owned(),
                _ => "Nothing needs to be done where nothing is published there".to_owned(),
            },
        ),
        Ailment::Elsewhere(paths) => (
            format!("the last releases changed the version in {}, which the bot leaves alone", files(paths)),
            "Name the places in `version.files`, or change them on the hotfix branch".to_owned(),
        ),
        Ailment::Generated(paths) => (
            format!("the last release made {} anew: on a hotfix branch somebody must run what makes them", files(paths)),
            "Somebody who has the tool should be there".to_owned(),
        ),
        Ailment::OnePerson(login) => (
            format!("{} alone may write here: nobody else can approve, and their release counts as single-handed", code(login)),
            "Give a second person write access".to_owned(),
        ),
        Ailment::NotRehearsed => both(
            "publishing is not tried out before the tag: an expired token or a package that does not build shows only after it",
            "Name a workflow with a trial in `release.dry_run`",
        ),
        Ailment::NoInstall => both(
            "a person must install the release afresh and say so",
            "Name a workflow that does in `verify.install`",
        ),
        Ailment::NoKnownIssues => both(
            "no list of known issues is kept: nothing is noted there",
            "Name it in `announce.known_issues`, or leave it",
        ),
        Ailment::NoEscalation => both(
            "nobody in particular is called when a maximum is over: those who may decide and had a part are",
            "Name somebody in `roles.escalation`",
        ),
    }
}

fn asked(kind: &NeedKind, view: &View<'_>) -> (String, String) {
    let (line, how, command) = wants::words(kind, view);
    let toml: Vec<String> = kind.toml().iter().map(key_line).collect();
    let said = command.map(|command| match how {
        "" => format!("Then say {}", code(&command)),
        how => format!("{how}: {}", code(&command)),
    });
    let settled = (!toml.is_empty()).then(|| format!("for good: {}", toml.join(" or ")));
    let ways: Vec<String> = said.into_iter().chain(settled).collect();
    let mend = match ways.is_empty() {
        true => "Somebody who may decide should be there".to_owned(),
        false => ways.join("; "),
    };
    (line, mend)
}

fn key_line(line: &KeyLine) -> String {
    code(&format!("[{}] {} = {}", line.section, line.key, line.value))
}

fn elsewhere(all: &[String], way: &Way) -> (String, String) {
    let all = files(all);
    match way {
        Way::Dispatch => (
            format!("no push of the hotfix branch starts {all}: the bot starts it by hand each time"),
            "Nothing needs to be done; the branch in `on.push` saves a minute".to_owned(),
        ),
        Way::Enable => (
            format!(
                "no push of the hotfix branch starts {all}, and the bot cannot start it by hand: `/hotfix test enable` adds a commit that changes the triggers"
            ),
            "Add the hotfix branches to `on.push` on the default branch; the lines stand below".to_owned(),
        ),
        Way::Hand(harm) => (
            format!(
                "no push of the hotfix branch starts {all}, and the bot does not: it could reach outside ({})",
                acts(harm)
            ),
            "A maintainer starts it (`/hotfix test run=…`); or put the tests into a file of their own with `permissions: contents: read`".to_owned(),
        ),
    }
}

fn check(name: &str, from: &CheckFrom) -> (String, String) {
    let name = code(name);
    match from {
        CheckFrom::Nothing => (
            format!(
                "the rules require the check {name} of GitHub Actions, and no job is called so: GitHub will not merge"
            ),
            "Take it out of the rules, or call a job so".to_owned(),
        ),
        CheckFrom::Job(file) => (
            format!(
                "the rules require the check {name}, which {} leaves: it is none of the tests",
                code(file)
            ),
            "Name the file in `test.workflows` if it runs on the hotfix branch".to_owned(),
        ),
        CheckFrom::App | CheckFrom::Elsewhere => (
            format!(
                "the rules require the check {name}, which no workflow here leaves: whether it comes on the hotfix branch is not known"
            ),
            "See that what leaves it is told of the hotfix branch".to_owned(),
        ),
    }
}

/// Markdown as plain text: links by their words, code in its ticks.
fn plain(markdown: &str) -> String {
    let mut out = String::new();
    for event in Parser::new(markdown) {
        match event {
            Event::Text(text) => out.push_str(&text),
            Event::Code(text) => out.push_str(&format!("`{text}`")),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Item | TagEnd::Paragraph) => {
                out.push(' ');
            }
            _ => {}
        }
    }
    let invisible = |c: char| matches!(c, '\u{2060}' | '\u{200b}');
    let words: Vec<&str> = out.split_whitespace().collect();
    words.join(" ").replace(invisible, "")
}

/// A configuration with what was derived, each with its reason; beside it the
/// keys that a repository decides first.
pub fn proposed(view: &View<'_>, eyes: Eyes) -> String {
    let mut out = format!(
        "# {PATH}, as proposed: what was derived, each with its reason. Every other key\n# keeps its default, see docs/configuration.md.\nschema = 1\n"
    );
    let policy = view.policy;
    let roles = &policy.roles;
    let mut lines: Vec<(KeyLine, String)> = vec![
        (
            KeyLine::texts("trigger", "labels", &policy.trigger.labels),
            "the labels that start a hotfix".to_owned(),
        ),
        (
            KeyLine::texts("roles", "responder", &roles.responder),
            "who carries a hotfix out".to_owned(),
        ),
        (
            KeyLine::texts("roles", "commander", &roles.commander),
            "who decides what cannot be taken back".to_owned(),
        ),
    ];
    for mut it in derived(view) {
        // A clone does not tell it.
        if let (Eyes::Clone, Derived::Base { latest, .. }) = (eyes, &mut it) {
            *latest = false;
        }
        let from_registry = matches!(it, Derived::Registry { .. });
        if from_registry && eyes == Eyes::Clone {
            continue;
        }
        let reason = plain(&derived_words(&it, view));
        for line in it.toml() {
            lines.push((line, reason.clone()));
        }
    }
    out.push_str(&sections(&lines));
    out
}

/// The lines, each table once, each with its reason above; the same reason once.
fn sections(lines: &[(KeyLine, String)]) -> String {
    let mut tables: Vec<&str> = Vec::new();
    for (line, _) in lines {
        if !tables.contains(&line.section) {
            tables.push(line.section);
        }
    }
    let mut out = String::new();
    for table in tables {
        // Of a list of tables each line begins one.
        let is_list = table.starts_with('[');
        let (mut begun, mut last) = (false, "");
        for (line, reason) in lines.iter().filter(|(line, _)| line.section == table) {
            if is_list || !begun {
                out.push_str(&format!("\n[{table}]\n"));
                begun = true;
            }
            if reason != last {
                out.push_str(&comment(reason));
                last = reason;
            }
            out.push_str(&format!("{} = {}\n", line.key, line.value));
        }
    }
    out
}

/// A comment of lines that are not too long.
fn comment(text: &str) -> String {
    let (mut out, mut width) = (String::from("#"), 1);
    for word in text.split_whitespace() {
        if width + word.len() > 86 && width > 1 {
            out.push_str("\n#");
            width = 1;
        }
        out.push(' ');
        out.push_str(word);
        width += word.len() + 1;
    }
    out + "\n"
}

/// The lines that let pushes of the hotfix branches start the tests, by file.
pub fn triggers(view: &View<'_>, all: &[Ailment]) -> Vec<(String, String)> {
    let pattern = view.policy.base.branch.replace("{version}", "*");
    let base = view.line.seen.base.get();
    let one = |file: &String| {
        let push = base?.workflow(file)?.file.on.push.as_ref();
        let known = push.and_then(|push| push.branches.as_deref());
        let names = known.unwrap_or_default().iter().map(String::as_str);
        let quoted: String = names
            .chain([pattern.as_str()])
            .map(|name| format!("      - {}\n", serde_json::Value::from(name)))
            .collect();
        let lines = format!("on:\n  push:\n    branches:\n{quoted}");
        Some((format!(".github/workflows/{file}"), lines))
    };
    let files = all.iter().filter_map(|ailment| match ailment {
        Ailment::TestElsewhere {
            files,
            way: Way::Dispatch | Way::Enable,
        } => Some(files),
        _ => None,
    });
    files.flatten().filter_map(one).collect()
}

/// What cannot be known from a clone.
pub fn unknown() -> Vec<&'static str> {
    vec![
        "what the App was granted, and whether it is installed",
        "rulesets, protected branches and required checks",
        "environments: what they take, and who must approve",
        "GitHub's Latest (taken to be the highest release), releases and their files",
        "whether releases are immutable",
        "labels, and who may write",
        "what is on the registry",
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_plain_text() {
        let text =
            "the *App* lacks [`contents`](https://a.test/x) \\<b\\>; see `a`\n\n- one\n- two";
        assert_eq!(plain(text), "the App lacks `contents` <b>; see `a` one two");
    }

    #[test]
    fn reasons_stand_above_their_lines() {
        let lines = [
            (
                KeyLine::text("[release.workflow]", "file", "a.yml"),
                "it ships".to_owned(),
            ),
            (KeyLine::yes("base", "prereleases"), "they are".to_owned()),
            (
                KeyLine::text("[release.workflow]", "file", "b.yml"),
                "it ships".to_owned(),
            ),
        ];
        assert_eq!(
            sections(&lines),
            "\n[[release.workflow]]\n# it ships\nfile = \"a.yml\"\n\n[[release.workflow]]\nfile = \"b.yml\"\n\n[base]\n# they are\nprereleases = true\n"
        );
    }
}
