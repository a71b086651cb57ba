//! What the pages show: a hotfix as a whole, one line of a list, the table of
//! times. Data for layout, and Markdown for what is said, in the very words of the
//! comments.

mod hotfix;
mod listed;
mod standing;
mod times;

pub use self::hotfix::{Hotfix, Ticked, TickedList, hotfix};
pub use self::listed::{Listed, listed};
pub use self::standing::Standing;
pub use self::times::{Bar, Mark, Times, marks};
