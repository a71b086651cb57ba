//! What is proven of names.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::clock::Millis;

/// The names that were proven, by the repository's id.
#[derive(Default)]
pub(super) struct Proofs(Mutex<HashMap<i64, Arc<Named>>>);

/// Which name, and when. Held while it is asked for, so that several effects of
/// one moment ask once.
type Named = tokio::sync::Mutex<Option<(String, Millis)>>;

impl Proofs {
    pub(super) fn of(&self, id: i64) -> Arc<Named> {
        let mut proofs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(proofs.entry(id).or_default())
    }

    /// The clock was put back: no proof has an age any more.
    pub(super) fn forget(&self) {
        let mut proofs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        proofs.clear();
    }

    /// An answer of this moment, under this name, was of the repository.
    pub(super) async fn note(&self, id: i64, name: String, at: Millis) {
        *self.of(id).lock().await = Some((name, at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_proof_is_of_one_repository_and_the_newest_counts() {
        let proofs = Proofs::default();
        proofs.note(1, "acme/lantern".into(), 100).await;
        proofs.note(1, "acme/lamp".into(), 200).await;
        let known = proofs.of(1).lock().await.clone();
        assert_eq!(known, Some(("acme/lamp".into(), 200)));
        assert_eq!(*proofs.of(2).lock().await, None);
    }
}
