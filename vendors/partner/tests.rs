use std::time::Duration;

use super::*;
use crate::vendors::profile::render;

const HTTP: &str = r#"
schema = "lockstep.partner/1"
kind = "inlet-partner"
name = "corner_hotel"
title = "Corner Hotel"
vendor = "Corner"
version = "3"
[declares]
uses = ["code"]
scopes = ["cancel"]
[time]
pace = "accelerated"
factor = 60
[program]
command = ["python3", "booking.py"]
ready = "/health"
[drive.http.acts.book]
request = "POST /bookings"
body = '''{ "guest": "{guest.name}", "rooms": "{rooms}", "note": "from {from}" }'''
answer = { booking = "/id" }
[drive.http.acts.cancel]
request = "DELETE /bookings/{booking.id}"
"#;

fn wrong(text: &str) -> String {
    render(&parse("hotel.toml", text).unwrap_err())
}

#[test]
fn the_embedded_descriptions_are_read() {
    for name in embedded_names() {
        let partner = load(name).unwrap();
        assert_eq!(partner.name, name);
        assert!(is_partner(&partner.source_text));
    }
}

#[test]
fn a_system_behind_http_is_described() {
    let partner = parse("hotel.toml", HTTP).unwrap();
    assert_eq!(partner.pace, Pace::Accelerated(60.0));
    let Drive::Http(drive) = &partner.drive else { panic!("{:?}", partner.drive) };
    let book = &drive.acts[&Act::Book];
    assert_eq!(book.method, "POST");
    let values = Values::from([
        (BookingField::GuestName, serde_json::json!("O\"Brien\"}")),
        (BookingField::Rooms, serde_json::json!(["12", "14"])),
        (BookingField::FromOffset, serde_json::json!("2027-03-01T15:00:00+01:00")),
    ]);
    let body = book.body.as_ref().unwrap().filled(&values);
    assert_eq!(body["guest"], "O\"Brien\"}");
    assert_eq!(body["rooms"], serde_json::json!(["12", "14"]));
    assert_eq!(body["note"], "from 2027-03-01T15:00:00+01:00");
}

#[test]
fn what_has_no_value_is_null_alone_and_nothing_within_a_text() {
    let message = Message::json(r#"{ "a": "{agency.name}", "b": "by {agency.name}." }"#).unwrap();
    assert_eq!(message.filled(&Values::new()), serde_json::json!({ "a": null, "b": "by ." }));
}

#[test]
fn contact_data_are_both_sent_unless_less_is_declared() {
    let both = [ContactData::Email, ContactData::Phone];
    assert!(parse("hotel.toml", HTTP).unwrap().declared.contact.into_iter().eq(both));
    let less = HTTP.replace("[time]", "contact = [\"email\"]\n[time]");
    assert!(parse("hotel.toml", &less).unwrap().declared.contact.into_iter().eq([ContactData::Email]));
    assert!(wrong(&less.replace("\"email\"", "\"fax\"")).contains("fax"));
}

#[test]
fn a_mistyped_hole_names_the_nearest() {
    let told = wrong(&HTTP.replace("{guest.name}", "{guest.nmae}"));
    assert!(told.contains("did you mean `{guest.name}`?"), "{told}");
}

#[test]
fn a_mistyped_act_names_the_nearest() {
    let told = wrong(&HTTP.replace("acts.cancel", "acts.cancle"));
    assert!(told.contains("did you mean `cancel`?"), "{told}");
    assert!(told.contains("nothing tells how to cancel"), "{told}");
}

#[test]
fn a_declared_change_must_be_described() {
    let told = wrong(&HTTP.replace("[\"cancel\"]", "[\"cancel\", \"extend\"]"));
    assert!(told.contains("nothing tells how to change end"), "{told}");
}

#[test]
fn a_number_that_is_needed_must_be_told() {
    let told = wrong(&HTTP.replace("answer = { booking = \"/id\" }", ""));
    assert!(told.contains("which number a booking got"), "{told}");
}

#[test]
fn time_beyond_what_can_be_judged_is_refused() {
    let told = wrong(&HTTP.replace("factor = 60", "factor = 61"));
    assert!(told.contains("at most 60"), "{told}");
    let told = wrong(&HTTP.replace("pace = \"accelerated\"\nfactor = 60", "pace = \"virtual\""));
    assert!(told.contains("does not take its time from Lockstep"), "{told}");
}

#[test]
fn a_load_that_is_not_played_is_refused() {
    let with = |load: &str| {
        HTTP.replace("[time]", &format!("load = {{ bookings = {load}, within = \"1 min\" }}\n[time]"))
    };
    assert_eq!(parse("hotel.toml", &with("5000")).unwrap().declared.load.unwrap().bookings, 5_000);
    assert!(wrong(&with("5001")).contains("at most 5000"));
    assert!(wrong(&with("0")).contains("a load of nothing"));
    let lasting = |within: &str| with("20").replace("within = \"1 min\"", &format!("within = \"{within}\""));
    assert!(parse("hotel.toml", &lasting("24 h")).is_ok());
    assert!(wrong(&lasting("25 h")).contains("at most \"24 h\""));
    assert!(wrong(&lasting("18446744073709551615 s")).contains("longer than any run"));
}

#[test]
fn bookings_are_made_in_exactly_one_way() {
    let told = wrong(&HTTP.replace("[program]", "[drive]\nperson = true\n[program]"));
    assert!(told.contains("in 2 ways"), "{told}");
}

#[test]
fn what_is_part_of_lockstep_has_no_program_and_no_log_file() {
    let own = load("own_integration").unwrap();
    assert!(own.drive == Drive::Own && own.pace == Pace::Virtual);
    let told =
        wrong(&own.source_text.replace("[drive]", "[program]\ncommand = [\"x\"]\nready = \"/\"\n[drive]"));
    assert!(told.contains("no program to start"), "{told}");
    let told = wrong(&own.source_text.replace("[declares]", "log = \"own.log\"\n[declares]"));
    assert!(told.contains("no log file to read"), "{told}");
    let hurried = own.source_text.replace("\"virtual\"", "\"accelerated\"\nfactor = 60");
    assert_eq!(parse("vendors/partners/own.toml", &hurried).unwrap().pace, Pace::Accelerated(60.0));
}

#[test]
fn a_system_that_nobody_finds_is_refused() {
    let without =
        HTTP.replace("[program]\ncommand = [\"python3\", \"booking.py\"]\nready = \"/health\"\n", "");
    assert!(wrong(&without).contains("nobody knows where"));
}

#[test]
fn an_unknown_key_is_told_with_its_place() {
    let told = wrong(&HTTP.replace("scopes =", "scope ="));
    assert!(told.contains("did you mean `scopes`?"), "{told}");
    // What there is stands in the help alone.
    let told = wrong(&HTTP.replace("uses =", "zzz = 1\nuses ="));
    assert!(told.contains("unknown field `zzz`") && told.contains("known are"), "{told}");
    assert_eq!(told.matches("several_customers").count(), 1, "{told}");
}

#[test]
fn when_a_booking_is_sent_is_told_as_a_span_below_72_hours() {
    let told = |before: &str| HTTP.replace("[declares]", &format!("[declares]\nsends_before = \"{before}\""));
    let day = parse("other.toml", &told("24 h")).unwrap();
    assert_eq!(day.declared.sends_before, Some(Duration::from_secs(86_400)));
    assert!(wrong(&told("72 h")).contains("less than 72 hours"));
    assert!(wrong(&told("soon")).contains("no span of time"));
}

#[test]
fn the_domain_of_guests_is_one_that_an_address_can_have() {
    let told = |domain: &str| HTTP.replace("[declares]", &format!("guest_domain = \"{domain}\"\n[declares]"));
    let named = parse("other.toml", &told("guests.hotel.example")).unwrap();
    assert_eq!(named.guest_domain.as_deref(), Some("guests.hotel.example"));
    for domain in ["guests", "a b.example", "guest@hotel.example", ""] {
        assert!(wrong(&told(domain)).contains("no domain of email addresses"), "{domain}");
    }
}

#[test]
fn the_present_is_told_to_a_program_alone() {
    let takes = HTTP.replace("factor = 60\n", "factor = 60\ntakes_present = true\n");
    assert!(parse("hotel.toml", &takes).unwrap().takes_present);
    assert!(!parse("hotel.toml", HTTP).unwrap().takes_present);
    let nobody =
        takes.replace("[program]\ncommand = [\"python3\", \"booking.py\"]\nready = \"/health\"\n", "");
    let nobody = nobody.replace(
        "[drive.http.acts.book]",
        "[drive.http]\nbase = \"http://127.0.0.1:1\"\n[drive.http.acts.book]",
    );
    let told = wrong(&nobody);
    assert!(told.contains("nobody is told the present") && told.contains("LOCKSTEP_NOW"), "{told}");
}

#[test]
fn how_long_an_answer_may_take_is_described() {
    let within = |text: &str| match parse("hotel.toml", text).unwrap().drive {
        Drive::Http(drive) => drive.answers_within.as_secs(),
        other => panic!("{other:?}"),
    };
    assert_eq!(within(HTTP), 60);
    let quick = HTTP
        .replace("[drive.http.acts.book]", "[drive.http]\nanswers_within = \"5 s\"\n[drive.http.acts.book]");
    assert_eq!(within(&quick), 5);
    assert!(wrong(&quick.replace("5 s", "soon")).contains("soon"));
}

/// The description with an attestation of each criterion by a document.
fn attested(criteria: &[&str], document: &str) -> String {
    let one = |criterion: &&str| {
        format!(
            "\n[[attestations]]\ncriterion = \"{criterion}\"\nwho = \"A. Manager\"\nwhen = \"2026-11-01\"\ndocument = \"{document}\"\n"
        )
    };
    criteria.iter().map(one).fold(HTTP.to_owned(), |text, one| text + &one)
}

fn attested_by(document: &str) -> String {
    attested(&["IP-70"], document)
}

#[test]
fn a_document_is_a_file_beside_the_description_or_an_https_address() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("papers")).unwrap();
    for name in ["flow.pdf", "flow, second edition.pdf", "papers/flow.pdf"] {
        std::fs::write(folder.path().join(name), "how data flow").unwrap();
    }
    let file = folder.path().join("hotel.toml");
    let file = file.to_str().unwrap();
    let there = folder.path().join("flow.pdf");
    for document in [
        "flow.pdf",
        "flow.pdf, page 7, the second table",
        "./flow.pdf ,page 7",
        "papers/flow.pdf",
        "flow, second edition.pdf",
        "flow, second edition.pdf, page 7",
        there.to_str().unwrap(),
        "https://hotel.example/flow?page=7, below",
        "https://hotel.example/flow,second,edition, below",
        "HTTPS://hotel.example/flow",
    ] {
        let read = parse(file, &attested_by(document));
        let read = read.unwrap_or_else(|errors| panic!("{document}: {}", render(&errors)));
        assert_eq!(read.attestations[0].document, document);
    }
    for (document, why) in [
        ("handbook, page 7", "there is no document `handbook`, nor `handbook, page 7`"),
        ("flow.pfd", "there is no document `flow.pfd`"),
        ("papers", "there is no document `papers`"),
        (", page 7", "there is no document `, page 7`"),
        // It comes with the program, for a description of the program's own.
        ("own_integration.md, How data flow", "there is no document `own_integration.md`"),
        ("vendors/partners/own_integration.md", "there is no document `vendors/partners/own_integration.md`"),
        // It stands in the working directory, which no reader of a report knows.
        ("README.md", "there is no document `README.md`"),
        ("http://hotel.example/flow", "`http://hotel.example/flow` is no https address"),
        ("HTTP://hotel.example/flow", "`HTTP://hotel.example/flow` is no https address"),
        ("https://, page 7", "`https://` is no https address"),
        ("file:///etc/hostname", "`file:///etc/hostname` is no https address"),
    ] {
        refused(file, document, why);
    }
}

/// Checks that a document is refused at its place.
fn refused(file: &str, document: &str, why: &str) {
    let text = attested_by(document);
    let told = render(&parse(file, &text).unwrap_err());
    let line = text.lines().position(|line| line.starts_with("document")).unwrap() + 1;
    assert!(told.contains(why) && told.contains("write the path of a file"), "{document}: {told}");
    assert!(told.contains(&format!("hotel.toml:{line}:12")), "{document}: {told}");
}

#[test]
fn a_document_that_says_nothing_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hotel.toml");
    for (name, text) in [("empty.pdf", ""), ("blank.txt", " \n\t\r\n")] {
        std::fs::write(folder.path().join(name), text).unwrap();
        refused(file.to_str().unwrap(), name, &format!("the document `{name}` is empty"));
    }
}

#[test]
fn a_description_is_no_document_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("papers")).unwrap();
    let file = folder.path().join("hotel.toml");
    for document in ["hotel.toml", "papers/../hotel.toml, IP-70", "copy.toml"] {
        for name in ["hotel.toml", "copy.toml"] {
            std::fs::write(folder.path().join(name), attested_by(document)).unwrap();
        }
        refused(file.to_str().unwrap(), document, "is the description itself");
    }
}

#[test]
fn a_criterion_is_vouched_for_once() {
    let document = "https://hotel.example/flow";
    let both = attested(&["IP-70", "IP-71"], document);
    assert_eq!(parse("hotel.toml", &both).unwrap().attestations.len(), 2);
    let twice = attested(&["IP-70", "IP-71", "IP-70"], document);
    let told = wrong(&twice);
    let lines: Vec<usize> =
        (1..).zip(twice.lines()).filter(|(_, line)| line.ends_with("\"IP-70\"")).map(|(n, _)| n).collect();
    let (first, second) = (lines[0], lines[1]);
    assert!(told.contains(&format!("IP-70 is vouched for twice, first in line {first}")), "{told}");
    assert!(told.contains(&format!("hotel.toml:{second}:13")) && told.contains("leave one"), "{told}");
}
