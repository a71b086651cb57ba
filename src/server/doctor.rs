//! The page of the doctor looks with the App's own eyes, and spares its calls.

use crate::clock::Clock;
use crate::engine::examine::by_the_app;
use crate::github::GitHub;
use crate::registry::Registries;
use crate::store::RepoRow;
use crate::web::{BoxFuture, Examined, Examiner, NotExamined};

/// Looks at repositories with the App's own eyes.
pub(super) struct AppsEyes {
    pub github: GitHub,
    pub registry: Registries,
    pub clock: Clock,
}

impl Examiner for AppsEyes {
    fn examine(&self, repo: RepoRow) -> BoxFuture<'_, Result<Examined, NotExamined>> {
        Box::pin(async move {
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
        })
    }
}
