//! Why a command was not carried out. The words are `text`'s.

use serde::{Deserialize, Serialize};

use super::command::{Overridable, Verb, Waivable};
use super::ids::{AdvisoryId, Millis, Sha};
use super::item::Item;
use super::line_name::LineName;
use super::need::Need;
use super::outside::Outside;
use super::role::Role;
use super::shipping::Repeats;
use super::workflow_file::Act;

/// Why a change cannot be taken out of the default branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "number", rename_all = "snake_case")]
pub enum NoRevert {
    /// The release is not taken back.
    NotTakenBack,
    /// No merged pull request of the hotfix brought it there.
    NotOnMain,
    /// It is being done.
    UnderWay,
    /// There is a pull request that does it.
    There {
        /// Its number.
        pull: u64,
    },
}

/// Why nothing comes of what is said of an advisory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "advisory", rename_all = "snake_case")]
pub enum NoAdvisory {
    /// Its address is another repository's.
    Elsewhere,
    /// None is linked.
    NotLinked,
    /// Another one is linked.
    Another {
        /// Which.
        id: AdvisoryId,
    },
    /// Users do not have the fix yet.
    Embargo,
    /// It is being published.
    UnderWay,
    /// It is published.
    Published,
}

/// Why a hotfix cannot have a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "number", rename_all = "snake_case")]
pub enum NoNumber {
    /// It is no number of a release.
    NoVersion,
    /// It is not above the release that is fixed.
    NotAbove {
        /// That one's.
        base: String,
    },
    /// It is in use.
    Taken,
    /// It has it.
    Claimed,
    /// Nothing is built yet.
    TooEarly,
}

/// Why two issues do not share a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "join", rename_all = "snake_case")]
pub enum NoJoin {
    /// The issue itself was named.
    Itself,
    /// There is no hotfix under way of that issue.
    NoHotfix,
    /// That one goes along with another itself.
    GoesAlong {
        /// With which issue's.
        with: u64,
    },
    /// That one's release is decided.
    Decided {
        /// Its tag.
        tag: String,
    },
    /// Others go along with this one.
    HasGuests,
    /// What is known of that one cannot be read.
    Unreadable,
}

/// Why a command that was understood is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Refused {
    /// Its author's role is too low.
    RoleTooLow {
        /// What they asked for.
        verb: Verb,
        /// Their role.
        has: Role,
        /// The lowest role that would do; none where only named people may
        /// (see [`super::policy::least_role`]).
        wants: Option<Role>,
    },
    /// That somebody deleted the hotfix's tag was heard after it, whichever came first.
    TagDeleted,
    /// No channel is configured.
    NoChannels,
    /// Nothing happened yet that channels are told.
    NothingToAnnounce,
    /// Their role could not be read in time.
    RoleUnreadable {
        /// Whose.
        login: String,
    },
    /// GitHub did not say whether they are in a team that may say this.
    TeamUnreadable {
        /// `organisation/team`.
        team: String,
    },
    /// Only who wrote the issue may say this.
    NotReporter {
        /// What they asked for.
        verb: Verb,
        /// Who may.
        reporter: String,
    },
    /// A release while gates are open.
    GatesOpen {
        /// What is missing.
        gates: Vec<Need>,
    },
    /// A release of another commit than the head.
    HeadMoved {
        /// What was asked for.
        asked: String,
        /// The head.
        head: Sha,
        /// Whether `release` could be given for that head now.
        ready: bool,
    },
    /// A release before there is a fix.
    NothingToRelease,
    /// A release after the tag.
    AlreadyReleased {
        /// The tag.
        tag: String,
    },
    /// A release that was decided already and is being carried out.
    AlreadyDecided {
        /// Who decided.
        login: String,
        /// When.
        at: Millis,
    },
    /// A tick on an item that only a fact settles.
    Proven {
        /// The item.
        item: Item,
    },
    /// The configuration leaves the release notes to others.
    OwnNotes,
    /// A tick that belongs to a head, while there is none.
    NoHead {
        /// The item.
        item: Item,
    },
    /// An item that belongs after the tag, ticked before it.
    TooEarly {
        /// The item.
        item: Item,
    },
    /// An item that needs words of the person's.
    NoteNeeded {
        /// The item.
        item: Item,
    },
    /// A word about the head, which is another one than its author saw.
    NotTheHead {
        /// What they asked for.
        verb: Verb,
        /// The item, where one is named.
        item: Option<Item>,
        /// The head.
        head: Sha,
        /// The commit that they named.
        asked: Option<String>,
        /// Whether another head was shown to them.
        shown: bool,
    },
    /// What would be confirmed was not shown to its author.
    OtherAnswers,
    /// What would ship was not shown to its author.
    OtherPreview {
        /// The head.
        head: Sha,
    },
    /// It was put on hold after this was written.
    HeldMeanwhile {
        /// By whom.
        login: String,
    },
    /// The comment was edited or deleted before it was carried out.
    TakenBack {
        /// Whether it is gone.
        deleted: bool,
    },
    /// Whether its author still says so could not be read in time.
    CommentUnreadable,
    /// The comment is too old to be carried out.
    TooOld,
    /// A question of somebody without a part in this, soon after another.
    AnsweredLately {
        /// What they asked for.
        verb: Verb,
    },
    /// More commands than are taken from one comment.
    TooMany {
        /// As many are.
        most: usize,
    },
    /// Nobody's word stands for this item: nothing to take back.
    NotTicked {
        /// The item.
        item: Item,
    },
    /// No command of that name or number in `test.commands`.
    NoSuchCommand {
        /// What was asked for.
        asked: String,
        /// Those that there are.
        there: Vec<String>,
    },
    /// A verb that this version does not carry out.
    NotYet {
        /// The verb.
        verb: Verb,
    },
    /// No required workflow can be dispatched.
    NothingToTest,
    /// There is no workflow of that name among the tests.
    NoSuchTest {
        /// What was asked for.
        asked: String,
        /// The tests that can be dispatched.
        there: Vec<String>,
    },
    /// A workflow that could reach outside: only a commander starts it, by its
    /// name.
    NotHarmless {
        /// The file.
        file: String,
        /// What it could do, job by job.
        harm: Vec<(String, Act)>,
        /// Whether it can be started on the branch at all.
        can_start: bool,
    },
    /// Pushes start all the tests already.
    TestsEnabled,
    /// The version stands everywhere.
    NothingToBump {
        /// Which.
        version: String,
    },
    /// A number that this hotfix cannot have.
    NoNumber {
        /// Which.
        asked: Outside,
        /// Why.
        is: NoNumber,
    },
    /// Nothing failed.
    NothingToRetry,
    /// What failed may have done already what a re-run would do again.
    Repeats {
        /// The workflow file.
        file: String,
        /// What it would do again.
        what: Repeats,
    },
    /// Nothing failed there.
    NothingToRetryThere {
        /// What was named.
        asked: Outside,
        /// The steps of which something did.
        there: Vec<String>,
    },
    /// It is no level of a regular release.
    NotALowerLevel {
        /// What was said.
        level: Outside,
        /// Those that are.
        known: Vec<String>,
    },
    /// It is not asked for, or not open yet.
    NothingToWaive {
        /// What.
        what: Waivable,
    },
    /// No closed gate of that name.
    NothingToOverride {
        /// Which.
        gate: Overridable,
    },
    /// A gate that the fix's own author may not pass.
    OwnFix {
        /// Which.
        gate: Overridable,
    },
    /// Nothing waits for a confirmation.
    NothingToConfirm,
    /// The severity was decided and cannot be reopened: the release is decided.
    AfterTheDecision {
        /// The verb.
        verb: Verb,
    },
    /// It waits for a regular release, by its label or by what was said.
    RegularLevel {
        /// The level.
        level: Outside,
        /// Whether its label says so.
        labelled: bool,
    },
    /// No level of that name.
    UnknownLevel {
        /// What was said.
        level: Outside,
        /// The levels that may be hotfixed.
        known: Vec<String>,
    },
    /// The hotfix is built on a release already.
    BuiltOn {
        /// Its tag.
        tag: String,
    },
    /// Whether that is the branch of the release line is not known yet.
    NoLines {
        /// The line that was named.
        line: String,
    },
    /// It may be about any of the release lines, and does not say which.
    WhichLine {
        /// They, the oldest first.
        lines: Vec<LineName>,
    },
    /// The issue has no open hotfix of the release line that it is about.
    OtherLine {
        /// That line.
        line: LineName,
    },
    /// A hotfix of that release line is there already.
    LineThere {
        /// The line.
        line: LineName,
        /// Its status comment; empty: there is none yet.
        page: String,
    },
    /// A pick of another repository.
    OtherRepository {
        /// Which.
        of: String,
    },
    /// It is not on hold.
    NotHeld,
    /// It is on hold already.
    AlreadyHeld {
        /// By whom.
        login: String,
    },
    /// It is on hold, and this verb does not go through a hold.
    OnHold {
        /// The verb.
        verb: Verb,
        /// By whom.
        login: String,
    },
    /// Too late: the tag is out.
    AfterTheTag {
        /// The verb.
        verb: Verb,
    },
    /// Too early: the tag is not out.
    BeforeTheTag {
        /// The verb.
        verb: Verb,
    },
    /// There is no release that could be taken back.
    NothingToRollBack,
    /// The change cannot be taken out of the default branch.
    NoRevert {
        /// Why.
        is: NoRevert,
    },
    /// Nothing comes of what is said of an advisory.
    NoAdvisory {
        /// Why.
        is: NoAdvisory,
    },
    /// What was shown of the release is not so any more, or nothing was shown.
    OtherRollback {
        /// What was named.
        asked: Outside,
        /// What stands for what there is now; none: nobody asked, or it is read.
        token: Option<String>,
    },
    /// The release is taken back: this verb does not go with that.
    RolledBack {
        /// The tag.
        tag: String,
        /// Who decided.
        login: String,
        /// When.
        at: Millis,
    },
    /// It goes along with the release of another issue: that is where it is said.
    Along {
        /// The verb.
        verb: Verb,
        /// That issue.
        with: u64,
    },
    /// It does not go along with another issue's release.
    NotJoined,
    /// It cannot go along with that release, or cannot leave it.
    CannotJoin {
        /// That issue.
        to: u64,
        /// Why.
        is: NoJoin,
    },
    /// The hotfix is over.
    OverCase,
    /// No hotfix was begun on this issue.
    NotBegun,
    /// Told by an earlier version of the bot.
    Earlier {
        /// Its words, plain.
        words: Outside,
    },
    /// The configuration is wrong and nothing can be decided.
    ConfigWrong,
}
