//! Mail to Inlet's support.

use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::quirk::Quirk;
use crate::simulator::support::SUPPORT;
use crate::vendors::vocabulary::Instant;

/// What support is told of an access that could not be granted.
pub(super) struct Trouble<'a> {
    pub first_attempt: Instant,
    pub now: Instant,
    pub lock: &'a str,
    pub booking: u32,
    pub error: &'a str,
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

fn told(trouble: &Trouble<'_>) -> (String, String) {
    let Trouble { first_attempt, now, lock, booking, error } = trouble;
    let subject = format!("Access at lock {lock} not granted since {first_attempt}");
    let text = format!(
        "An access could not be granted for more than 30 minutes.\n\n\
         lock: {lock}\nreference: booking {booking}\nfirst attempt: {first_attempt}\nnow: {now}\nlast error: {error}\n"
    );
    (subject, text)
}
