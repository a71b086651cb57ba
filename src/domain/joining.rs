//! What two cases of a repository say to one another: one goes along with the
//! other's release. Each word is given in the step in which it is due, and both
//! cases keep it in the same transaction.

use super::facts::{
    Along, Answer, Facts, Guest, GuestTold, JoinWord as Word, Joined, News, Notice, Said, SaidState,
};
use super::ids::By;
use super::objects::{CommentKind, Issue, Object};
use super::refused::{NoJoin, Refused};

/// A word that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tell {
    /// To which issue's case.
    pub to: u64,
    /// Which case; none: the one that is open.
    pub case: Option<i64>,
    /// What.
    pub word: Word,
}

/// The word that a case owes another; `over`: nothing more comes of it.
pub fn owed(f: &Facts, over: bool) -> Option<Tell> {
    if let Some(joined) = f.joined.as_deref() {
        let ends = over || f.cancelled.is_some();
        let (case, word) = match joined.is {
            Along::Asked => (None, Word::Join(Box::new(guest(f, &joined.by)))),
            Along::Leaves => (Some(joined.case), Word::Leave),
            Along::Awaited if ends => (Some(joined.case), Word::Leave),
            Along::Awaited if f.security && !joined.secret => (Some(joined.case), Word::Secret),
            _ => return None,
        };
        let to = joined.to;
        return Some(Tell { to, case, word });
    }
    f.guests.iter().find_map(|(to, guest)| {
        Some(Tell {
            to: *to,
            case: Some(guest.case),
            word: due(f, guest, over)?,
        })
    })
}

/// What one that goes along is to be told now; `over`: nothing more comes of this
/// case.
fn due(f: &Facts, guest: &Guest, over: bool) -> Option<Word> {
    let (_, line) = f.lines.only();
    let Some(decision) = line.locked() else {
        let ends = over || f.cancelled.is_some();
        return ends.then_some(Word::Alone);
    };
    let tag = decision.tag.clone();
    if line.rolled_back().is_some() {
        return (guest.told != GuestTold::Back).then_some(Word::Back { tag });
    }
    let out = over || f.is_posted(CommentKind::Closing);
    (out && guest.told == GuestTold::Nothing).then_some(Word::Out { tag })
}

/// A case as one that goes along.
fn guest(f: &Facts, by: &By) -> Guest {
    let issue = f.issue.get();
    Guest {
        case: f.case,
        title: issue.map(|it| it.title.clone()).filter(|_| !f.security),
        secret: f.security,
        reporter: issue.map(Issue::reporter),
        by: by.clone(),
        told: GuestTold::Nothing,
    }
}

/// What `asked` answers to a word of `asking`.
pub fn answer(asking: &Facts, asked: &Facts, word: &Word) -> Answer {
    let no = |why| Answer::No { why };
    let (_, line) = asked.lines.only();
    match word {
        Word::Join(_) if asking.number == asked.number => no(NoJoin::Itself),
        Word::Join(_) if asked.over.is_some() || asked.cancelled.is_some() => no(NoJoin::NoHotfix),
        Word::Join(_) => {
            if let Some(joined) = asked.joined.as_deref() {
                return no(NoJoin::GoesAlong { with: joined.to });
            }
            if let Some(decision) = &line.decision {
                let tag = decision.tag.clone();
                return no(NoJoin::Decided { tag });
            }
            let by = asking.joined.as_deref().map(|it| it.by.clone());
            match by.filter(|_| line.behind == Some(asking.case) && asked.guests.is_empty()) {
                // Who waits for the other goes along with it, wherever that is said.
                Some(by) => Answer::Turned(Box::new(guest(asked, &by))),
                None if !asking.guests.is_empty() => no(NoJoin::HasGuests),
                None => Answer::Yes,
            }
        }
        Word::Leave if asked.over.is_some() => no(NoJoin::NoHotfix),
        // Who only wants to go their own way comes too late.
        Word::Leave if asking.cancelled.is_none() && asking.over.is_none() => match line.locked() {
            Some(decision) => no(NoJoin::Decided {
                tag: decision.tag.clone(),
            }),
            None => Answer::Yes,
        },
        _ => Answer::Yes,
    }
}

/// Another case said something, and had its answer.
pub fn heard(f: &mut Facts, from: u64, case: i64, word: &Word) {
    let now = f.now;
    let news = |f: &mut Facts, what| f.notices.push(Notice { at: now, what });
    let goes = |f: &mut Facts, is: Along| {
        if let Some(joined) = f.joined.as_mut().filter(|it| it.case == case) {
            joined.is = is;
        }
    };
    match word {
        Word::Join(guest) => {
            f.security |= guest.secret;
            let login = guest.by.login.clone();
            f.guests.insert(from, (**guest).clone());
            news(f, News::Joined { issue: from, login });
        }
        Word::Come { by } => goes_along(f, from, case, by.clone()),
        Word::Secret => {
            f.security = true;
            if let Some(guest) = f.guests.get_mut(&from) {
                guest.secret = true;
                guest.title = None;
            }
        }
        Word::Leave => {
            // The tag names it by then: it stays named, and is told nothing more.
            let decided = f.lines.only().1.locked().is_some();
            match f.guests.get_mut(&from).filter(|_| decided) {
                Some(guest) => guest.told = GuestTold::Back,
                None => drop(f.guests.remove(&from)),
            }
            news(f, News::WentAway { issue: from });
        }
        Word::Out { tag } => goes(f, Along::Out { tag: tag.clone() }),
        Word::Back { tag } => goes(f, Along::Back { tag: tag.clone() }),
        Word::Alone => {
            news(f, News::LeftAlone { issue: from });
            alone(f);
        }
    }
}

/// What this case said was answered.
pub fn answered(f: &mut Facts, to: u64, case: i64, word: &Word, answer: &Answer) {
    match (word, answer) {
        (Word::Join(guest), Answer::Yes) => {
            goes_along(f, to, case, guest.by.clone());
            settle(f, SaidState::Done);
        }
        (Word::Join(mine), Answer::Turned(guest)) => {
            f.joined = None;
            f.security |= guest.secret;
            f.guests.insert(to, (**guest).clone());
            let login = mine.by.login.clone();
            let what = News::Joined { issue: to, login };
            f.notices.push(Notice { at: f.now, what });
            settle(f, SaidState::Done);
        }
        (Word::Join(_), Answer::No { why }) => {
            f.joined = None;
            let is = why.clone();
            settle(f, SaidState::Refused(Refused::CannotJoin { to, is }));
        }
        (Word::Leave, Answer::No { why }) if !matches!(why, NoJoin::NoHotfix) => {
            if let Some(joined) = f.joined.as_mut() {
                joined.is = Along::Awaited;
            }
            let is = why.clone();
            settle(f, SaidState::Refused(Refused::CannotJoin { to, is }));
        }
        (Word::Leave, _) => {
            alone(f);
            settle(f, SaidState::Done);
        }
        (Word::Out { .. }, _) => told(f, to, GuestTold::Out),
        (Word::Back { .. }, _) => told(f, to, GuestTold::Back),
        (Word::Alone, _) => drop(f.guests.remove(&to)),
        (Word::Secret, _) => {
            if let Some(joined) = f.joined.as_mut() {
                joined.secret = true;
            }
        }
        (Word::Come { .. }, _) => {}
    }
}

fn told(f: &mut Facts, to: u64, what: GuestTold) {
    if let Some(guest) = f.guests.get_mut(&to) {
        guest.told = what;
    }
}

fn goes_along(f: &mut Facts, to: u64, case: i64, by: By) {
    f.joined = Some(Box::new(Joined {
        to,
        case,
        by,
        is: Along::Awaited,
        // It said so when it came.
        secret: f.security,
    }));
    let line = f.lines.only_mut();
    line.behind = None;
    line.behind_issue = None;
}

/// It goes its own way from here. What it had built before is gone, and under the
/// same keys nothing is built twice: then the next case of the issue goes on.
fn alone(f: &mut Facts) {
    let ends = f.cancelled.is_some() || f.over.is_some();
    let built = f.lines.only().1.branch_made;
    match f.joined.as_mut() {
        Some(joined) if ends || built => joined.is = Along::Left,
        _ => {
            f.joined = None;
            // There may be a release by now that this one begins at.
            f.touch(Object::Base);
        }
    }
}

/// The word that waits for its verdict has it.
fn settle(f: &mut Facts, state: SaidState) {
    let deciding = |said: &&mut Said| said.state == SaidState::Deciding;
    if let Some(said) = f.said.iter_mut().find(deciding) {
        said.state = state;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::facts::{Record, ReleaseDecision, Stop};
    use crate::domain::ids::Sha;
    use crate::domain::need::StopReason;

    fn case(number: u64) -> Facts {
        let mut f = Facts {
            number,
            case: i64::try_from(number).unwrap() * 10,
            ..Facts::default()
        };
        f.issue.learn(Issue::default(), 0);
        f
    }

    fn by() -> By {
        By {
            login: "mia".into(),
            at: 1,
        }
    }

    fn decision(locked: Option<i64>) -> ReleaseDecision {
        ReleaseDecision {
            by: by(),
            comment: None,
            print: String::new(),
            title: None,
            head: Sha::default(),
            tree: Sha::default(),
            tag: "v1.0.5".into(),
            preview: String::new(),
            at: None,
            locked,
            record: Record::default(),
        }
    }

    fn asks(f: &mut Facts, to: u64) -> Tell {
        f.joined = Some(Box::new(Joined {
            to,
            case: 0,
            by: by(),
            is: Along::Asked,
            secret: false,
        }));
        owed(f, false).expect("a word")
    }

    /// As the engine does it: both hear in one step.
    fn meet(one: &mut Facts, other: &mut Facts) -> Answer {
        let tell = asks(one, other.number);
        let reply = answer(one, other, &tell.word);
        let said = match &reply {
            Answer::Yes => Some(tell.word.clone()),
            Answer::Turned(guest) => Some(Word::Come {
                by: guest.by.clone(),
            }),
            Answer::No { .. } => None,
        };
        if let Some(word) = said {
            heard(other, one.number, one.case, &word);
        }
        answered(one, other.number, other.case, &tell.word, &reply);
        reply
    }

    fn pair() -> (Facts, Facts) {
        let (mut lead, mut along) = (case(1), case(2));
        assert_eq!(meet(&mut along, &mut lead), Answer::Yes);
        (lead, along)
    }

    #[test]
    fn one_goes_along_and_the_other_knows() {
        let (lead, along) = pair();
        assert_eq!(along.along().map(|it| it.to), Some(1));
        assert_eq!(lead.guests.keys().collect::<Vec<_>>(), [&2]);
        assert_eq!((owed(&lead, false), owed(&along, false)), (None, None));
    }

    #[test]
    fn who_waits_goes_along_wherever_it_is_said() {
        let (mut lead, mut waits) = (case(1), case(2));
        waits.lines.only_mut().behind = Some(lead.case);
        assert!(matches!(meet(&mut lead, &mut waits), Answer::Turned(_)));
        assert_eq!(waits.along().map(|it| it.to), Some(1));
        assert!(lead.joined.is_none() && lead.guests.contains_key(&2));
    }

    #[test]
    fn what_cannot_share_a_release_says_why() {
        let decided = |f: &mut Facts| {
            f.lines.only_mut().decision = Some(decision(None));
        };
        let refused = |prepare: &dyn Fn(&mut Facts, &mut Facts)| {
            let (mut one, mut other) = (case(2), case(1));
            prepare(&mut one, &mut other);
            let reply = meet(&mut one, &mut other);
            assert!(one.joined.is_none() && other.guests.is_empty());
            match reply {
                Answer::No { why } => why,
                other => panic!("{other:?}"),
            }
        };
        // Another release line of its own issue, too.
        let own = refused(&|one, other| other.number = one.number);
        assert_eq!(own, NoJoin::Itself);
        assert_eq!(refused(&|_, other| other.over = Some(1)), NoJoin::NoHotfix);
        let tag = || "v1.0.5".to_owned();
        assert_eq!(
            refused(&|_, other| decided(other)),
            NoJoin::Decided { tag: tag() }
        );
        let third = |f: &mut Facts| {
            asks(f, 3);
        };
        assert_eq!(
            refused(&|_, other| third(other)),
            NoJoin::GoesAlong { with: 3 }
        );
        let (lead, _) = pair();
        let guest = lead.guests.into_values().next().unwrap();
        let with = move |one: &mut Facts, _: &mut Facts| {
            one.guests.insert(9, guest.clone());
        };
        assert_eq!(refused(&with), NoJoin::HasGuests);
    }

    #[test]
    fn what_turns_out_to_be_a_vulnerability_is_told_once() {
        let (mut lead, mut along) = pair();
        along.security = true;
        let tell = owed(&along, false).expect("a word");
        assert_eq!((tell.case, &tell.word), (Some(10), &Word::Secret));
        let reply = answer(&along, &lead, &tell.word);
        heard(&mut lead, 2, 20, &tell.word);
        answered(&mut along, 1, 10, &tell.word, &reply);
        assert_eq!(owed(&along, false), None);
        assert!(lead.security && lead.guests[&2].secret && lead.guests[&2].title.is_none());
        // One that says so when it comes owes nothing more.
        let (mut lead, mut along) = (case(1), case(2));
        along.security = true;
        assert_eq!(meet(&mut along, &mut lead), Answer::Yes);
        assert!(lead.security);
        assert_eq!(owed(&along, false), None);
    }

    #[test]
    fn who_ends_after_the_decision_stays_named_and_is_told_nothing() {
        let (mut lead, _) = pair();
        let mut decided = lead.clone();
        decided.lines.only_mut().decision = Some(decision(Some(5)));
        heard(&mut decided, 2, 20, &Word::Leave);
        assert!(decided.guests.contains_key(&2));
        assert_eq!(owed(&decided, true), None);
        heard(&mut lead, 2, 20, &Word::Leave);
        assert!(lead.guests.is_empty());
    }

    #[test]
    fn each_is_told_once_what_became_of_the_release() {
        let (mut lead, mut along) = pair();
        let given_up = Stop {
            by: by(),
            written: None,
            why: StopReason::Said("no".into()),
            quiet: false,
        };
        // Given up: the other goes on by itself.
        let mut ended = lead.clone();
        ended.cancelled = Some(given_up.clone());
        let tell = owed(&ended, false).unwrap();
        assert_eq!((tell.case, &tell.word), (Some(20), &Word::Alone));
        answered(&mut ended, 2, 20, &tell.word, &Answer::Yes);
        assert_eq!(owed(&ended, false), None);
        let mut alone = along.clone();
        heard(&mut alone, 1, 10, &Word::Alone);
        assert!(alone.joined.is_none());
        // With a branch that was taken away it ends, and another begins.
        let mut built = along.clone();
        built.lines.only_mut().branch_made = true;
        heard(&mut built, 1, 10, &Word::Alone);
        assert_eq!(built.joined.map(|it| it.is), Some(Along::Left));
        // Out, and taken back.
        lead.lines.only_mut().decision = Some(decision(Some(1)));
        assert_eq!(owed(&lead, false), None);
        let tell = owed(&lead, true).unwrap();
        let tag = "v1.0.5".to_owned();
        assert_eq!(tell.word, Word::Out { tag: tag.clone() });
        heard(&mut along, 1, 10, &tell.word);
        answered(&mut lead, 2, 20, &tell.word, &Answer::Yes);
        assert_eq!(along.along().map(|it| &it.is), Some(&Along::Out { tag }));
        assert_eq!(owed(&lead, true), None);
        // Who is given up meanwhile is no part of it any more.
        let (mut lead, mut along) = pair();
        along.cancelled = Some(given_up);
        let tell = owed(&along, false).unwrap();
        assert_eq!(answer(&along, &lead, &tell.word), Answer::Yes);
        heard(&mut lead, 2, 20, &tell.word);
        answered(&mut along, 1, 10, &tell.word, &Answer::Yes);
        assert!(lead.guests.is_empty() && along.along().is_none());
        assert_eq!(owed(&along, true), None);
    }
}
