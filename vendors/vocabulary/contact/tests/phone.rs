//! Every row of the corpus: parse, validity, E.164, region, extension, type.

use super::super::{PHONE_METADATA, PhoneError, PhoneKind, PhoneNumber, PhoneReading, Region};
use super::corpus::rows;

const CORPUS: &str = include_str!("../corpora/phone.csv");

fn kind(kind: PhoneKind) -> &'static str {
    match kind {
        PhoneKind::FixedLine => "FIXED_LINE",
        PhoneKind::Mobile => "MOBILE",
        PhoneKind::FixedLineOrMobile => "FIXED_LINE_OR_MOBILE",
        PhoneKind::TollFree => "TOLL_FREE",
        PhoneKind::PremiumRate => "PREMIUM_RATE",
        PhoneKind::SharedCost => "SHARED_COST",
        PhoneKind::Voip => "VOIP",
        PhoneKind::Personal => "PERSONAL_NUMBER",
        PhoneKind::Pager => "PAGER",
        PhoneKind::UniversalAccess => "UAN",
        PhoneKind::VoiceMail => "VOICEMAIL",
        PhoneKind::Unknown => "UNKNOWN",
    }
}

fn error(error: &PhoneError) -> &'static str {
    match error {
        PhoneError::CountryCode => "INVALID_COUNTRY_CODE",
        PhoneError::NotANumber => "NOT_A_NUMBER",
        PhoneError::NothingAfterPrefix => "TOO_SHORT_AFTER_IDD",
        PhoneError::TooShort => "TOO_SHORT_NSN",
        PhoneError::TooLong => "TOO_LONG",
        PhoneError::Region(_) | PhoneError::NotValid => "no error of reading",
    }
}

/// What the reference tells in a row, in its words, as we tell it.
fn ours(input: &str, region: &str) -> [String; 6] {
    let hint = Region::new(region).ok();
    match PhoneReading::read(input, hint) {
        Err(why) => [error(&why), "", "", "false", "", ""].map(str::to_owned),
        Ok(read) => [
            "OK".to_owned(),
            read.expose_e164(),
            read.extension().unwrap_or_default().to_owned(),
            read.is_valid().to_string(),
            read.region().map(|region| region.to_string()).unwrap_or_default(),
            kind(read.kind()).to_owned(),
        ],
    }
}

#[test]
fn phone_numbers_agree_with_the_reference_on_every_row() {
    const COLUMNS: [&str; 6] = ["parse", "e164", "extension", "is_valid", "region", "type"];
    let rows = rows(CORPUS);
    assert_eq!(rows.len(), 1_049);
    let mut agreed = [0; COLUMNS.len()];
    let mut differences = Vec::new();
    for row in &rows {
        let ours = ours(&row["input"], &row["default_region"]);
        for (nth, column) in COLUMNS.iter().enumerate() {
            if ours[nth] == row[*column] {
                agreed[nth] += 1;
            } else {
                differences.push(format!("{} {column}: {} not {}", row["id"], ours[nth], row[*column]));
            }
        }
        let typed = Region::new(&row["default_region"]).ok();
        assert_eq!(
            PhoneNumber::new(&row["input"], typed).is_ok(),
            row["is_valid"] == "true",
            "{}",
            row["id"]
        );
        assert!(!format!("{:?}", PhoneReading::read(&row["input"], typed)).contains(&row["input"]));
    }
    for (column, agreed) in COLUMNS.iter().zip(agreed) {
        println!("phone numbers, {column}: {agreed} of {} rows agree", rows.len());
    }
    assert_eq!(differences, Vec::<String>::new());
}

#[test]
fn possibility_agrees_with_the_reference_wherever_a_number_was_read() {
    for row in rows(CORPUS).iter().filter(|row| row["parse"] == "OK") {
        let read = PhoneReading::read(&row["input"], Region::new(&row["default_region"]).ok()).expect("read");
        assert_eq!(read.is_possible().to_string(), row["is_possible"], "{}", row["id"]);
    }
}

#[test]
fn the_edition_of_the_data_is_the_one_that_is_named() {
    let lock = include_str!("../../../../Cargo.lock");
    let package =
        lock.split("[[package]]").find(|package| package.contains("name = \"rlibphonenumber\"")).expect("it");
    assert!(
        package.contains("version = \"2.2.15\"") && PHONE_METADATA == "9.0.42",
        "the package moved: run the corpus, and name the edition that its documentation names"
    );
}

#[test]
fn what_is_wrong_is_told_without_the_number() {
    let told = |typed: &str, region: Option<&str>| {
        let region = region.map(|region| Region::new(region).expect("a region"));
        PhoneNumber::new(typed, region).expect_err("wrong").to_string()
    };
    assert!(told("22 12 34 56", None).contains("begin with + and the code"));
    assert_eq!(told("hello", Some("NO")), "this is no phone number");
    assert_eq!(told("+47 1", None), "the phone number is too short");
    assert_eq!(told("+47 22 12 34 56 78 90", None), "the phone number is too long");
    assert_eq!(told("+1 201 155 0123", None), "no such phone number can exist in its country");
    assert!(Region::new("ZZ").expect_err("none").to_string().contains("`ZZ`"));
    assert!(Region::new("Norway").is_err());
}

#[test]
fn a_region_stands_in_for_a_country_code_and_gives_way_to_one() {
    let norway = Region::new("no").expect("Norway");
    let read = PhoneNumber::new("406 12 345", Some(norway)).expect("valid");
    assert_eq!((read.expose_e164().as_str(), read.reading().country_code()), ("+4740612345", 47));
    assert_eq!(read.reading().expose_national(), "40612345");
    let swiss = PhoneNumber::new("+41 44 668 18 00", Some(norway)).expect("valid");
    assert_eq!(swiss.reading().region().map(|region| region.to_string()).as_deref(), Some("CH"));
    assert_eq!(swiss.reading().kind().takes_sms(), Some(false));
}
