//! Why a command was not carried out, in words for the person who gave it.
//! The status comment puts the command before them: "`/hotfix …` — words".

use super::acts::acts;
use super::joined;
use super::markdown::{and, capital, code, escape, link, person, somebody};
use super::names::{self, access};
use super::needs::need;
use super::times::utc_time;
use super::vulnerability;
use crate::domain::available::can_enable;
use crate::domain::command::{CommandError, Overridable, Verb, Waivable};
use crate::domain::item::Item;
use crate::domain::line_name::LineName;
use crate::domain::need::Need;
use crate::domain::refused::{NoNumber, NoRevert, Refused};
use crate::domain::role::{Rank, Role};
use crate::domain::view::View;

/// The words, Markdown, one line or, with gates, a list below it.
pub fn refused(reason: &Refused, view: &View<'_>) -> String {
    match reason {
        Refused::GatesOpen { gates } => {
            let is = match gates.len() {
                1 => "1 gate is".to_owned(),
                n => format!("{n} gates are"),
            };
            let line = |gate: &Need| format!("  - {}", need(gate, view).item(gate));
            let lines: Vec<_> = gates.iter().map(line).collect();
            format!("not now: {is} open\n{}", lines.join("\n"))
        }
        Refused::RoleTooLow { verb, has, wants } => role_too_low(*verb, *has, *wants),
        Refused::RoleUnreadable { login } => format!(
            "not carried out: GitHub did not say which role {} has here. Say it again",
            person(login)
        ),
        Refused::TeamUnreadable { team } => format!(
            "not carried out: GitHub did not say whether you are in {}. The App needs the permission *Members*, read, of that organisation",
            code(team)
        ),
        Refused::NotReporter {
            verb: verb @ Verb::StillBroken,
            reporter,
        } => format!(
            "{} is for the person who reported the issue, {}, and for anybody with write access. Say in a comment of your own what you see",
            code(verb.name()),
            person(reporter)
        ),
        Refused::NotReporter { verb, reporter } => format!(
            "{} is for the person who reported the issue, {}. Anybody with write access can say {}",
            code(verb.name()),
            person(reporter),
            code("/hotfix check fix-verified note=…")
        ),
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
        Refused::NoChannels => format!(
            "no channel is configured: {} names those of this server that are told",
            code("announce.channels")
        ),
        Refused::NothingToAnnounce => {
            "not now: there is nothing that channels are told, or it is under way".to_owned()
        }
        Refused::NothingToRelease => "not now: there is no fix on the hotfix branch yet".to_owned(),
        Refused::AlreadyReleased { tag } => format!("{} is tagged already", code(tag)),
        Refused::AlreadyDecided { login, at } => format!(
            "{} decided that already at {}; it is under way",
            person(login),
            utc_time(*at, *at)
        ),
        Refused::Proven { item } => format!(
            "nobody can tick {}: {}",
            code(item.name()),
            item.settled_by()
        ),
        Refused::NoHead { item } => format!(
            "{} counts for one commit, and there is none on the hotfix branch yet",
            code(item.name())
        ),
        Refused::TooEarly { item } => format!(
            "{} is about the released version, and that is not out yet",
            code(item.name())
        ),
        Refused::OwnNotes => format!(
            "the release notes are left to others: {} is empty in {}. With {} there, and {}, the bot writes its block into them",
            code("announce.notes"),
            code(".github/hotfix.toml"),
            code("notes = \"hotfix\""),
            code("/hotfix adopt")
        ),
        Refused::NoteNeeded { item } => format!(
            "{} needs your words: {}",
            code(item.name()),
            code(&format!("/hotfix check {} note=…", item.name()))
        ),
        Refused::NotTheHead { .. } => not_the_head(reason),
        Refused::OtherAnswers => {
            "not carried out: what it would confirm, or the answers, are not what this comment showed when that was written. Look at them and say it again".to_owned()
        }
        Refused::OtherPreview { head } => format!(
            "not carried out: what would ship is not what this comment showed when that was written. Look at the preview and say it again: {}",
            code(&format!("/hotfix release {}", head.short()))
        ),
        Refused::HeldMeanwhile { login } => format!(
            "not carried out: {} put this on hold after that was written. Say it again to go on all the same",
            person(login)
        ),
        Refused::TagDeleted => {
            "not carried out: the news that somebody deleted the tag came after it. Say it again if it still stands"
                .to_owned()
        }
        Refused::TakenBack { deleted: true } => {
            "not carried out: the comment was deleted before that. Say it again if it still stands"
                .to_owned()
        }
        Refused::TakenBack { deleted: false } => {
            "not carried out: the comment was edited before that. Say it again in a new comment if it still stands".to_owned()
        }
        Refused::CommentUnreadable => {
            "not carried out: GitHub did not say whether the comment still stands. Say it again"
                .to_owned()
        }
        Refused::TooOld => {
            "not carried out: it is older than an hour. Say it again if it still stands".to_owned()
        }
        Refused::AnsweredLately { verb } => format!(
            "{} was answered a moment ago; the status comment is kept true",
            code(verb.name())
        ),
        Refused::TooMany { most } => format!(
            "not carried out: the comment holds more than {most} commands, and none of them is taken"
        ),
        Refused::NotTicked { item } => format!(
            "nobody's word stands for {}, so there is none to take back",
            code(item.name())
        ),
        Refused::NotYet { verb } => not_yet(*verb),
        Refused::NothingToTest if can_enable(view) => format!(
            "none of the required workflows can be dispatched on the hotfix branch; {} adds the branch to their triggers",
            code("/hotfix test enable")
        ),
        Refused::NothingToTest => format!(
            "none of the required workflows can be dispatched on the hotfix branch; run the tests yourself, then {}",
            code("/hotfix check critical-path note=…")
        ),
        Refused::NotHarmless {
            file,
            harm,
            can_start,
        } => {
            let way = match can_start {
                true => format!(
                    ". A commander who wants that says {}",
                    code(&format!("/hotfix test run={file}"))
                ),
                false => String::new(),
            };
            format!(
                "not on a commit that nobody decided on: {} could reach outside ({}){way}",
                code(file),
                acts(harm)
            )
        }
        Refused::NoSuchTest { asked, there } => {
            let there: Vec<_> = there.iter().map(|file| code(file)).collect();
            format!(
                "{} is not among the tests that can be dispatched: {}",
                code(asked),
                there.join(", ")
            )
        }
        Refused::TestsEnabled => {
            "pushes to the hotfix branch start all the tests already".to_owned()
        }
        Refused::NothingToRetry => "nothing failed and nothing was refused".to_owned(),
        Refused::Repeats { file, what } => format!(
            "not without a word for it: {}. To run its failed jobs all the same: {}",
            super::failed_run::repeats(*what, view),
            code(&format!("/hotfix retry {file}"))
        ),
        Refused::NothingToBump { version } => {
            format!("{} stands everywhere already", code(version))
        }
        Refused::NoNumber { asked, is } => match is {
            NoNumber::NoVersion => format!("{} is no number of a release, such as {}", asked.code(), code("1.0.5")),
            NoNumber::NotAbove { base } => format!(
                "{} is not above {}, the release that is fixed",
                asked.code(),
                code(base)
            ),
            NoNumber::Taken => format!("{} is in use already: a tag, a branch, a release, or the default branch has it", asked.code()),
            NoNumber::Claimed => format!("{} is the number already", asked.code()),
            NoNumber::TooEarly => "not yet: there is no hotfix branch to write a version on".to_owned(),
        },
        Refused::NothingToRetryThere { asked, there } => {
            let there: Vec<_> = there.iter().map(|step| code(step)).collect();
            let there = match there.is_empty() {
                true => code("/hotfix retry"),
                false => and(&there),
            };
            format!("nothing of {} failed; what can be tried again: {there}", asked.code())
        }
        Refused::NotALowerLevel { level, known } => {
            let known: Vec<_> = known.iter().map(|level| code(level)).collect();
            format!(
                "{} is no level that waits for a regular release{}",
                level.code(),
                match known.is_empty() {
                    true => String::new(),
                    false => format!("; that is {}", and(&known)),
                }
            )
        }
        Refused::NothingToWaive { what } => {
            format!("nothing waits for {}", code(what.word()))
        }
        Refused::NothingToOverride { gate } => {
            format!("{} is no open gate", code(gate.word()))
        }
        Refused::OwnFix { gate } => format!(
            "not by you: {} is for somebody who wrote nothing of this fix",
            code(&format!("override {gate}"))
        ),
        Refused::NothingToConfirm => "nothing waits for a confirmation".to_owned(),
        Refused::AfterTheDecision { verb } => format!(
            "{} comes too late: the release is decided",
            code(verb.name())
        ),
        Refused::RegularLevel {
            level,
            labelled: true,
        } => format!(
            "nothing is started: the issue is labelled {}, which waits for the next regular release. If it is critical after all: {}",
            level.code(),
            code(&super::when_not::start_all_the_same(view))
        ),
        Refused::RegularLevel { level, .. } => format!(
            "nothing is started: {} waits for the next regular release",
            level.code()
        ),
        Refused::UnknownLevel { level, known } => {
            let known: Vec<_> = known.iter().map(|level| code(level)).collect();
            format!(
                "{} is no level that is hotfixed here; that is {}",
                level.code(),
                and(&known)
            )
        }
        Refused::BuiltOn { tag } => format!(
            "{} comes too late: this hotfix is built on {} already. To begin from another release, give it up ({}) and put the label on again: the next one begins from the release that you named last",
            code("start"),
            code(tag),
            code("/hotfix cancel reason=…")
        ),
        Refused::NoLines { line } => format!(
            "whether {} is the branch of its line is known once the release is: name that first, {}",
            code(line),
            code("/hotfix start <tag>")
        ),
        Refused::WhichLine { lines } => {
            let all: Vec<_> = lines.iter().map(|line| code(&line.to_string())).collect();
            let first = lines.first().map_or_else(String::new, LineName::to_string);
            format!(
                "not carried out: this issue has hotfixes of {}, and it does not say which one is meant. Say it again with the line, such as {}",
                and(&all),
                code(&format!("line={first}"))
            )
        }
        Refused::OtherLine { line } => format!(
            "not carried out: there is no hotfix of {} under way on this issue. To begin one: {}",
            code(&line.to_string()),
            code(&format!("/hotfix start line={line}"))
        ),
        Refused::LineThere { line, page } => format!(
            "there is {} of {} on this issue already",
            match page.is_empty() {
                true => "a hotfix".to_owned(),
                false => link("a hotfix", page),
            },
            code(&line.to_string())
        ),
        Refused::OtherRepository { of } => format!(
            "{} is another repository: what is picked must be on the default branch of this one. Bring it there first, or push it to the hotfix branch",
            code(of)
        ),
        Refused::NotHeld => "this hotfix is not on hold".to_owned(),
        Refused::AlreadyHeld { login } => format!("{} put it on hold already", person(login)),
        Refused::OnHold { verb, login } => format!(
            "{} waits: {} put this on hold. To go on: {}",
            code(verb.name()),
            somebody(login),
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
        Refused::Earlier { words } => words.markdown(),
        Refused::NoSuchCommand { asked, there } => {
            let all: Vec<_> = there.iter().map(|it| code(it)).collect();
            match all.is_empty() {
                true => format!(
                    "{} is not one of the commands to be tried here: {} names none. For the whole critical path: {}",
                    code(asked),
                    code("test.commands"),
                    code(&names::tick_with_words(Item::CriticalPath, view))
                ),
                false => format!(
                    "{} is none of the commands of {}: {}; say its number or its text",
                    code(asked),
                    code("test.commands"),
                    all.join(", ")
                ),
            }
        }
        Refused::NothingToRollBack => format!(
            "nothing is released yet; to give the hotfix up: {}",
            code("/hotfix cancel reason=…")
        ),
        Refused::NoAdvisory { is } => vulnerability::refused(is, view),
        Refused::NoRevert { is } => match is {
            NoRevert::NotTakenBack => format!(
                "no release of this hotfix was taken back: {} comes first",
                code("/hotfix rollback reason=…")
            ),
            NoRevert::NotOnMain => format!(
                "no merged pull request of this hotfix brought its change to {}: nothing is to be taken out there",
                code(names::main_branch(view))
            ),
            NoRevert::UnderWay => "the pull request is being made".to_owned(),
            NoRevert::There { pull } => format!("{} does it already", names::pull(view, *pull)),
        },
        Refused::OtherRollback { asked, token } => match token {
            Some(token) => format!(
                "{} does not stand for what is out now. Look at what would be done, then: {}",
                asked.code(),
                code(&format!("/hotfix rollback {token}"))
            ),
            None => format!(
                "nothing is shown that {} could stand for. First: {}",
                asked.code(),
                code("/hotfix rollback reason=…")
            ),
        },
        Refused::RolledBack { tag, login, at } => format!(
            "{} had {} taken back at {}, and nothing else goes with that. Another try begins once that is done",
            person(login),
            code(tag),
            utc_time(*at, *at)
        ),
        Refused::Along { verb, with } => {
            let with = joined::issue(*with, view);
            format!("this issue is fixed by the hotfix of {with}: say {} there", code(verb.name()))
        }
        Refused::NotJoined => "this one goes along with no other release".to_owned(),
        Refused::CannotJoin { to, is } => joined::cannot(*to, is, view),
        Refused::OverCase => "this hotfix is over".to_owned(),
        Refused::NotBegun => format!(
            "there is no hotfix on this issue. To begin one: {}",
            code("/hotfix start")
        ),
        Refused::ConfigWrong => format!(
            "not now: {} is wrong; the status comment shows where",
            code(".github/hotfix.toml")
        ),
    }
}

/// Another head than the one that somebody speaks of.
fn not_the_head(reason: &Refused) -> String {
    let Refused::NotTheHead {
        verb,
        item,
        head,
        asked,
        shown,
    } = reason
    else {
        return String::new();
    };
    let short = code(head.short());
    let said = match (asked, shown) {
        (Some(asked), _) => format!(
            "not now: the head is {short}, not {}; try that one and say it again",
            code(asked)
        ),
        (None, true) => format!("{short} was pushed meanwhile; try that one and say it again"),
        (None, false) => format!(
            "the head is {short}, and nothing showed it when that was written; try that one and say it again"
        ),
    };
    match item {
        Some(item) => {
            let note = if *item == Item::CriticalPath {
                " note=…"
            } else {
                ""
            };
            let form = format!("/hotfix {} {item} {}{note}", verb.name(), head.short());
            format!("{said}: {}", code(&form))
        }
        None => said,
    }
}

/// A comment that was changed before it was first seen.
pub fn edited() -> &'static str {
    "not carried out: the comment was edited before the bot saw it. Say it in a new comment"
}

/// What was not understood, with what was probably meant. The error's own text
/// quotes the person; this one is safe Markdown.
pub fn confused(error: &CommandError) -> String {
    let or = |similar: Option<&str>| match similar {
        Some(similar) => format!(" — did you mean {}?", code(similar)),
        None => String::new(),
    };
    let then = |similar: Option<&str>| match similar {
        Some(_) => format!("{} ", or(similar)),
        None => ". ".to_owned(),
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
        CommandError::NotYet { verb } => not_yet(*verb),
        CommandError::UnknownKey {
            verb,
            found,
            similar,
        } => format!(
            "{} takes no {}{}{}",
            code(verb.name()),
            code(&format!("{found}=")),
            then(similar.as_deref()),
            usage(*verb)
        ),
        CommandError::WrongValue {
            key,
            found,
            expected,
            similar,
        } => format!(
            "{} is not understood{}Expected {}",
            code(&format!("{key}={found}")),
            then(similar.as_deref()),
            escape(expected)
        ),
        CommandError::NotWaivable { found } => format!(
            "{} cannot be waived; {} can",
            code(found),
            and(&Waivable::ALL.map(|what| code(what.word())))
        ),
        CommandError::NotOverridable { found } => format!(
            "{} cannot be overridden; {} and keys of the configuration can",
            code(found),
            Overridable::NAMED.map(|gate| code(gate.word())).join(", ")
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
        CommandError::NotAmong {
            found,
            expected,
            similar,
        } => format!(
            "{} is not understood{}Expected one of {}",
            code(found),
            then(similar.as_deref()),
            escape(expected)
        ),
        CommandError::NotATime { found } => format!(
            "{} is no length of time: {}, {} or {}, a day at most",
            code(found),
            code("30m"),
            code("2h"),
            code("1h30m")
        ),
        CommandError::NotALogin { found } => {
            format!("{} is nobody's login: {}", code(found), code("@user"))
        }
        CommandError::Twice { .. }
        | CommandError::TooLong { .. }
        | CommandError::Unexpected { .. }
        | CommandError::NotAnAdvisory { .. }
        | CommandError::NotPickable { .. }
        | CommandError::NotACommit { .. } => escape(&capital(&error.to_string())),
    }
}

fn not_yet(verb: Verb) -> String {
    format!(
        "{} is not carried out yet by this version of the bot",
        code(verb.name())
    )
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
            Rank::Reader | Rank::Reporter | Rank::Responder => "a responder".to_owned(),
        },
    };
    format!(
        "{} takes {needs}, and {have}. {who} can do it",
        code(verb.name())
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_too_low_names_who_can() {
        let text = role_too_low(Verb::Release, Role::Write, Some(Role::Maintain));
        assert_eq!(
            text,
            "`release` takes `maintain`, and your role here is `write`. A maintainer can do it"
        );
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
