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
mod commands;
mod exit_code;
mod failure;
mod guard;
mod manual;
mod profiles;
mod progress;
mod rooms;
mod scenarios;
mod signals;
mod targets;

pub use arguments::{Arguments, Command};
pub use exit_code::ExitCode;
pub use failure::Failure;
pub use rooms::Rooms;

use std::io::Write;

use clap::Parser;

use crate::harness::runner::Attach;

/// The whole program: reads what was typed, does it, and says how it ended.
/// Wrong usage ends the process with 2, a panic on any thread with 70.
pub fn enter<W: Attach>(rooms: &Rooms<W>) -> ExitCode {
    guard::defects_end_the_process();
    let arguments = Arguments::parse();
    guard::log_to_stderr(arguments.output.verbose);
    match commands::perform(arguments, rooms) {
        Ok(code) => code,
        Err(failure) => {
            // Standard error may be closed; the exit code still tells.
            let _ = writeln!(std::io::stderr(), "error: {failure}");
            failure.code
        }
    }
}
