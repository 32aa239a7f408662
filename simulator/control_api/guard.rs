//! Who is heard.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::middleware::Next;
use axum::response::Response;

use super::Governed;
use super::error::ControlError;

/// Turns away other machines, and pages of other sites in a browser on this
/// machine: those send an `Origin`, or come under a name that is not ours.
pub async fn guard(
    State(governed): State<Arc<Governed>>,
    request: Request,
    next: Next,
) -> Result<Response, ControlError> {
    admit(&governed, &request)?;
    Ok(next.run(request).await)
}

fn admit(governed: &Governed, request: &Request) -> Result<(), ControlError> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    if !governed.remote && !peer.is_some_and(|peer| peer.is_loopback()) {
        return Err(ControlError::forbidden("the control API hears this machine only"));
    }
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let host = text(HOST).unwrap_or_default();
    if !governed.remote && !is_local_name(host) {
        return Err(ControlError::forbidden(format!("`{host}` is not a name of this machine")));
    }
    let origin = request.headers().get(ORIGIN).map(|value| value.to_str().unwrap_or("unreadable"));
    let own = format!("http://{host}");
    match origin {
        Some(origin) if !origin.eq_ignore_ascii_case(&own) => {
            Err(ControlError::forbidden(format!("pages of `{origin}` are not heard")))
        }
        _ => Ok(()),
    }
}

fn is_local_name(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}
