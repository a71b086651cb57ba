//! The procedure driven without IO: a small world answers every wish, people
//! say things, and the order of what is wished is the story.

mod answers;
mod asked;
mod begun;
mod built;
mod chain;
mod ci;
mod counting;
mod dry_run;
mod echo;
mod freeze;
mod frozen;
mod labels;
mod launch;
mod markdown;
mod offered;
mod on_line;
mod outcomes;
mod people;
mod port;
mod port_world;
mod preflight;
mod publishing;
mod release;
mod reviews;
mod rollback;
mod sample;
mod scope;
mod ticked;
mod told;
mod tried;
mod unanswered;
mod verbs;
mod watch;
mod words;
mod world;
