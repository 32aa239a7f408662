//! Time that a run may rightly spend on waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long was (or is being) rightly waited: for time to pass at the subject,
/// and for a person's answer. A watchdog bounds only what comes on top.
/// Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Waited(Arc<AtomicU64>);

impl Waited {
    /// Grants a wait, before it begins.
    pub fn grant(&self, span: Duration) {
        self.0.fetch_add(millis(span), Ordering::Relaxed);
    }

    /// Takes back what was granted and not needed.
    pub fn give_back(&self, span: Duration) {
        self.0.fetch_sub(millis(span), Ordering::Relaxed);
    }

    /// All that was granted so far.
    pub fn total(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
