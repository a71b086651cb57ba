//! Which keys this version of the bot acts on.

use serde_json::Value;

use super::kinds::{AutoOr, Ecosystem, Install, StartedBy, TagAt};
use super::model::Policy;
use crate::domain::role::Role;

/// The keys that are carried out whatever they say. A path covers everything
/// below it.
const CARRIED_OUT: &[&str] = &[
    "schema",
    "trigger.labels",
    "trigger.who",
    "severity",
    "base.tag_pattern",
    "base.branch",
    "base.prereleases",
    "test.workflows",
    "test.commands",
    "test.manual",
    "test.platforms",
    "version.update_lock",
    "version.changelog",
    "version.entry",
    "version.commit",
    "merge.method",
    "merge.approvals",
    "merge.allow_self_approval",
    "merge.require_forward_port",
    "merge.tag_message",
    "verify.assets",
    "verify.ask_reporter",
    "announce.close_issue",
    "announce.thank_reporter",
    "announce.delete_branch",
    "announce.known_issues",
    "timeline",
    "links",
];

/// The keys that are carried out for some values: whether this policy's is one.
type Carried = fn(&Policy) -> bool;
const FOR_SOME_VALUES: &[(&str, Carried)] = &[
    ("version.ecosystem", |p| {
        matches!(p.version.ecosystem, Ecosystem::Auto | Ecosystem::Cargo)
    }),
    ("merge.tag_at", |p| p.merge.tag_at != TagAt::Merge),
    ("release.workflow", |p| {
        let known = |on| matches!(on, StartedBy::Auto | StartedBy::Tag | StartedBy::After);
        p.release
            .workflow
            .iter()
            .all(|w| known(w.on) && w.inputs.is_empty())
    }),
    ("verify.registries", |p| {
        p.verify.registries.iter().all(|name| name == "auto")
    }),
    ("verify.install", |p| p.verify.install == Install::Manual),
    ("announce.notes", |p| p.announce.notes == "hotfix"),
    ("roles.responder", |p| only_roles(&p.roles.responder)),
    ("roles.commander", |p| only_roles(&p.roles.commander)),
];

fn only_roles(names: &[String]) -> bool {
    names.iter().all(|name| Role::from_name(name).is_some())
}

/// The keys that are set to something else than their default and that this
/// version does not act on, as dotted paths in the order of the file's
/// documentation. People are told, so that they do not rely on them.
pub fn not_carried_out(policy: &Policy) -> Vec<String> {
    let (Ok(written), Ok(default)) = (
        serde_json::to_value(policy),
        serde_json::to_value(Policy::default()),
    ) else {
        return Vec::new();
    };
    let mut changed = Vec::new();
    differences("", &written, &default, &mut changed);
    changed.retain(|path| !is_carried_out(path, policy));
    changed
}

fn is_carried_out(path: &str, policy: &Policy) -> bool {
    let covers = |key: &str| {
        path.strip_prefix(key)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    CARRIED_OUT.iter().any(|key| covers(key))
        || FOR_SOME_VALUES
            .iter()
            .any(|(key, carried)| covers(key) && carried(policy))
}

/// The paths of the keys that differ; lists are compared whole.
fn differences(path: &str, written: &Value, default: &Value, into: &mut Vec<String>) {
    match (written, default) {
        (Value::Object(written), Value::Object(default)) => {
            for (key, value) in written {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                let default = default.get(key).unwrap_or(&Value::Null);
                differences(&path, value, default, into);
            }
        }
        _ if written == default => {}
        _ => into.push(path.to_owned()),
    }
}

/// How many approving reviews of the head are needed when the policy leaves it
/// open: one.
pub fn approvals_needed(policy: &Policy) -> u32 {
    match policy.merge.approvals {
        AutoOr::Auto => 1,
        AutoOr::Is(count) => count,
    }
}
