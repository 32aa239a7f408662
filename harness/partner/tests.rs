use std::net::{Ipv4Addr, SocketAddr};

use serde_json::json;
use wiremock::matchers::{body_json, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::http::Calls;
use super::instructions::instruction;
use super::values::of_booking;
use super::*;
use crate::vendors::partner::{Act, Booking, Change, Drive, Guest, Kind, Room, Use, parse};
use crate::vendors::vocabulary::{Instant, Secret};

fn booking() -> Booking {
    let zone = jiff::tz::TimeZone::get("Europe/Oslo").unwrap();
    let at = |hour| jiff::civil::date(2027, 3, 1).at(hour, 0, 0, 0).to_zoned(zone.clone()).unwrap();
    Booking {
        customer: 1,
        guests: vec![Guest {
            name: "Ada O'Brien".to_owned(),
            email: "ada@example.org".to_owned(),
            phone: "987 65 432".to_owned(),
            country: "NO".to_owned(),
        }],
        rooms: vec![Room("L-1".to_owned())],
        common_doors: Vec::new(),
        from: at(15),
        until: at(18),
        access: Use::Code,
        kind: Kind::Single,
        text: String::new(),
        agency: None,
        messages: true,
    }
}

fn described(acts: &str) -> Drive {
    let text = format!(
        "schema = \"lockstep.partner/1\"\nkind = \"inlet-partner\"\nname = \"t\"\ntitle = \"T\"\nvendor = \"T\"\n\
         version = \"1\"\n[declares]\nuses = [\"code\"]\n{acts}"
    );
    parse("t.toml", &text).unwrap().drive
}

fn calls(base: String) -> Calls {
    let Drive::Http(drive) = described(
        r#"
[drive.http]
base = "http://127.0.0.1:1"
[drive.http.acts.book]
request = "POST /bookings"
body = '{ "who": "{guest.name}", "phone": "{guest.phone}", "note": "{text}", "from": "{from}" }'
answer = { booking = "/id" }
[drive.http.acts.show]
request = "GET /bookings/{booking.id}"
answer = { code = "/code", flagged = "/problem" }
"#,
    ) else {
        panic!("not HTTP")
    };
    Calls::new(drive, base).unwrap()
}

#[tokio::test]
async fn a_booking_is_made_by_its_call_and_shown_by_its_number() {
    let server = MockServer::start().await;
    let body = json!({ "who": "Ada O'Brien", "phone": "987 65 432", "note": null, "from": "2027-03-01T15:00:00+01:00" });
    Mock::given(method("POST"))
        .and(path("/bookings"))
        .and(body_json(body))
        .respond_with(ResponseTemplate::new(201).set_body_json(json!({ "id": "a/7" })))
        .mount(&server)
        .await;
    let shown = json!({ "code": "#1234*", "problem": "" });
    Mock::given(method("GET"))
        .and(path("/bookings/a%2F7"))
        .respond_with(ResponseTemplate::new(200).set_body_json(shown))
        .mount(&server)
        .await;
    let driver = Driver::Http(calls(server.uri()));
    let Done::Taken { number, .. } = driver.book(&booking()).await.unwrap() else { panic!("refused") };
    let shown = driver.show(&number, &booking()).await.unwrap();
    assert!(matches!(shown, Done::Taken { code: Some(code), flagged: false, .. } if code == "#1234*"));
}

#[tokio::test]
async fn a_refusal_is_the_partners_right_and_a_failure_is_not() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(422))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(500))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let driver = Driver::Http(calls(server.uri()));
    assert!(matches!(driver.book(&booking()).await, Ok(Done::Refused(_))));
    assert!(driver.book(&booking()).await.is_err());
    assert!(driver.book(&booking()).await.is_err_and(|why| why.0.contains("no booking's number")));
    assert!(driver.cancel(&Number::none(), &booking()).await.is_err_and(|why| why.0.contains("cancel")));
}

fn surroundings() -> Surroundings {
    Surroundings {
        authority: None,
        inlet: "http://127.0.0.1:9/".to_owned(),
        tokens: vec![Secret::new("first"), Secret::new("second")],
        locks: vec![vec!["1".to_owned(), "2".to_owned()], vec!["7".to_owned()]],
        smtp: SocketAddr::from((Ipv4Addr::LOCALHOST, 2525)),
        speed: 60.0,
        now: Instant::from_epoch_ms(1_803_891_600_000),
        port: free_port().unwrap(),
        log: None,
        folder: std::env::temp_dir(),
        data: std::env::temp_dir(),
    }
}

#[tokio::test]
async fn a_command_reads_its_input_and_knows_where_inlet_is() {
    let script = r#"
import json, os, sys
given = json.load(sys.stdin)
assert given["who"] == sys.argv[1] == "Ada O'Brien", given
assert os.environ["LOCKSTEP_LOCKS"].split(",") == ["1", "2"] and os.environ["LOCKSTEP_LOCKS_2"] == "7"
assert given["customer"] == 1, given
if given["rooms"] == []: sys.exit(65)
if given["rooms"] == ["?"]: raise ValueError("a defect")
print(json.dumps({"id": os.environ["LOCKSTEP_INLET_TOKEN_2"] + os.environ["LOCKSTEP_SPEED"]}))
"#;
    let acts = format!(
        "[drive.command.book]\nrun = [\"python3\", \"-c\", '''{script}''', \"{{guest.name}}\"]\n\
         input = '{{ \"who\": \"{{guest.name}}\", \"rooms\": \"{{rooms}}\", \"customer\": \"{{customer}}\" }}'\nanswer = {{ booking = \"/id\" }}\n"
    );
    // The braces of the script are its own and no holes.
    let acts =
        acts.replace("{\"id\": os", "dict(id=os").replace("LOCKSTEP_SPEED\"]})", "LOCKSTEP_SPEED\"]))");
    let Drive::Command(drive) = described(&acts) else { panic!("no commands") };
    let driver = Driver::Command(super::command::CommandLine::new(drive, surroundings()));
    let done = driver.book(&booking()).await.unwrap();
    assert!(matches!(done, Done::Taken { number: Number(number), .. } if number == "second60"));
    let nowhere = Booking { rooms: Vec::new(), ..booking() };
    assert!(matches!(driver.book(&nowhere).await, Ok(Done::Refused(_))));
    // A script that breaks down ends with 1, and has refused nothing.
    let odd = Booking { rooms: vec![Room("?".to_owned())], ..booking() };
    assert!(driver.book(&odd).await.is_err());
}

#[tokio::test]
async fn a_program_is_started_restarted_and_ended() {
    let script = "import http.server, os\n\
                  http.server.HTTPServer(('127.0.0.1', int(os.environ['LOCKSTEP_PORT'])), http.server.SimpleHTTPRequestHandler).serve_forever()";
    let program = crate::vendors::partner::Program {
        command: ["python3", "-c", script].map(str::to_owned).to_vec(),
        ready: "/".to_owned(),
        ready_within: std::time::Duration::from_secs(30),
    };
    let mut running = Running::start(program, surroundings()).await.unwrap();
    running.restart(Instant::from_epoch_ms(0)).await.unwrap();
}

#[tokio::test]
async fn a_program_that_ends_at_once_is_told_with_how_it_ended() {
    let program = crate::vendors::partner::Program {
        command: ["false"].map(str::to_owned).to_vec(),
        ready: "/".to_owned(),
        ready_within: std::time::Duration::from_secs(30),
    };
    let why = Running::start(program, surroundings()).await.map(drop).unwrap_err();
    assert!(why.0.contains("`false` ended with"), "{why}");
}

#[test]
fn a_person_reads_what_to_do() {
    insta::assert_snapshot!(instruction(Act::Book, &of_booking(&booking())), @r"
    Make a booking:
      guest      Ada O'Brien
      email      ada@example.org
      phone      987 65 432
      rooms      L-1
      from       2027-03-01T15:00:00+01:00
      until      2027-03-01T18:00:00+01:00
      access     code
      kind       single
      note       (leave empty)
    ");
    let second = instruction(Act::Book, &of_booking(&Booking { customer: 2, ..booking() }));
    assert!(second.contains("\n  customer   2\n"), "{second}");
    let until = booking().until.checked_add(jiff::Span::new().hours(1)).unwrap();
    let (act, values) = super::values::of_change(&Number::none(), &booking(), &Change::Until(until));
    insta::assert_snapshot!(instruction(act, &values), @"Let the stay of Ada O'Brien end at 2027-03-01T19:00:00+01:00.");
}
