//! `lockstep check`: a review without traffic.

use super::super::arguments::{Check, Output};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::profiles;
use super::tell;

/// Reads the profile and tells what it says.
pub fn check(check: &Check, _output: Output) -> Result<ExitCode, Failure> {
    profiles::load(&check.profile)?;
    tell(&format!("{}: a valid profile\n", check.profile))
}
