//! The digest that ties an event to the one before it.

use sha2::{Digest as _, Sha256};

/// SHA-256 over where the event stands, the digest of the one before, and its
/// text. The first event of a certification has none before it.
pub(super) fn digest(certification: &str, place: usize, before: &str, event: &str) -> String {
    let mut hash = Sha256::new();
    for part in ["lockstep.event/1", certification, &place.to_string(), before, event] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}
