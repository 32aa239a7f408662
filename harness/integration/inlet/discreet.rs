//! Words of others without anything personal in them.

use crate::vendors::vocabulary::Personal;

/// So many digits in a row are taken for a phone number.
const DIGITS: usize = 7;
/// Shorter data tell of nobody, and stand in many other words.
const SHORTEST: usize = 4;
/// Longest error that is kept.
const LONGEST: usize = 300;

/// An error in Inlet's words, fit for logs and mails: the call's own `personal`
/// data, whatever looks like an address and whatever looks like a phone number is masked.
pub(super) fn discreet<'a>(text: &str, personal: impl Iterator<Item = &'a str>) -> String {
    let mut told: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    for datum in personal.filter(|datum| datum.len() >= SHORTEST) {
        told = told.replace(datum, Personal::MASK);
    }
    let words: Vec<&str> =
        told.split(' ').map(|word| if word.contains('@') { Personal::MASK } else { word }).collect();
    without_numbers(&words.join(" ")).chars().take(LONGEST).collect()
}

/// Masks every run of digits and the signs among them that is long enough.
fn without_numbers(text: &str) -> String {
    let of_number = |c: char| c.is_numeric() || "+-() ./".contains(c);
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = rest.find(|c: char| c.is_numeric() || c == '+') {
        told.push_str(&rest[..begin]);
        let run = &rest[begin..];
        let end = run.find(|c| !of_number(c)).unwrap_or(run.len());
        let (number, after) = run.split_at(end);
        if number.chars().filter(|c| c.is_numeric()).count() >= DIGITS {
            told.push_str(Personal::MASK);
            told.push_str(&number[number.trim_end().len()..]);
        } else {
            told.push_str(number);
        }
        rest = after;
    }
    told + rest
}
