//! The command line: what may be typed, what is done for it, and how it ends.
//!
//! ```text
//! main ─► enter ─► arguments ─► commands ─► exit code
//!                      │            └─► standard output: the result
//!                      └─► help, manual, completions
//! ```
//!
//! The harness knows neither the criteria nor the writers of reports; `main`
//! lends them as [`Rooms`].

mod arguments;
mod certification_arguments;
mod commands;
mod exit_code;
mod failure;
mod guard;
mod judging_arguments;
mod kinds;
mod manual;
mod partners;
mod profiles;
mod progress;
mod rooms;
mod scenarios;
mod signals;
mod simulation_arguments;
mod targets;

pub use arguments::{Arguments, Command};
pub use exit_code::ExitCode;
pub use failure::Failure;
pub use rooms::{Rooms, Unwritten};

use std::io::Write;

use clap::Parser;

use crate::harness::bench::Bench;
use crate::harness::runner::Attach;

/// The whole program: reads what was typed, does it, and says how it ended.
/// Wrong usage ends the process with 2, a panic on any thread with 70.
pub fn enter<W: Attach<Bench = Bench>>(rooms: &Rooms<W>) -> ExitCode {
    guard::defects_end_the_process();
    let arguments = Arguments::try_parse().unwrap_or_else(|error| misused(&error));
    guard::log_to_stderr(arguments.output.verbose);
    let json = arguments.output.json;
    match commands::perform(arguments, rooms) {
        Ok(code) => code,
        Err(failure) => {
            // Standard error may be closed; the exit code still tells.
            let _ = writeln!(std::io::stderr(), "error: {failure}");
            if json {
                // Whoever asked for JSON is told in JSON why there is none to be had.
                let _ = guard::print(&format!("{:#}\n", failure.json()));
            }
            failure.code
        }
    }
}

/// Ends the process as clap would, but tells wrong usage as JSON too where that
/// was asked for: arguments that cannot be read have no flag to ask.
fn misused(error: &clap::Error) -> ! {
    let asked = std::env::args_os().skip(1).take_while(|word| word != "--").any(|word| word == "--json");
    if asked && error.use_stderr() {
        let failure = Failure::usage(error.render().to_string().trim().to_owned());
        // Standard output may be closed; the exit code still tells.
        let _ = guard::print(&format!("{:#}\n", failure.json()));
    }
    error.exit()
}
