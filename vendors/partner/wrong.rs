//! What is wrong in a description, each at its place.

use std::time::Duration;

use toml::Spanned;

use super::booking::{Act, BookingField};
use super::message::{Message, MessageError};
use crate::vendors::profile::{Problem, ProfileErrors, nearest, parse_span};

/// The longest span that a description may state. Sums of some of these overflow nowhere.
const LONGEST_SPAN: Duration = Duration::from_secs(365 * 86_400);

/// Collects what is wrong, each at its place.
pub(super) struct Wrong<'a> {
    file: &'a str,
    text: &'a str,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Wrong<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, problems: Vec::new() }
    }

    /// The description under reading.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    pub(super) fn at(&mut self, span: std::ops::Range<usize>, what: String, help: Option<String>) {
        self.problems.push(Problem::at(self.file, self.text, span, what, help));
    }

    /// A problem where `needle` first stands.
    pub(super) fn found(&mut self, needle: &str, what: String, help: Option<String>) {
        let start = self.text.find(needle);
        self.at(start.map_or(0..0, |start| start..start + needle.len()), what, help);
    }

    pub(super) fn word(&mut self, given: &Spanned<String>, wanted: &str, what: &str) {
        if given.get_ref() != wanted {
            self.at(given.span(), what.to_owned(), Some(format!("write \"{wanted}\"")));
        }
    }

    pub(super) fn span_of(&mut self, given: &Spanned<String>) -> Option<Duration> {
        let span = parse_span(given.get_ref()).filter(|span| !span.is_zero());
        if span.is_none() {
            let help = Some("write a number and a unit: \"30 s\", \"5 min\"".to_owned());
            self.at(given.span(), format!("`{}` is no span of time", given.get_ref()), help);
        }
        if span.is_some_and(|span| span > LONGEST_SPAN) {
            let help = Some("write less than a year".to_owned());
            self.at(given.span(), format!("`{}` is longer than any run", given.get_ref()), help);
        }
        span.map(|span| span.min(LONGEST_SPAN))
    }

    pub(super) fn act(&mut self, name: &str, span: std::ops::Range<usize>) -> Option<Act> {
        let act = Act::ALL.iter().copied().find(|act| act.as_str() == name);
        if act.is_none() {
            let known: Vec<&str> = Act::ALL.iter().map(|act| act.as_str()).collect();
            let help = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known are {}", known.join(", ")),
            };
            self.at(span, format!("nothing is called `{name}` in a booking system"), Some(help));
        }
        act
    }

    pub(super) fn message(
        &mut self,
        read: Result<Message, MessageError>,
        span: std::ops::Range<usize>,
    ) -> Option<Message> {
        match read {
            Ok(message) => Some(message),
            Err(why) => {
                let help = match &why {
                    MessageError::UnknownHole(name) => {
                        let known: Vec<&str> = BookingField::ALL.iter().map(|(_, name)| *name).collect();
                        Some(match nearest(name, known.iter().copied()) {
                            Some(near) => format!("did you mean `{{{near}}}`?"),
                            None => format!("known are {}", known.join(", ")),
                        })
                    }
                    MessageError::NotJson(_) | MessageError::Unclosed => None,
                };
                self.at(span, why.to_string(), help);
                None
            }
        }
    }

    pub(super) fn syntax(&mut self, why: &toml::de::Error) {
        let message = why.message();
        let mut quoted = message.split('`').skip(1).step_by(2);
        let help = if message.starts_with("unknown field") || message.starts_with("unknown variant") {
            let found = quoted.next().unwrap_or_default();
            let known: Vec<&str> = quoted.collect();
            Some(match nearest(found, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known are {}", known.join(", ")),
            })
        } else {
            None
        };
        // What is known stands in the help, once.
        let what = help.as_ref().and_then(|_| message.split(", expected").next()).unwrap_or(message);
        self.at(why.span().unwrap_or(0..0), what.to_owned(), help);
    }

    pub(super) fn errors(mut self) -> ProfileErrors {
        self.problems.sort_by_key(|problem| problem.span.start);
        ProfileErrors {
            file: self.file.to_owned(),
            source_text: self.text.to_owned(),
            problems: self.problems,
        }
    }
}
