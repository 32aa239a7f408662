//! From a scenario's text to a scenario, with the place of everything wrong.

use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::event::{Event, Happening};
use crate::vendors::profile::{Problem, ProfileErrors};
use crate::vendors::vocabulary::Word;

/// The name and version of the language.
const SCHEMA: &str = "lockstep.scenario/1";

/// The most locks of a fleet.
const MOST_LOCKS: u32 = 1_000_000;

/// A fleet, a seed, and what happens when.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// What it is about, for people.
    pub title: String,
    /// Seed of everything random, where the scenario asks for one.
    pub seed: Option<u64>,
    /// Locks in all.
    pub locks: u32,
    /// Groups that they are spread over.
    pub groups: u32,
    /// What happens, in order of time.
    pub events: Vec<Event>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    schema: Spanned<String>,
    title: String,
    seed: Option<u64>,
    fleet: FleetTable,
    #[serde(default)]
    events: Vec<EventTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FleetTable {
    locks: Spanned<u32>,
    groups: Spanned<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventTable {
    after: Spanned<String>,
    then: Happening,
}

impl Scenario {
    /// Reads a scenario's file.
    pub fn load(path: &Path) -> Result<Self, ProfileErrors> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| ProfileErrors {
            file: file.clone(),
            source_text: String::new(),
            problems: vec![Problem {
                file: file.clone(),
                line: 1,
                column: 1,
                span: 0..0,
                what: format!("the scenario cannot be read: {error}"),
                help: Some("name a scenario's file, such as scenarios/lock-goes-offline.toml".to_owned()),
            }],
        })?;
        Self::parse(&file, &text)
    }

    /// Reads a scenario's text; `file` is its name in messages.
    pub fn parse(file: &str, text: &str) -> Result<Self, ProfileErrors> {
        let errors = |found: Vec<(Range<usize>, String)>| ProfileErrors {
            file: file.to_owned(),
            source_text: text.to_owned(),
            problems: found.into_iter().map(|(span, what)| problem(file, text, span, what)).collect(),
        };
        let document: Document = toml::from_str(text)
            .map_err(|error| errors(vec![(error.span().unwrap_or(0..0), error.message().to_owned())]))?;
        let mut wrong = Vec::new();
        check_head(&document, &mut wrong);
        let locks = *document.fleet.locks.get_ref();
        let mut events: Vec<Event> = document
            .events
            .into_iter()
            .filter_map(|event| {
                check_happening(&event.then, locks, &mut wrong);
                Some(Event { after: span_of_time(&event.after, &mut wrong)?, then: event.then })
            })
            .collect();
        if !wrong.is_empty() {
            wrong.sort_by_key(|(span, _)| span.start);
            return Err(errors(wrong));
        }
        events.sort_by_key(|event| event.after);
        let groups = *document.fleet.groups.get_ref();
        Ok(Self { title: document.title, seed: document.seed, locks, groups, events })
    }
}

type Wrong = Vec<(Range<usize>, String)>;

fn check_head(document: &Document, wrong: &mut Wrong) {
    if document.schema.get_ref() != SCHEMA {
        wrong.push((document.schema.span(), format!("expected the schema \"{SCHEMA}\"")));
    }
    let locks = document.fleet.locks.get_ref();
    if !(1..=MOST_LOCKS).contains(locks) {
        wrong.push((document.fleet.locks.span(), format!("expected 1 to {MOST_LOCKS} locks")));
    }
    if !(1..=*locks).contains(document.fleet.groups.get_ref()) {
        wrong.push((
            document.fleet.groups.span(),
            "expected at least one group and at most one for each lock".into(),
        ));
    }
}

fn check_happening(then: &Happening, locks: u32, wrong: &mut Wrong) {
    if let Some(lock) = then.lock()
        && !(1..=locks).contains(lock.get_ref())
    {
        wrong.push((lock.span(), format!("expected the number of a lock, 1 to {locks}")));
    }
    match then {
        Happening::Battery { percent, .. } if *percent.get_ref() > 100 => {
            wrong.push((percent.span(), "expected a charge of 0 to 100 percent".to_owned()));
        }
        Happening::Door { is, .. }
            if !matches!(is.get_ref(), Word::Open | Word::Closed | Word::Ajar | Word::Forced) =>
        {
            wrong.push((is.span(), "expected a door's state: open, closed, ajar or forced".to_owned()));
        }
        _ => {}
    }
}

/// `"30 s"`, `"2 min"`, `"1 h 30 min"`.
fn span_of_time(text: &Spanned<String>, wrong: &mut Wrong) -> Option<Duration> {
    let parsed =
        text.get_ref().parse::<jiff::SignedDuration>().ok().and_then(|span| Duration::try_from(span).ok());
    if parsed.is_none() {
        wrong.push((
            text.span(),
            "expected a span of time, such as \"30 s\", \"5 min\" or \"1 h 30 min\"".to_owned(),
        ));
    }
    parsed
}

fn problem(file: &str, text: &str, span: Range<usize>, what: String) -> Problem {
    let before = text.get(..span.start).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Problem {
        file: file.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        span,
        what,
        help: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "schema = \"lockstep.scenario/1\"\ntitle = \"t\"\n[fleet]\nlocks = 3\ngroups = 1\n";

    fn check_wrong(event: &str, line: usize, column: usize, what: &str) {
        let text = format!("{HEAD}[[events]]\n{event}\n");
        let errors = Scenario::parse("s.toml", &text).expect_err(event);
        let first = &errors.problems[0];
        assert_eq!((first.line, first.column), (line, column), "{event}: {}", first.what);
        assert!(first.what.contains(what), "{event}: {}", first.what);
    }

    #[test]
    fn events_come_in_order_of_time() {
        let text = format!(
            "{HEAD}[[events]]\nafter = \"2 min\"\nthen = {{ come_back = {{ lock = 1 }} }}\n\
             [[events]]\nafter = \"30 s\"\nthen = {{ go_offline = {{ lock = 1 }} }}\n"
        );
        let scenario = Scenario::parse("s.toml", &text).expect("a valid scenario");
        let spans: Vec<u64> = scenario.events.iter().map(|event| event.after.as_secs()).collect();
        assert_eq!(spans, [30, 120]);
    }

    #[test]
    fn what_is_wrong_is_shown_where_it_stands() {
        check_wrong("after = \"soon\"\nthen = { go_offline = { lock = 1 } }", 7, 9, "span of time");
        check_wrong("after = \"-1 s\"\nthen = { go_offline = { lock = 1 } }", 7, 9, "span of time");
        check_wrong("after = \"1 s\"\nthen = { go_offline = { lock = 4 } }", 8, 32, "1 to 3");
        check_wrong("after = \"1 s\"\nthen = { battery = { lock = 1, percent = 101 } }", 8, 42, "0 to 100");
        check_wrong("after = \"1 s\"\nthen = { door = { lock = 1, is = \"locked\" } }", 8, 34, "ajar");
        check_wrong("after = \"1 s\"\nthen = { go_ofline = { lock = 1 } }", 8, 10, "unknown variant");
        check_wrong("after = \"1 s\"\nwhen = 3\nthen = { go_offline = { lock = 1 } }", 8, 1, "unknown field");
    }

    #[test]
    fn the_scenarios_of_this_room_are_valid() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let mut read = 0;
        for entry in std::fs::read_dir(folder).expect("the room") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                Scenario::load(&path).unwrap_or_else(|errors| panic!("{errors}: {:?}", errors.problems));
                read += 1;
            }
        }
        assert!(read > 0, "no scenario was read");
    }
}
