//! Bookings, changes and withdrawals on the wire.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use serde_json::json;

use super::bench::{
    Bench, EMAIL, PHONE, TOKEN, WORDS, done, granted, id, minutes, refused, settings, start, stay,
};
use crate::harness::integration::inlet::{
    ClientError, Confirmations, Desk, DeskError, MailDomains, PhoneOwnership, PulseError, Typed,
};
use crate::vendors::inlet::Mode;
use crate::vendors::vocabulary::{Clock, Personal, Secret};

const GRANT: &str = "/GrantAccess";
const UPDATE: &str = "/UpdateAccess";
const REVOKE: &str = "/RevokeAccess";

#[tokio::test]
async fn what_inlet_answers_is_kept() {
    let bench = Bench::new().await;
    bench.answer(GRANT, |_| granted()).await;
    bench.put("b-1", &stay()).await;
    bench.pass(minutes(60)).await;
    assert_eq!(bench.calls(), [(GRANT.to_owned(), 0)]);
    let request = bench.inlet.received_requests().await.unwrap_or_default().remove(0);
    assert_eq!(request.headers["authorization"], format!("Bearer {TOKEN}").as_str());
    assert_eq!(request.headers["content-type"], "application/json");
    assert!(!request.url.as_str().contains(TOKEN));
    let standing = bench.standing("b-1").await;
    let held = standing.held.expect("an access");
    assert_eq!(held.reference_id, "acc-81");
    assert_eq!(held.code_formatted.expect("keys").keys(), "#1234*");
    assert!(standing.settled);
}

#[tokio::test]
async fn an_extension_changes_that_access_and_nothing_else() {
    let bench = Bench::new().await;
    bench.answer(GRANT, |_| granted()).await;
    bench.answer(UPDATE, |_| done()).await;
    bench.put("b-1", &stay()).await;
    bench.pass(minutes(1)).await;
    bench
        .put(
            "b-1",
            &Typed { to: "2027-03-13T11:00:00+01:00".to_owned(), lock: "lock-8".to_owned(), ..stay() },
        )
        .await;
    bench.pass(minutes(1)).await;
    let last = bench.arrived().pop().expect("a call");
    assert_eq!(last.path, UPDATE);
    assert_eq!(
        last.body,
        json!({"ReferenceId": "acc-81", "lockId": "lock-8", "to": "2027-03-13T11:00:00+01:00"})
    );
    let held = bench.standing("b-1").await.held.expect("an access");
    assert_eq!(held.code_formatted.expect("still kept").keys(), "#1234*");
    bench
        .put(
            "b-1",
            &Typed { to: "2027-03-13T11:00:00+01:00".to_owned(), lock: "lock-8".to_owned(), ..stay() },
        )
        .await;
    bench.pass(minutes(10)).await;
    assert_eq!(bench.arrived().len(), 2, "the same again is no change");
}

#[tokio::test]
async fn what_no_change_can_do_is_withdrawn_and_granted_anew() {
    let bench = Bench::new().await;
    bench.answer(GRANT, |_| granted()).await;
    bench.answer(REVOKE, |_| done()).await;
    bench.put("b-1", &stay()).await;
    bench.pass(minutes(1)).await;
    bench.put("b-1", &Typed { mode: Mode::Unlock, ..stay() }).await;
    bench.pass(minutes(1)).await;
    let paths: Vec<String> = bench.calls().into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, [GRANT, REVOKE, GRANT]);
    bench.desk().cancel(&id("b-1")).await.expect("the ledger serves");
    bench.pass(minutes(1)).await;
    let last = bench.arrived().pop().expect("a call");
    assert_eq!((last.path.as_str(), last.body), (REVOKE, json!({"ReferenceId": "acc-81"})));
    assert!(bench.standing("b-1").await.settled);
}

#[tokio::test]
async fn a_booking_is_sent_72_hours_before_and_not_sooner() {
    let bench = Bench::new().await;
    bench.answer(GRANT, |_| granted()).await;
    bench.answer(REVOKE, |_| done()).await;
    let later =
        Typed { from: "2027-03-20T12:00:00Z".to_owned(), to: "2027-03-21T12:00:00Z".to_owned(), ..stay() };
    bench.put("b-1", &later).await;
    bench.pass(Duration::from_secs(8 * 86_400)).await;
    assert_eq!(bench.calls(), [(GRANT.to_owned(), 7 * 86_400)]);
    let put_off =
        Typed { from: "2027-04-20T12:00:00Z".to_owned(), to: "2027-04-21T12:00:00Z".to_owned(), ..stay() };
    bench.put("b-1", &put_off).await;
    bench.pass(minutes(10)).await;
    assert_eq!(bench.calls().last().map(|(path, _)| path.as_str()), Some(REVOKE), "it begins in a month");
    bench.pass(Duration::from_secs(40 * 86_400)).await;
    assert_eq!(bench.calls().last(), Some(&(GRANT.to_owned(), 38 * 86_400)));
}

#[tokio::test]
async fn a_refusal_is_not_repeated_until_the_booking_is_corrected() {
    let bench = Bench::new().await;
    let message = format!("the email {EMAIL} or the phone {PHONE} is not allowed, token {TOKEN}");
    bench.answer(GRANT, move |nth| if nth == 0 { refused(422, &message) } else { granted() }).await;
    bench.put("b-1", &stay()).await;
    bench.pass(minutes(90)).await;
    assert_eq!(bench.calls().len(), 1);
    assert_eq!(bench.desk().stuck().await.expect("the ledger serves"), [id("b-1")]);
    let stuck = bench.standing("b-1").await.stuck.expect("a reason");
    assert_eq!(stuck, "422: the email ‹personal› or the phone ‹personal› is not allowed, token ‹secret›");
    bench.put("b-1", &stay()).await;
    bench.pass(Duration::ZERO).await;
    assert_eq!(bench.calls().len(), 1, "the same again is no correction");
    bench.put("b-1", &Typed { email: None, ..stay() }).await;
    bench.pass(minutes(1)).await;
    assert_eq!(bench.calls()[1], (GRANT.to_owned(), 90 * 60));
    assert!(bench.standing("b-1").await.settled);
    assert!(bench.mails().is_empty(), "no upstream timeout, nothing for support");
    let log = bench.log().await;
    assert!(log.contains("GrantAccess, attempt 1: refused: 422"), "{log}");
    for canary in [TOKEN, PHONE, "40612345", EMAIL, "Canary", "1234", WORDS] {
        assert!(!log.contains(canary), "{canary} in {log}");
    }
}

#[tokio::test]
async fn staff_may_have_a_refused_booking_sent_again() {
    let bench = Bench::new().await;
    bench.answer(GRANT, |nth| if nth == 0 { refused(409, "the lock is full") } else { granted() }).await;
    bench.put("b-1", &stay()).await;
    bench.pass(minutes(60)).await;
    assert_eq!(bench.calls().len(), 1);
    bench.desk().send_again(&id("b-1")).await.expect("the ledger serves");
    bench.pass(minutes(1)).await;
    assert!(bench.standing("b-1").await.settled);
}

#[tokio::test]
async fn refused_credentials_stop_all_calls_until_there_are_new_ones() {
    let mut bench = Bench::new().await;
    bench.answer(GRANT, |nth| if nth == 0 { refused(401, "unknown token") } else { granted() }).await;
    for name in ["b-1", "b-2", "b-3"] {
        bench.put(name, &stay()).await;
    }
    bench.pass(minutes(60)).await;
    assert_eq!(bench.calls().len(), 1, "one call shows it");
    assert_eq!(bench.desk().stopped().as_deref(), Some("401: unknown token"));
    let pulse = bench.desk().pulse("lock-7", None).await;
    assert_eq!(pulse, Err(PulseError::Stopped("401: unknown token".to_owned())));
    bench.open(TOKEN).await;
    bench.pass(minutes(60)).await;
    assert_eq!(bench.calls().len(), 1, "a restart is no new credential");
    bench.desk().renew(Secret::new("another")).await.expect("the ledger serves");
    bench.pass(minutes(1)).await;
    assert_eq!(bench.calls().len(), 4);
    for name in ["b-1", "b-2", "b-3"] {
        assert!(bench.standing(name).await.settled, "{name}");
    }
}

#[tokio::test]
async fn what_still_waits_to_be_sent_when_credentials_are_refused_is_not_sent() {
    const WAITING: usize = 60;
    let bench = Bench::new().await;
    let renewed = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let accepts = std::sync::Arc::clone(&renewed);
    bench
        .answer(GRANT, move |nth| match nth == 0 || accepts.load(std::sync::atomic::Ordering::SeqCst) {
            true => granted(),
            false => refused(401, "unknown token"),
        })
        .await;
    bench.put("b-0", &stay()).await;
    bench.pass(minutes(1)).await;
    let names: Vec<String> = (1..=WAITING).map(|nth| format!("b-{nth}")).collect();
    for name in &names {
        bench.put(name, &stay()).await;
    }
    bench.pass(minutes(60)).await;
    let sent = bench.calls().len() - 1;
    assert!((1..WAITING / 2).contains(&sent), "{sent} calls were on their way before the refusal came");
    for name in &names {
        let attempts = bench.standing(name).await.attempts.map_or(0, |(attempts, _)| attempts);
        assert!(attempts <= 1, "{name}: {attempts}");
    }
    renewed.store(true, std::sync::atomic::Ordering::SeqCst);
    bench.desk().renew(Secret::new("another")).await.expect("the ledger serves");
    bench.pass(minutes(1)).await;
    assert_eq!(bench.calls().len(), 1 + sent + WAITING);
    for name in &names {
        assert!(bench.standing(name).await.settled, "{name}");
    }
}

#[tokio::test]
async fn a_withdrawal_of_what_is_gone_is_done() {
    let bench = Bench::new().await;
    bench.answer(GRANT, |_| granted()).await;
    bench.answer(REVOKE, |_| refused(404, "no such access")).await;
    bench.put("b-1", &stay()).await;
    bench.pass(minutes(1)).await;
    bench.desk().cancel(&id("b-1")).await.expect("the ledger serves");
    bench.pass(minutes(30)).await;
    assert_eq!(bench.calls().len(), 2);
    assert!(bench.standing("b-1").await.settled);
}

#[tokio::test]
async fn a_pulse_is_sent_once_whatever_comes_of_it() {
    let bench = Bench::new().await;
    bench
        .answer("/GrantPulseAccess", |nth| match nth {
            0 => done(),
            1 => refused(504, "Upstream timeout: no answer"),
            _ => refused(409, "the lock cannot be reached"),
        })
        .await;
    assert_eq!(bench.desk().pulse("lock-7", Some(&Personal::new("<b>gate</b>"))).await, Ok(()));
    assert_eq!(bench.arrived()[0].body, json!({"lockId": "lock-7", "reference": "gate"}));
    let cut_off = bench.desk().pulse("lock-7", None).await.expect_err("cut off").to_string();
    assert!(cut_off.starts_with("cut off, so it is not known whether the door opened: 504"), "{cut_off}");
    let refused = bench.desk().pulse("lock-7", None).await.expect_err("refused").to_string();
    assert_eq!(refused, "refused: 409: the lock cannot be reached");
    bench.pass(minutes(60)).await;
    assert_eq!(bench.calls().len(), 3);
    assert!(matches!(bench.desk().pulse("", None).await, Err(PulseError::Fault(_))));
}

#[tokio::test]
async fn only_https_is_spoken_to_other_machines() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = |base: &'static str| {
        let file = folder.path().join("l.sqlite");
        async move { Desk::open(settings(base, TOKEN), &file, Clock::stepped(start())).await.map(|_| ()) }
    };
    for (base, expected) in [
        ("http://api.example.org", ClientError::Unencrypted),
        ("http://127.0.0.1.example.org", ClientError::Unencrypted),
        ("ftp://127.0.0.1", ClientError::Address),
        ("api.example.org", ClientError::Address),
    ] {
        match opened(base).await {
            Err(DeskError::Client(error)) => assert_eq!(error, expected, "{base}"),
            other => panic!("{base}: {other:?}"),
        }
    }
    assert!(opened("https://api.example.org/").await.is_ok());
}

/// Knows nothing of one domain, denies another; confirms one phone.
struct Registry;

impl MailDomains for Registry {
    fn takes_mail<'a>(&'a self, domain: &'a str) -> BoxFuture<'a, Result<bool, String>> {
        Box::pin(async move {
            match domain {
                "nomail.example.org" => Ok(false),
                "unknown.example.org" => Err("the name server is away".to_owned()),
                _ => Ok(true),
            }
        })
    }
}

impl PhoneOwnership for Registry {
    fn is_confirmed<'a>(&'a self, e164: &'a Personal) -> BoxFuture<'a, Result<bool, String>> {
        Box::pin(async move { Ok(e164.expose() == PHONE) })
    }
}

#[tokio::test]
async fn domains_and_phones_are_confirmed_where_somebody_can() {
    let mut bench = Bench::new().await;
    let desk = bench.desk.take().expect("a desk");
    let confirmations = Confirmations { domains: Some(Arc::new(Registry)), phones: Some(Arc::new(Registry)) };
    let desk = desk.with_confirmations(confirmations);
    let with = |email: &str, phone: &str| Typed {
        email: Some(Personal::new(email)),
        phone: Some(Personal::new(phone)),
        ..stay()
    };
    let put = async |typed: Typed| desk.put(&id("b"), &typed).await.map_err(|error| error.to_string());
    assert_eq!(put(with(EMAIL, PHONE)).await, Ok(()));
    assert_eq!(put(with("a@unknown.example.org", PHONE)).await, Ok(()), "not known is not denied");
    let denied = put(with("a@nomail.example.org", "+4740612346")).await.expect_err("denied");
    assert_eq!(
        denied,
        "the booking is not taken: email: the domain takes no mail; phone: the guest has not confirmed it yet"
    );
}
