//! `lockstep compare`: what became of a subject between two reports.

use std::path::Path;

use serde_json::json;

use super::super::arguments::{Compare, Output};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::rooms::ReadReport;
use super::{tell, tell_json};
use crate::harness::compare::{self, NotComparable};
use crate::harness::result::Report;

/// Compares two reports. Only regressions end with 1.
pub fn compare(arguments: &Compare, output: Output, read_report: ReadReport) -> Result<ExitCode, Failure> {
    let [old, new] = [read(&arguments.old, read_report)?, read(&arguments.new, read_report)?];
    let comparison = compare::compare(&old, &new).map_err(|why| {
        let code = match why {
            NotComparable::NothingInCommon => ExitCode::Incomplete,
            _ => ExitCode::Usage,
        };
        Failure::new(code, why.to_string()).help("name two reports of the same subject and programme")
    })?;
    let code = if comparison.regressions.is_empty() { ExitCode::Done } else { ExitCode::NotMet };
    if output.json {
        tell_json(&json!({ "exit_codes": [code.number()], "comparison": comparison }))?
    } else {
        tell(&compare::text(&comparison))?
    };
    Ok(code)
}

/// Reads a report, or says why not.
fn read(path: &Path, read_report: ReadReport) -> Result<Report, Failure> {
    read_report(path).map_err(|why| {
        Failure::usage(format!("the report cannot be read: {why}")).at(path.display().to_string())
    })
}
