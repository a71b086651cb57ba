//! What the doctor finds, in words: what it would cost a hotfix, and what mends
//! it. Plain text, for a terminal and for programs.

use pulldown_cmark::{Event, Parser, TagEnd};
use serde::Serialize;

use super::acts::acts;
use super::config::faults;
use super::derived::{registry, words as derived_words};
use super::markdown::{capital, code, escape};
use super::stopped::stopped;
use super::times::utc_time;
use super::{names, preflight, wants};
use crate::domain::ailments::{Ailment, Blind, Way, is_first};
use crate::domain::derived::Derived;
use crate::domain::need::{CheckFrom, Grade, NeedKind};
use crate::domain::policy::{KeyLine, PATH};
use crate::domain::role::Role;
use crate::domain::shipping::{Publishes, Tags};
use crate::domain::view::View;
use crate::domain::workflow_file::Gone;
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

/// What findings of these grades come to, where `unread` could not be looked at.
pub fn verdict<'a>(grades: impl IntoIterator<Item = &'a str>, unread: usize) -> String {
    let all: Vec<&str> = grades.into_iter().collect();
    let of = |grades: &[&str]| all.iter().filter(|it| grades.contains(it)).count();
    let stops = of(&["stops"]);
    let rest = format!(
        "{} would cost time or take a person, {} good to know",
        of(&["by-hand", "costs"]),
        of(&["note"])
    );
    match (stops, unread) {
        (0, 0) => format!("Nothing would stop a hotfix; {rest}"),
        (0, n) => format!(
            "Whether something would stop a hotfix is not known: {n} could not be looked at. Of the rest nothing would; {rest}"
        ),
        (n, 0) => format!("{n} would stop a hotfix; {rest}"),
        (n, unread) => {
            format!("{n} would stop a hotfix, and {unread} could not be looked at; {rest}")
        }
    }
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

/// The same, for people.
pub fn grade_words(grade: &str) -> &'static str {
    match grade {
        "stops" => "stops",
        "by-hand" => "by hand",
        "costs" => "costs time",
        _ => "good to know",
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
        Ailment::Untold(events) if events.iter().any(|it| is_first(it)) => (
            format!(
                "the App is not told of {}: labels and commands are not heard, and nothing ever begins",
                files(events)
            ),
            "Tick them in the App's settings, under “Permissions & events”".to_owned(),
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
                false => format!("the repository has no label {}: nobody can put it on an issue before somebody makes it", files(missing)),
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
            Publishes::Unseen { files: all } => (
                format!("{} may publish: nobody sees what that does", files(all)),
                "Say who does it: `release.published_by`, `\"tag\"` or `\"person\"`".to_owned(),
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
            "Name a workflow that tries it out in `release.dry_run`",
        ),
        Ailment::NoInstall => both(
            "a person must install the release afresh and say so",
            "Name a workflow that does in `verify.install`",
        ),
        Ailment::NoKnownIssues => both(
            "no list of known issues is kept: nothing is noted there",
            "Name it in `announce.known_issues`, or leave it",
        ),
        Ailment::FewCalls(budget) => (
            format!(
                "GitHub grants the App {} more calls of {} until {}: the bot looks less often at what nobody asked for",
                budget.left,
                budget.limit,
                utc_time(budget.resets, view.facts.now)
            ),
            "Nothing needs to be done unless it comes again: then see what else uses the App".to_owned(),
        ),
        Ailment::LabelBar(role) => (
            match role {
                Role::Triage => "people who may only sort issues start a hotfix by its label: branch and pull request are made on their word".to_owned(),
                _ => "whoever gets the label onto an issue, as by an issue form, starts a hotfix: branch and pull request are made on a stranger's word".to_owned(),
            },
            "Set `trigger.who` to `\"write\"`: from others the bot then wants a maintainer's `/hotfix confirm`".to_owned(),
        ),
        Ailment::Dead { file, job, gone, mended, release } => dead(file, job, gone, *mended, *release, view),
        Ailment::StaleLock(entries) => {
            let names: Vec<String> = entries.iter().map(|it| it.name.clone()).collect();
            (
                format!(
                    "the release's lock file has other versions of {} than the manifests: a build with `--locked` fails there, until the bump corrects them",
                    files(&names)
                ),
                "Run `cargo update -w` before the next release".to_owned(),
            )
        }
        Ailment::PortCertain { version } => (
            format!(
                "{} is at {} already: the hotfix's pull request cannot be merged there as it is, and a second one carries the fix over",
                code(names::main_branch(view)),
                escape(version)
            ),
            "Nothing needs to be done: the bot resolves version, lock file and changelog by rule".to_owned(),
        ),
        Ailment::NoSecurityPolicy(path) => (
            format!("there is no {}: who finds a vulnerability is told of no private way", code(path)),
            "Add one, or name it in `security.policy`; empty: there is none".to_owned(),
        ),
        Ailment::NoEscalation => both(
            "nobody in particular is called when a maximum is over: those who may decide and had a part are",
            "Name somebody in `roles.escalation`",
        ),
    }
}

/// A workflow that cannot pass, whatever the fix is.
fn dead(
    file: &str,
    job: &str,
    gone: &Gone,
    mended: bool,
    release: bool,
    view: &View<'_>,
) -> (String, String) {
    let what = match gone {
        Gone::Runner(label) => format!(
            "a machine called {}, and GitHub has none any more",
            code(label)
        ),
        Gone::Action(uses) => format!("{}, and GitHub fails what uses it", code(uses)),
    };
    let comes = match release {
        true => "nothing is released by it",
        false => "it fails, or never begins, whatever the fix is",
    };
    let costs = format!(
        "the job {} of {} asks for {what}: on the hotfix branch {comes}",
        code(job),
        code(file)
    );
    let main = code(names::main_branch(view));
    let mend = match (mended, release) {
        (true, _) => format!(
            "{main} has mended it: `/hotfix pick <commit>` takes that over, and the next release has it"
        ),
        (false, true) => format!("Mend it on {main}, and pick that into the hotfix"),
        (false, false) => format!(
            "Mend it on {main}; until a release has it, a person tries the head: `/hotfix check critical-path note=…`"
        ),
    };
    (costs, mend)
}

fn asked(kind: &NeedKind, view: &View<'_>) -> (String, String) {
    let (line, how, command) = wants::words(kind, view);
    let toml: Vec<String> = kind.toml().iter().map(key_line).collect();
    // There is no hotfix that could look again.
    let command = command.filter(|command| command != RETRY);
    let said = command.map(|command| match how {
        "" => format!("Then say {}", code(&command)),
        how => format!("{how}: {}", code(&command)),
    });
    let settled = (!toml.is_empty()).then(|| format!("for good: {}", toml.join(" or ")));
    let ways: Vec<String> = said.into_iter().chain(settled).collect();
    let mend = match (ways.is_empty(), ailment_stops(kind)) {
        (false, _) => capital(&ways.join("; ")),
        (true, true) => "Mend that, and ask the doctor again".to_owned(),
        (true, false) => "Somebody who may decide should be there".to_owned(),
    };
    (line, mend)
}

/// What is said once something is mended that keeps a hotfix from beginning.
const RETRY: &str = "/hotfix retry";

fn ailment_stops(kind: &NeedKind) -> bool {
    Ailment::Asked(Box::new(kind.clone())).grade() == Grade::Stops
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
                "the rules require the check {name} of GitHub Actions, and no job has that name: GitHub will not merge"
            ),
            "Take it out of the rules, or give a job that name".to_owned(),
        ),
        CheckFrom::Job(file) => (
            format!(
                "the rules require the check {name}, which {} reports: that file is not among the tests",
                code(file)
            ),
            "Name the file in `test.workflows` if it runs on the hotfix branch".to_owned(),
        ),
        CheckFrom::App | CheckFrom::Elsewhere => (
            format!(
                "the rules require the check {name}, which no workflow here reports: whether it comes on the hotfix branch is not known"
            ),
            "See that what reports it runs on the hotfix branch, too".to_owned(),
        ),
    }
}

/// Markdown as plain text: links by their words, code in its ticks.
pub(super) fn plain(markdown: &str) -> String {
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

/// Something that could not be read, for people.
pub fn blind(what: Blind) -> &'static str {
    match what {
        Blind::Policy => "the configuration, and everything that follows from it",
        Blind::Base => "the release that would be fixed, and everything that follows from it",
        Blind::Guards => "what the App was granted, rulesets and environments",
        Blind::Rights => "what the App was granted",
        Blind::Rulesets => "the rulesets",
        Blind::Environments => "the environments",
        Blind::Main => "what the default branch has beyond the release",
        Blind::Writers => "who may write",
        Blind::Labels => "the labels",
        Blind::Deliveries => "what became of the App's last deliveries",
    }
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
}
