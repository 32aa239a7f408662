//! The tricks of real vendors, each on a profile of one operation or two.
//!
//! A table in the form of tests, one below the other: each stands by itself and is
//! found by its name, so the file is as long as there are tricks.

use std::sync::Arc;

use super::*;
use crate::vendors::profile;
use crate::vendors::vocabulary::{Datum, FailureKind, Instant, Secret, Word};
use crate::vendors::wire::{WireRequest, WireResponse};

const HEAD: &str = r#"
schema = "lockstep.profile/1"
kind = "lock-vendor"
name = "tricks"
title = "Tricks"
vendor = "Nobody"
version = "1"
[servers]
api = "https://api.example"
[secrets]
user = "User"
password = "Password"
[functions]
"#;

pub(super) fn dialect(rest: &str) -> Arc<Dialect> {
    profile::compile("tricks.toml", &whole(rest))
        .unwrap_or_else(|errors| panic!("{}", profile::render(&errors)))
}

/// A whole profile around the exchanges that matter.
pub(super) fn whole(rest: &str) -> String {
    let mut text = HEAD.to_owned();
    for function in Function::ALL.iter().filter(|function| function.is_asked_for()) {
        text.push_str(&format!("{} = {{ unsupported = \"not in this example\" }}\n", function.as_str()));
    }
    text.push_str(rest);
    text
}

pub(super) fn json(status: u16, body: &str) -> WireResponse {
    WireResponse { status, headers: Vec::new(), body: body.as_bytes().to_vec() }
}

fn secrets() -> Facts {
    Facts::new()
        .with(Field::Secret("user".into()), Datum::Secret(Secret::new("inlet")))
        .with(Field::Secret("password".into()), Datum::Secret(Secret::new("a:b")))
}

#[test]
fn an_object_keyed_by_id_with_a_list_within() {
    let dialect = dialect(
        r#"
[operations.list_locks]
request = "GET /locks"
response = '{ "{group.id}": { "name": "{group.name}", "locks": [ { "id": "{lock.id | int}" } ] } }'
"#,
    );
    let list = dialect.operation("list_locks").unwrap();
    let body = r#"{"g1":{"name":"A","locks":[{"id":1},{"id":2}]},"g2":{"name":"B","locks":[]}}"#;
    let Answer::Success { facts, deviations } = list.read_answer(&json(200, body)) else { panic!() };
    assert!(deviations.is_empty());
    assert_eq!(facts.items[0].text(&Field::GroupId), Some("g1"));
    assert_eq!(facts.items[0].items[1].text(&Field::LockId), Some("2"));
    assert_eq!(String::from_utf8(list.answer(&facts).unwrap().body).unwrap(), body);
}

#[test]
fn a_refusal_within_a_200_and_a_success_that_must_say_so() {
    let dialect = dialect(
        r#"
[operations.unlock]
request = "POST /unlock"
form = { lockId = "{lock.id}" }
response = '{ "errcode": 0, "errmsg": "none" }'
success = { body = '{ "errcode": 0 }' }
[[operations.unlock.errors]]
body = '{ "errcode": -3002 }'
is = "offline"
"#,
    );
    let unlock = dialect.operation("unlock").unwrap();
    let read = |body: &str| unlock.read_answer(&json(200, body));
    assert!(matches!(read(r#"{"errcode":-3002}"#), Answer::Refused { kind: FailureKind::Offline, .. }));
    assert!(
        matches!(read(r#"{"errcode":0,"errmsg":"x"}"#), Answer::Success { deviations, .. } if deviations.is_empty())
    );
    assert!(matches!(read(r#"{"errcode":-1,"errmsg":"x"}"#), Answer::Undocumented { .. }));
    assert!(matches!(read("<html>"), Answer::Undocumented { .. }));
    let Answer::Success { deviations, .. } = read(r#"{"errcode":0,"errmsg":7}"#) else { panic!() };
    assert_eq!(deviations[0].to_string(), "at /errmsg: expected a text, found 7");
    let Answer::Success { deviations, .. } = read(r#"{"errcode":0}"#) else { panic!() };
    assert_eq!(deviations[0].to_string(), "at /errmsg: expected a text, found nothing");
}

#[test]
fn literals_that_alone_say_success_must_be_equal() {
    let read = |response: &str, body: &str| {
        let dialect =
            dialect(&format!("[operations.list_locks]\nrequest = \"GET /locks\"\nresponse = '{response}'\n"));
        match dialect.operation("list_locks").unwrap().read_answer(&json(200, body)) {
            Answer::Success { deviations, .. } if deviations.is_empty() => "success",
            Answer::Success { .. } => "strays",
            Answer::Refused { .. } => "refused",
            Answer::Undocumented { .. } => "undocumented",
        }
    };
    for (response, body, expected) in [
        (r#"{ "success": true }"#, r#"{"success":true,"more":1}"#, "success"),
        (r#"{ "success": true }"#, r#"{"success":false}"#, "undocumented"),
        (r#"{ "success": true }"#, r#"{"success":"true"}"#, "undocumented"),
        (r#"{ "success": true }"#, "{}", "undocumented"),
        (r#"{ "errcode": 0 }"#, r#"{"errcode":1}"#, "undocumented"),
        (r#"{ "errcode": 0, "errmsg": "{any}" }"#, r#"{"errcode":1,"errmsg":"x"}"#, "undocumented"),
        (r#"{ "errcode": 0, "errmsg": "{any}" }"#, r#"{"errcode":0,"errmsg":"x"}"#, "success"),
        (r#"{ "meta": { "ok": true } }"#, r#"{"meta":7}"#, "undocumented"),
        (r#"{ "meta": { "ok": true } }"#, "{}", "undocumented"),
        (r#"{ "errors": [] }"#, r#"{"errors":["no"]}"#, "undocumented"),
        (r#"{ "ok": true, "id": "{lock.id}" }"#, r#"{"ok":false,"id":"1"}"#, "undocumented"),
        (r#"{ "ok": true, "id": "{lock.id}" }"#, r#"{"id":"1"}"#, "strays"),
        (r#"{ "model": "X1", "id": "{lock.id}" }"#, r#"{"model":"X2","id":"1"}"#, "success"),
        (r#"[ { "managed": true, "id": "{lock.id}" } ]"#, r#"[{"managed":false,"id":"1"}]"#, "success"),
    ] {
        assert_eq!(read(response, body), expected, "{response} answered {body}");
    }
}

#[test]
fn basic_credentials_are_written_and_read_back() {
    let dialect = dialect(
        r#"
[auth.basic]
username = "user"
password = "password"
[operations.list_locks]
request = "GET /locks"
response = '[ "{lock.id}" ]'
"#,
    );
    let list = dialect.operation("list_locks").unwrap();
    assert!(list.is_authenticated() && list.secrets_in_address().is_empty());
    let sent = list.request(&secrets()).unwrap();
    assert_eq!(sent.exposed.header("authorization"), Some("Basic aW5sZXQ6YTpi"));
    assert_eq!(sent.shown.header("authorization"), Some("Basic ‹secret›:‹secret›"));
    let routed = dialect.route(&sent.exposed).ok().unwrap();
    assert_eq!(routed.facts, secrets());
    let mut odd = sent.exposed;
    odd.headers[0].1 = "Basic %%%".to_owned();
    assert_eq!(dialect.route(&odd).ok().unwrap().facts, Facts::new());
}

#[test]
fn a_digest_is_computed_and_verified_against_what_is_known() {
    let dialect = dialect(
        r#"
[operations.get_token]
request = "POST /token"
form = { username = "{secret.user}", password = "{secret.password | md5}" }
response = '{ "access_token": "{auth.token}" }'
"#,
    );
    let token = dialect.operation("get_token").unwrap();
    let sent = token.request(&secrets()).unwrap();
    let password = Field::Secret("password".into());
    assert_eq!(dialect.route_knowing(&sent.exposed, &secrets()).ok().unwrap().facts, secrets());
    assert!(!dialect.route(&sent.exposed).ok().unwrap().facts.has(&password));
    let other = secrets().with(password.clone(), Datum::Secret(Secret::new("other")));
    assert!(!dialect.route_knowing(&sent.exposed, &other).ok().unwrap().facts.has(&password));
    let shown = token.shown_answer(&json(200, r#"{"access_token":"t-1","scope":"x"}"#));
    assert_eq!(String::from_utf8(shown.body).unwrap(), r#"{"access_token":"‹secret›","scope":"x"}"#);
}

#[test]
fn operations_on_one_route_are_told_apart_by_a_literal() {
    let dialect = dialect(
        r#"
[operations.unlock]
request = "POST /locks/{lock.id}/action"
body = '{ "action": { "type": "unlock" } }'
[operations.lock]
request = "POST /locks/{lock.id}/action"
body = '{ "action": { "type": "lock" } }'
"#,
    );
    let send = |body: &str| {
        let request = WireRequest {
            method: "POST".into(),
            path: "/locks/1/action".into(),
            body: body.into(),
            ..WireRequest::default()
        };
        dialect
            .route(&request)
            .map(|routed| routed.operation.name().to_owned())
            .map_err(|misses| misses[0].same_route)
    };
    assert_eq!(send(r#"{"more":1,"action":{"type":"lock"}}"#), Ok("lock".to_owned()));
    assert_eq!(send(r#"{"action":{"type":"unlock"}}"#), Ok("unlock".to_owned()));
    for wrong in
        ["", "{}", r#"{"action":null}"#, r#"{"action":{}}"#, r#"{"action":{"type":"open"}}"#, "no json"]
    {
        assert_eq!(send(wrong), Err(true), "{wrong}");
    }
}

#[test]
fn what_is_optional_is_left_out_and_read_as_nothing() {
    let dialect = dialect(
        r#"
[operations.get_lock]
request = "GET /locks/{lock.id}"
query = { site = "{group.id?}" }
response = '{ "id": "{lock.id}", "power": { "level": "{lock.battery?}" }, "state": "{lock.state? | enum(locked=1, jammed=254, jammed=255)}" }'
"#,
    );
    let get = dialect.operation("get_lock").unwrap();
    let facts = Facts::new().with_text(Field::LockId, "1");
    assert!(get.request(&facts).unwrap().exposed.query.is_empty());
    assert_eq!(get.answer(&facts).unwrap().body, br#"{"id":"1"}"#);
    for body in
        [r#"{"id":"1"}"#, r#"{"id":"1","power":null,"state":null}"#, r#"{"id":"1","power":{"level":null}}"#]
    {
        assert_eq!(
            get.read_answer(&json(200, body)),
            Answer::Success { facts: facts.clone(), deviations: Vec::new() },
            "{body}"
        );
    }
    let Answer::Success { facts, .. } = get.read_answer(&json(200, r#"{"id":"1","state":255}"#)) else {
        panic!()
    };
    assert_eq!(facts.word(&Field::LockState), Some(Word::Jammed));
    assert_eq!(get.answer(&facts).unwrap().body, br#"{"id":"1","state":254}"#);
    assert!(matches!(get.read_answer(&json(200, r#"{"id":"1","state":9}"#)), Answer::Undocumented { .. }));
    assert!(matches!(get.read_answer(&json(200, r#"{"id":1}"#)), Answer::Undocumented { .. }));
    assert!(matches!(get.request(&Facts::new().with_text(Field::LockId, "")), Err(FillError::Codec { .. })));
}

#[test]
fn an_unknown_word_for_a_charge_is_no_charge_and_is_told() {
    let dialect = dialect(
        r#"
[operations.list_locks]
request = "GET /locks"
response = '[ { "id": "{lock.id}", "battery": "{lock.battery? | levels(fresh=100)}" } ]'
[operations.get_lock]
request = "GET /locks/{lock.id}"
response = '{ "id": "{lock.id}", "battery": "{lock.battery | levels(fresh=100)}" }'
"#,
    );
    let list = dialect.operation("list_locks").unwrap();
    let body = r#"[{"id":"1","battery":"fresh"},{"id":"2","battery":"weak"}]"#;
    let Answer::Success { facts, deviations } = list.read_answer(&json(200, body)) else { panic!() };
    let charges: Vec<_> =
        facts.items.iter().map(|lock| lock.get(&Field::LockBattery).and_then(Datum::as_percent)).collect();
    assert_eq!(charges, [Some(100), None]);
    assert_eq!(deviations.len(), 1);
    assert_eq!((deviations[0].at.as_str(), deviations[0].found.as_str()), ("/1/battery", "\"weak\""));
    // A value that is no word at all, and one that must be there, are refused.
    let number = json(200, r#"[{"id":"1","battery":3}]"#);
    assert!(matches!(list.read_answer(&number), Answer::Undocumented { .. }));
    let get = dialect.operation("get_lock").unwrap();
    let weak = json(200, r#"{"id":"1","battery":"weak"}"#);
    assert!(matches!(get.read_answer(&weak), Answer::Undocumented { .. }));
}

#[test]
fn a_lone_word_is_not_said_of_a_charge_that_it_is_far_from() {
    let dialect = dialect(
        r#"
[operations.get_lock]
request = "GET /locks/{lock.id}"
response = '{ "id": "{lock.id}", "battery": "{lock.battery? | levels(fresh=100)}", "power": "{lock.battery? | levels(full=90, low=15)}" }'
"#,
    );
    let get = dialect.operation("get_lock").unwrap();
    let told = |percent| {
        let facts =
            Facts::new().with_text(Field::LockId, "1").with(Field::LockBattery, Datum::Percent(percent));
        String::from_utf8(get.answer(&facts).unwrap().body).unwrap()
    };
    assert_eq!(told(80), r#"{"id":"1","battery":"fresh","power":"full"}"#);
    assert_eq!(told(8), r#"{"id":"1","power":"low"}"#);
    assert!(get.can_answer_with_charge(15));
    assert!(!get.can_answer_with_charge(14));
}

#[test]
fn a_bare_string_and_examples_for_documents() {
    let dialect = dialect(
        r#"
[operations.algo_pin]
request = "POST /pins/{lock.id}"
query = { key = "{secret.password}" }
response = '"{algo.pin}"'
"#,
    );
    let algo = dialect.operation("algo_pin").unwrap();
    assert_eq!(algo.secrets_in_address(), [Field::Secret("password".into())]);
    assert_eq!(algo.request_example().query[0].1, "‹secret›");
    assert_eq!(algo.answer_example().body, "\"‹pin›\"".as_bytes());
    let Answer::Success { facts, .. } = algo.read_answer(&json(201, "\"0042\"")) else { panic!() };
    assert_eq!(facts.pin(&Field::AlgoPin).map(|pin| pin.keys()), Some("0042"));
    assert_eq!(dialect.digest().len(), 64);
}

/// A header made of a digest and the time that is in it, and a short code whose
/// time is told nowhere. The expected digests are `md5sum` and `sha256sum` of
/// the texts.
#[test]
fn a_signature_over_several_parts_is_made_and_verified() {
    let dialect = dialect(
        r#"
[signatures.stamp]
text = "{secret.password}{now | epoch_ms}"
hash = "sha256"
tolerance = "1 min"
[signatures.otp]
text = "{now | epoch_s}{secret.user}{lock.id}"
hash = "md5"
keep = 5
refused_as = "forbidden"
[operations.get_lock]
request = "GET /locks/{lock.id}"
headers = { api_token = "{signature.stamp}{now | epoch_ms}" }
response = '{ "id": "{lock.id}" }'
[operations.unlock]
request = "POST /locks/{lock.id}"
body = '{ "otp": "{signature.otp}" }'
"#,
    );
    let noon = Instant::from_epoch_ms(1_772_366_400_000);
    let at = |seconds: i64| {
        secrets().with(Field::Now, Datum::Instant(Instant::from_epoch_ms(noon.epoch_ms() + seconds * 1000)))
    };
    let asked = |seconds| at(seconds).with_text(Field::LockId, "l-1");
    let get = dialect.operation("get_lock").unwrap();
    let unlock = dialect.operation("unlock").unwrap();
    assert!(get.is_authenticated() && get.asks_with(&Field::Secret("password".into())));

    let sent = get.request(&asked(0)).unwrap();
    assert_eq!(
        sent.exposed.header("api_token"),
        Some("7939803c2ac6fd520d120c54d818524cc89a6b3f252fd3b31db4c86055642d311772366400000")
    );
    assert_eq!(sent.shown.header("api_token"), Some("‹secret›1772366400000"));
    let read = |sent: &WireRequest, seconds| {
        let routed = dialect.route_knowing(sent, &at(seconds)).ok().unwrap();
        (
            routed.missigned.map(|missigned| missigned.refused),
            routed.facts.has(&Field::Secret("password".into())),
        )
    };
    assert_eq!(read(&sent.exposed, 50), (None, true));
    assert_eq!(read(&sent.exposed, 70), (Some(FailureKind::Credentials), false));
    let mut forged = sent.exposed;
    forged.headers[0].1.replace_range(..1, "x");
    assert_eq!(read(&forged, 0), (Some(FailureKind::Credentials), false));
    forged.headers.clear();
    assert_eq!(read(&forged, 0).0, Some(FailureKind::Credentials));

    let sent = unlock.request(&asked(0)).unwrap().exposed;
    assert_eq!(String::from_utf8_lossy(&sent.body), r#"{"otp":"5ed19"}"#);
    assert_eq!((read(&sent, 30).0, read(&sent, -30).0), (None, None));
    assert_eq!(read(&sent, 31).0, Some(FailureKind::Forbidden));
    let other = WireRequest { path: "/locks/l-2".into(), ..sent };
    assert_eq!(read(&other, 0).0, Some(FailureKind::Forbidden));
    assert!(matches!(unlock.request(&secrets()), Err(FillError::Missing { place: "signature", .. })));
}

#[test]
fn of_two_sources_the_first_that_has_a_value_counts() {
    let dialect = dialect(
        r#"
[operations.get_lock]
request = "GET /locks/{lock.id}"
response = '{ "main": "{lock.battery? | percent | absent(255)}", "cells": "{lock.battery? | fraction}" }'
"#,
    );
    let get = dialect.operation("get_lock").unwrap();
    for (body, expected) in [
        (r#"{"main":80,"cells":0.5}"#, Some(80)),
        (r#"{"main":255,"cells":0.5}"#, Some(50)),
        (r#"{"cells":0.5}"#, Some(50)),
        (r#"{"main":null,"cells":null}"#, None),
        (r#"{"main":255}"#, None),
    ] {
        let Answer::Success { facts, .. } = get.read_answer(&json(200, body)) else { panic!("{body}") };
        assert_eq!(facts.get(&Field::LockBattery).and_then(Datum::as_percent), expected, "{body}");
    }
    let told = get.answer(&Facts::new().with(Field::LockBattery, Datum::Percent(80))).unwrap();
    assert_eq!(told.body, br#"{"main":80,"cells":0.8}"#);
    assert_eq!(get.answer(&Facts::new()).unwrap().body, br#"{"main":255}"#);
}

#[test]
fn a_value_whose_type_drifts_is_read_either_way() {
    let dialect = dialect(
        r#"
[operations.get_lock]
request = "GET /locks/{lock.id}"
response = '{ "id": "{lock.id | loose}", "state": "{lock.state | enum(locked=3, unlocked=1) | loose}", "on": "{lock.reachable | loose}" }'
[operations.list_locks]
request = "GET /locks"
response = '[ { "id": "{lock.id}", "state": "{lock.state | enum(locked=3, unlocked=1)}" } ]'
"#,
    );
    let get = dialect.operation("get_lock").unwrap();
    for body in [r#"{"id":"7","state":3,"on":true}"#, r#"{"id":7,"state":"3","on":"true"}"#] {
        let Answer::Success { facts, .. } = get.read_answer(&json(200, body)) else { panic!("{body}") };
        assert_eq!(facts.text(&Field::LockId), Some("7"));
        assert_eq!(facts.word(&Field::LockState), Some(Word::Locked));
        assert_eq!(facts.flag(&Field::LockReachable), Some(true));
        assert_eq!(get.answer(&facts).unwrap().body, br#"{"id":"7","state":3,"on":true}"#);
    }
    let other = json(200, r#"{"id":"7","state":"4","on":true}"#);
    assert!(matches!(get.read_answer(&other), Answer::Undocumented { .. }));
    // Only where the profile says so.
    let strict = dialect.operation("list_locks").unwrap();
    let drifted = json(200, r#"[{"id":"7","state":"3"}]"#);
    assert!(matches!(strict.read_answer(&drifted), Answer::Undocumented { .. }));
}

#[test]
fn of_two_places_one_yes_is_enough() {
    let dialect = dialect(
        r#"
[operations.get_lock]
request = "GET /locks/{lock.id}"
response = '{ "old": "{lock.keypad? | either}", "new": "{lock.keypad? | bool(1, 0) | either}" }'
"#,
    );
    let get = dialect.operation("get_lock").unwrap();
    for (body, expected) in [
        (r#"{"old":true,"new":0}"#, Some(true)),
        (r#"{"old":false,"new":1}"#, Some(true)),
        (r#"{"old":false,"new":0}"#, Some(false)),
        (r#"{"new":0}"#, Some(false)),
        (r#"{"old":null}"#, None),
        ("{}", None),
    ] {
        let Answer::Success { facts, .. } = get.read_answer(&json(200, body)) else { panic!("{body}") };
        assert_eq!(facts.flag(&Field::LockKeypad), expected, "{body}");
    }
    let told = Facts::new().with(Field::LockKeypad, Datum::Bool(true));
    assert_eq!(get.answer(&told).unwrap().body, br#"{"old":true,"new":1}"#);
}

#[test]
fn an_error_in_a_list_is_found_among_others_and_an_empty_list_is_none() {
    let dialect = dialect(
        r#"
[operations.unlock]
request = "POST /unlock"
response = '{ "errors": "{any?}" }'
[[operations.unlock.errors]]
body = '{ "errors": [ { "code": "offline", "message": "{error.message}" } ] }'
is = "offline"
[[operations.unlock.errors]]
text = "Error: {error.message}"
status = 500
is = "server"
"#,
    );
    let unlock = dialect.operation("unlock").unwrap();
    let read = |status, body: &str| unlock.read_answer(&json(status, body));
    let several = r#"{"errors":[{"code":"x","message":"a"},{"code":"offline","message":"b"},{"code":"offline","message":"c"}]}"#;
    let Answer::Refused { kind, facts, .. } = read(200, several) else { panic!() };
    assert_eq!((kind, facts.text(&Field::ErrorMessage)), (FailureKind::Offline, Some("b; c")));
    assert!(matches!(read(200, r#"{"errors":[]}"#), Answer::Success { .. }));
    assert!(matches!(read(200, r#"{"errors":[{"code":"x","message":"a"}]}"#), Answer::Success { .. }));
    let Answer::Refused { kind, facts, .. } = read(500, " Error: no power\n") else { panic!() };
    assert_eq!((kind, facts.text(&Field::ErrorMessage)), (FailureKind::Server, Some("no power")));
    assert!(matches!(read(500, "no power"), Answer::Undocumented { .. }));
    let told = unlock.refusal(FailureKind::Offline, &Facts::new().with_text(Field::ErrorMessage, "no"));
    assert_eq!(told.body, br#"{"errors":[{"code":"offline","message":"no"}]}"#);
}

#[test]
fn a_list_of_several_sorts_of_things() {
    let dialect = dialect(
        r#"
[operations.list_locks]
request = "GET /devices"
response = '''
{ "payload": [
    { "type": "Lock", "id": "{lock.id}", "name": "{lock.name}", "battery": "{lock.battery?}" },
    { "type": "Bridge", "id": "{bridge.id}", "linked": [ { "id": "{lock.id}" } ] } ] }
'''
"#,
    );
    let list = dialect.operation("list_locks").unwrap();
    let body = r#"{"payload":[{"type":"Bridge","id":"b-1","linked":[{"id":"l-1"}]},{"type":"Lock","id":"l-1","name":"Door"}]}"#;
    let Answer::Success { facts, deviations } = list.read_answer(&json(200, body)) else { panic!() };
    assert!(deviations.is_empty());
    assert_eq!(facts.items[0].text(&Field::BridgeId), Some("b-1"));
    assert_eq!(facts.items[0].items[0].text(&Field::LockId), Some("l-1"));
    assert_eq!(facts.items[1].text(&Field::LockName), Some("Door"));
    assert_eq!(String::from_utf8(list.answer(&facts).unwrap().body).unwrap(), body);
    // Another sort is read past; a lock without its name is no lock as documented.
    let keypad = r#"{"payload":[{"type":"Keypad","id":"k-1"},{"type":"Lock","id":"l-1","name":"Door"}]}"#;
    let Answer::Success { facts, .. } = list.read_answer(&json(200, keypad)) else { panic!() };
    assert_eq!(facts.items.len(), 1);
    let nameless = r#"{"payload":[{"type":"Lock","id":"l-1"}]}"#;
    assert!(matches!(list.read_answer(&json(200, nameless)), Answer::Undocumented { .. }));
}

#[test]
fn a_body_of_another_media_type_is_told() {
    let dialect = dialect(
        r#"
[operations.upsert_user]
request = "PUT /users/{user.reference}"
content_type = "application/json-patch+json"
body = '{ "name": "{user.name}" }'
"#,
    );
    let upsert = dialect.operation("upsert_user").unwrap();
    let facts = Facts::new().with_text(Field::UserReference, "r").with_text(Field::UserName, "n");
    let mut sent = upsert.request(&facts).unwrap().exposed;
    assert_eq!(sent.header("content-type"), Some("application/json-patch+json"));
    let takes = |sent: &WireRequest, kind: &str| {
        let mut other = sent.clone();
        other.headers = vec![("content-type".to_owned(), kind.to_owned())];
        upsert.takes_type_of(&other)
    };
    assert!(takes(&sent, "Application/JSON-patch+json; charset=utf-8"));
    assert!(!takes(&sent, "application/json") && !takes(&sent, ""));
    sent.headers.clear();
    assert!(!upsert.takes_type_of(&sent));
    assert_eq!(upsert.refusal_of_type().status, 415);
}

#[test]
fn polls_on_one_route_tell_of_the_jobs_of_their_own_commands() {
    let dialect = dialect(
        r#"
[operations.ask_state]
meaning = "get_lock"
request = "POST /execute"
body = '{ "device": "{lock.id}", "operation": "state", "arguments": [] }'
response = '{ "id": "{job.id}" }'
[operations.ask_pins]
meaning = "list_pins"
request = "POST /execute"
body = '{ "device": "{lock.id}", "operation": "pins", "arguments": ["20"] }'
response = '{ "id": "{job.id}" }'
[operations.poll_state]
meaning = "poll_job"
request = "POST /poll"
of = ["ask_state"]
body = '{ "id": "{job.id}" }'
response = '{ "status": "{job.state}", "state": "{lock.state?}" }'
[operations.poll_pins]
meaning = "poll_job"
request = "POST /poll"
of = ["ask_pins"]
body = '{ "id": "{job.id}" }'
response = '{ "status": "{job.state}", "pins": [ { "slot": "{access.id? | int}", "digits": "{access.pin?}" } ] }'
"#,
    );
    let poll = dialect.operation("poll_state").unwrap();
    let sent = poll.request(&Facts::new().with_text(Field::JobId, "j")).unwrap().exposed;
    let routed = dialect.route(&sent).ok().unwrap().operation;
    assert_eq!(dialect.telling_of(routed, "ask_state").name(), "poll_state");
    assert_eq!(dialect.telling_of(routed, "ask_pins").name(), "poll_pins");
    let pins = dialect.operation("poll_pins").unwrap();
    let read = pins.read_answer(&json(200, r#"{"status":"done","pins":[{"slot":1,"digits":""}]}"#));
    let Answer::Success { facts, .. } = read else { panic!() };
    assert_eq!(
        (facts.items[0].text(&Field::AccessId), facts.items[0].pin(&Field::AccessPin)),
        (Some("1"), None)
    );
    let pending = pins.read_answer(&json(200, r#"{"status":"pending"}"#));
    assert!(matches!(pending, Answer::Success { facts, .. } if facts.items.is_empty()));
}
