//! What is wrong in a scenario, collected with its place.

use std::ops::Range;

use super::at::{At, Text};
use crate::vendors::profile::{Problem, ProfileErrors, nearest};

/// Everything wrong so far.
#[derive(Default)]
pub(super) struct Wrong(Vec<(Range<usize>, String, Option<String>)>);

impl Wrong {
    /// Takes note of something wrong at a place.
    pub fn at(&mut self, span: Range<usize>, what: impl Into<String>) {
        self.0.push((span, what.into(), None));
    }

    /// Reads a text; what is wrong with it is noted at its place.
    pub fn read<T>(&mut self, text: &Text, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        match read(text) {
            Ok(value) => Some(value),
            Err(what) => {
                self.at(text.span(), what);
                None
            }
        }
    }

    /// The same for a text that may be left out.
    pub fn read_some<T>(
        &mut self,
        text: Option<&Text>,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        text.and_then(|text| self.read(text, read))
    }

    /// A number within bounds; one outside is noted.
    pub fn number(&mut self, number: &At<u32>, most: u32, of: &str) -> Option<u32> {
        let fits = (1..=most).contains(number.get());
        if !fits {
            self.at(number.span(), format!("expected the number of a {of}, 1 to {most}"));
        }
        fits.then(|| *number.get())
    }

    /// What the TOML reader finds: one thing, with the nearest of the names that
    /// it expected.
    pub fn of_reader(error: &toml::de::Error) -> Self {
        let what = error.message().to_owned();
        let mut names = what.split('`').skip(1).step_by(2);
        let help = names
            .next()
            .filter(|_| what.starts_with("unknown"))
            .and_then(|typed| nearest(typed, names).map(|near| format!("did you mean `{near}`?")));
        Self(vec![(error.span().unwrap_or(0..0), what, help)])
    }

    /// Nothing, or everything in the order of the text.
    pub fn into_result(mut self, file: &str, text: &str) -> Result<(), ProfileErrors> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.0.sort_by_key(|(span, ..)| span.start);
        let problem = |(span, what, help): (Range<usize>, String, Option<String>)| {
            Problem::at(file, text, span, what, help)
        };
        Err(ProfileErrors {
            file: file.to_owned(),
            source_text: text.to_owned(),
            problems: self.0.into_iter().map(problem).collect(),
        })
    }
}

/// Line and column of a byte, from 1.
pub(super) fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}
