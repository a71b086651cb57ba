//! Takes events in, lets the domain decide, carries out the effects.
