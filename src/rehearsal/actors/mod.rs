//! The people of the rehearsal at work. Each of them sees what stands on the
//! pages and does the next thing some time later, once for each reason.

mod actor;
mod by_hand;
mod developer;
mod intent;
mod maintainer;
mod reporter;

pub use self::actor::Actor;
pub use self::intent::{Intent, intent};
pub use self::maintainer::{green_since, offer as offered};
