//! What others send under other names, in other bodies, or in vain; and answers
//! that say a part of what is known.

use super::tricks::{dialect, json, whole};
use super::*;
use crate::vendors::profile;
use crate::vendors::vocabulary::{Datum, Word};
use crate::vendors::wire::WireRequest;

fn ask(method: &str, address: &str, body: &str) -> WireRequest {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    WireRequest {
        method: method.to_owned(),
        path: path.to_owned(),
        query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        body: body.as_bytes().to_vec(),
        ..WireRequest::default()
    }
}

fn told(rest: &str) -> String {
    match profile::compile("tricks.toml", &whole(rest)) {
        Ok(_) => String::new(),
        Err(errors) => profile::render(&errors),
    }
}

#[test]
fn a_parameter_comes_under_either_name_and_goes_under_its_own() {
    let dialect = dialect(
        r#"
[operations.list_locks]
request = "GET /locks"
query = { group_id = "{group.id?}", size = "{page.size?}" }
also = { group_id = "groupId" }
response = '[ { "id": "{lock.id}" } ]'
[operations.unlock]
request = "POST /unlock"
form = { lock_id = "{lock.id}" }
also = { lock_id = "lockId" }
"#,
    );
    let list = dialect.operation("list_locks").unwrap();
    let sent = list.request(&Facts::new().with_text(Field::GroupId, "7")).unwrap().exposed;
    assert_eq!(sent.query, [("group_id".to_owned(), "7".to_owned())]);
    for (address, group) in
        [("/locks?group_id=7", Some("7")), ("/locks?groupId=8", Some("8")), ("/locks?groupid=9", None)]
    {
        let request = ask("GET", address, "");
        let routed = dialect.route(&request).ok().unwrap();
        assert_eq!(routed.facts.text(&Field::GroupId), group, "{address}");
        assert_eq!(list.unplayed(&request).is_empty(), group.is_some(), "{address}");
    }
    for (body, fits) in [("lock_id=7", true), ("lockId=7", true), ("lockID=7", false)] {
        assert_eq!(dialect.route(&ask("POST", "/unlock", body)).is_ok(), fits, "{body}");
    }
}

#[test]
fn what_is_documented_and_not_played_is_named_where_a_request_has_it() {
    let dialect = dialect(
        r#"
[operations.list_locks]
request = "POST /locks"
query = { size = "{page.size?}" }
body = '{ "group": "{group.id?}" }'
ignores = { maker = "makers are not played" }
response = '[ { "id": "{lock.id}" } ]'
"#,
    );
    let list = dialect.operation("list_locks").unwrap();
    for (address, body, unplayed) in [
        ("/locks?size=5", r#"{"group":"g","other":1}"#, &[][..]),
        ("/locks?maker=x&colour=red", "{}", &["maker", "colour"]),
        ("/locks", r#"{"maker":"x"}"#, &["maker"]),
        ("/locks", r#"{"group":{"maker":"x"}}"#, &[]),
    ] {
        assert_eq!(list.unplayed(&ask("POST", address, body)), unplayed, "{address} {body}");
    }
}

#[test]
fn names_that_stand_for_nothing_are_told() {
    let locks = |more: &str| {
        told(&format!(
            "[operations.list_locks]\nrequest = \"GET /locks\"\nquery = {{ size = \"{{page.size?}}\", at = 1 }}\n\
             response = '[ {{ \"id\": \"{{lock.id}}\" }} ]'\n{more}"
        ))
    };
    assert_eq!(locks("also = { size = \"limit\" }\nignores = { maker = \"it is not played\" }"), "");
    for (more, why) in [
        ("also = { sise = \"limit\" }", "no parameter `sise`"),
        ("also = { size = \"at\" }", "`at` is a parameter's name already"),
        ("also = { size = \"limit\", at = \"limit\" }", "`limit` is a parameter's name already"),
        ("ignores = { size = \"it is not played\" }", "`size` is played"),
        ("ignores = { maker = \" \" }", "`maker` is ignored without a word"),
        ("window = { min = \"1 h\" }", "`window` in operation `list_locks`"),
        ("uses = 1", "`uses` in operation `list_locks`"),
    ] {
        let told = locks(more);
        assert!(told.contains(why), "{more}\n{told}");
    }
}

#[test]
fn terms_are_of_what_has_them() {
    let pin = |more: &str| {
        told(&format!(
            "[operations.algo_pin]\nrequest = \"POST /pin\"\nbody = '{{ \"lock\": \"{{lock.id}}\" }}'\n\
             response = '{{ \"pin\": \"{{algo.pin}}\" }}'\n{more}"
        ))
    };
    for right in ["window = { max = \"1 h\" }", "variants = 5\nuses = 1\nuse_within = \"6 h\""] {
        assert_eq!(pin(right), "", "{right}");
    }
    for (more, why) in [
        ("window = {}", "a window that limits nothing"),
        ("window = { min = \"2 h\", max = \"1 h\" }", "a window that limits nothing, or leaves none"),
        ("uses = 0", "0 is out of range"),
    ] {
        assert!(pin(more).contains(why), "{more}\n{}", pin(more));
    }
}

#[test]
fn a_queue_is_of_commands_and_a_block_is_told_whole() {
    let limits = |more: &str| {
        told(&format!(
            "[operations.unlock]\nrequest = \"POST /unlock/{{lock.id}}\"\nresponse = '{{ \"id\": \"{{job.id}}\" }}'\n\
             [operations.lock]\nrequest = \"POST /lock/{{lock.id}}\"\n{more}"
        ))
    };
    let queue = |of: &str| {
        limits(&format!(
            "[limits]\nrates = [{{ calls = 2, per = \"1 min\", of = \"bridge\", beyond = \"wait\"{of} }}]"
        ))
    };
    assert_eq!(queue(", for = [\"unlock\"]"), "");
    assert!(queue(", for = [\"lock\"]").contains("`lock` is no command that could wait"));
    assert!(queue("").contains("a queue of everything"));
    let block = |blocks: &str| {
        limits(&format!(
            "[signatures.otp]\ntext = \"{{now | epoch_s}}{{secret.password}}\"\nhash = \"md5\"\nblocks = {blocks}"
        ))
    };
    assert_eq!(block("{ after = 8, for = \"10 min\", refused_as = \"forbidden\" }"), "");
    assert!(block("{ after = 8, for = \"10 min\" }").contains("lacks `refused_as`"));
}

#[test]
fn a_form_and_json_are_two_exchanges_and_so_are_a_date_and_none() {
    let pair = |left: &str, right: &str| {
        told(&format!(
            "[operations.set_pin]\nrequest = \"POST /pin\"\n{left}\nresponse = '{{ \"id\": \"{{access.id}}\" }}'\n\
             [operations.other]\nmeaning = \"set_pin\"\nrequest = \"POST /pin\"\n{right}\nresponse = '{{ \"id\": \"{{access.id}}\" }}'"
        ))
    };
    let both = "a request could mean both";
    assert_eq!(
        pair("form = { way = \"pin\", lock = \"{lock.id}\" }", "body = '{ \"lock\": \"{lock.id}\" }'"),
        ""
    );
    // A form that asks for nothing in particular takes JSON for one without fields.
    assert!(pair("form = { lock = \"{lock.id?}\" }", "body = '{ \"lock\": \"{lock.id}\" }'").contains(both));
    let none = "body = '{ \"lock\": \"{lock.id}\", \"until\": \"{any | takes(null)}\" }'";
    let dated = "body = '{ \"lock\": \"{lock.id}\", \"until\": \"{access.until}\" }'";
    assert_eq!(pair(dated, none), "");
    assert_eq!(pair(none, dated), "");
    let maybe = "body = '{ \"lock\": \"{lock.id}\", \"until\": \"{access.until?}\" }'";
    assert!(pair(maybe, none).contains(both));

    let text = format!(
        "[operations.set_pin]\nrequest = \"POST /pin\"\n{dated}\n[operations.other]\nmeaning = \"set_pin\"\nrequest = \"POST /pin\"\n{none}"
    );
    let dialect = dialect(&text);
    for (body, meant) in [
        (r#"{"lock":"l","until":"2026-08-20T12:00:00Z"}"#, "set_pin"),
        (r#"{"lock":"l","until":null}"#, "other"),
        (r#"{"lock":"l"}"#, "other"),
    ] {
        let routed = dialect.route(&ask("POST", "/pin", body)).ok().unwrap();
        assert_eq!(routed.operation.name(), meant, "{body}");
    }
    assert!(dialect.route(&ask("POST", "/pin", r#"{"lock":"l","until":"soon"}"#)).is_err());
}

#[test]
fn words_that_a_partial_list_lacks_are_left_out() {
    let dialect = dialect(
        r#"
[operations.poll_job]
request = "GET /jobs/{job.id}"
response = '{ "over": "{job.state | enum(pending=false, done=true)}", "result": { "code": "{job.state? | enum(done=0) | partial}" } }'
"#,
    );
    let poll = dialect.operation("poll_job").unwrap();
    for (word, body) in
        [(Word::Pending, r#"{"over":false}"#), (Word::Done, r#"{"over":true,"result":{"code":0}}"#)]
    {
        let facts = Facts::new().with(Field::JobState, Datum::Word(word));
        assert_eq!(String::from_utf8(poll.answer(&facts).unwrap().body).unwrap(), body);
        let Answer::Success { facts, deviations } = poll.read_answer(&json(200, body)) else {
            panic!("{body}")
        };
        assert_eq!((facts.word(&Field::JobState), deviations.len()), (Some(word), 0));
    }
    // What it does not list is not read as nothing.
    let other = json(200, r#"{"over":true,"result":{"code":7}}"#);
    assert!(matches!(poll.read_answer(&other), Answer::Undocumented { .. }));
    for wrong in ["{job.state | enum(done=0) | partial}", "{job.error? | partial}"] {
        assert!(template::Text::parse(wrong).is_err(), "{wrong}");
    }
}
