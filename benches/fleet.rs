//! A hundred thousand locks: time to make them, bytes for each, and what it
//! costs to list one group, compared with a small world.
#![expect(unsafe_code, reason = "an allocator that counts is unsafe by its trait")]
#![expect(clippy::expect_used, reason = "a measurement that cannot go on must not print a number")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant as Wall};

use lockstep::simulator::{Fleet, Options, Simulator};
use lockstep::vendors::profile;
use lockstep::vendors::vocabulary::{Clock, Instant};

#[path = "wire.rs"]
mod wire;

struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let (_, small_listing) = measure(&runtime, 1_000, 50);
    let (bytes, large_listing) = measure(&runtime, 100_000, 5_000);
    let ratio = large_listing.as_secs_f64() / small_listing.as_secs_f64();
    println!(
        "listing one group: {large_listing:?} among 100,000 locks, {small_listing:?} among 1,000; ratio {ratio:.2}"
    );
    assert!(bytes < 500, "a lock takes {bytes} bytes, 500 is the most");
    assert!(ratio < 3.0, "listing a group costs more in a larger world");
}

fn measure(runtime: &tokio::runtime::Runtime, locks: u32, groups: u32) -> (usize, Duration) {
    let dialect = profile::compile("bench.toml", &unlimited()).expect("the profile is right");
    let (before, began) = (HELD.load(Ordering::Relaxed), Wall::now());
    let simulator = runtime
        .block_on(Simulator::start(Options {
            dialect,
            seed: 1,
            clock: Clock::stepped(Instant::from_epoch_ms(1_780_000_000_000)),
            fleet: Fleet::sized(locks, groups),
            misbehaviour: None,
            variation: None,
            listen: ([127, 0, 0, 1], 0).into(),
        }))
        .expect("a free port");
    let took = began.elapsed();
    let bytes = HELD.load(Ordering::Relaxed).saturating_sub(before) / locks as usize;
    println!("{locks} locks: made in {took:?}, {bytes} bytes each");
    assert!(took < Duration::from_secs(1), "making the world took {took:?}");
    let address = simulator.url("api").trim_start_matches("http://").parse().expect("an address");
    let mut connection = wire::Connection::open(address);
    let token = wire::token(&mut connection, simulator.control());
    let group = simulator.control().groups()[(groups / 2) as usize].id.clone();
    let request = wire::get(&format!("/v1/locks?group_id={group}&page=1&per_page=50"), &token);
    let mut times: Vec<Duration> = (0..200)
        .map(|_| {
            let began = Wall::now();
            assert_eq!(connection.exchange(&request).0, 200);
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    (bytes, times[times.len() / 2])
}

fn unlimited() -> String {
    let dialect = profile::load("reference").expect("the embedded profile is right");
    dialect.source_text.lines().filter(|line| !line.starts_with("rate =")).collect::<Vec<_>>().join("\n")
}
