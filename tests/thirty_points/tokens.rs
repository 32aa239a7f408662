//! How tokens are had, kept, renewed and refused; how requests are signed.

use std::time::Duration;

use lockstep::harness::integration::install_tls;
use lockstep::simulator::{Effect, Fault, Place, Schedule};
use lockstep::vendors::vocabulary::{Datum, Facts, FailureKind, Field};

use crate::bench::Bench;

async fn lists(bench: &Bench) {
    bench.clock.drive(bench.integration.list_locks(None)).await.expect("a list");
}

#[tokio::test]
async fn a_token_that_later_answers_bring_is_taken_up() {
    let bench = Bench::of("header_token").await;
    for _ in 0..4 {
        lists(&bench).await;
        // Longer than half a life: without the token of each answer the session would end.
        bench.control().advance(Duration::from_secs(50 * 60)).await;
    }
    let asked = bench.asked();
    assert_eq!(asked.iter().filter(|name| *name == "get_token").count(), 1, "{asked:?}");
    assert_eq!(asked.iter().filter(|name| *name == "list_locks").count(), 4, "{asked:?}");
}

#[tokio::test]
async fn where_no_answer_brings_one_the_session_is_begun_again() {
    let bench =
        Bench::altered("header_token", "response_headers = { X-Access-Token = \"{auth.token?}\" }\n", "")
            .await;
    for _ in 0..3 {
        lists(&bench).await;
        bench.control().advance(Duration::from_secs(61 * 60)).await;
    }
    assert_eq!(bench.asked().iter().filter(|name| *name == "get_token").count(), 3);
}

#[tokio::test]
async fn a_wrong_password_is_refused_though_only_its_hash_is_sent() {
    let bench = Bench::of("header_token").await;
    let mut secrets: std::collections::BTreeMap<_, _> = bench.control().secrets().into_iter().collect();
    secrets.insert("password".to_owned(), lockstep::vendors::vocabulary::Secret::new("wrong"));
    let failure =
        bench.clock.drive(bench.integration.with_secrets(secrets).list_locks(None)).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Credentials);
}

#[tokio::test]
async fn a_refresh_token_that_rotates_is_used_once_and_replaced() {
    let bench = Bench::of("rotating").await;
    for _ in 0..3 {
        lists(&bench).await;
        bench.control().advance(Duration::from_secs(11 * 60)).await;
    }
    assert_eq!(bench.asked(), ["get_token", "list_locks", "renew", "list_locks", "renew", "list_locks"]);
}

#[tokio::test]
async fn the_simulated_vendor_takes_a_rotating_refresh_token_once_and_a_stable_one_again() {
    for (rotates, second) in [("rotates = true", 403), ("rotates = false", 200)] {
        let bench = Bench::altered("rotating", "rotates = true", rotates).await;
        let token = send(&bench, "get_token", &Facts::new()).await.1;
        let refresh = Facts::new().with(Field::AuthRefresh, token.get(&Field::AuthRefresh).unwrap().clone());
        assert_eq!(send(&bench, "renew", &refresh).await.0, 200);
        assert_eq!(send(&bench, "renew", &refresh).await.0, second, "{rotates}");
    }
}

/// A refusal as expired, whatever says so: renewed once, sent once more, then failed.
#[tokio::test]
async fn a_token_that_is_told_as_expired_is_renewed_once() {
    const BY_403: &str =
        "status = 403\nbody = '{ \"code\": \"token_expired\", \"message\": \"{error.message}\" }'";
    for expired in [
        BY_403.to_owned(),
        BY_403.replace("403", "401"),
        BY_403.replace("403", "200").replace("\"token_expired\"", "10003"),
    ] {
        for (times, succeeds) in [(1, true), (2, false)] {
            let bench = Bench::altered("rotating", BY_403, &expired).await;
            lists(&bench).await;
            bench.control().inject(Fault {
                place: Place { operation: Some("list_locks".to_owned()), ..Place::default() },
                schedule: Schedule { times: Some(times), ..Schedule::default() },
                effect: Effect::Refuse(FailureKind::Credentials),
            });
            let outcome = bench.clock.drive(bench.integration.list_locks(None)).await;
            assert_eq!(outcome.is_ok(), succeeds, "{expired}: {outcome:?}");
            assert!(outcome.is_ok() || outcome.unwrap_err().kind == FailureKind::Credentials);
            let asked = bench.asked();
            assert_eq!(asked[2..], ["list_locks", "renew", "list_locks"], "{expired}");
        }
    }
}

#[tokio::test]
async fn a_lack_of_rights_is_no_reason_to_renew() {
    let bench = Bench::of("rotating").await;
    lists(&bench).await;
    bench.control().inject(Fault {
        place: Place { operation: Some("list_locks".to_owned()), ..Place::default() },
        schedule: Schedule { times: Some(1), ..Schedule::default() },
        effect: Effect::Refuse(FailureKind::Forbidden),
    });
    let failure = bench.clock.drive(bench.integration.list_locks(None)).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Forbidden);
    assert_eq!(bench.asked(), ["get_token", "list_locks", "list_locks"]);
}

#[tokio::test]
async fn a_signed_request_is_taken_once_and_in_time() {
    let bench = Bench::of("signed").await;
    lists(&bench).await;
    lists(&bench).await;
    let now = |offset: i64| {
        let at = lockstep::vendors::vocabulary::Instant::from_epoch_ms(bench.clock.now().epoch_ms() + offset);
        Facts::new().with_text(Field::Nonce, format!("n{offset}")).with(Field::Now, Datum::Instant(at))
    };
    let (early, late) = (now(-299_000), now(301_000));
    assert_eq!(send(&bench, "list_locks", &early).await.0, 200);
    assert_eq!(send(&bench, "list_locks", &early).await.0, 401, "it came before");
    assert_eq!(send(&bench, "list_locks", &late).await.0, 401, "its clock is wrong");
}

#[tokio::test]
async fn a_sealed_time_opens_with_the_token_and_in_time() {
    let bench = Bench::of("sealed").await;
    lists(&bench).await;
    bench.clock.drive(bench.integration.unlock(&bench.lock(0))).await.unwrap();
    let sealed = |nonce: char, offset: i64| {
        let at = lockstep::vendors::vocabulary::Instant::from_epoch_ms(bench.clock.now().epoch_ms() + offset);
        Facts::new()
            .with_text(Field::Nonce, nonce.to_string().repeat(48))
            .with(Field::Random, Datum::Int(65_535))
            .with(Field::Now, Datum::Instant(at))
    };
    assert_eq!(send(&bench, "list_locks", &sealed('a', -59_000)).await.0, 200);
    assert_eq!(send(&bench, "list_locks", &sealed('a', -59_000)).await.0, 401, "it came before");
    assert_eq!(send(&bench, "list_locks", &sealed('b', -61_000)).await.0, 401, "it was sealed too long ago");
    assert_eq!(send(&bench, "list_locks", &sealed('c', 61_000)).await.0, 401, "its clock is ahead");
    let mut secrets: std::collections::BTreeMap<_, _> = bench.control().secrets().into_iter().collect();
    secrets.insert("token".to_owned(), lockstep::vendors::vocabulary::Secret::new("another"));
    let failure =
        bench.clock.drive(bench.integration.with_secrets(secrets).list_locks(None)).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Credentials);
}

/// Sends an operation as it stands, past the integration.
async fn send(bench: &Bench, operation: &str, facts: &Facts) -> (u16, Facts) {
    install_tls();
    let dialect = bench.integration.dialect().clone();
    let operation = dialect.operation(operation).unwrap();
    let mut all = facts.clone();
    for (name, secret) in bench.control().secrets() {
        all.set(Field::Secret(name.as_str().into()), Datum::Secret(secret));
    }
    for (name, setting) in bench.control().settings() {
        all.set(Field::Setting(name.as_str().into()), Datum::text(setting));
    }
    let request = operation.request(&all).unwrap().exposed;
    let url = format!("{}{}", bench.simulator.url(operation.server()), request.path);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut builder = client.request(request.method.parse().unwrap(), url).query(&request.query);
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    let answer = builder.body(request.body).send().await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.bytes().await.unwrap().to_vec();
    let answer = lockstep::vendors::wire::WireResponse { status, headers: Vec::new(), body };
    match operation.read_answer(&answer) {
        lockstep::vendors::dialect::Answer::Success { facts, .. } => (status, facts),
        _ => (status, Facts::new()),
    }
}
