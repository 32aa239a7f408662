//! The reference vendor over real sockets.

use std::sync::{Arc, Once};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::vendors::dialect::{Answer, Dialect};
use crate::vendors::profile;
use crate::vendors::vocabulary::{
    Clock, CredentialId, Datum, Facts, FailureKind, Field, Instant, LockId, Meaning, Pin, Word,
};
use crate::vendors::wire::{WireRequest, WireResponse};

const START: i64 = 1_780_000_000_000;

fn reference() -> Arc<Dialect> {
    profile::load("reference").expect("the embedded profile is right")
}

fn options(dialect: Arc<Dialect>) -> Options {
    Options {
        dialect,
        seed: 7,
        clock: Clock::stepped(Instant::from_epoch_ms(START)),
        fleet: Fleet::fixture(),
        misbehaviour: None,
        variation: None,
        listen: ([127, 0, 0, 1], 0).into(),
    }
}

/// Calls a simulator through the profile's own examples.
struct Caller {
    simulator: Simulator,
    dialect: Arc<Dialect>,
    http: reqwest::Client,
    session: Facts,
}

impl Caller {
    async fn new(options: Options) -> Self {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let dialect = options.dialect.clone();
        let simulator = Simulator::start(options).await.expect("a free port");
        let mut session = Facts::new();
        for (name, secret) in simulator.control().secrets() {
            session.set(Field::Secret(name.as_str().into()), Datum::Secret(secret));
        }
        let mut caller = Self { simulator, dialect, http: reqwest::Client::new(), session };
        let token = caller.must("get_token", Facts::new()).await;
        caller.session.merge(&token);
        caller
    }

    fn control(&self) -> &Control {
        self.simulator.control()
    }

    fn wire(&self, operation: &str, facts: &Facts) -> (String, WireRequest) {
        let operation = self.dialect.operation(operation).expect("a known operation");
        let mut all = self.session.clone();
        all.merge(facts);
        let request = operation.request(&all).expect("a whole request").exposed;
        (self.simulator.url(operation.server()), request)
    }

    async fn send(&self, base: &str, request: &WireRequest) -> reqwest::Result<WireResponse> {
        let method = request.method.parse().expect("a method");
        let mut builder = self.http.request(method, format!("{base}{}", request.path)).query(&request.query);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let response = builder.body(request.body.clone()).send().await?;
        let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let headers =
            response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        Ok(WireResponse {
            status: response.status().as_u16(),
            headers,
            body: response.bytes().await?.to_vec(),
        })
    }

    async fn call(&self, operation: &str, facts: Facts) -> Answer {
        let (base, request) = self.wire(operation, &facts);
        let response = self.send(&base, &request).await.expect("an answer");
        self.dialect.operation(operation).expect("a known operation").read_answer(&response)
    }

    async fn must(&self, operation: &str, facts: Facts) -> Facts {
        match self.call(operation, facts).await {
            Answer::Success { facts, deviations } => {
                assert_eq!(deviations, [], "{operation}");
                facts
            }
            other => panic!("{operation}: {other:?}"),
        }
    }

    async fn refused(&self, operation: &str, facts: Facts) -> FailureKind {
        match self.call(operation, facts).await {
            Answer::Refused { kind, .. } => kind,
            other => panic!("{operation}: {other:?}"),
        }
    }

    async fn user(&self, reference: &str) -> String {
        let facts = Facts::new().with_text(Field::UserReference, reference);
        self.must("upsert_user", facts).await.text(&Field::UserId).expect("an id").to_owned()
    }

    /// Assigns and sets a PIN, and waits until its job is over.
    async fn give_pin(&self, lock: &LockId, pin: &str, key: &str) -> Result<String, FailureKind> {
        let user = self.user("guest-1").await;
        let access = self.assign(lock, &user, key).await;
        let facts = Facts::new()
            .with_text(Field::AccessId, &access)
            .with_text(Field::RequestKey, key)
            .with(Field::AccessPin, Datum::Pin(Pin::new(pin).expect("keys")));
        let job = match self.call("set_pin", facts).await {
            Answer::Success { facts, .. } => facts,
            Answer::Refused { kind, .. } => return Err(kind),
            other => panic!("{other:?}"),
        };
        self.control().advance(Duration::from_secs(4)).await;
        let id = job.text(&Field::JobId).expect("a job");
        match self.call("poll_job", Facts::new().with_text(Field::JobId, id)).await {
            Answer::Success { facts, .. } if facts.word(&Field::JobState) == Some(Word::Done) => Ok(access),
            Answer::Refused { kind, .. } => Err(kind),
            other => panic!("{other:?}"),
        }
    }

    async fn assign(&self, lock: &LockId, user: &str, key: &str) -> String {
        let facts = window()
            .with_text(Field::UserId, user)
            .with_text(Field::LockId, lock.as_str())
            .with_text(Field::AccessName, "Gæst 1")
            .with_text(Field::RequestKey, key);
        self.must("assign_access", facts).await.text(&Field::AccessId).expect("an id").to_owned()
    }
}

fn at(minutes: i64) -> Instant {
    Instant::from_epoch_ms(START + minutes * 60_000)
}

fn window() -> Facts {
    Facts::new()
        .with(Field::AccessFrom, Datum::Instant(at(10)))
        .with(Field::AccessUntil, Datum::Instant(at(50)))
}

fn on(lock: &LockId) -> Facts {
    Facts::new().with_text(Field::LockId, lock.as_str())
}

fn paged(facts: Facts) -> Facts {
    facts.with(Field::PageNumber, Datum::Int(1)).with(Field::PageSize, Datum::Int(50))
}

fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}

#[tokio::test]
async fn a_pin_opens_in_its_window_until_it_is_removed() {
    let caller = Caller::new(options(reference())).await;
    let control = caller.control().clone();
    let lock = control.fixture().free_locks[0].clone();
    let access = caller.give_pin(&lock, "2580", "k-1").await.expect("given");
    assert!(!control.keypad(&lock, "2580#").opened);
    control.advance(minutes(10)).await;
    assert!(control.keypad(&lock, "2580#").opened);
    assert!(!control.keypad(&lock, "2580").opened, "the suffix key is part of what is typed");
    let listed = caller.must("list_pins", paged(on(&lock))).await;
    assert_eq!(listed.items.len(), 1);
    assert_eq!(listed.items[0].word(&Field::AccessState), Some(Word::Active));
    caller.must("remove_pin", Facts::new().with_text(Field::AccessId, &access)).await;
    control.advance(Duration::from_secs(30)).await;
    assert!(!control.keypad(&lock, "2580#").opened);
    assert_eq!(caller.must("list_pins", paged(on(&lock))).await.items.len(), 0);
    let again = caller.refused("remove_pin", Facts::new().with_text(Field::AccessId, &access)).await;
    assert_eq!(again, FailureKind::NotFound);
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let caller = Caller::new(options(reference())).await;
    let fixture = caller.control().fixture();
    let lock = &fixture.free_locks[1];
    caller.give_pin(lock, "2580", "k-1").await.expect("given");
    assert_eq!(caller.give_pin(lock, "2580", "k-2").await, Err(FailureKind::Conflict));
    assert_eq!(caller.give_pin(lock, "11", "k-3").await, Err(FailureKind::Invalid));
    assert_eq!(caller.give_pin(&fixture.offline_lock, "2580", "k-4").await, Err(FailureKind::Offline));
    assert_eq!(
        caller.refused("get_lock", Facts::new().with_text(Field::LockId, "nowhere")).await,
        FailureKind::NotFound
    );
    let turned = Facts::new()
        .with_text(Field::UserId, caller.user("guest-1").await)
        .with_text(Field::LockId, lock.as_str())
        .with_text(Field::AccessName, "x")
        .with_text(Field::RequestKey, "k-5")
        .with(Field::AccessFrom, Datum::Instant(at(120)))
        .with(Field::AccessUntil, Datum::Instant(at(60)));
    assert_eq!(caller.refused("assign_access", turned).await, FailureKind::Invalid);
}

#[tokio::test]
async fn credentials_come_before_everything() {
    let caller = Caller::new(options(reference())).await;
    let (base, request) = caller.wire("list_groups", &paged(Facts::new()));
    let mut without = request.clone();
    without.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
    assert_eq!(caller.send(&base, &without).await.expect("an answer").status, 401);
    let mut wrong = request.clone();
    for (name, value) in &mut wrong.headers {
        if name.eq_ignore_ascii_case("authorization") {
            value.push('x');
        }
    }
    assert_eq!(caller.send(&base, &wrong).await.expect("an answer").status, 401);
    assert_eq!(caller.send(&base, &request).await.expect("an answer").status, 200);
    caller.control().advance(minutes(61)).await;
    assert_eq!(caller.send(&base, &request).await.expect("an answer").status, 401);
}

/// TTLock has a code for missing credentials (10003) and another for wrong ones
/// (10007), and is sent a hash, of which nothing can be read but that it is right.
#[tokio::test]
async fn a_wrong_hash_is_wrong_and_not_missing() {
    let dialect = profile::load("ttlock").expect("the embedded profile is right");
    let simulator = Simulator::start(options(dialect)).await.expect("a free port");
    let secrets: std::collections::BTreeMap<_, _> = simulator.control().secrets().into_iter().collect();
    let known = format!(
        "client_id=4711&client_secret={}&username={}",
        secrets["client_secret"].expose(),
        secrets["username"].expose()
    );
    for (password, code) in
        [("&password=33e1b232a4e6fa0028a6670753749a17", 10007), ("&password=", 10003), ("", 10003)]
    {
        let answer = reqwest::Client::new()
            .post(format!("{}/oauth2/token", simulator.url("api")))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("{known}{password}"))
            .send()
            .await
            .expect("an answer");
        let told: serde_json::Value =
            serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON");
        assert_eq!(told["errcode"], code, "{password}: {told}");
    }
}

#[tokio::test]
async fn a_reset_is_a_reset_and_half_a_body_breaks_off() {
    let caller = Caller::new(options(reference())).await;
    let lock = caller.control().fixture().free_locks[0].clone();
    for (effect, expects_reset) in [(Effect::Reset { carried_out: false }, true), (Effect::HalfBody, false)] {
        let place = Place { meaning: Some(Meaning::GetLock), ..Place::default() };
        let fault = caller.control().inject(Fault {
            place,
            schedule: Schedule { times: Some(1), ..Schedule::default() },
            effect,
        });
        let (base, request) = caller.wire("get_lock", &on(&lock));
        let mut stream =
            tokio::net::TcpStream::connect(base.trim_start_matches("http://")).await.expect("a connection");
        let mut text = format!("{} {} HTTP/1.1\r\nhost: x\r\n", request.method, request.path);
        for (name, value) in &request.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        stream.write_all(format!("{text}\r\n").as_bytes()).await.expect("written");
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer).await;
        if expects_reset {
            assert_eq!(read.map_err(|error| error.kind()), Err(std::io::ErrorKind::ConnectionReset));
        } else {
            read.expect("closed, not reset");
            let answer = String::from_utf8(answer).expect("text");
            let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
            let announced =
                head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
            let announced: usize = announced.parse().expect("a number");
            assert_eq!(body.len(), announced / 2);
        }
        assert!(caller.control().faults().iter().all(Account::is_consumed));
        caller.control().clear_fault(fault);
    }
}

#[tokio::test]
async fn pages_put_together_are_the_whole() {
    let caller = Caller::new(options(reference())).await;
    for size in [1, 7, 50, 500] {
        let mut ids = Vec::new();
        for number in 1.. {
            let facts = Facts::new()
                .with(Field::PageNumber, Datum::Int(number))
                .with(Field::PageSize, Datum::Int(size));
            let page = caller.must("list_locks", facts).await;
            assert_eq!(page.int(&Field::PageTotal), Some(130));
            if page.items.is_empty() {
                break;
            }
            ids.extend(page.items.iter().filter_map(|item| item.text(&Field::LockId).map(str::to_owned)));
        }
        let real: Vec<String> = caller.control().locks().iter().map(|lock| lock.id.to_string()).collect();
        assert_eq!(ids, real, "pages of {size}");
    }
}

#[tokio::test]
async fn bolts_move_and_relock() {
    let caller = Caller::new(options(reference())).await;
    let control = caller.control().clone();
    let lock = control.fixture().free_locks[2].clone();
    let bolt = || control.lock(&lock).expect("a lock").bolt;
    caller.must("unlock", on(&lock)).await;
    control.advance(Duration::from_secs(4)).await;
    assert_eq!(bolt(), Word::Unlocked);
    control.advance(Duration::from_secs(5)).await;
    assert_eq!(bolt(), Word::Locked);
    caller
        .must(
            "hold_open",
            on(&lock).with(Field::HoldUntil, Datum::Instant(control.clock().now() + minutes(30))),
        )
        .await;
    control.advance(minutes(29)).await;
    assert_eq!(bolt(), Word::Unlocked);
    control.advance(minutes(2)).await;
    assert_eq!(bolt(), Word::Locked);
}

#[tokio::test]
async fn mobile_keys_open_their_lock_in_their_window() {
    let caller = Caller::new(options(reference())).await;
    let control = caller.control().clone();
    let fixture = control.fixture();
    let asked = on(&fixture.free_locks[0])
        .with_text(Field::UserId, caller.user("guest-1").await)
        .with_text(Field::UserEmail, "guest@example.org")
        .with_text(Field::RequestKey, "m-1")
        .with(Field::MobileFrom, Datum::Instant(at(10)))
        .with(Field::MobileUntil, Datum::Instant(at(20)));
    let made = caller.must("create_mobile", asked).await;
    let id = CredentialId::new(made.text(&Field::MobileId).expect("an id"));
    assert!(!control.phone(&fixture.free_locks[0], &id).opened);
    control.advance(minutes(10)).await;
    assert!(control.phone(&fixture.free_locks[0], &id).opened);
    assert!(!control.phone(&fixture.free_locks[1], &id).opened);
    control.advance(minutes(10)).await;
    assert!(!control.phone(&fixture.free_locks[0], &id).opened);
}

#[tokio::test]
async fn the_same_seed_and_script_give_the_same_bytes() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let caller = Caller::new(options(reference())).await;
        let lock = caller.control().fixture().free_locks[0].clone();
        caller.give_pin(&lock, "2580", "k-1").await.expect("given");
        let (base, request) = caller.wire("list_pins", &paged(on(&lock)));
        runs.push((caller.session.clone(), caller.send(&base, &request).await.expect("an answer").body));
    }
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn reset_is_whole_and_worlds_are_apart() {
    let one = Caller::new(options(reference())).await;
    let two = Caller::new(options(reference())).await;
    let lock = one.control().fixture().free_locks[0].clone();
    one.give_pin(&lock, "2580", "k-1").await.expect("given");
    assert_eq!(two.must("list_pins", paged(on(&lock))).await.items.len(), 0);
    let fault = Fault { place: Place::default(), schedule: Schedule::default(), effect: Effect::Garbage };
    one.control().inject(fault);
    one.control().reset();
    assert_eq!(one.control().faults(), []);
    let (base, request) = one.wire("list_pins", &paged(on(&lock)));
    assert_eq!(one.send(&base, &request).await.expect("an answer").status, 401, "tokens are gone too");
}
