//! `lockstep check`: a review without traffic.

use std::fmt::Write as _;

use super::super::arguments::{Check, Output};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::rooms::Rooms;
use super::super::{partners, profiles};
use super::{tell, tell_json};
use crate::harness::bench::Bench;
use crate::harness::runner::Attach;
use crate::harness::static_review::{self, Review};
use crate::vendors::vocabulary::Instant;

/// Reads the profile or partner description and holds its statement against the criteria.
pub fn check<W: Attach<Bench = Bench>>(
    check: &Check,
    output: Output,
    rooms: &Rooms<W>,
) -> Result<ExitCode, Failure> {
    let review = match partners::named(&check.profile)? {
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
    text.push_str("\nNothing here is a certification: `lockstep certify` is.\n");
    text
}
