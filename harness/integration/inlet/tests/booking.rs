//! What may be sent, and in what words the rest is refused.

use proptest::prelude::*;
use serde_json::json;

use super::bench::{EMAIL, WORDS, id, stay};
use crate::harness::integration::inlet::discreet::discreet;
use crate::harness::integration::inlet::{BookingId, Typed, Wanted};
use crate::vendors::inlet::Mode;
use crate::vendors::vocabulary::Personal;
use crate::vendors::vocabulary::contact::Ambiguity;

fn check(typed: &Typed) -> Result<Wanted, String> {
    typed.check(Ambiguity::Refuse).map_err(|faults| faults.to_string())
}

#[test]
fn a_booking_becomes_the_grant_that_inlet_reads() {
    let wanted = check(&stay()).expect("right");
    let body = serde_json::to_value(wanted.grant()).expect("JSON");
    let expected = json!({
        "operation": "code", "lockId": "lock-7",
        "from": "2027-03-10T16:00:00+01:00", "to": "2027-03-12T11:00:00+01:00",
        "phoneNumber": "+4740612345", "email": EMAIL, "reference": WORDS,
    });
    assert_eq!(body, expected);
}

#[test]
fn everything_wrong_is_told_at_once_and_without_the_datum() {
    let wrong = Typed {
        lock: " ".to_owned(),
        to: "2027-03-10T16:00:00+01:00".to_owned(),
        phone: Some(Personal::new("+47 12")),
        email: Some(Personal::new("canary@@example.org")),
        reference: Some(Personal::new("x".repeat(201))),
        ..stay()
    };
    let told = check(&wrong).expect_err("wrong");
    let parts: Vec<&str> = told.split("; ").collect();
    assert_eq!(parts.len(), 5, "{told}");
    assert!(parts[0].starts_with("lock: expected 1 to 100 characters"), "{told}");
    assert_eq!(parts[1], "period: `to` does not come after `from`");
    assert_eq!(parts[2], "phone: the phone number is too short");
    assert!(parts[3].starts_with("email: the part before the @ sign holds '@'"), "{told}");
    assert_eq!(parts[4], "reference: 201 characters, at most 200 are taken");
    assert!(!told.contains("canary"));
    assert!(!format!("{wrong:?}").contains("canary"), "{wrong:?}");
}

#[test]
fn times_on_the_wall_are_told_with_their_offset() {
    let local = Typed {
        zone: Some("Europe/Oslo".to_owned()),
        ..Typed::new(Mode::Unlock, "l", "2027-03-27T18:00", "2027-03-28T12:00")
    };
    let grant = check(&local).expect("right").grant();
    assert_eq!(
        (grant.from.to_string(), grant.to.to_string()),
        ("2027-03-27T18:00:00+01:00".into(), "2027-03-28T12:00:00+02:00".into())
    );
    let gap = Typed { to: "2027-03-28T02:30".to_owned(), ..local };
    assert!(check(&gap).expect_err("a gap").contains("`to` does not exist in Europe/Oslo"));
}

#[test]
fn words_come_without_scripts_and_unharmed_otherwise() {
    let words = |typed: &str| {
        let typed = Typed { reference: Some(Personal::new(typed)), ..stay() };
        check(&typed).expect("right").grant().reference.map(|words| words.expose().to_owned())
    };
    assert_eq!(words("Ægir <script>alert(1)</script>李").as_deref(), Some("Ægir 李"));
    assert_eq!(words("<script>alert(1)</script>"), None);
}

#[test]
fn a_booking_s_id_names_nobody() {
    for wrong in ["", "jane@example.org", "Jane Doe", "Ægir", &"x".repeat(65)] {
        assert!(BookingId::new(wrong).is_err(), "{wrong}");
    }
    assert_eq!(id("B:2027-03.1_a").as_str(), "B:2027-03.1_a");
}

#[test]
fn inlet_s_words_are_kept_without_anything_personal() {
    let wanted = check(&stay()).expect("right");
    let told = |text: &str| discreet(text, wanted.personal());
    assert_eq!(told("Exceeded the limit of 367 days"), "Exceeded the limit of 367 days");
    assert_eq!(told(&format!("`email` {EMAIL} is not known")), "`email` ‹personal› is not known");
    assert_eq!(told("+47 406 12 345 is no phone"), "‹personal› is no phone");
    assert_eq!(told("call (0)40 61-23-45 or a@b.example!"), "call (‹personal› or ‹personal›");
    assert_eq!(told(&format!("note {WORDS} refused")), "note ‹personal› refused");
    assert_eq!(told("a\nb"), "a b");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_is_what_was_wanted(days in 1_u32..300, hour in 0_u32..24, phone: bool, words in "[a-z ]{0,20}") {
        let from = format!("2027-01-01T{hour:02}:00:00-03:30");
        let to = jiff::civil::date(2027, 1, 1) + jiff::Span::new().days(days);
        let typed = Typed {
            phone: phone.then(|| Personal::new("+41446681800")),
            reference: Some(Personal::new(words)),
            ..Typed::new(Mode::UrlKey, "l", &from, &format!("{to}T23:59:59Z"))
        };
        let wanted = check(&typed).expect("right");
        let kept = serde_json::to_string(&wanted).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Wanted>(&kept).expect("ours"), wanted);
    }
}
