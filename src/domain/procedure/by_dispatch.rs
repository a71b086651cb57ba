//! A workflow of the release that starts by a dispatch alone: what it is given,
//! and whether GitHub would take it.
//!
//! The file must be on the default branch, and it runs as it is at the ref that
//! is named. (GitHub: events that trigger workflows.) So it is dispatched where
//! it stands in what is tagged, and nowhere else: on the default branch it would
//! run on what that holds besides.

use super::branch::Branched;
use super::step::Case;
use crate::domain::need::Stopped;
use crate::domain::objects::Workflow;
use crate::domain::shipping::Dispatched;
use crate::domain::workflow_file::Input;

fn file<'a>(all: &'a [Workflow], name: &str) -> Option<&'a Workflow> {
    all.iter().find(|w| w.name() == name)
}

/// The inputs that a file takes, where it can be dispatched at all.
fn inputs<'a>(branched: &'a Branched, name: &str) -> Option<&'a [Input]> {
    let there = file(branched.at_tag(), name)?;
    there.file.on.workflow_dispatch.as_deref()
}

/// Whether GitHub has the file where it looks for what can be dispatched.
pub fn is_on_main(branched: &Branched, name: &str) -> bool {
    let main = &branched.base.main_workflows;
    main.is_empty() || file(main, name).is_some()
}

/// A workflow that is started by hand at this ref: its inputs as configured,
/// else filled by their names.
pub fn filled(c: &Case<'_>, branched: &Branched, name: &str, at: &str) -> Dispatched {
    let given = configured(c, branched, name);
    let main = branched.base.default_branch();
    let declared = inputs(branched, name).unwrap_or_default();
    let by_name = |input: &Input| {
        let value = match input.name.to_lowercase().replace('-', "_").as_str() {
            "tag" | "tag_name" | "release_tag" | "git_tag" => Some(branched.tag.clone()),
            // It is written as the input itself shows it.
            "version" | "release_version" | "new_version"
                if input.shows_v && branched.tag == format!("v{}", branched.version) =>
            {
                Some(branched.tag.clone())
            }
            "version" | "release_version" | "new_version" => Some(branched.version.clone()),
            "branch" => Some(branched.branch.clone()),
            "ref" => Some(at.to_owned()),
            name if name.ends_with("_ref") && name != "base_ref" => Some(at.to_owned()),
            // It would take what that holds besides.
            _ if input.default.as_deref() == Some(main) => Some(at.to_owned()),
            // What is tried and not done unless it is told otherwise.
            "dry_run" | "dryrun" => Some("false".to_owned()),
            _ => None,
        };
        let missing = input.required && input.default.is_none();
        (value.is_some() || missing).then(|| (input.name.clone(), value))
    };
    let is_given = |input: &&Input| given.iter().any(|(name, _)| *name == input.name);
    let others = declared.iter().filter(|input| !is_given(input));
    let mut inputs: Vec<(String, Option<String>)> = others.filter_map(by_name).collect();
    inputs.extend(given.iter().map(|(k, v)| (k.clone(), Some(v.clone()))));
    Dispatched {
        file: name.to_owned(),
        at: at.to_owned(),
        inputs,
    }
}

/// A text of the file with what its inputs are given put into it, where an expression is
/// one of them.
pub fn put_into(given: &Dispatched, text: &str) -> String {
    let mut told = String::new();
    let mut rest = text;
    while let Some((before, (inner, after))) = rest
        .split_once("${{")
        .and_then(|(before, behind)| Some((before, behind.split_once("}}")?)))
    {
        let name = inner.trim();
        let name = name.strip_prefix("github.event.").unwrap_or(name);
        let name = name.strip_prefix("inputs.");
        let is_it = |(input, _): &&(String, Option<String>)| Some(input.as_str()) == name;
        let value = given.inputs.iter().find(is_it);
        told.push_str(before);
        told.push_str(value.and_then(|(_, value)| value.as_deref()).unwrap_or("?"));
        rest = after;
    }
    told + rest
}

/// What the configuration says of its inputs.
fn configured(c: &Case<'_>, branched: &Branched, name: &str) -> Vec<(String, String)> {
    let all = c.policy.release.workflow.iter();
    let inputs = all.filter(|w| w.file == name).flat_map(|w| &w.inputs);
    let number = c.facts.number.to_string();
    let value = |text: &String| {
        text.replace("{version}", &branched.version)
            .replace("{tag}", &branched.tag)
            .replace("{issue}", &number)
    };
    inputs
        .map(|(name, text)| (name.clone(), value(text)))
        .collect()
}

/// Why GitHub would not take the dispatch, or nobody knows what to give; none:
/// it can be dispatched.
pub fn refused(branched: &Branched, by: &Dispatched) -> Option<Stopped> {
    if file(branched.at_tag(), &by.file).is_none() {
        return Some(Stopped::NotAtTag);
    }
    let Some(declared) = inputs(branched, &by.file) else {
        return Some(Stopped::NoDispatch);
    };
    if !is_on_main(branched, &by.file) {
        return Some(Stopped::NotOnMain);
    }
    let is_declared = |name: &String| declared.iter().any(|input| input.name == *name);
    let unknown = by.inputs.iter().map(|(name, _)| name);
    let unknown: Vec<String> = unknown.filter(|name| !is_declared(name)).cloned().collect();
    let missing = by.inputs.iter().filter(|(_, value)| value.is_none());
    let missing: Vec<String> = missing.map(|(name, _)| name.clone()).collect();
    (!unknown.is_empty() || !missing.is_empty()).then_some(Stopped::Inputs { unknown, missing })
}
