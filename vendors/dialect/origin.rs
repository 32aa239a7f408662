//! Where what a profile says is taken from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The sources of a profile, and which part of it is from which.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Origins {
    /// The sources, in the order of the profile.
    pub sources: Vec<Source>,
    /// The parts that state facts of the vendor, in the order in which they are read.
    pub parts: Vec<Part>,
}

/// Something that can be read, or was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// The short name by which parts name it.
    pub name: String,
    /// What sort of evidence it is.
    pub is: Evidence,
    /// What it is, for people.
    pub title: String,
    /// Where it is, where it has an address.
    pub url: Option<String>,
    /// The year, month or day of which it is, or on which it was read.
    pub date: Option<String>,
}

/// Sorts of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The vendor's own documentation, or its staff.
    Vendor,
    /// Measured on the real service by somebody who published it.
    Measured,
    /// Read from public clients that work.
    Client,
    /// What others have written about the vendor's API.
    Account,
    /// Seen at a public server of the vendor's that can be run by anybody.
    Server,
    /// Made up: there is no such vendor. Then everything in the profile is.
    MadeUp,
}

impl Evidence {
    /// Every sort.
    pub const ALL: &'static [Self] =
        &[Self::Vendor, Self::Measured, Self::Client, Self::Account, Self::Server, Self::MadeUp];

    /// As it is written in a profile.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Vendor => "vendor",
            Self::Measured => "measured",
            Self::Client => "client",
            Self::Account => "account",
            Self::Server => "server",
            Self::MadeUp => "made_up",
        }
    }

    /// What it is, in a sentence without its subject.
    pub fn means(self) -> &'static str {
        match self {
            Self::Vendor => "The vendor's own documentation, or its staff.",
            Self::Measured => "Measured on the real service by somebody who published it.",
            Self::Client => "Read from public clients of the API that work.",
            Self::Account => "What others have written about the API.",
            Self::Server => "Seen at a public server of the vendor's that anybody can run.",
            Self::MadeUp => "Made up: there is no such vendor, and every part is from here.",
        }
    }
}

/// A part of a profile that states facts of the vendor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Part {
    /// Its name for people: ``operation `list_locks` ``, ``limits: `pulse` ``.
    pub name: String,
    /// Where it is from.
    pub origin: Origin,
}

/// Where a part is from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// From these sources.
    Sources(Vec<String>),
    /// No public source establishes it: it is taken.
    NotEstablished,
    /// Nothing is said of where it is from.
    Unnamed,
}

impl Origins {
    /// Whether the profile names its sources at all. It need not.
    pub fn are_named(&self) -> bool {
        !self.sources.is_empty()
    }

    /// Whether there is no such vendor, so that every part is made up.
    pub fn are_made_up(&self) -> bool {
        self.sources.iter().any(|source| source.is == Evidence::MadeUp)
    }

    /// The parts of which nothing is said of where they are from; none where the
    /// profile names no sources at all, or is made up as a whole.
    pub fn unnamed(&self) -> Vec<&str> {
        if !self.are_named() || self.are_made_up() { Vec::new() } else { self.of(&Origin::Unnamed) }
    }

    /// The parts that no public source establishes.
    pub fn not_established(&self) -> Vec<&str> {
        self.of(&Origin::NotEstablished)
    }

    /// How many parts are from a source.
    pub fn from(&self, source: &str) -> usize {
        let named = |part: &&Part| matches!(&part.origin, Origin::Sources(names) if names.iter().any(|name| name == source));
        self.parts.iter().filter(named).count()
    }

    fn of(&self, origin: &Origin) -> Vec<&str> {
        self.parts.iter().filter(|part| part.origin == *origin).map(|part| part.name.as_str()).collect()
    }
}
