//! How sure a guess is, in words.

/// How sure a guess is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Confidence {
    /// Something had to be written, and little speaks for it.
    Unsure,
    /// One sign speaks for it.
    Likely,
    /// Several signs agree, or the description says so itself.
    Sure,
}

impl Confidence {
    /// The word that stands in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unsure => "unsure",
            Self::Likely => "likely",
            Self::Sure => "sure",
        }
    }
}

/// What was guessed, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guess {
    /// What is taken to be what.
    pub what: String,
    /// What speaks for it.
    pub why: String,
    /// How sure it is.
    pub confidence: Confidence,
}

impl Guess {
    pub fn new(confidence: Confidence, what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { what: what.into(), why: why.into(), confidence }
    }

    /// The guess as it stands in a comment.
    pub fn line(&self) -> String {
        format!("guess ({}): {}: {}", self.confidence.as_str(), self.what, self.why)
    }
}
