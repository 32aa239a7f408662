//! What stands around every command: defects, logs, broken pipes.

use std::io::{self, Write};
use std::panic::PanicHookInfo;

use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use super::exit_code::ExitCode;

/// Makes a panic on any thread end the process with [`ExitCode::Defect`] and one
/// message for people. Scenario steps catch their own panics; those never come
/// here, since the runner takes the hook away while it runs them.
pub fn defects_end_the_process() {
    std::panic::set_hook(Box::new(|panic| {
        tell_defect(panic);
        std::process::exit(i32::from(ExitCode::Defect.number()));
    }));
}

fn tell_defect(panic: &PanicHookInfo<'_>) {
    let text = panic.payload_as_str().unwrap_or("no message");
    let place = panic.location().map(|place| format!("\n  at: {}:{}", place.file(), place.line()));
    let mut stderr = io::stderr().lock();
    // Standard error may be closed; there is nobody left to tell then.
    let _ = writeln!(
        stderr,
        "error: a defect of Lockstep: {text}{}\n  help: nothing is said of the subject; please report this \
         with the command that you typed",
        place.unwrap_or_default()
    );
}

/// Who may log. Other libraries are handed guests' data and secrets, and log what
/// they are handed: the one for phone numbers every number that it looks at.
const LOGGING: [&str; 5] = ["lockstep", "hyper", "hyper_util", "reqwest", "rustls"];

/// Whether something is logged by one of those.
fn may_log(target: &str) -> bool {
    let whose = target.split("::").next().unwrap_or_default();
    LOGGING.contains(&whose)
}

/// Sends logs to standard error: warnings, with `-v` what is done, with `-vv`
/// every exchange. `LOCKSTEP_LOG` overrides it.
pub fn log_to_stderr(verbose: u8) {
    let level = match verbose {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let filter = EnvFilter::builder()
        .with_default_directive(level.into())
        .with_env_var("LOCKSTEP_LOG")
        .from_env_lossy();
    let colours = io::IsTerminal::is_terminal(&io::stderr());
    // A second call, as tests make it, keeps the first subscriber.
    let told = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(colours)
        .with_target(false)
        .with_filter(filter_fn(|told| may_log(told.target())));
    let _ = tracing_subscriber::registry().with(filter).with(told).try_init();
}

/// Prints a result. A reader that went away (`| head`) is no failure.
pub fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHILD: &str = "LOCKSTEP_TEST_OF_A_PANIC";

    /// Run by itself once more, with the hook and a panic on another thread.
    #[test]
    fn a_panic_on_any_thread_ends_the_process_with_70() {
        if std::env::var_os(CHILD).is_some() {
            defects_end_the_process();
            // The hook ends the process before there is anything to join.
            let _ = std::thread::spawn(|| panic!("on purpose")).join();
            std::process::exit(0);
        }
        let name = concat!(module_path!(), "::a_panic_on_any_thread_ends_the_process_with_70");
        let (_, name) = name.split_once("::").expect("a path inside the crate");
        let output = std::process::Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", name, "--nocapture"])
            .env(CHILD, "1")
            .output()
            .expect("it runs");
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(70), "{told}");
        assert!(told.contains("a defect of Lockstep: on purpose"), "{told}");
    }
}
