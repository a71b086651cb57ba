//! What is wanted where a hotfix begins, asked for side by side: whoever wants it
//! need not ask one after the other. Nothing is decided by it.

use super::Context;
use super::base::WORKFLOWS;
use crate::domain::policy;
use crate::ecosystem;

/// Asks for the role of who labelled, for what tells of the base, and for the
/// files that are read of it: 10 calls, none of which is made again.
pub async fn begin(context: &Context, login: &str) {
    let repo = context.repo.ahead();
    let named = context.default_branch.as_str();
    let ours = async {
        if let Ok(settings) = repo.get().await {
            // Whether it is ours is for who wants it to say.
            let _ = context.is_ours(settings.id);
        }
    };
    let mut files = vec![policy::PATH];
    files.extend(ecosystem::usual());
    let _ = tokio::join!(
        repo.look_ahead(&files, WORKFLOWS),
        ours,
        repo.permission(login),
        repo.branch(named),
        repo.branch_rules(named),
        repo.matching_refs("tags"),
        repo.releases(1),
        repo.latest_release(),
        repo.matching_refs("heads"),
        repo.open_pulls(1),
    );
}
