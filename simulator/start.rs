//! Starting one simulated vendor.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use super::control::Control;
use super::fleet::Fleet;
use super::misbehaviour::{Misbehaviour, Variation};
use super::server::{Host, Sandbox, SandboxOptions, base_path, door, serve};
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::Clock;

/// What a simulation is started with.
#[derive(Clone)]
pub struct Options {
    /// How the vendor speaks.
    pub dialect: Arc<Dialect>,
    /// Seed of everything random: ids, tokens, probabilities.
    pub seed: u64,
    /// The world's clock.
    pub clock: Clock,
    /// What stands in the world at its start.
    pub fleet: Fleet,
    /// How the vendor breaks its promises, for `selftest`.
    pub misbehaviour: Option<&'static Misbehaviour>,
    /// How the vendor is unusual but correct, for `selftest`.
    pub variation: Option<Variation>,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
}

/// A running simulation; dropping it stops the server.
pub struct Simulator {
    control: Control,
    dialect: Arc<Dialect>,
    address: SocketAddr,
    server: AbortHandle,
}

impl Simulator {
    /// Starts serving. Errors when the address cannot be bound.
    pub async fn start(options: Options) -> std::io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let address = listener.local_addr()?;
        let dialect = options.dialect.clone();
        let sandbox = Arc::new(Sandbox::new(SandboxOptions {
            name: "main".to_owned(),
            dialect: options.dialect,
            seed: options.seed,
            clock: options.clock,
            fleet: options.fleet,
            misbehaviour: options.misbehaviour,
            variation: options.variation,
        }));
        let host = Arc::new(Host::default());
        // A new host has no world of that name yet.
        let _ = host.add(sandbox.clone());
        let router = Router::new().fallback(door).with_state(host);
        let server = tokio::spawn(serve(listener, router)).abort_handle();
        Ok(Self { control: Control::new(sandbox), dialect, address, server })
    }

    /// The address of the profile's server of that name (`api`, `identity`),
    /// with the base path that the profile gives it and no slash at the end.
    pub fn url(&self, server: &str) -> String {
        format!("http://{}{}", self.address, base_path(&self.dialect, server))
    }

    /// The door for tests and for the harness.
    pub fn control(&self) -> &Control {
        &self.control
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.server.abort();
    }
}
