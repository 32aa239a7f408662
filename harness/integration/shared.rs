//! What every clone of an integration shares, and how one is made.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::callbacks::CallbackDesk;
use super::failure::{CallFailure, Failed};
use super::pace::{Bucket, Buckets};
use super::pins::PinSource;
use super::session::Session;
use super::{Clocks, Connection, Integration, Retries, Timeouts, http, names};
use crate::harness::evidence::{Mask, Recorder};
use crate::vendors::dialect::{Dialect, Plan, Support};
use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field, Function, LockId, Pin, RunName, Secret};

/// A turn for each lock.
pub(super) type Turns = Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>;

/// Shared by every clone.
pub(super) struct Shared {
    pub dialect: Arc<Dialect>,
    pub clocks: Clocks,
    pub timeouts: Timeouts,
    pub run: RunName,
    pub recorder: Recorder,
    pub mask: Mask,
    pub pins: PinSource,
    pub bucket: Option<Bucket>,
    pub scoped: Vec<Buckets>,
    /// How many computed PINs were had.
    pub variants: super::variants::Variants,
    pub callbacks: CallbackDesk,
    /// Who is next at a lock whose free places are taken one after the other.
    pub turns: Turns,
    keys: AtomicU64,
    draws: AtomicU64,
}

impl Shared {
    /// A key that no other request of the run bears.
    pub fn next_key(&self) -> String {
        names::request_key(&self.run, self.keys.fetch_add(1, Ordering::Relaxed))
    }

    /// A text that no other request bears, and that tells nothing of the run: 24
    /// bytes in hexadecimal digits, as NaCl's sealed box needs them.
    pub fn next_nonce(&self) -> String {
        hex::encode(&self.next_digest()[..24])
    }

    /// A number for one request.
    pub fn next_random(&self) -> u16 {
        let digest = self.next_digest();
        u16::from_be_bytes([digest[0], digest[1]])
    }

    fn next_digest(&self) -> [u8; 32] {
        Sha256::digest(self.next_key().as_bytes()).into()
    }

    /// Takes note of a secret: what is kept as evidence is masked by it, and the
    /// finished report searched for it.
    pub fn learn(&self, secret: &Secret) {
        self.mask.learn_secret(secret);
        self.recorder.learn_secret(secret);
    }

    /// Takes note of a PIN in the same way.
    pub fn learn_pin(&self, pin: &Pin) {
        self.mask.learn_pin(pin);
        self.recorder.learn_pin(pin);
    }

    /// The number of the next call that may be repeated.
    pub fn next_draw(&self) -> u64 {
        self.draws.fetch_add(1, Ordering::Relaxed)
    }
}

impl Integration {
    /// An integration over `dialect`. `run` names everything that it creates;
    /// every exchange goes to `recorder`, masked. Fails where the connection
    /// lacks a server, secret or setting that the profile names.
    pub fn new(
        dialect: Arc<Dialect>,
        connection: Connection,
        clocks: Clocks,
        timeouts: Timeouts,
        run: RunName,
        recorder: Recorder,
    ) -> Result<Self, CallFailure> {
        is_complete(&dialect, &connection).map_err(|failed| *failed.failure)?;
        let client = http::client(timeouts.connect)
            .map_err(|no| *Failed::unsent("", FailureKind::Server, no.detail).failure)?;
        let mask = Mask::new();
        let pins = PinSource::new(&run);
        let scoped = dialect.limits.rates.iter().cloned().map(Buckets::new).collect();
        let bucket = dialect.limits.rate.map(|rate| Bucket::new(rate, clocks.subject.now()));
        let shared = Shared {
            dialect,
            clocks,
            timeouts,
            run,
            recorder,
            mask,
            pins,
            bucket,
            variants: super::variants::Variants::default(),
            callbacks: CallbackDesk::default(),
            turns: Turns::default(),
            scoped,
            keys: AtomicU64::new(0),
            draws: AtomicU64::new(0),
        };
        connection.secrets.values().for_each(|secret| shared.learn(secret));
        Ok(Self {
            shared: Arc::new(shared),
            client,
            session: Arc::default(),
            opened: Arc::default(),
            lists: Arc::default(),
            set_up: Arc::default(),
            home: Arc::new(connection.servers.clone()),
            servers: Arc::new(connection.servers),
            secrets: Arc::new(connection.secrets),
            settings: Arc::new(connection.settings),
            retries: Retries::Off,
            credentials: true,
            paced: true,
            unlimited: false,
            patient: true,
            frozen: None,
            settling: Duration::ZERO,
            movable: None,
            tampered: None,
        })
    }

    /// The same integration that lets so much time pass on the subject's clock
    /// before it repeats a call whose answer was lost, once for each call.
    /// For a subject whose clock does not run along with the harness's gaps.
    #[must_use]
    pub fn with_settling(&self, settling: Duration) -> Self {
        Self { settling, ..self.clone() }
    }

    /// The same integration that moves the bolts of these locks only: opening,
    /// holding and releasing any other fails before anything is sent. Its
    /// clones are bound likewise.
    #[must_use]
    pub fn moving_only(&self, locks: BTreeSet<LockId>) -> Self {
        Self { movable: Some(Arc::new(locks)), ..self.clone() }
    }

    /// Refuses to move a lock that may not be moved.
    pub(super) fn may_move(&self, lock: &LockId) -> Result<(), CallFailure> {
        match &self.movable {
            Some(allowed) if !allowed.contains(lock) => {
                let why = format!("lock {lock} may not be moved (allow_actuation)");
                Err(*Failed::unsent("", FailureKind::Unsupported, why).failure)
            }
            _ => Ok(()),
        }
    }

    /// The same integration under another rule of retrying; sessions are shared.
    #[must_use]
    pub fn with_retries(&self, retries: Retries) -> Self {
        Self { retries, ..self.clone() }
    }

    /// The same integration that uses connections again. Only for a subject within
    /// this process, which never closes an idle connection: elsewhere one that is
    /// closed would look like a lost answer.
    pub fn keeping_connections(&self) -> Result<Self, CallFailure> {
        let client = http::keeping_client(self.shared.timeouts.connect)
            .map_err(|no| *Failed::unsent("", FailureKind::Server, no.detail).failure)?;
        Ok(Self { client, ..self.clone() })
    }

    /// The same integration with other credentials and a session of its own, to
    /// which nothing that was told or set up under the former ones belongs.
    #[must_use]
    pub fn with_secrets(&self, secrets: BTreeMap<String, Secret>) -> Self {
        secrets.values().for_each(|secret| self.shared.learn(secret));
        Self {
            secrets: Arc::new(secrets),
            session: Arc::new(Session::default()),
            opened: Arc::default(),
            lists: Arc::default(),
            set_up: Arc::default(),
            frozen: None,
            ..self.clone()
        }
    }

    /// The same integration that sends its calls without any credential. What was
    /// set up stays, for a call can be refused only where it can be made.
    #[must_use]
    pub fn without_credentials(&self) -> Self {
        Self {
            credentials: false,
            session: Arc::new(Session::default()),
            lists: Arc::default(),
            frozen: None,
            ..self.clone()
        }
    }

    /// The same integration through other addresses (a fault proxy's).
    #[must_use]
    pub fn with_servers(&self, servers: BTreeMap<String, String>) -> Self {
        Self { servers: Arc::new(servers), ..self.clone() }
    }

    /// The same integration without regard to the documented rate limit, to
    /// see what the vendor does when it is exceeded.
    #[must_use]
    pub fn unpaced(&self) -> Self {
        Self { paced: false, ..self.clone() }
    }

    /// The same integration to a subject that is known not to limit the calls of an
    /// account, whatever is documented: a simulated one that was set up so.
    #[must_use]
    pub fn unlimited(&self) -> Self {
        Self { unlimited: true, ..self.clone() }
    }

    /// The same integration that waits out no refusal as busy or as one call too
    /// many, but still keeps the documented rate.
    #[must_use]
    pub fn impatient(&self) -> Self {
        Self { patient: false, ..self.clone() }
    }

    /// The dialect.
    pub fn dialect(&self) -> &Arc<Dialect> {
        &self.shared.dialect
    }

    /// The clocks.
    pub fn clocks(&self) -> &Clocks {
        &self.shared.clocks
    }

    /// What knows every secret and PIN of the run, for texts that were not
    /// masked when they were captured.
    pub fn mask(&self) -> &Mask {
        &self.shared.mask
    }

    /// The same integration with nothing wrong about its credentials.
    pub(super) fn with_proper_credentials(&self) -> Self {
        Self { credentials: true, tampered: None, frozen: None, ..self.clone() }
    }

    /// The facts that every request may ask for.
    pub(super) fn base_facts(&self) -> Facts {
        let mut facts = Facts::new();
        for (name, secret) in self.secrets.iter() {
            facts.set(Field::Secret(name.as_str().into()), Datum::Secret(secret.clone()));
        }
        for (name, setting) in self.settings.iter() {
            facts.set(Field::Setting(name.as_str().into()), Datum::text(setting));
        }
        facts
    }

    /// The plan of a function; without one the vendor's reason.
    pub(super) fn plan(&self, function: Function) -> Result<&Plan, CallFailure> {
        let why = match self.shared.dialect.function(function) {
            Support::Supported(plan) => return Ok(plan),
            Support::Unsupported { reason } => reason.clone(),
            Support::Unmentioned => format!("the profile does not mention {}", function.as_str()),
        };
        Err(*Failed::unsent("", FailureKind::Unsupported, why).failure)
    }
}

fn is_complete(dialect: &Dialect, connection: &Connection) -> Result<(), Failed> {
    let lacking = |what: &str, name: &str, kind| {
        Failed::unsent("", kind, format!("the {what} `{name}` of the profile is not given"))
    };
    for operation in dialect.operations() {
        let name = operation.server();
        let address = connection.servers.get(name);
        let address = address.ok_or_else(|| lacking("server", name, FailureKind::Invalid))?;
        let scheme = url::Url::parse(address).map(|url| url.scheme().to_owned()).unwrap_or_default();
        if !matches!(scheme.as_str(), "http" | "https") {
            let why = format!("the address of the server `{name}` is no http or https address");
            return Err(Failed::unsent("", FailureKind::Invalid, why));
        }
    }
    for (name, _) in &dialect.secrets {
        if !connection.secrets.contains_key(name) {
            return Err(lacking("secret", name, FailureKind::Credentials));
        }
    }
    for (name, _) in &dialect.settings {
        if !connection.settings.contains_key(name) {
            return Err(lacking("setting", name, FailureKind::Invalid));
        }
    }
    Ok(())
}
