//! Webhook deliveries: queued in the world, sent by a background task, and
//! recorded as GitHub records them.

mod emit;
mod send;

pub use send::signature;

pub use super::model::delivery::{Attempt, Deliveries, Delivery, DeliveryOrder};
