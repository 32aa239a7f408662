//! Inlet's side: every function over any dialect.
