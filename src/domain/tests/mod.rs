//! The procedure driven without IO: a small world answers every wish, people
//! say things, and the order of what is wished is the story.

mod chain;
mod ci;
mod frozen;
mod port;
mod release;
mod unanswered;
mod world;
