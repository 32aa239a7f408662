//! What is made of hand-made exchanges.

use super::*;
use crate::harness::result::{Presence, Received, SentRequest};
use crate::vendors::profile;
use crate::vendors::vocabulary::{FailureKind, Instant};

/// An answer to an operation of the reference profile.
fn answered(
    operation: &str,
    status: u16,
    failure: Option<FailureKind>,
    undocumented: bool,
    body: &str,
) -> Exchange {
    Exchange {
        id: format!("x-{operation}-{status}"),
        criterion: None,
        operation: operation.to_owned(),
        at: Instant::from_epoch_ms(0),
        took_ms: 1,
        request: SentRequest {
            method: String::new(),
            url: String::new(),
            headers: Vec::new(),
            body: String::new(),
        },
        response: Received::Answer {
            status,
            headers: Vec::new(),
            body: body.to_owned(),
            failure,
            undocumented: undocumented.then(|| "at status: expected 200".to_owned()),
        },
    }
}

fn done(operation: &str, body: &str) -> Exchange {
    answered(operation, 200, None, false, body)
}

/// Declared, observed, effective.
fn check(exchanges: &[Exchange], ability: &str, expected: (Presence, Presence, Presence)) -> Capability {
    let dialect = profile::load("reference").unwrap();
    let all = effective(&dialect, exchanges, &[]);
    let one = all.into_iter().find(|one| one.ability == ability).unwrap();
    assert_eq!((one.declared, one.observed, one.effective), expected, "{one:?}");
    one
}

const SEEN: (Presence, Presence, Presence) = (Presence::Yes, Presence::Yes, Presence::Yes);
const OPEN: (Presence, Presence, Presence) = (Presence::Yes, Presence::Unknown, Presence::Unknown);
const ABSENT: (Presence, Presence, Presence) = (Presence::Yes, Presence::No, Presence::No);

#[test]
fn nothing_is_observed_without_exchanges() {
    let dialect = profile::load("reference").unwrap();
    assert!(
        effective(&dialect, &[], &[])
            .iter()
            .all(|one| one.observed == Presence::Unknown && one.evidence.is_empty())
    );
}

#[test]
fn a_function_is_there_when_every_exchange_of_it_succeeded() {
    let unlock = [done("unlock", "{}"), done("poll_job", "{}")];
    let told = check(&unlock, "unlock", SEEN);
    assert_eq!(told.evidence, ["x-unlock-200", "x-poll_job-200"]);
    check(&unlock[..1], "unlock", OPEN);
}

#[test]
fn a_function_is_absent_when_it_is_never_answered_otherwise() {
    for status in [404, 405, 410, 501] {
        let told = check(&[answered("algo_pin", status, None, true, "")], "algo_pin", ABSENT);
        assert_eq!(told.contradiction(), Some("declared but absent"));
    }
    check(&[answered("algo_pin", 400, Some(FailureKind::Unsupported), false, "")], "algo_pin", ABSENT);
    // One success tells that it is there; what is refused for other reasons tells nothing.
    let not_found = answered("algo_pin", 404, Some(FailureKind::NotFound), false, "");
    check(&[not_found.clone(), done("algo_pin", "{}")], "algo_pin", SEEN);
    check(&[answered("algo_pin", 500, Some(FailureKind::Server), false, "")], "algo_pin", OPEN);
    check(&[not_found, answered("algo_pin", 503, Some(FailureKind::Offline), false, "")], "algo_pin", OPEN);
    check(&[answered("algo_pin", 401, Some(FailureKind::Credentials), false, "")], "algo_pin", OPEN);
}

#[test]
fn what_answers_carry_and_nobody_declares_is_told() {
    let plain = done("get_token", r#"{"access_token":"a","token_type":"Bearer","expires_in":60}"#);
    let quiet = (Presence::No, Presence::Unknown, Presence::No);
    check(&[plain], "token_refresh", quiet);
    let body = r#"{"access_token":"a","token_type":"Bearer","expires_in":60,"refresh_token":"b"}"#;
    let found = (Presence::No, Presence::Yes, Presence::Yes);
    let told = check(&[done("get_token", body)], "token_refresh", found);
    assert_eq!(told.contradiction(), Some("present but undeclared"));
    // A member that is null is said not to be there.
    check(&[done("get_token", &body.replace("\"b\"", "null"))], "token_refresh", quiet);
}

#[test]
fn a_field_that_the_profile_does_not_show_is_found_by_its_whole_name() {
    let text = profile::load("reference").unwrap().source_text.clone();
    let shown = r#"  "battery": { "percent": "{lock.battery}", "low": "{lock.battery_low}" },"#;
    assert!(text.contains(shown));
    let dialect = profile::compile("reference.toml", &text.replace(shown, "")).unwrap();
    let battery = |body: &str| {
        let all = effective(&dialect, &[done("get_lock", body)], &[]);
        all.into_iter().find(|one| one.ability == "battery").unwrap().contradiction()
    };
    assert_eq!(battery(r#"{"id":"1","Battery_Level":70}"#), Some("present but undeclared"));
    assert_eq!(battery(r#"{"id":"1","battery_supplier":"x"}"#), None);
}

#[test]
fn reading_calls_that_no_function_uses_are_known() {
    let text = profile::load("reference").unwrap().source_text.clone();
    assert_eq!(unused_reads(&profile::load("reference").unwrap()), []);
    let without = text.replace("list_pin_access = [\"list_pins\"]\n", "");
    let dialect = profile::compile("reference.toml", &without).unwrap();
    let unused = unused_reads(&dialect);
    assert_eq!(unused.len(), 1);
    assert_eq!(unused[0].operation, "list_pins");
    let told = effective(&dialect, &[done("list_pins", "{}")], &[]);
    let list = told.iter().find(|one| one.ability == "list_pin_access").unwrap();
    assert_eq!(list.contradiction(), Some("present but undeclared"));
}

#[test]
fn a_list_of_everybody_at_a_site_is_no_list_of_pins() {
    let dialect = profile::load("salto_ks").unwrap();
    assert_eq!(unused_reads(&dialect), []);
    let told = effective(&dialect, &[done("list_guests", r#"[{"id":"1","user":{"id":"2"}}]"#)], &[]);
    let list = told.iter().find(|one| one.ability == "list_pin_access").unwrap();
    assert_eq!((list.observed, list.contradiction()), (Presence::Unknown, None));
}

#[test]
fn that_nobody_s_lock_is_not_found_says_nothing_of_the_call() {
    let dialect = profile::load("reference").unwrap();
    let mut asked = answered("algo_pin", 404, Some(FailureKind::NotFound), false, "");
    asked.request.url = "http://127.0.0.1/v1/locks/lock%20x/algo-pins".to_owned();
    let observed = |made_up: &[String]| {
        let all = effective(&dialect, std::slice::from_ref(&asked), made_up);
        all.into_iter().find(|one| one.ability == "algo_pin").unwrap().observed
    };
    assert_eq!(observed(&["lock x".to_owned()]), Presence::Unknown);
    assert_eq!(observed(&[]), Presence::No);
}
