//! One connection through the proxy: each exchange passed on, or struck.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::fault::{Armory, ProxyEffect};
use super::message::{Request, answer_bytes, read_request};
use crate::vendors::vocabulary::{Clock, ExchangeId};

/// Headers of one connection that do not go on to the next.
const HOP: &[&str] = &["host", "connection", "keep-alive", "transfer-encoding", "content-length"];

/// The way to one server.
pub(super) struct Door {
    pub server: String,
    pub upstream: String,
    pub clock: Clock,
    pub armory: Arc<Armory>,
    pub client: reqwest::Client,
}

/// What the target answered.
struct Upstream {
    status: u16,
    reason: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    /// Whether the target itself broke off.
    cut: bool,
}

/// Whether the connection may carry another exchange.
enum After {
    Again,
    Close,
    Reset,
}

impl Door {
    /// Serves a connection to its end.
    pub async fn serve(&self, mut socket: TcpStream) {
        let mut buffer = Vec::new();
        loop {
            let after = match read_request(&mut socket, &mut buffer).await {
                Ok(Some(request)) => self.pass(&mut socket, &request).await.unwrap_or(After::Close),
                Ok(None) => After::Close,
                Err(error) => {
                    tracing::warn!(server = %self.server, %error, "a request could not be read");
                    After::Reset
                }
            };
            match after {
                After::Again => {}
                After::Close => return,
                After::Reset => {
                    // With no time to linger, closing sends a reset.
                    if let Err(error) = socket.set_zero_linger() {
                        tracing::warn!(server = %self.server, %error, "the connection is closed, not reset");
                    }
                    return;
                }
            }
        }
    }

    async fn pass(&self, socket: &mut TcpStream, request: &Request) -> io::Result<After> {
        let exchange = ExchangeId::new(request.header(ExchangeId::HEADER).unwrap_or_default());
        let Some(effect) = self.armory.strike(&request.method, request.path()) else {
            let Some(answer) = self.forward(request).await else { return Ok(After::Reset) };
            return answer.send(socket, false).await;
        };
        match effect {
            ProxyEffect::Withhold { carried_out: false } => Ok(self.withhold(socket, &exchange, None).await),
            ProxyEffect::Reset { carried_out: false } => Ok(After::Reset),
            effect => {
                let Some(answer) = self.forward(request).await else { return Ok(After::Reset) };
                self.strike(socket, &exchange, effect, answer).await
            }
        }
    }

    /// The effects on an answer that the target has given.
    async fn strike(
        &self,
        socket: &mut TcpStream,
        exchange: &ExchangeId,
        effect: ProxyEffect,
        answer: Upstream,
    ) -> io::Result<After> {
        match effect {
            ProxyEffect::Withhold { .. } => Ok(self.withhold(socket, exchange, None).await),
            ProxyEffect::Reset { .. } => Ok(After::Reset),
            ProxyEffect::Delay(span) => match self.withhold(socket, exchange, Some(span)).await {
                After::Again => answer.send(socket, false).await,
                gone => Ok(gone),
            },
            ProxyEffect::HalfBody => answer.send(socket, true).await,
            ProxyEffect::Garbage => {
                Upstream::own("application/json", b"\x00\xff\x17{{]not an answer").send(socket, false).await
            }
            ProxyEffect::Html => {
                let page = b"<!doctype html><title>Service notice</title><p>Please come back later.</p>";
                Upstream::own("text/html", page).send(socket, false).await
            }
        }
    }

    /// Parks the exchange for a span, or until the client has gone.
    async fn withhold(&self, socket: &mut TcpStream, exchange: &ExchangeId, span: Option<Duration>) -> After {
        let mut byte = [0];
        tokio::select! {
            () = self.clock.park(exchange, span) => After::Again,
            _ = socket.read(&mut byte) => After::Close,
        }
    }

    /// Passes the request on; `None` where the target gave no answer at all.
    async fn forward(&self, request: &Request) -> Option<Upstream> {
        let method = reqwest::Method::from_bytes(request.method.as_bytes()).ok()?;
        let mut builder = self.client.request(method, format!("{}{}", self.upstream, request.target));
        for (name, value) in &request.headers {
            if !HOP.iter().any(|hop| name.eq_ignore_ascii_case(hop)) {
                builder = builder.header(name, value);
            }
        }
        let body = request.body.clone();
        if request.chunked {
            let chunks = futures::stream::once(async move { Ok::<_, io::Error>(body) });
            builder = builder.body(reqwest::Body::wrap_stream(chunks));
        } else if request.header("content-length").is_some() {
            builder = builder.body(body);
        }
        match builder.send().await {
            Ok(response) => Some(Upstream::read(response).await),
            Err(error) => {
                tracing::warn!(server = %self.server, error = %error.without_url(), "the target gave no answer");
                None
            }
        }
    }
}

impl Upstream {
    async fn read(mut response: reqwest::Response) -> Self {
        let headers = response.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec())).collect();
        let status = response.status();
        let reason = status.canonical_reason().unwrap_or_default().to_owned();
        let (mut body, mut cut) = (Vec::new(), false);
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(_) => {
                    cut = true;
                    break;
                }
            }
        }
        Self { status: status.as_u16(), reason, headers, body, cut }
    }

    fn own(content: &str, body: &[u8]) -> Self {
        let headers = vec![
            ("content-type".to_owned(), content.as_bytes().to_vec()),
            ("content-length".to_owned(), body.len().to_string().into_bytes()),
        ];
        Self { status: 200, reason: "OK".to_owned(), headers, body: body.to_vec(), cut: false }
    }

    async fn send(mut self, socket: &mut TcpStream, half: bool) -> io::Result<After> {
        // Without either the end of the connection is the end of the body,
        // which could not be told from half of it.
        let by_close = !names(&self.headers, "content-length") && !names(&self.headers, "transfer-encoding");
        if by_close && half {
            self.headers.push(("content-length".to_owned(), self.body.len().to_string().into_bytes()));
        }
        let mut bytes = answer_bytes(self.status, &self.reason, &self.headers, &self.body, half);
        if self.cut && names(&self.headers, "transfer-encoding") {
            // Without its last chunk it breaks off here too.
            bytes.truncate(bytes.len().saturating_sub(5));
        }
        socket.write_all(&bytes).await?;
        socket.flush().await?;
        let bodyless = matches!(self.status, 204 | 304);
        Ok(if half || self.cut || (by_close && !bodyless) { After::Close } else { After::Again })
    }
}

fn names(headers: &[(String, Vec<u8>)], name: &str) -> bool {
    headers.iter().any(|(key, _)| key == name)
}
