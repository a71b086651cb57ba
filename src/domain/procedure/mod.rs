//! The procedure: the lists of its steps, one file a step, and what they share.
//!
//! The hinge is the release decision: from the moment it is locked, the first
//! list is answered from it and later changes are notices.

pub mod after_the_tag;
pub mod assess;
pub mod authors;
pub mod begin;
pub mod branch;
pub mod bump;
pub mod by_dispatch;
pub mod by_push;
pub mod cancel;
pub mod checks;
pub mod claims;
pub mod close;
pub mod commits;
pub mod communicate;
pub mod configured;
pub mod dispatch;
pub mod dry_run;
pub mod environments;
pub mod findings;
pub mod fix;
pub mod forward_port;
pub mod guard;
pub mod harm;
pub mod judge;
pub mod known_issue;
pub mod labels;
pub mod launch;
pub mod monitor;
pub mod names;
pub mod on_line;
pub mod on_main;
pub mod open_port;
pub mod out;
pub mod overrides;
pub mod pick;
pub mod preflight;
pub mod proofs;
pub mod publishing;
pub mod release;
pub mod release_runs;
pub mod released;
pub mod reopen;
pub mod required;
pub mod rollback;
pub mod runs;
pub mod scope;
pub mod ship;
pub mod ships;
pub mod side_pull;
pub mod startable;
pub mod step;
pub mod stopped;
pub mod survey;
pub mod target;
pub mod test;
pub mod tried;
pub mod triggers;
pub mod until_the_tag;
pub mod verify;

pub use self::proofs::Proofs;
pub use self::step::{Case, Step};
pub use self::survey::Survey;
