//! PINs: plans carried out, polled, compensated, and their failures named.

use std::time::Duration;

use serde_json::{Value, json};

use super::bench::{Bench, CANARY, TOKEN};
use crate::vendors::vocabulary::{FailureKind, LockId, Window};

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
    assert_eq!((failure.kind, failure.unfinished), (FailureKind::UpstreamTimeout, true));
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
        assert_eq!(is_undocumented(&bench), *kind == FailureKind::Protocol, "{code}");
    }
}

/// Whether the last answer was kept as neither success nor documented error.
fn is_undocumented(bench: &Bench) -> bool {
    use crate::harness::result::Received;
    let exchanges = bench.recorder.exchanges();
    let last = exchanges.last().map(|exchange| &exchange.response);
    matches!(last, Some(Received::Answer { undocumented: Some(_), .. }))
}

#[tokio::test]
async fn an_answer_that_strays_is_known_as_such_though_a_pin_in_it_was_masked() {
    let bench = Bench::reference().await;
    let window = Window::new(bench.clock.now(), bench.clock.now() + Duration::from_secs(3600));
    let body = json!({"pin": "481625", "valid_from": "soon", "valid_until": "later"});
    bench.answer("POST", "/v1/locks/l-1/algo-pins", 200, body).await;
    bench.clock.drive(bench.integration.algo_pin(&Bench::lock(), window)).await.expect_err("no instants");
    assert!(is_undocumented(&bench) && bench.evidence().contains("‹pin›"), "{}", bench.evidence());
    assert!(!bench.evidence().contains("481625"));
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

#[tokio::test]
async fn a_hold_that_the_vendor_ends_is_only_waited_for() {
    let bench = Bench::reference().await;
    bench.answer("POST", "/v1/locks/l-1/hold", 202, json!({"job": "j-1"})).await;
    bench.job("succeeded", Value::Null).await;
    let period = std::time::Duration::from_secs(900);
    let lock = Bench::lock();
    let work = async {
        let hold = bench.integration.hold_open(&lock, period).await?;
        assert!(!hold.ends_by_us);
        bench.integration.keep_hold(hold.clone()).await.map(|()| hold.until)
    };
    let until = bench.clock.drive(work).await.expect("a hold");
    assert_eq!(bench.clock.now(), until);
    assert!(bench.asked("DELETE", "/hold").await.is_empty());
}

#[tokio::test]
async fn a_hold_that_our_timer_ends_is_ended_in_time() {
    let text = super::bench::reference().source_text.clone();
    let known = r#"hold_open = [{ call = "hold_open", repeat = "idempotent" }, { poll = "poll_job", every = "1 s", within = "20 s" }]"#;
    assert!(text.contains(known));
    let composite = r#"hold_open = ["unlock", { later = "release_hold", after = "hold.seconds" }, { poll = "poll_job", every = "1 s", within = "20 s" }]"#;
    let bench = Bench::of(super::bench::compiled(&text.replace(known, composite))).await;
    bench.token(TOKEN, 36_000).await;
    bench.answer("POST", "/v1/locks/l-1/unlock", 202, json!({"job": "j-1"})).await;
    bench.answer("DELETE", "/v1/locks/l-1/hold", 202, json!({"job": "j-1"})).await;
    bench.job("succeeded", Value::Null).await;
    let before = bench.clock.now();
    let lock = Bench::lock();
    let period = std::time::Duration::from_secs(900);
    let hold = bench.clock.drive(bench.integration.hold_open(&lock, period)).await.expect("a hold");
    assert!(hold.ends_by_us);
    assert!(bench.asked("DELETE", "/hold").await.is_empty());
    bench.clock.drive(bench.integration.keep_hold(hold)).await.expect("its end");
    assert_eq!(bench.asked("DELETE", "/hold").await.len(), 1);
    assert_eq!(bench.clock.now().since(before), period);
}

#[tokio::test]
async fn many_calls_at_once_keep_their_exchanges_apart() {
    let bench = Bench::reference().await;
    let body = json!({"error": {"code": "not_found", "message": "no such lock"}});
    bench
        .respond("GET", "^/v1/locks/", move |_| {
            wiremock::ResponseTemplate::new(404).set_body_json(body.clone())
        })
        .await;
    let ids: Vec<LockId> = (0..20).map(|n| LockId::new(format!("l-{n}"))).collect();
    let calls = ids.iter().map(|id| bench.integration.get_lock_status(id));
    let failures = bench.clock.drive(futures::future::join_all(calls)).await;
    let mut seen = Vec::new();
    for failure in failures {
        seen.extend(failure.expect_err("not found").exchanges);
    }
    // One of them has fetched the token for all.
    assert_eq!(seen.len(), 21);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 21);
}

#[test]
fn calls_can_be_spawned() {
    fn is_send<T: Send>(_: Option<T>) {
        // Only the bound counts.
    }
    fn of<'a, F: Future>(_: impl Fn(&'a crate::harness::integration::Integration) -> F) -> Option<F> {
        None
    }
    is_send(of(|integration| integration.list_access_groups()));
    is_send(of(|integration| async move {
        let request = integration.clocks().subject.now();
        let window = crate::vendors::vocabulary::Window::new(request, request);
        integration.algo_pin(&LockId::new("l"), window).await
    }));
}

/// A vendor that gives access lock by lock.
#[tokio::test]
async fn each_lock_is_served_and_its_access_withdrawn_again() {
    let text = super::bench::reference().source_text.clone();
    let known = r#"  { call = "assign_access", repeat = "idempotent", undo = "remove_pin" },
  { call = "set_pin", repeat = "idempotent" },
  { poll = "poll_job", every = "1 s", within = "30 s" },
"#;
    assert!(text.contains(known));
    let each = format!("  {{ each = [\n{known}  ] }},\n");
    let bench = Bench::of(super::bench::compiled(&text.replace(known, &each))).await;
    bench.token(TOKEN, 36_000).await;
    bench.answer("PUT", "/v1/users/ref-1", 200, json!({"id": "u-1", "reference": "ref-1"})).await;
    bench
        .respond("POST", "^/v1/users/u-1/access$", |request| {
            let body: Value = request.body_json().unwrap_or_default();
            let id = format!("a-{}", body["lock_id"].as_str().unwrap_or_default());
            wiremock::ResponseTemplate::new(201).set_body_json(json!({"id": id, "status": "pending"}))
        })
        .await;
    bench
        .respond("PUT", "^/v1/access/[^/]+/pin$", |request| {
            let id = request.url.path().split('/').nth(3).unwrap_or_default().to_owned();
            wiremock::ResponseTemplate::new(202)
                .set_body_json(json!({"access_id": id, "typed": "123#", "job": "j-1"}))
        })
        .await;
    bench.job("succeeded", Value::Null).await;
    bench.respond("DELETE", "^/v1/access/", |_| wiremock::ResponseTemplate::new(204)).await;
    let mut request = bench.pin_request();
    request.scope = crate::harness::integration::Scope::Locks(vec![LockId::new("l-1"), LockId::new("l-2")]);
    let access = bench.clock.drive(bench.integration.create_pin_access(&request)).await.expect("a PIN");
    assert_eq!((access.id.as_str(), access.facts.items.len()), ("a-l-1", 2));
    bench.clock.drive(bench.integration.remove_pin_access(&access)).await.expect("it goes");
    let removed = bench.asked("DELETE", "/v1/access/").await;
    let removed: Vec<&str> = removed.iter().map(|request| request.url.path()).collect();
    assert_eq!(removed, ["/v1/access/a-l-1", "/v1/access/a-l-2"]);
}

#[tokio::test]
async fn a_plan_for_one_lock_does_not_silently_leave_out_the_second() {
    let bench = Bench::reference().await;
    let mut request = bench.pin_request();
    request.scope = crate::harness::integration::Scope::Locks(vec![LockId::new("l-1"), LockId::new("l-2")]);
    let failure =
        bench.clock.drive(bench.integration.create_pin_access(&request)).await.expect_err("two locks");
    assert_eq!((failure.kind, failure.unsent), (FailureKind::Unsupported, true));
    assert!(bench.recorder.exchanges().is_empty());
}
