//! The front office: bookings are made, changed, cancelled and shown here.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::asked::asked;
use super::book::{Book, BookError};
use super::kept::{Access, Kept, Opening};
use super::monitoring;
use super::openings::open_doors;
use super::state::State;
use crate::harness::integration::Timeouts;
use crate::harness::integration::inlet::{
    Alert, Desk, DeskError, Event, Fault, Gaps, MailServer, OperatorMail, Settings, SupportMail,
};
use crate::vendors::partner::{Booking, Change, Use};
use crate::vendors::vocabulary::contact::Ambiguity;
use crate::vendors::vocabulary::{Clock, Instant, Secret};

/// A customer whom the office serves: a hotel with its doors.
#[derive(Clone, Debug)]
pub struct Customer {
    /// Its name here, which is also its ledger's: letters, digits, `-` and `_`.
    pub name: String,
    /// The credential that Inlet issued for it.
    pub token: Secret,
    /// Its locks, by Inlet's ids.
    pub locks: Vec<String>,
}

/// To whom the office writes, and how.
#[derive(Clone, Debug)]
pub struct MailRoute {
    /// The mail server.
    pub server: MailServer,
    /// Whom the office writes as.
    pub from: String,
    /// Whom it writes to.
    pub to: String,
}

/// How an office is set up.
#[derive(Clone, Debug)]
pub struct OfficeOptions {
    /// The address of Inlet's API.
    pub inlet: String,
    /// The certificate (PEM) of whoever alone may vouch for Inlet's; the
    /// machine's own authorities where it is left out.
    pub authority: Option<String>,
    /// Whom it serves.
    pub customers: Vec<Customer>,
    /// Where support is told; nobody is where it is left out.
    pub support: Option<MailRoute>,
    /// Where whoever runs the office is told of critical issues, which is not where
    /// support is; nobody is told where it is left out.
    pub operator: Option<MailRoute>,
    /// Where a monitoring system reads how many critical issues stand; nowhere
    /// where it is left out.
    pub monitoring: Option<SocketAddr>,
    /// How long is waited between attempts.
    pub gaps: Gaps,
    /// How long a stay is remembered after its end; what is older is forgotten
    /// whenever the office opens.
    pub remembers: Duration,
    /// The clock by which it works.
    pub clock: Clock,
    /// Where book and ledgers are.
    pub folder: PathBuf,
    /// Seed of the jitter between attempts.
    pub seed: u64,
}

/// Why the office did not do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// What was typed cannot be taken; nothing was kept.
    #[error("{0}")]
    Refused(String),
    /// A setting is wrong.
    #[error("the office cannot be opened: {0}")]
    Settings(String),
    /// The book cannot be used.
    #[error(transparent)]
    Book(#[from] BookError),
    /// A desk cannot work.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// A desk has stopped its work.
    #[error("nothing is sent any more: {0}")]
    Stopped(String),
}

impl From<Fault> for OfficeError {
    fn from(fault: Fault) -> Self {
        Self::Refused(fault.to_string())
    }
}

/// A booking as the staff see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownStay {
    /// The code of its first access that has one, as the guest types it.
    pub code: Option<String>,
    /// Why somebody has to look at it.
    pub attention: Option<String>,
}

/// An office at work. Its workers end with it, as at a power cut.
pub struct FrontOffice {
    state: Arc<State>,
    workers: JoinSet<()>,
    monitored: Option<SocketAddr>,
}

impl FrontOffice {
    /// Opens the office over its folder, and goes on with what stands there.
    ///
    /// # Errors
    /// Where a setting is wrong, or the folder cannot be used.
    pub async fn open(options: &OfficeOptions) -> Result<Self, OfficeError> {
        not_the_same(options)?;
        let book = Book::open(&options.folder.join("book"))?;
        let mut desks = BTreeMap::new();
        let mut doors = BTreeMap::new();
        for customer in &options.customers {
            let name = customer.name.clone();
            if desks.insert(name.clone(), desk(options, customer).await?).is_some() {
                return Err(OfficeError::Settings(format!("two customers are called `{name}`")));
            }
            doors.extend(customer.locks.iter().map(|lock| (lock.clone(), name.clone())));
        }
        let state = State {
            clock: options.clock.clone(),
            desks,
            doors,
            book: tokio::sync::Mutex::new(book),
            changed: Notify::new(),
            stopped: Mutex::new(None),
        };
        state.forget(options.remembers).await?;
        state.tell_desks().await?;
        let state = Arc::new(state);
        let mut workers = JoinSet::new();
        for customer in &options.customers {
            workers.spawn(serve(Arc::clone(&state), customer.name.clone()));
        }
        workers.spawn(open_doors(Arc::clone(&state)));
        let mut monitored = None;
        if let Some(address) = options.monitoring {
            let told = |why: std::io::Error| OfficeError::Settings(format!("monitoring at {address}: {why}"));
            let listener = TcpListener::bind(address).await.map_err(told)?;
            monitored = Some(listener.local_addr().map_err(told)?);
            workers.spawn(monitoring::serve(listener, Arc::clone(&state)));
        }
        Ok(Self { state, workers, monitored })
    }

    /// The critical issues that stand, with the customer of each, oldest first.
    pub fn alerts(&self) -> Vec<(String, Alert)> {
        self.state.alerts()
    }

    /// Where a monitoring system reads: `http://` this address `/metrics`.
    pub fn monitored(&self) -> Option<SocketAddr> {
        self.monitored
    }

    /// Makes a booking; its number.
    ///
    /// # Errors
    /// What is wrong with it, or why the office cannot work.
    pub async fn book(&self, booking: &Booking) -> Result<u64, OfficeError> {
        self.state.works()?;
        let accesses = asked(booking).map_err(OfficeError::Refused)?;
        if Instant::from_timestamp(booking.until.timestamp()) <= self.state.clock.now() {
            return Err(OfficeError::Refused("the stay is over".to_owned()));
        }
        let customer = self.state.customer(accesses.iter().map(|access| access.typed.lock.as_str()))?;
        let desk = self.state.desk(&customer)?;
        let mut checked = Vec::new();
        for access in accesses {
            let wanted = desk.check(&access.typed).await.map_err(refused)?;
            let wanted = if booking.messages { wanted } else { wanted.without_contact() };
            let opening = (booking.access == Use::Pulse).then_some(Opening::Planned);
            checked.push(Access { wanted, common: access.common, opening, called_off: false });
        }
        let mut book = self.state.book.lock().await;
        let number = book.next_number();
        let zone = booking.from.time_zone().iana_name().map(str::to_owned);
        let kept = Kept { number, customer, zone, accesses: checked };
        self.state.carry_out(&mut book, kept).await?;
        Ok(number)
    }

    /// Changes a booking.
    ///
    /// # Errors
    /// Why it cannot be changed so, or why the office cannot work.
    pub async fn change(&self, number: u64, change: &Change) -> Result<(), OfficeError> {
        self.state.works()?;
        let mut book = self.state.book.lock().await;
        let before = known(&book, number)?;
        if let Change::Move(room) | Change::Split(_, room) = change
            && self.state.doors.get(&room.0) != Some(&before.customer)
        {
            return Err(OfficeError::Refused(format!("there is no room {}", room.0)));
        }
        let now = self.state.clock.now();
        let kept = before.changed(change, now).map_err(OfficeError::Refused)?;
        self.state.carry_out(&mut book, kept).await
    }

    /// Calls a booking off; once more does nothing.
    ///
    /// # Errors
    /// Where there is none, or why the office cannot work.
    pub async fn cancel(&self, number: u64) -> Result<(), OfficeError> {
        self.state.works()?;
        let mut book = self.state.book.lock().await;
        let mut kept = known(&book, number)?;
        kept.call_off();
        self.state.carry_out(&mut book, kept).await
    }

    /// Shows a booking.
    ///
    /// # Errors
    /// Where there is none, or why the office cannot work.
    pub async fn show(&self, number: u64) -> Result<ShownStay, OfficeError> {
        let kept = known(&*self.state.book.lock().await, number)?;
        let desk = self.state.desk(&kept.customer)?;
        let mut shown = ShownStay { code: None, attention: self.state.stopped() };
        let credentials = desk.stopped();
        for (place, access) in kept.accesses.iter().enumerate() {
            let attention = match &access.opening {
                Some(opening) => opening.attention(),
                None => {
                    let Some(standing) = desk.standing(&kept.id(place)?).await? else { continue };
                    let held = standing.held.and_then(|held| held.code_formatted);
                    shown.code = shown.code.or(held.map(|code| code.keys().to_owned()));
                    let waits = credentials.clone().filter(|_| !standing.settled);
                    let told = standing.escalated.map(|at| format!("support was told at {at}"));
                    standing.stuck.or(waits).or(told)
                }
            };
            shown.attention = shown.attention.or(attention);
        }
        Ok(shown)
    }

    /// What happened at the desks, a line each, oldest first, without secrets and
    /// without anything personal.
    ///
    /// # Errors
    /// Where a ledger cannot be used.
    pub async fn log(&self) -> Result<String, OfficeError> {
        let mut lines = Vec::new();
        for (customer, desk) in &self.state.desks {
            let line = |Event { at, booking, told }| {
                (at, format!("{at} {customer} {} {told}", booking.as_deref().unwrap_or("-")))
            };
            lines.extend(desk.log().await?.into_iter().map(line));
        }
        lines.sort_by_key(|(at, _)| *at);
        let lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
        Ok(lines.join("\n"))
    }

    /// Ends the workers wherever they are and lets the files go.
    pub async fn close(mut self) {
        self.workers.shutdown().await;
        // The workers held the others.
        let Some(state) = Arc::into_inner(self.state) else { return };
        for desk in state.desks.into_values() {
            desk.close().await;
        }
    }
}

fn known(book: &Book, number: u64) -> Result<Kept, OfficeError> {
    let missing = || OfficeError::Refused(format!("there is no booking {number}"));
    book.get(number).cloned().ok_or_else(missing)
}

/// What is wrong with the form is the form's to say; the rest is ours.
fn refused(error: DeskError) -> OfficeError {
    match error {
        DeskError::Faults(faults) => OfficeError::Refused(faults.to_string()),
        other => other.into(),
    }
}

async fn desk(options: &OfficeOptions, customer: &Customer) -> Result<Desk, OfficeError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if customer.name.is_empty() || !customer.name.chars().all(plain) {
        let why = format!("`{}` names no customer: write letters, digits, - and _", customer.name);
        return Err(OfficeError::Settings(why));
    }
    let settings = Settings {
        base: options.inlet.clone(),
        authority: options.authority.clone(),
        token: customer.token.clone(),
        timeouts: Timeouts::default(),
        gaps: options.gaps,
        seed: options.seed,
        // A stay has its zone from the booking: no time in it can be read in two ways.
        ambiguity: Ambiguity::Refuse,
    };
    let ledger = options.folder.join(format!("{}.sqlite", customer.name));
    let desk = Desk::open(settings, &ledger, options.clock.clone()).await?;
    let desk = match &options.support {
        None => desk,
        Some(MailRoute { server, from, to }) => {
            desk.with_support(Arc::new(SupportMail::new(server, from, to).map_err(OfficeError::Settings)?))
        }
    };
    Ok(match &options.operator {
        None => desk,
        Some(MailRoute { server, from, to }) => {
            let operator = OperatorMail::new(server, from, to, &customer.name);
            desk.with_operator(Arc::new(operator.map_err(OfficeError::Settings)?))
        }
    })
}

/// What is wrong inside the house is not Inlet's to read.
fn not_the_same(options: &OfficeOptions) -> Result<(), OfficeError> {
    let address = |route: &MailRoute| {
        let text = route.to.trim().trim_end_matches('>');
        text.rsplit('<').next().unwrap_or_default().trim().to_lowercase()
    };
    let (support, operator) = (options.support.as_ref().map(address), options.operator.as_ref().map(address));
    match operator {
        Some(operator) if support == Some(operator.clone()) => Err(OfficeError::Settings(format!(
            "{operator} is Inlet's support: the operator has another address"
        ))),
        _ => Ok(()),
    }
}

/// Works at a customer's desk for as long as it is let.
async fn serve(state: Arc<State>, customer: String) {
    let Some(desk) = state.desks.get(&customer) else { return };
    if let Err(why) = desk.run().await {
        state.stop(why.to_string());
        // Whoever runs the office is to know of it, however long that takes.
        match desk.watch().await {}
    }
}
