//! The one table of verbs: a row says name, arguments, who may give it, what it
//! does and, where it is carried out, how its arguments become a command. The
//! parser, help and refusals come from it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::advise::Advise;
use super::arguments::{Arguments, is_hash};
use super::duty::{Duty, Phase};
use super::error::{self, Named};
use super::overridable::Overridable;
use super::parts::parts;
use super::source::Source;
use super::waivable::Waivable;
use super::words::without_full_stop;
use crate::domain::item::Item;
use crate::domain::nearest::nearest;
use crate::domain::part::Part;
use crate::domain::role::Rank;
use crate::domain::severity::{Answers, Approach, Condition};

/// Why a line is no command.
pub type CommandError = error::CommandError<Verb>;

/// What reads the arguments of a verb.
type Parse = fn(&mut Arguments<Verb>) -> Result<Command, CommandError>;

/// A command that was understood. Whether its author may give it, and whether
/// it makes sense now, is decided elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "kebab-case")]
pub enum Command {
    /// Where the hotfix stands.
    Status,
    /// What the bot will do next.
    Plan,
    /// What would ship.
    Preview,
    /// The phases against their times.
    Timeline {
        /// Also what happened, one by one.
        #[serde(default)]
        full: bool,
    },
    /// The commands that are left, to finish by hand.
    Runbook,
    /// The list of commands, or one of them.
    Help {
        /// The verb that is asked about.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        about: Option<Verb>,
    },
    /// A hotfix begins; the release that is fixed.
    Start {
        /// Its tag.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        tag: Option<String>,
        /// A configured release line.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        line: Option<String>,
        /// The level that it has, as labels have it.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        severity: Option<String>,
    },
    /// Answers to the matrix; never empty.
    Assess(Answers),
    /// A commander's decision that this is a hotfix.
    Confirm {
        /// The person's words.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        note: Option<String>,
    },
    /// A person's word for an item. `Item::takes_check` says whether it counts.
    Check {
        /// What is ticked.
        item: Item,
        /// The beginning of the commit's hash that it is about, where it is
        /// about one.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        commit: Option<String>,
        /// The person's words; always there for the texts.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        note: Option<String>,
        /// The parts of the item that it is about; empty: the whole.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        parts: Vec<Part>,
    },
    /// A tick taken back.
    Uncheck {
        /// What is no longer ticked.
        item: Item,
        /// As of a tick.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        commit: Option<String>,
        /// The person's words.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        note: Option<String>,
        /// As of a tick.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        parts: Vec<Part>,
    },
    /// Commits of the default branch are taken over, in this order.
    Pick {
        /// Commits and pull requests; never empty.
        sources: Vec<Source>,
    },
    /// Write the version bump again, or choose the version.
    Bump {
        /// The version; none: the one that is claimed.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        version: Option<String>,
    },
    /// Run the tests on the head, or let pushes start them.
    Test {
        /// A workflow's file name, `enable`, or nothing: all of them.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        suite: Option<String>,
        /// A workflow's file name, whatever it does.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        run: Option<String>,
    },
    /// Run again what failed.
    Retry {
        /// What to run again, as written; nothing: whatever failed.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        step: Option<String>,
    },
    /// Ship the commit that the preview shows.
    Release {
        /// 7 to 40 lower-case hex digits, the beginning of the commit's hash.
        commit: String,
    },
    /// Look again at what users will find.
    Verify,
    /// Write the block in the release notes again.
    Notes,
    /// The reporter says that the release fixes it.
    ConfirmFixed {
        /// The person's words.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        note: Option<String>,
    },
    /// The released version does not fix it.
    StillBroken {
        /// The person's words.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        note: Option<String>,
    },
    /// Tell the channels what did not get through, else what is so now.
    Announce,
    /// Stop.
    Hold {
        /// Why.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<String>,
    },
    /// Go on.
    Unhold {
        /// Why.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<String>,
    },
    /// End without something that is required.
    Waive {
        /// Without what.
        what: Waivable,
        /// Why; never empty.
        reason: String,
    },
    /// Pass a gate of this head although it is closed.
    Override {
        /// Which.
        gate: Overridable,
        /// Why; never empty.
        reason: String,
    },
    /// Decide that this is no hotfix.
    Downgrade {
        /// The level that it has.
        level: String,
        /// Why; never empty.
        reason: String,
    },
    /// Give a phase more time.
    Extend {
        /// Which.
        phase: Phase,
        /// How much more, milliseconds.
        millis: i64,
        /// Why; never empty.
        reason: String,
    },
    /// Go along with the release of another issue.
    Join {
        /// That issue.
        issue: u64,
    },
    /// Go along with it no longer.
    Unjoin,
    /// Somebody takes something on.
    Assign {
        /// What.
        duty: Duty,
        /// Who.
        login: String,
    },
    /// Take the release back: what that would do, or, with its token, do it.
    Rollback {
        /// Why; always there without a token.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reason: Option<String>,
        /// What stands for all that was shown: 8 lower-case hex digits.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        token: Option<String>,
    },
    /// The change of a release that is taken back goes out of the default branch.
    Revert,
    /// The security advisory of the issue: which it is, and its publishing.
    Advisory {
        /// What is wanted.
        what: Advise,
    },
    /// The configuration is read again.
    Adopt,
    /// Give the hotfix up.
    Cancel {
        /// Why; never empty.
        reason: String,
    },
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct VerbSpec {
    /// The verb of the row.
    pub verb: Verb,
    /// What may follow the verb, as help shows it. The keys are those that it
    /// names: `key=` takes text, `key=a|b` a word.
    pub arguments: &'static str,
    /// Who may give the command.
    pub who: Rank,
    /// What it does, in one line.
    pub help: &'static str,
    /// How its arguments are read; none: this version of the bot does not
    /// carry it out.
    parse: Option<Parse>,
}

macro_rules! verbs {
    ($($variant:ident = $name:literal $arguments:literal, $who:ident, $help:literal $(, $shape:pat => $parse:expr)?;)*) => {
        /// A verb of `/hotfix <verb>`.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "kebab-case")]
        pub enum Verb {
            $(#[doc = $help] $variant,)*
        }

        /// Every verb, in the order of the help text.
        pub const VERBS: &[Verb] = &[$(Verb::$variant,)*];

        impl Verb {
            /// The word that people type.
            pub fn name(self) -> &'static str {
                match self { $(Verb::$variant => $name,)* }
            }

            /// The row of the table.
            pub fn spec(self) -> &'static VerbSpec {
                match self {
                    $(Verb::$variant => const {
                        let parse: &[Parse] = &[$($parse)?];
                        &VerbSpec {
                            verb: Verb::$variant,
                            arguments: $arguments,
                            who: Rank::$who,
                            help: $help,
                            parse: parse.first().copied(),
                        }
                    },)*
                }
            }
        }

        impl Command {
            /// The verb that it was given by.
            pub fn verb(&self) -> Verb {
                match self { $($($shape => Verb::$variant,)?)* }
            }
        }
    };
}

verbs! {
    Status = "status" "", Reader, "say where the hotfix stands",
        Command::Status => |_| Ok(Command::Status);
    Plan = "plan" "", Reader, "say what the bot will do next",
        Command::Plan => |_| Ok(Command::Plan);
    Preview = "preview" "", Reader, "show what will ship, and what will not",
        Command::Preview => |_| Ok(Command::Preview);
    Timeline = "timeline" "[full]", Reader, "show the phases against their times; `full`: also what happened, one by one",
        Command::Timeline { .. } => |a| Ok(Command::Timeline { full: a.next_if(|word| word.eq_ignore_ascii_case("full")).is_some() });
    Runbook = "runbook" "", Reader, "print the commands that are left, to finish by hand",
        Command::Runbook => |_| Ok(Command::Runbook);
    Help = "help" "[verb]", Reader, "list the commands, or explain one",
        Command::Help { .. } => about;
    ConfirmFixed = "confirm-fixed" "[note=]", Reporter, "say that the released version fixes it for you",
        Command::ConfirmFixed { .. } => |a| Ok(Command::ConfirmFixed { note: a.text_or_rest("note") });
    StillBroken = "still-broken" "[note=]", Reporter, "say that the released version does not fix it for you; anybody with write access may, too",
        Command::StillBroken { .. } => |a| Ok(Command::StillBroken { note: a.text_or_rest("note") });
    Start = "start" "[<tag> | line=1.x] [severity=P0]", Responder, "begin a hotfix without a label, or say which release is fixed",
        Command::Start { .. } => start;
    Assess = "assess" "condition=all-users|data-loss|exploited|vulnerability|common-workflow|degraded workaround=yes|no affected=0..100 approach=minimal|refactor|breaking [urgent=yes|no] [platform=] [note=]", Responder, "answer the decision matrix; several answers add up",
        Command::Assess(_) => assess;
    Pick = "pick" "<sha|#pr>…", Responder, "take a fix over from the main branch: commits, or merged pull requests",
        Command::Pick { .. } => |a| Ok(Command::Pick { sources: a.sources()? });
    Bump = "bump" "[X.Y.Z]", Responder, "write the version bump again, or choose the version",
        Command::Bump { .. } => |a| Ok(Command::Bump { version: a.next().map(|it| it.trim_start_matches(['v', 'V']).to_owned()) });
    Test = "test" "[suite | enable | run=<file>]", Responder, "run the critical-path tests on the head",
        Command::Test { .. } => |a| Ok(Command::Test { run: a.text("run").map(|file| without_full_stop(&file).to_owned()), suite: a.next() });
    Retry = "retry" "[step]", Responder, "run again what failed",
        Command::Retry { .. } => |a| Ok(Command::Retry { step: a.next() });
    Check = "check" "<item> [<sha7>] [platform=] [command=] [note=]", Responder, "tick an item of the checklist",
        Command::Check { .. } => check;
    Uncheck = "uncheck" "<item> [<sha7>] [platform=] [command=] [note=]", Responder, "take a tick back",
        Command::Uncheck { .. } => uncheck;
    Verify = "verify" "", Responder, "look again at registry and release",
        Command::Verify => |_| Ok(Command::Verify);
    Notes = "notes" "", Responder, "write the block in the release notes again, also where somebody took it out",
        Command::Notes => |_| Ok(Command::Notes);
    Announce = "announce" "", Responder, "tell the channels what did not get through; else once more what is so now",
        Command::Announce => |_| Ok(Command::Announce);
    Hold = "hold" "[reason=]", Responder, "stop before the next step that others see",
        Command::Hold { .. } => |a| Ok(Command::Hold { reason: a.text_or_rest("reason") });
    Unhold = "unhold" "[reason=]", Responder, "go on",
        Command::Unhold { .. } => |a| Ok(Command::Unhold { reason: a.text_or_rest("reason") });
    Confirm = "confirm" "[note=]", Commander, "decide that this is a hotfix",
        Command::Confirm { .. } => |a| Ok(Command::Confirm { note: a.text_or_rest("note") });
    Downgrade = "downgrade" "P1|P2 reason=", Commander, "decide that this is no hotfix",
        Command::Downgrade { .. } => |a| Ok(Command::Downgrade { level: a.some("the level, such as P1")?, reason: a.reason()? });
    Release = "release" "<sha7>", Commander, "release exactly the commit of the preview",
        Command::Release { .. } => |a| Ok(Command::Release { commit: a.commit("the commit that the preview shows")? });
    Override = "override" "<gate> reason=", Commander, "pass a gate of this head although it is closed",
        Command::Override { .. } => override_;
    Waive = "waive" "forward-port|known-issue|published|latest|line|push|preflight|verification reason=", Commander, "end without it",
        Command::Waive { .. } => waive;
    Extend = "extend" "assess|fix|test|bump|merge|ci|verify|communicate|total 30m reason=", Commander, "give a phase more time",
        Command::Extend { .. } => |a| Ok(Command::Extend { phase: a.word_of("a phase", Phase::ALL, Phase::word)?, millis: a.time()?, reason: a.reason()? });
    Join = "join" "#n", Commander, "fix this issue by the release of another one's hotfix",
        Command::Join { .. } => |a| Ok(Command::Join { issue: a.issue()? });
    Unjoin = "unjoin" "", Commander, "go along with the release of another issue no longer",
        Command::Unjoin => |_| Ok(Command::Unjoin);
    Assign = "assign" "commander|fix|test|release|communication|security @user", Commander, "name who does what, to be shown",
        Command::Assign { .. } => |a| Ok(Command::Assign { duty: a.word_of("what they do", Duty::ALL, Duty::word)?, login: a.login()? });
    Rollback = "rollback" "reason= | <token>", Commander, "take a release back: with a reason it shows what that would do, with the token of what was shown it does it",
        Command::Rollback { .. } => rollback;
    Revert = "revert" "", Commander, "open a pull request that takes the change of a release that was taken back out of the default branch; a person merges it",
        Command::Revert => |_| Ok(Command::Revert);
    Advisory = "advisory" "GHSA-xxxx-xxxx-xxxx | none | publish GHSA-… | done GHSA-…", Commander, "link the security advisory of this issue by its id or address, or none; once users have the fix, publish it, or say that it was published by hand",
        Command::Advisory { .. } => advisory;
    Adopt = "adopt" "", Commander, "read the configuration again",
        Command::Adopt => |_| Ok(Command::Adopt);
    Cancel = "cancel" "reason=", Commander, "give the hotfix up",
        Command::Cancel { .. } => |a| Ok(Command::Cancel { reason: a.reason()? });
}

fn verb(word: &str) -> Result<Verb, CommandError> {
    let found = without_full_stop(word);
    Verb::from_name(found).ok_or_else(|| CommandError::UnknownVerb {
        found: found.to_owned(),
        similar: nearest(found, VERBS.iter().map(|verb| verb.name())).and_then(Verb::from_name),
    })
}

fn about(arguments: &mut Arguments<Verb>) -> Result<Command, CommandError> {
    let about = arguments.next().map(|word| verb(&word)).transpose()?;
    Ok(Command::Help { about })
}

fn start(arguments: &mut Arguments<Verb>) -> Result<Command, CommandError> {
    Ok(Command::Start {
        line: arguments.text("line"),
        severity: arguments.text("severity"),
        tag: arguments.next(),
    })
}

fn rollback(arguments: &mut Arguments<Verb>) -> Result<Command, CommandError> {
    let token = arguments.next_if(is_token);
    let reason = match &token {
        Some(_) => arguments.text("reason"),
        None => Some(arguments.reason()?),
    };
    let token = token.map(|token| without_full_stop(&token).to_ascii_lowercase());
    Ok(Command::Rollback { reason, token })
}

/// What stands for what a rollback would do, as people write it.
fn is_token(word: &str) -> bool {
    let word = without_full_stop(word);
    word.len() == 8 && word.bytes().all(|b| b.is_ascii_hexdigit())
}

fn check(arguments: &mut Arguments<Verb>) -> Result<Command, CommandError> {
    let (item, commit) = ticked(arguments)?;
    let parts = parts(item, arguments)?;
    let note = arguments.text_or_rest("note");
    if item.is_text() && note.is_none() {
        return Err(arguments.missing("its text as `note=`"));
    }
    Ok(Command::Check {
        item,
        commit,
        note,
        parts,
    })
}

fn uncheck(arguments: &mut Arguments<Verb>) -> Result<Command, CommandError> {
    let (item, commit) = ticked(arguments)?;
    let parts = parts(item, arguments)?;
    let note = arguments.text_or_rest("note");
    Ok(Command::Uncheck {
        item,
        commit,
        note,
        parts,
    })
}

/// An item and, where its tick belongs to one, the commit.
fn ticked(arguments: &mut Arguments<Verb>) -> Result<(Item, Option<String>), CommandError> {
    let item = arguments.item()?;
    let commit = match item.is_bound_to_head() {
        true => arguments.next_if(is_hash),
        false => None,
    };
    Ok((item, commit.map(|found| found.to_ascii_lowercase())))
}

fn waive(arguments: &mut Arguments<Verb>) -> Result<Command, CommandError> {
    let found = arguments.some("what is waived, such as `forward-port`")?;
    let mut all = Waivable::ALL.into_iter();
    let Some(what) = all.find(|what| found.eq_ignore_ascii_case(what.word())) else {
        return Err(CommandError::NotWaivable { found });
    };
    Ok(Command::Waive {
        what,
        reason: arguments.reason()?,
    })
}

fn override_(arguments: &mut Arguments<Verb>) -> Result<Command, CommandError> {
    let found = arguments.some("the gate, such as `judge`, or a key of the configuration")?;
    let Some(gate) = Overridable::from_word(&found) else {
        return Err(CommandError::NotOverridable { found });
    };
    Ok(Command::Override {
        gate,
        reason: arguments.reason()?,
    })
}

fn advisory(arguments: &mut Arguments<Verb>) -> Result<Command, CommandError> {
    let found = arguments.some("the advisory, as GHSA-xxxx-xxxx-xxxx")?;
    let what = match found.to_ascii_lowercase().as_str() {
        "none" => Advise::Unlink,
        "publish" => Advise::Publish {
            id: arguments.advisory()?,
        },
        "done" => Advise::Done {
            id: arguments.advisory()?,
        },
        _ => Advise::link(&found).ok_or(CommandError::NotAnAdvisory { found })?,
    };
    Ok(Command::Advisory { what })
}

fn assess(arguments: &mut Arguments<Verb>) -> Result<Command, CommandError> {
    let answers = Answers {
        condition: arguments.one_of("condition", Condition::ALL, Condition::word)?,
        workaround: arguments.yes_or_no("workaround")?,
        affected: arguments.percent("affected")?,
        approach: arguments.one_of("approach", Approach::ALL, Approach::word)?,
        urgent: arguments.yes_or_no("urgent")?,
        platform: arguments.text("platform").map(Into::into),
        note: arguments.text("note").map(Into::into),
    };
    arguments.finish()?;
    if answers.is_empty() {
        return Err(arguments.missing("at least one answer"));
    }
    Ok(Command::Assess(answers))
}

impl Command {
    /// Who may give it.
    pub fn who(&self) -> Rank {
        self.verb().who()
    }
}

impl Verb {
    /// The verb of this name; case and `_` for `-` do not matter.
    pub fn from_name(name: &str) -> Option<Verb> {
        let wanted = name.to_ascii_lowercase().replace('_', "-");
        VERBS.iter().copied().find(|verb| verb.name() == wanted)
    }

    /// Who may give the command.
    pub fn who(self) -> Rank {
        self.spec().who
    }

    /// Who may give it besides: that a release is broken anybody sees who works
    /// on it.
    pub fn or_who(self) -> Option<Rank> {
        (self == Verb::StillBroken).then_some(Rank::Responder)
    }

    /// Whether this version of the bot carries it out.
    pub fn is_carried_out(self) -> bool {
        self.spec().parse.is_some()
    }

    /// The whole command with its arguments, as help shows it.
    pub fn usage(self) -> String {
        Named::usage(self)
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Named for Verb {
    fn name(self) -> &'static str {
        Verb::name(self)
    }
    fn arguments(self) -> &'static str {
        self.spec().arguments
    }
}

/// Reads the words that follow `/hotfix`.
pub(super) fn command(words: &[String]) -> Result<Command, CommandError> {
    let Some((first, rest)) = words.split_first() else {
        return Ok(Command::Status);
    };
    let verb = verb(first)?;
    let parse = verb.spec().parse.ok_or(CommandError::NotYet { verb })?;
    let mut arguments = Arguments::read(verb, rest)?;
    let command = parse(&mut arguments)?;
    arguments.finish()?;
    Ok(command)
}
