//! An Inlet of hand-written answers, and a desk before it, in virtual time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::BoxFuture;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::harness::integration::Timeouts;
use crate::harness::integration::inlet::{
    BookingId, Desk, Escalation, Gaps, Settings, Standing, Support, Typed,
};
use crate::vendors::inlet::Mode;
use crate::vendors::vocabulary::contact::Ambiguity;
use crate::vendors::vocabulary::{Clock, Instant, Personal, Secret};

/// What must never be seen in a log.
pub const TOKEN: &str = "canary-token-9Kx2";
pub const PHONE: &str = "+4740612345";
pub const EMAIL: &str = "canary.guest@example.org";
pub const WORDS: &str = "O'Canary, 5 < 6";

/// A call as it arrived: when, where, what.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrived {
    pub at: Instant,
    pub path: String,
    pub body: Value,
}

pub struct Bench {
    pub inlet: MockServer,
    pub clock: Clock,
    pub arrived: Arc<Mutex<Vec<Arrived>>>,
    pub told: Arc<Told>,
    pub folder: tempfile::TempDir,
    pub desk: Option<Desk>,
}

/// Support that keeps what it is told, and when.
pub struct Told {
    pub clock: Clock,
    pub mails: Mutex<Vec<(Instant, Escalation)>>,
    pub deaf: Mutex<u32>,
}

impl Support for Told {
    fn tell<'a>(&'a self, escalation: &'a Escalation) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            let mut deaf = self.deaf.lock().expect("whole");
            if *deaf > 0 {
                *deaf -= 1;
                return Err("the mail server is away".to_owned());
            }
            self.mails.lock().expect("whole").push((self.clock.now(), escalation.clone()));
            Ok(())
        })
    }
}

pub fn start() -> Instant {
    Instant::from_timestamp("2027-03-10T12:00:00Z".parse().expect("a timestamp"))
}

pub fn id(text: &str) -> BookingId {
    BookingId::new(text).expect("an id")
}

/// A stay that begins in three hours, with everything in it.
pub fn stay() -> Typed {
    Typed {
        phone: Some(Personal::new("406 12 345")),
        region: Some("NO".to_owned()),
        email: Some(Personal::new(EMAIL)),
        reference: Some(Personal::new(WORDS)),
        ..Typed::new(Mode::Code, "lock-7", "2027-03-10T16:00:00+01:00", "2027-03-12T11:00:00+01:00")
    }
}

pub fn granted() -> ResponseTemplate {
    let body = r##"{"status":"OK","ReferenceId":"acc-81","codeFormatted":"#1234*"}"##;
    ResponseTemplate::new(200).set_body_raw(body, "application/json")
}

pub fn done() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(r#"{"status":"OK","ReferenceId":"acc-81"}"#, "application/json")
}

pub fn refused(code: u16, message: &str) -> ResponseTemplate {
    let body = json!({"status": "ERROR", "code": code.to_string(), "message": message});
    ResponseTemplate::new(code).set_body_json(body)
}

pub fn timeout() -> ResponseTemplate {
    refused(504, "Upstream timeout: the lock system did not answer within 30 s")
}

impl Bench {
    pub async fn new() -> Self {
        let inlet = MockServer::start().await;
        let clock = Clock::stepped(start());
        let told = Arc::new(Told { clock: clock.clone(), mails: Mutex::default(), deaf: Mutex::default() });
        let folder = tempfile::tempdir().expect("a folder");
        let mut bench = Self { inlet, clock, arrived: Arc::default(), told, folder, desk: None };
        bench.open(TOKEN).await;
        bench
    }

    /// Opens the desk over the same ledger.
    pub async fn open(&mut self, token: &str) {
        self.desk = None;
        let settings = settings(&self.inlet.uri(), token);
        let file = self.folder.path().join("desk.sqlite");
        let desk = Desk::open(settings, &file, self.clock.clone()).await.expect("it opens");
        self.desk = Some(desk.with_support(Arc::clone(&self.told) as Arc<dyn Support>));
    }

    pub fn desk(&self) -> &Desk {
        self.desk.as_ref().expect("an open desk")
    }

    /// Answers the calls at a path by their number, from 0.
    pub async fn answer<F>(&self, at: &str, answer: F)
    where
        F: Fn(usize) -> ResponseTemplate + Send + Sync + 'static,
    {
        let (arrived, clock, nth) = (Arc::clone(&self.arrived), self.clock.clone(), Mutex::new(0));
        let respond = move |request: &Request| {
            let body = serde_json::from_slice(&request.body).unwrap_or_default();
            let call = Arrived { at: clock.now(), path: request.url.path().to_owned(), body };
            arrived.lock().expect("whole").push(call);
            let mut nth = nth.lock().expect("whole");
            *nth += 1;
            answer(*nth - 1)
        };
        Mock::given(method("POST")).and(path(at)).respond_with(respond).mount(&self.inlet).await;
    }

    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().expect("whole").clone()
    }

    /// The calls as path and seconds since the start.
    pub fn calls(&self) -> Vec<(String, u64)> {
        self.arrived().into_iter().map(|call| (call.path, call.at.since(start()).as_secs())).collect()
    }

    pub fn mails(&self) -> Vec<(u64, Escalation)> {
        let mails = self.told.mails.lock().expect("whole");
        mails.iter().map(|(at, mail)| (at.since(start()).as_secs(), mail.clone())).collect()
    }

    /// Lets so much time pass, with the desk at work.
    pub async fn pass(&self, span: Duration) {
        let end = self.clock.now() + span;
        self.clock.drive(self.desk().run_until(end)).await.expect("the ledger serves");
    }

    pub async fn put(&self, name: &str, typed: &Typed) {
        self.desk().put(&id(name), typed).await.expect("a right booking");
    }

    pub async fn standing(&self, name: &str) -> Standing {
        self.desk().standing(&id(name)).await.expect("the ledger serves").expect("a known booking")
    }

    pub async fn log(&self) -> String {
        let log = self.desk().log().await.expect("the ledger serves");
        log.iter().map(|event| format!("{} {:?} {}\n", event.at, event.booking, event.told)).collect()
    }
}

pub fn settings(base: &str, token: &str) -> Settings {
    Settings {
        base: base.to_owned(),
        authority: None,
        token: Secret::new(token),
        timeouts: Timeouts::default(),
        gaps: Gaps::ByTheRule,
        seed: 7,
        ambiguity: Ambiguity::Refuse,
    }
}

pub fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}
