//! How a booking is made, changed and cancelled in a partner's system.

use std::collections::BTreeMap;
use std::time::Duration;

use super::booking::Act;
use super::message::Message;

/// How a partner's system is driven.
#[derive(Clone, Debug, PartialEq)]
pub enum Drive {
    /// The simulated booking system, within this process: a rehearsal.
    Simulated,
    /// Our own integration, within this process.
    Own,
    /// By HTTP calls.
    Http(HttpDrive),
    /// By commands.
    Command(CommandDrive),
    /// By a person, who is told what to do and presses Enter.
    Person,
}

impl Drive {
    /// Whether the system is part of Lockstep, takes its time from the bench's
    /// clock and hands its log in by itself.
    pub fn is_within(&self) -> bool {
        matches!(self, Self::Simulated | Self::Own)
    }

    /// Whether an act can be done.
    pub fn can(&self, act: Act) -> bool {
        match self {
            Self::Simulated | Self::Own | Self::Person => true,
            Self::Http(drive) => drive.acts.contains_key(&act),
            Self::Command(drive) => drive.acts.contains_key(&act),
        }
    }
}

/// Driving by HTTP calls.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpDrive {
    /// The address that paths are appended to; nothing where it is the program
    /// that Lockstep starts, on the port that it is given.
    pub base: Option<String>,
    /// How long it may take to answer.
    pub answers_within: Duration,
    /// What is called for each act.
    pub acts: BTreeMap<Act, HttpAct>,
}

/// The call for one act.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpAct {
    /// `POST`.
    pub method: String,
    /// Path with holes.
    pub path: Message,
    /// JSON body with holes.
    pub body: Option<Message>,
    /// What its answer tells.
    pub answer: ShownBooking,
}

/// Driving by commands.
#[derive(Clone, Debug, PartialEq)]
pub struct CommandDrive {
    /// What is run for each act: the words of a command, and what it reads.
    pub acts: BTreeMap<Act, CommandAct>,
}

/// The command for one act. It prints JSON where it has something to tell, and
/// ends with 65 where the form is refused; any other end but 0 is its own failure.
#[derive(Clone, Debug, PartialEq)]
pub struct CommandAct {
    /// Program and arguments, each with holes; no shell reads them.
    pub words: Vec<Message>,
    /// JSON for its standard input.
    pub input: Option<Message>,
    /// What it prints.
    pub answer: ShownBooking,
}

/// Where an answer tells what, each as a JSON pointer (RFC 6901).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShownBooking {
    /// The partner's own number of the booking, or a list of numbers.
    pub booking: Option<String>,
    /// The code as the guest sees it.
    pub code: Option<String>,
    /// Something other than `null`, `false` and an empty text where the booking
    /// needs attention.
    pub flagged: Option<String>,
}

/// The program that is the partner's system. It is told by environment
/// variables where Inlet is, and by which clock it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Program and arguments; no shell reads them. The folder of the description
    /// is the one that it runs in.
    pub command: Vec<String>,
    /// The path that answers 2xx once it is ready, on the port that it is given.
    pub ready: String,
    /// How long that may take.
    pub ready_within: Duration,
}

/// What a person vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// The criterion.
    pub criterion: String,
    /// Who.
    pub who: String,
    /// When.
    pub when: jiff::civil::Date,
    /// By which document.
    pub document: String,
    /// Where its criterion stands in the description, in bytes.
    pub at: std::ops::Range<usize>,
}
