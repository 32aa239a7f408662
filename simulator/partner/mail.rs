//! Mail to Inlet's support.

use std::time::Duration;

use jiff::tz::TimeZone;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::quirk::Quirk;
use crate::simulator::support::SUPPORT;
use crate::vendors::vocabulary::{Instant, Secret};

/// From when on who tells of every attempt tells as everybody does.
const PROPERLY: Duration = Duration::from_secs(1_800);

/// What support is told of an access that could not be granted.
pub(super) struct Trouble<'a> {
    pub first_attempt: Instant,
    pub now: Instant,
    pub lock: &'a str,
    pub booking: u32,
    pub error: &'a str,
    pub credential: &'a Secret,
    /// The hotel's zone.
    pub zone: &'a TimeZone,
}

/// Sends it. The error is a sentence for the log.
pub(super) async fn tell(
    smtp: std::net::SocketAddr,
    trouble: &Trouble<'_>,
    quirk: Option<Quirk>,
) -> Result<(), String> {
    let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(smtp.ip().to_string())
        .port(smtp.port())
        .build();
    let (subject, text) = match quirk {
        Some(Quirk::TellsNothing) => ("Problem".to_owned(), "Something does not work.".to_owned()),
        Some(Quirk::TellsVaguely) => vaguely(trouble),
        // After half an hour it tells properly too.
        Some(Quirk::TellsEachTime) if trouble.now.since(trouble.first_attempt) < PROPERLY => {
            by_number(trouble)
        }
        Some(Quirk::TellsInShort) => in_short(trouble),
        Some(Quirk::TokenInMail) => {
            let (subject, text) = told(trouble);
            (subject, format!("{text}credential: {}\n", trouble.credential.expose()))
        }
        _ => told(trouble),
    };
    let wrong = |why: &dyn std::fmt::Display| format!("the message to support: {why}");
    let from = "desk@booking.example".parse().map_err(|why| wrong(&why))?;
    let to = SUPPORT.parse().map_err(|why| wrong(&why))?;
    let message = Message::builder()
        .from(from)
        .to(to)
        .subject(subject)
        .header(ContentType::TEXT_PLAIN)
        .body(text)
        .map_err(|why| wrong(&why))?;
    transport.send(message).await.map(drop).map_err(|why| wrong(&why))
}

fn vaguely(trouble: &Trouble<'_>) -> (String, String) {
    let text = format!("Hello: the door {} did not open, it says timeout. Please help.\n", trouble.lock);
    ("Trouble".to_owned(), text)
}

fn by_number(trouble: &Trouble<'_>) -> (String, String) {
    let text = format!("Please look into booking {} at once: {}\n", trouble.booking, trouble.error);
    (format!("Booking {} failed", trouble.booking), text)
}

/// In local time, as people on the spot write it.
fn in_short(trouble: &Trouble<'_>) -> (String, String) {
    let Trouble { first_attempt, lock, booking, zone, .. } = trouble;
    let since = first_attempt.timestamp().to_zoned((*zone).clone()).strftime("%d.%m.%Y %H:%M");
    ("Adgang".to_owned(), format!("#{booking}, {lock}: 504 siden {since}\n"))
}

fn told(trouble: &Trouble<'_>) -> (String, String) {
    let Trouble { first_attempt, now, lock, booking, error, .. } = trouble;
    let subject = format!("Access at lock {lock} not granted since {first_attempt}");
    let text = format!(
        "An access could not be granted for more than 30 minutes.\n\n\
         lock: {lock}\nreference: booking {booking}\nfirst attempt: {first_attempt}\nnow: {now}\nlast error: {error}\n"
    );
    (subject, text)
}
