//! Many worlds behind one address.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::task::Poll;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use base64::Engine;
use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::connection::HangUp;
use super::courier::carry;
use super::journal::{Entry, Journal};
use super::reply::{Reply, Wire};
use super::sandbox::Sandbox;
use crate::vendors::vocabulary::{Clock, ExchangeId, Instant};
use crate::vendors::wire::{WireRequest, WireResponse};

/// Largest request body that is read.
const BODY: usize = 4 << 20;

/// Why a host does not do what it is asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// A world of that name is there already.
    #[error("a world named `{0}` is there already")]
    Taken(String),
}

/// The worlds of one address.
#[derive(Default)]
pub struct Host {
    worlds: RwLock<BTreeMap<String, Arc<Sandbox>>>,
    /// Who carries the callbacks of each world.
    couriers: Mutex<BTreeMap<String, AbortHandle>>,
    lobby: Mutex<Journal>,
    /// Grows whenever a world comes or goes.
    changes: watch::Sender<u64>,
}

impl Host {
    /// Adds a world.
    pub fn add(&self, sandbox: Arc<Sandbox>) -> Result<(), HostError> {
        let mut worlds = self.worlds.write().unwrap_or_else(PoisonError::into_inner);
        let name = sandbox.options().name.clone();
        if worlds.contains_key(&name) {
            return Err(HostError::Taken(name));
        }
        if sandbox.dialect().callbacks.is_some() {
            let courier = tokio::spawn(carry(sandbox.clone())).abort_handle();
            self.couriers().insert(name.clone(), courier);
        }
        worlds.insert(name, sandbox);
        drop(worlds);
        self.changes.send_modify(|changes| *changes += 1);
        Ok(())
    }

    /// Takes a world away.
    pub fn remove(&self, name: &str) -> Option<Arc<Sandbox>> {
        if let Some(courier) = self.couriers().remove(name) {
            courier.abort();
        }
        let removed = self.worlds.write().unwrap_or_else(PoisonError::into_inner).remove(name);
        self.changes.send_modify(|changes| *changes += 1);
        removed
    }

    /// Tells from now on whenever a world has come or gone, many at once as one.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// The world of that name.
    pub fn world(&self, name: &str) -> Option<Arc<Sandbox>> {
        self.worlds.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Every world, by name.
    pub fn worlds(&self) -> Vec<Arc<Sandbox>> {
        self.worlds.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    fn couriers(&self) -> MutexGuard<'_, BTreeMap<String, AbortHandle>> {
        self.couriers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The exchanges that belong to no world.
    pub fn lobby(&self) -> MutexGuard<'_, Journal> {
        self.lobby.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The world that a request belongs to: by its address, as the only one, or
    /// by its credentials. The address is cut to what the vendor knows.
    fn find(&self, request: &mut WireRequest) -> Option<Arc<Sandbox>> {
        let addressed =
            request.path.strip_prefix("/w/").map(|rest| rest.split_once('/').unwrap_or((rest, "")));
        if let Some((name, rest)) = addressed {
            let sandbox = self.world(name)?;
            request.path = format!("/{rest}");
            return Some(sandbox);
        }
        let worlds = self.worlds.read().unwrap_or_else(PoisonError::into_inner);
        if worlds.len() == 1 {
            return worlds.values().next().cloned();
        }
        let sent = credentials(request);
        worlds.values().find(|sandbox| sandbox.state().world.owns_credential(&sent)).cloned()
    }

    fn turn_away(&self, request: WireRequest) -> WireResponse {
        // Nobody's credentials are answered as wrong ones where some vendor has
        // that route, and as an unknown route where none has.
        let worlds = self.worlds();
        let answer = worlds.iter().find_map(|sandbox| sandbox.answer_to_stranger(&request));
        let response = answer.unwrap_or(WireResponse { status: 404, ..WireResponse::default() });
        self.lobby().write(Entry {
            response: Some(response.clone()),
            note: Some("belongs to no world".to_owned()),
            ..Entry::of(request, Instant::wall())
        });
        response
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.couriers().values().for_each(AbortHandle::abort);
    }
}

/// Everything in a request that may be a credential.
fn credentials(request: &WireRequest) -> Vec<String> {
    let mut found: Vec<String> = request.query.iter().map(|(_, value)| value.clone()).collect();
    for (name, value) in &request.headers {
        let word = value.rsplit(' ').next().unwrap_or(value);
        found.push(word.to_owned());
        if name == "authorization" {
            let decoded = base64::engine::general_purpose::STANDARD.decode(word).ok();
            let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
            found.extend(text.iter().flat_map(|text| text.split(':')).map(str::to_owned));
        }
    }
    found.extend(url::form_urlencoded::parse(&request.body).map(|(_, value)| value.into_owned()));
    if let Ok(serde_json::Value::Object(members)) = serde_json::from_slice(&request.body) {
        found.extend(members.values().filter_map(|value| value.as_str()).map(str::to_owned));
    }
    found
}

/// The vendor's door as a handler.
pub async fn door(State(host): State<Arc<Host>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY).await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let hang_up = parts.extensions.get::<HangUp>().cloned();
    let mut request = wire_request(&parts, &body);
    let asked = request.path.clone();
    let Some(sandbox) = host.find(&mut request) else {
        return send(host.turn_away(request));
    };
    let prefix = asked.strip_suffix(&request.path).unwrap_or_default();
    let origin = format!("http://{}{prefix}", request.header("host").unwrap_or("localhost"));
    let exchange = request.header(ExchangeId::HEADER).map(ExchangeId::new);
    let reply = sandbox.exchange(request, &origin);
    let answered = matches!(reply.wire, Wire::Answer(_) | Wire::Half(_));
    let response = deliver(sandbox.clock(), exchange.as_ref(), reply, hang_up).await;
    if answered { dated(&sandbox, response) } else { response }
}

/// Puts a reply on the wire, when it is due on the clock of its world.
pub(in crate::simulator) async fn deliver(
    clock: &Clock,
    exchange: Option<&ExchangeId>,
    reply: Reply,
    hang_up: Option<HangUp>,
) -> Response {
    if let Some(span) = reply.after {
        match exchange {
            Some(exchange) => clock.park(exchange, Some(span)).await,
            None => clock.wait_passively(span).await,
        }
    }
    match reply.wire {
        Wire::Answer(response) => send(response),
        Wire::Half(response) => send_half(response, hang_up),
        Wire::Reset => {
            if let Some(hang_up) = hang_up {
                hang_up.reset();
            }
            std::future::pending().await
        }
        Wire::Silence => match exchange {
            Some(exchange) => {
                clock.park(exchange, None).await;
                std::future::pending().await
            }
            None => std::future::pending().await,
        },
    }
}

/// The answer with its `Date` by the vendor's clock, unless it has one.
fn dated(sandbox: &Sandbox, mut response: Response) -> Response {
    let now = {
        let mut state = sandbox.state();
        state.world.settle();
        state.world.shown_now()
    };
    let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
    let date = printer.timestamp_to_rfc9110_string(&now.timestamp()).ok();
    if let Some(value) = date.and_then(|date| HeaderValue::try_from(date).ok()) {
        response.headers_mut().entry(axum::http::header::DATE).or_insert(value);
    }
    response
}

/// A request as it came.
pub(in crate::simulator) fn wire_request(parts: &axum::http::request::Parts, body: &Bytes) -> WireRequest {
    let query = parts.uri.query().unwrap_or_default();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    WireRequest {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        headers: parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
        body: body.to_vec(),
    }
}

fn send(response: WireResponse) -> Response {
    let mut sent = head(&response);
    *sent.body_mut() = Body::from(response.body);
    sent
}

/// Announces the whole and sends the half, then cuts the connection.
fn send_half(response: WireResponse, hang_up: Option<HangUp>) -> Response {
    let mut sent = head(&response);
    let whole = response.body.len();
    sent.headers_mut().insert(axum::http::header::CONTENT_LENGTH, HeaderValue::from(whole.max(1)));
    let half = Bytes::from(response.body).slice(..whole / 2);
    let mut turn = 0;
    let stream = futures::stream::poll_fn(move |context| {
        turn += 1;
        match turn {
            1 => Poll::Ready(Some(Ok::<_, std::convert::Infallible>(half.clone()))),
            // The half is written out before the next turn.
            2 => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            _ => {
                if let Some(hang_up) = &hang_up {
                    hang_up.close();
                }
                Poll::Pending
            }
        }
    });
    *sent.body_mut() = Body::from_stream(stream);
    sent
}

fn head(response: &WireResponse) -> Response {
    let mut sent = plain(StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    for (name, value) in &response.headers {
        if let (Ok(name), Ok(value)) =
            (HeaderName::try_from(name.as_str()), HeaderValue::try_from(value.as_str()))
        {
            sent.headers_mut().append(name, value);
        }
    }
    sent
}

fn plain(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
