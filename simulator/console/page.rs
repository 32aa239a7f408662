//! The page and what belongs to it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};

use super::snapshot::{Shown, snapshot};
use crate::simulator::control_api::error::{ControlError, ErrorBody};
use crate::simulator::control_api::extract::Asked;
use crate::simulator::control_api::{Governed, model};

const PAGE: &str = include_str!("console.html");
const STYLE: &str = include_str!("console.css");
/// One script, in parts of one purpose each.
const SCRIPT: &str = concat!(
    include_str!("script/page.js"),
    include_str!("script/link.js"),
    include_str!("script/clock.js"),
    include_str!("script/fleet.js"),
    include_str!("script/lock.js"),
    include_str!("script/faults.js"),
    include_str!("script/scenarios.js"),
    include_str!("script/callbacks.js"),
    include_str!("script/journal.js"),
    include_str!("script/begin.js"),
);
const ICON: &str = include_str!("console.svg");

/// Where the snapshot stands in the page.
const PLACE: &str = "<!-- snapshot -->";

/// Nothing from elsewhere, nothing written within the page, no frame around it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

fn own(kind: &'static str, body: impl IntoResponse) -> Response {
    let headers: [(HeaderName, &'static str); 6] = [
        (CONTENT_TYPE, kind),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        // It belongs to the program, which may be another one after a restart.
        (CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    (headers, body).into_response()
}

/// Shows the console, for people.
#[utoipa::path(get, path = "/_lockstep/console", tag = "console",
    params(
        ("world" = Option<String>, Query, description = "The world that is shown; the first one where it is not given or not there."),
        ("page" = Option<u32>, Query, description = "Which page of its locks, from 1.", minimum = 1, maximum = 1000000),
    ), responses(
    (status = 200, description = "The page, with a snapshot for browsers without scripts.", body = String, content_type = "text/html; charset=utf-8"),
    (status = 422, description = "The query is not understood.", body = ErrorBody),
))]
pub async fn page(
    State(governed): State<Arc<Governed>>,
    Asked(mut asked): Asked,
) -> Result<Response, ControlError> {
    let shown =
        Shown { world: asked.text("world")?, page: asked.small("page", 1..=model::LAST_PAGE)?.unwrap_or(1) };
    asked.done()?;
    let page = PAGE.replacen(PLACE, &snapshot(&governed, &shown).into_string(), 1);
    Ok(own("text/html; charset=utf-8", page))
}

/// Serves the console's style.
#[utoipa::path(get, path = "/_lockstep/console.css", tag = "console", responses(
    (status = 200, description = "A style sheet.", body = String, content_type = "text/css; charset=utf-8"),
))]
pub async fn style() -> Response {
    own("text/css; charset=utf-8", STYLE)
}

/// Serves the console's script.
#[utoipa::path(get, path = "/_lockstep/console.js", tag = "console", responses(
    (status = 200, description = "A script.", body = String, content_type = "text/javascript; charset=utf-8"),
))]
pub async fn script() -> Response {
    own("text/javascript; charset=utf-8", SCRIPT)
}

/// Serves the console's icon.
#[utoipa::path(get, path = "/_lockstep/console.svg", tag = "console", responses(
    (status = 200, description = "An icon.", body = String, content_type = "image/svg+xml"),
))]
pub async fn icon() -> Response {
    own("image/svg+xml", ICON)
}
