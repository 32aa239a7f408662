//! A vendor of hand-written answers, and an integration against it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use wiremock::matchers::{method, path, path_regex};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::harness::evidence::Recorder;
use crate::harness::integration::{
    Clocks, Connection, Contact, Integration, PinRequest, Retries, Scope, Timeouts,
};
use crate::vendors::dialect::Dialect;
use crate::vendors::profile;
use crate::vendors::vocabulary::{Clock, Instant, LockId, RunName, Secret, Window};

/// A secret that must never be seen in evidence.
pub const CANARY: &str = "canary-secret-7Qx";
/// The token that the vendor gives first.
pub const TOKEN: &str = "canary-token-1";

pub struct Bench {
    pub vendor: MockServer,
    pub clock: Clock,
    pub recorder: Recorder,
    pub integration: Integration,
}

pub fn reference() -> Arc<Dialect> {
    profile::load("reference").expect("the embedded profile compiles")
}

pub fn compiled(text: &str) -> Arc<Dialect> {
    profile::compile("test.toml", text).unwrap_or_else(|errors| panic!("{errors}: {:#?}", errors.problems))
}

impl Bench {
    pub async fn of(dialect: Arc<Dialect>) -> Self {
        let vendor = MockServer::start().await;
        let clock = Clock::stepped(Instant::from_epoch_ms(1_767_261_600_000));
        let recorder = Recorder::new();
        let servers = dialect.servers.iter().map(|(name, _)| (name.clone(), vendor.uri())).collect();
        let secrets = dialect.secrets.iter().map(|(name, _)| (name.clone(), Secret::new(CANARY))).collect();
        let connection = Connection { servers, secrets, settings: BTreeMap::new() };
        let clocks = Clocks { harness: clock.clone(), subject: clock.clone() };
        let run = RunName::new("t1");
        let integration =
            Integration::new(dialect, connection, clocks, Timeouts::default(), run, recorder.clone())
                .expect("the connection is complete");
        Self { vendor, clock, recorder, integration }
    }

    /// The reference vendor, which gives a token to everybody.
    pub async fn reference() -> Self {
        let bench = Self::of(reference()).await;
        bench.token(TOKEN, 3600).await;
        bench
    }

    pub async fn token(&self, token: &str, seconds: u64) {
        let body = json!({"access_token": token, "token_type": "Bearer", "expires_in": seconds});
        self.answer("POST", "/oauth2/token", 200, body).await;
    }

    pub async fn answer(&self, verb: &str, at: &str, status: u16, body: Value) {
        let answer = ResponseTemplate::new(status).set_body_json(body);
        Mock::given(method(verb)).and(path(at)).respond_with(answer).mount(&self.vendor).await;
    }

    pub async fn empty(&self, verb: &str, at: &str, status: u16) {
        let answer = ResponseTemplate::new(status);
        Mock::given(method(verb)).and(path(at)).respond_with(answer).mount(&self.vendor).await;
    }

    /// Answers by what the request says.
    pub async fn respond<F>(&self, verb: &str, at: &str, answer: F)
    where
        F: Fn(&Request) -> ResponseTemplate + Send + Sync + 'static,
    {
        Mock::given(method(verb)).and(path_regex(at)).respond_with(answer).mount(&self.vendor).await;
    }

    /// What the vendor was asked, as `METHOD /path`.
    pub async fn asked(&self, verb: &str, at: &str) -> Vec<Request> {
        let all = self.vendor.received_requests().await.unwrap_or_default();
        all.into_iter().filter(|r| r.method.as_str() == verb && r.url.path().contains(at)).collect()
    }

    pub fn by_the_rule(&self) -> Integration {
        self.integration.with_retries(Retries::InletRule { seed: 7 })
    }

    pub fn lock() -> LockId {
        LockId::new("l-1")
    }

    pub fn pin_request(&self) -> PinRequest {
        let from = self.clock.now() + Duration::from_secs(3600);
        PinRequest {
            user: Contact { reference: "ref-1".into(), name: None, email: None },
            scope: Scope::Locks(vec![Self::lock()]),
            window: Window::new(from, from + Duration::from_secs(7200)),
            pin: None,
            name: "stay".into(),
        }
    }

    /// The way to a PIN on the reference vendor, up to the job.
    pub async fn pin_creation(&self) {
        self.answer("PUT", "/v1/users/ref-1", 200, json!({"id": "u-1", "reference": "ref-1"})).await;
        self.answer("POST", "/v1/users/u-1/access", 201, json!({"id": "a-1", "status": "pending"})).await;
        self.respond("PUT", "^/v1/access/a-1/pin$", |request| {
            let body: Value = request.body_json().unwrap_or_default();
            let typed = format!("{}#", body["pin"].as_str().unwrap_or_default());
            ResponseTemplate::new(202)
                .set_body_json(json!({"access_id": "a-1", "typed": typed, "job": "j-1"}))
        })
        .await;
    }

    pub async fn job(&self, status: &str, error: Value) {
        self.answer("GET", "/v1/jobs/j-1", 200, json!({"id": "j-1", "status": status, "error": error})).await;
    }

    /// Everything that the evidence holds, as one text.
    pub fn evidence(&self) -> String {
        serde_json::to_string(&self.recorder.exchanges()).unwrap_or_default()
            + &serde_json::to_string(
                &self.recorder.timelines().into_iter().map(|(_, t)| t).collect::<Vec<_>>(),
            )
            .unwrap_or_default()
            + &format!("{:?}", self.recorder.deviations())
    }
}
