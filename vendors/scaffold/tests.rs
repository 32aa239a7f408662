//! The scaffold as a whole.
