//! Commands that describe Lockstep itself: schemas and manual pages.

use std::path::Path;

use super::super::arguments::Format;
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::manual;
use super::super::rooms::Rooms;
use super::{tell, tell_json};
use crate::harness::bench::Bench;
use crate::harness::runner::Attach;
use crate::harness::subject;
use crate::simulator::scenario_schema;
use crate::vendors::{partner, profile};

/// Prints the JSON Schema of a file format.
pub fn schema<W: Attach<Bench = Bench>>(format: Format, rooms: &Rooms<W>) -> Result<ExitCode, Failure> {
    let schema = match format {
        Format::Profile => profile::json_schema(),
        Format::Report => (rooms.report_schema)(),
        Format::Subject => subject::json_schema(),
        Format::Partner => partner::json_schema(),
        Format::Scenario => scenario_schema(),
    };
    tell_json(&schema)
}

/// Prints the manual page, or writes a page for each command.
pub fn man(out: Option<&Path>) -> Result<ExitCode, Failure> {
    let Some(folder) = out else {
        let page = manual::page()
            .map_err(|error| Failure::defect(format!("the manual page cannot be made: {error}")))?;
        return tell(&page);
    };
    manual::write_pages(folder).map_err(|error| {
        Failure::usage(format!("the manual pages cannot be written: {error}"))
            .at(folder.display().to_string())
    })?;
    tell(&format!("{}\n", folder.display()))
}
