//! The pages over a store, with facts as they were frozen.

mod asked;
mod attempts;
mod browser;
mod doctor;
mod house;
mod leaks;
mod live;
mod looks;
mod markup;
mod signed_in;
mod signing;
mod states;

use super::*;
