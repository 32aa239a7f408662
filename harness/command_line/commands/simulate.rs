//! `lockstep simulate`: serves simulated vendors until interrupted.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use serde::Serialize;

use super::super::arguments::{Output, Simulate};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::{profiles, signals};
use super::{in_runtime, tell, tell_json};
use crate::simulator::{Fleet, Options, Scenario, Simulator, play};
use crate::vendors::dialect::Dialect;

/// How many locks share a group in a fleet whose size is given.
const LOCKS_PER_GROUP: u32 = 50;

/// What a person or a script needs to speak to a simulated vendor.
#[derive(Debug, Serialize)]
struct Served {
    profile: String,
    authentication: String,
    servers: BTreeMap<String, String>,
    secrets: BTreeMap<String, String>,
    settings: BTreeMap<String, String>,
}

/// Serves until the process is interrupted.
pub fn simulate(arguments: &Simulate, output: Output) -> Result<ExitCode, Failure> {
    let dialects: Vec<Arc<Dialect>> =
        arguments.profiles.iter().map(|name| profiles::load(name)).collect::<Result<_, _>>()?;
    let scenario = arguments
        .scenario
        .as_deref()
        .map(|path| Scenario::load(path).map_err(|errors| profiles::explain(&errors)))
        .transpose()?;
    in_runtime(async {
        let mut simulators = Vec::new();
        let mut served = Vec::new();
        for (offset, dialect) in dialects.into_iter().enumerate() {
            let listen = nth_address(arguments.listen, offset)?;
            let simulator = start(arguments, scenario.as_ref(), dialect.clone(), listen).await?;
            served.push(describe(&dialect, &simulator));
            simulators.push(simulator);
        }
        if output.json {
            tell_json(&served)?
        } else {
            tell(&text(&served))?
        };
        signals::next().await?;
        Ok(ExitCode::Done)
    })
}

/// Port 0 is free for everybody; else each profile takes the next port.
fn nth_address(first: SocketAddr, offset: usize) -> Result<SocketAddr, Failure> {
    let mut address = first;
    if first.port() != 0 {
        let port = u16::try_from(offset).ok().and_then(|offset| first.port().checked_add(offset));
        address.set_port(port.ok_or_else(|| {
            Failure::usage("there are fewer ports than profiles")
                .at(first.to_string())
                .help("listen on a lower port")
        })?);
    }
    Ok(address)
}

/// Starts one simulated vendor; what the scenario tells begins at once.
async fn start(
    arguments: &Simulate,
    scenario: Option<&Scenario>,
    dialect: Arc<Dialect>,
    listen: SocketAddr,
) -> Result<Simulator, Failure> {
    let fleet = match (arguments.locks, scenario) {
        (Some(locks), _) => Fleet::sized(locks, locks.div_ceil(LOCKS_PER_GROUP)),
        (None, Some(scenario)) => Fleet::sized(scenario.locks, scenario.groups),
        (None, None) => Fleet::fixture(),
    };
    let options = Options {
        dialect,
        seed: arguments.seed.or(scenario.and_then(|scenario| scenario.seed)).unwrap_or(1),
        clock: arguments.clock.start(),
        fleet,
        misbehaviour: None,
        variation: None,
        listen,
    };
    let simulator = Simulator::start(options).await.map_err(|error| cannot_listen(listen, &error))?;
    if let Some(scenario) = scenario.cloned() {
        let control = simulator.control().clone();
        tokio::spawn(async move { play(&control, &scenario).await });
    }
    Ok(simulator)
}

fn cannot_listen(listen: SocketAddr, error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::AddrInUse => Failure::usage(format!("port {} is in use", listen.port()))
            .at(listen.to_string())
            .help("stop the other program, or choose another port with --listen (port 0 takes a free one)"),
        _ => Failure::usage(format!("cannot listen: {error}"))
            .at(listen.to_string())
            .help("choose another address with --listen"),
    }
}

fn describe(dialect: &Dialect, simulator: &Simulator) -> Served {
    let control = simulator.control();
    let servers = dialect.servers.iter().map(|(name, _)| (name.clone(), simulator.url(name))).collect();
    // The credentials of a simulated world are made up and meant to be used.
    let secrets =
        control.secrets().into_iter().map(|(name, secret)| (name, secret.expose().to_owned())).collect();
    Served {
        profile: dialect.name.clone(),
        authentication: dialect.auth.description.clone(),
        servers,
        secrets,
        settings: control.settings().into_iter().collect(),
    }
}

/// The addresses, how to authenticate, and how to certify what is served.
fn text(served: &[Served]) -> String {
    let mut text = String::new();
    for one in served {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{} ({})", one.profile, one.authentication);
        for (title, rows) in [("server", &one.servers), ("secret", &one.secrets), ("setting", &one.settings)]
        {
            for (name, value) in rows {
                let _ = writeln!(text, "  {title} {name}: {value}");
            }
        }
        let _ = writeln!(text, "  certify it: {}", certify_it(one));
    }
    text.push_str("Interrupt to stop.\n");
    text
}

/// The command that certifies a served vendor over the wire.
fn certify_it(one: &Served) -> String {
    let secrets = one.secrets.iter().map(|(name, value)| ("SECRET", name, value));
    let settings = one.settings.iter().map(|(name, value)| ("SETTING", name, value));
    let variables: String = secrets
        .chain(settings)
        .map(|(kind, name, value)| format!("LOCKSTEP_{kind}_{}={value} ", name.to_uppercase()))
        .collect();
    let address = one.servers.get("api").map_or("", String::as_str);
    format!("{variables}lockstep certify {} --target {address}", one.profile)
}
