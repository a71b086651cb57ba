//! Every sentence that a person reads, as small pure functions: no clock, and
//! nothing that would change by itself while time passes.
//!
//! What stands outside is an [`Outside`](super::outside::Outside), which says for
//! each place how it may stand there; a name or a path goes through [`escape`],
//! [`code`] or [`person`]. Fields that are Markdown already say so where they are
//! declared.

mod acts;
mod answers;
mod app;
mod at_merge;
mod block;
mod built;
mod channels;
mod checklist;
mod checks;
mod closing;
mod commands;
mod config;
mod contents;
mod dead_ci;
mod derived;
mod doctor;
mod downgraded;
mod duplicates;
mod failed;
mod failed_run;
mod guard;
mod head;
mod joined;
mod known;
mod lines;
mod markdown;
mod matrix;
mod messages;
mod missing_tests;
mod moments;
mod names;
mod needs;
mod notes;
mod notices;
mod outage;
mod page;
mod phrases;
mod picked;
mod pointers;
mod port;
mod preflight;
mod preview;
mod proposed;
mod publish_now;
mod pull;
mod pulls;
mod recovery;
mod refused;
mod revert;
mod review;
mod rollback;
mod scope;
mod sealed;
pub mod setup;
mod severity;
mod shipping;
mod signatures;
mod state;
mod status;
mod stopped;
mod strays;
mod table;
mod taken;
mod targets;
mod timeline;
mod times;
mod tried;
mod unreadable;
mod untold;
mod verification;
mod vulnerability;
mod wants;
mod watched;
mod when_not;
mod which;
mod words;
mod yank;

pub use self::answers::{answer, runbook};
pub use self::app::{
    Asking, BY_HAND, EVENTS, Heard, LONGEST_NAME, OPTIONAL, PERMISSIONS, Permission, manifest,
    permission,
};
pub use self::channels::{bulletin, try_out};
pub use self::checklist::{ReadLine, offered, read as read_checklist};
pub use self::closing::closing;
pub use self::commands::usage;
pub use self::config::{CONFIGURATION, ConfigNote, Proposal, Proposed as ProposedConfig, proposal};
pub use self::doctor::{Told, blind, grade_words, told, unknown, verdict};
pub use self::duplicates::duplicate;
pub use self::failed::{failed_body, failed_marker};
pub use self::guard::{GUARD, guard_note, guard_summary, guard_title};
pub use self::head::heading;
pub use self::known::{known_body, known_entry, known_merge_message, known_message, known_title};
pub use self::lines::named;
pub use self::markdown::{capital, code, count, escape, link, person};
pub use self::messages::{
    bump_message, changelog_entry, enable_message, failed_title, tag_message,
};
pub use self::moments::moment;
pub use self::names::{
    access, branch, commit as commit_link, is_secret, issue as issue_link, marker,
    pull as pull_link, reply_marker, run as run_link, slot as slot_words, summary, tag,
};
pub use self::needs::{NeedWords, need};
pub use self::notes::{notes_block, notes_with_block};
pub use self::page::{
    Bar, Hotfix, Listed, Mark, Standing, Ticked, TickedList, Times, hotfix as hotfix_page,
    listed as listed_page, marks as page_marks,
};
pub use self::port::{
    port_body, port_merge_message, port_merge_title, port_message, port_title, replaced_by,
};
pub use self::proposed::{Proposed, proposed, triggers};
pub use self::pull::{
    END as PULL_END, START as PULL_START, is_own_title, merge_message, merge_title, pull_body,
    pull_title,
};
pub use self::recovery::median;
pub use self::revert::{revert_message, revert_title};
pub use self::rollback::{
    END as YANKED_END, START as YANKED_START, YANKED, held, notes_with_notice, revert_body,
    rolled_back, withdrawn, withdrawn_notice,
};
pub use self::state::{STATE, state_summary, state_title};
pub use self::status::{LIMIT, lasting, status};
pub use self::times::{budget, clock_time, date, duration, iso, utc_time};
pub use self::unreadable::{goes_on, stands_still};
pub use self::verification::verification;
pub use self::when_not::regular;

#[cfg(test)]
mod tests;
