//! A partner: a booking system that grants access through Inlet's API.
//!
//! A *partner description* (`vendors/partners/<name>.toml`) says what the
//! partner's integration declares to do, how its time passes, and how a booking
//! is made, changed and cancelled in its system: by an HTTP call, by a command,
//! or by a person at the keyboard. It is to a partner what a profile is to a
//! lock vendor, and is read as strictly.

mod attestations;
mod attested;
mod booking;
mod declared;
mod document;
mod drive;
mod embedded;
mod load;
mod message;
mod written;
mod wrong;

#[cfg(test)]
mod tests;

pub use booking::{Act, Booking, BookingField, Change, Guest, Kind, Room};
pub use declared::{ContactData, Declared, Load, Pace, Scope, Use};
pub use drive::{Attestation, CommandAct, CommandDrive, Drive, HttpAct, HttpDrive, Program, ShownBooking};
pub use embedded::embedded_names;
pub use load::{is_partner, load, parse};
pub use message::{Message, MessageError, Values};
pub use written::json_schema;

/// A partner, as its description tells of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Partner {
    /// The description's short name.
    pub name: String,
    /// The product's name for people.
    pub title: String,
    /// Who makes it.
    pub vendor: String,
    /// The version of the integration.
    pub version: String,
    /// What the integration declares to do.
    pub declared: Declared,
    /// How its time passes.
    pub pace: Pace,
    /// Whether its program takes the present from Lockstep, so that a run can
    /// begin on any day.
    pub takes_present: bool,
    /// The program that is the partner's system, where Lockstep is to start it.
    pub program: Option<Program>,
    /// How bookings are made in it.
    pub drive: Drive,
    /// Whether Inlet is reached by HTTPS (IP-07); else by HTTP, as is fit on one
    /// machine alone.
    pub https: bool,
    /// The domain of ordinary guests' email addresses, for a form that asks whether
    /// mail is taken there (IP-32); `example.org`, which takes none, where it is
    /// left out.
    pub guest_domain: Option<String>,
    /// The file that the partner's integration logs to, below the run's folder
    /// where it is relative.
    pub log: Option<std::path::PathBuf>,
    /// What people vouch for.
    pub attestations: Vec<Attestation>,
    /// The description as it was read, for its digest.
    pub source_text: String,
}
