//! PINs: plans carried out, polled, compensated, and their failures named.

use serde_json::{Value, json};

use super::bench::{Bench, CANARY, TOKEN};
use crate::vendors::vocabulary::{FailureKind, LockId};

#[tokio::test]
async fn a_pin_is_created_over_four_exchanges_and_never_shown() {
    let bench = Bench::reference().await;
    bench.pin_creation().await;
    bench.job("succeeded", Value::Null).await;
    let request = bench.pin_request();
    let access = bench.clock.drive(bench.integration.create_pin_access(&request)).await.expect("a PIN");
    assert_eq!(access.id.as_str(), "a-1");
    assert_eq!(access.user.as_ref().map(|user| user.as_str()), Some("u-1"));
    let typed = access.typed.as_ref().expect("the typed PIN").keys().to_owned();
    assert!(typed.ends_with('#'), "{typed}");
    let sent = &bench.asked("PUT", "/pin").await[0];
    let body: Value = sent.body_json().expect("JSON");
    let pin = body["pin"].as_str().expect("the PIN");
    assert_eq!(typed, format!("{pin}#"));
    let evidence = bench.evidence();
    for hidden in [pin, CANARY, TOKEN] {
        assert!(!evidence.contains(hidden), "{hidden} in {evidence}");
    }
    assert!(!format!("{access:?}").contains(CANARY));
    assert_eq!(access.facts.text(&crate::vendors::vocabulary::Field::LockId), Some("l-1"));
}

#[tokio::test]
async fn a_job_that_fails_is_named_by_its_error_and_the_access_is_taken_back() {
    let bench = Bench::reference().await;
    bench.pin_creation().await;
    bench.job("failed", json!("lock_offline")).await;
    bench.empty("DELETE", "/v1/access/a-1", 204).await;
    let request = bench.pin_request();
    let failure =
        bench.clock.drive(bench.integration.create_pin_access(&request)).await.expect_err("offline");
    assert_eq!(failure.kind, FailureKind::Offline, "{failure:?}");
    assert_eq!(failure.not_undone, Vec::<String>::new());
    assert_eq!(bench.asked("DELETE", "/v1/access/a-1").await.len(), 1);
}

#[tokio::test]
async fn what_cannot_be_taken_back_is_told() {
    let bench = Bench::reference().await;
    bench.pin_creation().await;
    bench.job("failed", json!("something else")).await;
    let broken = json!({"error": {"code": "internal", "message": "oops"}});
    bench.answer("DELETE", "/v1/access/a-1", 500, broken).await;
    let request = bench.pin_request();
    let failure = bench.clock.drive(bench.integration.create_pin_access(&request)).await.expect_err("failed");
    assert_eq!(failure.kind, FailureKind::Server, "{failure:?}");
    assert_eq!(failure.not_undone.len(), 1);
    assert!(failure.not_undone[0].contains("a-1"), "{:?}", failure.not_undone);
}

#[tokio::test]
async fn a_job_without_end_is_given_up_in_its_time() {
    let bench = Bench::reference().await;
    bench.answer("POST", "/v1/locks/l-1/unlock", 202, json!({"job": "j-1"})).await;
    bench.job("running", Value::Null).await;
    let before = bench.clock.now();
    let failure = bench.clock.drive(bench.integration.unlock(&Bench::lock())).await.expect_err("no end");
    assert_eq!(failure.kind, FailureKind::UpstreamTimeout);
    assert!(failure.message.contains("did not finish within 20 s"), "{}", failure.message);
    assert_eq!(bench.clock.now().since(before).as_secs(), 20);
    assert_eq!(bench.asked("GET", "/v1/jobs").await.len(), 21);
}

#[tokio::test]
async fn documented_errors_are_told_apart_and_garbage_is_none_of_them() {
    let rows: &[(u16, &str, FailureKind)] = &[
        (403, "forbidden", FailureKind::Forbidden),
        (404, "not_found", FailureKind::NotFound),
        (422, "invalid", FailureKind::Invalid),
        (409, "conflict", FailureKind::Conflict),
        (409, "full", FailureKind::Full),
        (409, "lock_busy", FailureKind::Busy),
        (503, "lock_offline", FailureKind::Offline),
        (504, "upstream_timeout", FailureKind::UpstreamTimeout),
        (500, "internal", FailureKind::Server),
        (418, "teapot", FailureKind::Protocol),
    ];
    for (status, code, kind) in rows {
        let bench = Bench::reference().await;
        let body = json!({"error": {"code": code, "message": "in words"}});
        bench.answer("GET", "/v1/locks/nope", *status, body).await;
        let lock = LockId::new("nope");
        let failure = bench.clock.drive(bench.integration.get_lock_status(&lock)).await.expect_err(code);
        assert_eq!(failure.kind, *kind, "{code}: {failure:?}");
        assert_eq!(failure.exchanges.len(), 2);
    }
}

#[tokio::test]
async fn a_redirect_is_followed_nowhere() {
    for (to, transport) in [("https://elsewhere.example/", true), ("/v1/other", false)] {
        let bench = Bench::reference().await;
        let answer = wiremock::ResponseTemplate::new(302).insert_header("location", to);
        bench.respond("GET", "^/v1/groups$", move |_| answer.clone()).await;
        let failure =
            bench.clock.drive(bench.integration.list_access_groups()).await.expect_err("a redirect");
        assert_eq!(failure.kind, FailureKind::Protocol);
        assert_eq!(failure.transport.is_some(), transport, "{failure:?}");
    }
}
