//! Codecs as they are written in a hole: `name` or `name(arguments)`.

use jiff::tz::TimeZone;

use super::{CODEC_NAMES, Codec, DaysForm, Literal, TextCodec, TimePattern};
use crate::vendors::vocabulary::{DAY_NAMES, Field, FieldKind, Word};

/// Why a codec cannot be used as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CodecError {
    /// What is wrong.
    pub what: String,
    /// What to write.
    pub help: Option<String>,
}

fn wrong(what: impl Into<String>, help: impl Into<String>) -> CodecError {
    CodecError { what: what.into(), help: Some(help.into()) }
}

/// A codec that turns spelled text into other text, if the name is one's.
pub(crate) fn parse_step(name: &str, args: Option<&str>) -> Option<Result<TextCodec, CodecError>> {
    let codec = match name {
        "upper" => TextCodec::Upper,
        "lower" => TextCodec::Lower,
        "base64" => TextCodec::Base64,
        "md5" => TextCodec::Md5,
        "sha256" => TextCodec::Sha256,
        "hmac_sha256" => return Some(parse_hmac(args)),
        _ => return None,
    };
    Some(match args {
        None => Ok(codec),
        Some(_) => Err(wrong(format!("`{name}` takes no arguments"), format!("write `{name}`"))),
    })
}

fn parse_hmac(args: Option<&str>) -> Result<TextCodec, CodecError> {
    match args.map(str::trim).and_then(Field::parse) {
        Some(field) if field.kind() == FieldKind::Secret => Ok(TextCodec::HmacSha256(field)),
        _ => Err(wrong("`hmac_sha256` needs the secret that signs", "write `hmac_sha256(secret.name)`")),
    }
}

/// A codec that spells a value.
pub(crate) fn parse_codec(name: &str, args: Option<&str>) -> Result<Codec, CodecError> {
    let plain = |codec: Codec| match args {
        None => Ok(codec),
        Some(_) => Err(wrong(format!("`{name}` takes no arguments"), format!("write `{name}`"))),
    };
    match name {
        "text" => plain(Codec::Text),
        "int" => plain(Codec::Int),
        "word" => plain(Codec::Word),
        "percent" => plain(Codec::Percent),
        "fraction" => plain(Codec::Fraction),
        "epoch_ms" => plain(Codec::EpochMs),
        "epoch_s" => plain(Codec::EpochS),
        "minute_of_day" => plain(Codec::MinuteOfDay),
        "ms_of_day" => plain(Codec::MsOfDay),
        "numeric" => plain(Codec::Numeric),
        "length" => plain(Codec::Length),
        "seconds" => plain(Codec::Seconds),
        "minutes" => plain(Codec::Minutes),
        "ms" => plain(Codec::Ms),
        "bool" => parse_bool(args),
        "days" => parse_bits(name, args).map(|bits| Codec::Days(DaysForm::Sum(bits))),
        "days_hex" => parse_bits(name, args).map(|bits| Codec::Days(DaysForm::Hex(bits))),
        "days_list" => parse_marks(args).map(|marks| Codec::Days(DaysForm::List(marks))),
        "day" => parse_day(args).map(|place| Codec::Days(DaysForm::One(place))),
        "enum" => parse_enum(args),
        "levels" => parse_levels(args),
        "one_of" => parse_choices(name, args).map(Codec::OneOf),
        "some_of" => parse_choices(name, args).map(Codec::SomeOf),
        "sends" => parse_sends(args),
        "takes" => parse_choices(name, args).map(Codec::Takes),
        "rfc3339" => match args.map(str::trim) {
            None => Ok(Codec::Rfc3339 { ms: false }),
            Some("ms") => Ok(Codec::Rfc3339 { ms: true }),
            Some(other) => {
                Err(wrong(format!("`rfc3339` does not know `{other}`"), "write `rfc3339` or `rfc3339(ms)`"))
            }
        },
        "rfc3339_offset" => match args {
            None => Ok(Codec::Rfc3339Offset(TimeZone::UTC)),
            Some(zone) => parse_zone(zone).map(Codec::Rfc3339Offset),
        },
        "local" => match args {
            Some(zone) if zone.trim() == Field::LockZone.to_string() => Ok(Codec::LockLocal),
            Some(zone) => parse_zone(zone).map(Codec::Local),
            None => Err(wrong(
                "`local` needs a zone",
                "write `local(Europe/Zurich)`, or `local(lock.zone)` where each lock has its own",
            )),
        },
        "format" => parse_format(args),
        "digits" => match args.map(str::trim).map(str::parse::<usize>) {
            Some(Ok(length)) if (1..=18).contains(&length) => Ok(Codec::Digits(length)),
            _ => Err(wrong("`digits` needs a number of digits, 1 to 18", "write `digits(6)`")),
        },
        _ => Err(unknown(name)),
    }
}

fn unknown(name: &str) -> CodecError {
    let help = match crate::vendors::profile::nearest(name, CODEC_NAMES.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("codecs are {}", CODEC_NAMES.join(", ")),
    };
    wrong(format!("unknown codec `{name}`"), help)
}

/// Seven different bits, for Monday to Sunday.
fn parse_bits(name: &str, args: Option<&str>) -> Result<[i64; 7], CodecError> {
    let numbers: Option<Vec<i64>> =
        args.unwrap_or_default().split(',').map(|number| number.trim().parse().ok()).collect();
    let bits = numbers.and_then(|numbers| <[i64; 7]>::try_from(numbers).ok());
    let single = |bits: &[i64; 7]| {
        bits.iter().all(|bit| *bit > 0 && bit.count_ones() == 1)
            && bits.iter().enumerate().all(|(at, bit)| !bits[..at].contains(bit))
    };
    bits.filter(single).ok_or_else(|| {
        wrong(
            format!("`{name}` needs the bits of Monday to Sunday"),
            format!("write `{name}(1, 2, 4, 8, 16, 32, 64)`, seven different powers of two"),
        )
    })
}

/// Seven different marks, for Monday to Sunday.
fn parse_marks(args: Option<&str>) -> Result<Vec<Literal>, CodecError> {
    let marks: Vec<Literal> =
        args.unwrap_or_default().split(',').map(|mark| parse_literal(mark.trim())).collect();
    let different = marks.iter().enumerate().all(|(at, mark)| !marks[..at].contains(mark));
    if marks.len() == 7 && different {
        return Ok(marks);
    }
    Err(wrong(
        "`days_list` needs seven different marks, Monday first",
        "write `days_list(1, 2, 3, 4, 5, 6, 7)`",
    ))
}

fn parse_day(args: Option<&str>) -> Result<usize, CodecError> {
    let name = args.unwrap_or_default().trim();
    DAY_NAMES.iter().position(|known| *known == name).ok_or_else(|| {
        wrong(format!("`day` does not know `{name}`"), format!("one of {}", DAY_NAMES.join(", ")))
    })
}

fn parse_zone(zone: &str) -> Result<TimeZone, CodecError> {
    let zone = zone.trim();
    TimeZone::get(zone)
        .map_err(|_| wrong(format!("unknown time zone `{zone}`"), "write a zone as in `Europe/Zurich`"))
}

/// A pattern and, after the last comma, a zone: what holds no `%` is no part of
/// a pattern.
fn parse_format(args: Option<&str>) -> Result<Codec, CodecError> {
    const HELP: &str = "write `format(%Y-%m-%d %H:%M)`, with a zone `format(%Y-%m-%d %H:%M, Europe/Zurich)`";
    let args = args.ok_or_else(|| wrong("`format` needs a pattern", HELP))?.trim();
    let (pattern, zone) = match args.rsplit_once(',').filter(|(_, zone)| !zone.contains('%')) {
        Some((pattern, zone)) => (pattern.trim_end(), parse_zone(zone)?),
        None => (args, TimeZone::UTC),
    };
    TimePattern::parse(pattern, zone).map(Codec::Format).map_err(|why| wrong(why, HELP))
}

fn parse_bool(args: Option<&str>) -> Result<Codec, CodecError> {
    let Some(args) = args else { return Ok(Codec::Bool(None)) };
    let sides: Vec<Vec<Literal>> = args
        .split(',')
        .map(|side| side.split('/').map(|spelling| parse_literal(spelling.trim())).collect())
        .collect();
    let empty = Literal::Text(String::new());
    match <[Vec<Literal>; 2]>::try_from(sides) {
        Ok([yes, no])
            if !yes.contains(&empty) && !no.contains(&empty) && !yes.iter().any(|y| no.contains(y)) =>
        {
            Ok(Codec::Bool(Some((yes, no))))
        }
        _ => Err(wrong(
            "`bool` needs spellings for yes and no, none of them in both",
            "write `bool(1, 0)`, or `bool(low/critical, good/full)` where one side has several",
        )),
    }
}

fn parse_enum(args: Option<&str>) -> Result<Codec, CodecError> {
    const HELP: &str = "write `enum(locked=1, unlocked=3)`";
    let mut spellings: Vec<(Word, Literal)> = Vec::new();
    for pair in args.ok_or_else(|| wrong("`enum` needs spellings", HELP))?.split(',') {
        let (word, spelling) = pair
            .split_once('=')
            .ok_or_else(|| wrong(format!("`{}` is no `word=spelling`", pair.trim()), HELP))?;
        let (word, spelling) = (word.trim(), spelling.trim());
        let known = Word::parse(word).ok_or_else(|| {
            let words = Word::ALL.iter().map(|word| word.as_str());
            let near = crate::vendors::profile::nearest(word, words.clone());
            let all = || format!("words are {}", words.clone().collect::<Vec<_>>().join(", "));
            wrong(
                format!("unknown word `{word}`"),
                near.map_or_else(all, |near| format!("did you mean `{near}`?")),
            )
        })?;
        if spelling.is_empty() {
            return Err(wrong(format!("`{word}` has no spelling"), HELP));
        }
        let literal = parse_literal(spelling);
        if let Some((other, _)) = spellings.iter().find(|(other, taken)| *taken == literal && *other != known)
        {
            return Err(wrong(
                format!("`{spelling}` would mean both `{}` and `{word}`", other.as_str()),
                "give each word its own spelling",
            ));
        }
        spellings.push((known, literal));
    }
    Ok(Codec::Enum(spellings))
}

fn parse_levels(args: Option<&str>) -> Result<Codec, CodecError> {
    const HELP: &str = "write `levels(full=90, good=60, low=15)`";
    let mut levels: Vec<(String, u8)> = Vec::new();
    for pair in args.ok_or_else(|| wrong("`levels` needs words with percentages", HELP))?.split(',') {
        let level = pair.split_once('=').and_then(|(word, percent)| {
            let percent = percent.trim().parse::<u8>().ok().filter(|percent| *percent <= 100)?;
            Some((word.trim().to_owned(), percent))
        });
        let (word, percent) =
            level.ok_or_else(|| wrong(format!("`{}` is no word with 0 to 100", pair.trim()), HELP))?;
        if word.is_empty() || levels.iter().any(|(known, level)| *known == word || *level == percent) {
            return Err(wrong(
                format!("`{}` is there twice", pair.trim()),
                "give each word its own percentage",
            ));
        }
        levels.push((word, percent));
    }
    Ok(Codec::Levels(levels))
}

/// Literals, each once.
fn parse_choices(name: &str, args: Option<&str>) -> Result<Vec<Literal>, CodecError> {
    let literals: Vec<Literal> =
        args.unwrap_or_default().split(',').map(|literal| parse_literal(literal.trim())).collect();
    let empty = Literal::Text(String::new());
    let different = literals.iter().enumerate().all(|(at, literal)| !literals[..at].contains(literal));
    if different && !literals.contains(&empty) {
        return Ok(literals);
    }
    Err(wrong(
        format!("`{name}` needs what may stand there, each once"),
        "write `one_of(2, 4)`, of which the first is sent, or `some_of(BOLT, DOOR)`, a list of some",
    ))
}

fn parse_sends(args: Option<&str>) -> Result<Codec, CodecError> {
    let literal = args.map(str::trim).filter(|text| !text.is_empty()).ok_or_else(|| {
        wrong("`sends` needs what is sent", "write `sends(Inlet)`: any value of its type is read")
    })?;
    Ok(Codec::Sends(parse_literal(literal)))
}

/// What stands on the wire where there is no value: a literal, `null` for none.
pub(crate) fn parse_absent(args: Option<&str>) -> Result<Option<Literal>, CodecError> {
    let text = args.map(str::trim).filter(|text| !text.is_empty()).ok_or_else(|| {
        wrong("`absent` needs what stands for no value", "write `absent(null)`, `absent(0)` or `absent('')`")
    })?;
    if text == "null" {
        return Ok(None);
    }
    let hex = text.strip_prefix("0x").and_then(|digits| i64::from_str_radix(digits, 16).ok());
    Ok(Some(hex.map_or_else(|| parse_literal(text), Literal::Int)))
}

/// `1` is a number, `true` a boolean, `'1'` and everything else a text.
fn parse_literal(text: &str) -> Literal {
    if let Some(quoted) = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return Literal::Text(quoted.to_owned());
    }
    match text {
        "true" => Literal::Bool(true),
        "false" => Literal::Bool(false),
        _ => text.parse().map_or_else(|_| Literal::Text(text.to_owned()), Literal::Int),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::dialect::codec::{Raw, Scalar};
    use crate::vendors::vocabulary::Datum;

    #[test]
    fn a_side_of_yes_and_no_may_have_several_spellings_and_the_first_is_written() {
        let codec = parse_codec("bool", Some("low/critical, full/good")).unwrap();
        for (text, meant) in [("low", true), ("critical", true), ("full", false), ("good", false)] {
            assert_eq!(codec.decode(Raw::Text(text), FieldKind::Bool), Ok(Datum::Bool(meant)), "{text}");
        }
        assert_eq!(codec.encode(&Datum::Bool(true)), Ok(Scalar::Text("low".into())));
        assert!(codec.decode(Raw::Text("empty"), FieldKind::Bool).is_err());
        for wrong in ["low", "low/full, full", "low, ", "a, b, c"] {
            assert!(parse_codec("bool", Some(wrong)).is_err(), "{wrong}");
        }
    }
}
