//! Security advisories of a repository.

use super::account::UserId;
use crate::sim::clock::Millis;

/// A security advisory.
#[derive(Clone, Debug)]
pub struct Advisory {
    /// `GHSA-xxxx-xxxx-xxxx`.
    pub id: String,
    /// What it says in a line; secret until it is published.
    pub summary: String,
    /// What it says; secret until it is published.
    pub description: String,
    /// `triage`, `draft`, `published`, `closed`, `withdrawn`.
    pub state: String,
    /// The packages that are vulnerable.
    pub vulnerabilities: Vec<Vulnerability>,
    /// Whether GitHub would not publish it as it is.
    pub incomplete: bool,
    /// Whether it has a temporary private fork.
    pub fork: bool,
    /// Who wrote it.
    pub author: UserId,
    /// Who published it.
    pub publisher: Option<UserId>,
    /// When it was made.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
    /// When it was published.
    pub published_at: Option<Millis>,
    /// When it was closed.
    pub closed_at: Option<Millis>,
}

/// A package that is vulnerable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vulnerability {
    /// `rust`, `npm`, ...
    pub ecosystem: String,
    /// Its name.
    pub package: String,
    /// Which versions are.
    pub range: Option<String>,
    /// Which are not any more.
    pub patched: Option<String>,
    /// Functions.
    pub functions: Vec<String>,
}
