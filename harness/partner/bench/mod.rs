//! The bench of a partner: its system on one side, the simulated Inlet with a
//! lock vendor behind it on the other, and support's mailbox beside them.
//!
//! One bench serves a whole run, for a partner's system has one Inlet too. So
//! that no scenario stands in another's way, each takes doors of its own; what
//! arrived at Inlet is told apart by the door that it names. So scenarios may
//! also run at the same time, which spares whoever cannot hurry the most of the
//! waiting.

mod arrivals;
mod belonging;
mod follow;
mod laboratory;
mod log;
mod longest;
mod own;
mod rooms;
mod scene;
mod set_up;
mod stays;
mod system;
mod withdrawal;

pub use arrivals::{Arrival, Contact, Standing};
pub use laboratory::{Case, Experiment, Laboratory, Overtaken};
pub use log::LogMark;
pub use longest::longest_shared;
pub use own::{Manner, Own};
pub use set_up::{BenchPlan, Who};
pub use stays::{Booked, stay_zone};
pub use system::System;
pub use withdrawal::Withdrawal;

use std::path::PathBuf;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use rooms::Rooms;
use scene::Scene;

use super::folder::Folder;
use crate::harness::bench::Waited;
use crate::harness::criterion::CriterionId;
use crate::harness::evidence::Recorder;
use crate::harness::result::FaultAccount;
use crate::harness::runner::Instruments;
use crate::harness::trial::Stop;
use crate::simulator::{Fault, InletSimulator, Mail, Mailbox, Message, Simulator};
use crate::vendors::partner::{Booking, Pace, Partner, Room};
use crate::vendors::vocabulary::{Clock, Instant, LockId, Secret};

/// How often it is looked whether something has happened, on the world's clock.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// A partner with everything around it, as one scenario has it before itself.
pub struct PartnerBench {
    premises: Arc<Premises>,
    scene: Scene,
}

/// What all scenarios of a run share.
pub struct Premises {
    description: Arc<Partner>,
    clock: Clock,
    recorder: Recorder,
    inlet: InletSimulator,
    vendor: Simulator,
    support: Mailbox,
    system: System,
    /// How many acts in a row could not be done in it.
    undriven: AtomicU32,
    rooms: Rooms,
    guests: AtomicU32,
    tokens: Vec<Secret>,
    log: Option<PathBuf>,
    /// What stood in the log before the run, in bytes.
    log_before: usize,
    /// How far the log had come before a refusal.
    log_mark: OnceLock<LogMark>,
    /// What the partner's program keeps; removed with the bench, after the
    /// program has ended.
    _data: Folder,
    /// What was read of the arrivals.
    read: Mutex<arrivals::Read>,
    /// The arrivals that are in the evidence.
    recorded: Mutex<arrivals::Recorded>,
    /// Every booking that was taken.
    booked: Mutex<Vec<Booked>>,
    /// Every form that was filled in, taken or not, for whoever looks for it in a log.
    typed: Mutex<Vec<Booking>>,
    /// When the first of them was.
    first_form: OnceLock<Instant>,
    /// A stay that stands in the background of many scenarios.
    ordinary: tokio::sync::OnceCell<Booked>,
    laboratory: tokio::sync::OnceCell<Laboratory>,
    withdrawal: tokio::sync::OnceCell<Withdrawal>,
}

impl std::ops::Deref for PartnerBench {
    type Target = Premises;

    fn deref(&self) -> &Premises {
        &self.premises
    }
}

impl PartnerBench {
    /// The same for a scenario of its own.
    pub fn for_scenario(&self, criterion: CriterionId) -> Self {
        Self { premises: Arc::clone(&self.premises), scene: Scene::of(criterion) }
    }

    /// What the partner says of itself.
    pub fn description(&self) -> &Partner {
        &self.description
    }

    /// Its system.
    pub fn system(&self) -> &System {
        &self.system
    }

    /// The present.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// How time passes here.
    pub fn pace(&self) -> Pace {
        self.description.pace
    }

    /// The address that Inlet is reached at.
    pub fn inlet_url(&self) -> String {
        self.inlet.url()
    }

    /// The credentials that Inlet issued, one for each customer.
    pub fn tokens(&self) -> &[Secret] {
        &self.tokens
    }

    /// A door that nobody has used.
    pub fn room(&self, customer: usize) -> Result<Room, Stop> {
        let room = self.rooms.take(customer, self.scene.criterion.as_ref());
        let room = room.ok_or_else(|| Stop::Error("all doors are used up".to_owned()))?;
        self.scene.is_about(&room.0);
        Ok(room)
    }

    /// The customer whom a door belongs to, by place.
    pub fn customer_of(&self, room: &str) -> Option<usize> {
        self.rooms.customer_of(room)
    }

    /// Lets time pass: at once where it is moved by hand, else really.
    pub async fn pass(&self, span: Duration) {
        match self.description.pace.factor() {
            None => drop(self.clock.advance(span).await),
            Some(factor) => {
                let real = span.div_f64(factor);
                self.scene.waited.grant(real);
                tokio::time::sleep(real).await;
            }
        }
        self.keep_evidence();
    }

    /// Lets time pass until something holds, or a span is over; says whether it holds.
    pub async fn until(&self, span: Duration, holds: impl Fn(&Self) -> bool) -> bool {
        let end = self.now() + span;
        while !holds(self) {
            let left = end.since(self.now());
            if left.is_zero() {
                return false;
            }
            self.pass(LOOK_EVERY.min(left)).await;
        }
        true
    }

    /// Installs a fault of Inlet's own, between it and the partner.
    pub fn inject(&self, fault: Fault) -> Result<(), String> {
        let fault = self.inlet.control().inject(fault)?;
        self.scene.injected(fault);
        Ok(())
    }

    /// Installs a fault of the lock system behind Inlet. What the partner is told
    /// of it is Inlet's to say.
    pub fn inject_upstream(&self, fault: Fault) {
        self.scene.injected_upstream(self.vendor.control().inject(fault));
    }

    /// The withdrawal of the first customer's credential, made once in a run.
    pub async fn withdrawal(&self) -> Result<&Withdrawal, Stop> {
        self.withdrawal.get_or_try_init(|| Withdrawal::make(self)).await
    }

    /// Gives the first customer another credential; the one before is refused.
    fn withdraw_credential(&self) {
        let control = self.inlet.control();
        if let Some(first) = control.customers().first() {
            control.replace_token(&first.name, Secret::new("withdrawn-and-replaced"));
        }
    }

    /// What happens at a door when somebody types these keys.
    pub fn opens(&self, room: &Room, keys: &str) -> bool {
        self.vendor.control().keypad(&LockId::new(room.0.as_str()), keys).opened
    }

    /// The state of a bolt, by its word (`locked`, `unlocked`, …).
    pub fn bolt(&self, room: &Room) -> Option<&'static str> {
        self.vendor.control().lock(&LockId::new(room.0.as_str())).map(|lock| lock.bolt.as_str())
    }

    /// The states that a bolt was in since an instant.
    pub fn bolt_moved_since(&self, room: &Room, since: Instant) -> bool {
        !self.vendor.control().bolt_history(&LockId::new(room.0.as_str()), since).is_empty()
    }

    /// Messages that Inlet sent to guests, and those it is still to send.
    pub fn messages(&self) -> Vec<Message> {
        let control = self.inlet.control();
        let mut messages = control.messages();
        messages.extend(control.messages_to_come());
        messages
    }

    /// Everything that arrived where mail to support goes, for whomever it was.
    pub fn all_mails(&self) -> Vec<Mail> {
        self.support.mails()
    }

    /// Mail that arrived at support.
    pub fn mails(&self) -> Vec<Mail> {
        self.support.mails().into_iter().filter(Mail::is_for_support).collect()
    }

    /// Restarts the partner's system, as a power cut would.
    pub async fn restart(&self) -> Result<(), Stop> {
        self.system.restart(self.now()).await.map_err(stays::driven)
    }

    /// The retry laboratory, run once in a run.
    pub async fn laboratory(&self) -> Result<&Laboratory, Stop> {
        // Who only waits for another scenario's laboratory waits rightly too.
        if self.laboratory.get().is_none()
            && let Some(factor) = self.description.pace.factor()
        {
            self.scene.waited.grant(laboratory::LONGEST.div_f64(factor));
        }
        self.laboratory.get_or_try_init(|| Laboratory::run(self)).await
    }

    /// Takes note of what somebody vouches for; the scenario's verdict is then no
    /// better than attested.
    pub fn rest_on(&self, testimony: String) {
        self.scene.rests_on(testimony);
    }

    /// What was vouched for since the last call.
    pub fn take_testimony(&self) -> Vec<String> {
        self.scene.take_testimony()
    }

    /// The scenario's faults since the last call, and how often each struck; they
    /// are taken away.
    pub fn take_faults(&self) -> Vec<FaultAccount> {
        let (inlet, vendor) = (self.inlet.control(), self.vendor.control());
        let (own, upstream) = self.scene.take_faults();
        let mut accounts = inlet.faults();
        accounts.retain(|account| own.contains(&account.id));
        accounts.extend(vendor.faults().into_iter().filter(|account| upstream.contains(&account.id)));
        for fault in own {
            inlet.clear_fault(fault);
        }
        for fault in upstream {
            vendor.clear_fault(fault);
        }
        let told = accounts.into_iter().map(|account| FaultAccount {
            criterion: self.scene.criterion.clone(),
            fault: account.fault.to_string(),
            injected: account.fault.schedule.times.unwrap_or(1),
            consumed: account.consumed,
        });
        told.collect()
    }

    /// Every form that was filled in so far, taken or not.
    pub fn all_typed(&self) -> Vec<Booking> {
        self.typed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Every booking that was taken so far.
    pub fn all_booked(&self) -> Vec<Booked> {
        self.booked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Instruments for PartnerBench {
    fn clock(&self) -> &Clock {
        &self.clock
    }

    fn waited(&self) -> Waited {
        self.scene.waited.clone()
    }
}
