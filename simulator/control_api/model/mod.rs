//! What the control API reads and writes. What is read says in its description
//! exactly what is understood.

mod fleet;
mod query;
mod world;

pub use fleet::{DoorBody, GroupBody, Keys, LockBody, LockChange, Presented};
pub use query::{Filter, LARGEST, LAST_PAGE, Part, Trouble};
pub use world::{Happened, Named, OperationBody, WorldDetail, WorldSummary, roles};
