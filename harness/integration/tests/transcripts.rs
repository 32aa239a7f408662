//! Every function against the vendors' own bytes: what is sent must be what the
//! transcripts show, and their answers, which no engine of ours has made, must
//! be understood.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::harness::evidence::Recorder;
use crate::harness::integration::{
    AccessChange, Clocks, Connection, Contact, Integration, MobileRequest, PinAccess, PinRequest, Scope,
    Timeouts,
};
use crate::vendors::profile;
use crate::vendors::transcript::{self, Exchange};
use crate::vendors::vocabulary::{
    AccessId, Clock, FailureKind, GroupId, Instant, LockId, Pin, RunName, Secret, Window, Word,
};
use crate::vendors::wire::WireRequest;

const REFERENCE: &str = include_str!("../../../vendors/locks/reference.wire");
const SEAM: &str = include_str!("../../../vendors/locks/seam.wire");

/// What only our side knows of an exchange.
const OURS: [&str; 2] = ["lockstep-exchange", "lockstep-criterion"];

/// What every setting has.
pub(super) const SETTING: &str = "7946f0d923934a61baefb3303de4d132";

/// A vendor that expects the exchanges of its script, one after the other.
pub(super) struct Vendor {
    server: MockServer,
    left: Arc<Mutex<VecDeque<Exchange>>>,
    problems: Arc<Mutex<Vec<String>>>,
    pub(super) integration: Integration,
    clock: Clock,
}

impl Vendor {
    pub(super) async fn new(
        name: &str,
        text: &str,
        now: &str,
        secrets: &[(&str, &str)],
        script: &[&str],
    ) -> Self {
        let all = transcript::parse(text).expect("a transcript");
        let pick = |wanted: &&str| {
            let found = all.iter().find(|exchange| {
                wanted.split_once(": ") == Some((exchange.operation.as_str(), exchange.title.as_str()))
            });
            found.cloned().unwrap_or_else(|| panic!("no exchange `{wanted}`"))
        };
        let left: Arc<Mutex<VecDeque<Exchange>>> = Arc::new(Mutex::new(script.iter().map(pick).collect()));
        let problems: Arc<Mutex<Vec<String>>> = Arc::default();
        let server = MockServer::start().await;
        let (queue, told) = (Arc::clone(&left), Arc::clone(&problems));
        let answer = move |request: &Request| {
            let Some(expected) = queue.lock().expect("a lock").pop_front() else {
                told.lock().expect("a lock").push(format!("{} was not expected", request.url));
                return ResponseTemplate::new(599);
            };
            let found = transcript::differences(&as_written(request, &expected), &expected.request);
            let place = |what| format!("line {}: {what}", expected.line);
            told.lock().expect("a lock").extend(found.into_iter().map(place));
            replied(&expected)
        };
        Mock::given(any()).respond_with(answer).mount(&server).await;

        let dialect = profile::load(name).expect("the embedded profile compiles");
        let connection = Connection {
            servers: dialect.servers.iter().map(|(name, _)| (name.clone(), server.uri())).collect(),
            secrets: secrets.iter().map(|(name, text)| ((*name).to_owned(), Secret::new(*text))).collect(),
            settings: dialect.settings.iter().map(|(name, _)| (name.clone(), setting(name))).collect(),
        };
        let clock = Clock::stepped(at(now));
        let clocks = Clocks { harness: clock.clone(), subject: clock.clone() };
        // Names that hold the run's stay as they are, and the transcripts' do.
        let run = RunName::new("Guest");
        let timeouts = Timeouts::default();
        let integration =
            Integration::new(dialect, connection, clocks, timeouts, run, Recorder::new()).expect("complete");
        Self { server, left, problems, integration, clock }
    }

    async fn reference(script: &[&str]) -> Self {
        let secrets = [("client_id", "lockstep"), ("client_secret", "s3cr3t & more")];
        let all: Vec<&str> =
            std::iter::once(&"get_token: client credentials").chain(script).copied().collect();
        Self::new("reference", REFERENCE, "2026-03-01T11:30:00Z", &secrets, &all).await
    }

    async fn seam(script: &[&str]) -> Self {
        let secrets = [("api_key", "seam_apikey1_token")];
        Self::new("seam", SEAM, "2027-01-01T00:00:00Z", &secrets, script).await
    }

    /// What a call comes to, once the whole script was played as it is written.
    pub(super) async fn played<T>(&self, call: impl Future<Output = T>) -> T {
        let outcome = self.clock.drive(call).await;
        let problems = self.problems.lock().expect("a lock").clone();
        assert!(problems.is_empty(), "{}", problems.join("\n"));
        let left = self.left.lock().expect("a lock").len();
        assert_eq!(left, 0, "exchanges of the script were not asked for");
        assert!(!self.server.received_requests().await.unwrap_or_default().is_empty());
        outcome
    }
}

/// The settings of the transcripts, by name.
fn setting(name: &str) -> String {
    match name {
        "site_uid" => "DE4520168385".to_owned(),
        _ => SETTING.to_owned(),
    }
}

pub(super) fn at(text: &str) -> Instant {
    Instant::from_timestamp(text.parse().expect("an instant"))
}

pub(super) fn window(from: &str, until: &str) -> Window {
    Window::new(at(from), at(until))
}

/// The present in a parameter `date`: it moves on while a call waits, so that of
/// the transcript stands for any.
fn dated(pairs: Vec<(String, String)>, expected: &[(String, String)]) -> Vec<(String, String)> {
    let written = expected.iter().find(|(name, _)| name == "date").map(|(_, value)| value.clone());
    let is_now = |name: &str, value: &str| name == "date" && value.len() == 13;
    let date = |(name, value): (String, String)| match &written {
        Some(written) if is_now(&name, &value) => (name, written.clone()),
        _ => (name, value),
    };
    pairs.into_iter().map(date).collect()
}

fn dated_form(request: &Request, expected: &Exchange) -> Vec<u8> {
    let kind = request.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.contains("form-urlencoded") {
        return request.body.clone();
    }
    let pairs = |bytes: &[u8]| url::form_urlencoded::parse(bytes).into_owned().collect::<Vec<_>>();
    let made = dated(pairs(&request.body), &pairs(&expected.request.body));
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(made).finish().into_bytes()
}

/// The request in the form of a transcript. A key of the request's own is new
/// for each, so that of the transcript stands for any.
fn as_written(request: &Request, expected: &Exchange) -> WireRequest {
    let header = |name: &str, value: &str| match expected.request.header(name) {
        Some(key) if name == "idempotency-key" && value.len() == 36 => key.to_owned(),
        _ => value.to_owned(),
    };
    WireRequest {
        method: request.method.to_string(),
        path: request.url.path().to_owned(),
        query: dated(request.url.query_pairs().into_owned().collect(), &expected.request.query),
        headers: request
            .headers
            .iter()
            .filter(|(name, _)| !OURS.contains(&name.as_str()))
            .map(|(name, value)| {
                (name.to_string(), header(name.as_str(), value.to_str().unwrap_or_default()))
            })
            .collect(),
        body: dated_form(request, expected),
    }
}

fn replied(exchange: &Exchange) -> ResponseTemplate {
    let response = &exchange.response;
    let kind = response.header("content-type").unwrap_or("text/plain").to_owned();
    let template = ResponseTemplate::new(response.status).set_body_raw(response.body.clone(), &kind);
    let others = response.headers.iter().filter(|(name, _)| name != "content-type");
    others.fold(template, |template, (name, value)| template.insert_header(name.as_str(), value.as_str()))
}

pub(super) fn contact(reference: &str, name: Option<&str>, email: Option<&str>) -> Contact {
    Contact { reference: reference.into(), name: name.map(Into::into), email: email.map(Into::into) }
}

pub(super) fn one(lock: &str) -> Scope {
    Scope::Locks(vec![LockId::new(lock)])
}

#[tokio::test]
async fn reference_groups_and_locks_are_listed() {
    let vendor = Vendor::reference(&["list_groups: two groups", "list_locks: all"]).await;
    let call = async {
        let groups = vendor.integration.list_access_groups().await.expect("groups");
        (groups, vendor.integration.list_locks(None).await.expect("locks"))
    };
    let (groups, locks) = vendor.played(call).await;
    let names: Vec<Option<&str>> = groups.iter().map(|group| group.name.as_deref()).collect();
    assert_eq!(names, [Some("Erdgeschoß"), Some("\"Upper\" floor")]);
    assert_eq!(locks[0].location.as_deref(), Some("First floor, east"));
    assert_eq!(locks[0].group, Some(GroupId::new("g-1")));
}

#[tokio::test]
async fn reference_status_is_read_and_an_expired_token_replaced() {
    let vendor = Vendor::reference(&["get_lock: a lock that is online"]).await;
    let status =
        vendor.played(vendor.integration.get_lock_status(&LockId::new("l-1"))).await.expect("a status");
    assert_eq!((status.battery, status.battery_low), (Some(80), Some(false)));
    assert_eq!((status.bolt, status.door), (Some(Word::Locked), Some(Word::Closed)));
    assert_eq!(status.last_seen, Some(at("2026-03-01T11:59:30Z")));
    let vendor = Vendor::reference(&["get_lock: an unknown lock"]).await;
    let failure = vendor.played(vendor.integration.get_lock_status(&LockId::new("none such"))).await;
    assert_eq!(failure.expect_err("unknown").kind, FailureKind::NotFound);
}

#[tokio::test]
async fn a_reference_pin_is_created_listed_changed_and_removed() {
    let vendor = Vendor::reference(&[
        "upsert_user: without an e-mail address",
        "assign_access: to one lock",
        "set_pin: accepted",
        "poll_job: the PIN is at the lock",
        "list_pins: one",
        "update_pin: another window at its lock",
        "remove_pin: done",
    ])
    .await;
    let request = PinRequest {
        user: contact("inlet-4711", Some("Zoë \"Z\" Müller"), None),
        scope: one("l-1"),
        window: window("2026-03-29T00:30:00Z", "2026-03-29T02:30:00Z"),
        pin: Some(Pin::new("0471").expect("a PIN")),
        name: "Guest 4711".into(),
    };
    let later = window("2026-03-29T01:00:00Z", "2026-03-29T04:00:00Z");
    let call = async {
        let inlet = &vendor.integration;
        let made = inlet.create_pin_access(&request).await.expect("a PIN");
        let listed = inlet.list_pin_access(&LockId::new("l-1")).await.expect("a list");
        let change = AccessChange { window: Some(later), scope: None };
        let changed = inlet.change_pin_access(&made, &change).await.expect("a change");
        inlet.remove_pin_access(&changed).await.expect("a removal");
        (made, listed, changed)
    };
    let (made, listed, changed) = vendor.played(call).await;
    assert_eq!(made.typed.as_ref().map(Pin::keys), Some("0471#"));
    assert_eq!(listed.len(), 1);
    assert_eq!((&listed[0].id, listed[0].state), (&made.id, Some(Word::Active)));
    assert_eq!(listed[0].window, Some(request.window));
    assert_eq!((&changed.id, changed.window), (&made.id, Some(later)));
    assert_eq!(changed.typed, made.typed);
}

#[tokio::test]
async fn a_reference_pin_in_use_is_a_conflict_and_taken_back() {
    let vendor = Vendor::reference(&[
        "upsert_user: without an e-mail address",
        "assign_access: to one lock",
        "set_pin: a PIN in use",
        "remove_pin: done",
    ])
    .await;
    let request = PinRequest {
        user: contact("inlet-4711", Some("Zoë \"Z\" Müller"), None),
        scope: one("l-1"),
        window: window("2026-03-29T00:30:00Z", "2026-03-29T02:30:00Z"),
        pin: Some(Pin::new("0471").expect("a PIN")),
        name: "Guest 4711".into(),
    };
    let failure = vendor.played(vendor.integration.create_pin_access(&request)).await.expect_err("in use");
    assert_eq!((failure.kind, failure.not_undone.len()), (FailureKind::Conflict, 0));
}

#[tokio::test]
async fn a_reference_key_is_created_listed_and_removed() {
    let vendor = Vendor::reference(&[
        "upsert_user: with an e-mail address",
        "create_mobile: an invitation",
        "list_mobile: one, not yet accepted",
        "remove_mobile: done",
    ])
    .await;
    let request = MobileRequest {
        user: contact("inlet-4712", None, Some("guest@example.com")),
        scope: one("l-1"),
        window: window("2026-03-01T12:00:00Z", "2026-03-03T12:00:00Z"),
        name: "Guest".into(),
    };
    let call = async {
        let inlet = &vendor.integration;
        let made = inlet.create_mobile_access(&request).await.expect("a key");
        let listed = inlet.list_mobile_access(&made).await.expect("a list");
        inlet.remove_mobile_access(&made).await.expect("a removal");
        (made, listed)
    };
    let (made, listed) = vendor.played(call).await;
    assert_eq!(made.invitation.as_ref().map(Secret::expose), Some("https://reference-lock.example/i/m-1"));
    assert_eq!(made.user.as_ref().map(|user| user.as_str()), Some("u-1"));
    assert_eq!((listed.len(), &listed[0].id, listed[0].state), (1, &made.id, Some(Word::Pending)));
    assert_eq!(listed[0].window, Some(request.window));
}

#[tokio::test]
async fn a_reference_door_is_opened_held_and_brought_back() {
    let lock = LockId::new("l-1");
    let script = ["unlock: for five seconds", "poll_job: under way", "poll_job: unlocked"];
    let vendor = Vendor::reference(&script).await;
    vendor.played(vendor.integration.unlock(&lock)).await.expect("it opens");

    let vendor = Vendor::reference(&["hold_open: until noon", "poll_job: held open"]).await;
    let hold = vendor.played(vendor.integration.hold_open(&lock, Duration::from_secs(1800))).await;
    let hold = hold.expect("it is held");
    assert_eq!((hold.until, hold.ends_by_us), (at("2026-03-01T12:00:00Z"), false));

    let vendor = Vendor::reference(&["release_hold: at once", "poll_job: back to normal"]).await;
    vendor.played(vendor.integration.return_to_normal(&lock)).await.expect("it is normal again");
}

#[tokio::test]
async fn a_reference_door_that_does_not_move_is_told_why() {
    let lock = LockId::new("l-1");
    for (last, kind, why) in [
        ("poll_job: failed at the lock", FailureKind::Server, "the bolt is jammed"),
        ("poll_job: the lock was offline", FailureKind::Offline, ""),
    ] {
        let vendor = Vendor::reference(&["unlock: for five seconds", "poll_job: under way", last]).await;
        let failure = vendor.played(vendor.integration.unlock(&lock)).await.expect_err(last);
        assert_eq!(failure.kind, kind);
        assert!(failure.message.contains(why), "{}", failure.message);
    }
}

#[tokio::test]
async fn a_reference_pin_is_computed_for_a_wider_window() {
    let vendor = Vendor::reference(&["algo_pin: widened to whole hours"]).await;
    let asked = window("2026-03-01T12:20:00Z", "2026-03-01T14:40:00Z");
    let (pin, given) =
        vendor.played(vendor.integration.algo_pin(&LockId::new("l-1"), asked)).await.expect("a PIN");
    assert_eq!(pin.keys(), "00417731#");
    assert_eq!(given, window("2026-03-01T12:00:00Z", "2026-03-01T15:00:00Z"));
}

#[tokio::test]
async fn seam_accounts_and_locks_are_listed() {
    let script = ["list_groups: a workspace without accounts"];
    let key = [("api_key", "seam_apikey2_token")];
    let vendor = Vendor::new("seam", SEAM, "2027-01-01T00:00:00Z", &key, &script).await;
    assert_eq!(vendor.played(vendor.integration.list_access_groups()).await.expect("none"), []);

    let vendor = Vendor::seam(&["list_locks: every lock of the workspace"]).await;
    let locks = vendor.played(vendor.integration.list_locks(None)).await.expect("locks");
    let ids: Vec<&str> = locks.iter().map(|lock| lock.id.as_str()).collect();
    assert_eq!(ids, ["august_device_1", "schlage_device_id"]);

    let vendor = Vendor::seam(&["list_locks: the locks of one account"]).await;
    let group = GroupId::new("john_connected_account_id");
    let locks = vendor.played(vendor.integration.list_locks(Some(&group))).await.expect("locks");
    assert!(locks.len() == 2 && locks.iter().all(|lock| lock.group.as_ref() == Some(&group)));

    let script = ["list_groups: a wrong key"];
    let key = [("api_key", "seam_wrong_key")];
    let vendor = Vendor::new("seam", SEAM, "2027-01-01T00:00:00Z", &key, &script).await;
    let failure = vendor.played(vendor.integration.list_access_groups()).await.expect_err("wrong");
    assert_eq!(failure.kind, FailureKind::Credentials);
}

#[tokio::test]
async fn seam_status_is_read() {
    let vendor = Vendor::seam(&["get_lock: a locked door"]).await;
    let lock = LockId::new("august_device_1");
    let status = vendor.played(vendor.integration.get_lock_status(&lock)).await.expect("a status");
    assert_eq!((status.battery, status.bolt), (Some(100), Some(Word::Locked)));
    assert_eq!((status.reachable, status.last_seen), (Some(true), None));
}

#[tokio::test]
async fn a_seam_code_is_created_listed_changed_and_removed() {
    let vendor = Vendor::seam(&[
        "create_pin: a code for two days",
        "list_pins: the codes of a lock",
        "update_pin: another window",
        "remove_pin: a code",
        "list_pins: the codes of a lock",
        "list_pins: the last code is gone",
    ])
    .await;
    let request = PinRequest {
        user: contact("inlet-1", None, None),
        scope: one("august_device_1"),
        window: window("2027-01-10T14:00:00Z", "2027-01-12T10:00:00Z"),
        pin: Some(Pin::new("4821").expect("a PIN")),
        name: "Guest A".into(),
    };
    let later = window("2027-01-11T14:00:00Z", "2027-01-13T10:00:00Z");
    let call = async {
        let inlet = &vendor.integration;
        let made = inlet.create_pin_access(&request).await.expect("a code");
        let listed = inlet.list_pin_access(&LockId::new("august_device_1")).await.expect("a list");
        let change = AccessChange { window: Some(later), scope: None };
        inlet.change_pin_access(&made, &change).await.expect("a change");
        let third = PinAccess { id: AccessId::new("access_code3"), ..made.clone() };
        inlet.remove_pin_access(&third).await.expect("a removal");
        (made, listed)
    };
    let (made, listed) = vendor.played(call).await;
    assert_eq!((made.typed.as_ref().map(Pin::keys), made.state), (Some("4821"), Some(Word::Pending)));
    let states: Vec<Option<Word>> = listed.iter().map(|access| access.state).collect();
    assert_eq!(states, [Some(Word::Active), Some(Word::Pending), Some(Word::Removing)]);
    assert_eq!((&listed[0].id, listed[0].window), (&made.id, Some(request.window)));
    assert_eq!((listed[1].window, listed[2].name.as_deref()), (None, None));
}

#[tokio::test]
async fn a_seam_door_is_opened_and_locked() {
    let lock = LockId::new("august_device_1");
    let script = ["unlock: a door", "poll_job: a command under way", "poll_job: a command carried out"];
    let vendor = Vendor::seam(&script).await;
    vendor.played(vendor.integration.unlock(&lock)).await.expect("it opens");

    for (last, kind) in [
        ("poll_job: a lock that is offline", FailureKind::Offline),
        ("poll_job: a command that failed otherwise", FailureKind::Server),
    ] {
        let vendor = Vendor::seam(&["unlock: a door", last]).await;
        let failure = vendor.played(vendor.integration.unlock(&lock)).await.expect_err(last);
        assert_eq!(failure.kind, kind, "{last}");
    }
}
