//! The console: a page for people at `/_lockstep/console`, and the stream of
//! events that keeps it live.
//!
//! The page is written by hand and carried within the program; it asks nobody
//! but this simulation for anything, and its `Content-Security-Policy` holds the
//! browser to that. Everything that it does, it does through the control API, so
//! whatever a person can do a script can do too. Without scripts it shows a
//! plain snapshot.

mod page;
mod pulse;
mod snapshot;
mod stream;
#[cfg(test)]
mod tests;
mod view;
mod worlds;

pub(super) use page::{__path_icon, __path_page, __path_script, __path_style, icon, page, script, style};
pub(super) use stream::{__path_events, events};
pub(super) use worlds::{__path_worlds, worlds};
