//! What is wanted where a hotfix begins, asked for side by side: whoever wants it
//! need not ask one after the other. Nothing is decided by it.

use super::Context;
use super::base::WORKFLOWS;
use crate::domain::policy;
use crate::ecosystem;

/// Asks for the role of who labelled, for what tells of the base, and for the
/// files that are read of it: 5 calls, none of which is made again; as many more,
/// behind the first, as it does not tell what they would.
pub async fn begin(context: &Context, login: &str) {
    let repo = context.repo.ahead();
    let named = context.default_branch.as_str();
    let mut files = vec![policy::PATH];
    files.extend(ecosystem::usual());
    let looked = async {
        let told = context.repo.look_ahead(&files, WORKFLOWS).await;
        if told.repository {
            // It is told of the repository of this id alone.
            let _ = context.is_ours(context.repo_id);
        }
        let ours = async {
            if let Ok(settings) = repo.get().await {
                // Whether it is ours is for who wants it to say.
                let _ = context.is_ours(settings.id);
            }
        };
        let _ = tokio::join!(
            unless(told.repository, ours),
            unless(told.tags, repo.matching_refs("tags")),
            unless(told.heads, repo.matching_refs("heads")),
            unless(told.state, repo.latest_release()),
            unless(told.state, repo.open_pulls(1)),
        );
    };
    let _ = tokio::join!(
        looked,
        repo.permission(login),
        repo.branch(named),
        repo.branch_rules(named),
        repo.releases(1),
    );
}

/// Asks, unless it is told already.
async fn unless<T>(told: bool, asks: impl Future<Output = T>) {
    if !told {
        asks.await;
    }
}
