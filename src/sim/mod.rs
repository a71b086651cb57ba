//! A GitHub stand-in on loopback, on real git. Imports nothing of ours.
