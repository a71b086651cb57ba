//! Versions that stand as such in a file: raised, read back and carried over where
//! they stand, whatever the kind. A kind says where they are and how its numbers
//! compare; every other byte stays.

mod bump;
mod port;
mod spot;

pub use self::bump::{held, raise};
pub use self::port::{more, rule};
pub use self::spot::{Format, Spot, set};
