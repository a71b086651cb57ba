//! What an effect is: its key, its lane, how far it is, and whose attempt.

use super::Result;
use super::error::UnknownWord;
use crate::clock::Millis;

/// Which rows wait for each other: of a case's line, those of `Write` are
/// carried out one after the other; those of the other lanes never wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Changes the release.
    Write,
    /// Speaks to people.
    Talk,
    /// Only looks: an attempt that nobody knows the end of is simply repeated.
    Read,
}

impl Lane {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Lane::Write => "write",
            Lane::Talk => "talk",
            Lane::Read => "read",
        }
    }
}

impl TryFrom<String> for Lane {
    type Error = UnknownWord;

    fn try_from(word: String) -> Result<Self, UnknownWord> {
        match word.as_str() {
            "write" => Ok(Lane::Write),
            "talk" => Ok(Lane::Talk),
            "read" => Ok(Lane::Read),
            _ => Err(UnknownWord { what: "lane", word }),
        }
    }
}

/// How far an effect is. The first four are live: one of a slot at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// To be carried out when it is due and its turn has come.
    Waiting,
    /// Handed out.
    Acting,
    /// An attempt's end is not known: to be looked for when it is due.
    Unsure,
    /// Not allowed at present: tried again when it is due, and holds only
    /// itself.
    Blocked,
    /// Done.
    Done,
    /// No longer wanted.
    Cancelled,
    /// Given up.
    Failed,
}

impl State {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Acting => "acting",
            State::Unsure => "unsure",
            State::Blocked => "blocked",
            State::Done => "done",
            State::Cancelled => "cancelled",
            State::Failed => "failed",
        }
    }
}

impl TryFrom<String> for State {
    type Error = UnknownWord;

    fn try_from(word: String) -> Result<Self, UnknownWord> {
        match word.as_str() {
            "waiting" => Ok(State::Waiting),
            "acting" => Ok(State::Acting),
            "unsure" => Ok(State::Unsure),
            "blocked" => Ok(State::Blocked),
            "done" => Ok(State::Done),
            "cancelled" => Ok(State::Cancelled),
            "failed" => Ok(State::Failed),
            _ => Err(UnknownWord {
                what: "state of an effect",
                word,
            }),
        }
    }
}

/// What identifies an effect for ever.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The case.
    pub case_id: i64,
    /// Its release line; empty for the case as a whole.
    pub line: String,
    /// What of a line there is only one of at a time.
    pub slot: String,
    /// What it acts on.
    pub subject: String,
    /// How many causes there were; never attempts.
    pub generation: i64,
}

/// An effect that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEffect {
    /// See [`Key`].
    pub line: String,
    /// See [`Key`].
    pub slot: String,
    /// See [`Key`].
    pub subject: String,
    /// See [`Key`].
    pub generation: i64,
    /// Everything that is needed to carry it out, JSON.
    pub args: String,
    /// Whom it waits for.
    pub lane: Lane,
    /// The caller's word for what may be done when an attempt's end is not known.
    pub class: String,
    /// The smaller goes first.
    pub priority: i64,
    /// Not before.
    pub due_at: Millis,
}

impl NewEffect {
    /// Its key in a case.
    pub fn key(&self, case_id: i64) -> Key {
        Key {
            case_id,
            line: self.line.clone(),
            slot: self.slot.clone(),
            subject: self.subject.clone(),
            generation: self.generation,
        }
    }
}

/// Names one attempt: whose answer it is. An answer that does not match its row
/// any more counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fence {
    /// The row.
    pub id: i64,
    /// The attempt, from 1; it never goes back, in no row.
    pub attempt: i64,
    /// The epoch that the attempt was made in.
    pub epoch: i64,
}

/// How an effect ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// What was wanted is so.
    Done,
    /// It is given up.
    Failed,
}

/// An effect as it stands.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OutboxRow {
    /// The row.
    pub id: i64,
    /// See [`Key`].
    pub case_id: i64,
    /// See [`Key`].
    pub line: String,
    /// See [`Key`].
    pub slot: String,
    /// See [`Key`].
    pub subject: String,
    /// See [`Key`].
    pub generation: i64,
    /// Everything that is needed to carry it out, JSON.
    pub args: String,
    /// Whom it waits for.
    #[sqlx(try_from = "String")]
    pub lane: Lane,
    /// The caller's word.
    pub class: String,
    /// The smaller goes first.
    pub priority: i64,
    /// How far it is.
    #[sqlx(try_from = "String")]
    pub state: State,
    /// Not before.
    pub due_at: Millis,
    /// How often it was handed out.
    pub attempts: i64,
    /// The epoch of the last attempt.
    pub epoch: Option<i64>,
    /// When the last act began, or the attempt, if it did not act yet.
    pub started_at: Option<Millis>,
    /// The same by GitHub's clock, as far as it was noted.
    pub started_github: Option<Millis>,
    /// That act may have happened: look before you act.
    pub doubt: bool,
    /// How often it was looked for in vain since.
    pub looks: i64,
    /// Why the last attempt did not do.
    pub error: Option<String>,
    /// What came of it, JSON.
    pub result: Option<String>,
    /// When it ended.
    pub closed_at: Option<Millis>,
}

impl OutboxRow {
    /// Its key.
    pub fn key(&self) -> Key {
        Key {
            case_id: self.case_id,
            line: self.line.clone(),
            slot: self.slot.clone(),
            subject: self.subject.clone(),
            generation: self.generation,
        }
    }

    /// The attempt that this row was handed out for; it matches nothing when the
    /// row was not handed out.
    pub fn fence(&self) -> Fence {
        Fence {
            id: self.id,
            attempt: self.attempts,
            epoch: self.epoch.unwrap_or(0),
        }
    }
}

macro_rules! outbox_columns {
    () => {
        "id, case_id, line, slot, subject, generation, args, lane, class, priority, state, \
         due_at, attempts, epoch, started_at, started_github, doubt, looks, error, result, \
         closed_at"
    };
}
pub(super) use outbox_columns;
