//! Answers that were asked for side by side before they were wanted, so that what
//! wants them need not ask one after the other.
//!
//! Each is given to who asks first, once, and within ten seconds. It is as old as
//! any answer that took so long on its way.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use http::{HeaderMap, StatusCode};
use hyper::body::Bytes;
use serde_json::Value;

use super::call::Reply;
use super::error::Seen;
use super::memory::Key;
use crate::clock::Millis;

/// How long an answer is kept for who wants it, milliseconds.
const LASTS: Millis = 10_000;

/// A longer answer is asked for when it is wanted.
const LARGEST: usize = 4 << 20;

struct Kept {
    /// When it was asked for, by the age of the process.
    asked: Millis,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    date: Option<Millis>,
}

/// The answers that nobody has wanted yet.
#[derive(Default)]
pub(super) struct Foreseen(Mutex<HashMap<Key, Kept>>);

impl Foreseen {
    /// Keeps an answer that says something: what is there, or that it is not.
    pub(super) fn keep(&self, key: Key, reply: &Reply, asked: Millis) {
        let says = reply.is(200) || reply.is(404);
        if !says || reply.body.len() > LARGEST {
            return;
        }
        let kept = Kept {
            asked,
            status: reply.status,
            headers: reply.headers.clone(),
            body: reply.body.clone(),
            date: reply.date,
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, kept| is_fresh(kept, asked));
        all.insert(key, kept);
    }

    /// The answer, if it is fresh at this age of the process.
    pub(super) fn take(&self, key: &Key, age: Millis, seen: Seen) -> Option<Reply> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all.remove(key).filter(|kept| is_fresh(kept, age))?;
        Some(Reply {
            status: kept.status,
            headers: kept.headers,
            body: kept.body,
            date: kept.date,
            seen,
        })
    }
}

fn is_fresh(kept: &Kept, age: Millis) -> bool {
    age - kept.asked < LASTS
}

/// What comes in one with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum What {
    Repository,
    /// The default branch's.
    Head,
    /// Its tag.
    Latest,
    /// Those that are open.
    Pulls,
    Tags,
    Heads,
}

/// Answers that came in one with others, given by the same rules: of each
/// repository by its id, when it was asked for by the age of the process, and what.
#[derive(Default)]
pub(super) struct Told(Mutex<HashMap<(i64, What), (Millis, Value)>>);

impl Told {
    pub(super) fn tell(&self, key: (i64, What), value: Value, asked: Millis) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (at, _)| asked - *at < LASTS);
        all.insert(key, (asked, value));
    }

    /// The answer, if it is fresh at this age of the process.
    pub(super) fn told(&self, key: &(i64, What), age: Millis) -> Option<Value> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, value) = all.remove(key)?;
        (age - at < LASTS).then_some(value)
    }
}
