//! What our integration makes of the scenarios.

mod bench;
mod broken;
mod pinned;
mod vendors;
mod whole;
