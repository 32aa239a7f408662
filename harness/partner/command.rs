//! Driving by commands.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;

use super::driver::{Done, DriverError, taken};
use super::process::Surroundings;
use crate::vendors::partner::{Act, CommandDrive, Values};

/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The exit code by which a command refuses what is filled in wrongly; others
/// than 0 and this one are failures of the command itself.
const REFUSED: i32 = 65;

/// Runs the commands of a partner's system.
#[derive(Debug)]
pub struct CommandLine {
    drive: CommandDrive,
    surroundings: Surroundings,
}

impl CommandLine {
    /// Commands that are told by environment variables where Inlet is.
    pub fn new(drive: CommandDrive, surroundings: Surroundings) -> Self {
        Self { drive, surroundings }
    }

    pub(super) fn can(&self, act: Act) -> bool {
        self.drive.acts.contains_key(&act)
    }

    pub(super) async fn act(&self, act: Act, values: &Values) -> Result<Done, DriverError> {
        let Some(described) = self.drive.acts.get(&act) else {
            return Err(DriverError(format!("nothing is run for `{}`", act.as_str())));
        };
        let words: Vec<String> =
            described.words.iter().map(|word| word.filled_text(values, &|text| text.to_owned())).collect();
        let Some((program, arguments)) = words.split_first() else {
            return Err(DriverError(format!("the command of `{}` has no words", act.as_str())));
        };
        let failed = |why: std::io::Error| DriverError(format!("{program}: {why}"));
        let mut command = self.surroundings.command(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.kill_on_drop(true).spawn().map_err(failed)?;
        if let Some(mut input) = child.stdin.take() {
            let text = described.input.as_ref().map(|input| input.filled(values).to_string());
            // A command that does not read what it is given is free not to.
            let _ = input.write_all(text.unwrap_or_default().as_bytes()).await;
        }
        let output = tokio::time::timeout(PATIENCE, child.wait_with_output())
            .await
            .map_err(|_| DriverError(format!("{program} did not end within {} s", PATIENCE.as_secs())))?
            .map_err(failed)?;
        let told = || String::from_utf8_lossy(&output.stderr).trim().to_owned();
        match output.status.code() {
            Some(0) => {
                let answer = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
                taken(&described.answer, &answer)
            }
            Some(REFUSED) => Ok(Done::Refused(told())),
            _ => Err(DriverError(format!("{program} ended with {}: {}", output.status, told()))),
        }
    }
}
