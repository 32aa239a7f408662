//! Asking a run to stop.

use std::sync::Arc;

use tokio::sync::watch;

/// A token that stops a run in good order; clones share it.
#[derive(Clone, Debug)]
pub struct Interrupt(Arc<watch::Sender<Option<String>>>);

impl Default for Interrupt {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }
}

impl Interrupt {
    /// A token that nobody has raised.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the run to stop; the first reason is the one that is told.
    pub fn raise(&self, why: impl Into<String>) {
        let why = why.into();
        self.0.send_if_modified(|state| {
            let first = state.is_none();
            if first {
                *state = Some(why);
            }
            first
        });
    }

    /// Why the run was asked to stop, if it was.
    pub fn reason(&self) -> Option<String> {
        self.0.borrow().clone()
    }

    /// Waits until the run is asked to stop.
    pub async fn raised(&self) -> String {
        let mut changes = self.0.subscribe();
        loop {
            if let Some(why) = changes.borrow_and_update().clone() {
                return why;
            }
            if changes.changed().await.is_err() {
                // The sender lives as long as `self`, so this is never reached.
                std::future::pending::<()>().await;
            }
        }
    }
}
