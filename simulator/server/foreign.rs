//! Requests of other clients than ours, answered by the simulated vendors: what a
//! team that builds against one of them sends from its own code.

use serde_json::{Value, json};

use super::{Sandbox, SandboxOptions, Wire};
use crate::simulator::Fleet;
use crate::vendors::profile;
use crate::vendors::vocabulary::{Clock, Instant, LockId};
use crate::vendors::wire::{WireRequest, WireResponse};

/// 2026-08-20T12:00:00Z.
const NOON: i64 = 1_787_227_200_000;

/// A vendor of that name, with the clock that its world lives on.
struct Vendor {
    sandbox: Sandbox,
    clock: Clock,
    token: String,
}

impl Vendor {
    fn new(name: &str) -> Self {
        let clock = Clock::stepped(Instant::from_epoch_ms(NOON));
        let sandbox = Sandbox::new(SandboxOptions {
            name: "main".to_owned(),
            dialect: profile::load(name).expect("an embedded profile"),
            seed: 7,
            clock: clock.clone(),
            fleet: Fleet::fixture(),
            misbehaviour: None,
            variation: None,
        });
        Self { sandbox, clock, token: String::new() }
    }

    fn secret(&self, name: &str) -> String {
        let state = self.sandbox.state();
        let found = state.world.secrets().iter().find(|(known, _)| known.as_str() == name);
        found.expect("a secret of the profile").1.expose().to_owned()
    }

    fn lock(&self, nth: usize) -> LockId {
        let state = self.sandbox.state();
        state.world.fixture().expect("a fixture").free_locks[nth].clone()
    }

    /// Sends a request with the session's token, and answers with what came.
    fn send(&self, method: &str, address: &str, kind: &str, body: &[u8]) -> WireResponse {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let mut headers = vec![("content-type".to_owned(), kind.to_owned())];
        if !self.token.is_empty() {
            headers.push(("authorization".to_owned(), format!("Bearer {}", self.token)));
        }
        let request = WireRequest {
            method: method.to_owned(),
            path: path.to_owned(),
            query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            headers,
            body: body.to_vec(),
        };
        match self.sandbox.exchange(request, "http://127.0.0.1:1").wire {
            Wire::Answer(answer) => answer,
            other => panic!("no answer: {other:?}"),
        }
    }

    fn json(&self, method: &str, address: &str, body: &Value) -> (u16, Value) {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        told(self.send(method, address, "application/json", &body))
    }

    fn form(&self, address: &str, form: &str) -> (u16, Value) {
        told(self.send("POST", address, "application/x-www-form-urlencoded", form.as_bytes()))
    }

    fn get(&self, address: &str) -> (u16, Value) {
        self.json("GET", address, &Value::Null)
    }

    /// What the journal says of the last exchange.
    fn note(&self) -> String {
        let state = self.sandbox.state();
        let last = state.journal.since(0, 1_000).pop().expect("an exchange");
        last.note.clone().unwrap_or_default()
    }
}

fn told(answer: WireResponse) -> (u16, Value) {
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or(Value::Null))
}

fn igloohome() -> Vendor {
    use base64::Engine as _;

    let mut vendor = Vendor::new("igloohome");
    let pair = format!("{}:{}", vendor.secret("client_id"), vendor.secret("client_secret"));
    let basic = base64::engine::general_purpose::STANDARD.encode(pair);
    let request = WireRequest {
        method: "POST".to_owned(),
        path: "/oauth2/token".to_owned(),
        headers: vec![("authorization".to_owned(), format!("Basic {basic}"))],
        body: b"grant_type=client_credentials".to_vec(),
        ..WireRequest::default()
    };
    let Wire::Answer(answer) = vendor.sandbox.exchange(request, "http://127.0.0.1:1").wire else {
        panic!("no token");
    };
    vendor.token = told(answer).1["access_token"].as_str().expect("a token").to_owned();
    vendor
}

#[test]
fn a_computed_pin_of_igloohome_lasts_as_long_as_its_route_allows() {
    let vendor = igloohome();
    let lock = vendor.lock(0);
    let ask = |route: &str, from: &str, until: &str| {
        let body = json!({ "variance": 1, "startDate": from, "endDate": until, "accessName": "Ada" });
        vendor.json("POST", &format!("/igloohome/devices/{lock}/algopin/{route}"), &body).0
    };
    let from = "2026-08-20T16:00:00+02:00";
    for (route, until, status) in [
        ("hourly", "2026-08-20T17:00:00+02:00", 200),
        ("hourly", "2026-09-17T16:00:00+02:00", 200),
        ("hourly", "2026-09-17T17:00:00+02:00", 400),
        ("hourly", "2026-11-18T16:00:00+02:00", 400),
        ("hourly", "2026-08-20T16:30:00+02:00", 400),
        ("daily", "2026-09-17T16:00:00+02:00", 400),
        ("daily", "2026-09-18T16:00:00+02:00", 200),
        ("daily", "2026-09-18T17:00:00+02:00", 400),
        ("daily", "2027-08-22T16:00:00+02:00", 200),
        ("daily", "2027-08-23T16:00:00+02:00", 400),
    ] {
        assert_eq!(ask(route, from, until), status, "{route} until {until}");
    }
}

#[tokio::test]
async fn a_pin_of_igloohome_for_one_use_opens_once_and_one_for_good_stays() {
    let vendor = igloohome();
    let lock = vendor.lock(0);
    let ask = |route: &str, variance: u32| {
        let body = json!({ "variance": variance, "startDate": "2026-08-20T12:00:00+00:00", "accessName": "Ada" });
        vendor.json("POST", &format!("/igloohome/devices/{lock}/algopin/{route}"), &body)
    };
    let (status, once) = ask("onetime", 5);
    assert_eq!(status, 200, "{once}");
    assert!(once["pinId"].is_string(), "{once}");
    assert_eq!(ask("onetime", 6).0, 400, "there are five");
    assert_eq!(ask("permanent", 4).0, 400, "there are three");
    let (_, kept) = ask("permanent", 1);
    assert_ne!(once["pin"], kept["pin"]);
    let opens = |answer: &Value| {
        let mut state = vendor.sandbox.state();
        let index = state.world.lock_index(&lock).expect("a lock");
        state.world.keypad(index, answer["pin"].as_str().expect("a PIN")).opened
    };
    assert!(opens(&once) && !opens(&once));
    assert!(opens(&kept) && opens(&kept));
    vendor.clock.advance(std::time::Duration::from_secs(400 * 24 * 3600)).await;
    assert!(opens(&kept));
}

#[tokio::test]
async fn jobs_at_a_bridge_of_igloohome_wait_for_their_turn_and_twenty_at_most() {
    let vendor = igloohome();
    let lock = vendor.lock(0);
    let (_, devices) = vendor.get("/igloohome/devices");
    let links = |device: &&Value| {
        let linked = device["linkedDevices"].as_array();
        linked.is_some_and(|all| all.iter().any(|one| one["deviceId"] == lock.as_str()))
    };
    let mut bridge = devices["payload"].as_array().expect("devices").iter().find(links).cloned();
    let mut cursor = devices["nextCursor"].clone();
    while bridge.is_none() {
        let next = cursor.as_str().expect("another page").to_owned();
        let (_, page) = vendor.get(&format!("/igloohome/devices?cursor={next}"));
        bridge = page["payload"].as_array().expect("devices").iter().find(links).cloned();
        cursor = page["nextCursor"].clone();
    }
    let bridge = bridge.expect("a bridge")["deviceId"].as_str().expect("an id").to_owned();
    let route = format!("/igloohome/devices/{lock}/jobs/bridges/{bridge}");
    let mut jobs = Vec::new();
    for _ in 0..20 {
        let (status, told) = vendor.json("POST", &route, &json!({ "jobType": 9 }));
        assert_eq!(status, 200, "{told}");
        jobs.push(told["jobId"].as_str().expect("a job").to_owned());
    }
    let (status, _) = vendor.json("POST", &route, &json!({ "jobType": 9 }));
    assert!((400..500).contains(&status), "the twenty-first: {status}");
    let job = |nth: usize| vendor.get(&format!("/igloohome/jobs/{}", jobs[nth])).1;
    assert_eq!(job(0), json!({ "jobId": jobs[0], "completed": false }));
    vendor.clock.advance(std::time::Duration::from_secs(16)).await;
    let done = json!({ "jobId": jobs[0], "completed": true, "jobResponse": { "jobStatus": 0 } });
    assert_eq!(job(0), done);
    assert_eq!(job(2)["completed"], false, "two a minute");
    vendor.clock.advance(std::time::Duration::from_secs(30)).await;
    assert_eq!(job(2)["completed"], true);
    assert_eq!(job(19)["completed"], false);
    vendor.clock.advance(std::time::Duration::from_secs(18 * 30)).await;
    assert_eq!(job(19)["completed"], true);
}
