//! What a scaffold could not find in a description.

/// What kind of answer is still owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GapKind {
    /// Who and where: addresses, documentation.
    Heading,
    /// How calls are authenticated.
    Authentication,
    /// A part of the description that could not be read.
    Description,
    /// A function that Inlet asks for and that has no plan.
    Function,
    /// A part of an exchange that was not understood.
    Exchange,
    /// How calls are refused.
    Errors,
    /// What the system allows, and how long things take.
    Limits,
}

impl GapKind {
    /// Every kind, in the order in which they are listed.
    pub const ALL: &'static [GapKind] = &[
        Self::Heading,
        Self::Authentication,
        Self::Description,
        Self::Function,
        Self::Exchange,
        Self::Errors,
        Self::Limits,
    ];

    /// The heading above such gaps.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Heading => "who and where",
            Self::Authentication => "authentication",
            Self::Description => "the description",
            Self::Function => "functions without a plan",
            Self::Exchange => "exchanges",
            Self::Errors => "refusals",
            Self::Limits => "limits and times",
        }
    }
}

/// Something that the description does not say, and that the vendor must.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What kind it is.
    pub kind: GapKind,
    /// What it is about: a function, an operation, a key of the profile.
    pub about: String,
    /// What is missing, and what to do.
    pub text: String,
}

impl Gap {
    /// A gap.
    pub fn new(kind: GapKind, about: impl Into<String>, text: impl Into<String>) -> Self {
        Self { kind, about: about.into(), text: text.into() }
    }

    /// The gap as one line.
    pub fn line(&self) -> String {
        format!("{}: {}", self.about, self.text)
    }
}
