//! The console's tests: what they share, and those of what is seen first, of what
//! goes away and of the panels beside the fleet.

mod first;
mod page;
mod panels;
mod worlds;

pub use page::{ACTABLE, ENTER, ESCAPE, Page, SPACE, TAB, make_pin};
