//! Reads a request's body within bounds of size, time and shared memory.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use http_body_util::BodyExt;
use hyper::body::Body as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::limits::Limits;

/// A whole body. The room that it takes is given back when it is dropped.
pub(super) struct Read {
    pub bytes: Bytes,
    /// Held for the life of the bytes.
    pub room: Room,
}

/// A share of the memory for bodies; small bodies need none.
pub(super) type Room = Option<OwnedSemaphorePermit>;

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// It is larger than allowed.
    TooLarge,
    /// It did not come in time.
    TooSlow,
    /// Others hold the memory for bodies.
    NoRoom,
    /// The connection broke.
    Broken,
}

/// Reads the body. A size that was announced and is too large is refused
/// before a byte is read.
pub(super) async fn read(
    body: Body,
    limits: &Limits,
    room: &Arc<Semaphore>,
) -> Result<Read, Unread> {
    let least = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if least > limits.body {
        return Err(Unread::TooLarge);
    }
    timeout(limits.body_time, collect(body, limits, room))
        .await
        .unwrap_or(Err(Unread::TooSlow))
}

async fn collect(mut body: Body, limits: &Limits, room: &Arc<Semaphore>) -> Result<Read, Unread> {
    let mut first = Bytes::new();
    let mut bytes = Vec::new();
    let mut held: Room = None;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else {
            continue; // trailers
        };
        let size = first.len() + bytes.len() + data.len();
        if size > limits.body {
            return Err(Unread::TooLarge);
        }
        // Room is taken as bytes arrive: an announced size costs nothing yet.
        let have = held.as_ref().map_or(0, |p| p.num_permits());
        if size > limits.small_body && size > have {
            let more = u32::try_from(size - have).map_err(|_| Unread::TooLarge)?;
            let more = room
                .clone()
                .try_acquire_many_owned(more)
                .map_err(|_| Unread::NoRoom)?;
            match &mut held {
                Some(held) => held.merge(more),
                None => held = Some(more),
            }
        }
        if first.is_empty() && bytes.is_empty() {
            // Most come in one piece, which is not copied.
            first = data;
        } else {
            bytes.extend_from_slice(&std::mem::take(&mut first));
            bytes.extend_from_slice(&data);
        }
    }
    let bytes = if first.is_empty() {
        bytes.into()
    } else {
        first
    };
    Ok(Read { bytes, room: held })
}
