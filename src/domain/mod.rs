//! The procedure as a pure function from facts to a plan. No async, no IO, no clock.
