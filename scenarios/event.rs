//! What can happen in a simulated world.

use std::time::Duration;

use serde::Deserialize;

use crate::vendors::vocabulary::{FailureKind, Word};

/// Something that happens at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// How long after the start of the world, on its clock.
    pub after: Duration,
    /// What happens.
    pub then: Happening,
}

/// What happens. Locks are numbered from 1.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Happening {
    /// A lock can no longer be reached.
    GoOffline {
        /// Which lock.
        lock: toml::Spanned<u32>,
    },
    /// A lock can be reached again.
    ComeBack {
        /// Which lock.
        lock: toml::Spanned<u32>,
    },
    /// A battery's charge changes.
    Battery {
        /// Which lock.
        lock: toml::Spanned<u32>,
        /// The charge in percent.
        percent: toml::Spanned<u8>,
    },
    /// A door moves.
    Door {
        /// Which lock.
        lock: toml::Spanned<u32>,
        /// `open`, `closed`, `ajar` or `forced`.
        is: toml::Spanned<Word>,
    },
    /// The vendor's API begins to fail.
    Fault {
        /// The operation of the profile that fails; without one every call does.
        operation: Option<String>,
        /// The calls that fail; without a number all from now on.
        times: Option<u32>,
        /// How they fail.
        by: Disturbance,
    },
}

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Disturbance {
    /// The documented error of that kind.
    Refuse(FailureKind),
    /// A bare status.
    Status(u16),
    /// No answer.
    Silence,
    /// The connection is reset.
    Reset,
    /// Bytes that mean nothing.
    Garbage,
    /// The right answer, broken off in the middle.
    HalfBody,
}

impl Happening {
    /// The lock that it happens to.
    pub(super) fn lock(&self) -> Option<&toml::Spanned<u32>> {
        match self {
            Self::GoOffline { lock }
            | Self::ComeBack { lock }
            | Self::Battery { lock, .. }
            | Self::Door { lock, .. } => Some(lock),
            Self::Fault { .. } => None,
        }
    }
}
