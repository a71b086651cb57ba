//! Deliveries from GitHub: is it from GitHub, and what does it say?

mod decode;
mod delivery;
mod said;
mod signature;
mod words;

pub use decode::{Envelope, NotADelivery, decode, envelope, read, relevant};
pub use delivery::{Delivery, RepoRef, What};
pub use signature::{BadSignature, HEADER, verify};
