//! Names for what is under way, so that time that is moved by hand stands still
//! meanwhile.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::vendors::vocabulary::ExchangeId;

/// A name that nothing else in this process bears.
pub(super) fn name(what: &str) -> ExchangeId {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    ExchangeId::new(format!("{what}-{}", NEXT.fetch_add(1, Ordering::Relaxed)))
}
