//! Starting a simulated Inlet.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use jiff::tz::TimeZone;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;
use tower::ServiceExt;

use super::control::InletControl;
use super::customers::Customer;
use super::exchange::door;
use super::known::KnowsLock;
use super::messages::{Firetime, Medium, MessageRule, Occasion};
use super::sandbox::{InletSandbox, Setup};
use super::sweep::sweep;
use super::upstream::LockUpstream;
use super::{control_api, document};
use crate::simulator::server::{Encryption, serve_both};
use crate::vendors::vocabulary::{Clock, Secret};

/// What a simulated Inlet is started with.
#[derive(Clone)]
pub struct InletOptions {
    /// The lock system behind it.
    pub upstream: Arc<dyn LockUpstream>,
    /// Its clock, which is also that of whoever plays the lock system.
    pub clock: Clock,
    /// Seed of everything random.
    pub seed: u64,
    /// Who may call.
    pub customers: Vec<Customer>,
    /// Which messages are sent, and when.
    pub messages: Vec<MessageRule>,
    /// The zone of the locks, for messages at a time of day.
    pub zone: TimeZone,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Which locks there are; only their names are shown to whoever reads what was
    /// received, for any other may be a guest's.
    pub knows_lock: KnowsLock,
    /// What it encrypts with; a call over plain HTTP is refused then.
    pub encryption: Option<Encryption>,
    /// Whether its control API is served beside its own. Whoever judges a system
    /// that is told Inlet's address serves none: it would tell the tokens, and
    /// take faults away.
    pub control_api: bool,
}

impl InletOptions {
    /// No lock whose name is shown, one customer on this machine, messages when a grant is received and half
    /// an hour before it begins, in UTC, on a free port.
    pub fn new(upstream: Arc<dyn LockUpstream>, clock: Clock, seed: u64) -> Self {
        let token = crate::simulator::world::Dice::new(seed, "inlet tokens").text();
        let rule = |occasion, medium, minutes| MessageRule::new(occasion, medium, Firetime::Minutes(minutes));
        let messages = [Medium::Sms, Medium::Email]
            .into_iter()
            .flat_map(|medium| [rule(Occasion::Created, medium, 0), rule(Occasion::CheckIn, medium, -30)])
            .flatten()
            .collect();
        Self {
            upstream,
            clock,
            seed,
            customers: vec![Customer::on_loopback("customer", Secret::new(token))],
            messages,
            zone: TimeZone::UTC,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            knows_lock: Arc::new(|_| false),
            encryption: None,
            control_api: true,
        }
    }
}

/// A running Inlet; dropping it stops the server.
pub struct InletSimulator {
    control: InletControl,
    url: String,
    tasks: [AbortHandle; 2],
}

impl InletSimulator {
    /// Starts serving. Errors when the address cannot be bound.
    pub async fn start(options: InletOptions) -> std::io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let scheme = if options.encryption.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr()?);
        let inlet = Arc::new(InletSandbox::new(Setup {
            clock: options.clock,
            upstream: options.upstream,
            customers: options.customers,
            rules: options.messages,
            zone: options.zone,
            address: url.clone(),
            only_encrypted: options.encryption.is_some(),
            knows_lock: options.knows_lock,
            seed: options.seed,
        }));
        let control = InletControl { inlet: inlet.clone() };
        let served = options.control_api.then(|| control_api::router(control.clone()));
        let api = Router::new().merge(document::router()).fallback(door).with_state(inlet.clone());
        let app = Router::new().fallback(move |request: Request| {
            let own = request.uri().path().starts_with("/_lockstep/");
            let chosen = served.as_ref().filter(|_| own).unwrap_or(&api);
            chosen.clone().oneshot(request)
        });
        let server = tokio::spawn(serve_both(listener, app, options.encryption)).abort_handle();
        let sweeper = tokio::spawn(sweep(inlet.clone())).abort_handle();
        Ok(Self { control, url, tasks: [server, sweeper] })
    }

    /// Its address, without a slash at the end.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// The door for tests and for the harness.
    pub fn control(&self) -> &InletControl {
        &self.control
    }
}

impl Drop for InletSimulator {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}
