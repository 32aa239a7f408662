//! The engine against the reference profile.

use std::sync::Arc;

use super::*;
use crate::vendors::profile;
use crate::vendors::vocabulary::{Datum, FailureKind, Instant, Pin, Secret, Word};
use crate::vendors::wire::{WireRequest, WireResponse};

fn reference() -> Arc<Dialect> {
    match profile::load("reference") {
        Ok(dialect) => dialect,
        Err(errors) => panic!("{}", profile::render(&errors)),
    }
}

fn status(lock: &str) -> Facts {
    Facts::new()
        .with_text(Field::LockId, lock)
        .with_text(Field::LockName, "Room \"101\"")
        .with(Field::LockReachable, Datum::Bool(true))
        .with(Field::LockLastSeen, Datum::Instant(Instant::from_epoch_ms(1_772_366_400_000)))
        .with(Field::LockBattery, Datum::Percent(80))
        .with(Field::LockBatteryLow, Datum::Bool(false))
        .with(Field::LockState, Datum::Word(Word::Locked))
        .with(Field::LockDoor, Datum::Word(Word::Closed))
}

fn token() -> Facts {
    Facts::new().with(Field::AuthToken, Datum::Secret(Secret::new("t-1")))
}

#[test]
fn a_status_call_goes_there_and_back() {
    let dialect = reference();
    let get_lock = dialect.operation("get_lock").unwrap();
    let sent = get_lock.request(&token().with_text(Field::LockId, "a/b 1")).unwrap();
    assert_eq!(sent.exposed.path, "/v1/locks/a%2Fb%201");
    assert_eq!(sent.exposed.header("authorization"), Some("Bearer t-1"));
    assert_eq!(sent.shown.header("authorization"), Some("Bearer ‹secret›"));
    let routed = dialect.route(&sent.exposed).ok().unwrap();
    assert_eq!(routed.operation.name(), "get_lock");
    assert_eq!(routed.facts.text(&Field::LockId), Some("a/b 1"));
    assert_eq!(routed.facts.secret(&Field::AuthToken), Some(&Secret::new("t-1")));
    let facts = status("a/b 1");
    let answer = get_lock.answer(&facts).unwrap();
    assert_eq!(get_lock.read_answer(&answer), Answer::Success { facts, deviations: Vec::new() });
}

#[test]
fn a_pin_is_masked_in_requests_and_answers() {
    let dialect = reference();
    let set_pin = dialect.operation("set_pin").unwrap();
    let facts = token()
        .with_text(Field::AccessId, "a-1")
        .with_text(Field::RequestKey, "k")
        .with_text(Field::JobId, "j-1")
        .with(Field::AccessTyped, Datum::Pin(Pin::new("4711#").unwrap()))
        .with(Field::AccessPin, Datum::Pin(Pin::new("4711").unwrap()));
    let sent = set_pin.request(&facts).unwrap();
    assert_eq!(sent.exposed.body, br#"{"pin":"4711"}"#);
    assert_eq!(String::from_utf8_lossy(&sent.shown.body), r#"{"pin":"‹pin›"}"#);
    let shown = set_pin.shown_answer(&set_pin.answer(&facts).unwrap());
    assert_eq!(String::from_utf8_lossy(&shown.body), r#"{"access_id":"a-1","typed":"‹pin›","job":"j-1"}"#);
}

#[test]
fn an_invitation_is_read_as_a_text_and_masked_like_a_secret() {
    let dialect = reference();
    let create = dialect.operation("create_mobile").unwrap();
    let link = "https://reference-lock.example/i/7Qx";
    let facts = Facts::new()
        .with_text(Field::MobileId, "m-1")
        .with_text(Field::MobileInvitation, link)
        .with_text(Field::UserId, "u-1");
    let answer = create.answer(&facts).unwrap();
    assert_eq!(create.read_answer(&answer), Answer::Success { facts, deviations: Vec::new() });
    let shown = create.shown_answer(&answer);
    assert!(!String::from_utf8_lossy(&shown.body).contains("7Qx"), "{shown:?}");
}

#[test]
fn every_documented_refusal_reads_as_its_kind() {
    let dialect = reference();
    for operation in dialect.operations() {
        for kind in operation.documented_failures() {
            let facts = Facts::new().with_text(Field::ErrorMessage, "no");
            let answer = operation.refusal(kind, &facts);
            match operation.read_answer(&answer) {
                Answer::Refused { kind: read, .. } => assert_eq!(read, kind, "{}", operation.name()),
                other => panic!("{} {kind:?}: {other:?}", operation.name()),
            }
        }
    }
}

#[test]
fn an_answer_that_lacks_a_value_is_undocumented_and_says_where() {
    let dialect = reference();
    let list = dialect.operation("list_groups").unwrap();
    let body = br#"{"groups":[{"id":"g","name":"n"},{"id":"h"}],"total":2}"#.to_vec();
    let answer = list.read_answer(&WireResponse { status: 200, headers: Vec::new(), body });
    let Answer::Undocumented { mismatch } = answer else { panic!("{answer:?}") };
    assert_eq!(mismatch.to_string(), "at /groups/1/name: expected `{group.name}`, found nothing");
}

#[test]
fn a_request_without_credentials_still_finds_its_operation() {
    let dialect = reference();
    let request = WireRequest { method: "GET".into(), path: "/v1/groups".into(), ..WireRequest::default() };
    let routed = dialect.route(&request).ok().unwrap();
    assert_eq!(routed.operation.name(), "list_groups");
    assert!(!routed.facts.has(&Field::AuthToken));
}

#[test]
fn near_misses_tell_wrong_content_from_a_wrong_route() {
    let dialect = reference();
    let mut request =
        WireRequest { method: "POST".into(), path: "/v1/locks/l/hold".into(), ..WireRequest::default() };
    let misses = dialect.route(&request).err().unwrap();
    assert!(misses[0].same_route && misses[0].operation == "hold_open", "{misses:?}");
    request.path = "/v1/lock/l/hold".into();
    let misses = dialect.route(&request).err().unwrap();
    assert!(!misses[0].same_route, "{misses:?}");
}

#[test]
fn a_failure_without_a_shape_of_its_own_takes_its_customary_status() {
    let dialect = reference();
    let answer = dialect.operation("get_lock").unwrap().refusal(FailureKind::Payment, &Facts::new());
    assert_eq!((answer.status, answer.body.len()), (402, 0));
}

/// The reference with the list of PINs told under two names, PINs among them.
fn twice_told() -> Arc<Dialect> {
    let text = reference().source_text.clone();
    let (once, twice) = (
        "{ \"groups\": [ { \"id\": \"{group.id}\", \"name\": \"{group.name}\" } ],",
        "{ \"groups\": [ { \"id\": \"{group.id}\", \"name\": \"{group.name}\", \"pin\": \"{access.pin?}\" } ],
           \"places\": [ { \"id\": \"{group.id}\", \"name\": \"{group.name}\", \"pin\": \"{access.pin?}\" } ],",
    );
    assert!(text.contains(once));
    match profile::compile("twice.toml", &text.replacen(once, twice, 1)) {
        Ok(dialect) => dialect,
        Err(errors) => panic!("{}", profile::render(&errors)),
    }
}

#[test]
fn a_list_under_two_names_is_told_twice_read_once_and_masked_in_both() {
    let dialect = twice_told();
    let list = dialect.operation("list_groups").unwrap();
    let mut facts = Facts::new().with(Field::PageTotal, Datum::Int(1));
    let pin = Datum::Pin(Pin::new("4711").unwrap());
    facts.items = vec![
        Facts::new()
            .with_text(Field::GroupId, "g-1")
            .with_text(Field::GroupName, "House")
            .with(Field::AccessPin, pin),
    ];
    let answer = list.answer(&facts).unwrap();
    let element = r#"[{"id":"g-1","name":"House","pin":"4711"}]"#;
    let told = format!(r#"{{"groups":{element},"places":{element},"total":1}}"#);
    assert_eq!(String::from_utf8_lossy(&answer.body), told);
    assert_eq!(list.read_answer(&answer), Answer::Success { facts, deviations: Vec::new() });
    let shown = list.shown_answer(&answer);
    assert!(!String::from_utf8_lossy(&shown.body).contains("4711"), "{shown:?}");
    // Where the second telling lacks, or is none, nothing is lost, and it is told.
    for (places, what) in [("", "nothing"), (r#""places":7,"#, "a number")] {
        let body = format!(r#"{{"groups":{element},{places}"total":1}}"#);
        let answer = WireResponse { body: body.into_bytes(), ..answer.clone() };
        let Answer::Success { facts, deviations } = list.read_answer(&answer) else { panic!("{answer:?}") };
        assert_eq!((facts.items.len(), deviations.len()), (1, 1), "{what}");
    }
}

#[test]
fn two_lists_that_differ_are_refused() {
    let text = reference().source_text.clone();
    let once = "\"name\": \"{group.name}\" } ],";
    let other = format!("{once} \"places\": [ {{ \"id\": \"{{group.id}}\" }} ],");
    let errors = profile::compile("two.toml", &text.replacen(once, &other, 1)).unwrap_err();
    assert!(errors.problems[0].what.contains("two lists side by side"), "{errors:?}");
}
