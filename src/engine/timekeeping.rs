//! The clock of the machine may be put back. What is due is due after as long a
//! wait as before, so all times that lie ahead go back with it.

use tokio_util::sync::CancellationToken;

use super::{Engine, store_failed};
use crate::clock::Millis;
use crate::store::StoreError;

/// How often the clock is held against the age of the process, milliseconds.
const EVERY: Millis = 5_000;

/// What the clock may go back without being put back, milliseconds.
const SLACK: Millis = 1_000;

/// The name under which the last sign of life is kept.
const ALIVE: &str = "last_alive";

/// The name under which it is kept by how much cases are ahead of the clock.
const AHEAD: &str = "clock_ahead";

/// Looks at the clock until `shutdown`.
pub async fn run(engine: Engine, shutdown: CancellationToken) {
    let mut watch = Watch::new(&engine);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = engine.clock().sleep(EVERY) => {}
        }
        if let Err(error) = watch.look(&engine).await {
            store_failed("moving what is due with the clock", &error).await;
        }
    }
}

/// When the process began, by the clock.
pub(super) struct Watch(Millis);

impl Watch {
    pub(super) fn new(engine: &Engine) -> Watch {
        Watch(engine.clock().began())
    }

    /// Moves what is due where the clock was put back since the last look. A
    /// clock that was put forward is followed: what is due early does no harm.
    pub(super) async fn look(&mut self, engine: &Engine) -> Result<(), StoreError> {
        let began = engine.clock().began();
        let by = self.0 - began;
        if by > SLACK {
            put_back(engine, by).await?;
        }
        self.0 = began;
        Ok(())
    }
}

/// The clock was put back by so much.
pub(super) async fn put_back(engine: &Engine, by: Millis) -> Result<(), StoreError> {
    tracing::warn!(by, "the clock was put back; what is due is moved with it");
    let (ahead, now) = (engine.ahead() + by, engine.clock().now());
    // At once: whoever starts after this finds it done, and does it no second time.
    let values = [(AHEAD, ahead.to_string()), (ALIVE, now.to_string())];
    engine.store().put_back(by, &values).await?;
    engine.moved_back(by);
    Ok(())
}

/// The last sign of life of this process, by the clock.
pub(super) struct Alive {
    at: Millis,
    ahead: Millis,
}

impl Alive {
    /// It gave one right now.
    pub(super) fn new(engine: &Engine) -> Alive {
        Alive {
            at: engine.clock().now(),
            ahead: engine.ahead(),
        }
    }

    /// Gives one. A clock that runs back has been put back, and nobody has seen it
    /// yet: whoever starts after this is to see it by the last sign.
    pub(super) async fn sign(&mut self, engine: &Engine) -> Result<(), StoreError> {
        let now = engine.clock().now();
        if now < self.at && self.ahead == engine.ahead() {
            return Ok(());
        }
        engine.store().meta_set(ALIVE, &now.to_string()).await?;
        (self.at, self.ahead) = (now, engine.ahead());
        Ok(())
    }
}

/// When an earlier process gave its last sign of life.
pub(super) async fn last_alive(engine: &Engine) -> Result<Option<Millis>, StoreError> {
    let last = engine.store().meta_get(ALIVE).await?;
    Ok(last.and_then(|text| text.parse().ok()))
}

/// At start: by how much cases may be ahead, and whether the clock was put back
/// while nobody looked.
pub(super) async fn take_over(engine: &Engine, last: Option<Millis>) -> Result<(), StoreError> {
    let ahead = engine.store().meta_get(AHEAD).await?;
    engine.set_ahead(ahead.and_then(|text| text.parse().ok()).unwrap_or(0));
    let by = last.map_or(0, |last| last - engine.clock().now());
    if by > SLACK {
        put_back(engine, by).await?;
    }
    let now = engine.clock().now().to_string();
    engine.store().meta_set(ALIVE, &now).await
}
