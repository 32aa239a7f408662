//! What it costs to simulate each embedded vendor, beside the reference: the
//! exchange with which the status of a lock is asked for, over and over. A vendor
//! that tells of one lock only by listing all of them is held against what the
//! reference takes for each lock of a list.
//!
//! The bytes are those that the integration really sends; they are overheard on
//! their way and then sent again as they are, so that only the server is measured.

#![expect(clippy::expect_used, reason = "a measurement that cannot go on must not print a number")]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant as Wall};

use lockstep::harness::evidence::Recorder;
use lockstep::harness::integration::{Clocks, Connection, Integration, Timeouts, install_tls};
use lockstep::simulator::{Fleet, Options, Simulator};
use lockstep::vendors::dialect::Dialect;
use lockstep::vendors::profile;
use lockstep::vendors::vocabulary::{Clock, Function, Instant, RunName};

#[expect(dead_code, reason = "the other measurements use the rest")]
#[path = "wire.rs"]
mod wire;

const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_millis(150);
const CLIENTS: usize = 2;
/// A dialect may cost this much of what the reference profile costs.
const DEAREST: f64 = 1.25;

/// One vendor, simulated, and the request that asks it for a status.
struct Measured {
    name: &'static str,
    address: SocketAddr,
    request: Vec<u8>,
    /// The locks that the answer tells of.
    told: usize,
    /// Microseconds for each lock that is told of, by round, and what part that is of
    /// the reference in the same moment: what else the machine does strikes both.
    costs: Vec<(f64, f64)>,
    _simulator: Simulator,
}

fn main() {
    install_tls();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let prepare = |name| runtime.block_on(prepared(name, Asked::Status));
    let mut vendors: Vec<Measured> = profile::embedded_names().into_iter().map(prepare).collect();
    vendors.push(runtime.block_on(prepared("reference", Asked::Locks)));
    let of_reference = |lists: bool| {
        let found = vendors.iter().find(|one| one.name == "reference" && one.lists() == lists);
        let found = found.expect("the reference is embedded");
        (found.address, found.request.clone(), found.told)
    };
    let references = [of_reference(false), of_reference(true)];
    for _ in 0..ROUNDS {
        for vendor in &mut vendors {
            let (address, request, told) = &references[usize::from(vendor.lists())];
            let beside = cost(*address, request, *told);
            let own = cost(vendor.address, &vendor.request, vendor.told);
            vendor.costs.push((own, own / beside));
        }
    }
    let mut dearest = 0.0_f64;
    for vendor in &vendors {
        let what = if vendor.lists() { "a lock of a list" } else { "a status" };
        let (cost, ratio) = (median(&vendor.costs, |one| one.0), median(&vendor.costs, |one| one.1));
        dearest = dearest.max(ratio);
        println!("{:<12} {cost:6.1} us {what}, {ratio:.2} of the reference", vendor.name);
    }
    assert!(dearest <= DEAREST, "a dialect must not cost more than {DEAREST} of the reference: {dearest:.2}");
}

impl Measured {
    fn lists(&self) -> bool {
        self.told > 1
    }
}

/// Microseconds of an exchange, for each lock that it tells of.
fn cost(address: SocketAddr, request: &[u8], told: usize) -> f64 {
    1e6 / rate(address, request) / told as f64
}

fn median(costs: &[(f64, f64)], of: impl Fn(&(f64, f64)) -> f64) -> f64 {
    let mut values: Vec<f64> = costs.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// The status of one lock, however the vendor tells it.
    Status,
    /// A page of locks.
    Locks,
}

/// The documented rate limits would be what is measured.
fn unlimited(name: &str) -> Arc<Dialect> {
    let dialect = profile::load(name).expect("the embedded profile is right");
    let mut statement: toml::Table = dialect.source_text.parse().expect("the embedded profile is TOML");
    if let Some(toml::Value::Table(limits)) = statement.get_mut("limits") {
        for gone in ["rate", "rates"] {
            limits.remove(gone);
            if let Some(toml::Value::Table(sources)) = limits.get_mut("sources") {
                sources.remove(gone);
            }
        }
    }
    let text = toml::to_string(&statement).expect("what was read can be written");
    profile::compile("bench.toml", &text).expect("the profile is right")
}

async fn prepared(name: &'static str, asked: Asked) -> Measured {
    let dialect = unlimited(name);
    let clock = Clock::stepped(Instant::from_epoch_ms(1_803_891_600_000));
    let simulator = Simulator::start(Options {
        dialect: Arc::clone(&dialect),
        seed: 1,
        clock: clock.clone(),
        fleet: Fleet::fixture(),
        misbehaviour: None,
        variation: None,
        listen: ([127, 0, 0, 1], 0).into(),
    })
    .await
    .expect("a free port");
    let address = simulator.url("api").trim_start_matches("http://").to_owned();
    let address: SocketAddr =
        address.split('/').next().and_then(|host| host.parse().ok()).expect("an address");
    let overheard = Overheard::between(address);
    let through = |url: String| url.replace(&address.to_string(), &overheard.address.to_string());
    let servers = dialect.servers.iter().map(|(name, _)| (name.clone(), through(simulator.url(name))));
    let control = simulator.control();
    let connection = Connection {
        servers: servers.collect::<BTreeMap<_, _>>(),
        secrets: control.secrets().into_iter().collect(),
        settings: control.settings().into_iter().collect(),
    };
    let clocks = Clocks { harness: clock.clone(), subject: clock.clone() };
    let (timeouts, run) = (Timeouts::default(), RunName::new("lockstep-bench"));
    let inlet = Integration::new(dialect, connection, clocks, timeouts, run, Recorder::new());
    let inlet = inlet.expect("complete");
    // The first call opens the session, so that the second begins with its own request.
    clock.drive(inlet.list_locks(None)).await.expect("the locks");
    overheard.forget();
    let lock = control.fixture().free_locks[0].clone();
    if asked == Asked::Status && inlet.dialect().supports(Function::GetLockStatus) {
        clock.drive(inlet.get_lock_status(&lock)).await.expect("a status");
    } else {
        clock.drive(inlet.list_locks(None)).await.expect("the locks");
    }
    let request = overheard.first();
    let (status, body) = wire::Connection::open(address).exchange(&request);
    assert!((200..300).contains(&status), "{name}: {status} {}", String::from_utf8_lossy(&body));
    let text = String::from_utf8_lossy(&body);
    let told = control.locks().iter().filter(|lock| text.contains(lock.id.as_str())).count().max(1);
    Measured { name, address, request, told, costs: Vec::new(), _simulator: simulator }
}

/// A listener that passes bytes on both ways and keeps what clients sent.
struct Overheard {
    address: SocketAddr,
    sent: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Overheard {
    fn between(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let sent: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let kept = Arc::clone(&sent);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let server = TcpStream::connect(server).expect("the simulator");
                let (from, to) =
                    (client.try_clone().expect("a socket"), server.try_clone().expect("a socket"));
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || {
                    pass_on(from, to, |bytes| {
                        kept.lock().expect("a lock").push(bytes.to_vec());
                    })
                });
                std::thread::spawn(move || pass_on(server, client, |_| ()));
            }
        });
        Self { address, sent }
    }

    fn forget(&self) {
        self.sent.lock().expect("a lock").clear();
    }

    /// The first request since.
    fn first(&self) -> Vec<u8> {
        let sent = self.sent.lock().expect("a lock");
        let all = sent.concat();
        let text = String::from_utf8_lossy(&all).to_ascii_lowercase();
        let head = text.find("\r\n\r\n").expect("a head") + 4;
        let length = text[..head].lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.map_or(0, |length| length.parse().expect("a length"));
        all[..head + length].to_vec()
    }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, mut keep: impl FnMut(&[u8])) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        keep(&bytes[..count]);
        if to.write_all(&bytes[..count]).is_err() {
            return;
        }
    }
}

fn rate(address: SocketAddr, request: &[u8]) -> f64 {
    let count = |_| {
        let request = request.to_vec();
        std::thread::spawn(move || {
            let (mut connection, began, mut done) = (wire::Connection::open(address), Wall::now(), 0u32);
            while began.elapsed() < ROUND {
                connection.exchange(&request);
                done += 1;
            }
            f64::from(done) / began.elapsed().as_secs_f64()
        })
    };
    let clients: Vec<_> = (0..CLIENTS).map(count).collect();
    clients.into_iter().map(|client| client.join().expect("a client")).sum()
}
