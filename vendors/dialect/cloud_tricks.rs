//! Tricks of clouds that speak in forms and codes, each on a profile of one
//! operation or two.

use super::tricks::{dialect, json};
use super::*;
use crate::vendors::vocabulary::{Cause, Datum, Days, FailureKind, Secret};
use crate::vendors::wire::WireRequest;

fn lock(id: &str) -> Facts {
    Facts::new().with_text(Field::LockId, id)
}

fn body(request: &WireRequest) -> String {
    String::from_utf8(request.body.clone()).unwrap()
}

#[test]
fn json_within_a_form_is_filled_and_read_back() {
    let dialect = dialect(
        r#"
[operations.set_pin]
request = "POST /pin"
form = { lockIdList = { json = '[ "{lock.id | int}" ]' }, cyclicConfig = { json = '[ { "weekDays": "{access.days | days_list(1, 2, 3, 4, 5, 6, 7)}", "name": "{access.name?}" } ]' } }
response = '{ "id": "{access.id}" }'
"#,
    );
    let set = dialect.operation("set_pin").unwrap();
    let facts = lock("7").with(Field::AccessDays, Datum::Days(Days::of([0, 6])));
    let sent = set.request(&facts).unwrap().exposed;
    assert_eq!(body(&sent), "lockIdList=%5B7%5D&cyclicConfig=%5B%7B%22weekDays%22%3A%5B1%2C7%5D%7D%5D");
    let read = dialect.route(&sent).ok().unwrap().facts;
    assert_eq!(
        (read.text(&Field::LockId), read.get(&Field::AccessDays)),
        (Some("7"), facts.get(&Field::AccessDays))
    );
    let mut odd = sent;
    odd.body = b"lockIdList=7&cyclicConfig=%5B%5D".to_vec();
    assert!(dialect.route(&odd).is_err(), "a number is no list");
}

#[test]
fn a_code_must_be_zero_where_it_is_there() {
    let dialect = dialect(
        r#"
[success]
if_there = '{ "errcode": 0 }'
[operations.list_locks]
request = "GET /locks"
response = '{ "list": [ { "id": "{lock.id | int}" } ] }'
[operations.unlock]
request = "POST /unlock"
response = '{ "errcode": 0 }'
success = { body = '{ "errcode": 0 }' }
"#,
    );
    let read = |name: &str, text: &str| {
        let answer = dialect.operation(name).unwrap().read_answer(&json(200, text));
        matches!(answer, Answer::Success { .. })
    };
    assert!(read("list_locks", r#"{"list":[{"id":1}]}"#) && read("list_locks", r#"{"list":[],"errcode":0}"#));
    // What nobody has documented is no success, whatever else stands beside it.
    assert!(!read("list_locks", r#"{"list":[],"errcode":-4711}"#));
    assert!(!read("list_locks", r#"{"list":[],"errcode":"0"}"#));
    assert!(read("unlock", r#"{"errcode":0}"#) && !read("unlock", "{}"));
}

#[test]
fn what_every_call_carries_stands_in_the_form_or_else_in_the_query() {
    let dialect = dialect(
        r#"
[auth.oauth2]
token = "get_token"
parameter = "accessToken"
[auth.parameters]
app = "lockstep"
[operations.get_token]
request = "POST /token"
auth = false
form = { user = "{secret.user}" }
response = '{ "token": "{auth.token}" }'
[operations.list_locks]
request = "GET /locks"
response = '[ "{lock.id}" ]'
[operations.unlock]
request = "POST /unlock"
form = { lock = "{lock.id}" }
"#,
    );
    let facts = lock("7").with(Field::AuthToken, Datum::Secret(Secret::new("t-1")));
    let sent = |name: &str| dialect.operation(name).unwrap().request(&facts).unwrap().exposed;
    assert_eq!(sent("list_locks").query.len(), 2);
    assert_eq!(body(&sent("unlock")), "lock=7&accessToken=t-1&app=lockstep");
    assert!(sent("unlock").query.is_empty());
    let unlock = dialect.operation("unlock").unwrap();
    assert!(unlock.secrets_in_address().is_empty());
    assert_eq!(dialect.operation("list_locks").unwrap().secrets_in_address(), [Field::AuthToken]);
    // The server finds the credentials of a request whatever else is wrong with it.
    let wrong = |body: &[u8]| WireRequest { body: body.to_vec(), ..sent("unlock") };
    assert!(
        unlock
            .carried(&wrong(b"accessToken=t-2"), &Facts::new())
            .is_some_and(|facts| facts.has(&Field::AuthToken))
    );
    assert_eq!(unlock.carried(&wrong(b"lock=7"), &Facts::new()), None);
}

#[test]
fn of_two_operations_on_one_route_the_one_that_says_more_is_meant() {
    let dialect = dialect(
        r#"
[operations.get_token]
request = "POST /token"
form = { user = "{secret.user}" }
response = '{ "token": "{auth.token}" }'
[operations.refresh_token]
request = "POST /token"
form = { grant_type = "refresh", refresh = "{auth.refresh}" }
response = '{ "token": "{auth.token}" }'
"#,
    );
    let send = |body: &str| {
        let request = WireRequest {
            method: "POST".into(),
            path: "/token".into(),
            body: body.into(),
            ..WireRequest::default()
        };
        dialect.route(&request).ok().map(|routed| routed.operation.name().to_owned())
    };
    assert_eq!(send("grant_type=refresh&refresh=r-1").as_deref(), Some("refresh_token"));
    assert_eq!(send("user=inlet").as_deref(), Some("get_token"));
}

#[test]
fn an_error_for_one_cause_is_given_for_it_alone() {
    let dialect = dialect(
        r#"
[[errors]]
body = '{ "errcode": 80000 }'
is = "invalid"
cause = "clock_skew"
[[errors]]
body = '{ "errcode": -3 }'
is = "invalid"
[operations.list_locks]
request = "GET /locks"
response = '[ "{lock.id}" ]'
"#,
    );
    let list = dialect.operation("list_locks").unwrap();
    let told = |cause| {
        let answer = list.refusal_for(FailureKind::Invalid, cause, &Facts::new());
        assert!(matches!(list.read_answer(&answer), Answer::Refused { kind: FailureKind::Invalid, .. }));
        String::from_utf8(answer.body).unwrap()
    };
    assert_eq!(told(Some(Cause::ClockSkew)), r#"{"errcode":80000}"#);
    assert_eq!(
        (told(None), told(Some(Cause::Window))),
        (r#"{"errcode":-3}"#.to_owned(), r#"{"errcode":-3}"#.to_owned())
    );
}

#[test]
fn weekdays_add_up_over_the_holes_of_a_message() {
    let dialect = dialect(
        r#"
[operations.set_pin]
request = "POST /pin"
body = '{ "monday": "{access.days | day(mon)}", "sunday": "{access.days | day(sun)}", "mask": 127 }'
response = '{ "id": "{access.id}" }'
"#,
    );
    let set = dialect.operation("set_pin").unwrap();
    let facts = Facts::new().with(Field::AccessDays, Datum::Days(Days::of([0, 3, 6])));
    let sent = set.request(&facts).unwrap().exposed;
    assert_eq!(body(&sent), r#"{"monday":true,"sunday":true,"mask":127}"#);
    let read = dialect.route(&sent).ok().unwrap().facts;
    assert_eq!(read.get(&Field::AccessDays).and_then(Datum::as_days), Some(Days::of([0, 6])));
}

#[test]
fn groups_may_name_their_locks() {
    let dialect = dialect(
        r#"
[operations.list_groups]
request = "GET /address"
response = '[ { "id": "{group.id | int}", "locks": [ "{lock.id | int}" ] } ]'
"#,
    );
    let list = dialect.operation("list_groups").unwrap();
    assert!(list.nests(&Field::LockId) && !list.nests(&Field::GroupId));
    let text = r#"[{"id":4,"locks":[1,2]},{"id":5,"locks":[]}]"#;
    let Answer::Success { facts, .. } = list.read_answer(&json(200, text)) else { panic!() };
    assert_eq!(facts.items[0].items[1].text(&Field::LockId), Some("2"));
    assert_eq!(String::from_utf8(list.answer(&facts).unwrap().body).unwrap(), text);
}
