//! Futures that are made where they stay.

use std::pin::Pin;

/// Makes a future on the heap. One that is made where it is awaited, and boxed there,
/// leaves its size on the stack of whoever awaits it for as long as it is polled, where
/// nothing is optimised away: some of these are larger than a hundred kilobytes, and a
/// delivery leads through several of them to a case, and to what that tells others.
#[inline(never)]
pub(super) fn on_heap<F: Future>(make: impl FnOnce() -> F) -> Pin<Box<F>> {
    Box::pin(make())
}
