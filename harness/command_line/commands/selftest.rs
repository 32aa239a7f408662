//! `lockstep selftest`: every misbehaviour against every criterion.

use std::io::Write as _;

use super::super::arguments::{Output, Selftest};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::rooms::Rooms;
use super::super::{profiles, signals};
use super::{in_runtime, tell, tell_json};
use crate::harness::bench::Bench;
use crate::harness::campaign::Interrupt;
use crate::harness::runner::Attach;
use crate::harness::selftest::{self, Breadth, Row};

/// Runs the detection matrix and prints it.
pub fn selftest<W: Attach<Bench = Bench>>(
    arguments: &Selftest,
    output: Output,
    rooms: &Rooms<W>,
) -> Result<ExitCode, Failure> {
    let dialect = profiles::load(&arguments.profile)?;
    let subjects = selftest::subjects();
    let interrupt = Interrupt::new();
    let matrix = in_runtime(async {
        signals::stop_on_interrupt(interrupt.clone());
        // The matrix blocks on threads of its own, each with its own runtime.
        Ok(tokio::task::block_in_place(|| {
            selftest::selftest(
                &dialect,
                &(rooms.suite)(),
                arguments.seed,
                &subjects,
                Breadth::Whole,
                &interrupt,
                &told,
            )
        }))
    })?;
    if output.json {
        tell_json(&matrix)?
    } else {
        tell(&matrix.text())?
    };
    Ok(matrix.exit_codes().first().map_or(ExitCode::Defect, |number| ExitCode::from_number(*number)))
}

/// One plain line for each row that is done.
fn told(row: &Row) {
    let word = if row.is_right() { "right" } else { "WRONG" };
    // Standard error may be closed; the matrix goes on all the same.
    let _ = writeln!(std::io::stderr(), "{word}  {}", row.subject);
}
