//! An error as people read it: what, where, what was expected and found, and
//! what to do. Never a backtrace.

use std::fmt;

use super::exit_code::ExitCode;

/// Why a command could not do its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What the process ends with.
    pub code: ExitCode,
    /// What is wrong, as a lower-case fragment.
    pub what: String,
    /// Further lines: a word and its text (`expected`, `found`, `try`).
    pub lines: Vec<(&'static str, String)>,
    /// A text with carets under the place, already laid out.
    pub excerpt: Option<String>,
}

impl Failure {
    /// A failure with nothing but its message.
    pub fn new(code: ExitCode, what: impl Into<String>) -> Self {
        Self { code, what: what.into(), lines: Vec::new(), excerpt: None }
    }

    /// Wrong usage or configuration; nothing was run.
    pub fn usage(what: impl Into<String>) -> Self {
        Self::new(ExitCode::Usage, what)
    }

    /// Something that must not happen.
    pub fn defect(what: impl Into<String>) -> Self {
        Self::new(ExitCode::Defect, what)
    }

    /// Says where it is.
    #[must_use]
    pub fn at(self, place: impl Into<String>) -> Self {
        self.line("at", place)
    }

    /// Says what was expected.
    #[must_use]
    pub fn expected(self, text: impl Into<String>) -> Self {
        self.line("expected", text)
    }

    /// Says what was found instead.
    #[must_use]
    pub fn found(self, text: impl Into<String>) -> Self {
        self.line("found", text)
    }

    /// Says what to do.
    #[must_use]
    pub fn help(self, text: impl Into<String>) -> Self {
        self.line("help", text)
    }

    /// Shows the place in its text.
    #[must_use]
    pub fn excerpt(mut self, text: impl Into<String>) -> Self {
        self.excerpt = Some(text.into());
        self
    }

    /// The same for scripts: `error`, the exit code as `exit_codes`, and every
    /// further line under its word.
    pub fn json(&self) -> serde_json::Value {
        let mut told = serde_json::Map::new();
        told.insert("error".to_owned(), self.what.clone().into());
        told.insert("exit_codes".to_owned(), serde_json::json!([self.code.number()]));
        for (word, text) in &self.lines {
            told.insert((*word).to_owned(), text.clone().into());
        }
        if let Some(excerpt) = &self.excerpt {
            told.insert("excerpt".to_owned(), excerpt.clone().into());
        }
        told.into()
    }

    fn line(mut self, word: &'static str, text: impl Into<String>) -> Self {
        self.lines.push((word, text.into()));
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.what)?;
        for (word, text) in &self.lines {
            write!(f, "\n  {word}: {text}")?;
        }
        if let Some(excerpt) = &self.excerpt {
            write!(f, "\n{excerpt}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_place_expectation_finding_and_remedy() {
        let failure = Failure::usage("the port is in use")
            .at("127.0.0.1:80")
            .expected("a free port")
            .found("another listener")
            .help("choose another one with --listen");
        assert_eq!(
            failure.to_string(),
            "the port is in use\n  at: 127.0.0.1:80\n  expected: a free port\n  found: another listener\n  \
             help: choose another one with --listen"
        );
    }
}
