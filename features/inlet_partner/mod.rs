//! The programme `inlet-partner`: how a booking system uses Inlet's API.

pub mod retry_rule;
