//! Weekdays on the wire: a number of bits, the same in hex, a list, or one
//! answer for each day.

use std::borrow::Cow;

use serde_json::Value;

use super::{Literal, Raw, Scalar, write_json_text};
use crate::vendors::vocabulary::Days;

/// How a set of weekdays is spelled; seven marks stand for Monday to Sunday.
#[derive(Clone, Debug, PartialEq)]
pub enum DaysForm {
    /// The sum of the days' bits, as a number.
    Sum([i64; 7]),
    /// The same in hex, as a text of two capitals.
    Hex([i64; 7]),
    /// A list of the days' marks.
    List(Vec<Literal>),
    /// Whether one day, by its place from 0 for Monday, is among them.
    One(usize),
}

impl DaysForm {
    pub fn encode(&self, days: Days) -> Scalar<'static> {
        match self {
            Self::Sum(bits) => Scalar::Int(sum(bits, days)),
            Self::Hex(bits) => Scalar::Text(Cow::Owned(format!("{:02X}", sum(bits, days)))),
            Self::List(marks) => Scalar::Json(list(marks, days)),
            Self::One(place) => Scalar::Bool(days.has(*place)),
        }
    }

    pub fn decode(&self, raw: Raw<'_>) -> Result<Days, String> {
        match self {
            Self::Sum(bits) => {
                raw.int().and_then(|number| parted(bits, number)).ok_or_else(|| expected(bits))
            }
            Self::Hex(bits) => raw
                .text()
                .and_then(|text| i64::from_str_radix(text, 16).ok())
                .and_then(|number| parted(bits, number))
                .ok_or_else(|| format!("{} in hex", expected(bits))),
            Self::List(marks) => read_list(marks, raw).ok_or_else(|| "a list of weekdays".to_owned()),
            Self::One(place) => match raw.boolean() {
                Some(true) => Ok(Days::of([*place])),
                Some(false) => Ok(Days::NONE),
                None => Err("true or false".to_owned()),
            },
        }
    }

    /// The days that the form can tell.
    pub fn canon(&self, days: Days) -> Days {
        match self {
            Self::One(place) => days.common(Days::of([*place])),
            _ => days,
        }
    }
}

fn sum(bits: &[i64; 7], days: Days) -> i64 {
    days.places().filter_map(|place| bits.get(place)).sum()
}

/// The days of a sum; `None` where it holds a bit that is no day's.
fn parted(bits: &[i64; 7], number: i64) -> Option<Days> {
    let days = Days::of((0..7).filter(|place| number & bits[*place] != 0));
    (number >= 0 && sum(bits, days) == number).then_some(days)
}

fn expected(bits: &[i64; 7]) -> String {
    format!("weekdays as a sum up to {}", sum(bits, Days::ALL))
}

fn list(marks: &[Literal], days: Days) -> String {
    let mut out = String::from("[");
    for mark in days.places().filter_map(|place| marks.get(place)) {
        if out.len() > 1 {
            out.push(',');
        }
        match mark {
            Literal::Text(text) => write_json_text(text, &mut out),
            Literal::Int(number) => out.push_str(&number.to_string()),
            Literal::Bool(answer) => out.push_str(&answer.to_string()),
        }
    }
    out.push(']');
    out
}

/// Reads a list, or a text that holds one.
fn read_list(marks: &[Literal], raw: Raw<'_>) -> Option<Days> {
    let within;
    let items = match raw {
        Raw::Json(Value::Array(items)) => items,
        Raw::Json(Value::String(text)) => {
            within = serde_json::from_str::<Value>(text).ok()?;
            within.as_array()?
        }
        Raw::Text(text) => {
            within = serde_json::from_str::<Value>(text).ok()?;
            within.as_array()?
        }
        Raw::Json(_) => return None,
    };
    let place = |item: &Value| marks.iter().position(|mark| mark.is(Raw::Json(item)));
    let places: Option<Vec<usize>> = items.iter().map(place).collect();
    places.map(Days::of)
}
