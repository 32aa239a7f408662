//! Every format says the same.
