//! How long it takes to certify the embedded reference vendor, from the start of
//! the process to its end. The promise is two seconds.

#![expect(clippy::expect_used, reason = "a measurement that cannot go on must not print a number")]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PROMISE: Duration = Duration::from_secs(2);
const ROUNDS: usize = 5;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut spans: Vec<Duration> = (0..ROUNDS).map(|_| certify(folder.path())).collect();
    spans.sort_unstable();
    let median = spans[ROUNDS / 2];
    println!(
        "certify reference: median {median:.2?}, fastest {:.2?}, slowest {:.2?} (promised: {PROMISE:.2?})",
        spans[0],
        spans[ROUNDS - 1]
    );
    assert!(median <= PROMISE, "slower than promised");
}

fn certify(out: &std::path::Path) -> Duration {
    let began = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_lockstep"))
        .args(["certify", "reference", "--seed", "1", "--out"])
        .arg(out)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("lockstep starts");
    let took = began.elapsed();
    assert!(status.success(), "the reference vendor was not certified: {status}");
    took
}
