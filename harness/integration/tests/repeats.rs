//! Lost answers, repeated by Inlet's rule.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::bench::{Bench, compiled};
use crate::harness::integration::Integration;
use crate::harness::proxy::{FaultProxy, ProxyEffect, ProxyFault};
use crate::harness::result::TransportFailure;
use crate::vendors::dialect::Repeat;
use crate::vendors::vocabulary::FailureKind;

async fn proxy(bench: &Bench) -> FaultProxy {
    let servers = ["api", "identity"].map(|name| (name.to_owned(), bench.vendor.uri()));
    FaultProxy::start(servers.into_iter().collect(), bench.clock.clone()).await.expect("a proxy")
}

fn through(integration: &Integration, proxy: &FaultProxy) -> Integration {
    integration.with_servers(proxy.servers())
}

/// How a lost answer looks to us, for each way to lose one.
const LOSSES: &[(ProxyEffect, usize, TransportFailure)] = &[
    (ProxyEffect::Withhold { carried_out: true }, 2, TransportFailure::ReadTimeout),
    (ProxyEffect::Withhold { carried_out: false }, 1, TransportFailure::ReadTimeout),
    (ProxyEffect::Reset { carried_out: true }, 2, TransportFailure::Reset),
    (ProxyEffect::Reset { carried_out: false }, 1, TransportFailure::Reset),
    (ProxyEffect::HalfBody, 2, TransportFailure::Truncated),
];

#[tokio::test]
async fn a_lost_answer_is_repeated_after_minutes_with_the_same_key() {
    for (effect, arrivals, _) in LOSSES {
        let bench = Bench::reference().await;
        bench.pin_creation().await;
        bench.job("succeeded", Value::Null).await;
        let proxy = proxy(&bench).await;
        proxy.arm(ProxyFault::once("POST", "/v1/users/*/access", effect.clone()));
        let integration = through(&bench.by_the_rule(), &proxy);
        let request = bench.pin_request();
        let before = bench.clock.now();
        let access = bench.clock.drive(integration.create_pin_access(&request)).await.expect("a PIN");
        assert_eq!(access.id.as_str(), "a-1");
        let took = bench.clock.now().since(before);
        assert!(took >= Duration::from_secs(180) && took <= Duration::from_secs(300), "{effect:?} {took:?}");
        let asked = bench.asked("POST", "/access").await;
        assert_eq!(asked.len(), *arrivals, "{effect:?}");
        let keys: HashSet<_> = asked.iter().filter_map(|r| r.headers.get("idempotency-key")).collect();
        assert_eq!(keys.len(), 1, "{effect:?}");
        assert_eq!(proxy.accounts()[0].consumed, 1);
        let timelines = bench.recorder.timelines();
        assert_eq!(timelines.len(), 1, "{effect:?}");
        let outcomes: Vec<&str> = timelines[0].1.attempts.iter().map(|a| a.outcome.as_str()).collect();
        assert_eq!(outcomes, ["upstream_timeout", "done"]);
    }
}

#[tokio::test]
async fn a_lost_answer_is_told_by_how_it_was_lost() {
    for (effect, _, why) in LOSSES {
        let bench = Bench::reference().await;
        bench.answer("GET", "/v1/groups", 200, json!({"groups": [], "total": 0})).await;
        let proxy = proxy(&bench).await;
        proxy.arm(ProxyFault::once("GET", "/v1/groups", effect.clone()));
        let integration = through(&bench.integration, &proxy);
        let failure = bench.clock.drive(integration.list_access_groups()).await.expect_err("lost");
        assert_eq!(
            (failure.kind, failure.transport),
            (FailureKind::UpstreamTimeout, Some(*why)),
            "{effect:?}"
        );
    }
}

#[tokio::test]
async fn garbage_and_pages_for_people_break_the_protocol_and_are_not_repeated() {
    for effect in [ProxyEffect::Garbage, ProxyEffect::Html] {
        let bench = Bench::reference().await;
        bench.answer("GET", "/v1/groups", 200, json!({"groups": [], "total": 0})).await;
        let proxy = proxy(&bench).await;
        proxy.arm(ProxyFault::once("GET", "/v1/groups", effect));
        let integration = through(&bench.by_the_rule(), &proxy);
        let failure = bench.clock.drive(integration.list_access_groups()).await.expect_err("no answer");
        assert_eq!(failure.kind, FailureKind::Protocol);
    }
}

#[tokio::test]
async fn a_delay_within_the_deadline_is_no_failure() {
    let bench = Bench::reference().await;
    bench.answer("GET", "/v1/groups", 200, json!({"groups": [], "total": 0})).await;
    let proxy = proxy(&bench).await;
    proxy.arm(ProxyFault::once("GET", "/v1/groups", ProxyEffect::Delay(Duration::from_secs(20))));
    let before = bench.clock.now();
    let integration = through(&bench.integration, &proxy);
    bench.clock.drive(integration.list_access_groups()).await.expect("a list");
    assert_eq!(bench.clock.now().since(before).as_secs(), 20);
}

#[tokio::test]
async fn half_an_hour_without_success_is_told_to_support() {
    let bench = Bench::reference().await;
    let refusal = json!({"error": {"code": "upstream_timeout", "message": "no answer"}});
    bench.answer("GET", "/v1/groups", 504, refusal).await;
    let before = bench.clock.now();
    let failure = bench.clock.drive(bench.by_the_rule().list_access_groups()).await.expect_err("nothing");
    let escalation = failure.escalation.expect("support is told");
    let after = escalation.at.since(before).as_secs();
    assert!((1_800..=2_400).contains(&after), "{after}");
    let timeline = bench.recorder.timelines().remove(0).1;
    assert_eq!(timeline.escalated_at_s, Some(after));
    assert_eq!(timeline.attempts.len(), bench.asked("GET", "/v1/groups").await.len());
    assert_eq!(escalation.attempts as usize, timeline.attempts.len());
    for pair in timeline.attempts.windows(2) {
        assert!((180..=300).contains(&(pair[1].at_s - pair[0].at_s)), "{timeline:?}");
    }
}

/// The reference vendor with another way of repeating.
fn with_repeat(repeat: &str) -> std::sync::Arc<crate::vendors::dialect::Dialect> {
    let text = super::bench::reference().source_text.clone();
    let known = r#"{ call = "assign_access", repeat = "idempotent", undo = "remove_pin" }"#;
    assert!(text.contains(known));
    let call = format!(r#"{{ call = "assign_access", {repeat} undo = "remove_pin" }}"#);
    compiled(&text.replace(known, &call))
}

async fn lossy(repeat: &str, carried_out: bool) -> (Bench, FaultProxy) {
    let bench = Bench::of(with_repeat(repeat)).await;
    bench.token(super::bench::TOKEN, 36_000).await;
    bench.pin_creation().await;
    bench.job("succeeded", Value::Null).await;
    let proxy = proxy(&bench).await;
    proxy.arm(ProxyFault::once("POST", "/v1/users/*/access", ProxyEffect::Withhold { carried_out }));
    (bench, proxy)
}

fn listed(names: &[&str]) -> Value {
    let item = |(n, name): (usize, &&str)| {
        json!({"id": format!("a-{}", n + 1), "name": name, "user_id": "u-1",
            "valid_from": "2026-01-01T11:00:00Z", "valid_until": "2026-01-01T13:00:00Z", "status": "active"})
    };
    let access: Vec<Value> = names.iter().enumerate().map(item).collect();
    json!({"access": access, "total": names.len()})
}

const FIND: &str = r#"repeat = { find = "list_pins", by = ["access.name"] },"#;

#[tokio::test]
async fn what_was_carried_out_is_found_and_adopted() {
    let (bench, proxy) = lossy(FIND, true).await;
    bench.answer("GET", "/v1/locks/l-1/access", 200, listed(&["lockstep-t1-stay", "other"])).await;
    let integration = through(&bench.by_the_rule(), &proxy);
    let request = bench.pin_request();
    let access = bench.clock.drive(integration.create_pin_access(&request)).await.expect("a PIN");
    assert_eq!(access.id.as_str(), "a-1");
    assert_eq!(bench.asked("POST", "/access").await.len(), 1);
}

#[tokio::test]
async fn what_was_not_carried_out_is_made_after_looking() {
    let (bench, proxy) = lossy(FIND, false).await;
    bench.answer("GET", "/v1/locks/l-1/access", 200, listed(&["other"])).await;
    let integration = through(&bench.by_the_rule(), &proxy);
    let request = bench.pin_request();
    bench.clock.drive(integration.create_pin_access(&request)).await.expect("a PIN");
    assert_eq!(bench.asked("POST", "/access").await.len(), 1);
    assert_eq!(bench.asked("GET", "/v1/locks/l-1/access").await.len(), 1);
}

#[tokio::test]
async fn a_vendor_that_offers_nothing_is_not_asked_twice() {
    let (bench, proxy) = lossy("", true).await;
    assert_eq!(Repeat::default(), Repeat::Unsafe);
    let integration = through(&bench.by_the_rule(), &proxy);
    let request = bench.pin_request();
    let failure = bench.clock.drive(integration.create_pin_access(&request)).await.expect_err("unsafe");
    assert_eq!(failure.kind, FailureKind::UpstreamTimeout);
    assert!(failure.message.contains("offers none of the three"), "{}", failure.message);
    assert_eq!(bench.asked("POST", "/access").await.len(), 1);
    assert_eq!(failure.not_undone.len(), 1, "{:?}", failure.not_undone);
}

#[tokio::test]
async fn the_wait_that_a_vendor_asks_for_is_kept() {
    let bench = Bench::reference().await;
    let turn = AtomicU32::new(0);
    bench
        .respond("GET", "^/v1/groups$", move |_| {
            if turn.fetch_add(1, Ordering::Relaxed) > 0 {
                return ResponseTemplate::new(200).set_body_json(json!({"groups": [], "total": 0}));
            }
            let body = json!({"error": {"code": "rate_limited", "message": "slow down"}});
            ResponseTemplate::new(429).insert_header("retry-after", "42").set_body_json(body)
        })
        .await;
    let before = bench.clock.now();
    bench.clock.drive(bench.by_the_rule().list_access_groups()).await.expect("a list");
    assert_eq!(bench.clock.now().since(before).as_secs(), 42);
}

#[tokio::test]
async fn a_refusal_as_one_too_many_is_honoured_once_without_any_rule() {
    // Refusals, the wait that they ask for, whether it is honoured, and the outcome.
    for (refusals, wait, asked, kind) in [
        (1, "42", 2, None),
        (2, "42", 2, Some(FailureKind::RateLimited)),
        (1, "3600", 1, Some(FailureKind::RateLimited)),
    ] {
        let bench = Bench::reference().await;
        let turn = AtomicU32::new(0);
        bench
            .respond("GET", "^/v1/groups$", move |_| {
                if turn.fetch_add(1, Ordering::Relaxed) >= refusals {
                    return ResponseTemplate::new(200).set_body_json(json!({"groups": [], "total": 0}));
                }
                let body = json!({"error": {"code": "rate_limited", "message": "slow down"}});
                ResponseTemplate::new(429).insert_header("retry-after", wait).set_body_json(body)
            })
            .await;
        let before = bench.clock.now();
        let outcome = bench.clock.drive(bench.integration.list_access_groups()).await;
        assert_eq!(outcome.err().map(|failure| failure.kind), kind, "{refusals} with {wait} s");
        assert_eq!(bench.asked("GET", "/v1/groups").await.len(), asked);
        let waited = bench.clock.now().since(before).as_secs();
        assert_eq!(waited, if asked > 1 { 42 } else { 0 });
    }
}

const REFUSED: &str = r#"repeat = { refused = "list_pins", by = ["access.name"] },"#;

/// A vendor that makes an access once and refuses it as a conflict from then on.
async fn refusing(carried_out: bool) -> (Bench, FaultProxy) {
    let bench = Bench::of(with_repeat(REFUSED)).await;
    bench.token(super::bench::TOKEN, 36_000).await;
    let turn = AtomicU32::new(0);
    bench
        .respond("POST", "^/v1/users/u-1/access$", move |_| {
            if turn.fetch_add(1, Ordering::Relaxed) == 0 {
                return ResponseTemplate::new(201).set_body_json(json!({"id": "a-1", "status": "pending"}));
            }
            let body = json!({"error": {"code": "conflict", "message": "it exists"}});
            ResponseTemplate::new(409).set_body_json(body)
        })
        .await;
    bench.pin_creation().await;
    bench.job("succeeded", Value::Null).await;
    let proxy = proxy(&bench).await;
    proxy.arm(ProxyFault::once("POST", "/v1/users/*/access", ProxyEffect::Withhold { carried_out }));
    (bench, proxy)
}

#[tokio::test]
async fn a_refused_duplicate_means_done() {
    for (carried_out, arrivals) in [(true, 2), (false, 1)] {
        let (bench, proxy) = refusing(carried_out).await;
        bench.answer("GET", "/v1/locks/l-1/access", 200, listed(&["lockstep-t1-stay"])).await;
        let integration = through(&bench.by_the_rule(), &proxy);
        let request = bench.pin_request();
        let access = bench.clock.drive(integration.create_pin_access(&request)).await.expect("a PIN");
        assert_eq!(access.id.as_str(), "a-1");
        assert_eq!(bench.asked("POST", "/access").await.len(), arrivals);
    }
}

#[tokio::test]
async fn a_conflict_with_something_else_stays_a_conflict() {
    let (bench, proxy) = refusing(true).await;
    bench.answer("GET", "/v1/locks/l-1/access", 200, listed(&["somebody else"])).await;
    let integration = through(&bench.by_the_rule(), &proxy);
    let request = bench.pin_request();
    let failure = bench.clock.drive(integration.create_pin_access(&request)).await.expect_err("not ours");
    assert_eq!(failure.kind, FailureKind::Conflict);
}

#[tokio::test]
async fn a_busy_lock_is_asked_again_shortly_and_not_for_ever() {
    let bench = Bench::reference().await;
    let busy = json!({"error": {"code": "lock_busy", "message": "occupied"}});
    bench.answer("GET", "/v1/locks/l-1", 409, busy).await;
    let before = bench.clock.now();
    let lock = Bench::lock();
    let failure = bench.clock.drive(bench.by_the_rule().get_lock_status(&lock)).await.expect_err("busy");
    assert_eq!(failure.kind, FailureKind::Busy);
    assert_eq!(bench.asked("GET", "/v1/locks/l-1").await.len(), 4);
    assert!((6..=30).contains(&bench.clock.now().since(before).as_secs()));
}

#[tokio::test]
async fn refusals_that_are_final_are_not_repeated() {
    for (status, code) in [(422, "invalid"), (404, "not_found"), (403, "forbidden"), (500, "internal")] {
        let bench = Bench::reference().await;
        let body = json!({"error": {"code": code, "message": "no"}});
        bench.answer("GET", "/v1/locks/l-1", status, body).await;
        let lock = Bench::lock();
        bench.clock.drive(bench.by_the_rule().get_lock_status(&lock)).await.expect_err(code);
        assert_eq!(bench.asked("GET", "/v1/locks/l-1").await.len(), 1, "{code}");
    }
}

#[tokio::test]
async fn without_the_rule_a_lost_answer_is_the_callers_at_once() {
    let bench = Bench::reference().await;
    bench.pin_creation().await;
    let proxy = proxy(&bench).await;
    proxy.arm(ProxyFault::once("PUT", "/v1/access/*/pin", ProxyEffect::Reset { carried_out: true }));
    bench.empty("DELETE", "/v1/access/a-1", 204).await;
    let integration = through(&bench.integration, &proxy);
    let request = bench.pin_request();
    let failure = bench.clock.drive(integration.create_pin_access(&request)).await.expect_err("lost");
    assert_eq!(failure.kind, FailureKind::UpstreamTimeout);
    // What was made before is taken back; what became of the lost one is told.
    assert_eq!(bench.asked("DELETE", "/v1/access/a-1").await.len(), 1);
    assert!(failure.not_undone.len() == 1 && failure.not_undone[0].starts_with("set_pin"));
}

#[tokio::test]
async fn a_refusal_tells_how_long_to_wait() {
    let bench = Bench::reference().await;
    let body = json!({"error": {"code": "rate_limited", "message": "slow down"}});
    let answer = ResponseTemplate::new(429).insert_header("retry-after", "42").set_body_json(body);
    bench.respond("GET", "^/v1/groups$", move |_| answer.clone()).await;
    let failure = bench.clock.drive(bench.integration.unpaced().list_access_groups()).await.expect_err("429");
    assert_eq!(failure.kind, FailureKind::RateLimited);
    assert_eq!(failure.retry_after, Some(Duration::from_secs(42)));
}
