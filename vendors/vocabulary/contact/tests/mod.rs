//! Contact data held against the corpora beside the code, and their agreement told.

mod corpus;
mod email;
mod judge;
mod period;
mod phone;
mod text;
