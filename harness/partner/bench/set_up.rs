//! Setting the bench up.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use super::own::{self, Manner, Own};
use super::rooms::Rooms;
use super::scene::Scene;
use super::system::{Foreign, System};
use super::{PartnerBench, Premises};
use crate::harness::evidence::Recorder;
use crate::harness::integration::{Clocks, Connection, Integration, Timeouts};
use crate::harness::partner::command::CommandLine;
use crate::harness::partner::driver::{Driver, DriverError};
use crate::harness::partner::folder::Folder;
use crate::harness::partner::http::Calls;
use crate::harness::partner::person::Person;
use crate::harness::partner::process::{AuthorityFile, Running, Surroundings, free_port};
use crate::harness::upstream::VendorUpstream;
use crate::simulator::{
    Customer, Encryption, Fleet, InletOptions, InletSimulator, Mailbox, Options, PartnerOptions, Quirk,
    SUPPORT, Served, SimulatedPartner, Simulator,
};
use crate::vendors::dialect::Dialect;
use crate::vendors::partner::{Drive, Pace, Partner};
use crate::vendors::vocabulary::{Clock, Instant, RunName, Secret};

/// The instant at which a world begins whose time is moved: 2027-03-01, 09:00 UTC.
const BEGINNING_MS: i64 = 1_803_891_600_000;
/// The instant at which a world begins whose partner is told it: 2027-03-27, 15:00 UTC,
/// the eve of the day on which the clocks go forward in the zone of the stays. Stays
/// across that change, and stays across the next one back alone, begin within a day.
const EVE_MS: i64 = 1_806_159_600_000;
/// Doors of the first customer beside those that a stated load takes, and of the
/// second.
const DOORS: (u32, u32) = (1_000, 20);

/// Who is the partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The simulated one, as it should be or with a quirk.
    Simulated(Option<Quirk>),
    /// Our own integration, as it should be or set up otherwise.
    Own(Manner),
    /// The one that is described.
    Described,
}

/// How a bench is set up.
pub struct BenchPlan<'a> {
    /// The partner.
    pub description: Arc<Partner>,
    /// Who plays it.
    pub who: Who,
    /// The vendor behind Inlet.
    pub dialect: Arc<Dialect>,
    /// The folder that the partner's program runs in.
    pub folder: &'a Path,
    /// Seed of everything random.
    pub seed: u64,
    /// Name of the run.
    pub run: RunName,
    /// The evidence.
    pub recorder: Recorder,
}

impl PartnerBench {
    /// Starts a lock vendor, Inlet before it, support's mailbox, and the
    /// partner's system. Errors are a sentence for people.
    pub async fn set_up(plan: BenchPlan<'_>) -> Result<Self, String> {
        let clock = clock(&plan.description);
        let vendor = vendor(&plan, &clock).await?;
        let tokens = vec![token(plan.seed, 1), token(plan.seed, 2)];
        tokens.iter().for_each(|token| plan.recorder.learn_secret(token));
        let encryption = plan.description.https.then(Encryption::fresh).transpose()?;
        let inlet = inlet(&plan, &clock, &vendor, &tokens, encryption.clone()).await?;
        let support =
            Mailbox::open(clock.clone()).await.map_err(|why| format!("support's mailbox: {why}"))?;
        let doors = doors(&vendor);
        let data = Folder::make().map_err(|why| format!("a folder for the partner's program: {why}"))?;
        let log = log(&plan, &data);
        let around = Around {
            inlet: inlet.url(),
            authority: encryption.as_ref().map(Encryption::authority),
            tokens: &tokens,
            doors: &doors,
            smtp: support.address(),
            log: &log,
            data: data.path(),
        };
        let log_before = log.as_ref().map_or(0, |log| log_length(log));
        let system = system(&plan, &clock, around).await?;
        let premises = Premises {
            description: plan.description,
            clock,
            recorder: plan.recorder,
            inlet,
            vendor,
            support,
            system,
            undriven: AtomicU32::new(0),
            rooms: Rooms::new(doors),
            guests: AtomicU32::new(0),
            tokens,
            log,
            log_before,
            log_mark: OnceLock::new(),
            _data: data,
            read: Mutex::default(),
            recorded: Mutex::default(),
            booked: Mutex::default(),
            typed: Mutex::default(),
            first_form: OnceLock::new(),
            ordinary: tokio::sync::OnceCell::new(),
            laboratory: tokio::sync::OnceCell::new(),
            withdrawal: tokio::sync::OnceCell::new(),
        };
        Ok(Self { premises: Arc::new(premises), scene: Scene::default() })
    }
}

/// Where the log is that the partner hands in: beside its description, or in the
/// folder of its own where the program is started here, so that nothing of
/// another run stands in it.
fn log(plan: &BenchPlan<'_>, data: &Folder) -> Option<PathBuf> {
    let started = plan.description.program.is_some();
    let beside = if started { data.path() } else { plan.folder };
    plan.description.log.as_ref().map(|log| beside.join(log))
}

/// The time of everything around a partner.
fn clock(partner: &Partner) -> Clock {
    // What is part of Lockstep takes the present from it without being told.
    match (partner.pace, partner.takes_present || partner.drive.is_within()) {
        (Pace::Virtual, _) => Clock::stepped(Instant::from_epoch_ms(BEGINNING_MS)),
        (Pace::Accelerated(factor), false) => Clock::accelerated(factor),
        (Pace::Real, false) => Clock::real(),
        (pace, true) => {
            let clock = Clock::stepped(Instant::from_epoch_ms(EVE_MS));
            clock.run(pace.factor().unwrap_or(1.0));
            clock
        }
    }
}

/// How much stands in a log before the run, in bytes; nothing where there is none yet.
fn log_length(log: &Path) -> usize {
    let length = std::fs::metadata(log).map_or(0, |file| file.len());
    usize::try_from(length).unwrap_or(usize::MAX)
}

/// A credential that nobody has seen before.
fn token(seed: u64, nth: u64) -> Secret {
    use rand::{RngExt as _, SeedableRng as _};
    let mut dice = rand::rngs::StdRng::seed_from_u64(seed ^ nth.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let text: String = (0..32).map(|_| char::from(b'a' + dice.random_range(0..26_u8))).collect();
    Secret::new(format!("inlet-{text}"))
}

async fn vendor(plan: &BenchPlan<'_>, clock: &Clock) -> Result<Simulator, String> {
    let options = Options {
        dialect: Arc::clone(&plan.dialect),
        seed: plan.seed,
        clock: clock.clone(),
        fleet: fleet(&plan.description),
        misbehaviour: None,
        variation: None,
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
    };
    Simulator::start(options)
        .await
        .map_err(|why| format!("the vendor behind Inlet could not be started: {why}"))
}

async fn inlet(
    plan: &BenchPlan<'_>,
    clock: &Clock,
    vendor: &Simulator,
    tokens: &[Secret],
    encryption: Option<Encryption>,
) -> Result<InletSimulator, String> {
    let servers = plan.dialect.servers.iter().map(|(name, _)| (name.clone(), vendor.url(name))).collect();
    let connection = Connection {
        servers,
        secrets: vendor.control().secrets().into_iter().collect(),
        settings: vendor.control().settings().into_iter().collect(),
    };
    // What Inlet and its vendor say to each other is no evidence on the partner.
    let integration = Integration::new(
        Arc::clone(&plan.dialect),
        connection,
        Clocks { harness: clock.clone(), subject: clock.clone() },
        Timeouts::allowing(&plan.dialect.limits.delays),
        plan.run.clone(),
        Recorder::forgetting(),
    )
    .and_then(|integration| integration.unlimited().keeping_connections())
    .map_err(|failure| failure.to_string())?;
    let upstream = Arc::new(VendorUpstream::new(&integration));
    let mut options = InletOptions::new(upstream, clock.clone(), plan.seed);
    let locks = vendor.control().clone();
    options.knows_lock = Arc::new(move |lock| locks.lock(lock).is_some());
    options.encryption = encryption;
    options.control_api = false;
    options.customers = tokens
        .iter()
        .enumerate()
        .map(|(nth, token)| Customer::on_loopback(format!("customer-{}", nth + 1), token.clone()))
        .collect();
    InletSimulator::start(options)
        .await
        .map_err(|why| format!("the simulated Inlet could not be started: {why}"))
}

/// As many doors as are needed, of a vendor that limits no calls: how much a
/// partner can take is not to be told by how much a vendor takes from Inlet.
fn fleet(partner: &Partner) -> Fleet {
    let mut fleet = Fleet::sized(doors_needed(partner), 1);
    fleet.rules.rate = Some((u32::MAX, Duration::from_secs(1)));
    fleet
}

/// How many doors a run over a partner takes at most.
fn doors_needed(partner: &Partner) -> u32 {
    let load = partner.declared.load.map_or(0, |load| load.bookings);
    DOORS.0 + load + DOORS.1
}

/// The vendor's locks, split over the customers.
fn doors(vendor: &Simulator) -> Vec<Vec<String>> {
    let mut doors: Vec<String> =
        vendor.control().locks().into_iter().map(|lock| lock.id.as_str().to_owned()).collect();
    let second = doors.split_off(doors.len().saturating_sub(DOORS.1 as usize));
    vec![doors, second]
}

/// What a partner's system is told.
struct Around<'a> {
    inlet: String,
    /// The certificate (PEM) of whoever vouches for Inlet's, where it encrypts.
    authority: Option<&'a str>,
    tokens: &'a [Secret],
    doors: &'a [Vec<String>],
    smtp: SocketAddr,
    log: &'a Option<PathBuf>,
    data: &'a Path,
}

async fn system(plan: &BenchPlan<'_>, clock: &Clock, around: Around<'_>) -> Result<System, String> {
    if let Who::Own(manner) = plan.who {
        let Around { inlet, authority, tokens, doors, smtp, .. } = around;
        let (support, seed) = (SUPPORT, plan.seed);
        let around = own::Around { inlet, authority, tokens, doors, smtp, support, clock, seed };
        return Own::open(manner, around).await.map(|own| System::Own(Box::new(own)));
    }
    if let Who::Simulated(quirk) = plan.who {
        let customers = around
            .tokens
            .iter()
            .zip(around.doors)
            .map(|(token, locks)| Served { token: token.clone(), locks: locks.clone() })
            .collect();
        let options = PartnerOptions {
            inlet: around.inlet,
            authority: around.authority.map(str::to_owned),
            customers,
            smtp: around.smtp,
            clock: clock.clone(),
            quirk,
        };
        return SimulatedPartner::open(options).map(|partner| System::Simulated(Box::new(partner)));
    }
    foreign(plan, clock, around).await.map_err(|why| why.to_string())
}

async fn foreign(plan: &BenchPlan<'_>, clock: &Clock, around: Around<'_>) -> Result<System, DriverError> {
    let authority = around.authority.map(AuthorityFile::write).transpose()?.map(Arc::new);
    let surroundings = Surroundings {
        inlet: around.inlet,
        authority,
        tokens: around.tokens.to_vec(),
        locks: around.doors.to_vec(),
        smtp: around.smtp,
        speed: plan.description.pace.factor().unwrap_or(1.0),
        now: clock.now(),
        port: free_port()?,
        log: around.log.clone(),
        folder: plan.folder.to_owned(),
        data: around.data.to_owned(),
    };
    let port = surroundings.port;
    let running = match &plan.description.program {
        Some(program) => Some(Running::start(program.clone(), surroundings.clone()).await?),
        None => None,
    };
    let driver = match &plan.description.drive {
        Drive::Http(drive) => {
            let base = drive.base.clone().unwrap_or_else(|| format!("http://{}:{port}", Ipv4Addr::LOCALHOST));
            Driver::Http(Calls::new(drive.clone(), base)?)
        }
        Drive::Command(drive) => Driver::Command(CommandLine::new(drive.clone(), surroundings)),
        Drive::Person => Driver::Person(Person::default()),
        Drive::Simulated | Drive::Own => {
            return Err(DriverError("what is part of Lockstep needs no driver".to_owned()));
        }
    };
    Ok(System::Foreign(Box::new(Foreign { driver, program: tokio::sync::Mutex::new(running) })))
}
