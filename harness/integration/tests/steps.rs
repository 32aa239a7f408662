//! The rarer verbs of plans and ways of paging, over small profiles.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use wiremock::{Request, ResponseTemplate};

use super::bench::{Bench, CANARY, compiled};
use crate::vendors::vocabulary::{FailureKind, Function};

/// A profile with these parts; every function beside `offered` is absent.
fn profile(auth: &str, parts: &str, offered: &[(&str, &str)]) -> String {
    let functions: String = Function::ALL
        .iter()
        .filter(|function| {
            function.is_asked_for() || offered.iter().any(|(name, _)| *name == function.as_str())
        })
        .map(|function| {
            let plan = offered.iter().find(|(name, _)| *name == function.as_str()).map(|(_, plan)| *plan);
            format!("{} = {}\n", function.as_str(), plan.unwrap_or("{ unsupported = \"not here\" }"))
        })
        .collect();
    format!(
        r#"
schema = "lockstep.profile/1"
kind = "lock-vendor"
name = "small"
title = "Small"
vendor = "Nobody"
version = "1"
notes = "For a test."

[servers]
api = "https://api.small.example"

[secrets]
api_key = "The key"

{auth}
{parts}
[functions]
{functions}"#
    )
}

const KEY: &str = "[auth.api_key]\nsecret = \"api_key\"\nheader = \"X-Key\"\n";

fn query(request: &Request, name: &str) -> usize {
    let found = request.url.query_pairs().find(|(key, _)| key == name);
    found.and_then(|(_, value)| value.parse().ok()).unwrap_or_default()
}

#[tokio::test]
async fn offsets_count_the_items_that_were_read() {
    let parts = r#"
[operations.list_groups]
request = "GET /groups"
query = { skip = "{page.offset}", take = "{page.size}" }
response = '{ "data": [ { "id": "{group.id}" } ], "count": "{page.total}" }'
paging = { by = "offset", size = 2 }
"#;
    let text = profile(KEY, parts, &[("list_access_groups", "[\"list_groups\"]")]);
    let bench = Bench::of(compiled(&text)).await;
    bench
        .respond("GET", "^/groups$", |request| {
            let (from, take) = (query(request, "skip"), query(request, "take"));
            let items: Vec<Value> =
                (from..(from + take).min(5)).map(|n| json!({"id": n.to_string()})).collect();
            ResponseTemplate::new(200).set_body_json(json!({"data": items, "count": 5}))
        })
        .await;
    let found = bench.clock.drive(bench.integration.list_access_groups()).await.expect("a list");
    let ids: Vec<&str> = found.iter().map(|group| group.id.as_str()).collect();
    assert_eq!(ids, ["0", "1", "2", "3", "4"]);
    let asked = bench.asked("GET", "/groups").await;
    assert_eq!(asked.iter().map(|request| query(request, "skip")).collect::<Vec<_>>(), [0, 2, 4]);
}

#[tokio::test]
async fn a_page_cut_short_by_the_vendor_is_not_taken_for_the_last() {
    let parts = r#"
[operations.list_groups]
request = "GET /groups"
query = { page = "{page.number}", size = "{page.size}" }
response = '{ "data": [ { "id": "{group.id}" } ] }'
paging = { by = "page", size = 50 }
"#;
    let text = profile(KEY, parts, &[("list_access_groups", "[\"list_groups\"]")]);
    let bench = Bench::of(compiled(&text)).await;
    bench
        .respond("GET", "^/groups$", |request| {
            let from = (query(request, "page") - 1) * 20;
            let items: Vec<Value> =
                (from..(from + 20).min(50)).map(|n| json!({"id": n.to_string()})).collect();
            ResponseTemplate::new(200).set_body_json(json!({"data": items}))
        })
        .await;
    let found = bench.clock.drive(bench.integration.list_access_groups()).await.expect("a list");
    assert_eq!((found.len(), bench.asked("GET", "/groups").await.len()), (50, 4));
}

const REFRESHING: &str = r#"
[operations.get_token]
request = "POST /token"
form = { grant_type = "password", key = "{secret.api_key}" }
response = '{ "token": "{auth.token}", "refresh": "{auth.refresh}", "seconds": "{auth.expires_in | int}" }'

[operations.refresh_token]
request = "POST /refresh"
form = { refresh = "{auth.refresh}" }
response = '{ "token": "{auth.token}", "seconds": "{auth.expires_in | int}" }'

[[operations.refresh_token.errors]]
status = 401
is = "credentials"

[operations.list_groups]
request = "GET /groups"
response = '{ "data": [ { "id": "{group.id}" } ] }'
"#;

async fn refreshing() -> Bench {
    let auth = "[auth.oauth2]\ntoken = \"get_token\"\nrefresh = \"refresh_token\"\nrenew_before = \"10 s\"\n";
    let text = profile(auth, REFRESHING, &[("list_access_groups", "[\"list_groups\"]")]);
    let bench = Bench::of(compiled(&text)).await;
    let first = json!({"token": "first-token", "refresh": "the-refresh", "seconds": 60});
    bench.answer("POST", "/token", 200, first).await;
    bench.answer("GET", "/groups", 200, json!({"data": []})).await;
    bench
}

async fn list_now_and_in_a_minute(bench: &Bench) {
    let work = async {
        bench.integration.list_access_groups().await.expect("a list");
        bench.clock.sleep(Duration::from_secs(55)).await;
        bench.integration.list_access_groups().await.expect("a list");
    };
    bench.clock.drive(work).await;
}

async fn tokens_used(bench: &Bench) -> Vec<String> {
    let asked = bench.asked("GET", "/groups").await;
    let header = |request: &Request| request.headers.get("authorization").map(|value| format!("{value:?}"));
    asked.iter().filter_map(header).collect()
}

#[tokio::test]
async fn a_token_is_renewed_by_its_refresh_token() {
    let bench = refreshing().await;
    bench.answer("POST", "/refresh", 200, json!({"token": "second-token", "seconds": 60})).await;
    list_now_and_in_a_minute(&bench).await;
    assert_eq!(tokens_used(&bench).await, ["\"Bearer first-token\"", "\"Bearer second-token\""]);
    assert_eq!(bench.asked("POST", "/token").await.len(), 1);
    let sent = &bench.asked("POST", "/refresh").await[0];
    assert_eq!(String::from_utf8_lossy(&sent.body), "refresh=the-refresh");
    let evidence = bench.evidence();
    for hidden in ["first-token", "second-token", "the-refresh", CANARY] {
        assert!(!evidence.contains(hidden), "{hidden} in {evidence}");
    }
    let known: Vec<String> =
        bench.recorder.secrets().all().iter().map(|secret| secret.expose().to_owned()).collect();
    assert_eq!(known, [CANARY, "first-token", "the-refresh", "second-token"]);
}

#[tokio::test]
async fn where_the_refresh_token_is_refused_a_new_one_is_fetched() {
    let bench = refreshing().await;
    bench.empty("POST", "/refresh", 401).await;
    list_now_and_in_a_minute(&bench).await;
    assert_eq!(bench.asked("POST", "/refresh").await.len(), 1);
    assert_eq!(bench.asked("POST", "/token").await.len(), 2);
}

const LATE: &str = r#"
[operations.create_pin]
meaning = "set_pin"
request = "POST /codes"
body = '{ "name": "{access.name}", "code": "{access.pin}", "lock": "{lock.id}" }'
response = '{ "ok": true }'

[operations.list_pins]
request = "GET /locks/{lock.id}/codes"
response = '{ "codes": [ { "id": "{access.id}", "name": "{access.name}" } ] }'
"#;

/// A vendor that names a PIN only in the `nth` list after its creation.
async fn late(nth: u32) -> Bench {
    let plan = r#"["create_pin", { wait = "5 s" }, { find = "list_pins", by = ["access.name"], every = "2 s", within = "10 s" }]"#;
    let offered = [("create_pin_access", plan), ("list_pin_access", "[\"list_pins\"]")];
    let bench = Bench::of(compiled(&profile(KEY, LATE, &offered))).await;
    bench.answer("POST", "/codes", 200, json!({"ok": true})).await;
    let lists = AtomicU32::new(0);
    bench
        .respond("GET", "^/locks/l-1/codes$", move |_| {
            let mut codes = vec![json!({"id": "c-0", "name": "somebody else's"})];
            if lists.fetch_add(1, Ordering::Relaxed) + 1 >= nth {
                codes.push(json!({"id": "c-1", "name": "lockstep-t1-stay"}));
            }
            ResponseTemplate::new(200).set_body_json(json!({"codes": codes}))
        })
        .await;
    bench
}

#[tokio::test]
async fn what_has_no_id_yet_is_waited_for_and_found_by_its_name() {
    let bench = late(3).await;
    let (request, began) = (bench.pin_request(), bench.clock.now());
    let access = bench.clock.drive(bench.integration.create_pin_access(&request)).await.expect("a PIN");
    assert_eq!(access.id.as_str(), "c-1");
    assert_eq!(bench.clock.now().since(began), Duration::from_secs(5 + 2 * 2));
    assert_eq!(bench.asked("GET", "/locks/l-1/codes").await.len(), 3);
}

#[tokio::test]
async fn what_is_never_listed_is_late_and_not_somebody_elses() {
    let bench = late(u32::MAX).await;
    let (request, began) = (bench.pin_request(), bench.clock.now());
    let failure = bench.clock.drive(bench.integration.create_pin_access(&request)).await.expect_err("late");
    assert_eq!(failure.kind, FailureKind::UpstreamTimeout);
    assert!(failure.message.contains("access.name within 10 s"), "{}", failure.message);
    assert_eq!(bench.clock.now().since(began), Duration::from_secs(15));
}
