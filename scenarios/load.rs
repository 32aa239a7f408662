//! From a scenario's text to a scenario, with the place of everything wrong.

use std::path::Path;
use std::time::Duration;

use super::compile::compile;
use super::event::{ClockError, Event};
use super::expect::Expectation;
use super::guest::Guest;
use super::written::Document;
use super::wrong::Wrong;
use crate::vendors::profile::{Problem, ProfileErrors, read_text};
use crate::vendors::vocabulary::Instant;

/// What to name in the place of a file that is not there.
const NAMED: &str = "name a scenario's file, such as scenarios/lock-goes-offline.toml";

/// A fleet, a seed, what happens when, who comes, and what must come of it.
/// Every time counts from the start.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The file's name without its ending.
    pub name: String,
    /// What it is about, for people.
    pub title: String,
    /// The story.
    pub story: String,
    /// What a good integration does.
    pub good: String,
    /// Seed of everything random, where the scenario asks for one.
    pub seed: Option<u64>,
    /// The first instant.
    pub start: Instant,
    /// When it is over.
    pub ends: Duration,
    /// Locks in all.
    pub locks: u32,
    /// Locks that are left where it is played small; `None` where it is what it is
    /// by its size.
    pub small: Option<u32>,
    /// Groups that they are spread over.
    pub groups: u32,
    /// The locks behind each bridge, by number from 1.
    pub bridges: Vec<Vec<u32>>,
    /// How the vendor differs from its profile.
    pub vendor: VendorRules,
    /// Which locks Inlet asks for their state, and how often.
    pub watch: Option<Watch>,
    /// Whether Inlet listens to the vendor's callbacks.
    pub listens: bool,
    /// After what time a booking that was refused is tried again.
    pub again: Duration,
    /// What happens, in order of time.
    pub events: Vec<Event>,
    /// Who comes.
    pub guests: Vec<Guest>,
    /// What must have happened.
    pub expect: Vec<Expectation>,
}

/// How a vendor differs from its profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VendorRules {
    /// PINs that one lock holds at most.
    pub codes_per_lock: Option<u32>,
    /// By how much its clock is wrong.
    pub clock: ClockError,
    /// How long its tokens live.
    pub token_life: Option<Duration>,
    /// Its rate limit: calls in a span.
    pub rate: Option<(u32, Duration)>,
}

/// How Inlet keeps an eye on locks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Time from one look to the next.
    pub every: Duration,
    /// Which locks, by number from 1.
    pub locks: Vec<u32>,
}

impl Scenario {
    /// Reads a scenario's file.
    pub fn load(path: &Path) -> Result<Self, ProfileErrors> {
        let file = path.display().to_string();
        let text = read_text(path).map_err(|error| ProfileErrors {
            file: file.clone(),
            source_text: String::new(),
            problems: vec![Problem {
                file: file.clone(),
                line: 1,
                column: 1,
                span: 0..0,
                what: format!("the scenario cannot be read: {error}"),
                help: Some(error.todo.unwrap_or(NAMED).to_owned()),
            }],
        })?;
        Self::parse(&file, &text)
    }

    /// The same story with as many locks as it says for a small run, and with the
    /// guests who stay at these; as it is where it says none.
    #[must_use]
    pub fn small(mut self) -> Self {
        let Some(small) = self.small else { return self };
        self.locks = small;
        self.guests.retain(|guest| guest.door <= small);
        if let Some(watch) = &mut self.watch {
            watch.locks.retain(|lock| *lock <= small);
        }
        self
    }

    /// Reads a scenario's text; `file` is its name in messages.
    pub fn parse(file: &str, text: &str) -> Result<Self, ProfileErrors> {
        let document: Document = match toml::from_str(text) {
            Ok(document) => document,
            Err(error) => {
                Wrong::of_reader(&error).into_result(file, text)?;
                return Err(ProfileErrors {
                    file: file.to_owned(),
                    source_text: text.to_owned(),
                    problems: vec![],
                });
            }
        };
        let name = Path::new(file).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let mut wrong = Wrong::default();
        let scenario = compile(name.unwrap_or_default(), text, document, &mut wrong);
        wrong.into_result(file, text)?;
        scenario.ok_or_else(|| ProfileErrors {
            file: file.to_owned(),
            source_text: text.to_owned(),
            problems: vec![],
        })
    }
}
