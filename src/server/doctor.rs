//! The doctor's looks with the App's own eyes: those that a page asks for, and each
//! week's of an active repository. What was found is kept; the calls are spared.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::clock::{Clock, Millis};
use crate::engine::examine::by_the_app;
use crate::github::GitHub;
use crate::registry::Registries;
use crate::store::{RepoRow, Store, StoreError};
use crate::web::{BoxFuture, Checkup, Examined, Examiner, NotExamined, active_after, next_look};

/// Between two of the week's looks, milliseconds: some 30 calls each.
const APART: Millis = 5 * 60_000;

/// So often it is asked whether one is due.
const ASKED: Millis = 60 * 60_000;

/// Looks at repositories with the App's own eyes.
pub(super) struct AppsEyes {
    pub github: GitHub,
    pub registry: Registries,
    pub clock: Clock,
    pub store: Store,
}

impl Examiner for AppsEyes {
    fn examine(&self, repo: RepoRow) -> BoxFuture<'_, Result<Examined, NotExamined>> {
        Box::pin(async move {
            let (id, at) = (repo.id, self.clock.now());
            let found = self.look(repo).await;
            if let Err(error) = self.keep(id, found.as_ref().ok(), at).await {
                tracing::warn!(%error, "what the doctor found is not kept");
            }
            found
        })
    }
}

impl AppsEyes {
    async fn look(&self, repo: RepoRow) -> Result<Examined, NotExamined> {
        // As the reconciler does: what nobody needs now leaves half to hotfixes.
        let budget = repo.installation_id.and_then(|id| self.github.budget(id));
        if budget.is_some_and(|it| it.left < it.limit / 2 && it.resets > self.clock.now()) {
            return Err(NotExamined::Thrift);
        }
        let (github, registry) = (self.github.clone(), self.registry.clone());
        let name = format!("{}/{}", repo.owner, repo.name);
        let found = by_the_app(github, registry, repo.owner, repo.name).await;
        found.map_err(|error| {
            tracing::warn!(repo = name, %error, "the doctor could not look");
            NotExamined::Failed
        })
    }

    async fn keep(&self, id: i64, found: Option<&Examined>, at: Millis) -> Result<(), StoreError> {
        let due = next_look(at, found.is_some());
        let Some(found) = found else {
            return self.store.checked_up(id, None, due).await;
        };
        let before = self.store.checkup(id).await?;
        let before = before.and_then(|it| serde_json::from_str(&it).ok());
        let found = Checkup::after(before.as_ref(), found, at);
        let found = serde_json::to_string(&found).ok();
        self.store.checked_up(id, found.as_deref(), due).await
    }

    /// The look that is due; whether there was one.
    async fn week(&self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let due = self.store.checkup_due(active_after(now), now).await?;
        let Some(repo) = due else {
            return Ok(false);
        };
        // What comes of it is kept, and a failure is logged, where it is looked.
        let _ = self.examine(repo).await;
        Ok(true)
    }

    /// Looks at each active repository once a week, one after another, until `shutdown`.
    /// Of several servers the leader does.
    pub(super) async fn weekly(self: Arc<Self>, shutdown: CancellationToken) {
        let looks = async {
            // Not first thing after a start, which has more to do.
            self.clock.sleep(APART).await;
            loop {
                let looked = match self.store.leads() {
                    true => self.week().await,
                    false => Ok(false),
                };
                let looked = looked.unwrap_or_else(|error| {
                    tracing::warn!(%error, "the doctor does not know where to look");
                    false
                });
                self.clock.sleep(if looked { APART } else { ASKED }).await;
            }
        };
        shutdown.run_until_cancelled(looks).await;
    }
}
