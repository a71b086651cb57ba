//! The one table of the objects that a case looks at: a row is an object's name
//! in the code, its name in the outbox's slots, its field and what a read of it
//! answers. A new object is a row here, its read in `effect`, and its place in
//! the schedule (`reads`).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::advisory::AdvisoryState;
use super::base::{Ahead, Base};
use super::branch::{Branch, Offer, Pull, Review};
use super::channel::Channels;
use super::checks::Checks;
use super::fixes::Fixes;
use super::guards::Guards;
use super::halted::Halted;
use super::jobs::Jobs;
use super::outage::Outage;
use super::readme::OldText;
use super::release::{Part, Pointer, RegistryVersion, Release, Tag};
use super::repo::{Issue, Labelled, PolicyRead};
use super::run::Runs;
use super::seen::Seen;
use super::side_pull::{Holds, Trial};
use super::verified::{Attested, Looked, Sums};
use crate::domain::ids::{Millis, Person};

/// What is known of an object's reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// Whether no cause to read it is unanswered.
    pub current: bool,
    /// Whether it was ever read.
    pub known: bool,
    /// The number of causes to read it so far.
    pub dirty: u64,
    /// When the last answer was applied.
    pub at: Millis,
    /// When the read of that answer began.
    pub began: Millis,
    /// Since when the answers are the same; 0: not noted.
    pub unchanged: Millis,
}

impl State {
    /// Whether its newest answer is of a read that began after `at`.
    pub fn since(self, at: Millis) -> bool {
        self.current && self.known && self.began >= at
    }
}

impl<T> Seen<T> {
    /// The same without the value.
    pub fn state(&self) -> State {
        State {
            current: self.is_current(),
            known: self.value.is_some(),
            dirty: self.dirty,
            at: self.at,
            began: self.began,
            unchanged: self.since,
        }
    }
}

macro_rules! objects {
    (
        of the case { $($(#[$case_doc:meta])* $Case:ident = $case_slot:literal: $CaseValue:ty;)* }
        of a line { $($(#[$doc:meta])* $Name:ident = $slot:literal, $field:ident: $Value:ty;)* }
    ) => {
        /// The objects of GitHub's, and of the registry, that a case looks at.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum Object {
            $($(#[$case_doc])* $Case,)*
            $($(#[$doc])* $Name,)*
        }

        impl Object {
            /// All of them.
            pub const ALL: &'static [Object] = &[$(Object::$Case,)* $(Object::$Name,)*];

            /// Its part of a read's slot.
            pub fn slot(self) -> &'static str {
                match self { $(Object::$Case => $case_slot,)* $(Object::$Name => $slot,)* }
            }
        }

        /// What a read answered.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "object", content = "value", rename_all = "snake_case")]
        pub enum Observation {
            $($(#[$case_doc])* $Case($CaseValue),)*
            $($(#[$doc])* $Name($Value),)*
        }

        impl Observation {
            /// Of which object.
            pub fn object(&self) -> Object {
                match self {
                    $(Observation::$Case(_) => Object::$Case,)*
                    $(Observation::$Name(_) => Object::$Name,)*
                }
            }
        }

        /// What a release line knows of the objects that it looks at.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        pub struct LineSeen {
            // An object that came later was not read yet.
            $($(#[$doc])* #[serde(default)] pub $field: Seen<$Value>,)*
        }

        impl LineSeen {
            /// How an object of the line's stands; none: it is the case's.
            pub fn state(&self, object: Object) -> Option<State> {
                match object {
                    $(Object::$Name => Some(self.$field.state()),)*
                    $(Object::$Case => None,)*
                }
            }

            /// Something happened to an object of the line's.
            pub fn touch(&mut self, object: Object) {
                match object {
                    $(Object::$Name => self.$field.touch(),)*
                    $(Object::$Case => {})*
                }
            }

            /// Takes the answer of the read of generation `generation`: none
            /// where it found that nothing changed.
            pub fn answer(
                &mut self,
                object: Object,
                answer: Option<Observation>,
                generation: u64,
                began: Millis,
                now: Millis,
            ) {
                match (object, answer) {
                    $((Object::$Name, Some(Observation::$Name(value))) =>
                        self.$field.answer(Some(value), generation, began, now),)*
                    $((Object::$Name, None) =>
                        self.$field.answer(None, generation, began, now),)*
                    // The answer to another question, or the case's own.
                    _ => {}
                }
            }
        }
    };
}

objects! {
    of the case {
        /// The configuration on the default branch.
        Policy = "policy": PolicyRead;
        /// The issue.
        Issue = "issue": Issue;
    }
    of a line {
        /// The release that is fixed, and what was found around it.
        Base = "base", base: Arc<Base>;
        /// What the repository's settings let the bot do.
        Guards = "guards", guards: Guards;
        /// The channels that the configuration names, as the server has them.
        Channels = "channels", channels: Channels;
        /// The newest change of each of the issue's labels, from GitHub's log.
        Labellers = "labellers", labellers: Vec<Labelled>;
        /// Which merged pull requests say that they fix the issue.
        Fixes = "fixes", fixes: Fixes;
        /// The issues that are marked as duplicates of the issue.
        Duplicates = "duplicates", duplicates: Vec<u64>;
        /// The README's lines that hold the old version at the tag.
        OldLines = "old-lines", old_lines: OldText;
        /// What the default branch has beyond the base.
        Main = "main", main: Ahead;
        /// The hotfix branch.
        Branch = "branch", branch: Branch;
        /// The open pull requests into it, while a fix is waited for.
        Offers = "offers", offers: Vec<Offer>;
        /// The pull request.
        Pull = "pull", pull: Pull;
        /// Who closed it unmerged; none: GitHub does not say.
        Closer = "closer", closer: Option<String>;
        /// Its reviews, oldest first.
        Reviews = "reviews", reviews: Vec<Review>;
        /// Who may write in the repository; none: it was not to be seen.
        Writers = "writers", writers: Option<Vec<Person>>;
        /// Workflow runs of the head, and after the tag of the tag.
        Runs = "runs", runs: Runs;
        /// What the required runs of the head show when they are through.
        Jobs = "jobs", jobs: Jobs;
        /// What runs that failed, or that wait for somebody, show.
        Halted = "halted", halted: Vec<Halted>;
        /// Check runs and statuses of the head, where some are asked for.
        Checks = "checks", checks: Checks;
        /// The release tag; none: there is no such ref.
        Tag = "tag", tag: Option<Tag>;
        /// The tags beside it, which are made or moved with it.
        Pointers = "pointers", pointers: Vec<Pointer>;
        /// The GitHub release; none: no published one and no draft.
        Release = "release", release: Option<Release>;
        /// The version on the registry; none: not there.
        Registry = "registry", registry: Option<RegistryVersion>;
        /// The packages of the release on the registry, one by one.
        Parts = "parts", parts: Vec<Part>;
        /// What the release's files of checksums say.
        Sums = "sums", sums: Vec<Sums>;
        /// Whether its files are attested, where the base release's are.
        Attested = "attested", attested: Vec<Attested>;
        /// What the further addresses show.
        Addresses = "addresses", addresses: Vec<Looked>;
        /// What carrying the head over to the default branch would meet, tried
        /// out before the decision.
        Trial = "port/trial", trial: Trial;
        /// The forward-port.
        Port = "port/pull", port: Pull;
        /// The workflow runs of its head.
        PortRuns = "port/runs", port_runs: Runs;
        /// Whether the default branch holds the fix.
        Holds = "port/holds", holds: Holds;
        /// Whether the branch of the release line holds the fix, where the hotfix
        /// pull request does not bring it there.
        OnLine = "line/holds", on_line: Holds;
        /// The pull request of the entry in the known issues.
        Known = "known/pull", known: Pull;
        /// The workflow runs of its head.
        KnownRuns = "known/runs", known_runs: Runs;
        /// Where the advisory stands that is linked.
        Advisory = "advisory", advisory: AdvisoryState;
        /// What the status pages say is wrong, while something fails or is late.
        Outages = "outages", outages: Vec<Outage>;
    }
}

/// What a workflow run may be one of.
pub const RUNS: [Object; 4] = [
    Object::Runs,
    Object::Checks,
    Object::PortRuns,
    Object::KnownRuns,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_of_a_line_is_touched_read_and_known_by_its_slot() {
        let mut slots: Vec<_> = Object::ALL.iter().map(|o| o.slot()).collect();
        slots.sort_unstable();
        slots.dedup();
        assert_eq!(slots.len(), Object::ALL.len());
        let mut seen = LineSeen::default();
        for object in Object::ALL.iter().copied() {
            let Some(before) = seen.state(object) else {
                assert!(matches!(object, Object::Policy | Object::Issue));
                continue;
            };
            seen.touch(object);
            let touched = seen.state(object).unwrap();
            assert_eq!(touched.dirty, before.dirty + 1, "{object:?}");
            seen.answer(object, None, touched.dirty, 5, 6);
            assert!(seen.state(object).unwrap().current, "{object:?}");
        }
    }
}
