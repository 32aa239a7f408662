//! The comparison as a whole.

use std::collections::BTreeMap;

use serde::Serialize;

use super::criteria::{Pair, by_id, word};
use super::difference::{Difference, Found};
use super::normal::normal;
use super::standing::{Turn, turn};
use crate::harness::criterion::{CertificationLevel, CriterionId};
use crate::harness::result::{Mode, Presence, Report};

/// Two reports about one subject, held against each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The subject's name for people.
    pub subject: String,
    /// The runs compared, the older first.
    pub runs: [String; 2],
    /// Criteria that both reports judge.
    pub compared: usize,
    /// What was shown and is shown no more.
    pub regressions: Vec<Difference>,
    /// What was not met and is met now.
    pub fixes: Vec<Difference>,
    /// What else is not as it was.
    pub changes: Vec<Difference>,
}

/// Why two reports say nothing about each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotComparable {
    /// Different questions were asked.
    #[error("the reports are of different programmes: {0} and {1}")]
    Programmes(String, String),
    /// They were asked of different subjects.
    #[error("the reports are about different subjects: {0} and {1}")]
    Subjects(String, String),
    /// A report that judges a criterion twice has no verdict over it.
    #[error("the {0} report judges {1} twice")]
    Twice(&'static str, CriterionId),
    /// Not one criterion stands in both.
    #[error("the reports have no criterion in common, so nothing was compared")]
    NothingInCommon,
}

/// Holds two reports of one subject against each other. The order of criteria,
/// findings and exchanges within a report does not matter.
pub fn compare(old: &Report, new: &Report) -> Result<Comparison, NotComparable> {
    if old.programme != new.programme {
        return Err(NotComparable::Programmes(old.programme.clone(), new.programme.clone()));
    }
    if old.subject.name != new.subject.name {
        return Err(NotComparable::Subjects(old.subject.name.clone(), new.subject.name.clone()));
    }
    let before = by_id(old).map_err(|id| NotComparable::Twice("older", id.clone()))?;
    let after = by_id(new).map_err(|id| NotComparable::Twice("newer", id.clone()))?;
    let (pair, mut found, mut compared) = (Pair { old, new }, Found::default(), 0);
    for (id, criterion) in &before {
        match after.get(id) {
            Some(now) => {
                compared += 1;
                pair.both(criterion, now, &mut found);
            }
            None => pair.gone(criterion, &mut found),
        }
    }
    for (_, criterion) in after.iter().filter(|(id, _)| !before.contains_key(*id)) {
        pair.come(criterion, &mut found);
    }
    if compared == 0 {
        return Err(NotComparable::NothingInCommon);
    }
    decision(old, new, &mut found);
    circumstances(old, new, &mut found);
    abilities(old, new, &mut found);
    left_behind(old, new, &mut found);
    for list in [&mut found.regressions, &mut found.fixes, &mut found.changes] {
        list.sort();
    }
    let Found { regressions, fixes, changes } = found;
    let runs = [old.run.clone(), new.run.clone()];
    Ok(Comparison { subject: new.subject.title.clone(), runs, compared, regressions, fixes, changes })
}

/// The total can get worse without any criterion of both doing so: by a new one,
/// or because the run was cut short. That it got better is no fix by itself: the
/// criteria tell what was mended, and asking less mends nothing.
fn decision(old: &Report, new: &Report, found: &mut Found) {
    let turned = match turn(old.verdict, new.verdict) {
        Turn::Fix => Turn::Change,
        other => other,
    };
    found.tell(turned, "verdict", word(old.verdict), word(new.verdict), new.decision.as_str());
    if turned == Turn::Same && old.exit_codes != new.exit_codes {
        let [was, is] = [old, new].map(|report| format!("{:?}", report.exit_codes));
        found.tell(Turn::Change, "exit codes", &was, &is, new.decision.as_str());
    }
    ordered(found, "level reached", old.level, new.level, "");
    let cut = new.interrupted.as_deref().filter(|_| old.interrupted.is_none());
    if let Some(why) = cut {
        found.tell(Turn::Regression, "run", "whole", "interrupted", why);
    } else if old.interrupted.is_some() && new.interrupted.is_none() {
        found.tell(Turn::Change, "run", "interrupted", "whole", "");
    }
}

/// On what terms both were judged. Whoever asks less than before shows less.
fn circumstances(old: &Report, new: &Report, found: &mut Found) {
    ordered(found, "level asked for", old.asked, new.asked, "less is asked than before");
    let strictness = |mode: Mode| usize::from(mode == Mode::Run);
    weakened(
        found,
        "mode",
        (strictness(old.mode), ["certify", "run"][strictness(old.mode)]),
        (strictness(new.mode), ["certify", "run"][strictness(new.mode)]),
        "a free run certifies nothing",
    );
    let kind = |report: &Report| ["the subject itself", "a rehearsal"][usize::from(report.rehearsal)];
    weakened(
        found,
        "judged",
        (usize::from(old.rehearsal), kind(old)),
        (usize::from(new.rehearsal), kind(new)),
        "a rehearsal shows nothing of the subject",
    );
    let seen = |report: &Report, text: &str| normal(text, &report.run);
    for (what, before, after) in [
        ("suite", &old.suite.digest, &new.suite.digest),
        ("Lockstep", &old.suite.version, &new.suite.version),
        ("subject's version", &old.subject.version, &new.subject.version),
        ("target", &seen(old, &old.subject.target), &seen(new, &new.subject.target)),
        ("profile", &old.subject.profile_digest, &new.subject.profile_digest),
    ] {
        if before != after {
            found.tell(Turn::Change, what, short(before), short(after), "");
        }
    }
}

/// The first signs of a digest; everything else whole.
fn short(text: &str) -> &str {
    let is_digest = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if is_digest { &text[..12] } else { text }
}

fn ordered(found: &mut Found, about: &str, old: CertificationLevel, new: CertificationLevel, why: &str) {
    // The higher a level, the better: the other way round than with what is weakened.
    let place = |level| match level {
        CertificationLevel::Full => (0, "full"),
        CertificationLevel::Core => (1, "core"),
        CertificationLevel::None => (2, "none"),
    };
    weakened(found, about, place(old), place(new), why);
}

/// Tells something that has an order, the higher the weaker.
fn weakened(found: &mut Found, about: &str, old: (usize, &str), new: (usize, &str), why: &str) {
    match new.0.cmp(&old.0) {
        std::cmp::Ordering::Equal => {}
        std::cmp::Ordering::Greater => found.tell(Turn::Regression, about, old.1, new.1, why),
        std::cmp::Ordering::Less => found.tell(Turn::Change, about, old.1, new.1, ""),
    }
}

/// What the vendor offers: first as it declares it, then as it holds.
fn abilities(old: &Report, new: &Report, found: &mut Found) {
    let declared = |report: &Report| -> BTreeMap<&'static str, bool> {
        report.statement.iter().map(|answer| (answer.function.as_str(), answer.supported)).collect()
    };
    let (before, after) = (declared(old), declared(new));
    for (name, was) in &before {
        let is = after.get(name).copied().unwrap_or(false);
        let turn = match (was, is) {
            (true, false) => Turn::Regression,
            (false, true) => Turn::Change,
            _ => continue,
        };
        let word = |yes: bool| if yes { "declared" } else { "not declared" };
        found.tell(turn, &format!("ability {name}"), word(*was), word(is), "by the vendor's own statement");
    }
    let effective = |report: &Report| -> BTreeMap<String, (Presence, String)> {
        let lines = report.capabilities.iter();
        lines.map(|line| (line.ability.clone(), (line.effective, line.note.clone()))).collect()
    };
    let later = effective(new);
    for (name, (was, _)) in effective(old) {
        let (is, note) = later.get(&name).cloned().unwrap_or((Presence::Unknown, String::new()));
        // What is declared no more has been told.
        let told = before.get(name.as_str()) == Some(&true) && after.get(name.as_str()) != Some(&true);
        if was != is && !told {
            let lost = was == Presence::Yes && is == Presence::No;
            let turn = if lost { Turn::Regression } else { Turn::Change };
            found.tell(turn, &format!("ability {name}"), presence(was), presence(is), note);
        }
    }
}

fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Yes => "there",
        Presence::No => "not there",
        Presence::Unknown => "not seen",
    }
}

/// What the runs could not remove, counted by kind: ids are drawn anew.
fn left_behind(old: &Report, new: &Report, found: &mut Found) {
    let count = |report: &Report| -> BTreeMap<String, usize> {
        let mut count = BTreeMap::new();
        for leftover in &report.leftovers {
            *count.entry(leftover.what.clone()).or_default() += 1;
        }
        count
    };
    let (before, after) = (count(old), count(new));
    let kinds: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for kind in kinds {
        let [was, is] = [&before, &after].map(|of| of.get(kind).copied().unwrap_or(0));
        if was != is {
            found.tell(Turn::Change, &format!("left behind, {kind}"), &was.to_string(), &is.to_string(), "");
        }
    }
}
