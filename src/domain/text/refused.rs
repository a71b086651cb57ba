//! Why a command was not carried out, in words for the person who gave it.
//! The status comment puts the command before them: "`/hotfix …` — words".

use super::markdown::{capital, code, escape, person};
use super::names::access;
use super::times::utc_time;
use crate::domain::checklist_item::Item;
use crate::domain::command::{CommandError, Verb, Waivable};
use crate::domain::ids::{Millis, Sha};
use crate::domain::role::{Rank, Role};

/// Why a command that was understood is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Its author's role is too low.
    RoleTooLow {
        /// What they asked for.
        verb: Verb,
        /// Their role.
        has: Role,
        /// The lowest role that would do; none where only named people may
        /// (see [`crate::domain::policy::least_role`]).
        wants: Option<Role>,
    },
    /// Their role could not be read in time.
    RoleUnreadable {
        /// Whose.
        login: String,
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
        /// A line of Markdown for each, as [`super::gate_lines`] makes them.
        gates: Vec<String>,
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
    /// Nobody's word stands for this item: nothing to take back.
    NotTicked {
        /// The item.
        item: Item,
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
    /// Pushes start all the tests already.
    TestsEnabled,
    /// Nothing failed.
    NothingToRetry,
    /// It is not asked for, or not open yet.
    NothingToWaive {
        /// What.
        what: Waivable,
    },
    /// Nothing waits for a confirmation.
    NothingToConfirm,
    /// The severity was decided and cannot be reopened: the release is decided.
    AfterTheDecision {
        /// The verb.
        verb: Verb,
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
    /// The hotfix is over.
    OverCase,
    /// The comment was edited before the bot first saw it.
    EditedBeforeSeen,
    /// The configuration is wrong and nothing can be decided.
    ConfigWrong,
}

/// The words, Markdown, one line or, with gates, a list below it.
pub fn refused(reason: &Refused) -> String {
    match reason {
        Refused::RoleTooLow { verb, has, wants } => role_too_low(*verb, *has, *wants),
        Refused::RoleUnreadable { login } => format!(
            "not carried out: GitHub did not say which role {} has here. Say it again",
            person(login)
        ),
        Refused::NotReporter { verb, reporter } => format!(
            "{} is for the person who reported the issue, {}. Anybody with write access can say {}",
            code(verb.name()),
            person(reporter),
            code("/hotfix check fix-verified note=…")
        ),
        Refused::GatesOpen { gates } => {
            let is = match gates.len() {
                1 => "1 gate is".to_owned(),
                n => format!("{n} gates are"),
            };
            let lines: Vec<_> = gates.iter().map(|gate| format!("  - {gate}")).collect();
            format!("not now: {is} open\n{}", lines.join("\n"))
        }
        Refused::HeadMoved { asked, head, ready } => {
            let next = if *ready {
                format!(
                    "Look at the preview; to release that: {}",
                    code(&format!("/hotfix release {}", head.short()))
                )
            } else {
                "The preview shows that one when it is tested and approved".to_owned()
            };
            format!(
                "not now: the head is {}, not {}. {next}",
                code(head.short()),
                code(asked)
            )
        }
        Refused::NothingToRelease => "not now: there is no fix on the hotfix branch yet".to_owned(),
        Refused::AlreadyReleased { tag } => format!("{} is tagged already", code(tag)),
        Refused::AlreadyDecided { login, at } => format!(
            "{} decided that already at {}; it is under way",
            person(login),
            utc_time(*at, *at)
        ),
        Refused::Proven { item } => format!(
            "{} takes nobody's word: {}",
            code(item.name()),
            settled_by(*item)
        ),
        Refused::NoHead { item } => format!(
            "{} counts for one commit, and there is none on the hotfix branch yet",
            code(item.name())
        ),
        Refused::TooEarly { item } => format!(
            "{} is about the released version, and that is not out yet",
            code(item.name())
        ),
        Refused::NoteNeeded { item } => format!(
            "{} needs your words: {}",
            code(item.name()),
            code(&format!("/hotfix check {} note=…", item.name()))
        ),
        Refused::NotTicked { item } => format!(
            "nobody's word stands for {}, so there is none to take back",
            code(item.name())
        ),
        Refused::NotYet { verb } => format!(
            "{} is not carried out yet by this version of the bot",
            code(verb.name())
        ),
        Refused::NothingToTest => format!(
            "none of the required workflows can be dispatched on the hotfix branch; {} adds the branch to their triggers",
            code("/hotfix test enable")
        ),
        Refused::NoSuchTest { asked, there } => {
            let there: Vec<_> = there.iter().map(|file| code(file)).collect();
            format!(
                "{} is none of the tests that can be dispatched: {}",
                code(asked),
                there.join(", ")
            )
        }
        Refused::TestsEnabled => {
            "pushes to the hotfix branch start all the tests already".to_owned()
        }
        Refused::NothingToRetry => "nothing failed and nothing was refused".to_owned(),
        Refused::NothingToWaive { what } => {
            format!("nothing waits for {}", code(what.word()))
        }
        Refused::NothingToConfirm => "nothing waits for a confirmation".to_owned(),
        Refused::AfterTheDecision { verb } => format!(
            "{} comes too late: the release is decided",
            code(verb.name())
        ),
        Refused::NotHeld => "this hotfix is not on hold".to_owned(),
        Refused::AlreadyHeld { login } => format!("{} put it on hold already", person(login)),
        Refused::OnHold { verb, login } => format!(
            "{} waits: {} put this on hold. To go on: {}",
            code(verb.name()),
            person(login),
            code("/hotfix unhold")
        ),
        Refused::AfterTheTag { verb } => {
            format!("{} comes too late: the tag is out", code(verb.name()))
        }
        Refused::BeforeTheTag { verb } => {
            format!(
                "{} comes too early: nothing is released yet",
                code(verb.name())
            )
        }
        Refused::OverCase => "this hotfix is over".to_owned(),
        Refused::EditedBeforeSeen => {
            "not carried out: the comment was edited before the bot saw it. Say it in a new comment"
                .to_owned()
        }
        Refused::ConfigWrong => format!(
            "not now: {} is wrong; the status comment shows where",
            code(".github/hotfix.toml")
        ),
    }
}

/// What was not understood, with what was probably meant. The error's own text
/// quotes the person; this one is safe Markdown.
pub fn confused(error: &CommandError) -> String {
    let or = |similar: Option<&str>| match similar {
        Some(similar) => format!(" — did you mean {}?", code(similar)),
        None => String::new(),
    };
    match error {
        CommandError::UnknownVerb { found, similar } => match similar {
            Some(verb) => format!(
                "no command {}. Did you mean {}? {}",
                code(found),
                code(verb.name()),
                usage(*verb)
            ),
            None => format!(
                "no command {}. {} lists them all",
                code(found),
                code("/hotfix help")
            ),
        },
        CommandError::NotYet { verb } => refused(&Refused::NotYet { verb: *verb }),
        CommandError::UnknownKey {
            verb,
            found,
            similar,
        } => format!(
            "{} takes no {}{}. {}",
            code(verb.name()),
            code(&format!("{found}=")),
            or(similar.as_deref()),
            usage(*verb)
        ),
        CommandError::WrongValue {
            key,
            found,
            expected,
            similar,
        } => format!(
            "{} is not understood{}. Expected {}",
            code(&format!("{key}={found}")),
            or(similar.as_deref()),
            escape(expected)
        ),
        CommandError::NotWaivable { found } => format!(
            "{} cannot be waived; {} and {} can",
            code(found),
            code("forward-port"),
            code("known-issue")
        ),
        CommandError::Missing { verb, needs } => format!(
            "{} needs {}. {}",
            code(verb.name()),
            // It is one of our own phrases, with code in it.
            super::markdown::inline(needs),
            usage(*verb)
        ),
        CommandError::UnknownItem { found, similar } => format!(
            "the checklist has no item {}{}",
            code(found),
            or(similar.map(Item::name))
        ),
        other => escape(&capital(&other.to_string())),
    }
}

fn usage(verb: Verb) -> String {
    format!("It is {}", code(&verb.usage()))
}

fn role_too_low(verb: Verb, has: Role, wants: Option<Role>) -> String {
    let who = match wants {
        Some(role) => capital(access(role)),
        None => "Somebody whom the configuration's `[roles]` names".to_owned(),
    };
    let have = match has {
        Role::None => "you have no role here".to_owned(),
        role => format!("your role here is {}", code(role.name())),
    };
    let needs = match wants {
        Some(role) => code(role.name()),
        None => match verb.who() {
            Rank::Commander => "a commander".to_owned(),
            _ => "a responder".to_owned(),
        },
    };
    format!(
        "{} takes {needs}, and {have}. {who} can do it",
        code(verb.name())
    )
}

/// The fact that settles an item which takes nobody's word.
fn settled_by(item: Item) -> &'static str {
    match item {
        Item::BranchCreated => "it is settled when the branch stands at the release tag",
        Item::MinimalFix => {
            "it is settled when a fix is on the hotfix branch and within its limits"
        }
        Item::VersionBumped => "it is settled when the head holds the new version everywhere",
        Item::Changelog => "it is settled when the head's changelog has a section for the version",
        Item::Merged => "it is settled when the pull request is merged",
        Item::Tagged => "it is settled when the annotated tag stands on the tested commit",
        Item::PublishWorkflow | Item::ReleaseWorkflow => {
            "it is settled when the workflow's run for the tag has passed"
        }
        Item::Registry => "it is settled when the registry shows the version",
        Item::Release => "it is settled when the release is published with all its assets",
        Item::ReleaseNotes => "it is settled when the bot's block stands in the release notes",
        Item::IssueClosed => "it is settled when the issue is closed after the release",
        Item::KnownIssue => "it is settled when the entry is on the default branch",
        Item::BranchDeleted => "it is settled when the branch is gone",
        _ => "a fact settles it",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_too_low_names_who_can() {
        let text = refused(&Refused::RoleTooLow {
            verb: Verb::Release,
            has: Role::Write,
            wants: Some(Role::Maintain),
        });
        assert_eq!(
            text,
            "`release` takes `maintain`, and your role here is `write`. A maintainer can do it"
        );
    }

    #[test]
    fn open_gates_are_listed() {
        let text = refused(&Refused::GatesOpen {
            gates: vec!["A review".into(), "A manual test".into()],
        });
        assert_eq!(
            text,
            "not now: 2 gates are open\n  - A review\n  - A manual test"
        );
    }

    #[test]
    fn a_fact_is_named_for_every_proven_item() {
        for item in Item::checklist().filter(|item| !item.takes_check()) {
            assert_ne!(settled_by(item), "a fact settles it", "{item}");
        }
    }

    #[test]
    fn what_was_not_understood_is_quoted_safely() {
        let error = CommandError::UnknownVerb {
            found: "relase".into(),
            similar: Some(Verb::Release),
        };
        assert_eq!(
            confused(&error),
            "no command `relase`. Did you mean `release`? It is `/hotfix release <sha7>`"
        );
        let error = CommandError::UnknownItem {
            found: "`@all`<b>".into(),
            similar: None,
        };
        assert_eq!(
            confused(&error),
            "the checklist has no item `` `@all`<b> ``"
        );
    }
}
