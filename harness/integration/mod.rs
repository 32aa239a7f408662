//! Inlet's side: every function over any dialect.
//!
//! An [`Integration`] asks a vendor for a function by running the plan that the
//! vendor's profile gives for it. It knows no vendor. Retries, paging, tokens,
//! deadlines and limits are the same for all.

mod accesses;
mod address;
mod anonymous;
mod callbacks;
mod clearing;
mod doors;
mod exchange;
mod failure;
mod http;
pub mod inlet;
mod knock;
mod members;
mod model;
mod names;
mod once;
mod opening;
mod pace;
mod paging;
mod pins;
mod plan;
mod probe;
mod retry;
mod session;
mod shared;
mod tamper;
mod trace;
mod trust;
mod variants;

pub use callbacks::{Registered, Standing, Tiding};
pub use failure::{CallFailure, Deviations, Escalation, MAY_HAVE_BEEN_DONE};
pub use http::install_tls;
pub(crate) use http::{chain, proxy_client};
pub use knock::{Knock, TlsTrouble, knock, status_of_nothing};
pub use model::{
    AccessChange, AccessGroup, Contact, Hold, Lock, LockStatus, MobileAccess, MobileRequest, PinAccess,
    PinRequest, Scope,
};

pub use pins::obeys;
pub use tamper::Tampering;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::vendors::profile::Delays;
use crate::vendors::vocabulary::{Clock, LockId, Secret};

use session::Session;
use shared::Shared;

/// Where and as whom the vendor is spoken to.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Address of each server of the profile, by its name; no slash at the end.
    pub servers: BTreeMap<String, String>,
    /// Secrets, by the profile's names.
    pub secrets: BTreeMap<String, Secret>,
    /// Settings, by the profile's names.
    pub settings: BTreeMap<String, String>,
}

/// The clocks of an integration. Against a simulated vendor both are the
/// world's. Against a foreign one the subject's is real, while the harness's is
/// stepped, so that retries after a provoked fault take no time.
#[derive(Clone, Debug)]
pub struct Clocks {
    /// Deadlines and pauses between retries.
    pub harness: Clock,
    /// The subject's time: validity windows, polling, token lifetimes.
    pub subject: Clock,
}

/// Deadlines of one exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For the connection.
    pub connect: Duration,
    /// From sending to the end of the answer.
    pub read: Duration,
    /// On the machine's own clock, whatever the others say: after this an
    /// exchange is given up as hanging.
    pub watchdog: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            read: Duration::from_secs(30),
            watchdog: Duration::from_secs(30),
        }
    }
}

impl Timeouts {
    /// Beyond the documented time of an answer, for the way there and back.
    const MARGIN: Duration = Duration::from_secs(10);

    /// The usual deadlines, but never shorter than the vendor documents that an
    /// answer may take: slowness within the documentation is no failure.
    pub fn allowing(delays: &Delays) -> Self {
        let usual = Self::default();
        let read = usual.read.max(delays.actuation + Self::MARGIN);
        Self { read, watchdog: usual.watchdog.max(read + usual.connect), ..usual }
    }
}

/// Whether upstream timeouts are retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retries {
    /// Every failure is the caller's at once.
    Off,
    /// Inlet's rule (API integration guide, 3.2 step 4): every 3–5 minutes,
    /// jittered, for at least 30 minutes or until success, then escalation.
    InletRule {
        /// Seed of the jitter.
        seed: u64,
    },
}

/// Inlet's side of one vendor. Clones share session, names and evidence.
#[derive(Clone)]
pub struct Integration {
    shared: Arc<Shared>,
    client: reqwest::Client,
    session: Arc<Session>,
    /// What the session began with beside its token.
    opened: Arc<opening::Opened>,
    /// Lists that these credentials were told with a version.
    lists: Arc<paging::KeptLists>,
    /// What set-up that is done once has told these credentials.
    set_up: Arc<once::Kept>,
    servers: Arc<BTreeMap<String, String>>,
    /// The addresses as they were first given, to which the vendor's links lead.
    home: Arc<BTreeMap<String, String>>,
    secrets: Arc<BTreeMap<String, Secret>>,
    settings: Arc<BTreeMap<String, String>>,
    retries: Retries,
    credentials: bool,
    paced: bool,
    unlimited: bool,
    /// Whether a refusal as one call too many is waited out and asked again.
    patient: bool,
    /// A token that is used as it is, past its end too.
    frozen: Option<Secret>,
    /// What passes at the subject before a call whose answer was lost is sent again.
    settling: Duration,
    /// The only locks that may be moved; `None` for all.
    movable: Option<Arc<BTreeSet<LockId>>>,
    /// What is wrong with the credentials of one operation.
    tampered: Option<tamper::Tampered>,
}

#[cfg(test)]
mod tests;
