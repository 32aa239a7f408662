//! Lists over all pages, however the vendor pages, and lists that never end.

use serde_json::{Value, json};
use wiremock::{Request, ResponseTemplate};

use super::bench::{Bench, TOKEN, compiled};
use crate::vendors::vocabulary::FailureKind;

fn query(request: &Request, name: &str) -> Option<String> {
    request.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn number(request: &Request, name: &str) -> usize {
    query(request, name).and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn groups(range: std::ops::Range<usize>) -> Vec<Value> {
    range.map(|n| json!({"id": format!("g-{n}"), "name": format!("Group {n}")})).collect()
}

#[tokio::test]
async fn every_page_is_asked_for_until_the_total_is_reached() {
    let bench = Bench::reference().await;
    bench
        .respond("GET", "^/v1/groups$", |request| {
            let page = number(request, "page").max(1);
            let (from, to) = ((page - 1) * 50, (page * 50).min(120));
            ResponseTemplate::new(200).set_body_json(json!({"groups": groups(from..to), "total": 120}))
        })
        .await;
    let found = bench.clock.drive(bench.integration.list_access_groups()).await.expect("a list");
    assert_eq!(found.len(), 120);
    assert_eq!(found.last().map(|group| group.id.as_str()), Some("g-119"));
    let asked = bench.asked("GET", "/v1/groups").await;
    assert_eq!(asked.len(), 3);
    let header = |name: &str| asked[0].headers.get(name).and_then(|value| value.to_str().ok());
    assert_eq!(header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
    assert!(header("user-agent").is_some_and(|agent| agent.starts_with("lockstep/") && agent.contains("t1")));
    assert!(header("lockstep-exchange").is_some_and(|id| id.starts_with("x-")));
}

#[tokio::test]
async fn a_list_that_is_shorter_than_its_total_is_told_with_both_numbers() {
    let bench = Bench::reference().await;
    bench
        .respond("GET", "^/v1/groups$", |request| {
            let items = if number(request, "page") == 1 { groups(0..30) } else { Vec::new() };
            ResponseTemplate::new(200).set_body_json(json!({"groups": items, "total": 31}))
        })
        .await;
    let failure = bench.clock.drive(bench.integration.list_access_groups()).await.expect_err("30 of 31");
    assert_eq!(failure.kind, FailureKind::Protocol);
    let mismatch = failure.mismatch.expect("the numbers");
    assert_eq!(
        (mismatch.at.as_str(), mismatch.expected.as_str(), mismatch.found.as_str()),
        ("page.total", "31 items", "30 items")
    );
}

#[tokio::test]
async fn a_vendor_that_ignores_the_page_number_is_found_out() {
    let bench = Bench::reference().await;
    let page = json!({"groups": groups(0..50), "total": 500});
    bench.answer("GET", "/v1/groups", 200, page).await;
    let failure = bench.clock.drive(bench.integration.list_access_groups()).await.expect_err("no end");
    assert_eq!(failure.kind, FailureKind::Protocol);
    assert!(failure.message.contains("paging does not end"), "{}", failure.message);
    assert_eq!(bench.asked("GET", "/v1/groups").await.len(), 2);
}

fn cursors() -> String {
    let groups = crate::vendors::vocabulary::Function::ALL
        .iter()
        .filter(|function| function.is_asked_for() && function.as_str() != "list_access_groups")
        .map(|function| format!("{} = {{ unsupported = \"not here\" }}\n", function.as_str()))
        .collect::<String>();
    format!(
        r#"
schema = "lockstep.profile/1"
kind = "lock-vendor"
name = "cursors"
title = "Cursors"
vendor = "Nobody"
version = "1"
notes = "Pages by cursor, with a key in a header."

[servers]
api = "https://api.cursors.example"

[secrets]
api_key = "The key"

[auth.api_key]
secret = "api_key"
header = "X-Key"

[operations.list_groups]
request = "GET /groups"
query = {{ after = "{{page.cursor?}}", limit = "{{page.size}}" }}
response = '{{ "data": [ {{ "id": "{{group.id}}" }} ], "next": "{{page.next?}}" }}'
paging = {{ by = "cursor", size = 2 }}

[functions]
list_access_groups = ["list_groups"]
{groups}"#
    )
}

#[tokio::test]
async fn cursors_are_followed_to_the_end() {
    let bench = Bench::of(compiled(&cursors())).await;
    bench
        .respond("GET", "^/groups$", |request| {
            let body = match query(request, "after").as_deref() {
                None => json!({"data": [{"id": "1"}, {"id": "2"}], "next": "c/2"}),
                Some("c/2") => json!({"data": [], "next": "c 3"}),
                Some("c 3") => json!({"data": [{"id": "3"}], "next": null}),
                Some(other) => json!({"wrong": other}),
            };
            ResponseTemplate::new(200).set_body_json(body)
        })
        .await;
    let found = bench.clock.drive(bench.integration.list_access_groups()).await.expect("a list");
    assert_eq!(found.iter().map(|group| group.id.as_str()).collect::<Vec<_>>(), ["1", "2", "3"]);
}

#[tokio::test]
async fn a_cursor_that_comes_twice_ends_the_listing() {
    let bench = Bench::of(compiled(&cursors())).await;
    let turn = std::sync::atomic::AtomicU32::new(0);
    bench
        .respond("GET", "^/groups$", move |_| {
            let turn = turn.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let body =
                json!({"data": [{"id": turn.to_string()}], "next": if turn.is_multiple_of(2) { "a" } else { "b" }});
            ResponseTemplate::new(200).set_body_json(body)
        })
        .await;
    let failure = bench.clock.drive(bench.integration.list_access_groups()).await.expect_err("no end");
    assert!(failure.message.contains("a cursor came twice"), "{}", failure.message);
}
