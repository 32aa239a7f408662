//! What is done for each command.

mod certificate;
mod certification;
mod check;
mod check_waivers;
mod compare;
mod describe;
mod doctor;
mod judge;
mod new_vendor;
mod replay;
mod scenes;
mod selftest;
mod simulate;
mod simulate_inlet;
mod simulated_subject;
mod sweep;

pub(super) use judge::waivers;

use super::arguments::{Arguments, Beginning, Command};
use super::exit_code::ExitCode;
use super::failure::Failure;
use super::rooms::Rooms;
use super::{guard, manual};
use crate::harness::bench::Bench;
use crate::harness::runner::Attach;

/// Does what was typed.
pub fn perform<W: Attach<Bench = Bench>>(
    arguments: Arguments,
    rooms: &Rooms<W>,
) -> Result<ExitCode, Failure> {
    let output = arguments.output;
    match arguments.command {
        Command::Certify(certify) => judge::certify(&certify, output, rooms),
        Command::Run(run) if !run.scenario.is_empty() => scenes::run(&run, output),
        Command::Run(run) => judge::run(&run, output, rooms),
        Command::Replay(replay) => replay::replay(&replay, output, rooms),
        Command::Check(check) => check::check(&check, output, rooms),
        Command::Doctor(doctor) => doctor::doctor(&doctor, output),
        Command::New(new) => match new.what {
            Beginning::Vendor(vendor) => new_vendor::new_vendor(&vendor, output, rooms),
        },
        Command::Selftest(selftest) => selftest::selftest(&selftest, output, rooms),
        Command::Compare(two) => compare::compare(&two, output, rooms.read_report),
        Command::Verify(verify) => certificate::verify(&verify, output, rooms.read_report),
        Command::Gate(gate) => certificate::gate(&gate, output),
        Command::Certification(step) => {
            certification::certification(&step, output, rooms.read_report, &|programme| {
                let suite = (rooms.suite)();
                if programme == "inlet-partner" {
                    return Some((rooms.partner_digest)());
                }
                (suite.programme == programme).then(|| suite.digest())
            })
        }
        Command::Sweep(sweep) => sweep::sweep(&sweep, output),
        Command::Simulate(simulate) => simulate::simulate(&simulate, output),
        Command::Schema(schema) => describe::schema(schema.format, rooms),
        Command::Completions(wanted) => tell(&manual::completions(wanted.shell)),
        Command::Man(man) => describe::man(man.out.as_deref()),
    }
}

/// Prints a result and is done.
fn tell(text: &str) -> Result<ExitCode, Failure> {
    guard::print(text).map_err(unprinted)?;
    Ok(ExitCode::Done)
}

/// Standard output takes nothing; that is no defect of ours.
fn unprinted(error: std::io::Error) -> Failure {
    Failure::usage(format!("the result cannot be printed: {error}"))
        .at("standard output")
        .help("see where it is sent to, and whether there is space")
}

/// Prints a result as JSON and is done.
fn tell_json(value: &impl serde::Serialize) -> Result<ExitCode, Failure> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::defect(format!("the result cannot be written as JSON: {error}")))?;
    tell(&(text + "\n"))
}

/// Runs asynchronous work to its end, with TLS ready to be used.
fn in_runtime<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    run_on(tokio::runtime::Builder::new_multi_thread(), work)
}

/// The stack of a worker: as much as the main thread has, so that a plan of many
/// nested steps runs on either.
const STACK: usize = 8 << 20;

/// The same on this thread alone: where several services share a clock that is
/// moved by hand, none may fall behind on a thread of its own.
fn in_one_thread<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    run_on(tokio::runtime::Builder::new_current_thread(), work)
}

fn run_on<T>(
    mut threads: tokio::runtime::Builder,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    // A second installation fails and changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = threads
        .enable_all()
        .thread_stack_size(STACK)
        .build()
        .map_err(|error| Failure::defect(format!("the runtime cannot be started: {error}")))?;
    let done = runtime.block_on(work);
    // A thread that still waits for somebody to answer at the terminal must not
    // keep what was found from being written down.
    runtime.shutdown_background();
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An interrupt ends a run while a person is being asked.
    #[test]
    fn a_question_that_nobody_answers_keeps_nothing_waiting() {
        let (answer, asked) = std::sync::mpsc::channel::<()>();
        let done = in_runtime(async {
            drop(tokio::task::spawn_blocking(move || asked.recv()));
            Ok(7)
        });
        assert_eq!(done, Ok(7));
        // The question is open until here.
        drop(answer);
    }
}
