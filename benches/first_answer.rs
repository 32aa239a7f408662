//! How long a simulator takes from the start of its process to its first
//! answered request. The promise is a tenth of a second.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement that cannot go on must not print a number"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PROMISE: Duration = Duration::from_millis(100);
const ROUNDS: usize = 9;

fn main() {
    let mut spans: Vec<Duration> = (0..ROUNDS).map(|_| first_answer()).collect();
    spans.sort_unstable();
    let median = spans[ROUNDS / 2];
    println!(
        "first answer of simulate: median {median:.2?}, fastest {:.2?}, slowest {:.2?} (promised: {PROMISE:.2?})",
        spans[0],
        spans[ROUNDS - 1]
    );
    assert!(median <= PROMISE, "slower than promised");
}

fn first_answer() -> Duration {
    let began = Instant::now();
    let mut simulator = Command::new(env!("CARGO_BIN_EXE_lockstep"))
        .args(["simulate", "reference", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("lockstep starts");
    let address = address(&mut simulator);
    let mut connection = TcpStream::connect(&address).expect("the simulator listens");
    write!(connection, "GET / HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").expect("a request");
    let mut first = [0; 5];
    connection.read_exact(&mut first).expect("an answer");
    let took = began.elapsed();
    assert_eq!(&first, b"HTTP/");
    simulator.kill().expect("the simulator ends");
    simulator.wait().expect("the simulator has ended");
    took
}

/// The host and port of the first address that is printed.
fn address(simulator: &mut Child) -> String {
    let stdout = simulator.stdout.take().expect("a pipe");
    for line in BufReader::new(stdout).lines() {
        let line = line.expect("text");
        if let Some((_, rest)) = line.split_once("http://") {
            return rest.chars().take_while(|sign| !"/ ".contains(*sign)).collect();
        }
    }
    panic!("no address was printed");
}
