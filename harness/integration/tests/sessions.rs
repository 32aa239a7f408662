//! Tokens: fetched once, renewed in time, replaced once when refused.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::json;
use wiremock::ResponseTemplate;

use super::bench::{Bench, CANARY, TOKEN, reference};
use crate::vendors::vocabulary::FailureKind;

fn no_groups() -> serde_json::Value {
    json!({"groups": [], "total": 0})
}

#[tokio::test]
async fn a_token_is_shared_and_renewed_before_its_end() {
    let bench = Bench::reference().await;
    bench.answer("GET", "/v1/groups", 200, no_groups()).await;
    let work = async {
        for _ in 0..3 {
            bench.integration.clone().list_access_groups().await.expect("a list");
        }
        bench.clock.sleep(Duration::from_secs(3600 - 59)).await;
        bench.integration.list_access_groups().await.expect("a list");
    };
    bench.clock.drive(work).await;
    assert_eq!(bench.asked("POST", "/oauth2/token").await.len(), 2);
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let bench = Bench::of(reference()).await;
    let count = AtomicU32::new(0);
    bench
        .respond("POST", "^/oauth2/token$", move |_| {
            let n = count.fetch_add(1, Ordering::Relaxed);
            let body =
                json!({"access_token": format!("tok-{n}"), "token_type": "Bearer", "expires_in": 3600});
            ResponseTemplate::new(200).set_body_json(body)
        })
        .await;
    bench
        .respond("GET", "^/v1/groups$", |request| {
            let good = request.headers.get("authorization").is_some_and(|value| value == "Bearer tok-1");
            if good {
                ResponseTemplate::new(200).set_body_json(no_groups())
            } else {
                let body = json!({"error": {"code": "unauthorized", "message": "expired"}});
                ResponseTemplate::new(401).set_body_json(body)
            }
        })
        .await;
    bench.clock.drive(bench.integration.list_access_groups()).await.expect("the second token is good");
    assert_eq!(bench.asked("GET", "/v1/groups").await.len(), 2);
}

#[tokio::test]
async fn credentials_that_stay_refused_fail_after_two_calls() {
    let bench = Bench::reference().await;
    let refusal = json!({"error": {"code": "unauthorized", "message": format!("no: {TOKEN} {CANARY}")}});
    bench.answer("GET", "/v1/groups", 401, refusal).await;
    let failure = bench.clock.drive(bench.by_the_rule().list_access_groups()).await.expect_err("refused");
    assert_eq!(failure.kind, FailureKind::Credentials);
    assert_eq!(bench.asked("GET", "/v1/groups").await.len(), 2);
    let seen = bench.evidence() + &format!("{failure:?}");
    assert!(!seen.contains(CANARY) && !seen.contains(TOKEN), "{seen}");
    assert!(seen.contains("‹secret›"));
}

#[tokio::test]
async fn without_credentials_nothing_of_them_is_sent() {
    let bench = Bench::reference().await;
    let refusal = json!({"error": {"code": "unauthorized", "message": "who are you"}});
    bench.answer("GET", "/v1/groups", 401, refusal).await;
    let anonymous = bench.integration.without_credentials();
    let failure = bench.clock.drive(anonymous.list_access_groups()).await.expect_err("refused");
    assert_eq!(failure.kind, FailureKind::Credentials);
    let asked = bench.asked("GET", "/v1/groups").await;
    assert_eq!(asked.len(), 1);
    assert!(asked[0].headers.get("authorization").is_none());
    assert!(bench.asked("POST", "/oauth2/token").await.is_empty());
}

#[tokio::test]
async fn a_token_in_an_unexpected_place_is_not_shown() {
    let bench = Bench::of(reference()).await;
    bench.answer("POST", "/oauth2/token", 200, json!({"token": "planted-token"})).await;
    let failure = bench.clock.drive(bench.integration.list_access_groups()).await.expect_err("no token");
    assert_eq!(failure.kind, FailureKind::Protocol);
    let seen = bench.evidence() + &format!("{failure:?}");
    assert!(!seen.contains("planted-token"), "{seen}");
}
