//! Which objects each need is read from: one table. What must be seen again
//! after the decision follows from it.

use super::need::{NeedKind, PullNeed};
use super::objects::Object;

/// Read once for the life of a hotfix: what it is built on does not change
/// under it. Settings are read again when they change, and what they forbid is
/// refused by GitHub without any harm.
const PINNED: [Object; 3] = [Object::Policy, Object::Base, Object::Guards];

macro_rules! behind {
    (
        $GATES:ident of $Need:ident $(with $Inner:ident)?
        gates { $($Gate:ident: $($gate:ident)*;)* }
        later { $($Later:ident: $($later:ident)*;)* }
    ) => {
        impl $Need {
            /// The objects that it is read from.
            pub fn read_from(&self) -> &'static [Object] {
                match self {
                    $($Need::$Gate { .. } => &[$(Object::$gate),*],)*
                    $($Need::$Later { .. } => &[$(Object::$later),*],)*
                    $($Need::$Inner(inner) => inner.read_from(),)?
                }
            }

            /// Whether it may stand between now and the decision.
            pub fn may_gate(&self) -> bool {
                match self {
                    $($Need::$Gate { .. } => true,)*
                    $($Need::$Later { .. } => false,)*
                    $($Need::$Inner(inner) => inner.may_gate(),)?
                }
            }
        }

        /// What the gates among them are read from, one after the other.
        const $GATES: &[&[Object]] = &[$(&[$(Object::$gate),*],)*];
    };
}

behind! {
    GATES of NeedKind with Pull
    gates {
        Looking:;
        ConfigWrong: Policy;
        NoBase: Base;
        WhichBase: Base;
        WhichLine: Base;
        BranchInTheWay: Base;
        PushPublishes: Base;
        Preflight: Base Guards;
        Behind: Base;
        // A role, which is read for each word.
        ConfirmStart:;
        // What people said.
        Assess:;
        ConfirmSeverity:;
        NotHotfix:;
        Held:;
        IssueClosed: Issue;
        BranchElsewhere: Branch;
        BranchDeleted: Branch;
        BumpIncomplete: Branch;
        Fix: Branch;
        SkipsCi: Branch;
        TestsAdded: Branch;
        ManualTest: Branch;
        Platforms: Branch Runs;
        RunMissing: Branch Runs Main;
        NoTests: Branch Runs Main;
        RunPending: Runs Main;
        RunFailed: Runs Main;
        RunSkipped: Runs Main;
        RunNever: Branch Runs;
        RunHollow: Branch Runs;
        Check: Checks;
        OwnJudge: Branch;
        Scope: Branch;
        NotReleased: Branch;
        StaleBuild: Branch;
        LeftToPeople: Branch;
        NotAtMerge: Branch Main Guards;
        NoDryRun: Branch Runs;
        ReleaseStopped: Branch Guards;
        MergePublishes: Branch Pull;
        MakesLatest: Branch;
        DraftFirst: Branch Release;
        // The configuration is pinned.
        NotCarriedOut:;
        RunWaiting: Runs;
        Approval: Branch Reviews Writers;
        ChangesRequested: Reviews;
        TagWrong: Tag Pointers;
        // What GitHub answered to a write of the bot's.
        Stuck:;
        Blocked:;
    }
    later {
        Unanswered:;
        ConfirmRun: Branch;
        NotPicked: Branch;
        Release: Branch;
        // The clock.
        TooLong:;
        Unshipped: Branch;
        KnownIssueText:;
        ReleaseRunMissing: Runs;
        ReleaseRunUnclear: Runs;
        TagNow: Tag;
        MergeWaits: Registry Release;
        MergeNow: Pull Guards;
        PublishNow: Registry Release;
        PublishedOther: Registry;
        LatestMoved: Release;
        Registry: Registry;
        GithubRelease: Release;
        Assets: Release;
        ConfirmRollback: Tag Release Parts;
        StillRuns: Runs;
        Yank: Parts;
        RunSlow: Runs;
        Against: Registry Release Sums Attested Addresses;
        // What the server has, and what channels answer.
        Channel:;
        NoDiscussion:;
        Advisory: Advisory;
        FreshInstall:;
        StillBroken:;
        FixVerified:;
    }
}

behind! {
    PULL_GATES of PullNeed
    gates {
        Closed: Pull;
        Strays: Pull;
    }
    later {
        Conflict: Pull;
        PortConflicts: Port;
        Draft: Port Known;
        KnownIssueClosed: Known;
        NotOnMain: Port Holds;
        NotOnLine: Pull OnLine;
        Foreign: Port Known;
    }
}

/// Every object behind a gate that can change: what must be seen again after a
/// decision, as far as it is looked at.
pub fn behind_gates() -> impl Iterator<Item = Object> {
    let behind = |object: &Object| {
        GATES
            .iter()
            .chain(PULL_GATES)
            .any(|gate| gate.contains(object))
    };
    let all = Object::ALL.iter().copied().filter(behind);
    all.filter(|object| !PINNED.contains(object))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_again_after_a_decision() {
        use Object::{
            Branch, Checks, Issue, Main, Pointers, Pull, Release, Reviews, Runs, Tag, Writers,
        };
        let all: Vec<_> = behind_gates().collect();
        let seen = [
            Issue, Main, Branch, Pull, Reviews, Writers, Runs, Checks, Tag, Pointers, Release,
        ];
        assert_eq!(all, seen);
    }
}
