//! Deliveries from GitHub: is it from GitHub, and what does it say?

mod decode;
mod delivery;
mod signature;

pub use decode::{Envelope, NotADelivery, decode, envelope, relevant};
pub use delivery::{Delivery, RepoRef, What};
pub use signature::{BadSignature, HEADER, verify};
