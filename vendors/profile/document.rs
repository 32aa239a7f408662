//! The TOML document, read with the place of every key and value.
//!
//! Each [`Section`] notes what was asked of it; what nobody asked for is an
//! unknown key. Problems are gathered, never thrown, so that all of a file's
//! are told at once.

use std::cell::RefCell;
use std::ops::Range;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Problem, by_likeness, line_of, nearest};
use super::span::parse_span;
use crate::vendors::dialect::Origins;
use crate::vendors::dialect::template::TemplateError;

/// A file under reading, with its problems so far.
pub(super) struct Document<'t> {
    pub file: &'t str,
    pub text: &'t str,
    problems: RefCell<Vec<Problem>>,
    /// The sources that it names, and which part is from which.
    pub origins: RefCell<Origins>,
}

impl<'t> Document<'t> {
    pub fn new(file: &'t str, text: &'t str) -> Self {
        Self { file, text, problems: RefCell::default(), origins: RefCell::default() }
    }

    pub fn problem(&self, span: Range<usize>, what: impl Into<String>, help: impl Into<String>) {
        self.add(span, what.into(), Some(help.into()));
    }

    pub fn add(&self, span: Range<usize>, what: String, help: Option<String>) {
        self.problems.borrow_mut().push(Problem::at(self.file, self.text, span, what, help));
    }

    /// The problems in the order of the file, each once.
    pub fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
        problems.dedup();
        problems
    }

    /// How many problems there are so far.
    pub fn count(&self) -> usize {
        self.problems.borrow().len()
    }

    pub fn is_clean(&self) -> bool {
        self.problems.borrow().is_empty()
    }

    /// Whether a key can be a name. One that cannot is told.
    pub fn takes_name(&self, key: &Located<&str>) -> bool {
        let takes = key.value.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !takes {
            let what = format!("`{}` is no name", key.value);
            self.problem(key.span.clone(), what, "letters, digits and `_`");
        }
        takes
    }

    /// A mistake within a text value, told at its own place.
    pub fn template_problem(&self, value: &Located<&str>, error: TemplateError) {
        let span = self.within(value, &error.at);
        self.add(span, error.what, error.help);
    }

    /// The first place of a hole's name after `from`.
    pub fn find_in_section(&self, from: usize, name: &str) -> Option<Range<usize>> {
        let at = from + self.text.get(from..)?.find(name)?;
        Some(at..at + name.len())
    }

    /// Line of a place, from 1.
    pub fn line_of(&self, span: &Range<usize>) -> usize {
        line_of(self.text, span.start)
    }

    /// The place of a part of a text value. In a text with escapes it is the
    /// place of the whole.
    fn within(&self, value: &Located<&str>, part: &Range<usize>) -> Range<usize> {
        let raw = &self.text[value.span.clone()];
        let quotes = if raw.starts_with("'''") || raw.starts_with("\"\"\"") { 3 } else { 1 };
        let newline = raw.get(quotes..).map_or(0, |rest| match rest {
            _ if quotes == 1 => 0,
            rest if rest.starts_with("\r\n") => 2,
            rest if rest.starts_with('\n') => 1,
            _ => 0,
        });
        let start = quotes + newline;
        let exact = raw.get(start..start + value.value.len()) == Some(value.value);
        if exact {
            value.span.start + start + part.start..value.span.start + start + part.end
        } else {
            value.span.clone()
        }
    }
}

/// A value with its place in the file.
#[derive(Clone, Debug)]
pub(super) struct Located<T> {
    pub value: T,
    pub span: Range<usize>,
}

/// A table under reading.
pub(super) struct Section<'d, 't> {
    pub doc: &'d Document<'t>,
    /// What it is called in messages.
    pub title: String,
    pub span: Range<usize>,
    table: &'d DeTable<'t>,
    asked: RefCell<Vec<&'static str>>,
}

type Value<'d, 't> = &'d Spanned<DeValue<'t>>;

impl<'d, 't> Section<'d, 't> {
    pub fn new(
        doc: &'d Document<'t>,
        title: impl Into<String>,
        table: &'d DeTable<'t>,
        span: Range<usize>,
    ) -> Self {
        Self { doc, title: title.into(), span, table, asked: RefCell::new(Vec::new()) }
    }

    pub fn value(&self, key: &'static str) -> Option<Value<'d, 't>> {
        self.asked.borrow_mut().push(key);
        self.table.get(key)
    }

    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Every key with its place and value, in the order of the file.
    pub fn entries(&self) -> Vec<(Located<&'d str>, Value<'d, 't>)> {
        let mut entries: Vec<_> = self
            .table
            .iter()
            .map(|(key, value)| (Located { value: key.get_ref().as_ref(), span: key.span() }, value))
            .collect();
        entries.sort_by_key(|(key, _)| key.span.start);
        entries
    }

    /// Tells every key that nobody asked for.
    pub fn finish(self) {
        let asked = self.asked.borrow();
        for (key, _) in self.entries() {
            if asked.contains(&key.value) {
                continue;
            }
            let help = match nearest(key.value, asked.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("{} has {}", self.title, by_likeness(key.value, &asked).join(", ")),
            };
            self.doc.problem(key.span, format!("unknown key `{}` in {}", key.value, self.title), help);
        }
    }

    pub fn wrong_type(&self, value: Value<'d, 't>, expected: &str) {
        let found = value.get_ref().type_str();
        self.doc.problem(
            value.span(),
            format!("expected {expected}, found {}", article(found)),
            format!("write {expected}"),
        );
    }

    pub fn missing(&self, key: &str, help: impl Into<String>) {
        self.doc.problem(self.span.clone(), format!("{} lacks `{key}`", self.title), help);
    }

    pub fn text(&self, key: &'static str) -> Option<Located<&'d str>> {
        let value = self.value(key)?;
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong_type(value, "a text");
        }
        text.map(|text| Located { value: text, span: value.span() })
    }

    pub fn required_text(&self, key: &'static str, help: &str) -> Option<Located<&'d str>> {
        if !self.has(key) {
            self.missing(key, help);
        }
        self.text(key)
    }

    /// A text or nothing.
    pub fn string(&self, key: &'static str) -> Option<String> {
        self.text(key).map(|text| text.value.to_owned())
    }

    pub fn flag(&self, key: &'static str) -> Option<bool> {
        let value = self.value(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong_type(value, "true or false");
        }
        flag
    }

    /// A whole number within bounds.
    pub fn number(&self, key: &'static str, bounds: std::ops::RangeInclusive<u32>) -> Option<u32> {
        let value = self.value(key)?;
        self.number_of(value, bounds).map(|number| number.value)
    }

    pub fn number_of(
        &self,
        value: Value<'d, 't>,
        bounds: std::ops::RangeInclusive<u32>,
    ) -> Option<Located<u32>> {
        let Some(number) = integer(value.get_ref()) else {
            self.wrong_type(value, "a whole number");
            return None;
        };
        match u32::try_from(number).ok().filter(|number| bounds.contains(number)) {
            Some(number) => Some(Located { value: number, span: value.span() }),
            None => {
                let (low, high) = (bounds.start(), bounds.end());
                self.doc.problem(
                    value.span(),
                    format!("{number} is out of range"),
                    format!("from {low} to {high}"),
                );
                None
            }
        }
    }

    pub fn duration(&self, key: &'static str) -> Option<Located<Duration>> {
        let text = self.text(key)?;
        match parse_span(text.value) {
            Some(value) => Some(Located { value, span: text.span }),
            None => {
                self.doc.problem(
                    text.span,
                    format!("`{}` is no span of time", text.value),
                    "write a number and a unit: \"500 ms\", \"3 s\", \"5 min\", \"1 h\", \"30 days\"",
                );
                None
            }
        }
    }

    /// One of a closed set of words.
    pub fn choice<T: Copy>(&self, key: &'static str, choices: &[(&'static str, T)]) -> Option<T> {
        let text = self.text(key)?;
        self.choose(&text, choices)
    }

    pub fn choose<T: Copy>(&self, text: &Located<&str>, choices: &[(&'static str, T)]) -> Option<T> {
        let found = choices.iter().find(|(name, _)| *name == text.value);
        if found.is_none() {
            let names = choices.iter().map(|(name, _)| *name);
            let help = match nearest(text.value, names.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("one of {}", names.collect::<Vec<_>>().join(", ")),
            };
            self.doc.problem(text.span.clone(), format!("unknown word `{}`", text.value), help);
        }
        found.map(|(_, value)| *value)
    }

    pub fn section(&self, key: &'static str) -> Option<Section<'d, 't>> {
        let value = self.value(key)?;
        self.section_of(value, format!("`{key}`"))
    }

    pub fn section_of(&self, value: Value<'d, 't>, title: impl Into<String>) -> Option<Section<'d, 't>> {
        match value.get_ref() {
            DeValue::Table(table) => Some(Section::new(self.doc, title, table, value.span())),
            _ => {
                self.wrong_type(value, "a table");
                None
            }
        }
    }

    /// A list of tables.
    pub fn sections(&self, key: &'static str, title: &str) -> Vec<Section<'d, 't>> {
        self.list(key).into_iter().filter_map(|value| self.section_of(value, title)).collect()
    }

    pub fn list(&self, key: &'static str) -> Vec<Value<'d, 't>> {
        self.value(key).map_or_else(Vec::new, |value| self.list_of(value))
    }

    pub fn list_of(&self, value: Value<'d, 't>) -> Vec<Value<'d, 't>> {
        match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => {
                self.wrong_type(value, "a list");
                Vec::new()
            }
        }
    }

    /// A list of texts.
    pub fn texts(&self, key: &'static str) -> Vec<Located<&'d str>> {
        self.list(key).into_iter().filter_map(|value| self.text_of(value)).collect()
    }

    /// A text, or each of a list of texts.
    pub fn one_or_several(&self, key: &'static str) -> Vec<Located<&'d str>> {
        match self.value(key).map(toml::Spanned::get_ref) {
            Some(DeValue::Array(_)) => self.texts(key),
            Some(_) => self.text(key).into_iter().collect(),
            None => Vec::new(),
        }
    }

    pub fn text_of(&self, value: Value<'d, 't>) -> Option<Located<&'d str>> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong_type(value, "a text");
        }
        text.map(|text| Located { value: text, span: value.span() })
    }
}

/// The whole number that a value is.
pub(super) fn integer(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn article(kind: &str) -> String {
    match kind {
        "integer" | "array" => format!("an {kind}"),
        "string" => "a text".to_owned(),
        other => format!("a {other}"),
    }
}
