//! The objects of GitHub's and of the registry, with the few fields that the
//! procedure asks for, and the one table of those that a release line looks at.

mod advisory;
mod base;
mod branch;
mod channel;
mod checks;
mod comment;
mod fixes;
mod guards;
mod halted;
mod jobs;
mod observed;
mod outage;
mod picked;
mod readme;
mod release;
mod repo;
mod run;
mod seen;
mod side_pull;
mod verified;

pub use self::advisory::AdvisoryState;
pub use self::base::{
    Ahead, Base, Habit, LineBranch, LocalAction, Main, MergeMethod, Package, RegistryKind, Stale,
    Withdraw, Workflow,
};
pub use self::branch::{
    Apart, Branch, Called, Commit, File, Hands, Head, Offer, Pull, Review, Stray, Way,
};
pub use self::channel::{ChannelKind, ChannelState, Channels, channel_name};
pub use self::checks::{
    Annotation, Check, CheckState, Checks, Conclusion, GuardFact, RequiredCheck,
};
pub use self::comment::{
    CommentFact, CommentKind, Confirms, HOUR, Page, Reaction, Shown, WordRead,
};
pub use self::fixes::{Fixes, Logged, MergedFix};
pub use self::guards::{Bypass, Environment, Guards, Right, Rule, Ruleset, Takes};
pub use self::halted::{FailedJob, Halt, Halted, Waiting};
pub use self::jobs::{Build, Jobs, RanJob};
pub use self::observed::{LineSeen, Object, Observation, RUNS, State};
pub use self::outage::{Outage, Service};
pub use self::picked::{Came, Picked, PickedCommit, Trouble};
pub use self::readme::{OldText, READMES, readme};
pub use self::release::{
    Asset, Built, NotesWere, OnRegistry, Origin, Part, Pointer, RegistryVersion, Release,
    StandingTag, Tag,
};
pub use self::repo::{ConfigFault, Issue, Labelled, PolicyRead, Repo, RoleRead};
pub use self::run::{Chained, Run, Runs};
pub use self::seen::Seen;
pub use self::side_pull::{Carried, Carry, Holds, KnownIssue, PullKind, Trial};
pub use self::verified::{Address, Answered, Attested, AttestedFile, Looked, Sums, SumsFile};
