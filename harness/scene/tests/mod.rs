//! What our integration makes of the scenarios.

mod bench;
mod broken;
mod vendors;
mod whole;
