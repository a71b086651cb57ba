//! Deliveries from GitHub: is it from GitHub, and what does it say?

mod decode;
mod delivery;
mod rights;
mod said;
mod signature;
mod words;

pub use decode::{Envelope, NotADelivery, decode, envelope, read, relevant};
pub use delivery::{Delivery, RepoRef, What};
pub use rights::{revoked_by, touched_repo};
pub use signature::{BadSignature, HEADER, verify};
