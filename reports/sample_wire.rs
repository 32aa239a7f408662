//! What was said on the wire in the reports made by hand.

use super::sample_parts::{at, id};
use crate::harness::result::{Exchange, Received, SentRequest, TransportFailure};
use crate::vendors::vocabulary::FailureKind;

pub(super) fn exchange(
    number: u32,
    criterion: &str,
    operation: &str,
    request: (&str, &str, &str),
    response: Received,
) -> Exchange {
    let (method, path, body) = request;
    Exchange {
        id: format!("x-{number}"),
        criterion: Some(id(criterion)),
        operation: operation.into(),
        at: at(u64::from(number) * 7),
        took_ms: 38 + u64::from(number) % 50,
        request: SentRequest {
            method: method.into(),
            url: format!("https://api.nordlas.example/v2{path}"),
            headers: vec![
                ("authorization".into(), "Bearer ‹secret›".into()),
                ("content-type".into(), "application/json".into()),
                ("user-agent".into(), format!("Lockstep/0.1 ({criterion})")),
            ],
            body: body.into(),
        },
        response,
    }
}

pub(super) fn answered(status: u16, body: &str, failure: Option<FailureKind>) -> Received {
    Received::Answer {
        status,
        headers: vec![("content-type".into(), "application/json; charset=utf-8".into())],
        body: body.into(),
        failure,
        undocumented: None,
    }
}

pub(super) fn lost() -> Received {
    Received::Nothing {
        why: TransportFailure::ReadTimeout,
        detail: "no byte of the answer within 30 s; the request had been sent whole".into(),
    }
}

const LOCKS: &str = r#"{"locks":[{"id":"lk-101","name":"Room 101","group":"grp-1","online":true,"battery":87},{"id":"lk-102","name":"Rom 102 – Sjøsiden","group":"grp-1","online":true,"battery":64},{"id":"lk-201","name":"Room 201","group":"grp-2","online":false,"battery":12}],"total":3}"#;

pub(super) fn exchanges() -> Vec<Exchange> {
    let mut all = vec![
        exchange(
            1,
            "LV-10",
            "list_groups",
            ("GET", "/groups", ""),
            answered(
                200,
                r#"{"groups":[{"id":"grp-1","name":"First floor"},{"id":"grp-2","name":"Second floor"}]}"#,
                None,
            ),
        ),
        exchange(2, "LV-20", "list_locks", ("GET", "/locks?page=1", ""), answered(200, LOCKS, None)),
        exchange(3, "LV-21", "list_locks", ("GET", "/locks?group=grp-1", ""), answered(200, LOCKS, None)),
        exchange(
            4,
            "LV-40",
            "set_pin",
            (
                "POST",
                "/locks/lk-101/pins",
                r#"{"user":"ref-7741","pin":"‹pin›","from":"2025-11-21T16:00:00Z","until":"2025-11-23T11:00:00Z"}"#,
            ),
            answered(201, r#"{"id":"acc-90","state":"active"}"#, None),
        ),
        exchange(
            5,
            "LV-46",
            "set_pin",
            (
                "POST",
                "/locks/lk-201/pins",
                r#"{"user":"ref-7741","pin":"‹pin›","from":"2025-11-21T16:00:00Z","until":"2025-11-23T11:00:00Z"}"#,
            ),
            answered(201, r#"{"id":"acc-91","state":"active"}"#, None),
        ),
        exchange(
            6,
            "LV-46",
            "get_pin",
            ("GET", "/pins/acc-91", ""),
            answered(
                404,
                r#"{"error":{"code":"not_found","message":"No such PIN"}}"#,
                Some(FailureKind::NotFound),
            ),
        ),
    ];
    for number in 7..=14 {
        let response = match number {
            7..=9 => lost(),
            10 | 13 => answered(
                503,
                r#"{"error":{"code":"unavailable","message":"Upstream is busy"}}"#,
                Some(FailureKind::UpstreamTimeout),
            ),
            _ => answered(504, "", Some(FailureKind::UpstreamTimeout)),
        };
        all.push(exchange(
            number,
            "LV-95",
            "set_pin",
            (
                "POST",
                "/locks/lk-102/pins",
                r#"{"user":"ref-7742","pin":"‹pin›","idempotency_key":"run-7-a"}"#,
            ),
            response,
        ));
    }
    all
}
