//! Ctrl-C, and the signal by which a CI system ends a job.

use std::io;

use super::exit_code::ExitCode;
use super::failure::Failure;
use crate::harness::campaign::Interrupt;

/// Waits for the next interrupt from outside.
pub async fn next() -> Result<&'static str, Failure> {
    wait().await.map_err(|error| Failure::defect(format!("interrupts cannot be waited for: {error}")))
}

/// Lets the first interrupt stop a run in good order, and the second end the
/// process at once.
pub fn stop_on_interrupt(interrupt: Interrupt) {
    tokio::spawn(async move {
        let Ok(signal) = wait().await else { return };
        interrupt.raise(format!("interrupted by {signal}"));
        if wait().await.is_ok() {
            std::process::exit(i32::from(ExitCode::Incomplete.number()));
        }
    });
}

#[cfg(unix)]
async fn wait() -> io::Result<&'static str> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result.map(|()| "Ctrl-C"),
        _ = terminate.recv() => Ok("SIGTERM"),
    }
}

#[cfg(not(unix))]
async fn wait() -> io::Result<&'static str> {
    tokio::signal::ctrl_c().await.map(|()| "Ctrl-C")
}
