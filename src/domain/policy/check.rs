//! What each key allows on its own, and together with the others.

use super::kinds::{AutoOr, Period, StartedBy, workflow_file};
use super::model::Policy;
use super::parse::budgets;
use super::reader::Reader;
use super::template::placeholders;
use crate::domain::command::nearest;
use crate::domain::role::Role;

/// Names what is out of range or contradicts itself.
pub(super) fn check(policy: &Policy, reader: &mut Reader<'_>) {
    let mut find = Findings { reader };
    levels(policy, &mut find);
    names(policy, &mut find);
    texts(policy, &mut find);
    workflows(policy, &mut find);
    times(policy, &mut find);
    roles(policy, &mut find);
}

struct Findings<'r, 'a> {
    reader: &'r mut Reader<'a>,
}

impl Findings<'_, '_> {
    fn say(&mut self, path: &str, message: &str, hint: Option<String>) {
        let span = self.reader.place(path);
        self.reader.error(span, format!("{path}: {message}"), hint);
    }
}

fn levels(policy: &Policy, find: &mut Findings<'_, '_>) {
    let severity = &policy.severity;
    if severity.min_affected_percent > 100 {
        let message = format!(
            "expected a whole number from 0 to 100, found {}",
            severity.min_affected_percent
        );
        find.say("severity.min_affected_percent", &message, None);
    }
    if severity.hotfix.is_empty() {
        find.say(
            "severity.hotfix",
            "at least one level must be hotfixed",
            None,
        );
    }
    if let Some(both) = severity
        .hotfix
        .iter()
        .find(|level| severity.is_regular(level))
    {
        let written = ["severity.regular", "severity.hotfix"]
            .into_iter()
            .find(|path| find.reader.has(path))
            .unwrap_or("severity");
        let message = format!("\"{both}\" stands in both `hotfix` and `regular`");
        find.say(written, &message, None);
    }
}

/// Names that must hold the version, once.
fn names(policy: &Policy, find: &mut Findings<'_, '_>) {
    let mut holds_version = |path: &str, text: &str| {
        let count = text.matches("{version}").count();
        if count != 1 {
            let message = format!("must hold {{version}} exactly once, found it {count} times");
            find.say(path, &message, None);
        }
    };
    if let Some(pattern) = policy.base.written_tag_pattern() {
        holds_version("base.tag_pattern", pattern);
    }
    holds_version("base.branch", &policy.base.branch);
    for (at, file) in policy.version.files.iter().enumerate() {
        holds_version(&format!("version.files.{at}.pattern"), &file.pattern);
    }
    for (path, name) in [
        ("base.tag_pattern", &policy.base.tag_pattern),
        ("base.branch", &policy.base.branch),
    ] {
        let forbidden = |c: char| c.is_whitespace() || c.is_control() || "~^:?*[\\".contains(c);
        if let Some(c) = name.chars().find(|c| forbidden(*c)) {
            find.say(path, &format!("git allows no {c:?} in a name"), None);
        }
    }
}

/// Texts may only name what the bot can put in.
fn texts(policy: &Policy, find: &mut Findings<'_, '_>) {
    let known = ["version", "tag", "issue", "summary", "symptom", "changelog"];
    let mut texts = vec![
        (
            "base.tag_pattern".to_owned(),
            &policy.base.tag_pattern,
            &known[..1],
        ),
        ("base.branch".to_owned(), &policy.base.branch, &known[..1]),
        (
            "version.entry".to_owned(),
            &policy.version.entry,
            &known[..],
        ),
        (
            "version.commit".to_owned(),
            &policy.version.commit,
            &known[..],
        ),
        (
            "merge.tag_message".to_owned(),
            &policy.merge.tag_message,
            &known[..],
        ),
        (
            "rollback.issue_title".to_owned(),
            &policy.rollback.issue_title,
            &known[..],
        ),
    ];
    for (at, workflow) in policy.release.workflow.iter().enumerate() {
        for text in workflow.inputs.values() {
            let path = format!("release.workflow.{at}.inputs");
            texts.push((path, text, &known[..3]));
        }
    }
    for (path, text, known) in texts {
        for (_, name) in placeholders(text) {
            if !known.contains(&name) {
                let message = format!("nothing is known for {{{name}}}");
                let hint = nearest(name, known.iter().copied()).map_or_else(
                    || format!("known here: {{{}}}", known.join("}, {")),
                    |name| format!("did you mean {{{name}}}?"),
                );
                find.say(&path, &message, Some(hint));
            }
        }
    }
}

fn workflows(policy: &Policy, find: &mut Findings<'_, '_>) {
    let expected = "expected the name of a workflow file such as \"ci.yml\"";
    if let AutoOr::Is(files) = &policy.test.workflows {
        for file in files.iter().filter(|file| workflow_file(file).is_none()) {
            find.say(
                "test.workflows",
                &format!("{expected}, found \"{file}\""),
                None,
            );
        }
    }
    let listed = &policy.release.workflow;
    for (at, workflow) in listed.iter().enumerate() {
        let path = |key: &str| format!("release.workflow.{at}.{key}");
        let name = workflow_file(&workflow.file);
        if name.is_none() {
            let message = format!("{expected}, found \"{}\"", workflow.file);
            find.say(&path("file"), &message, None);
        }
        let earlier = listed.iter().take(at);
        if earlier
            .into_iter()
            .any(|other| workflow_file(&other.file) == name)
        {
            let message = format!("\"{}\" is listed twice", workflow.file);
            find.say(&path("file"), &message, None);
        }
        if let Some(expect) = workflow.expect
            && expect > workflow.timeout
        {
            let message = format!(
                "{expect} is more than the workflow's timeout of {}",
                workflow.timeout
            );
            find.say(&path("expect"), &message, None);
        }
        if workflow.timeout == Period::default() {
            find.say(&path("timeout"), "must be more than nothing", None);
        }
        let dispatched = matches!(workflow.on, StartedBy::Dispatch | StartedBy::Auto);
        if !workflow.inputs.is_empty() && !dispatched {
            let message = format!(
                "inputs reach a workflow only by dispatch, and `on` is \"{}\"",
                workflow.on
            );
            find.say(
                &path("inputs"),
                &message,
                Some("set `on = \"dispatch\"`".to_owned()),
            );
        }
    }
}

fn times(policy: &Policy, find: &mut Findings<'_, '_>) {
    let mut policy = policy.clone();
    for (key, budget) in budgets(&mut policy) {
        if budget.target > budget.maximum {
            let message = format!(
                "the target of {} is more than the maximum of {}",
                budget.target, budget.maximum
            );
            find.say(&format!("timeline.{key}"), &message, None);
        }
    }
}

fn roles(policy: &Policy, find: &mut Findings<'_, '_>) {
    let usable = || Role::ALL.iter().filter(|role| **role > Role::None);
    let mut ranks = Vec::new();
    for (path, names) in [
        ("roles.responder", &policy.roles.responder),
        ("roles.commander", &policy.roles.commander),
    ] {
        for name in names.iter().filter(|name| !name.starts_with('@')) {
            if Role::from_name(name).is_none_or(|role| role == Role::None) {
                let words: Vec<_> = usable().map(|role| role.name()).collect();
                let message = format!(
                    "expected one of {}, \"@user\" or \"@organisation/team\", found \"{name}\"",
                    words.join(", ")
                );
                let hint = nearest(name, words.iter().copied())
                    .map(|name| format!("did you mean \"{name}\"?"));
                find.say(path, &message, hint);
            }
        }
        if names.is_empty() {
            find.say(path, "nobody could give these commands", None);
        }
        ranks.push(names.iter().filter_map(|name| Role::from_name(name)).min());
    }
    if let [Some(responder), Some(commander)] = ranks.as_slice()
        && responder > commander
    {
        let path = if find.reader.has("roles.commander") {
            "roles.commander"
        } else {
            "roles.responder"
        };
        let message =
            format!("a commander needs {commander}, less than a responder with {responder}");
        find.say(path, &message, None);
    }
}
