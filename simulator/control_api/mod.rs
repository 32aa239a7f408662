//! The control API: the doors of [`super::Control`] over HTTP, for scripts,
//! tests in other languages and the console.
//!
//! It stands under `/_lockstep`, apart from every vendor's own paths, answers
//! JSON also when it refuses, and describes itself in OpenAPI at
//! `/_lockstep/openapi.json`. Whoever reaches it governs the simulation, so it
//! listens to this machine only unless told otherwise, and never to a page of
//! another site.

mod error;
mod faults;
mod guard;
mod journal;
mod locks;
mod model;
#[cfg(test)]
mod tests;
mod worlds;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

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
}

#[derive(OpenApi)]
#[openapi(info(title = "Lockstep control API", description = "Governs simulated worlds."))]
struct Document;

/// The routes under `/_lockstep`.
pub fn router(governed: Arc<Governed>) -> Router {
    let (router, document) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(worlds::health))
        .routes(routes!(worlds::list, worlds::create))
        .routes(routes!(worlds::show, worlds::remove))
        .routes(routes!(worlds::reset))
        .routes(routes!(worlds::advance))
        .routes(routes!(locks::list))
        .routes(routes!(locks::change))
        .routes(routes!(locks::keypad))
        .routes(routes!(locks::phone))
        .routes(routes!(faults::list, faults::add, faults::clear))
        .routes(routes!(faults::remove))
        .routes(routes!(journal::world))
        .routes(routes!(journal::lobby))
        .split_for_parts();
    let document = Arc::new(document);
    router
        .route(
            "/_lockstep/openapi.json",
            get(move || {
                let document = document.clone();
                async move { axum::Json((*document).clone()) }
            }),
        )
        .fallback(error::no_such_door)
        .method_not_allowed_fallback(error::no_such_method)
        .layer(axum::middleware::from_fn_with_state(governed.clone(), guard::guard))
        .with_state(governed)
}
