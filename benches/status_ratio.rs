//! The status of a lock through the reference profile, journal and all, beside
//! a bare axum handler that answers the same bytes.

#![expect(clippy::expect_used, reason = "a measurement that cannot go on must not print a number")]

use std::net::SocketAddr;
use std::time::{Duration, Instant as Wall};

use axum::Router;
use axum::routing::get;
use lockstep::simulator::{Fleet, Options, Simulator};
use lockstep::vendors::profile;
use lockstep::vendors::vocabulary::{Clock, Instant};

#[path = "wire.rs"]
mod wire;

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_millis(800);
const CLIENTS: usize = 2;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let dialect = profile::load("reference").expect("the embedded profile is right");
    // The documented rate limit would be what is measured.
    let text: Vec<&str> = dialect.source_text.lines().filter(|line| !line.starts_with("rate =")).collect();
    let dialect = profile::compile("bench.toml", &text.join("\n")).expect("the profile is right");
    let simulator = runtime
        .block_on(Simulator::start(Options {
            dialect,
            seed: 1,
            clock: Clock::stepped(Instant::from_epoch_ms(1_780_000_000_000)),
            fleet: Fleet::fixture(),
            misbehaviour: None,
            variation: None,
            listen: ([127, 0, 0, 1], 0).into(),
        }))
        .expect("a free port");
    let simulated: SocketAddr =
        simulator.url("api").trim_start_matches("http://").parse().expect("an address");
    let mut connection = wire::Connection::open(simulated);
    let token = wire::token(&mut connection, simulator.control());
    let lock = simulator.control().fixture().free_locks[0].clone();
    let request = wire::get(&format!("/v1/locks/{lock}"), &token);
    let (status, body) = connection.exchange(&request);
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    let bare = runtime.block_on(bare_server(body));

    let (mut ours, mut theirs) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        ours += rate(simulated, &request);
        theirs += rate(bare, &request);
    }
    let (ours, theirs) = (ours / ROUNDS as f64, theirs / ROUNDS as f64);
    let ratio = ours / theirs;
    println!("simulated status {ours:.0} requests/s, bare axum {theirs:.0} requests/s, ratio {ratio:.2}");
    assert!(ratio >= 0.5, "the simulator must answer at half the speed of a bare handler");
}

async fn bare_server(body: Vec<u8>) -> SocketAddr {
    let handler = move || {
        let body = body.clone();
        async move { ([("content-type", "application/json")], body) }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(
        async move { axum::serve(listener, Router::new().route("/v1/locks/{id}", get(handler))).await },
    );
    address
}

fn rate(address: SocketAddr, request: &[u8]) -> f64 {
    let count = |_| {
        let request = request.to_vec();
        std::thread::spawn(move || {
            let (mut connection, began, mut done) = (wire::Connection::open(address), Wall::now(), 0u32);
            while began.elapsed() < ROUND {
                assert_eq!(connection.exchange(&request).0, 200);
                done += 1;
            }
            f64::from(done) / began.elapsed().as_secs_f64()
        })
    };
    let clients: Vec<_> = (0..CLIENTS).map(count).collect();
    clients.into_iter().map(|client| client.join().expect("a client")).sum()
}
