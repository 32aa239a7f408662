//! A fault proxy on loopback between the integration and a foreign target.
//!
//! It passes every exchange on as it is, until a fault is armed for it. So a
//! lost answer, a dropped connection or a withheld reply can be shown without
//! the vendor's help. A withheld answer is parked on the harness's clock by the
//! exchange's own header, so that waiting for it takes no time.

mod exchange;
mod fault;
mod message;

pub use fault::{ProxyEffect, ProxyFault};

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::harness::integration::proxy_client;
use crate::harness::result::FaultAccount;
use crate::vendors::vocabulary::Clock;
use exchange::Door;
use fault::Armory;

/// A running proxy: a listener on 127.0.0.1 for each server. Dropped, it stops.
pub struct FaultProxy {
    servers: BTreeMap<String, String>,
    armory: Arc<Armory>,
    listeners: Vec<JoinHandle<()>>,
}

impl FaultProxy {
    /// Starts a listener for each upstream address, by the server's name.
    /// Answers are withheld on `clock`, the harness's.
    pub async fn start(upstreams: BTreeMap<String, String>, clock: Clock) -> io::Result<Self> {
        let armory = Arc::new(Armory::default());
        let client = proxy_client().map_err(io::Error::other)?;
        let (mut servers, mut listeners) = (BTreeMap::new(), Vec::new());
        for (name, upstream) in upstreams {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
            servers.insert(name.clone(), format!("http://{}", listener.local_addr()?));
            let door = Door {
                server: name,
                upstream: upstream.trim_end_matches('/').to_owned(),
                clock: clock.clone(),
                armory: Arc::clone(&armory),
                client: client.clone(),
            };
            listeners.push(tokio::spawn(listen(listener, Arc::new(door))));
        }
        Ok(Self { servers, armory, listeners })
    }

    /// The proxy's own addresses, by the servers' names.
    pub fn servers(&self) -> BTreeMap<String, String> {
        self.servers.clone()
    }

    /// Arms a fault. The first armed fault that fits an exchange strikes it.
    pub fn arm(&self, fault: ProxyFault) {
        self.armory.arm(fault);
    }

    /// Takes away every fault that is still armed; what they did stays counted.
    pub fn disarm(&self) {
        self.armory.disarm();
    }

    /// What was armed, and how often each took effect.
    pub fn accounts(&self) -> Vec<FaultAccount> {
        self.armory.accounts()
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.listeners.iter().for_each(JoinHandle::abort);
    }
}

async fn listen(listener: TcpListener, door: Arc<Door>) {
    // The set ends its tasks when it is dropped with this one.
    let mut open = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((socket, _)) = accepted {
                    let door = Arc::clone(&door);
                    open.spawn(async move { door.serve(socket).await });
                }
            }
            Some(_) = open.join_next() => {}
        }
    }
}

#[cfg(test)]
mod tests;
