//! One call to Inlet, and what came of it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::booking::{Fault, Wanted, lock_id};
use super::course::Outcome;
use super::discreet::discreet;
use super::record::{Call, Request};
use super::under_way;
use crate::harness::integration::Timeouts;
use crate::harness::integration::exchange::retry_after;
use crate::harness::integration::http::{self, NoAnswer, Outgoing};
use crate::harness::result::TransportFailure;
use crate::vendors::inlet::{CONTENT_TYPE, Done, ErrorAnswer, GrantPulseAccess, Granted, Operation};
use crate::vendors::vocabulary::{Clock, ExchangeId, Personal, Secret};
use crate::vendors::wire::WireResponse;

/// Why Inlet cannot be called at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// Not an address.
    #[error("the address of Inlet is none: expected one such as https://api.example.org")]
    Address,
    /// Unencrypted to somewhere else.
    #[error("the address of Inlet begins with http: only https is used, except on this machine")]
    Unencrypted,
    /// No TLS on this machine.
    #[error("no connection can be made: {0}")]
    NoTls(String),
}

/// Why a door was not opened by a pulse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PulseError {
    /// The request is wrong and was not sent.
    #[error("{0}")]
    Fault(#[from] Fault),
    /// Calls have stopped until there are new credentials.
    #[error("nothing is sent until there are new credentials: {0}")]
    Stopped(String),
    /// It was cut off: the door may have opened, or may open yet. A pulse is not
    /// sent again by itself.
    #[error("cut off, so it is not known whether the door opened: {0}")]
    CutOff(String),
    /// Inlet refuses.
    #[error("refused: {0}")]
    Refused(String),
}

/// Inlet, spoken to with one token.
pub(super) struct Client {
    base: String,
    token: Mutex<Secret>,
    client: reqwest::Client,
    clock: Clock,
    timeouts: Timeouts,
}

impl Client {
    pub fn new(
        base: &str,
        authority: Option<&str>,
        token: Secret,
        clock: Clock,
        timeouts: Timeouts,
    ) -> Result<Self, ClientError> {
        let address = url::Url::parse(base).map_err(|_| ClientError::Address)?;
        let at_home = match address.host() {
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => return Err(ClientError::Address),
        };
        match address.scheme() {
            "https" => {}
            "http" if at_home => {}
            "http" => return Err(ClientError::Unencrypted),
            _ => return Err(ClientError::Address),
        }
        let client = match authority {
            Some(authority) => http::trusting_client(timeouts.connect, authority),
            None => http::client(timeouts.connect),
        };
        let client = client.map_err(|no| ClientError::NoTls(no.detail))?;
        let base = base.trim_end_matches('/').to_owned();
        Ok(Self { base, token: Mutex::new(token), client, clock, timeouts })
    }

    pub fn token(&self) -> Secret {
        self.token.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn renew(&self, token: Secret) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = token;
    }

    /// Sends a call of a booking.
    pub async fn call(&self, call: &Call) -> Outcome {
        let Ok(body) = call.request.body() else {
            return Outcome::Refused("the request cannot be written as JSON".to_owned());
        };
        let operation = call.request.operation();
        match self.send(operation, body).await {
            Err(no) => cut_off(&no),
            Ok(answer) => self.read(&answer, &call.request, call.wanted.as_ref()),
        }
    }

    /// Opens a door once, now.
    pub async fn pulse(&self, lock: &str, reference: Option<Personal>) -> Result<(), PulseError> {
        let words = reference.clone();
        let pulse = GrantPulseAccess { lock_id: lock_id(lock)?, reference };
        let body = serde_json::to_vec(&pulse).map_err(|error| Fault::new("reference", error))?;
        let answer = match self.send(Operation::GrantPulseAccess, body).await {
            Err(no) => return Err(PulseError::CutOff(no.detail)),
            Ok(answer) => answer,
        };
        if answer.status == 200 {
            let read = Done::read(&answer.body);
            return read.map(|_| ()).map_err(|error| PulseError::CutOff(error.to_string()));
        }
        match self.refusal(&answer, words.iter().map(Personal::expose)) {
            Outcome::CutOff(why) => Err(PulseError::CutOff(why)),
            Outcome::Stopped(why) => Err(PulseError::Stopped(why)),
            Outcome::Busy(_, why) | Outcome::Gone(why) | Outcome::Refused(why) => {
                Err(PulseError::Refused(why))
            }
            Outcome::Granted(_) | Outcome::Withdrawn => Ok(()),
        }
    }

    async fn send(&self, operation: Operation, body: Vec<u8>) -> Result<WireResponse, NoAnswer> {
        let id = under_way::name("inlet");
        let header = |name: &str, value: String| (name.to_owned(), value);
        let request = Outgoing {
            method: Operation::METHOD.to_owned(),
            url: format!("{}{}", self.base, operation.path()),
            headers: vec![
                header("authorization", format!("Bearer {}", self.token().expose())),
                header("content-type", CONTENT_TYPE.to_owned()),
                header("accept", CONTENT_TYPE.to_owned()),
                header("user-agent", format!("lockstep/{}", env!("CARGO_PKG_VERSION"))),
                header(ExchangeId::HEADER, id.as_str().to_owned()),
            ],
            body,
        };
        let late = |span: Duration| {
            NoAnswer::new(TransportFailure::ReadTimeout, format!("no answer within {span:?}"))
        };
        let _on_the_wire = self.clock.begin(id);
        tokio::select! {
            biased;
            outcome = http::send(&self.client, &request) => outcome,
            () = self.clock.sleep(self.timeouts.read) => Err(late(self.timeouts.read)),
            () = tokio::time::sleep(self.timeouts.watchdog) => Err(late(self.timeouts.watchdog)),
        }
    }

    fn read(&self, answer: &WireResponse, request: &Request, wanted: Option<&Wanted>) -> Outcome {
        if answer.status != 200 {
            return self.refusal(answer, wanted.into_iter().flat_map(Wanted::personal));
        }
        let unreadable = |error: &dyn ToString| {
            Outcome::CutOff(format!("200 with an answer that cannot be read: {}", error.to_string()))
        };
        match request {
            Request::Revoke(_) => {
                Done::read(&answer.body).map_or_else(|error| unreadable(&error), |_| Outcome::Withdrawn)
            }
            Request::Grant(_) => {
                Granted::read(&answer.body).map_or_else(|error| unreadable(&error), Outcome::Granted)
            }
            Request::Update(update) => match Granted::read(&answer.body) {
                Ok(granted) if granted.reference_id == update.reference_id => Outcome::Granted(granted),
                Ok(_) => unreadable(&"it names another access"),
                Err(error) => unreadable(&error),
            },
        }
    }

    /// What a refusal asks us to do. The words are Inlet's, without anything personal.
    fn refusal<'a>(&self, answer: &WireResponse, personal: impl Iterator<Item = &'a str>) -> Outcome {
        let message = ErrorAnswer::read(&answer.body).map(|error| error.message);
        let message = message.unwrap_or_else(|_| "without an error in the published form".to_owned());
        let message = discreet(&message, personal).replace(self.token().expose(), Secret::MASK);
        let why = format!("{}: {message}", answer.status);
        match answer.status {
            401 | 403 => Outcome::Stopped(why),
            404 => Outcome::Gone(why),
            429 | 503 => Outcome::Busy(retry_after(answer, self.clock.now()), why),
            500..600 => Outcome::CutOff(why),
            _ => Outcome::Refused(why),
        }
    }
}

/// No answer came. Wherever it ended, it is tried again by the rule.
fn cut_off(no: &NoAnswer) -> Outcome {
    Outcome::CutOff(format!("no answer: {}", no.detail))
}
