//! The lock system behind Inlet, whoever plays it.

use std::fmt;
use std::future::Future;

use crate::vendors::inlet::Mode;
use crate::vendors::vocabulary::{FailureKind, LockId, Pin, Secret, Window};

/// An answer that may take its time.
pub type Answering<'a, T> = std::pin::Pin<Box<dyn Future<Output = Result<T, UpstreamFailure>> + Send + 'a>>;

/// What Inlet asks of a lock system. Nothing of a guest is in it: an access is
/// named by an opaque reference, which is Inlet's `ReferenceId`.
pub trait LockUpstream: Send + Sync {
    /// Makes an access. Under a reference that was asked for before, what an
    /// earlier call has made is found and answered, and never made twice.
    fn give<'a>(&'a self, wanted: &'a Wanted) -> Answering<'a, Given>;

    /// Changes lock and period of an access that was made.
    fn change<'a>(&'a self, wanted: &'a Wanted) -> Answering<'a, Given>;

    /// Withdraws whatever was made under a reference; nothing is withdrawn
    /// where nothing was made.
    fn withdraw<'a>(&'a self, reference: &'a str) -> Answering<'a, ()>;

    /// Opens a lock once, now.
    fn pulse<'a>(&'a self, lock: &'a LockId) -> Answering<'a, ()>;
}

/// An access as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its name.
    pub reference: String,
    /// How it opens.
    pub mode: Mode,
    /// Where.
    pub lock: LockId,
    /// When.
    pub window: Window,
}

/// An access as it was made.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Given {
    /// The PIN as the guest types it, with prefix and suffix keys.
    pub typed: Option<Pin>,
    /// The invitation to a mobile key.
    pub invitation: Option<Secret>,
}

/// Why the lock system did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamFailure {
    /// Why, in the words shared by all vendors.
    pub kind: FailureKind,
    /// The same for people, without secrets and PINs.
    pub message: String,
}

impl UpstreamFailure {
    /// A failure of that kind.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

impl fmt::Display for UpstreamFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.as_str(), self.message)
    }
}
