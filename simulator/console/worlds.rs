//! The stream of events for who watches no world: which worlds there are.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::stream::{HEARTBEAT, PAUSE, RETRY, event, text};
use crate::simulator::control_api::Governed;
use crate::simulator::control_api::error::{ControlError, ErrorBody};
use crate::simulator::server::Host;

/// Most worlds that are told.
const MOST: usize = 500;

/// Which worlds there are.
#[derive(Debug, Serialize)]
pub struct Here {
    /// How many in all.
    in_all: usize,
    /// The first of them, by name.
    worlds: Vec<WorldHere>,
}

#[derive(Debug, Serialize)]
struct WorldHere {
    name: String,
    profile: String,
}

impl Here {
    /// The worlds of a host.
    pub fn of(host: &Host) -> Self {
        let worlds = host.worlds();
        let told = worlds.iter().take(MOST).map(|sandbox| WorldHere {
            name: sandbox.options().name.clone(),
            profile: sandbox.dialect().name.clone(),
        });
        Self { in_all: worlds.len(), worlds: told.collect() }
    }
}

/// Streams which worlds there are, as server-sent events.
///
/// `worlds` comes once at the beginning and then whenever a world has come or
/// gone.
#[utoipa::path(get, path = "/_lockstep/events", tag = "console", responses(
    (status = 200, description = "Events without end.", body = String, content_type = "text/event-stream"),
    (status = 429, description = "Too many readers at once.", body = ErrorBody),
))]
pub async fn worlds(
    State(governed): State<Arc<Governed>>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ControlError> {
    let watcher = Watcher {
        comings: governed.host.watch(),
        host: governed.host.clone(),
        waiting: VecDeque::from([Event::default().retry(RETRY).comment("lockstep")]),
        begun: false,
        _place: governed.reader()?,
    };
    let stream = futures::stream::unfold(watcher, |mut watcher| async move {
        let event = watcher.next().await;
        Some((Ok(event), watcher))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("alive")))
}

struct Watcher {
    host: Arc<Host>,
    comings: watch::Receiver<u64>,
    waiting: VecDeque<Event>,
    begun: bool,
    _place: OwnedSemaphorePermit,
}

impl Watcher {
    async fn next(&mut self) -> Event {
        if let Some(event) = self.waiting.pop_front() {
            return event;
        }
        if self.begun {
            // The sender lives as long as the host, which is ours too.
            let _ = self.comings.changed().await;
            tokio::time::sleep(PAUSE).await;
        }
        self.begun = true;
        self.comings.mark_unchanged();
        event("worlds", text(&Here::of(&self.host)))
    }
}
