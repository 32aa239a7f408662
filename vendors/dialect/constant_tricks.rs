//! What our client always sends, and others send otherwise or leave out.

use super::tricks::dialect;
use super::*;
use crate::vendors::profile;
use crate::vendors::wire::WireRequest;

fn get(path: &str, query: &[(&str, &str)]) -> WireRequest {
    let query = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    WireRequest { method: "GET".to_owned(), path: path.to_owned(), query, ..WireRequest::default() }
}

fn post(path: &str, body: &str) -> WireRequest {
    let (method, path, body) = ("POST".to_owned(), path.to_owned(), body.as_bytes().to_vec());
    WireRequest { method, path, body, ..WireRequest::default() }
}

#[test]
fn the_first_is_sent_and_each_is_taken() {
    let dialect = dialect(
        r#"
[operations.set_pin]
request = "POST /pin"
body = '{ "lock": "{lock.id}", "way": "{any | one_of(2, 4)}", "note": "{any? | sends(Inlet)}", "tell": "{any? | some_of(OPEN, SHUT)}" }'
response = '{ "id": "{access.id}" }'
"#,
    );
    let set = dialect.operation("set_pin").unwrap();
    let sent = set.request(&Facts::new().with_text(Field::LockId, "l")).unwrap().exposed;
    let body = String::from_utf8(sent.body.clone()).unwrap();
    assert_eq!(body, r#"{"lock":"l","way":2,"note":"Inlet","tell":["OPEN","SHUT"]}"#);
    let facts = |body: &str| dialect.route(&post("/pin", body)).map(|routed| routed.facts);
    for right in [
        &*body,
        r#"{"lock":"l","way":2}"#,
        r#"{"lock":"l","way":4,"note":"somebody","more":1}"#,
        r#"{"lock":"l","way":4,"note":null,"tell":["SHUT"]}"#,
    ] {
        let read = facts(right).ok().unwrap();
        assert_eq!(read.iter().count(), 1, "a constant tells nothing: {read:?}");
        assert_eq!(read.text(&Field::LockId), Some("l"));
    }
    for (wrong, why) in [
        (r#"{"lock":"l"}"#, "at /way: expected 2 or 4, found nothing"),
        (r#"{"lock":"l","way":null}"#, "at /way: expected 2 or 4, found null"),
        (r#"{"lock":"l","way":1}"#, "at /way: expected 2 or 4, found 1"),
        (r#"{"lock":"l","way":"2"}"#, "at /way: expected 2 or 4, found \"2\""),
        (r#"{"lock":"l","way":2,"note":7}"#, "at /note: expected a text, found 7"),
        (r#"{"lock":"l","way":2,"tell":[]}"#, "at /tell: expected a list of \"OPEN\" or \"SHUT\", found []"),
        (r#"{"lock":"l","way":2,"tell":["AJAR"]}"#, "at /tell: expected a list of"),
        (r#"{"lock":"l","way":2,"tell":"OPEN"}"#, "at /tell: expected a list of"),
    ] {
        let misses = facts(wrong).unwrap_err();
        assert!(misses[0].why.starts_with(why), "{wrong}: {}", misses[0].why);
    }
}

#[test]
fn what_is_never_sent_is_taken_where_it_says_the_usual() {
    let dialect = dialect(
        r#"
[operations.set_pin]
request = "POST /pin"
body = '{ "lock": "{lock.id}", "days": "{any | takes(127)}" }'
response = '{ "id": "{access.id}" }'
[operations.list_pins]
request = "GET /codes"
query = { kind = "{any | takes(timed, '3')}" }
response = '[ { "id": "{access.id}" } ]'
"#,
    );
    let sent =
        dialect.operation("set_pin").unwrap().request(&Facts::new().with_text(Field::LockId, "l")).unwrap();
    assert_eq!(sent.exposed.body, br#"{"lock":"l"}"#);
    let set = |body: &str| dialect.route(&post("/pin", body)).is_ok();
    assert!(set(r#"{"lock":"l"}"#) && set(r#"{"lock":"l","days":127}"#));
    assert!(!set(r#"{"lock":"l","days":31}"#) && !set(r#"{"lock":"l","days":"127"}"#));
    assert_eq!(dialect.operation("list_pins").unwrap().request(&Facts::new()).unwrap().exposed.query, []);
    let list = |query: &[(&str, &str)]| dialect.route(&get("/codes", query)).is_ok();
    assert!(list(&[]) && list(&[("kind", "3")]) && list(&[("kind", "timed")]) && !list(&[("kind", "2")]));
}

#[test]
fn a_parameter_decides_by_its_choices_and_may_be_missing_where_it_is_optional() {
    let dialect = dialect(
        r#"
[operations.list_pins]
request = "GET /codes"
query = { types = "{any | one_of(13, 3)}" }
response = '[ { "id": "{access.id}" } ]'
[operations.list_mobile]
request = "GET /codes"
query = { types = 0, order = "{any? | one_of(asc, desc)}" }
response = '[ { "id": "{mobile.id}" } ]'
"#,
    );
    let sent = dialect.operation("list_mobile").unwrap().request(&Facts::new()).unwrap().exposed;
    assert_eq!(sent.query, [("types".to_owned(), "0".to_owned()), ("order".to_owned(), "asc".to_owned())]);
    let meant = |query: &[(&str, &str)]| {
        dialect.route(&get("/codes", query)).map(|routed| routed.operation.name().to_owned())
    };
    assert_eq!(meant(&[("types", "3")]).ok().unwrap(), "list_pins");
    assert_eq!(meant(&[("types", "0")]).ok().unwrap(), "list_mobile");
    assert_eq!(meant(&[("types", "0"), ("order", "desc")]).ok().unwrap(), "list_mobile");
    for wrong in [&[][..], &[("types", "2")], &[("types", "0"), ("order", "none")], &[("types", "13,3")]] {
        assert!(meant(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn what_a_request_could_mean_twice_is_told() {
    let problems = |first: &str, second: &str| {
        let rest = format!(
            "[operations.unlock]\nrequest = \"POST /act\"\nbody = '{{ \"action\": {first} }}'\n\
             [operations.lock]\nrequest = \"POST /act\"\nbody = '{{ \"action\": {second} }}'\n"
        );
        profile::compile("tricks.toml", &super::tricks::whole(&rest))
            .err()
            .map(|errors| errors.problems.len())
    };
    assert_eq!(problems("\"{any | one_of(3, 5)}\"", "2"), None);
    assert_eq!(problems("\"{any | one_of(3, 5)}\"", "\"{any? | one_of(2, 4)}\""), None);
    assert_eq!(problems("\"{any | one_of(3, 5)}\"", "5"), Some(1));
    assert_eq!(problems("\"{any | one_of(3, 5)}\"", "\"{any | one_of(5, 2)}\""), Some(1));
    // A request without it would mean both.
    assert_eq!(problems("\"{any? | one_of(3, 5)}\"", "\"{any? | one_of(2, 4)}\""), Some(1));
    // Any number is taken, so nothing tells them apart.
    assert_eq!(problems("\"{any | sends(3)}\"", "2"), Some(1));
}

#[test]
fn what_is_always_sent_is_written_as_it_is() {
    for (hole, what) in [
        ("{any | one_of()}", "`one_of` needs what may stand there"),
        ("{any | one_of(2, 2)}", "`one_of` needs what may stand there"),
        ("{any | some_of(a, )}", "`some_of` needs what may stand there"),
        ("{any | sends}", "`sends` needs what is sent"),
        ("{lock.id | one_of(2, 4)}", "`one_of` does not fit `lock.id`"),
        ("{any | one_of(2, 4) | md5}", "what is always sent is sent as it is written"),
        ("{any | one_of(2, 4) | absent(0)}", "what is always sent is sent as it is written"),
    ] {
        let errors = template::Text::parse(hole).unwrap_err();
        assert!(errors[0].what.starts_with(what), "{hole}: {}", errors[0].what);
    }
    assert!(template::Text::parse("{any | one_of(2, 4) | loose}").is_ok());
}

#[test]
fn an_answer_holds_one_of_them() {
    let dialect = dialect(
        r#"
[operations.unlock]
request = "POST /unlock"
response = '{ "result": "{any | one_of(done, queued)}" }'
"#,
    );
    let unlock = dialect.operation("unlock").unwrap();
    let read =
        |body: &str| matches!(unlock.read_answer(&super::tricks::json(200, body)), Answer::Success { .. });
    assert_eq!(unlock.answer(&Facts::new()).unwrap().body, br#"{"result":"done"}"#);
    assert!(read(r#"{"result":"done"}"#) && read(r#"{"result":"queued"}"#));
    assert!(!read(r#"{"result":"failed"}"#) && !read("{}"));
}
