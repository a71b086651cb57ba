//! Futures behind a trait object.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// A future on the heap, as object-safe traits need it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Whether the server can do its work, and if not, why (a few words; anyone
/// may read them). It is asked at each `GET /readyz`.
pub type Ready = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;
