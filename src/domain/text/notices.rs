//! Notices, and reasons that the bot itself gives.

use super::markdown::{code, person};
use super::times::{duration, utc_time};
use crate::domain::facts::Stale;
use crate::domain::ids::{Millis, Sha};

/// The bot was away.
pub fn was_away(since: Millis, now: Millis) -> String {
    format!(
        "I was away for {} and have looked at everything again.",
        duration(now - since)
    )
}

/// Entries of the lock file that the bump corrects.
pub fn stale_lock(stale: &[Stale]) -> String {
    let all: Vec<_> = stale
        .iter()
        .map(|s| {
            format!(
                "{} ({}, its manifest says {})",
                code(&s.name),
                code(&s.found),
                code(&s.expected)
            )
        })
        .collect();
    format!(
        "The lock file of the base does not match the manifests: {}. The bump corrects it.",
        all.join(", ")
    )
}

/// Why a hotfix stopped when its label went.
pub fn label_taken_off(label: &str) -> String {
    format!("the label {} was taken off", code(label))
}

/// A label that went too late.
pub fn label_without_effect(label: &str, login: &str) -> String {
    format!(
        "{} took {} off. The release is decided, so that changes nothing.",
        person(login),
        code(label)
    )
}

/// A decision that no longer fits what is there.
pub fn decision_lapsed(head: &Sha, login: &str, at: Millis) -> String {
    format!(
        "The decision of {} for {} lapsed at {}: something changed before the tag. Look at the preview and decide again.",
        person(login),
        code(head.short()),
        utc_time(at, at)
    )
}

/// What was derived because nobody configured it.
pub mod derived {
    use super::code;

    /// The whole configuration.
    pub fn no_file() -> String {
        format!("there is no {}: defaults hold", code(".github/hotfix.toml"))
    }

    /// How release tags are named.
    pub fn tags(pattern: &str) -> String {
        format!("release tags are named {}, as the newest is", code(pattern))
    }

    /// The required tests.
    pub fn tests(main: &str) -> String {
        format!(
            "tests are the workflows that run on pushes to {} and on pull requests",
            code(main)
        )
    }

    /// The release workflows.
    pub fn release(tag: &str) -> String {
        format!(
            "release workflows are those that a push of {} starts",
            code(tag)
        )
    }
}
