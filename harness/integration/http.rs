//! The transport: one request out, one answer back, and every way in which
//! that can fail told apart.

use std::error::Error;
use std::io;
use std::sync::Once;
use std::time::Duration;

use reqwest::header::{HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Method};

use super::trust;
use crate::harness::result::TransportFailure;
use crate::vendors::wire::WireResponse;

/// Largest body that is read, in bytes.
pub(super) const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// Why there was no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NoAnswer {
    pub why: TransportFailure,
    pub detail: String,
}

impl NoAnswer {
    pub fn new(why: TransportFailure, detail: impl Into<String>) -> Self {
        Self { why, detail: detail.into() }
    }
}

/// A request ready for the wire.
#[derive(Clone, Debug)]
pub(super) struct Outgoing {
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Installs the cryptography of TLS for the process, once. Every client of ours
/// is built after a call of this.
pub fn install_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error says that somebody installed a provider before us, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// A client that hides nothing: no redirects, no proxies of the environment, no
/// repeats of its own, and a connection for each exchange, so that an idle
/// connection closed by the subject can never look like a lost answer.
pub(super) fn client(connect: Duration) -> Result<Client, NoAnswer> {
    build(connect, 0, None)
}

/// The same that trusts one authority (PEM) and no other.
pub(super) fn trusting_client(connect: Duration, authority: &str) -> Result<Client, NoAnswer> {
    let authority = reqwest::Certificate::from_pem(authority.as_bytes()).map_err(|error| no_tls(&error))?;
    build(connect, 0, Some(authority))
}

/// The same with connections that are used again, for a subject that is known
/// never to close an idle one.
pub(super) fn keeping_client(connect: Duration) -> Result<Client, NoAnswer> {
    const KEPT: usize = 16;
    build(connect, KEPT, None)
}

fn no_tls(error: &reqwest::Error) -> NoAnswer {
    NoAnswer::new(TransportFailure::Certificate, format!("no TLS: {}", chain(error)))
}

fn build(
    connect: Duration,
    idle_connections: usize,
    authority: Option<reqwest::Certificate>,
) -> Result<Client, NoAnswer> {
    install_tls();
    let builder = Client::builder();
    let builder = match authority {
        Some(authority) => builder.tls_certs_only([authority]),
        None => builder.tls_backend_preconfigured(
            trust::of_this_machine()
                .map_err(|why| NoAnswer::new(TransportFailure::Certificate, format!("no TLS: {why}")))?,
        ),
    };
    builder
        .redirect(Policy::none())
        .no_proxy()
        .retry(reqwest::retry::never())
        .referer(false)
        .pool_max_idle_per_host(idle_connections)
        .http1_only()
        .connect_timeout(connect)
        .build()
        .map_err(|error| no_tls(&error))
}

/// Sends the request and reads the whole answer.
pub(super) async fn send(client: &Client, request: &Outgoing) -> Result<WireResponse, NoAnswer> {
    let unsendable = |what: &str| NoAnswer::new(TransportFailure::NotHttp, format!("cannot be sent: {what}"));
    let method = Method::from_bytes(request.method.as_bytes()).map_err(|_| unsendable("the method"))?;
    let mut builder = client.request(method, request.url.as_str());
    for (name, value) in &request.headers {
        let name = HeaderName::try_from(name.as_str()).map_err(|_| unsendable("a header's name"))?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| unsendable("a header's value"))?;
        builder = builder.header(name, value);
    }
    if !request.body.is_empty() || matches!(request.method.as_str(), "POST" | "PUT" | "PATCH") {
        builder = builder.body(request.body.clone());
    }
    let mut response = builder.send().await.map_err(|error| before_the_answer(&error))?;
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| inside_the_answer(&error))? {
        if body.len() + chunk.len() > BODY_LIMIT {
            return Err(NoAnswer::new(
                TransportFailure::TooLarge,
                format!("the answer is larger than {BODY_LIMIT} bytes"),
            ));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(WireResponse { status, headers, body })
}

fn inside_the_answer(error: &reqwest::Error) -> NoAnswer {
    NoAnswer::new(TransportFailure::Truncated, format!("the answer broke off: {}", chain(error)))
}

pub(super) fn before_the_answer(error: &reqwest::Error) -> NoAnswer {
    let detail = chain(error);
    let why = if error.is_connect() && error.is_timeout() {
        TransportFailure::ConnectTimeout
    } else if error.is_timeout() {
        TransportFailure::ReadTimeout
    } else if error.is_dns() {
        TransportFailure::Unresolved
    } else {
        find_cause(error).unwrap_or(TransportFailure::NotHttp)
    };
    NoAnswer::new(why, detail)
}

/// The first error in the chain that tells what happened.
fn find_cause(error: &(dyn Error + 'static)) -> Option<TransportFailure> {
    let own = if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        Some(tls_cause(tls))
    } else if let Some(http) = error.downcast_ref::<hyper::Error>() {
        http_cause(http)
    } else {
        error.downcast_ref::<io::Error>().and_then(io_cause)
    };
    own.or_else(|| error.source().and_then(find_cause))
}

fn tls_cause(error: &rustls::Error) -> TransportFailure {
    match error {
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => {
            TransportFailure::Certificate
        }
        _ => TransportFailure::NotHttp,
    }
}

fn http_cause(error: &hyper::Error) -> Option<TransportFailure> {
    if error.is_incomplete_message() {
        Some(TransportFailure::Reset)
    } else if error.is_parse_too_large() {
        Some(TransportFailure::TooLarge)
    } else if error.is_parse() {
        Some(TransportFailure::NotHttp)
    } else {
        None
    }
}

fn io_cause(error: &io::Error) -> Option<TransportFailure> {
    // An error wrapped by an I/O error is not part of the chain of sources.
    let wrapped = error.get_ref().and_then(|inner| find_cause(inner));
    wrapped.or(match error.kind() {
        io::ErrorKind::ConnectionRefused
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::AddrNotAvailable => Some(TransportFailure::Refused),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof
        | io::ErrorKind::NotConnected => Some(TransportFailure::Reset),
        io::ErrorKind::TimedOut => Some(TransportFailure::ConnectTimeout),
        _ => None,
    })
}

/// The error with its causes. The address is left out: it may hold a secret.
pub(crate) fn chain(error: &reqwest::Error) -> String {
    let mut texts = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if texts.last() != Some(&text) {
            texts.push(text);
        }
        cause = error.source();
    }
    if texts.is_empty() { "the request failed".to_owned() } else { texts.join(": ") }
}

/// The address that a redirect names, where it is another origin's.
pub(super) fn foreign_redirect(url: &str, answer: &WireResponse) -> Option<String> {
    if !(300..400).contains(&answer.status) {
        return None;
    }
    let base = url::Url::parse(url).ok()?;
    let target = base.join(answer.header("location")?).ok()?;
    (target.origin() != base.origin()).then(|| target.origin().ascii_serialization())
}

/// The client by which the fault proxy passes exchanges on: it hides nothing.
pub(crate) fn proxy_client() -> Result<Client, String> {
    client(Duration::from_secs(10)).map_err(|no| no.detail)
}
