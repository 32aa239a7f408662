//! Every row of the corpus against `ev_strict`, with the differences as data.

use std::collections::BTreeMap;

use super::super::EmailAddress;
use super::corpus::{rows, unescaped};

const CORPUS: &str = include_str!("../corpora/email.csv");
const DIFFERENCES: &str = include_str!("../corpora/email_differences.txt");

/// The rows where we judge otherwise than the reference: id, our verdict, and why.
fn differences() -> BTreeMap<&'static str, (bool, &'static str)> {
    let told = DIFFERENCES.lines().filter(|line| !line.starts_with('#'));
    told.map(|line| {
        let mut parts = line.splitn(3, '\t');
        let id = parts.next().expect("an id");
        let ours = parts.next().expect("a verdict");
        assert!(matches!(ours, "accepted" | "refused"), "{line}");
        let reason = parts.next().filter(|reason| reason.len() > 20).expect("a reason");
        (id, (ours == "accepted", reason))
    })
    .collect()
}

#[test]
fn email_addresses_agree_with_the_strict_reference() {
    let (rows, mut told) = (rows(CORPUS), differences());
    assert_eq!(rows.len(), 235);
    let (mut agreed, mut false_accepts, mut wrong) = (0, Vec::new(), Vec::new());
    for row in &rows {
        let (typed, strict) = (unescaped(&row["input_json"]), row["ev_strict"] == "true");
        let ours = EmailAddress::new(&typed);
        agreed += usize::from(ours.is_ok() == strict);
        let expected = told.remove(row["id"].as_str()).map_or(strict, |(ours, _)| ours);
        if ours.is_ok() != expected {
            wrong.push(format!("{} {}: {ours:?}", row["id"], row["input_json"]));
        }
        if ours.is_ok() && !strict && row["rfc5321_ok"] == "false" {
            false_accepts.push(row["id"].clone());
        }
    }
    let share = 100.0 * agreed as f64 / rows.len() as f64;
    println!("email addresses: {agreed} of {} rows agree with ev_strict ({share:.1} %)", rows.len());
    println!("email addresses: {} accepted that both references refuse", false_accepts.len());
    assert_eq!(wrong, Vec::<String>::new(), "judged otherwise than the list of differences tells");
    assert_eq!(told, BTreeMap::new(), "listed as different, but no such row");
    assert_eq!(false_accepts, Vec::<String>::new());
    assert!(share >= 98.0, "{share:.1} %");
}

#[test]
fn every_listed_difference_is_one() {
    let rows = rows(CORPUS);
    for (id, (ours, _)) in differences() {
        let row = rows.iter().find(|row| row["id"] == id).expect("a row");
        assert_ne!(ours.to_string(), row["ev_strict"], "{id} is listed, but the verdicts agree");
    }
}

#[test]
fn accepted_addresses_have_the_reference_s_normal_form() {
    for row in rows(CORPUS).iter().filter(|row| row["ev_strict"] == "true") {
        let Ok(address) = EmailAddress::new(&unescaped(&row["input_json"])) else { continue };
        assert_eq!(address.expose_shown(), unescaped(&row["ev_normalized_json"]), "{}", row["id"]);
    }
}

#[test]
fn what_is_wrong_is_told_without_the_address() {
    let told = |typed: &str| EmailAddress::new(typed).expect_err("wrong").to_string();
    assert_eq!(told(""), "the email address is empty");
    assert_eq!(told("guest.example.org"), "the email address has no @ sign");
    assert_eq!(told("@example.org"), "nothing stands before the @ sign");
    assert_eq!(
        told("a..b@example.org"),
        "the part before the @ sign begins or ends with a dot, or has two dots in a row"
    );
    assert!(told("a b@example.org").contains("' '"));
    assert!(told("\"a b\"@example.org").contains("quotation marks"));
    assert_eq!(
        told("guest@localhost"),
        "the part after the @ sign is one word: a full domain is needed, such as example.org"
    );
    assert!(told("guest@printer.local").contains(".local"));
    assert!(told("guest@[127.0.0.1]").contains("in brackets"));
    assert!(told("guest@example.org?subject=x").contains("'?'"));
    assert!(told("guest@example.123").contains("does not end as domains do"));
    assert!(told("guest@\u{1f4a9}.la").contains("which a domain cannot hold"));
    assert!(told(&format!("{}@example.org", "l".repeat(65))).contains("65 bytes"));
    let address = EmailAddress::new("Guest+Tag@MÜNCHEN.example.org").expect("valid");
    assert_eq!(address.expose(), "Guest+Tag@xn--mnchen-3ya.example.org");
    assert_eq!(address.domain(), "xn--mnchen-3ya.example.org");
    assert_eq!(format!("{address:?}"), "‹email›");
}

#[test]
fn unusual_addresses_are_taken() {
    for typed in [
        "guest+oslo@example.org",
        "a@example.technology",
        "o'brien@example.co.uk",
        "почта@пример.рф",
        "उदाहरण@परीक्ष.भारत",
        "x@paral·lel.example.org",
        "guest@a.b.c.d.e.example.org",
        "_@example.org",
    ] {
        assert!(EmailAddress::new(typed).is_ok(), "{typed}: {:?}", EmailAddress::new(typed));
    }
}
