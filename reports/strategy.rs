//! Reports of any shape, for properties.
