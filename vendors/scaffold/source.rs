//! From a file's text to a JSON value, or to one clear message.

use serde_json::Value;

/// The largest description that is read, in bytes. The largest public ones have
/// a few megabytes; what is larger was not meant to be read here.
pub const LARGEST: usize = 10_000_000;

/// Why a description cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}{}", at.as_ref().map_or(String::new(), |at| format!(" (at {at})")))]
pub struct Trouble {
    /// What is wrong, as a lower-case fragment.
    pub what: String,
    /// Where: line and column, or a pointer into the description.
    pub at: Option<String>,
    /// What to do.
    pub help: String,
}

impl Trouble {
    pub(super) fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what: what.into(), at: None, help: help.into() }
    }

    pub(super) fn at(mut self, at: impl Into<String>) -> Self {
        self.at = Some(at.into());
        self
    }
}

/// Reads JSON, or YAML where the text does not begin as JSON does.
pub(super) fn parse(text: &str) -> Result<Value, Trouble> {
    if text.len() > LARGEST {
        return Err(Trouble::new(
            format!("the description has {} bytes; at most {LARGEST} are read", text.len()),
            "keep the paths that have to do with locks, and what they refer to",
        ));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let start = text.trim_start();
    if start.is_empty() {
        return Err(Trouble::new(
            "the description is empty",
            "give an OpenAPI 3 description or a Postman collection",
        ));
    }
    if start.starts_with('<') {
        return Err(Trouble::new(
            "the description is XML or HTML, not JSON or YAML",
            "fetch the description itself (often `openapi.json`), not the page that shows it",
        ));
    }
    if start.starts_with(['{', '[']) {
        parse_json(text).or_else(|error| parse_yaml(text).map_err(|_| error))
    } else {
        parse_yaml(text)
    }
}

fn parse_json(text: &str) -> Result<Value, Trouble> {
    serde_json::from_str(text).map_err(|error| {
        let what = error.to_string();
        let what = what.split(" at line ").next().unwrap_or_default().to_owned();
        Trouble::new(
            format!("this is no JSON: {what}"),
            "mend the file, or fetch it again: it may have been cut off",
        )
        .at(format!("line {}, column {}", error.line(), error.column()))
    })
}

fn parse_yaml(text: &str) -> Result<Value, Trouble> {
    serde_saphyr::from_str(text).map_err(|error| {
        let whole = error.to_string();
        let first = whole.lines().next().unwrap_or_default();
        // Its own words begin with the place, which is told apart here.
        let what = first.split_once(": ").map_or(first, |(_, rest)| rest);
        let what = what
            .split_once(": ")
            .filter(|(place, _)| place.starts_with("line "))
            .map_or(what, |(_, rest)| rest);
        let trouble = Trouble::new(
            format!("this is neither JSON nor YAML: {}", strip_place(what)),
            "give an OpenAPI 3 description (JSON or YAML) or a Postman collection (JSON)",
        );
        match error.location() {
            Some(place) => trouble.at(format!("line {}, column {}", place.line(), place.column())),
            None => trouble,
        }
    })
}

fn strip_place(text: &str) -> &str {
    let Some(rest) = text.strip_prefix("line ") else { return text };
    rest.split_once(": ")
        .map_or(text, |(_, rest)| rest)
        .trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ')
        .trim_start_matches("column ")
        .trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | ':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_notations_are_read() {
        for text in ["{\"openapi\": \"3.0.3\"}", "openapi: 3.0.3", "\u{feff}{ openapi: \"3.0.3\" }"] {
            assert_eq!(parse(text).unwrap()["openapi"], "3.0.3", "{text}");
        }
        assert_eq!(parse("responses:\n  200: {}").unwrap()["responses"]["200"], serde_json::json!({}));
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        for (text, what, at) in [
            ("{\"a\": 1,\n \"b\" 2}", "this is no JSON: expected `:`", Some("line 2, column 6")),
            ("a: 1\na: 2", "this is neither JSON nor YAML: duplicate mapping key", Some("line 2, column 1")),
            ("a: [1", "this is neither JSON nor YAML: unclosed bracket", Some("line 1, column 4")),
            (" \n", "the description is empty", None),
            ("<!DOCTYPE html>", "the description is XML or HTML", None),
        ] {
            let trouble = parse(text).unwrap_err();
            assert!(trouble.what.starts_with(what), "{trouble:?}");
            assert_eq!(trouble.at.as_deref(), at, "{trouble:?}");
        }
        let large = format!("{{\"a\": \"{}\"}}", "x".repeat(LARGEST));
        assert!(parse(&large).unwrap_err().what.contains("at most"));
    }

    #[test]
    fn what_would_swell_or_never_end_is_refused() {
        let mut bomb = "a0: &a0 [x]\n".to_owned();
        for level in 1..12 {
            bomb.push_str(&format!(
                "a{level}: &a{level} [{}]\n",
                vec![format!("*a{}", level - 1); 9].join(", ")
            ));
        }
        for text in [bomb, "a: &a [*a]".to_owned(), "[".repeat(100_000), "{\"a\":".repeat(100_000)] {
            assert!(parse(&text).is_err());
        }
    }
}
