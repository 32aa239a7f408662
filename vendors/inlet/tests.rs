use std::time::Duration;

use jiff::tz::Offset;
use proptest::prelude::*;

use super::*;
use crate::vendors::vocabulary::{Instant, Personal, Pin};

const GRANT: &str = r#"{"operation":"code","lockId":"L-1","from":"2027-03-01T18:50:00+01:00","to":"2027-03-01T20:15:00+01:00","phoneNumber":"+4798765432","email":"ada@example.org","reference":"Room 3"}"#;

fn refused(operation: Operation, body: &str) -> (u16, String) {
    let refused = Request::read(operation, body.as_bytes()).expect_err("a refusal");
    (refused.status, refused.message)
}

#[test]
fn a_grant_is_read_and_written_in_the_same_bytes() {
    let request = Request::read(Operation::GrantAccess, GRANT.as_bytes());
    let Ok(Request::Grant(grant)) = request else { panic!("{request:?}") };
    assert_eq!(grant.phone_number, Some(Personal::new("+4798765432")));
    assert_eq!(serde_json::to_string(&grant).ok().as_deref(), Some(GRANT));
    let shown = format!("{grant:?}");
    assert!(!shown.contains("ada@") && !shown.contains("98765432") && !shown.contains("Room"), "{shown}");
}

#[test]
fn the_order_of_members_and_a_null_mean_nothing() {
    let other = r#"{"to":"2027-03-01T20:15:00+01:00","email":null,"from":"2027-03-01T18:50:00+01:00","lockId":"L-1","operation":"unlock"}"#;
    let expected = GrantAccess::new(
        Mode::Unlock,
        "L-1",
        Moment::parse("2027-03-01T18:50:00+01:00").expect("a time"),
        Moment::parse("2027-03-01T20:15:00+01:00").expect("a time"),
    );
    assert_eq!(Request::read(Operation::GrantAccess, other.as_bytes()), Ok(Request::Grant(expected)));
}

#[test]
fn every_refusal_names_the_member_and_repeats_no_value() {
    let grant = |from: &str, to: &str| GRANT.replace(from, to);
    let long = format!("\"email\":\"{}@example.org\"", "a".repeat(300));
    let rows = [
        (
            grant("\"code\"", "\"cod\""),
            "`operation`: expected one of `code`, `unlock`, `mobilekey`, `urlkey`, found another text",
        ),
        (grant("\"L-1\"", "7"), "`lockId`: expected a text of 1 to 100 characters, found a number"),
        (grant("\"L-1\"", "\"\""), "`lockId`: expected a text of 1 to 100 characters, found an empty text"),
        (grant("\"lockId\":\"L-1\",", ""), "`lockId`: expected a text of 1 to 100 characters, found nothing"),
        (
            grant("18:50:00+01:00", "18:50:00"),
            "`from`: expected a time in RFC 3339 with its offset, such as `2027-03-01T18:50:00+01:00`, found another text",
        ),
        (
            grant("\"email\":\"ada@example.org\"", &long),
            "`email`: expected a text of 1 to 254 characters, found another text",
        ),
        (
            grant("phoneNumber", "phonenumber"),
            "a member whose name is not repeated here: no such member; did you mean `phoneNumber`?",
        ),
        (
            grant("\"+4798765432\"", "4798765432"),
            "`phoneNumber`: expected a text of 1 to 32 characters, found a number",
        ),
    ];
    for (body, expected) in rows {
        assert_eq!(refused(Operation::GrantAccess, &body), (422, expected.to_owned()));
    }
}

#[test]
fn what_is_no_object_is_refused_before_anything_is_read() {
    let rows = [
        ("", "the body: expected a JSON object, found nothing"),
        ("[]", "the body: expected a JSON object, found other JSON"),
        ("{\"lockId\":", "the body: expected a JSON object, found no JSON at line 1, column 10"),
    ];
    for (body, expected) in rows {
        assert_eq!(refused(Operation::RevokeAccess, body), (400, expected.to_owned()));
    }
    assert!(Request::read(Operation::GrantAccess, b"\xff\xfe{}").is_err());
}

#[test]
fn what_could_be_read_in_two_ways_is_refused() {
    let twice = GRANT.replace("\"lockId\"", "\"lockId\":\"L-9\",\"lockId\"");
    let several = "`lockId`: expected one value, found several".to_owned();
    assert_eq!(refused(Operation::GrantAccess, &twice), (422, several));
    let marked = format!("\u{feff}{GRANT}");
    let mark = "the body: expected a JSON object, found a byte order mark before it".to_owned();
    assert_eq!(refused(Operation::GrantAccess, &marked), (400, mark));
    let rows = [
        (r#""Room \udc00""#.to_owned(), 400, "found half of a surrogate pair at line 1"),
        ("[".repeat(200), 400, "found JSON that is nested too deeply at line 1"),
        ("1e999".to_owned(), 400, "found a number that is too large at line 1"),
        ("12345678901234567890123".to_owned(), 422, "`reference`: expected a text of 1 to 200 characters"),
        (format!("{}1{}", "[".repeat(100), "]".repeat(100)), 422, "found a list"),
    ];
    for (sent, status, found) in rows {
        let told = refused(Operation::GrantAccess, &GRANT.replace("\"Room 3\"", &sent));
        assert!(told.0 == status && told.1.contains(found), "{told:?}");
    }
}

#[test]
fn an_update_changes_something_and_a_revoke_names_its_access() {
    let nothing = "expected at least one member beside `ReferenceId`, found nothing to change";
    assert_eq!(refused(Operation::UpdateAccess, r#"{"ReferenceId":"r-1"}"#), (422, nothing.to_owned()));
    let to = r#"{"ReferenceId":"r-1","to":"2027-03-01T21:00:00+01:00"}"#;
    let read = Request::read(Operation::UpdateAccess, to.as_bytes());
    assert!(matches!(read, Ok(Request::Update(update)) if update.to.is_some() && update.from.is_none()));
    let expected = "`ReferenceId`: expected a text of 1 to 64 characters, found nothing";
    assert_eq!(refused(Operation::RevokeAccess, "{}"), (422, expected.to_owned()));
}

#[test]
fn the_published_error_is_written_to_its_letter_and_read() {
    let error = ErrorAnswer::new(422, Unfit::Length.to_string());
    let body = br#"{"status":"ERROR","code":"422","message":"Exceeded the limit of 367 days"}"#;
    assert_eq!(error.body(), body);
    assert_eq!(ErrorAnswer::read(body), Ok(error));
    let number = br#"{"status":"ERROR","code":422,"message":"m"}"#;
    assert!(ErrorAnswer::read(number).is_err());
    assert!(ErrorAnswer::upstream_timeout("the lock system").is_upstream_timeout());
}

#[test]
fn an_answer_may_grow_but_not_lack_its_reference() {
    let granted = Granted {
        reference_id: "r-1".to_owned(),
        code_formatted: Pin::new("#1234*").ok(),
        mobile_key: None,
        url_key: None,
    };
    let body = br##"{"status":"OK","ReferenceId":"r-1","codeFormatted":"#1234*"}"##;
    assert_eq!(granted.body(), body);
    let grown = br##"{"new":1,"codeFormatted":"#1234*","ReferenceId":"r-1","status":"OK"}"##;
    assert_eq!(Granted::read(grown), Ok(granted));
    for wrong in
        [r#"{"status":"OK"}"#, r#"{"ReferenceId":"r-1"}"#, r#"{"status":"OK","ReferenceId":5}"#, "OK"]
    {
        assert!(Granted::read(wrong.as_bytes()).is_err(), "{wrong}");
    }
    assert_eq!(Done::read(br#"{"status":"OK"}"#), Ok(Done { reference_id: None }));
}

#[test]
fn a_period_has_an_order_a_length_and_a_present() {
    let at = |day: u64| Instant::from_epoch_ms(0) + Duration::from_secs(day * 86_400);
    assert_eq!(check_period(at(1), at(368), at(0)), Ok(()));
    assert_eq!(check_period(at(1), at(368) + Duration::from_secs(1), at(0)), Err(Unfit::Length));
    assert_eq!(check_period(at(2), at(2), at(0)), Err(Unfit::Order));
    assert_eq!(check_period(at(2), at(1), at(0)), Err(Unfit::Order));
    assert_eq!(check_period(at(1), at(2), at(2)), Err(Unfit::Over));
    assert_eq!(check_period(at(1), at(3), at(2)), Ok(()));
}

#[test]
fn only_rfc_3339_is_a_moment() {
    for right in [
        "2027-03-01T18:50:00Z",
        "2027-03-01t18:50:00z",
        "2027-03-01T18:50:00.25-09:30",
        "2027-03-01T18:50:00+00:00",
        "2028-02-29T23:59:59+14:00",
    ] {
        assert!(Moment::parse(right).is_some(), "{right}");
    }
    for wrong in [
        "2027-03-01T18:50:00",
        "2027-03-01 18:50:00Z",
        "2027-03-01T18:50Z",
        "2027-03-01T18:50:00+01",
        "2027-03-01T18:50:00+0100",
        "2027-03-01T18:50:00.Z",
        "2027-02-29T18:50:00Z",
        "2027-03-01T25:50:00Z",
        "2027-03-01T18:50:00+24:00",
        "2027-03-01T18:50:00+01:00[Europe/Oslo]",
        "2027-03-01T18:50:00Zürich",
        "20270301T185000Z",
        "1803891600",
        "",
    ] {
        assert_eq!(Moment::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn every_word_that_was_chosen_stands_in_the_list_of_choices() {
    let text: String = CHOICES.iter().map(|choice| format!("{} {}\n", choice.id, choice.chosen)).collect();
    let published: String = PUBLISHED.iter().map(|published| format!("{}\n", published.fact)).collect();
    let words = Operation::ALL.map(|operation| operation.path()).into_iter();
    let words = words.chain(Mode::ALL.map(Mode::as_str));
    let members = ["lockId", "from", "to", "phoneNumber", "countryCode", "email", "reference", "ReferenceId"];
    for word in words.chain(members).chain(["codeFormatted", "mobileKey", "urlKey"]) {
        let named =
            |text: &str| text.contains(&format!("`{word}`")) || text.contains(&format!("POST {word}`"));
        assert!(named(&text) || named(&published), "{word}");
    }
    let mut ids: Vec<&str> = CHOICES.iter().map(|choice| choice.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), CHOICES.len());
}

proptest! {
    #[test]
    fn a_moment_is_read_as_it_was_written(ms in 0_i64..4_102_444_800_000, minutes in -1_439_i32..=1_439) {
        let offset = Offset::from_seconds(minutes * 60).expect("an offset");
        let moment = Moment::new(Instant::from_epoch_ms(ms), offset);
        prop_assert_eq!(Moment::parse(&moment.to_string()), Some(moment), "{}", moment);
    }

    #[test]
    fn reading_never_fails_otherwise_than_by_telling(body: Vec<u8>, text: String) {
        for operation in Operation::ALL {
            let _ = Request::read(operation, &body);
            let _ = Request::read(operation, text.as_bytes());
        }
        let _ = (Granted::read(&body), Done::read(&body), ErrorAnswer::read(&body), Moment::parse(&text));
    }
}
