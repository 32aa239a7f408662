//! The control API: the doors of [`super::Control`] over HTTP, for scripts,
//! tests in other languages and the console.
//!
//! It stands under `/_lockstep`, apart from every vendor's own paths, answers
//! JSON also when it refuses, and describes itself in OpenAPI at
//! `/_lockstep/openapi.json`. Whoever reaches it governs the simulation, so it
//! listens to this machine only unless told otherwise, and never to a page of
//! another site.

pub(super) mod callbacks;
pub(super) mod clock;
mod credentials;
pub mod document;
pub(super) mod error;
pub(super) mod extract;
pub(super) mod faults;
pub(super) mod guard;
pub(super) mod journal;
pub(super) mod locks;
pub(super) mod model;
mod new_world;
pub(super) mod scenarios;
#[cfg(test)]
mod tests;
pub(super) mod worlds;

use std::sync::Arc;

use axum::routing::get;
use axum::{Extension, Router};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::console;
use super::server::Host;
use crate::vendors::dialect::Dialect;

/// What the control API works on.
pub struct Governed {
    /// The worlds.
    pub host: Arc<Host>,
    /// Profiles that a new world can be made from.
    pub dialects: Vec<Arc<Dialect>>,
    /// The address under which the worlds are reached.
    pub address: String,
    /// Whether callers from other machines are heard.
    pub remote: bool,
    /// Places for readers of event streams.
    pub readers: Arc<Semaphore>,
}

impl Governed {
    /// A place for a reader of an event stream, where one is left.
    pub fn reader(&self) -> Result<OwnedSemaphorePermit, error::ControlError> {
        let place = self.readers.clone().try_acquire_owned();
        place.map_err(|_| error::ControlError::too_many("too many readers at once; close another console"))
    }
}

/// Most readers of event streams at once.
pub const MOST_READERS: usize = 64;

/// The routes under `/_lockstep`.
pub fn router(governed: Arc<Governed>) -> Router {
    let (router, document) = OpenApiRouter::with_openapi(document::begin())
        .routes(routes!(worlds::health))
        .routes(routes!(worlds::list, worlds::create))
        .routes(routes!(worlds::show, worlds::remove))
        .routes(routes!(worlds::reset))
        .routes(routes!(clock::show, clock::pace, clock::advance))
        .routes(routes!(clock::advance_to_next))
        .routes(routes!(locks::groups))
        .routes(routes!(locks::list))
        .routes(routes!(locks::show, locks::change))
        .routes(routes!(locks::keypad))
        .routes(routes!(locks::phone))
        .routes(routes!(credentials::list))
        .routes(routes!(faults::list, faults::add, faults::clear))
        .routes(routes!(faults::remove))
        .routes(routes!(callbacks::list, callbacks::listen, callbacks::stop))
        .routes(routes!(scenarios::list))
        .routes(routes!(scenarios::played, scenarios::begin))
        .routes(routes!(journal::world))
        .routes(routes!(journal::lobby))
        .routes(routes!(console::events))
        .routes(routes!(console::page))
        .routes(routes!(console::style))
        .routes(routes!(console::script))
        .routes(routes!(console::icon))
        .routes(routes!(console::worlds))
        .routes(routes!(document::show))
        .routes(routes!(document::to_console))
        .split_for_parts();
    let document = Arc::new(document::finish(document));
    router
        .layer(Extension(document))
        // The same with a slash, as browsers and people write it.
        .route("/_lockstep/", get(document::to_console))
        .fallback(error::no_such_door)
        .method_not_allowed_fallback(error::no_such_method)
        .layer(axum::middleware::from_fn_with_state(governed.clone(), guard::guard))
        .with_state(governed)
}
