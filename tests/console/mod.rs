//! The console's tests: what they share, and those of what goes away and of the
//! panels beside the fleet.

mod page;
mod panels;
mod worlds;

pub use page::{ACTABLE, ENTER, ESCAPE, Page, SPACE, TAB, make_pin};
