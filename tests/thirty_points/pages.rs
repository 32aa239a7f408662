//! Lists of every sort, read to their end.

use std::collections::BTreeMap;
use std::time::Duration;

use lockstep::harness::evidence::Recorder;
use lockstep::harness::integration::{Clocks, Connection, Integration, PinRequest, Timeouts};
use lockstep::simulator::{Effect, Fault, Place, Schedule};
use lockstep::vendors::vocabulary::{Clock, FailureKind, Instant, Pin, RunName, Secret};
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::bench::{Bench, dialect};

#[tokio::test]
async fn a_call_waits_until_the_instant_that_the_vendor_names() {
    let bench = Bench::of("pages").await;
    bench.control().inject(Fault {
        place: Place { operation: Some("list_groups".to_owned()), ..Place::default() },
        schedule: Schedule { times: Some(1), ..Schedule::default() },
        effect: Effect::RateLimit(Duration::from_secs(47)),
    });
    let before = bench.clock.now();
    bench.clock.drive(bench.integration.list_access_groups()).await.unwrap();
    assert_eq!(bench.clock.now().since(before).as_secs(), 47);
}

#[tokio::test]
async fn links_are_followed_to_the_last_page() {
    let bench = Bench::of("pages").await;
    let groups = bench.clock.drive(bench.integration.list_access_groups()).await.unwrap();
    let really = bench.control().groups();
    assert!(really.len() > 2, "more than a page");
    assert_eq!(groups.len(), really.len());
    assert_eq!(bench.asked().len(), really.len().div_ceil(2));
}

#[tokio::test]
async fn locks_are_read_by_top_and_skip() {
    let bench = Bench::of("pages").await;
    let locks = bench.clock.drive(bench.integration.list_locks(None)).await.unwrap();
    assert_eq!(locks.len(), bench.control().locks().len());
    assert!(bench.asked().len() > 2);
}

#[tokio::test]
async fn a_list_that_is_capped_is_not_taken_for_the_whole() {
    let bench = Bench::of("pages").await;
    for n in 0..5_u32 {
        let request = PinRequest { pin: Some(Pin::new(&format!("90{n}1")).unwrap()), ..bench.pin_request() };
        bench.clock.drive(bench.integration.create_pin_access(&request)).await.unwrap();
        let listed = bench.clock.drive(bench.integration.list_pin_access(&bench.lock(0))).await;
        match listed {
            Ok(listed) => assert!(n < 4 && listed.len() as u32 == n + 1, "{n}: {}", listed.len()),
            Err(failure) => assert_eq!((n, failure.kind), (4, FailureKind::Unsupported)),
        }
    }
}

#[tokio::test]
async fn a_link_to_another_server_is_not_followed() {
    let elsewhere = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&elsewhere).await;
    let vendor = MockServer::start().await;
    let (near, far) = (format!("{}/v1/groups?starting_after=x", vendor.uri()), elsewhere.uri());
    let answer = move |request: &Request| {
        let first = !request.url.query().unwrap_or_default().contains("starting_after");
        let next = if first { near.clone() } else { format!("{far}/v1/groups") };
        let id = if first { "g-1" } else { "g-2" };
        ResponseTemplate::new(200)
            .set_body_json(json!({"groups": [{"id": id, "name": "East"}], "next_page_link": next}))
    };
    Mock::given(any()).respond_with(answer).mount(&vendor).await;
    let clock = Clock::stepped(Instant::from_epoch_ms(1_772_366_400_000));
    let connection = Connection {
        servers: BTreeMap::from([("api".to_owned(), format!("{}/v1", vendor.uri()))]),
        secrets: BTreeMap::from([("key".to_owned(), Secret::new("k-1"))]),
        settings: BTreeMap::new(),
    };
    let clocks = Clocks { harness: clock.clone(), subject: clock.clone() };
    let (run, recorder) = (RunName::new("t1"), Recorder::new());
    let inlet =
        Integration::new(dialect("pages"), connection, clocks, Timeouts::default(), run, recorder).unwrap();
    let failure = clock.drive(inlet.list_access_groups()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Protocol);
    assert!(failure.to_string().contains("another server"), "{failure}");
    assert_eq!(vendor.received_requests().await.unwrap_or_default().len(), 2);
    assert_eq!(
        elsewhere.received_requests().await.unwrap_or_default().len(),
        0,
        "the key would have gone there"
    );
}

#[tokio::test]
async fn a_list_that_is_unchanged_is_not_told_again() {
    let bench = Bench::of("versions").await;
    let lock = bench.lock(0);
    let list = || bench.integration.list_pin_access(&lock);
    assert_eq!(bench.clock.drive(list()).await.unwrap().len(), 0);
    bench.clock.drive(bench.integration.create_pin_access(&bench.pin_request())).await.unwrap();
    let (told, kept) = (bench.clock.drive(list()).await.unwrap(), bench.clock.drive(list()).await.unwrap());
    assert_eq!((told.len(), kept.len()), (1, 1));
    let statuses: Vec<u16> = bench
        .recorder
        .exchanges()
        .into_iter()
        .filter(|exchange| exchange.operation == "list_pins")
        .map(|exchange| match exchange.response {
            lockstep::harness::result::Received::Answer { status, .. } => status,
            _ => 0,
        })
        .collect();
    assert_eq!(statuses, [200, 200, 304]);
    // Another lock's list is another one.
    assert_eq!(bench.clock.drive(bench.integration.list_pin_access(&bench.lock(1))).await.unwrap().len(), 0);
}
