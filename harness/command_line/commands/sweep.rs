//! `lockstep sweep`: removes what earlier runs left at a target.

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::json;

use super::super::arguments::{Output, Sweep};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::{profiles, targets};
use super::{in_runtime, tell, tell_json};
use crate::harness::sweep::{self, Swept};

/// Looks for leftovers, and removes them unless it is a dry run.
pub fn sweep(arguments: &Sweep, output: Output) -> Result<ExitCode, Failure> {
    let dialect = profiles::load(&arguments.profile)?;
    let subject = Arc::new(targets::load(&arguments.subject, &dialect)?);
    let swept = in_runtime(async {
        sweep::sweep(&dialect, &subject, arguments.dry_run).await.map_err(Failure::usage)
    })?;
    if output.json {
        tell_json(&json!({
            "dry_run": arguments.dry_run,
            "found": swept.found,
            "removed": swept.removed,
            "left": swept.left,
            "unseen": swept.unseen,
        }))?;
    } else {
        tell(&text(&swept, arguments.dry_run))?;
    }
    Ok(exit_code(&swept))
}

/// What could not be looked at leaves the question open; what could not be
/// removed leaves the work undone.
fn exit_code(swept: &Swept) -> ExitCode {
    if !swept.unseen.is_empty() {
        ExitCode::Inconclusive
    } else if !swept.left.is_empty() {
        ExitCode::Incomplete
    } else {
        ExitCode::Done
    }
}

fn text(swept: &Swept, dry_run: bool) -> String {
    let mut text = String::new();
    // Writing to a text cannot fail.
    for leftover in &swept.found {
        let word = match (dry_run, swept.removed.contains(&leftover.id)) {
            (true, _) => "found",
            (false, true) => "removed",
            (false, false) => "still there",
        };
        let _ = writeln!(
            text,
            "{word}: {} {} at {} ({})",
            leftover.what, leftover.id, leftover.place, leftover.why
        );
    }
    for leftover in &swept.left {
        let _ = writeln!(text, "not removed: {} {}: {}", leftover.what, leftover.id, leftover.why);
    }
    for unseen in &swept.unseen {
        let _ = writeln!(text, "not looked at: {unseen}");
    }
    if swept.found.is_empty() && swept.unseen.is_empty() {
        text.push_str("nothing was left behind\n");
    }
    text
}
