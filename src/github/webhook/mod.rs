//! Deliveries from GitHub: is it from GitHub, and what does it say?

mod decode;
mod delivery;
mod signature;



pub use signature::{BadSignature, HEADER, verify};
