//! `lockstep check` of a waiver file.

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::json;

use super::super::arguments::Output;
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::kinds::Kind;
use super::super::profiles;
use super::{tell, tell_json};
use crate::harness::criterion::Criterion;
use crate::harness::runner::{Waiver, read_waivers};
use crate::vendors::profile::{Problem, ProfileErrors, nearest};
use crate::vendors::vocabulary::Instant;

/// Reads the waivers and holds them against the criteria of every programme and
/// against today. Ends with 5 where one does not hold.
pub fn check(
    file: &str,
    text: &str,
    criteria: &[Arc<Criterion>],
    output: Output,
) -> Result<ExitCode, Failure> {
    let explained = |errors: ProfileErrors| profiles::explain(&errors, Kind::Waivers);
    let waivers = read_waivers(file, text).map_err(explained)?;
    let problems: Vec<Problem> =
        waivers.iter().filter_map(|one| unknown(one, file, text, criteria)).collect();
    if !problems.is_empty() {
        return Err(explained(ProfileErrors {
            file: file.to_owned(),
            source_text: text.to_owned(),
            problems,
        }));
    }
    let today = Instant::wall().timestamp().to_zoned(jiff::tz::TimeZone::UTC).date();
    let stale: Vec<Option<String>> = waivers.iter().map(|waiver| waiver.unheld(today)).collect();
    let code = if stale.iter().all(Option::is_none) { ExitCode::Done } else { ExitCode::Stale };
    if output.json {
        let told = waivers.iter().zip(&stale).map(|(waiver, stale)| {
            let Waiver { criterion, owner, reason, decided, expires, .. } = waiver;
            json!({
                "criterion": criterion, "owner": owner, "reason": reason, "decided": decided,
                "expires": expires, "stale": stale,
            })
        });
        let waivers: Vec<serde_json::Value> = told.collect();
        tell_json(&json!({ "of": "waiver file", "exit_codes": [code.number()], "waivers": waivers }))?;
    } else {
        tell(&told(file, &waivers, &stale))?;
    }
    Ok(code)
}

/// A waiver of a criterion that no programme has.
fn unknown(waiver: &Waiver, file: &str, text: &str, criteria: &[Arc<Criterion>]) -> Option<Problem> {
    if criteria.iter().any(|criterion| criterion.id == waiver.criterion) {
        return None;
    }
    let id = &waiver.criterion;
    let help = match nearest(id.as_str(), criteria.iter().map(|criterion| criterion.id.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "see `lockstep check` of what is judged for all ids".to_owned(),
    };
    Some(Problem::at(file, text, waiver.at.clone(), format!("there is no criterion `{id}`"), Some(help)))
}

fn told(file: &str, waivers: &[Waiver], stale: &[Option<String>]) -> String {
    let holds = if stale.iter().all(Option::is_none) { "is valid" } else { "is stale" };
    let mut text = format!("{file}: the waiver file {holds}\n\n");
    for (waiver, stale) in waivers.iter().zip(stale) {
        let Waiver { criterion, owner, reason, decided, expires, .. } = waiver;
        // Writing to a text cannot fail.
        let _ = writeln!(text, "  {criterion:<6} from {decided} until {expires}, {owner}: {reason}");
        if let Some(stale) = stale {
            let _ = writeln!(text, "         {stale}");
        }
    }
    text.push_str(if waivers.is_empty() {
        "  nothing is waived\n"
    } else {
        "\nOnly a run tells whether each covers something.\n"
    });
    text
}
