//! Every two-way codec gives back what it keeps: `decode(encode(x)) == canon(x)`.
//!
//! One table holds a law for each codec name; a codec without one fails
//! [`every_codec_has_a_law`].

use std::time::Duration;

use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::vendors::vocabulary::{Days, Field, Instant, Pin, Secret};

/// A codec as written, and the kinds of values that it is tried on.
const LAWS: &[(&str, &[FieldKind])] = &[
    ("text", &[FieldKind::Text, FieldKind::Pin, FieldKind::Secret, FieldKind::Invitation]),
    ("int", &[FieldKind::Int, FieldKind::Text, FieldKind::Pin, FieldKind::Seconds]),
    ("bool", &[FieldKind::Bool]),
    ("bool(1, 2)", &[FieldKind::Bool]),
    ("bool(yes, no)", &[FieldKind::Bool]),
    ("bool('1', '0')", &[FieldKind::Bool]),
    ("word", &[FieldKind::Word]),
    ("enum(locked=1, unlocked=3, jammed=254, jammed=255)", &[FieldKind::Word]),
    ("enum(open=OPEN, closed=in between, ajar='1')", &[FieldKind::Word]),
    ("percent", &[FieldKind::Percent]),
    ("fraction", &[FieldKind::Percent]),
    ("levels(full=90, good=60, low=15, critical=5)", &[FieldKind::Percent]),
    ("epoch_ms", &[FieldKind::Instant]),
    ("epoch_s", &[FieldKind::Instant]),
    ("rfc3339", &[FieldKind::Instant]),
    ("rfc3339(ms)", &[FieldKind::Instant]),
    ("rfc3339_offset", &[FieldKind::Instant]),
    ("rfc3339_offset(Europe/Zurich)", &[FieldKind::Instant]),
    ("local(Europe/Zurich)", &[FieldKind::Instant]),
    ("local(America/New_York)", &[FieldKind::Instant]),
    ("format(%Y %-m %-d %H:%M)", &[FieldKind::Instant]),
    ("format(%d.%m.%Y, %-H:%M:%S, Europe/Zurich)", &[FieldKind::Instant]),
    ("format(%Y%m%d, America/New_York)", &[FieldKind::Instant]),
    ("minute_of_day", &[FieldKind::Instant]),
    ("ms_of_day", &[FieldKind::Instant]),
    ("seconds", &[FieldKind::Seconds]),
    ("minutes", &[FieldKind::Seconds]),
    ("ms", &[FieldKind::Seconds]),
    ("days(64, 32, 16, 8, 4, 2, 1)", &[FieldKind::Days]),
    ("days_hex(1, 2, 4, 8, 16, 32, 64)", &[FieldKind::Days]),
    ("days_list(1, 2, 3, 4, 5, 6, 7)", &[FieldKind::Days]),
    ("days_list(MO, TU, WE, TH, FR, SA, SU)", &[FieldKind::Days]),
    ("day(wed)", &[FieldKind::Days]),
    ("digits(6)", &[FieldKind::Text, FieldKind::Pin]),
    ("one_of(2, 4)", &[FieldKind::Any]),
    ("one_of('2', UNLATCH, true)", &[FieldKind::Any]),
    ("some_of(DEVICE_STATUS, 7)", &[FieldKind::Any]),
    ("sends(Inlet)", &[FieldKind::Any]),
    ("sends(0)", &[FieldKind::Any]),
];

/// Codecs from text to text that can be taken back.
const TEXT_LAWS: &[&str] = &["upper", "lower", "base64"];

/// What is read together with the rest of its message; the tricks hold its laws.
const WITHIN_A_MESSAGE: &[&str] = &["numeric", "length", "absent", "loose", "either", "partial", "takes"];

/// Codecs that are computed and verified.
const ONE_WAY: &[(&str, &str)] = &[
    ("md5", "5d41402abc4b2a76b9719d911017c592"),
    ("sha256", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"),
    // RFC 4231, test case 2, is below.
    ("hmac_sha256(secret.key)", "HMAC"),
];

fn split(written: &str) -> (&str, Option<&str>) {
    match written.split_once('(') {
        Some((name, rest)) => (name, rest.strip_suffix(')')),
        None => (written, None),
    }
}

fn codec(written: &str) -> Codec {
    let (name, args) = split(written);
    parse_codec(name, args).unwrap_or_else(|why| panic!("{written}: {why:?}"))
}

fn step(written: &str) -> TextCodec {
    let (name, args) = split(written);
    parse_step(name, args).unwrap().unwrap_or_else(|why| panic!("{written}: {why:?}"))
}

fn values(kind: FieldKind) -> BoxedStrategy<Datum> {
    match kind {
        FieldKind::Text | FieldKind::Invitation | FieldKind::Any => {
            prop_oneof![".{0,20}", "[0-9]{1,9}", "[0-9]{6}"].prop_map(Datum::text).boxed()
        }
        FieldKind::Int => any::<i64>().prop_map(Datum::Int).boxed(),
        FieldKind::Bool => any::<bool>().prop_map(Datum::Bool).boxed(),
        FieldKind::Percent => (0..=100_u8).prop_map(Datum::Percent).boxed(),
        // 1900 to 2200, to the millisecond, and often near the change of clocks.
        FieldKind::Instant => {
            prop_oneof![-2_208_988_800_000_i64..7_258_118_400_000, 1_792_875_600_000_i64..1_792_893_600_000]
                .prop_map(|ms| Datum::Instant(Instant::from_epoch_ms(ms)))
                .boxed()
        }
        FieldKind::Seconds => {
            (0..10_000_000_000_u64).prop_map(|ms| Datum::Seconds(Duration::from_millis(ms))).boxed()
        }
        FieldKind::Word => prop::sample::select(Word::ALL).prop_map(Datum::Word).boxed(),
        FieldKind::Days => {
            prop::collection::vec(0..7_usize, 0..7).prop_map(|places| Datum::Days(Days::of(places))).boxed()
        }
        FieldKind::Pin => prop_oneof!["[0-9]{6}", "[0-9A-Z*#]{1,9}"]
            .prop_map(|keys| Datum::Pin(Pin::new(&keys).unwrap()))
            .boxed(),
        FieldKind::Secret => ".{0,20}".prop_map(|text| Datum::Secret(Secret::new(text))).boxed(),
    }
}

/// Encodes and decodes, in JSON and as text. Whether the value could be spelled.
fn holds(written: &str, kind: FieldKind, value: &Datum) -> Result<bool, TestCaseError> {
    let codec = codec(written);
    let Ok(scalar) = codec.encode(value) else { return Ok(false) };
    let mut json = String::new();
    scalar.write_json(&mut json);
    let parsed: Value = serde_json::from_str(&json).unwrap();
    let canon = codec.canon(value);
    prop_assert_eq!(
        codec.decode(Raw::Json(&parsed), kind),
        Ok(canon.clone()),
        "{} in JSON: {}",
        written,
        json
    );
    let text = scalar.into_text();
    prop_assert_eq!(codec.decode(Raw::Text(&text), kind), Ok(canon.clone()), "{} as text: {}", written, text);
    prop_assert_eq!(codec.canon(&canon), canon, "{} keeps what it kept", written);
    Ok(true)
}

#[test]
fn what_is_encoded_is_decoded_to_what_is_kept() {
    for (written, kinds) in LAWS {
        for kind in *kinds {
            assert!(codec(written).fits(*kind), "{written} {kind:?}");
            let spelled = std::cell::Cell::new(0);
            let mut runner = proptest::test_runner::TestRunner::deterministic();
            let result = runner.run(&values(*kind), |value| {
                spelled.set(spelled.get() + usize::from(holds(written, *kind, &value)?));
                Ok(())
            });
            assert!(result.is_ok(), "{written} on {kind:?}: {result:?}");
            assert!(spelled.get() > 20, "{written} on {kind:?} was tried on {} values only", spelled.get());
        }
    }
}

#[test]
fn text_codecs_are_taken_back() {
    for written in TEXT_LAWS {
        let step = step(written);
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let result = runner.run(&"[ -~äöß]{0,20}", |text| {
            let encoded = step.encode(&text, |_| None).unwrap();
            let canon = match step {
                TextCodec::Upper => text.to_uppercase(),
                TextCodec::Lower => text.to_lowercase(),
                _ => text.clone(),
            };
            prop_assert_eq!(step.decode(&encoded), Ok(canon));
            Ok(())
        });
        assert!(result.is_ok(), "{written}: {result:?}");
    }
}

#[test]
fn digests_are_computed_and_never_read() {
    for (written, expected) in ONE_WAY {
        let step = step(written);
        assert!(step.is_one_way());
        let digest =
            step.encode("hello", |field| (*field == Field::Secret("key".into())).then(|| "Jefe".to_owned()));
        let digest = digest.unwrap();
        match *expected {
            "HMAC" => assert_eq!(digest.len(), 64),
            expected => assert_eq!(digest, expected),
        }
        assert!(step.decode(&digest).is_err());
    }
    // RFC 4231, test case 2.
    let signed =
        step("hmac_sha256(secret.key)").encode("what do ya want for nothing?", |_| Some("Jefe".to_owned()));
    assert_eq!(signed.as_deref(), Ok("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
}

#[test]
fn every_codec_has_a_law() {
    let named = LAWS.iter().map(|(written, _)| *written).chain(TEXT_LAWS.iter().copied());
    let named = named.chain(WITHIN_A_MESSAGE.iter().copied());
    let named: Vec<&str> =
        named.chain(ONE_WAY.iter().map(|(written, _)| *written)).map(|written| split(written).0).collect();
    for name in CODEC_NAMES {
        assert!(named.contains(name), "`{name}` has no law");
    }
    for name in named {
        assert!(CODEC_NAMES.contains(&name), "`{name}` is not among the names");
    }
}

#[test]
fn a_local_time_that_comes_twice_is_refused() {
    let zone = TimeZone::get("Europe/Zurich").unwrap();
    let codec = Codec::Local(zone);
    // 2026-10-25T00:30:00Z and 01:30:00Z are both 02:30 in Zurich.
    for ms in [1_792_888_200_000, 1_792_891_800_000] {
        assert!(codec.encode(&Datum::Instant(Instant::from_epoch_ms(ms))).is_err());
    }
    for text in
        ["2026-10-25T02:30:00", "2026-03-29T02:30:00", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00+01:00"]
    {
        assert!(codec.decode(Raw::Text(text), FieldKind::Instant).is_err(), "{text}");
    }
    assert!(codec.decode(Raw::Text("2026-10-25T03:30:00"), FieldKind::Instant).is_ok());
}

#[test]
fn what_cannot_be_read_back_is_refused() {
    let pin = |keys: &str| Datum::Pin(Pin::new(keys).unwrap());
    for (written, value) in [
        ("int", pin("0471")),
        ("int", Datum::text("+5")),
        ("digits(6)", pin("12345")),
        ("digits(4)", pin("12A4")),
        ("enum(locked=1)", Datum::Word(Word::Open)),
        ("percent", Datum::Int(5)),
    ] {
        assert!(codec(written).encode(&value).is_err(), "{written} {value:?}");
    }
}

#[test]
fn what_is_ill_typed_is_not_read() {
    for (written, kind, json) in [
        ("text", FieldKind::Text, "3"),
        ("int", FieldKind::Int, "\"3\""),
        ("int", FieldKind::Int, "3.5"),
        ("bool", FieldKind::Bool, "1"),
        ("bool(1, 0)", FieldKind::Bool, "\"1\""),
        ("bool(1, 0)", FieldKind::Bool, "2"),
        ("enum(locked=1)", FieldKind::Word, "\"1\""),
        ("percent", FieldKind::Percent, "101"),
        ("percent", FieldKind::Percent, "50.5"),
        ("percent", FieldKind::Percent, "-1"),
        ("fraction", FieldKind::Percent, "1.2"),
        ("rfc3339", FieldKind::Instant, "\"2026-03-01T12:00:00\""),
        ("rfc3339", FieldKind::Instant, "1772366400"),
        ("rfc3339_offset", FieldKind::Instant, "\"2026-03-01T12:00:00Z\""),
        ("format(%Y-%m-%d)", FieldKind::Instant, "\"2026-3-1\""),
        ("minute_of_day", FieldKind::Instant, "1440"),
        ("seconds", FieldKind::Seconds, "-1"),
        ("digits(4)", FieldKind::Pin, "12345"),
        ("days(1, 2, 4, 8, 16, 32, 64)", FieldKind::Days, "128"),
        ("days(1, 2, 4, 8, 16, 32, 64)", FieldKind::Days, "-1"),
        ("days_hex(1, 2, 4, 8, 16, 32, 64)", FieldKind::Days, "\"80\""),
        ("days_list(1, 2, 3, 4, 5, 6, 7)", FieldKind::Days, "[0]"),
        ("day(mon)", FieldKind::Days, "1"),
        ("text", FieldKind::Pin, "\"12 34\""),
    ] {
        let value: Value = serde_json::from_str(json).unwrap();
        assert!(codec(written).decode(Raw::Json(&value), kind).is_err(), "{written} {json}");
    }
    let float: Value = serde_json::from_str("80.0").unwrap();
    assert_eq!(codec("percent").decode(Raw::Json(&float), FieldKind::Percent), Ok(Datum::Percent(80)));
}
