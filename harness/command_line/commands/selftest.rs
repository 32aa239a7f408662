//! `lockstep selftest`: every misbehaviour against every criterion.

use std::io::Write as _;

use super::super::arguments::{Output, Selftest};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::partners::BEHIND_INLET;
use super::super::rooms::Rooms;
use super::super::{profiles, signals};
use super::{in_runtime, tell, tell_json};
use crate::harness::bench::Bench;
use crate::harness::campaign::Interrupt;
use crate::harness::runner::Attach;
use crate::harness::selftest::{self, Matrix, Row};
use crate::vendors::partner::{self, Drive};

/// Runs the detection matrix and prints it.
pub fn selftest<W: Attach<Bench = Bench>>(
    arguments: &Selftest,
    output: Output,
    rooms: &Rooms<W>,
) -> Result<ExitCode, Failure> {
    if partner::embedded_names().any(|name| name == arguments.profile) {
        return partners(arguments, output, rooms);
    }
    let dialect = profiles::load(&arguments.profile)?;
    let subjects = selftest::subjects();
    let interrupt = Interrupt::new();
    let matrix = in_runtime(async {
        signals::stop_on_interrupt(interrupt.clone());
        // The matrix blocks on threads of its own, each with its own runtime.
        Ok(tokio::task::block_in_place(|| {
            selftest::selftest(&dialect, &(rooms.suite)(), arguments.seed, &subjects, &interrupt, &told)
        }))
    })?;
    tell_of(&matrix, output)
}

/// The matrix of partners.
fn partners<W: Attach<Bench = Bench>>(
    arguments: &Selftest,
    output: Output,
    rooms: &Rooms<W>,
) -> Result<ExitCode, Failure> {
    let description = partner::load(&arguments.profile)
        .map_err(|errors| profiles::explain(&errors, super::super::kinds::Kind::Partner))?;
    if description.drive != Drive::Simulated {
        let what = "only the simulated booking system can misbehave on purpose";
        let help = format!("`lockstep certify {}` judges this one", description.name);
        return Err(Failure::usage(what).at(&arguments.profile).help(help));
    }
    let dialect = profiles::load(BEHIND_INLET)?;
    let criteria = (rooms.partner_criteria)();
    let certify = rooms.certify_partner;
    let interrupt = Interrupt::new();
    let matrix = in_runtime(async {
        signals::stop_on_interrupt(interrupt.clone());
        Ok(tokio::task::block_in_place(|| {
            selftest::selftest_partners(
                &description,
                &dialect,
                &criteria,
                &certify,
                arguments.seed,
                &interrupt,
                &told,
            )
        }))
    })?;
    tell_of(&matrix, output)
}

fn tell_of(matrix: &Matrix, output: Output) -> Result<ExitCode, Failure> {
    if output.json {
        tell_json(matrix)?
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
