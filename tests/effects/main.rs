//! Every effect with the real client against the stand-in: act does it, look
//! knows before and after, and twice is not done twice.

mod ci;
mod people;
mod pick;
mod port;
mod reads;
mod registries;
mod shipping;
mod support;
mod watch;
mod writes;
