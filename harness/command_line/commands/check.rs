//! `lockstep check`: a review without traffic.

use std::fmt::Write as _;
use std::path::Path;

use super::super::arguments::{Check, Output};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::kinds::Kind;
use super::super::rooms::Rooms;
use super::super::{partners, profiles};
use super::{check_waivers, tell, tell_json};
use crate::harness::bench::Bench;
use crate::harness::runner::Attach;
use crate::harness::static_review::{self, Review};
use crate::vendors::profile;
use crate::vendors::vocabulary::Instant;

/// Reads the profile or partner description and holds its statement against the
/// criteria, or reads a waiver file.
pub fn check<W: Attach<Bench = Bench>>(
    check: &Check,
    output: Output,
    rooms: &Rooms<W>,
) -> Result<ExitCode, Failure> {
    if let Some(text) = waivers(&check.profile) {
        let known = (rooms.suite)().criteria.into_iter().chain((rooms.partner_criteria)());
        return check_waivers::check(&check.profile, &text, &known.collect::<Vec<_>>(), output);
    }
    let review = match partners::named(&check.profile, rooms.partner_criteria)? {
        Some(partner) => {
            let now = Instant::wall().timestamp();
            static_review::review_partner(&partner, &(rooms.partner_criteria)(), now)
        }
        None => {
            let dialect = profiles::load(&check.profile)?;
            static_review::review(&dialect, &(rooms.suite)().criteria)
        }
    };
    if output.json {
        tell_json(&review)?
    } else {
        tell(&text(&review))?
    };
    Ok(ExitCode::from_number(review.exit_code()))
}

/// The text of a waiver file of that path; `None` where it is something else.
fn waivers(name: &str) -> Option<String> {
    let embedded = profile::embedded_names().contains(&name);
    let text = profile::read_text(Path::new(name)).ok().filter(|_| !embedded)?;
    (Kind::of(&text) == Some(Kind::Waivers)).then_some(text)
}

/// What the profile is from, what is only taken, and what says nothing of it.
fn origins(text: &mut String, review: &Review) {
    if !review.origins.are_named() {
        return;
    }
    text.push_str("\nSources:\n");
    let width = review.origins.sources.iter().map(|source| source.name.len()).max().unwrap_or_default();
    for source in &review.origins.sources {
        let place = source.url.iter().chain(&source.date).map(|more| format!(", {more}"));
        let parts = match review.origins.from(&source.name) {
            0 => String::new(),
            1 => " (1 part)".to_owned(),
            parts => format!(" ({parts} parts)"),
        };
        let (name, is) = (&source.name, source.is.as_str());
        // Writing to a text cannot fail.
        let _ =
            writeln!(text, "  {name:<width$} {is:<9} {}{}{parts}", source.title, place.collect::<String>());
    }
    for (heading, lines) in [
        ("Taken, since no public source establishes it:", review.origins.not_established()),
        ("Gaps in the sources:", review.unsourced.iter().map(String::as_str).collect()),
    ] {
        if !lines.is_empty() {
            let _ = writeln!(text, "\n{heading}");
        }
        lines.iter().for_each(|line| {
            let _ = writeln!(text, "  {line}");
        });
    }
}

fn text(review: &Review) -> String {
    let mut text = format!("{}: the {} is valid\n\n", review.subject, review.of);
    for opinion in &review.opinions {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "  {:<6} {:<15} {}", opinion.id, opinion.verdict.as_str(), opinion.reason);
    }
    if !review.gaps.is_empty() {
        text.push_str("\nGaps in the statement:\n");
    }
    for gap in &review.gaps {
        let _ = writeln!(text, "  {gap}");
    }
    if !review.not_played.is_empty() {
        text.push_str("\nDocumented, and ignored by the simulated vendor:\n");
    }
    for ignored in &review.not_played {
        let _ = writeln!(text, "  {ignored}");
    }
    origins(&mut text, review);
    text.push_str("\nNothing here is a certification: `lockstep certify` is.\n");
    text
}
