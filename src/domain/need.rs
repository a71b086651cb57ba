//! What can be waited for, and from whom. The words are [`super::text`]'s.

use serde::{Deserialize, Serialize};

use super::command::Source;
use super::derive::{base::Question, line};
use super::effect::Slot;
use super::ids::{Millis, Sha};
use super::item::Item;
use super::objects::{CheckState, Offer, PullKind, Run, Trouble};
use super::obstacle::Obstacle;
use super::outside::Outside;
use super::policy::Question as Asked;
use super::role::Role;
use super::severity::{NeedsConfirm, WhyNot};
use super::shipping::{Publishes, Tags};
use super::workflow_file::{Act, Latest};

mod about;
mod advisory;
mod against;
mod at_merge;
mod by_hand;
mod channel;
mod flight;
mod pulls;
mod review;
mod ways;
mod withdrawn;

pub use self::about::{
    Beyond, CheckFrom, Looking, NoDryRun, OffLine, OnLine, RequiredBy, Start, StopReason, Stopped,
};
pub use self::advisory::AdvisoryNeed;
pub use self::against::Against;
pub use self::at_merge::NotAtMerge;
pub use self::by_hand::ByHand;
pub use self::channel::ChannelTrouble;
pub use self::flight::{Finding, Forbidden, Grade, Unread};
pub use self::pulls::PullNeed;
pub use self::review::{NotCounted, Part, Unclear, Uncounted};
pub use self::ways::{Need, Who};
pub use self::withdrawn::YankBy;

/// What can be waited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "need", rename_all = "snake_case")]
pub enum NeedKind {
    /// The bot is reading something that it needs to know.
    Looking {
        /// What.
        at: Looking,
    },
    /// The configuration is wrong; nothing starts.
    ConfigWrong,
    /// No base to start from.
    NoBase {
        /// Why, in words.
        trouble: Outside,
    },
    /// Which release is fixed must be said.
    WhichBase {
        /// Why, and what it may be.
        question: Question,
    },
    /// Which branch the base's release line has must be said.
    WhichLine {
        /// Why, and what it may be.
        question: line::Question,
        /// The base's tag.
        tag: String,
    },
    /// A branch is called like a folder of the hotfix branch's.
    BranchInTheWay {
        /// Its short name.
        branch: String,
    },
    /// Making the hotfix branch, or pushing to it, would publish, or may.
    PushPublishes {
        /// The files that would.
        files: Vec<String>,
        /// Whether nothing that only the run knows keeps them from it.
        #[serde(default)]
        sure: bool,
        /// The branch's short name.
        branch: String,
        /// A pattern for its name that starts none of them.
        otherwise: Option<String>,
    },
    /// The repository's settings keep the branch from being made.
    Preflight {
        /// In what.
        finding: Box<Finding>,
    },
    /// Another hotfix holds the base.
    Behind {
        /// The version or base that is taken.
        claim: String,
        /// That one's issue.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        issue: Option<u64>,
    },
    /// The labeller's role is too low.
    ConfirmStart {
        /// Who labelled.
        login: String,
        /// Their role.
        role: Role,
        /// The role that would do.
        wants: Role,
    },
    /// Questions of the matrix without an answer.
    Assess {
        /// The missing ones.
        missing: Vec<Asked>,
    },
    /// The matrix leaves it to a commander.
    ConfirmSeverity {
        /// Why.
        because: NeedsConfirm,
    },
    /// The matrix says less than P0.
    NotHotfix {
        /// Why not.
        reasons: Vec<WhyNot>,
    },
    /// Something else than our branch stands in its place.
    BranchElsewhere {
        /// Its short name.
        branch: String,
        /// The tag that it is not built on.
        base: String,
    },
    /// Somebody deleted the hotfix branch.
    BranchDeleted {
        /// Its short name.
        branch: String,
    },
    /// The bump is on the branch, and these files do not hold the version.
    BumpIncomplete {
        /// The version.
        version: String,
        /// The files.
        paths: Vec<String>,
    },
    /// The hotfix branch has commits that did not ship, and is not deleted.
    Unshipped {
        /// Its short name.
        branch: String,
        /// Its head.
        head: Sha,
    },
    /// Commits with the fix.
    Fix {
        /// The branch.
        branch: String,
        /// The pull request, once open.
        pull: Option<u64>,
        /// Merged pull requests that say that they fix the issue.
        #[serde(default)]
        merged: Vec<u64>,
        /// Another release line of the issue that has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        line: Option<OnLine>,
        /// Open pull requests into the branch.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        offers: Vec<Offer>,
    },
    /// What somebody asked for could not be picked.
    NotPicked {
        /// What, in order.
        sources: Vec<Source>,
        /// Why not.
        trouble: Trouble,
        /// The hotfix branch.
        branch: String,
    },
    /// The head's message keeps tests and release from starting.
    SkipsCi {
        /// The head.
        head: Sha,
    },
    /// The fix changes that by which it is judged.
    OwnJudge {
        /// The head.
        head: Sha,
        /// What it changes of that.
        paths: Vec<String>,
    },
    /// The fix is more than a hotfix may be.
    Scope {
        /// The head.
        head: Sha,
        /// In what.
        beyond: Vec<Beyond>,
    },
    /// The fix changes published packages that are no part of the release.
    NotReleased {
        /// The head.
        head: Sha,
        /// Their names.
        crates: Vec<String>,
        /// Whether it changes nothing of the release at all.
        #[serde(default)]
        alone: bool,
    },
    /// What is built of what the fix changes stands there as it was.
    StaleBuild {
        /// The head.
        head: Sha,
        /// The built files.
        files: Vec<String>,
        /// The folder that it is built in; empty: the root.
        folder: String,
        /// What builds it, where the package says so.
        command: Option<String>,
    },
    /// Something of the bump that is left to people.
    LeftToPeople {
        /// The head.
        head: Sha,
        /// What.
        what: ByHand,
    },
    /// A key of the configuration asks for what this version does not do.
    NotCarriedOut {
        /// The key's dotted path.
        key: String,
    },
    /// The merge is to be tagged, and that cannot be.
    NotAtMerge {
        /// Why not.
        why: NotAtMerge,
    },
    /// Publishing cannot be tried out as `release.dry_run` asks.
    NoDryRun {
        /// The file.
        file: String,
        /// Why not.
        why: NoDryRun,
    },
    /// A workflow of the release that the tag would not start.
    ReleaseStopped {
        /// The file.
        file: String,
        /// Why not.
        why: Stopped,
    },
    /// Nothing publishes the release but its merge, with all of its branch.
    MergePublishes {
        /// What publishes then.
        files: Vec<String>,
        /// Whether these open a pull request for a release, which publishes when merged.
        #[serde(default)]
        proposes: bool,
    },
    /// A workflow would make this release, one of an older line, the newest.
    MakesLatest {
        /// The file.
        file: String,
        /// Where.
        what: Latest,
        /// The tag of the newest release.
        newest: String,
    },
    /// A workflow of the tag uploads to a release that must be there before it.
    DraftFirst {
        /// The file.
        file: String,
        /// The tag.
        tag: String,
    },
    /// A workflow that could reach outside is to be started on the head.
    ConfirmRun {
        /// The file.
        file: String,
        /// The head.
        head: Sha,
        /// Who asked for it.
        login: String,
        /// What it could do, job by job.
        harm: Vec<(String, Act)>,
    },
    /// A check that must pass on the head.
    Check {
        /// Its name.
        name: String,
        /// The head.
        head: Sha,
        /// How it stands; none: there is none of that name.
        state: Option<CheckState>,
        /// Who requires it.
        #[serde(default)]
        by: RequiredBy,
    },
    /// A run in which no job can run on this branch.
    RunNever {
        /// The run.
        run: Run,
        /// The conditions that never hold.
        conditions: Vec<String>,
    },
    /// A run that passed without the jobs that test.
    RunHollow {
        /// The run.
        run: Run,
        /// The jobs that were left out, as GitHub calls them.
        jobs: Vec<Outside>,
        /// Whether it starts again, with them, once the pull request is no draft.
        draft: bool,
        /// What the jobs of its file ask for.
        conditions: Vec<String>,
    },
    /// No test was touched.
    TestsAdded,
    /// A required workflow has no run on the head.
    RunMissing {
        /// The file.
        file: String,
        /// Whether a push to the branch can start it at all.
        can_start: bool,
        /// Whether that depends on the changed paths alone.
        by_paths: bool,
        /// What it could do, job by job; empty: it is harmless, or starts by itself.
        #[serde(default)]
        harm: Vec<(String, Act)>,
    },
    /// No workflow at all tests the head: a person's word is needed.
    NoTests,
    /// A run is under way.
    RunPending {
        /// The run.
        run: Run,
    },
    /// A run failed.
    RunFailed {
        /// The run.
        run: Run,
        /// Whether it belongs to the release, after the tag.
        release: bool,
    },
    /// A run ended without doing anything.
    RunSkipped {
        /// The run.
        run: Run,
        /// What its jobs ask for, as far as their file tells.
        #[serde(default)]
        conditions: Vec<String>,
    },
    /// A run takes longer than it may.
    RunSlow {
        /// The run.
        run: Run,
        /// How long it may take.
        timeout: Millis,
    },
    /// A run waits for an environment's approval.
    RunWaiting {
        /// The run.
        run: Run,
    },
    /// Reviews.
    Approval {
        /// Approvals of the head so far.
        have: u64,
        /// Wanted.
        want: u64,
        /// The head.
        head: Sha,
        /// Why nobody can tell all whose work it is.
        #[serde(default)]
        unclear: Option<Unclear>,
        /// Reviews that approve and do not count, oldest first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        uncounted: Vec<Uncounted>,
    },
    /// A reviewer asked for changes.
    ChangesRequested {
        /// Who.
        login: String,
    },
    /// The head must be tried by hand.
    ManualTest {
        /// The head.
        head: Sha,
    },
    /// `test.platforms` names platforms on which nothing tried the head.
    Platforms {
        /// The head.
        head: Sha,
        /// Their names.
        missing: Vec<String>,
    },
    /// The decision.
    Release {
        /// The head that would be released.
        head: Sha,
    },
    /// The texts of the entry in the known issues.
    KnownIssueText {
        /// The file.
        path: String,
        /// What is not said yet.
        missing: Vec<Item>,
    },
    /// On hold.
    Held {
        /// By whom.
        login: String,
        /// Why.
        why: StopReason,
    },
    /// The whole takes longer than it may, and nothing is decided.
    TooLong,
    /// The issue was closed by hand before the release.
    IssueClosed {
        /// By whom, where known.
        login: Option<String>,
    },
    /// The tag exists but is not what was tested.
    TagWrong {
        /// The tag.
        tag: String,
        /// What it points to.
        commit: Sha,
        /// That is the tested commit, and nothing but its kind is wrong.
        #[serde(default)]
        lightweight: bool,
    },
    /// An effect was refused, or something is in its way.
    Stuck {
        /// The slot.
        slot: Slot,
        /// What.
        obstacle: Obstacle,
    },
    /// A right is missing.
    Blocked {
        /// The slot.
        slot: Slot,
        /// What is missing.
        obstacle: Obstacle,
    },
    /// GitHub, or the registry, has not answered for long.
    Unanswered {
        /// The slot.
        slot: Slot,
        /// How it failed.
        message: Outside,
        /// Since when.
        since: Millis,
    },
    /// A release workflow has no run for the tag yet.
    ReleaseRunMissing {
        /// The file.
        file: String,
        /// What starts it.
        start: Start,
        /// Whether it should have come by now.
        #[serde(default)]
        late: bool,
    },
    /// Several runs may be the one that follows our release.
    ReleaseRunUnclear {
        /// The file.
        file: String,
        /// The runs.
        runs: Vec<Run>,
    },
    /// The tag is made by somebody else than the bot.
    TagNow {
        /// By whom.
        by: Tags,
        /// The tag.
        tag: String,
        /// On which commit.
        head: Sha,
    },
    /// The merge would publish, and waits until the release is out.
    MergeWaits {
        /// What publishes then.
        files: Vec<String>,
        /// Into which branch; empty: the default branch.
        #[serde(default)]
        branch: String,
    },
    /// The repository's settings leave the merge to a person.
    MergeNow {
        /// The pull request.
        pull: u64,
        /// Which one it is.
        pull_kind: PullKind,
        /// Why.
        finding: Box<Finding>,
    },
    /// No workflow that the tag starts publishes it.
    PublishNow {
        /// Who does.
        by: Publishes,
        /// Whether the registry waits for it.
        registry: bool,
        /// Whether the GitHub release does.
        release: bool,
    },
    /// What was published was not built from the tagged commit.
    PublishedOther {
        /// The package.
        package: String,
        /// Its version.
        version: String,
        /// The commit that it was built from.
        commit: Sha,
        /// The commit that is tagged.
        tagged: Sha,
    },
    /// GitHub shows this release, one of an older line, as its latest.
    LatestMoved {
        /// The tag of the newest release.
        newest: String,
    },
    /// The registry does not show the version yet.
    Registry {
        /// The package.
        package: String,
        /// The version.
        version: String,
        /// It is there but yanked.
        yanked: bool,
        /// It is there, and these of its files are not.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        missing: Vec<String>,
    },
    /// The GitHub release is not published yet.
    GithubRelease {
        /// The tag.
        tag: String,
    },
    /// Assets are missing or incomplete.
    Assets {
        /// Their names.
        missing: Vec<String>,
    },
    /// Something speaks against the release.
    Against {
        /// What.
        what: Against,
    },
    /// A channel is not told.
    Channel {
        /// Its name.
        channel: String,
        /// Why not.
        trouble: ChannelTrouble,
    },
    /// GitHub opened no discussion of the release.
    NoDiscussion {
        /// The category that the configuration names.
        category: String,
    },
    /// A fresh install is to be tried.
    FreshInstall,
    /// Whether the release is taken back is to be decided.
    ConfirmRollback {
        /// What stands for all that was shown.
        token: String,
    },
    /// What the tag started is not over, and may publish yet.
    StillRuns {
        /// Which.
        runs: Vec<Run>,
    },
    /// The registry is to take the version back, by a person's hand.
    Yank {
        /// The packages that it has not taken back, each with its version.
        packages: Vec<(String, String)>,
        /// Why a person does it.
        by: YankBy,
    },
    /// Somebody says that the bug is not gone.
    StillBroken {
        /// Who.
        login: String,
        /// When.
        at: Millis,
        /// What they added.
        note: Option<Outside>,
        /// Whether everybody was told before that it is.
        told: bool,
    },
    /// Somebody must say that the bug is gone.
    FixVerified {
        /// Who reported it.
        reporter: String,
    },
    /// The security advisory is to be published.
    Advisory(AdvisoryNeed),
    /// One of the bot's pull requests needs a person's hand.
    #[serde(untagged)]
    Pull(PullNeed),
}
