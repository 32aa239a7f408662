//! The simulated systems.
