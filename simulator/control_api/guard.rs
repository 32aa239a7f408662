//! Who is heard.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use url::Host;

use super::Governed;
use super::error::ControlError;
use crate::vendors::vocabulary::is_this_machine;

/// Turns away other machines, and pages of other sites in a browser on this
/// machine: those send an `Origin`, or come under a name that is not ours, or
/// are told by the browser to come from elsewhere. A link that a person follows
/// is heard, for it reads a page and changes nothing.
pub async fn guard(
    State(governed): State<Arc<Governed>>,
    request: Request,
    next: Next,
) -> Result<Response, ControlError> {
    admit(governed.remote, &request)?;
    Ok(next.run(request).await)
}

/// The same by itself; `remote` lets other machines be heard.
pub fn admit(remote: bool, request: &Request) -> Result<(), ControlError> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    if !remote && !peer.is_some_and(|peer| peer.is_loopback()) {
        return Err(ControlError::forbidden("the control API hears this machine only"));
    }
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let host = text(HOST).unwrap_or_default();
    if !remote && !is_local_name(host) {
        return Err(ControlError::forbidden(format!("`{host}` is not a name of this machine")));
    }
    let origin = request.headers().get(ORIGIN).map(|value| value.to_str().unwrap_or("unreadable"));
    let own = format!("http://{host}");
    if let Some(origin) = origin.filter(|origin| !origin.eq_ignore_ascii_case(&own)) {
        return Err(ControlError::forbidden(format!("pages of `{origin}` are not heard")));
    }
    if is_foreign(request.headers()) && !is_followed_link(request.method(), request.headers()) {
        return Err(ControlError::forbidden("pages of other sites are not heard"));
    }
    Ok(())
}

/// Whether the browser says that a page of another origin asks. Requests for
/// pictures and scripts bear no `Origin`, but this.
fn is_foreign(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none")
}

fn is_followed_link(method: &Method, headers: &HeaderMap) -> bool {
    let says = |name: &str, value: &str| headers.get(name).is_some_and(|said| said == value);
    method == Method::GET && says("sec-fetch-mode", "navigate") && says("sec-fetch-dest", "document")
}

fn is_local_name(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    Host::parse(name).is_ok_and(|host| is_this_machine(&host))
}
