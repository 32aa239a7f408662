//! What the desk wishes, and what Inlet has granted of it.

use jiff::Zoned;

use crate::vendors::partner::Use;
use crate::vendors::vocabulary::{Instant, Secret};

/// A customer whom the partner serves: a hotel with its locks and its credential.
#[derive(Clone, Debug)]
pub struct Served {
    /// The credential that Inlet issued for it.
    pub token: Secret,
    /// Its locks.
    pub locks: Vec<String>,
}

/// An access as the desk wishes it. Contact data were validated.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Wish {
    pub room: String,
    pub from: Zoned,
    pub until: Zoned,
    pub mode: Use,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// Beside a national number.
    pub country_code: Option<String>,
    pub reference: Option<String>,
}

impl Wish {
    /// The same for nobody.
    pub fn without_contact(&self) -> Self {
        Self { email: None, phone: None, country_code: None, ..self.clone() }
    }
}

/// One access: what is wished, and how far it came.
pub(super) struct Access {
    /// Number of the booking that it belongs to.
    pub booking: u32,
    /// `None` where it is not wished any more.
    pub wish: Option<Wish>,
    /// What Inlet has granted, as it was last asked for.
    pub granted: Option<Granted>,
    /// A pulse is over once it was carried out.
    pub over: bool,
    /// Why somebody has to look at it.
    pub flagged: Option<String>,
    /// When its first attempt was made, as long as none has succeeded.
    pub first_attempt: Option<Instant>,
    /// Whether support was told.
    pub escalated: bool,
    /// Until when what is to be sent of it is kept back.
    pub held_until: Instant,
}

/// A granted access.
#[derive(Clone)]
pub(super) struct Granted {
    pub reference_id: String,
    pub code: Option<String>,
    pub as_wished: Wish,
}

/// What is to be done next for an access.
#[derive(PartialEq, Eq)]
pub(super) enum Step {
    Nothing,
    Grant(Box<Wish>),
    Pulse(Box<Wish>),
    Update(String, Box<Wish>, Box<Wish>),
    Revoke(String),
}

impl Access {
    pub fn new(booking: u32, wish: Wish, held_until: Instant) -> Self {
        Self {
            booking,
            wish: Some(wish),
            granted: None,
            over: false,
            flagged: None,
            first_attempt: None,
            escalated: false,
            held_until,
        }
    }

    /// What brings what is granted in line with what is wished.
    pub fn step(&self) -> Step {
        if self.over || self.flagged.is_some() {
            return Step::Nothing;
        }
        match (&self.wish, &self.granted) {
            (None, None) => Step::Nothing,
            (Some(wish), None) if wish.mode == Use::Pulse => Step::Pulse(Box::new(wish.clone())),
            (Some(wish), None) => Step::Grant(Box::new(wish.clone())),
            (None, Some(granted)) => Step::Revoke(granted.reference_id.clone()),
            (Some(wish), Some(granted)) if *wish == granted.as_wished => Step::Nothing,
            (Some(wish), Some(granted)) => Step::Update(
                granted.reference_id.clone(),
                Box::new(granted.as_wished.clone()),
                Box::new(wish.clone()),
            ),
        }
    }
}
