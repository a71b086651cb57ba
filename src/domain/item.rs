//! The 24 items of the procedure's checklist, and the texts that release notes
//! and known-issues entry ask of a person.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which of the document's three lists an item stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemPhase {
    /// "Pre-Hotfix".
    Before,
    /// "During Hotfix".
    During,
    /// "Post-Hotfix".
    After,
}

/// Who can settle an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// Only a fact settles it; `check` is refused.
    Proven,
    /// Only a person's word settles it.
    Personal,
    /// A fact or a person's word; the checklist says which.
    Either,
}

macro_rules! items {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $phase:ident, $kind:ident, $label:literal, $settled:literal;)*) => {
        /// An item that `check` and `uncheck` can name.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "kebab-case")]
        pub enum Item {
            $($(#[$doc])* $variant,)*
        }

        impl Item {
            /// Every name that `check` takes: the document's 24 in its order,
                /// then the texts of notes and known-issues entry.
            pub const ALL: &'static [Item] = &[$(Item::$variant,)*];

            /// The name as written in commands and reports.
            pub fn name(self) -> &'static str {
                match self { $(Item::$variant => $name,)* }
            }

            /// The list that it stands in.
            pub fn phase(self) -> ItemPhase {
                match self { $(Item::$variant => ItemPhase::$phase,)* }
            }

            /// Who can settle it.
            pub fn kind(self) -> ItemKind {
                match self { $(Item::$variant => ItemKind::$kind,)* }
            }

            /// The document's wording, short enough for a list.
            pub fn label(self) -> &'static str {
                match self { $(Item::$variant => $label,)* }
            }

            /// The fact that settles it, as a phrase; empty where a person's
            /// word can.
            pub fn settled_by(self) -> &'static str {
                match self { $(Item::$variant => $settled,)* }
            }
        }
    };
}

items! {
    /// The severity may be hotfixed.
    SeverityConfirmed = "severity-confirmed", Before, Either, "Issue confirmed as P0/Critical", "";
    /// Nobody can work around the bug.
    NoWorkaround = "no-workaround", Before, Personal, "No reasonable workaround exists", "";
    /// How many users are affected is known.
    ImpactAssessed = "impact-assessed", Before, Personal, "Impact assessed (how many users affected)", "";
    /// How to fix it is known.
    FixApproach = "fix-approach", Before, Personal, "Fix approach identified", "";
    /// The branch stands at the release tag.
    BranchCreated = "branch-created", During, Proven, "Hotfix branch created from release tag", "it is settled when the branch stands at the release tag";
    /// Somebody looked, and nothing but the fix is in it.
    MinimalFix = "minimal-fix", During, Either, "Minimal fix applied (no scope creep)", "";
    /// The fix touches a test.
    TestsAdded = "tests-added", During, Either, "Tests added/updated for the fix", "";
    /// The critical-path tests passed on the head.
    CriticalPath = "critical-path", During, Either, "Critical path tests pass", "";
    /// Somebody tried the head.
    ManualTest = "manual-test", During, Personal, "Manually tested on affected platform(s)", "";
    /// The head holds the claimed version.
    VersionBumped = "version-bumped", During, Proven, "Version bumped (patch increment)", "it is settled when the head holds the new version everywhere";
    /// The head's changelog holds the version.
    Changelog = "changelog", During, Proven, "CHANGELOG.md updated", "it is settled when the head's changelog has a section for the version";
    /// The fix is on the main branch.
    Merged = "merged", During, Proven, "Merged to main", "it is settled when the pull request is merged";
    /// The annotated tag stands on the tested commit.
    Tagged = "tagged", During, Proven, "Tag created and pushed", "it is settled when the annotated tag stands on the tested commit";
    /// The publishing workflow concluded well.
    PublishWorkflow = "publish-workflow", After, Proven, "Publish workflow succeeded", "it is settled when the workflow's run for the tag has passed";
    /// The release workflow concluded well.
    ReleaseWorkflow = "release-workflow", After, Proven, "Release workflow succeeded", "it is settled when the workflow's run for the tag has passed";
    /// The registry serves the version.
    Registry = "registry", After, Proven, "Verified on crates.io", "it is settled when the registry shows the version";
    /// The GitHub release is complete.
    Release = "release", After, Proven, "Verified on GitHub release", "it is settled when the release is published with all its assets";
    /// The published version was installed afresh.
    FreshInstall = "fresh-install", After, Either, "Tested fresh install", "";
    /// The published version fixes the bug.
    FixVerified = "fix-verified", After, Personal, "Fix verified to work", "";
    /// The release notes say what was fixed.
    ReleaseNotes = "release-notes", After, Proven, "Release notes updated", "it is settled when the bot's block stands in the release notes";
    /// The community was told.
    Community = "community", After, Either, "Community notified", "";
    /// The issue is closed.
    IssueClosed = "issue-closed", After, Proven, "GitHub issue closed", "it is settled when the issue is closed after the release";
    /// The known-issues entry is on the main branch.
    KnownIssue = "known-issue", After, Proven, "Known issue documented", "it is settled when the entry is on the default branch";
    /// The branch is gone, and its deletion recorded.
    BranchDeleted = "branch-deleted", After, Proven, "Hotfix branch deleted", "it is settled when the branch is gone";
    /// Text for the known-issues entry, where the title does not say it.
    Symptoms = "symptoms", After, Personal, "Symptoms described", "";
    /// Text for the release notes, where the matrix does not say it.
    Impact = "impact", After, Personal, "Impact on users described", "";
    /// Text for the release notes, where the commits' subjects do not say it.
    WhatWasFixed = "what-was-fixed", After, Personal, "What the fix does described", "";
    /// Text for the known-issues entry.
    RootCause = "root-cause", After, Personal, "Root cause described", "";
    /// Text for the known-issues entry.
    Prevention = "prevention", After, Personal, "Prevention described", "";
}

/// When a person's word for an item is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Never: a fact settles it.
    Never,
    /// Until the release is decided.
    UntilTheDecision,
    /// Once what it speaks of is there for users.
    OnceOut,
    /// At any time: it tells something.
    Always,
}

impl Item {
    /// When a person's word for it is taken.
    pub fn when(self) -> When {
        match self {
            Item::SeverityConfirmed
            | Item::NoWorkaround
            | Item::ImpactAssessed
            | Item::FixApproach
            | Item::MinimalFix
            | Item::TestsAdded
            | Item::CriticalPath
            | Item::ManualTest => When::UntilTheDecision,
            Item::FreshInstall | Item::FixVerified | Item::Community => When::OnceOut,
            Item::Symptoms
            | Item::Impact
            | Item::WhatWasFixed
            | Item::RootCause
            | Item::Prevention => When::Always,
            Item::BranchCreated
            | Item::VersionBumped
            | Item::Changelog
            | Item::Merged
            | Item::Tagged
            | Item::PublishWorkflow
            | Item::ReleaseWorkflow
            | Item::Registry
            | Item::Release
            | Item::ReleaseNotes
            | Item::IssueClosed
            | Item::KnownIssue
            | Item::BranchDeleted => When::Never,
        }
    }

    /// The document's 24 items, in its order; without the texts.
    pub fn checklist() -> impl Iterator<Item = Item> {
        Self::ALL.iter().copied().filter(|item| !item.is_text())
    }

    /// Whether it is one of the texts of notes and known-issues entry, which are
    /// given by `check <item> note=…` and are not in the document's checklist.
    pub fn is_text(self) -> bool {
        self.when() == When::Always
    }

    /// Whether a person's word settles it.
    pub fn takes_check(self) -> bool {
        self.kind() != ItemKind::Proven
    }

    /// Whether a person's word counts for one commit alone and lapses with a
    /// new head.
    pub fn is_bound_to_head(self) -> bool {
        matches!(
            self,
            Item::MinimalFix | Item::TestsAdded | Item::CriticalPath | Item::ManualTest
        )
    }

    /// The item of this name; case and `_` for `-` do not matter.
    pub fn from_name(name: &str) -> Option<Item> {
        let wanted = name.to_ascii_lowercase().replace('_', "-");
        Self::ALL.iter().copied().find(|item| item.name() == wanted)
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_4_and_9_and_11_items() {
        let count = |phase| Item::checklist().filter(|i| i.phase() == phase).count();
        assert_eq!(count(ItemPhase::Before), 4);
        assert_eq!(count(ItemPhase::During), 9);
        assert_eq!(count(ItemPhase::After), 11);
        assert_eq!(Item::checklist().count(), 24);
    }

    #[test]
    fn names_are_found_again_and_are_what_serde_writes() {
        for item in Item::ALL.iter().copied() {
            assert_eq!(Item::from_name(item.name()), Some(item));
            let written = serde_json::to_value(item).unwrap();
            assert_eq!(written, serde_json::Value::from(item.name()));
        }
        assert_eq!(Item::from_name("Manual_Test"), Some(Item::ManualTest));
        assert_eq!(Item::from_name("manual test"), None);
    }

    #[test]
    fn facts_cannot_be_ticked_and_are_named() {
        for item in Item::ALL {
            assert_eq!(item.takes_check(), item.settled_by().is_empty(), "{item}");
            assert_eq!(item.takes_check(), item.when() != When::Never, "{item}");
            let early = item.phase() != ItemPhase::After;
            let until = item.when() == When::UntilTheDecision;
            assert_eq!(until, item.takes_check() && early, "{item}");
            assert!(until || !item.is_bound_to_head(), "{item}");
        }
        assert!(!Item::Tagged.takes_check());
        assert!(Item::ManualTest.takes_check());
        assert!(Item::FreshInstall.takes_check());
    }
}
