//! Many simulated vendors behind one address, for `lockstep simulate`.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tower::ServiceExt;

use super::Control;
use super::control_api::scenarios::start;
use super::control_api::{Governed, MOST_READERS, router};
use super::fleet::Fleet;
use super::server::{Host, Sandbox, SandboxOptions, base_path, door, serve};
use crate::scenarios::Scenario;
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::{Clock, Instant};

/// How a world's time passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// As the machine's.
    Real,
    /// So many times as fast.
    Times(f64),
    /// Only when it is moved.
    Manual,
}

impl Pace {
    /// Reads `real`, `manual`, or `x` and a factor of 0.001 to 1,000,000.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "real" => Some(Self::Real),
            "manual" => Some(Self::Manual),
            _ => {
                let factor = text.strip_prefix('x')?.parse::<f64>().ok()?;
                (1e-3..=1e6).contains(&factor).then_some(Self::Times(factor))
            }
        }
    }

    /// A clock of that pace, beginning at the machine's present.
    pub fn clock(self) -> Clock {
        match self {
            Self::Real => Clock::real(),
            Self::Times(factor) => Clock::accelerated(factor),
            Self::Manual => Clock::stepped(Instant::wall()),
        }
    }
}

/// What a simulation of several vendors is started with.
#[derive(Clone)]
pub struct SimulationOptions {
    /// How the vendors speak; each gets a world that bears its profile's name.
    pub dialects: Vec<Arc<Dialect>>,
    /// Seed of everything random.
    pub seed: u64,
    /// How time passes.
    pub pace: Pace,
    /// What stands in each world.
    pub fleet: Fleet,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Whether the control API hears callers from other machines.
    pub remote_control: bool,
}

/// Why a simulation does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Somebody listens there already.
    #[error("{0} is in use; choose another port with --listen, or port 0 for a free one")]
    InUse(SocketAddr),
    /// The address cannot be had.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// Two profiles have one name.
    #[error("two profiles are named `{0}`")]
    SameName(String),
}

/// A running simulation of several vendors; dropping it stops the server.
pub struct Simulation {
    host: Arc<Host>,
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl Simulation {
    /// Starts serving every profile in a world of its own, with the control API.
    pub async fn start(options: SimulationOptions) -> Result<Self, StartError> {
        let listener = TcpListener::bind(options.listen).await.map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => StartError::InUse(options.listen),
            _ => StartError::Listen { address: options.listen, source },
        })?;
        let bound = listener.local_addr();
        let address = bound.map_err(|source| StartError::Listen { address: options.listen, source })?;
        let host = Arc::new(Host::default());
        for (number, dialect) in (0u64..).zip(&options.dialects) {
            let sandbox = Sandbox::new(SandboxOptions {
                name: dialect.name.clone(),
                dialect: dialect.clone(),
                // Worlds side by side must not share credentials.
                seed: options.seed.wrapping_add(number),
                clock: options.pace.clock(),
                fleet: options.fleet.clone(),
                misbehaviour: None,
                variation: None,
            });
            host.add(Arc::new(sandbox)).map_err(|_| StartError::SameName(dialect.name.clone()))?;
        }
        let governed = Arc::new(Governed {
            host: host.clone(),
            dialects: options.dialects,
            address: format!("http://{address}"),
            remote: options.remote_control,
            readers: Arc::new(Semaphore::new(MOST_READERS)),
        });
        let control = router(governed);
        let vendors = Router::new().fallback(door).with_state(host.clone());
        let app = Router::new().fallback(move |request: Request| {
            let own = matches!(request.uri().path().strip_prefix("/_lockstep"), Some(rest) if rest.is_empty() || rest.starts_with('/'));
            let chosen = if own { control.clone() } else { vendors.clone() };
            chosen.oneshot(request)
        });
        Ok(Self { host, address, server: tokio::spawn(serve(listener, app)) })
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of the control API.
    pub fn control_url(&self) -> String {
        format!("http://{}/_lockstep", self.address)
    }

    /// The address of the console, a page for people.
    pub fn console_url(&self) -> String {
        format!("{}/console", self.control_url())
    }

    /// The names of its worlds.
    pub fn worlds(&self) -> Vec<String> {
        self.host.worlds().iter().map(|sandbox| sandbox.options().name.clone()).collect()
    }

    /// The address of a world; the paths of the vendor's servers follow it.
    pub fn world_url(&self, world: &str) -> String {
        format!("http://{}/w/{world}", self.address)
    }

    /// The address of a server (`api`) of a world's vendor, with the base path
    /// that the profile gives it. A world that stands alone needs no prefix.
    pub fn server_url(&self, world: &str, server: &str) -> Option<String> {
        let sandbox = self.host.world(world)?;
        let alone = self.host.worlds().len() == 1;
        let base = if alone { format!("http://{}", self.address) } else { self.world_url(world) };
        Some(base + &base_path(&sandbox.options().dialect, server))
    }

    /// Plays a scenario in a world from now on; false where there is no such world.
    pub fn play(&self, world: &str, scenario: Arc<Scenario>) -> bool {
        self.host.world(world).is_some_and(|sandbox| start(&sandbox, scenario))
    }

    /// The door to a world.
    pub fn control(&self, world: &str) -> Option<Control> {
        self.host.world(world).map(Control::new)
    }
}

impl Drop for Simulation {
    fn drop(&mut self) {
        self.server.abort();
    }
}
