//! Masks by value, for what a subject echoes without being asked.
//!
//! Masking by type happens where a message is filled or read. This is the
//! second line: whatever text is kept as evidence passes through here too.
//!
//! A credential may be an ordinary word (`secret`, `test`). In what came from
//! outside it is masked wherever it stands; in words of our own and of the
//! profile (`client_secret`) it stands by chance, and to mask it there would hide
//! nothing and make the evidence unreadable.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::vendors::vocabulary::{Pin, Secret};

/// Headers whose value is never shown, whoever sent them.
const DENIED_HEADERS: &[&str] =
    &["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key"];

/// Below this length a secret is masked only where it stands as a word of its
/// own, because a short text occurs inside others by chance.
const WORD_BELOW: usize = 8;

/// Bytes by which a known value is suspected.
const BEGINNING: usize = 4;

/// Every secret and PIN that a run knows of; clones share them.
#[derive(Clone, Default)]
pub struct Mask(Arc<Mutex<All>>);

/// What is known, found by its beginning: a run may know thousands of PINs, and
/// every text of every exchange is searched for all of them.
#[derive(Default)]
struct All {
    known: Vec<Known>,
    texts: HashSet<String>,
    by_beginning: HashMap<[u8; BEGINNING], Vec<usize>>,
    /// Those that are shorter than a beginning.
    short: Vec<usize>,
    beginnings: Beginnings,
}

struct Known {
    text: String,
    mask: &'static str,
    whole_words: bool,
    /// Whether it is a credential that is an ordinary word.
    word: bool,
}

/// Where a text comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// From a subject, a person or a file: anything may be in it.
    Outside,
    /// Our own words and the profile's.
    Own,
}

/// Says quickly of most beginnings that nothing known begins so.
struct Beginnings(Box<[u64]>);

impl Default for Beginnings {
    fn default() -> Self {
        Self(vec![0; 1 << 10].into())
    }
}

impl Beginnings {
    fn place(beginning: [u8; BEGINNING]) -> (usize, u64) {
        let mixed = u32::from_le_bytes(beginning).wrapping_mul(0x9e37_79b1) >> 16;
        ((mixed >> 6) as usize, 1 << (mixed & 63))
    }

    fn add(&mut self, beginning: [u8; BEGINNING]) {
        let (word, bit) = Self::place(beginning);
        self.0[word] |= bit;
    }

    fn may_hold(&self, beginning: [u8; BEGINNING]) -> bool {
        let (word, bit) = Self::place(beginning);
        self.0[word] & bit != 0
    }
}

impl All {
    fn learn(&mut self, text: &str, mask: &'static str) {
        if text.is_empty() || !self.texts.insert(text.to_owned()) {
            return;
        }
        let index = self.known.len();
        match text.as_bytes().first_chunk().copied() {
            Some(beginning) => {
                self.by_beginning.entry(beginning).or_default().push(index);
                self.beginnings.add(beginning);
            }
            None => self.short.push(index),
        }
        let whole_words = mask == Pin::MASK || text.len() < WORD_BELOW;
        let word = mask == Secret::MASK && Secret::new(text).is_word();
        self.known.push(Known { text: text.to_owned(), mask, whole_words, word });
    }

    /// Whatever a text may hold, beside what is shorter than a beginning.
    fn suspects(&self, text: &str) -> Vec<usize> {
        let mut found = Vec::new();
        for window in text.as_bytes().windows(BEGINNING) {
            let Some(beginning) = window.first_chunk().copied() else { continue };
            if self.beginnings.may_hold(beginning)
                && let Some(those) = self.by_beginning.get(&beginning)
            {
                found.extend_from_slice(those);
            }
        }
        found
    }

    fn hide_body(&self, body: &str, is_documented: impl Fn(&str) -> bool) -> String {
        // Only an ordinary word is masked in one place and not in the other.
        let suspects = self.suspects(body);
        let told_apart =
            !suspects.is_empty() && suspects.iter().chain(&self.short).any(|index| self.known[*index].word);
        let names = if told_apart { names(body) } else { Vec::new() };
        let mut shown = String::with_capacity(body.len());
        let mut from = 0;
        for name in names.into_iter().filter(|name| is_documented(&body[name.clone()])) {
            shown.push_str(&self.hide(&body[from..name.start], Origin::Outside));
            shown.push_str(&self.hide(&body[name.clone()], Origin::Own));
            from = name.end;
        }
        shown + &self.hide(&body[from..], Origin::Outside)
    }

    fn hide(&self, text: &str, origin: Origin) -> String {
        let mut suspects = self.suspects(text);
        suspects.extend_from_slice(&self.short);
        suspects.retain(|index| origin == Origin::Outside || !self.known[*index].word);
        if suspects.is_empty() {
            return text.to_owned();
        }
        // The longest first, so that a secret inside another leaves no rest.
        suspects.sort_unstable_by_key(|index| (std::cmp::Reverse(self.known[*index].text.len()), *index));
        suspects.dedup();
        // A mask that stands there already is no text, whatever the secrets are.
        let mut taken: Vec<(Range<usize>, &str)> = Vec::new();
        for mask in [Secret::MASK, Pin::MASK] {
            taken.extend(text.match_indices(mask).map(|(at, mask)| (at..at + mask.len(), mask)));
        }
        for index in suspects {
            let known = &self.known[index];
            for place in known.places(text) {
                if !taken.iter().any(|(other, _)| other.start < place.end && place.start < other.end) {
                    taken.push((place, known.mask));
                }
            }
        }
        replaced(text, taken)
    }
}

/// The text with others in these places, which do not overlap.
fn replaced(text: &str, mut places: Vec<(Range<usize>, &str)>) -> String {
    places.sort_unstable_by_key(|(place, _)| place.start);
    let mut shown = String::with_capacity(text.len());
    let mut from = 0;
    for (place, other) in places {
        shown.push_str(&text[from..place.start]);
        shown.push_str(other);
        from = place.end;
    }
    shown + &text[from..]
}

/// Where the names of members stand in a JSON text, without their quotes; none
/// where it is no JSON.
fn names(text: &str) -> Vec<Range<usize>> {
    if serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
        return Vec::new();
    }
    let bytes = text.as_bytes();
    let mut names = Vec::new();
    let mut at = 0;
    while let Some(opening) = bytes[at..].iter().position(|byte| *byte == b'"').map(|found| at + found) {
        let mut closing = opening + 1;
        while bytes.get(closing).is_some_and(|byte| *byte != b'"') {
            closing += if bytes[closing] == b'\\' { 2 } else { 1 };
        }
        at = (closing + 1).min(bytes.len());
        if bytes[at..].iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':') {
            names.push(opening + 1..closing);
        }
    }
    names
}

impl Mask {
    /// A mask that knows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes note of a secret: its text, and the same percent-encoded, in
    /// base64 and as JSON text.
    pub fn learn_secret(&self, secret: &Secret) {
        let raw = secret.expose();
        self.learn(raw, Secret::MASK);
        self.learn(&utf8_percent_encode(raw, NON_ALPHANUMERIC).to_string(), Secret::MASK);
        self.learn(&STANDARD.encode(raw), Secret::MASK);
        let quoted = serde_json::Value::from(raw).to_string();
        self.learn(quoted.trim_matches('"'), Secret::MASK);
    }

    /// Takes note of a PIN.
    pub fn learn_pin(&self, pin: &Pin) {
        self.learn(pin.keys(), Pin::MASK);
    }

    fn learn(&self, text: &str, mask: &'static str) {
        self.all().learn(text, mask);
    }

    fn all(&self) -> MutexGuard<'_, All> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A text from outside, with every known value masked.
    pub fn text(&self, text: &str) -> String {
        self.all().hide(text, Origin::Outside)
    }

    /// A text of our own words and the profile's, with every known value masked
    /// but for ordinary words.
    pub fn own(&self, text: &str) -> String {
        self.all().hide(text, Origin::Own)
    }

    /// A body from outside. In JSON, names that `is_documented` knows are the
    /// profile's own words; everything else came from outside.
    pub fn body(&self, body: &str, is_documented: impl Fn(&str) -> bool) -> String {
        self.all().hide_body(body, is_documented)
    }

    /// A second pass over many texts, most of which hold nothing to mask.
    pub fn again(&self) -> Again<'_> {
        Again(self)
    }

    /// Headers from outside with every known value masked, and those that carry
    /// credentials masked whatever they hold. Of `Authorization` the scheme stays
    /// readable.
    pub fn headers(&self, headers: &[(String, String)]) -> Vec<(String, String)> {
        self.headers_of(headers, Origin::Outside)
    }

    /// The same with headers that the profile and we wrote.
    pub fn own_headers(&self, headers: &[(String, String)]) -> Vec<(String, String)> {
        self.headers_of(headers, Origin::Own)
    }

    fn headers_of(&self, headers: &[(String, String)], origin: Origin) -> Vec<(String, String)> {
        headers.iter().map(|(name, value)| (name.clone(), self.header(name, value, origin))).collect()
    }

    fn header(&self, name: &str, value: &str, origin: Origin) -> String {
        if !DENIED_HEADERS.iter().any(|denied| name.eq_ignore_ascii_case(denied)) {
            return self.all().hide(value, origin);
        }
        match value.split_once(' ') {
            Some((scheme, _)) if name.to_ascii_lowercase().ends_with("authorization") => {
                format!("{scheme} {}", Secret::MASK)
            }
            _ => Secret::MASK.to_owned(),
        }
    }
}

/// Masks texts again; those that hold no beginning of a known value are passed
/// over at once.
pub struct Again<'a>(&'a Mask);

impl Again<'_> {
    /// Masks texts from outside, each in its place. Values of fewer than four
    /// bytes are left to the first pass.
    pub fn texts<'t>(&self, texts: impl IntoIterator<Item = &'t mut String>) {
        self.each(texts, |all, text| all.hide(text, Origin::Outside));
    }

    /// The same with texts of our own words.
    pub fn own<'t>(&self, texts: impl IntoIterator<Item = &'t mut String>) {
        self.each(texts, |all, text| all.hide(text, Origin::Own));
    }

    /// The same with a body from outside, in which names were masked before.
    pub fn body(&self, body: &mut String) {
        self.each([body], |all, text| all.hide_body(text, |_| true));
    }

    fn each<'t>(&self, texts: impl IntoIterator<Item = &'t mut String>, hide: impl Fn(&All, &str) -> String) {
        for text in texts {
            let all = self.0.all();
            if !all.suspects(text).is_empty() {
                *text = hide(&all, text);
            }
        }
    }
}

impl Known {
    /// Where it stands in a text.
    fn places(&self, text: &str) -> Vec<Range<usize>> {
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let stands = |place: &Range<usize>| {
            let (before, after) = (&text[..place.start], &text[place.end..]);
            !self.whole_words || !(inside(before.chars().next_back()) || inside(after.chars().next()))
        };
        let found = text.match_indices(&self.text).map(|(at, found)| at..at + found.len());
        found.filter(stands).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask() -> Mask {
        let mask = Mask::new();
        mask.learn_secret(&Secret::new("hunter2/and more"));
        if let Ok(pin) = Pin::new("4821") {
            mask.learn_pin(&pin);
        }
        mask
    }

    #[test]
    fn secrets_are_masked_in_every_spelling() {
        for echoed in ["hunter2/and more", "hunter2%2Fand%20more", "aHVudGVyMi9hbmQgbW9yZQ=="] {
            assert_eq!(mask().text(&format!("a {echoed} b{echoed}")), "a ‹secret› b‹secret›");
        }
    }

    #[test]
    fn a_pin_is_masked_as_a_word_and_left_inside_a_number() {
        assert_eq!(mask().text("PIN 4821 (4821#) in 148210"), "PIN ‹pin› (‹pin›#) in 148210");
    }

    #[test]
    fn what_was_learnt_later_is_masked_in_a_second_pass() {
        let mask = mask();
        let mut texts = ["a hunter2/and more".to_owned(), "PIN 4821".to_owned(), "nothing".to_owned()];
        mask.again().texts(&mut texts);
        assert_eq!(texts, ["a ‹secret›", "PIN ‹pin›", "nothing"]);
    }

    #[test]
    fn of_thousands_of_values_each_is_found() {
        let mask = Mask::new();
        let keys = |number: u32| format!("{:06}", number * 7919 % 1_000_000);
        (0..5_000).for_each(|number| Pin::new(&keys(number)).iter().for_each(|pin| mask.learn_pin(pin)));
        mask.learn_secret(&Secret::new("abc"));
        for number in (0..5_000).step_by(97) {
            let text = format!("typed {} by abc", keys(number));
            assert_eq!(mask.text(&text), "typed ‹pin› by ‹secret›");
        }
    }

    #[test]
    fn a_secret_inside_another_leaves_no_rest() {
        let mask = Mask::new();
        mask.learn_secret(&Secret::new("token-1234"));
        mask.learn_secret(&Secret::new("token-123456789"));
        assert_eq!(mask.text("a token-123456789."), "a ‹secret›.");
    }

    #[test]
    fn an_ordinary_word_is_masked_in_what_came_from_outside_and_not_in_our_own_words() {
        let mask = mask();
        mask.learn_secret(&Secret::new("secret"));
        assert_eq!(mask.text("a wrong secret: secret"), "a wrong ‹secret›: ‹secret›");
        assert_eq!(mask.own("client_secret=‹secret› hunter2/and more"), "client_secret=‹secret› ‹secret›");
        let body =
            r#"{ "secret" : "a \"secret\": \\", "of": {"secret": ["secret", 4821]}, "other": {"secret":1} }"#;
        assert_eq!(
            mask.body(body, |name| name == "secret"),
            r#"{ "secret" : "a \"‹secret›\": \\", "of": {"secret": ["‹secret›", ‹pin›]}, "other": {"secret":1} }"#
        );
        // A name that the profile does not know may be anything.
        assert_eq!(mask.body(r#"{"secret":"secret"}"#, |_| false), r#"{"‹secret›":"‹secret›"}"#);
        // What is no JSON has no names.
        assert_eq!(mask.body(r#"{"secret":"secret""#, |_| true), r#"{"‹secret›":"‹secret›""#);
    }

    #[test]
    fn a_secret_that_is_no_word_is_masked_in_a_name_too() {
        assert_eq!(mask().body(r#"{"hunter2/and more": "x"}"#, |_| true), r#"{"‹secret›": "x"}"#);
    }

    #[test]
    fn a_mask_is_never_masked_itself() {
        let mask = Mask::new();
        mask.learn_secret(&Secret::new("secret"));
        mask.learn_secret(&Secret::new("locks"));
        assert_eq!(mask.text("locks of ‹secret› and secret"), "‹secret› of ‹secret› and ‹secret›");
        let mut texts = ["a ‹secret› ‹pin› secret".to_owned()];
        mask.again().texts(&mut texts);
        assert_eq!(texts, ["a ‹secret› ‹pin› ‹secret›"]);
    }

    #[test]
    fn headers_that_carry_credentials_are_always_masked() {
        let headers = [("Authorization", "Bearer abc"), ("set-cookie", "s=1; Path=/"), ("etag", "v1")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let shown: Vec<String> = mask().headers(&headers).into_iter().map(|(_, value)| value).collect();
        assert_eq!(shown, ["Bearer ‹secret›", "‹secret›", "v1"]);
    }
}
