mod bad_input;
mod doors;
mod encryption;
mod faults;
mod life;
mod lock_system;
mod many;
mod privacy;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::vendors::vocabulary::{Clock, FailureKind, Instant, LockId, Pin};

/// A lock system that does as it is told, and keeps a list of what it was asked.
#[derive(Default)]
struct Scripted {
    asked: Mutex<Vec<String>>,
    fails: Mutex<VecDeque<FailureKind>>,
    /// What it fails with beyond that.
    always: Option<FailureKind>,
}

impl Scripted {
    fn answer<T>(&self, call: String, answer: T) -> Result<T, UpstreamFailure> {
        self.asked.lock().unwrap().push(call);
        match self.fails.lock().unwrap().pop_front().or(self.always) {
            Some(kind) => Err(UpstreamFailure::new(kind, "lock L-1: as told")),
            None => Ok(answer),
        }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn fail_with(&self, kinds: &[FailureKind]) {
        self.fails.lock().unwrap().extend(kinds);
    }
}

impl LockUpstream for Scripted {
    fn give<'a>(&'a self, wanted: &'a Wanted) -> Answering<'a, Given> {
        let given = Given { typed: Pin::new("#1234*").ok(), invitation: None };
        Box::pin(async move { self.answer(format!("give {}", wanted.lock), given) })
    }

    fn change<'a>(&'a self, wanted: &'a Wanted) -> Answering<'a, Given> {
        let given = Given { typed: Pin::new("#5678*").ok(), invitation: None };
        Box::pin(async move { self.answer(format!("change {}", wanted.lock), given) })
    }

    fn withdraw<'a>(&'a self, _: &'a str) -> Answering<'a, ()> {
        Box::pin(async move { self.answer("withdraw".to_owned(), ()) })
    }

    fn pulse<'a>(&'a self, lock: &'a LockId) -> Answering<'a, ()> {
        Box::pin(async move { self.answer(format!("pulse {lock}"), ()) })
    }
}

/// A simulated Inlet with a partner's client.
struct Bench {
    inlet: InletSimulator,
    locks: Arc<Scripted>,
    client: reqwest::Client,
}

/// An answer: status and JSON.
type Told = (u16, Value);

impl Bench {
    async fn new() -> Self {
        Self::before(Scripted::default()).await
    }

    async fn before(locks: Scripted) -> Self {
        install_tls();
        let locks = Arc::new(locks);
        // 2027-03-01, 09:00 UTC.
        let clock = Clock::stepped(Instant::from_epoch_ms(1_803_891_600_000));
        let options = InletOptions {
            knows_lock: Arc::new(|lock| lock.as_str() == "L-1"),
            ..InletOptions::new(locks.clone(), clock, 1)
        };
        let inlet = InletSimulator::start(options).await.unwrap();
        Self { inlet, locks, client: reqwest::Client::builder().no_proxy().build().unwrap() }
    }

    fn control(&self) -> &InletControl {
        self.inlet.control()
    }

    fn token(&self) -> String {
        self.control().customers()[0].token.expose().to_owned()
    }

    fn post(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.post(format!("{}/{path}", self.inlet.url())).bearer_auth(self.token())
    }

    async fn call(&self, path: &str, body: &Value) -> Told {
        told(self.post(path).json(body)).await
    }

    async fn get(&self, path: &str) -> Told {
        told(self.client.get(format!("{}{path}", self.inlet.url()))).await
    }
}

async fn told(request: reqwest::RequestBuilder) -> Told {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or(Value::Null))
}

/// The client of these tests speaks no TLS, but wants to know how it would.
fn install_tls() {
    // Another test may have done it.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

fn grant() -> Value {
    json!({
        "operation": "code",
        "lockId": "L-1",
        "from": "2027-03-01T18:50:00+01:00",
        "to": "2027-03-01T20:15:00+01:00",
        "phoneNumber": "98765432",
        "countryCode": "47",
        "email": "ada@example.org",
        "reference": "Ada Lovelace"
    })
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

fn reference(told: &Told) -> String {
    told.1["ReferenceId"].as_str().unwrap_or_else(|| panic!("{told:?}")).to_owned()
}

fn message(told: &Told) -> &str {
    told.1["message"].as_str().unwrap_or_else(|| panic!("{told:?}"))
}

fn seconds(span: u64) -> Duration {
    Duration::from_secs(span)
}
