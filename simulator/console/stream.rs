//! The stream of events: a world as it changes, told to whoever reads.
//!
//! Nothing is asked for again and again: a change of the world wakes the stream,
//! whoever made it. What is told is made when the reader takes it, so a slow
//! reader gets less and later, and holds up nobody; many changes at once are
//! told as one. A reader that comes back with `Last-Event-ID` goes on where it
//! was.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::Instant;

use super::pulse::Cursor;
use super::view::{Look, look};
use super::worlds::Here;
use crate::simulator::control_api::Governed;
use crate::simulator::control_api::callbacks::CallbacksBody;
use crate::simulator::control_api::clock::ClockBody;
use crate::simulator::control_api::error::{ControlError, ErrorBody};
use crate::simulator::control_api::extract::{Asked, Names};
use crate::simulator::control_api::model::{self, Filter};
use crate::simulator::control_api::scenarios::PlayedBody;
use crate::simulator::control_api::worlds::find;
use crate::simulator::server::{Host, Sandbox};

/// Shortest time between two looks at a world, on the machine's clock.
pub(super) const PAUSE: Duration = Duration::from_millis(100);

/// A world is held up by a reader for a twentieth of the time at most.
const SHARE: u32 = 20;

/// How long a silent stream goes without a sign of life.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(15);

/// Most callbacks that are told.
const CALLBACKS: usize = 50;

/// How long a reader waits before it comes back.
pub(super) const RETRY: Duration = Duration::from_secs(1);

/// Streams what happens in a world, as server-sent events.
///
/// `clock` tells the clock, `fleet` the counts, the groups and one page of
/// locks, `faults` the faults, `scenarios` what plays, `callbacks` what the vendor told by itself, `journal` new exchanges with secrets masked, `happened`
/// new happenings, `worlds` every world here; each comes once at the beginning
/// and then whenever it has changed. `anew` comes before them where the reader's
/// place is not of this making of the world: what it knows of it is no longer so.
/// `gone` tells that the world was removed.
#[utoipa::path(get, path = "/_lockstep/worlds/{world}/events", tag = "console",
    params(
        ("world" = String, Path, description = "The world's name."),
        Filter,
        ("page" = Option<u32>, Query, description = "Which page of 50 locks is told, from 1.", minimum = 1, maximum = 1000000),
        ("after" = Option<String>, Query, description = "Where to go on; the header counts where both are given.", pattern = "^[0-9]{1,15}-[0-9]{1,15}-[0-9]{1,15}$"),
        ("Last-Event-ID" = Option<String>, Header, description = "Where to go on, as the stream told it."),
    ), responses(
    (status = 200, description = "Events without end.", body = String, content_type = "text/event-stream"),
    (status = 404, description = "There is no such world.", body = ErrorBody),
    (status = 422, description = "The query is not understood.", body = ErrorBody),
    (status = 429, description = "Too many readers at once.", body = ErrorBody),
))]
pub async fn events(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
    headers: HeaderMap,
    Asked(mut asked): Asked,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ControlError> {
    let sought = Filter::take(&mut asked)?;
    let page = asked.small("page", 1..=model::LAST_PAGE)?.unwrap_or(1);
    let after = asked.word("after", "an event's id, such as `0-57-12`", Cursor::parse)?;
    asked.done()?;
    let sandbox = find(&governed, &world)?;
    let place = governed.reader()?;
    let resumed = headers.get("last-event-id").and_then(|id| Cursor::parse(id.to_str().ok()?));
    let reader = Reader {
        changes: sandbox.watch(),
        comings: governed.host.watch(),
        host: governed.host.clone(),
        sandbox,
        look: Look { sought, page },
        told: resumed.or(after),
        said: Said::default(),
        waiting: VecDeque::from([Event::default().retry(RETRY).comment("lockstep")]),
        not_before: None,
        ended: false,
        _place: place,
    };
    let stream = futures::stream::unfold(reader, |reader| async move {
        let (event, reader) = reader.next().await?;
        Some((Ok(event), reader))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("alive")))
}

/// One reader of one world.
struct Reader {
    sandbox: Arc<Sandbox>,
    changes: watch::Receiver<u64>,
    host: Arc<Host>,
    /// Whether a world has come or gone.
    comings: watch::Receiver<u64>,
    look: Look,
    told: Option<Cursor>,
    said: Said,
    /// Events that are made and not yet taken.
    waiting: VecDeque<Event>,
    /// The next look comes no earlier; `None` before the first.
    not_before: Option<Instant>,
    ended: bool,
    _place: OwnedSemaphorePermit,
}

/// What was said last, so that nothing is said twice.
#[derive(Default)]
struct Said {
    clock: String,
    fleet: String,
    faults: String,
    scenarios: String,
    callbacks: String,
    worlds: String,
}

impl Reader {
    async fn next(mut self) -> Option<(Event, Self)> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some((event, self));
            }
            if self.ended {
                return None;
            }
            if let Some(not_before) = self.not_before {
                self.change().await;
                tokio::time::sleep_until(not_before).await;
            }
            self.changes.mark_unchanged();
            self.comings.mark_unchanged();
            if self.sandbox.is_retired() {
                self.ended = true;
                self.waiting.push_back(Event::default().event("gone").data("{}"));
            } else {
                self.look();
            }
        }
    }

    /// Waits until somebody changes the world, or something happens in it by
    /// itself.
    async fn change(&mut self) {
        let clock = self.sandbox.clock();
        let due = self.sandbox.state().world.next_due();
        // A clock that stands is moved by somebody, who thereby tells us.
        let due = due.filter(|_| !clock.is_stepped());
        let span = due.map(|due| due.since(clock.now()));
        let by_itself = async {
            match span {
                Some(span) => clock.wait_passively(span).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            // The sender lives as long as the sandbox, which is ours too.
            _ = self.changes.changed() => {}
            _ = self.comings.changed() => {}
            () = by_itself => {}
        }
    }

    fn look(&mut self) {
        let view = look(&self.sandbox, &self.look, self.told);
        let clock = ClockBody::of(&self.sandbox);
        let before = self.told.filter(|_| view.resumed);
        if before.is_none() {
            self.waiting.push_back(event("anew", "{}".to_owned()));
        }
        self.say_changed("worlds", text(&Here::of(&self.host)));
        // A running clock is shown by the reader's own; it is told when its pace changes.
        let pace = (clock.factor > 0.0).then(|| format!("{} {:?}", clock.factor, clock.next));
        let spoken = text(&clock);
        let key = pace.unwrap_or_else(|| spoken.clone());
        if self.said.clock != key {
            self.said.clock = key;
            self.waiting.push_back(event("clock", spoken));
        }
        self.say_changed("fleet", text(&view.fleet));
        self.say_changed("faults", text(&view.faults));
        let played: Vec<PlayedBody> = self.sandbox.plays().told().into_iter().map(PlayedBody::from).collect();
        self.say_changed("scenarios", text(&played));
        self.say_changed("callbacks", text(&CallbacksBody::latest(&self.sandbox, CALLBACKS)));
        if let Some(happenings) = &view.happenings {
            let exchange = before.map_or(0, |before| before.exchange);
            let id = Cursor { exchange, ..view.cursor };
            self.waiting.push_back(event("happened", text(happenings)).id(id.to_string()));
        }
        if let Some(exchanges) = &view.exchanges {
            self.waiting.push_back(event("journal", text(exchanges)).id(view.cursor.to_string()));
        }
        self.told = Some(view.cursor);
        self.not_before = Some(Instant::now() + PAUSE.max(view.held * SHARE));
    }

    fn say_changed(&mut self, name: &'static str, spoken: String) {
        let said = match name {
            "fleet" => &mut self.said.fleet,
            "faults" => &mut self.said.faults,
            "callbacks" => &mut self.said.callbacks,
            "worlds" => &mut self.said.worlds,
            _ => &mut self.said.scenarios,
        };
        if *said != spoken {
            *said = spoken.clone();
            self.waiting.push_back(event(name, spoken));
        }
    }
}

pub(super) fn event(name: &str, data: String) -> Event {
    Event::default().event(name).data(data)
}

pub(super) fn text(value: &impl Serialize) -> String {
    // These values have text keys and finite numbers only.
    serde_json::to_string(value).unwrap_or_default()
}
