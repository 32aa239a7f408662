//! `lockstep simulate inlet [PROFILE]`: Inlet's API for a booking system, with a
//! simulated vendor behind it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use serde::Serialize;

use super::super::arguments::{Output, Simulate};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::{profiles, signals};
use super::simulate::cannot_start;
use super::{in_runtime, tell, tell_json};
use crate::harness::evidence::Recorder;
use crate::harness::integration::{Clocks, Connection, Integration, Timeouts};
use crate::harness::upstream::VendorUpstream;
use crate::simulator::{
    Encryption, InletOptions, InletSimulator, Pace, Simulation, SimulationOptions, StartError,
};
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::RunName;

/// The word that stands for Inlet among the profiles. A profile in a file of
/// that name is written as a path (`./inlet`).
pub const INLET: &str = "inlet";

/// Locks that are named for a first call.
const NAMED_LOCKS: usize = 3;

/// What a partner needs to call it.
#[derive(Debug, Serialize)]
struct Told {
    /// Address of the API; the paths follow it.
    api: String,
    /// Token by customer.
    tokens: BTreeMap<String, String>,
    /// Address of the API's description.
    description: String,
    /// Address of Inlet's own control API.
    control: String,
    /// The profile of the vendor behind it.
    vendor: String,
    /// Locks that can be named in a call.
    locks: Vec<String>,
    /// Address of the page for people, where the vendor's locks are cut off and
    /// its faults set.
    console: String,
    /// What moves the clock, where it stands until it is moved.
    clock: Option<String>,
}

/// Serves until the process is interrupted.
pub fn simulate(arguments: &Simulate, output: Output) -> Result<ExitCode, Failure> {
    let dialect = vendor(arguments)?;
    in_runtime(async {
        let (simulation, inlet) = start(arguments, &dialect).await?;
        let told = describe(&simulation, &inlet, &dialect, arguments.clock);
        if output.json {
            tell_json(&told)?
        } else {
            tell(&text(&told))?
        };
        signals::next().await?;
        Ok(ExitCode::Done)
    })
}

/// The one vendor behind Inlet; the reference where none is named.
fn vendor(arguments: &Simulate) -> Result<Arc<Dialect>, Failure> {
    if arguments.scenario.is_some() || arguments.subject_file.is_some() {
        return Err(Failure::usage(
            "a scenario and a subject file are about a vendor, and Inlet is simulated",
        )
        .help("simulate the vendor alone, or leave them out"));
    }
    let others: Vec<&String> = arguments.profiles.iter().filter(|name| *name != INLET).collect();
    match others.as_slice() {
        [] => profiles::load("reference"),
        [one] => profiles::load(one),
        more => Err(Failure::usage(format!("one vendor stands behind Inlet, and {} are named", more.len()))
            .help("name one: lockstep simulate inlet nuki")),
    }
}

async fn start(
    arguments: &Simulate,
    dialect: &Arc<Dialect>,
) -> Result<(Simulation, InletSimulator), Failure> {
    let own = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let seed = arguments.seed.unwrap_or(1);
    let simulation = Simulation::start(SimulationOptions {
        dialects: vec![dialect.clone()],
        seed,
        pace: arguments.clock,
        fleet: super::simulate::fleet(arguments, None),
        listen: own,
        remote_control: false,
    })
    .await
    .map_err(|error| cannot_start(own, &error))?;
    let control = simulation
        .control(&dialect.name)
        .ok_or_else(|| Failure::defect(format!("the simulation has no world named {}", dialect.name)))?;
    let clock = control.clock();
    let address =
        |(name, _): &(String, String)| Some((name.clone(), simulation.server_url(&dialect.name, name)?));
    let connection = Connection {
        servers: dialect.servers.iter().filter_map(address).collect(),
        secrets: control.secrets().into_iter().collect(),
        settings: control.settings().into_iter().collect(),
    };
    let integration = Integration::new(
        dialect.clone(),
        connection,
        Clocks { harness: clock.clone(), subject: clock.clone() },
        Timeouts::allowing(&dialect.limits.delays),
        RunName::new(INLET),
        Recorder::forgetting(),
    )
    .map_err(|failure| Failure::defect(format!("the vendor cannot be spoken to: {failure}")))?;
    let upstream = Arc::new(VendorUpstream::new(&integration));
    let options = InletOptions {
        listen: arguments.listen,
        knows_lock: Arc::new(move |lock| control.lock(lock).is_some()),
        encryption: encryption(arguments)?,
        ..InletOptions::new(upstream, clock, seed)
    };
    let inlet = InletSimulator::start(options).await.map_err(|source| {
        let error = match source.kind() {
            std::io::ErrorKind::AddrInUse => StartError::InUse(arguments.listen),
            _ => StartError::Listen { address: arguments.listen, source },
        };
        cannot_start(arguments.listen, &error)
    })?;
    Ok((simulation, inlet))
}

/// What Inlet encrypts with, where it is to; who is to trust it finds the
/// certificate in the file.
fn encryption(arguments: &Simulate) -> Result<Option<Encryption>, Failure> {
    let Some(file) = &arguments.https else { return Ok(None) };
    let encryption = Encryption::fresh().map_err(Failure::defect)?;
    std::fs::write(file, encryption.authority()).map_err(|why| {
        Failure::usage(format!("{}: the certificate cannot be written: {why}", file.display()))
            .help("name a file in a folder that can be written to")
    })?;
    Ok(Some(encryption))
}

fn describe(simulation: &Simulation, inlet: &InletSimulator, dialect: &Dialect, pace: Pace) -> Told {
    let api = inlet.url();
    let token = |customer: crate::simulator::Customer| (customer.name, customer.token.expose().to_owned());
    let locks = simulation.control(&dialect.name).map(|control| control.locks()).unwrap_or_default();
    let reachable = locks.into_iter().filter(|lock| lock.reachable);
    Told {
        tokens: inlet.control().customers().into_iter().map(token).collect(),
        description: format!("{api}/openapi.json"),
        control: format!("{api}/_lockstep/inlet"),
        vendor: dialect.name.clone(),
        locks: reachable.take(NAMED_LOCKS).map(|lock| lock.id.to_string()).collect(),
        console: simulation.console_url(),
        clock: (pace == Pace::Manual).then(|| format!("{api}/_lockstep/inlet/clock")),
        api,
    }
}

fn text(told: &Told) -> String {
    let mut text = String::new();
    // Writing to a text cannot fail.
    let _ = writeln!(text, "Inlet's API: {} (described at {})", told.api, told.description);
    for (customer, token) in &told.tokens {
        let _ =
            writeln!(text, "  token of {customer}: {token} (as Authorization: Bearer, from this machine)");
    }
    let _ = writeln!(text, "  locks of {}: {}, …", told.vendor, told.locks.join(", "));
    let _ = writeln!(text, "control API: {} (described at {0}/openapi.json)", told.control);
    let _ = writeln!(text, "console of the locks: {}", told.console);
    let outbox = format!("{}/messages", told.control);
    let _ = writeln!(text, "messages to guests: {outbox} (whole with ?reveal=true)");
    if let Some(clock) = &told.clock {
        text.push_str(
            "The clock stands, and whatever asks the lock system (a code, a pulse) is answered only once\n",
        );
        let _ = writeln!(text, "  it is moved: at the console, or by POST {clock} with {{\"seconds\": 5}};");
        text.push_str("  a step of half a minute or more may be an upstream timeout\n");
    }
    text.push_str("Interrupt to stop.\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(clock: Option<&str>) -> String {
        let of = |text: &str| text.to_owned();
        text(&Told {
            api: of("http://127.0.0.1:8080"),
            tokens: BTreeMap::new(),
            description: of("http://127.0.0.1:8080/openapi.json"),
            control: of("http://127.0.0.1:8080/_lockstep/inlet"),
            vendor: of("reference"),
            locks: vec![of("lock-1")],
            console: of("http://127.0.0.1:8081/"),
            clock: clock.map(of),
        })
    }

    #[test]
    fn a_clock_that_stands_is_said_to_and_how_it_is_moved() {
        let standing = told(Some("http://127.0.0.1:8080/_lockstep/inlet/clock"));
        assert!(
            standing.contains("The clock stands") && standing.contains("(a code, a pulse)"),
            "{standing}"
        );
        let how = "by POST http://127.0.0.1:8080/_lockstep/inlet/clock with {\"seconds\": 5}";
        assert!(standing.contains(how) && standing.contains("may be an upstream timeout"), "{standing}");
        assert!(!told(None).contains("clock"), "{}", told(None));
        assert!(told(None).contains("/_lockstep/inlet/messages (whole with ?reveal=true)"));
    }
}
