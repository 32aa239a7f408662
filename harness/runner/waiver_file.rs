//! Waivers as people write them, read strictly.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use crate::harness::criterion::CriterionId;
use crate::vendors::profile::{Problem, ProfileErrors, line_of, nearest};

/// For how many years a waiver can hold at most: what is put up with for longer is
/// decided anew. This project's own choice; Inlet sets no span.
const MOST_YEARS: i8 = 3;

/// What a waiver consists of.
const MEMBERS: [&str; 5] = ["criterion", "owner", "reason", "decided", "expires"];

/// One waiver, as it is written in a waiver file:
///
/// ```toml
/// [[waivers]]
/// criterion = "LV-46"
/// owner = "A. Reviewer"
/// reason = "firmware 4 is announced for March"
/// decided = "2026-11-22"
/// expires = "2027-03-31"
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The criterion.
    pub criterion: CriterionId,
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// The day on which it was decided on.
    pub decided: Date,
    /// The last day on which it holds, at most three years after that.
    pub expires: Date,
    /// Where its criterion stands in the file, in bytes.
    pub at: Range<usize>,
}

impl Waiver {
    /// Whether it holds on a day of UTC: it has not expired, and has been decided
    /// on, wherever on earth.
    pub fn holds(&self, today: Date) -> bool {
        self.expires >= today && !self.is_to_come(today)
    }

    /// Why it does not hold on a day; nothing where it does.
    pub fn unheld(&self, today: Date) -> Option<String> {
        let Self { criterion, decided, expires, .. } = self;
        if *expires < today {
            return Some(format!("the waiver of {criterion} expired on {expires}"));
        }
        self.is_to_come(today).then(|| {
            format!("the waiver of {criterion} is said to have been decided on {decided}, a day to come")
        })
    }

    fn is_to_come(&self, today: Date) -> bool {
        // Where a day begins first it is tomorrow already.
        today.tomorrow().is_ok_and(|tomorrow| self.decided > tomorrow)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    waivers: Vec<Spanned<Written>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    criterion: Spanned<String>,
    owner: Spanned<String>,
    reason: Spanned<String>,
    decided: Spanned<Date>,
    expires: Spanned<Date>,
}

/// Reads a waiver file; `file` is its name in messages.
pub fn read(file: &str, text: &str) -> Result<Vec<Waiver>, ProfileErrors> {
    let mut problems = Vec::new();
    let mut wrong = |at: Range<usize>, what: String, help: String| {
        problems.push(Problem::at(file, text, at, what, Some(help)));
    };
    let mut waivers: Vec<Waiver> = Vec::new();
    let mut first: BTreeMap<CriterionId, usize> = BTreeMap::new();
    match toml::from_str::<File>(text) {
        Err(why) => {
            let (what, help) = misread(&why);
            wrong(why.span().unwrap_or(0..0), what, help);
        }
        Ok(File { waivers: written }) => {
            for one in written {
                waivers.extend(waiver(one.into_inner(), &mut first, text, &mut wrong));
            }
        }
    }
    if problems.is_empty() {
        return Ok(waivers);
    }
    problems.sort_by_key(|problem| problem.span.start);
    Err(ProfileErrors { file: file.to_owned(), source_text: text.to_owned(), problems })
}

fn waiver(
    written: Written,
    first: &mut BTreeMap<CriterionId, usize>,
    text: &str,
    wrong: &mut impl FnMut(Range<usize>, String, String),
) -> Option<Waiver> {
    let at = written.criterion.span();
    let name = written.criterion.get_ref();
    let Some(criterion) = CriterionId::parse(name) else {
        wrong(at, format!("`{name}` is no id of a criterion"), "write one such as LV-46".to_owned());
        return None;
    };
    for (member, given) in [("owner", &written.owner), ("reason", &written.reason)] {
        let told = given.get_ref();
        if told.trim().is_empty() || told.chars().any(char::is_control) {
            let what = format!("the waiver of {criterion} needs an owner and a reason, each in one line");
            wrong(given.span(), what, format!("write the {member} in one line"));
        }
    }
    match first.get(&criterion) {
        Some(line) => {
            let what = format!("{criterion} is waived twice, first in line {line}");
            wrong(at.clone(), what, "leave one: a single waiver says until when and why".to_owned());
        }
        None => {
            first.insert(criterion.clone(), line_of(text, at.start));
        }
    }
    let (decided, expires) = (*written.decided.get_ref(), *written.expires.get_ref());
    if let Some((what, help)) = misspanned(&criterion, decided, expires) {
        wrong(written.expires.span(), what, help);
    }
    let (owner, reason) = (written.owner.into_inner(), written.reason.into_inner());
    Some(Waiver { criterion, owner: owner.trim().to_owned(), reason, decided, expires, at })
}

/// Why a waiver cannot hold from the one day to the other, and what to do.
fn misspanned(criterion: &CriterionId, decided: Date, expires: Date) -> Option<(String, String)> {
    if expires < decided {
        let what =
            format!("the waiver of {criterion} ends on {expires}, before it is decided on ({decided})");
        return Some((what, "write as `expires` the last day on which it is to hold".to_owned()));
    }
    // Beyond the calendar's end there is no later day to name.
    let last = decided.checked_add(MOST_YEARS.years()).unwrap_or(Date::MAX);
    (expires > last).then(|| {
        let what = format!(
            "the waiver of {criterion} lasts until {expires}, longer than {MOST_YEARS} years from {decided}"
        );
        let help = format!("write {last} or an earlier day; what is still so then is decided on anew");
        (what, help)
    })
}

/// What the TOML reader says, and what to do.
fn misread(why: &toml::de::Error) -> (String, String) {
    let message = why.message();
    let found = message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
    match found {
        Some(found) => {
            let what = format!("unknown key `{found}` in a waiver file");
            let near = nearest(found, MEMBERS.into_iter().chain(["waivers"]));
            (what, near.map_or_else(members, |near| format!("did you mean `{near}`?")))
        }
        None => (message.lines().collect::<Vec<_>>().join(", "), members()),
    }
}

fn members() -> String {
    format!("write [[waivers]], each with {}; a day as in \"2027-03-31\"", MEMBERS.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::profile::render;

    const WAIVER: &str = "[[waivers]]\ncriterion = \"LV-46\"\nowner = \"A. Reviewer\"\n\
                          reason = \"firmware 4 comes in March\"\ndecided = \"2026-11-22\"\n";

    fn lasting(decided: &str, expires: &str) -> Result<Vec<Waiver>, String> {
        let text = WAIVER.replace("2026-11-22", decided);
        read("w.toml", &format!("{text}expires = \"{expires}\"\n")).map_err(|errors| render(&errors))
    }

    #[test]
    fn a_waiver_lasts_three_years_at_most_from_the_day_of_its_decision() {
        for (decided, last) in
            [("2026-11-22", "2029-11-22"), ("2028-02-29", "2031-02-28"), ("2026-11-22", "2026-11-22")]
        {
            assert_eq!(lasting(decided, last).unwrap()[0].expires.to_string(), last);
        }
        for (decided, expires, last) in [
            ("2026-11-22", "2029-11-23", "2029-11-22"),
            ("2026-11-22", "2036-12-31", "2029-11-22"),
            ("2028-02-29", "2031-03-01", "2031-02-28"),
        ] {
            let told = lasting(decided, expires).unwrap_err();
            let what =
                format!("the waiver of LV-46 lasts until {expires}, longer than 3 years from {decided}");
            assert!(
                told.contains(&what) && told.contains(&format!("write {last} or an earlier day")),
                "{told}"
            );
            assert!(told.contains("w.toml:6:11"), "{told}");
        }
        let told = lasting("2026-11-22", "2026-11-21").unwrap_err();
        assert!(told.contains("before it is decided on"), "{told}");
    }

    #[test]
    fn ours_lasts_as_long_as_one_can() {
        let text = include_str!("../../vendors/partners/own_integration.waivers.toml");
        let ours = read("own_integration.waivers.toml", text).unwrap();
        assert_eq!(ours.len(), 1);
        assert_eq!(ours[0].decided.checked_add(MOST_YEARS.years()).unwrap(), ours[0].expires);
    }

    #[test]
    fn mistakes_are_told_each_at_its_place() {
        let good = format!("{WAIVER}expires = \"2026-12-31\"\n");
        assert!(read("w.toml", &good).is_ok());
        for (text, place, told) in [
            (WAIVER, "w.toml:1:1", "missing field `expires`"),
            (&good.replace("decided", "since"), "w.toml:5:1", "unknown key `since`"),
            (&good.replace("expires", "expire"), "w.toml:6:1", "did you mean `expires`?"),
            (&good.replace("2026-12-31", "soon"), "w.toml:6:11", "a day as in \"2027-03-31\""),
            (&good.replace("A. Reviewer", " "), "w.toml:3:9", "needs an owner and a reason"),
            (
                &good.replace("A. Rev", "A.\\nRev"),
                "w.toml:3:9",
                "needs an owner and a reason, each in one line",
            ),
            (&good.replace("LV-46", "lv 46"), "w.toml:2:13", "`lv 46` is no id of a criterion"),
            (&format!("{good}{good}"), "w.toml:8:13", "LV-46 is waived twice, first in line 2"),
        ] {
            let why = render(&read("w.toml", text).unwrap_err());
            assert!(why.contains(place) && why.contains(told), "{told}: {why}");
            assert!(why.contains("help: "), "{why}");
        }
    }
}
