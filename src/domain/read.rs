//! What is asked of the outside without changing it.

use serde::{Deserialize, Serialize};

use super::ids::{AdvisoryId, Sha};
use super::line_name::LineName;
use super::objects::{
    Address, AttestedFile, Built, Carry, Chained, Halt, Object, OnRegistry, Package, PullKind,
    RegistryKind, SumsFile,
};
use super::outside::Outside;
use crate::ecosystem::learnt::Asked;
use crate::ecosystem::{Changelogs, Kind};

/// A look at GitHub or at the registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "read", rename_all = "snake_case")]
pub enum Read {
    /// The configuration, and the default branch's head.
    Policy {
        /// Whose label begins a hotfix, if that is what the configuration says,
        /// too: what is asked next may be asked for beside it.
        #[serde(default)]
        ahead: Option<String>,
    },
    /// The issue.
    Issue,
    /// A person's role.
    Role {
        /// Whose.
        login: String,
        /// The teams, `organisation/team`, of which it is asked whether they are in.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        teams: Vec<String>,
    },
    /// A comment with commands, as it stands now.
    Word {
        /// Its id.
        comment: u64,
    },
    /// The base release and what surrounds it.
    Base {
        /// `base.tag_pattern`; none: derived from the tags that are there.
        #[serde(default)]
        tag_pattern: Option<String>,
        /// The release that a person named.
        #[serde(default)]
        said: Option<String>,
        /// The release line that is fixed, where it is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        line: Option<LineName>,
        /// `base.branch`.
        branch_pattern: String,
        /// `base.prereleases`.
        prereleases: bool,
        /// `version.changelog`.
        changelog: Changelogs,
        /// `announce.known_issues`.
        #[serde(default)]
        known_issues: String,
        /// `security.policy`.
        #[serde(default)]
        security_policy: String,
        /// `version.packages`.
        #[serde(default)]
        packages: Vec<String>,
        /// `version.ecosystem`; empty: by the files that are there.
        #[serde(default)]
        kinds: Vec<Kind>,
        /// Whether `verify.registries` names a registry.
        #[serde(default)]
        registry: bool,
        /// Whether lock files stay as they are: not `version.update_lock`.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        leave_locks: bool,
        /// The branch of the release line, where somebody named it; empty: none.
        #[serde(default)]
        line_said: Option<String>,
        /// The same as `base.line_branch`.
        #[serde(default)]
        line_branch: Option<String>,
        /// `version.learn`, `version.ignore`, `version.files`.
        #[serde(default)]
        places: Asked,
    },
    /// What the repository's settings let the bot do.
    Guards,
    /// The channels of these names, as the server has them.
    Channels {
        /// The names.
        names: Vec<String>,
    },
    /// What the default branch has beyond the base.
    Main {
        /// The base's commit.
        base: Sha,
        /// The branch of the release line, where the base has one.
        #[serde(default)]
        line: Option<String>,
    },
    /// The hotfix branch and the way to it.
    Branch {
        /// Its short name.
        branch: String,
        /// The base's commit.
        base: Sha,
        /// The head that is known already: if it still stands, nothing else
        /// is asked.
        known: Option<Sha>,
        /// Where the version stands.
        package: Package,
        /// The claimed version.
        version: String,
        /// The folders of the repository's actions that were read at the base.
        #[serde(default)]
        actions: Vec<String>,
        /// Whether `verify.registries` names a registry.
        #[serde(default)]
        registry: bool,
    },
    /// The open pull requests into the hotfix branch.
    Offers {
        /// Its short name.
        branch: String,
    },
    /// The pull request.
    Pull {
        /// Its number.
        number: u64,
        /// Which one.
        #[serde(default, alias = "which")]
        pull: PullKind,
        /// Files of its head that are looked through for conflict markers.
        #[serde(default)]
        marked: Vec<String>,
        /// Whether the tree of its merge is wanted.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        tree: bool,
    },
    /// Who put which label on the issue, or took it off, last.
    Labellers,
    /// Which merged pull requests say that they fix the issue, from its log.
    Fixes,
    /// Which issues are marked as duplicates of the issue.
    Duplicates,
    /// In which lines of the README at this commit a version stands.
    OldLines {
        /// The tagged commit.
        commit: Sha,
        /// The version of the release that was fixed.
        version: String,
    },
    /// Who closed a pull request unmerged.
    Closer {
        /// Its number.
        number: u64,
    },
    /// Its reviews, and whether the reviewers may write here.
    Reviews {
        /// The pull request's number.
        number: u64,
    },
    /// Who may write in the repository.
    Writers,
    /// The workflow runs of a commit.
    Runs {
        /// The commit.
        sha: Sha,
        /// The runs that follow other workflows, where such are awaited.
        #[serde(default)]
        chained: Option<Chained>,
        /// Whose head the commit is.
        #[serde(default, alias = "which")]
        pull: PullKind,
    },
    /// What required runs of a commit show when they are through.
    Jobs {
        /// The commit.
        sha: Sha,
        /// The runs.
        runs: Vec<u64>,
        /// The tests that are looked for in their logs.
        tests: Vec<Outside>,
        /// Whether what they uploaded is asked for.
        builds: bool,
    },
    /// What runs that failed, or that wait for somebody, show.
    Halted {
        /// Which.
        runs: Vec<Halt>,
        /// The commit that their workflows ran on before there was a fix.
        #[serde(default)]
        without_fix: Option<Sha>,
    },
    /// Check runs and commit statuses of a commit.
    Checks {
        /// The commit.
        sha: Sha,
        /// Those of these names.
        names: Vec<String>,
    },
    /// The release tag.
    Tag {
        /// Its name.
        tag: String,
    },
    /// The tags beside the release's.
    Pointers {
        /// Their names.
        names: Vec<String>,
    },
    /// The GitHub release of the tag.
    Release {
        /// The tag's name.
        tag: String,
    },
    /// The version on the registry.
    Registry {
        /// The package.
        package: String,
        /// The version.
        version: String,
        /// The packages that are published with it: the answer is of all.
        #[serde(default)]
        others: Vec<String>,
        /// Those that have a version of their own.
        #[serde(default)]
        raised: Vec<(String, String)>,
        /// The files that were looked into already.
        #[serde(default)]
        known: Vec<Built>,
        /// Where all of these are.
        #[serde(default, skip_serializing_if = "RegistryKind::is_first")]
        registry: RegistryKind,
        /// Those that are elsewhere.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        beside: Vec<OnRegistry>,
        /// The version of the base release, whose files are the measure; empty: none
        /// is.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        base: String,
    },
    /// The packages of the release on the registry, one by one.
    Parts {
        /// Each with its version.
        packages: Vec<(String, String)>,
        /// Where each of them is; what is not said is on crates.io.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        registries: Vec<RegistryKind>,
    },
    /// Files of checksums of the release.
    Sums {
        /// Which.
        files: Vec<SumsFile>,
    },
    /// Whether files of the release are attested, where the base release's are.
    Attested {
        /// Which.
        files: Vec<AttestedFile>,
    },
    /// Further addresses that must show the release.
    Addresses {
        /// Which, and what is looked for.
        all: Vec<Address>,
    },
    /// Where a security advisory stands.
    Advisory {
        /// Its id.
        id: AdvisoryId,
    },
    /// What the status pages of GitHub and of the registry say is wrong.
    Outages,
    /// What carrying the hotfix over to the default branch would meet.
    Trial {
        /// What is carried.
        carry: Carry,
    },
    /// Whether the default branch, or that of the release line, holds the fix.
    Holds {
        /// What was carried.
        carry: Carry,
        /// The commit that carried it, if one was made.
        carried: Option<Sha>,
        /// Where it came in, if a pull request was merged.
        merged: Option<Sha>,
        /// Whether what came in there is known to be the fix, so that it is
        /// enough that the default branch has that commit.
        #[serde(default)]
        whole: bool,
        /// The branch of the release line, where that is what is asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        line: Option<String>,
    },
}

/// What a read is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of<'a> {
    /// An object.
    Object(Object),
    /// The role of the person of this login.
    Person(&'a str),
    /// The comment of this id.
    Word(u64),
}

impl Read {
    /// What it is about.
    pub fn of(&self) -> Of<'_> {
        match self {
            Read::Policy { .. } => Of::Object(Object::Policy),
            Read::Issue => Of::Object(Object::Issue),
            Read::Role { login, .. } => Of::Person(login),
            Read::Word { comment } => Of::Word(*comment),
            Read::Base { .. } => Of::Object(Object::Base),
            Read::Guards => Of::Object(Object::Guards),
            Read::Channels { .. } => Of::Object(Object::Channels),
            Read::Main { .. } => Of::Object(Object::Main),
            Read::Branch { .. } => Of::Object(Object::Branch),
            Read::Offers { .. } => Of::Object(Object::Offers),
            Read::Pull { pull, .. } => Of::Object(match pull {
                PullKind::Hotfix => Object::Pull,
                PullKind::Port => Object::Port,
                PullKind::Known => Object::Known,
            }),
            Read::Labellers => Of::Object(Object::Labellers),
            Read::Fixes => Of::Object(Object::Fixes),
            Read::Duplicates => Of::Object(Object::Duplicates),
            Read::OldLines { .. } => Of::Object(Object::OldLines),
            Read::Closer { .. } => Of::Object(Object::Closer),
            Read::Reviews { .. } => Of::Object(Object::Reviews),
            Read::Writers => Of::Object(Object::Writers),
            Read::Runs { pull, .. } => Of::Object(match pull {
                PullKind::Hotfix => Object::Runs,
                PullKind::Port => Object::PortRuns,
                PullKind::Known => Object::KnownRuns,
            }),
            Read::Jobs { .. } => Of::Object(Object::Jobs),
            Read::Halted { .. } => Of::Object(Object::Halted),
            Read::Sums { .. } => Of::Object(Object::Sums),
            Read::Attested { .. } => Of::Object(Object::Attested),
            Read::Addresses { .. } => Of::Object(Object::Addresses),
            Read::Advisory { .. } => Of::Object(Object::Advisory),
            Read::Outages => Of::Object(Object::Outages),
            Read::Trial { .. } => Of::Object(Object::Trial),
            Read::Holds { line, .. } => Of::Object(match line {
                None => Object::Holds,
                Some(_) => Object::OnLine,
            }),
            Read::Checks { .. } => Of::Object(Object::Checks),
            Read::Tag { .. } => Of::Object(Object::Tag),
            Read::Pointers { .. } => Of::Object(Object::Pointers),
            Read::Release { .. } => Of::Object(Object::Release),
            Read::Registry { .. } => Of::Object(Object::Registry),
            Read::Parts { .. } => Of::Object(Object::Parts),
        }
    }
}
