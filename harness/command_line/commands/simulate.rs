//! `lockstep simulate`: serves simulated vendors until interrupted.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;

use serde::Serialize;

use super::super::arguments::{Output, Simulate};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::{profiles, scenarios, signals};
use super::{in_runtime, simulate_inlet, simulated_subject, tell, tell_json};
use crate::harness::evidence::shell_word;
use crate::simulator::{Control, Fleet, Pace, Scenario, Simulation, SimulationOptions, StartError};
use crate::vendors::dialect::Dialect;

/// How many locks share a group in a fleet whose size is given.
const LOCKS_PER_GROUP: u32 = 50;

/// What a person or a script needs to speak to what is simulated.
#[derive(Debug, Serialize)]
struct Told {
    vendors: Vec<Served>,
    /// Address of the control API.
    control: String,
    /// Address of the page for people.
    console: String,
    /// Whether its time passes as the machine's, by which a run measures.
    keeps_machine_time: bool,
}

/// One simulated vendor.
#[derive(Debug, Serialize)]
struct Served {
    profile: String,
    authentication: String,
    servers: BTreeMap<String, String>,
    secrets: BTreeMap<String, String>,
    settings: BTreeMap<String, String>,
    /// Its subject file, where one was asked for.
    subject_file: Option<String>,
    /// The command that certifies it over the wire; none where no single address
    /// names its servers and no subject file was asked for.
    certify: Option<String>,
}

/// Serves until the process is interrupted. What a scenario tells begins at once.
pub fn simulate(arguments: &Simulate, output: Output) -> Result<ExitCode, Failure> {
    if arguments.profiles.iter().any(|name| name == simulate_inlet::INLET) {
        return simulate_inlet::simulate(arguments, output);
    }
    if arguments.https.is_some() {
        return Err(Failure::usage("HTTPS is served for Inlet's API, and a lock vendor is simulated")
            .help("leave --https out, or simulate Inlet: lockstep simulate inlet --https ca.pem"));
    }
    let dialects: Vec<Arc<Dialect>> =
        arguments.profiles.iter().map(|name| profiles::load(name)).collect::<Result<_, _>>()?;
    let scenario = arguments.scenario.as_deref().map(scenarios::load).transpose()?;
    if arguments.subject_file.is_some() && dialects.len() > 1 {
        return Err(Failure::usage("a subject file describes one vendor, and several are simulated")
            .help("simulate the others in a process of their own, or leave --subject-file out"));
    }
    let options = options(arguments, scenario.as_deref(), dialects.clone());
    in_runtime(async {
        let simulation =
            Simulation::start(options).await.map_err(|error| cannot_start(arguments.listen, &error))?;
        let mut vendors = Vec::new();
        for (typed, dialect) in arguments.profiles.iter().zip(&dialects) {
            let control = simulation.control(&dialect.name).ok_or_else(|| {
                Failure::defect(format!("the simulation has no world named {}", dialect.name))
            })?;
            vendors.push(describe(arguments, typed, dialect, &simulation, &control)?);
            if let Some(scenario) = scenario.clone() {
                simulation.play(&dialect.name, scenario);
            }
        }
        let told = Told {
            vendors,
            control: simulation.control_url(),
            console: simulation.console_url(),
            keeps_machine_time: arguments.clock == Pace::Real,
        };
        if output.json {
            tell_json(&told)?
        } else {
            tell(&text(&told))?
        };
        signals::next().await?;
        Ok(ExitCode::Done)
    })
}

/// The fleet that was typed, that of the scenario, or the one that certification uses.
pub(super) fn fleet(arguments: &Simulate, scenario: Option<&Scenario>) -> Fleet {
    match (arguments.locks, scenario) {
        (Some(locks), _) => Fleet::sized(locks, locks.div_ceil(LOCKS_PER_GROUP)),
        (None, Some(scenario)) => Fleet::of(scenario),
        (None, None) => Fleet::fixture(),
    }
}

/// The scenario's fleet and seed, where nothing else was typed.
fn options(
    arguments: &Simulate,
    scenario: Option<&Scenario>,
    dialects: Vec<Arc<Dialect>>,
) -> SimulationOptions {
    SimulationOptions {
        dialects,
        seed: arguments.seed.or(scenario.and_then(|scenario| scenario.seed)).unwrap_or(1),
        pace: arguments.clock,
        fleet: fleet(arguments, scenario),
        listen: arguments.listen,
        remote_control: false,
    }
}

/// Why nothing is served, and what to do.
pub(super) fn cannot_start(listen: SocketAddr, error: &StartError) -> Failure {
    let failure = match error {
        StartError::InUse(_) => Failure::usage(format!("port {} is in use", listen.port())),
        StartError::Listen { source, .. } => Failure::usage(format!("cannot listen: {source}")),
        StartError::SameName(name) => {
            return Failure::usage(format!("two profiles are named `{name}`"))
                .help("simulate them in two processes");
        }
    };
    failure.at(listen.to_string()).help("choose another address with --listen (port 0 takes a free one)")
}

fn describe(
    arguments: &Simulate,
    typed: &str,
    dialect: &Dialect,
    simulation: &Simulation,
    control: &Control,
) -> Result<Served, Failure> {
    let servers: BTreeMap<String, String> = dialect
        .servers
        .iter()
        .filter_map(|(name, _)| Some((name.clone(), simulation.server_url(&dialect.name, name)?)))
        .collect();
    // The credentials of a simulated world are made up and meant to be used.
    let secrets: BTreeMap<String, String> =
        control.secrets().into_iter().map(|(name, secret)| (name, secret.expose().to_owned())).collect();
    let settings: BTreeMap<String, String> = control.settings().into_iter().collect();
    let given: String = secrets
        .iter()
        .map(|(name, value)| format!("{}={value} ", simulated_subject::variable(name)))
        .collect();
    let api = servers.get("api").map_or("", String::as_str);
    let (subject_file, certify) = match &arguments.subject_file {
        Some(file) => {
            let text = simulated_subject::text(dialect, control, &servers);
            std::fs::write(file, text).map_err(|why| {
                Failure::usage(format!("the subject file cannot be written: {why}"))
                    .at(file.display().to_string())
            })?;
            let file = file.display().to_string();
            let word = shell_word(&file);
            (Some(file), Some(format!("{given}lockstep certify {typed} --subject {word}")))
        }
        // A bare address stands for every server.
        None if servers.values().any(|address| address != api) => (None, None),
        None => {
            let plain = |(name, value): (&String, &String)| {
                format!("LOCKSTEP_SETTING_{}={} ", name.to_uppercase(), shell_word(value))
            };
            let plain: String = settings.iter().map(plain).collect();
            (None, Some(format!("{given}{plain}lockstep certify {typed} --target {api}")))
        }
    };
    Ok(Served {
        profile: dialect.name.clone(),
        authentication: dialect.auth.description.clone(),
        servers,
        secrets,
        settings,
        subject_file,
        certify,
    })
}

/// The addresses, how to authenticate, and how to certify what is served.
fn text(told: &Told) -> String {
    let mut text = String::new();
    for one in &told.vendors {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{} ({})", one.profile, one.authentication);
        for (title, rows) in [("server", &one.servers), ("secret", &one.secrets), ("setting", &one.settings)]
        {
            for (name, value) in rows {
                let _ = writeln!(text, "  {title} {name}: {value}");
            }
        }
        let _ = match &one.certify {
            Some(command) => writeln!(text, "  certify it: {command}"),
            None => writeln!(
                text,
                "  certify it: its servers are at several addresses, which no single --target names: start it with \
                 --subject-file FILE, which writes them down and prints the command"
            ),
        };
        if !told.keeps_machine_time {
            text.push_str("  (with --clock real alone: a run measures time by this machine's clock)\n");
        }
        if one.subject_file.is_none() && one.certify.is_some() {
            text.push_str(
                "  a bare address names no test locks, so most of that is inconclusive: --subject-file FILE writes \
                 them down\n",
            );
        }
    }
    let _ = writeln!(text, "control API: {} (described at {0}/openapi.json)", told.control);
    let _ = writeln!(text, "console: {}", told.console);
    text.push_str("Interrupt to stop.\n");
    text
}
