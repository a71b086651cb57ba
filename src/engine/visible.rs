//! Asks GitHub whether everybody may see a repository, where something was told that
//! may have come late: that it was made public, or that the App reaches it again.

use tokio_util::sync::CancellationToken;

use super::{Engine, store_failed};
use crate::clock::Millis;
use crate::github::Error;
use crate::store::{StoreError, Unasked};

/// Where GitHub did not answer it is asked again after this, milliseconds. Until then
/// the repository is shown to nobody who did not sign in.
const AGAIN: Millis = 60_000;

/// Whenever something was told, until `shutdown`.
pub async fn run(engine: Engine, shutdown: CancellationToken) {
    loop {
        let told = engine.0.told.notified();
        let left = match ask(&engine).await {
            Ok(left) => left,
            Err(error) => {
                store_failed("asking who may see a repository", &error).await;
                true
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = told => {}
            () = engine.clock().sleep(AGAIN), if left => {}
        }
    }
}

/// Asks once; whether something is left.
pub(super) async fn ask(engine: &Engine) -> Result<bool, StoreError> {
    let unasked = engine.store().unasked().await?;
    let mut left = false;
    for of in unasked.chunk_by(|a, b| a.installation_id == b.installation_id) {
        let Some(installation) = of.first().map(|it| it.installation_id) else {
            continue;
        };
        let reached = engine.0.github.installation(installation);
        match reached.repositories().await {
            Ok(all) => {
                let private = |asked: &Unasked| {
                    let it = all.iter().find(|it| it.id == asked.id);
                    it.map(|it| it.private)
                };
                for asked in of {
                    match private(asked) {
                        Some(private) => engine.store().answered(*asked, private).await?,
                        // The list may lag behind, and a hotfix under way needs no
                        // list: it stays hidden until it stands there.
                        None => left = true,
                    }
                }
            }
            Err(Error::NotInstalled(_)) => left = true,
            Err(error) => {
                tracing::warn!(installation, %error, "who may see its repositories is not known");
                left = true;
            }
        }
    }
    Ok(left)
}
