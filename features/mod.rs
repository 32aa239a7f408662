//! The criteria.
