//! The log that the partner hands in: IP-11, and its part of IP-01.

use cucumber::step::Collection;

use super::errors::provoke_refusal;
use super::leaks;
use super::named::holds_number;
use super::world::InletPartner;
use crate::harness::partner::{Arrival, LogMark, PartnerBench};
use crate::harness::trial::{Step, Stop};

pub(super) fn steps(collection: Collection<InletPartner>) -> Collection<InletPartner> {
    crate::steps! { collection;
        given "the partner hands its log in" => hands_log_in;
        given "Inlet refused a call of the run" => refused_a_call;
        given "a form was filled in that no system should take" => malformed_form;
        given "the credential was refused while guests booked" => withdrawn;
        then "the log tells of the refusal" => log_tells;
        then "the log holds no credential" => no_credential;
        then "the log holds nothing that opens a door" => no_key;
        then "the log holds no email address, no phone number and no name of a guest" => nobody;
    }
}

/// A file that is not there yet may come with the first line; whoever reads it says
/// what is amiss.
async fn hands_log_in(world: &mut InletPartner) -> Step {
    match world.bench()?.log().await {
        Ok(None) => {
            Err(Stop::Inconclusive("the partner hands no log in (`log` of its description)".to_owned()))
        }
        Ok(Some(_)) | Err(_) => Ok(()),
    }
}

async fn log(world: &InletPartner) -> Result<String, Stop> {
    let text = world.bench()?.log().await.map_err(Stop::Inconclusive)?;
    text.ok_or_else(|| Stop::Inconclusive("no log".to_owned()))
}

/// The calls that were refused since the log was marked.
fn refused_since(bench: &PartnerBench, mark: LogMark) -> Vec<Arrival> {
    let fresh = bench.arrivals().into_iter().filter(|one| one.received.number() > mark.call);
    fresh.filter(|one| one.status().is_some_and(|status| (400..500).contains(&status))).collect()
}

async fn refused_a_call(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    if bench.log_mark().is_some_and(|mark| !refused_since(&bench, mark).is_empty()) {
        return Ok(());
    }
    provoke_refusal(world).await
}

/// Its guest is nobody whom another scenario knows, and its email address is none.
async fn malformed_form(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let mut booking = bench.stay()?;
    for guest in &mut booking.guests {
        guest.email = guest.email.replace('@', "@@");
    }
    // Whether it is taken is another criterion's to judge.
    bench.try_book(booking).await.map(drop)
}

async fn withdrawn(world: &mut InletPartner) -> Step {
    world.bench()?.withdrawal().await.map(drop)
}

/// What a line may tell of a refusal: its status, and what Inlet said.
struct Refusal {
    status: u16,
    message: Option<String>,
}

impl Refusal {
    fn of(arrival: &Arrival) -> Option<Self> {
        let message = arrival.received.error().map(|error| error.message.to_lowercase());
        Some(Self { status: arrival.status()?, message: message.filter(|message| message.len() > 5) })
    }

    fn is_told_by(&self, line: &str) -> bool {
        holds_number(line, &self.status.to_string())
            || self.message.as_ref().is_some_and(|message| line.to_lowercase().contains(message))
    }
}

/// Whether a line of a log tells of one of these refusals.
fn tells(log: &str, refusals: &[Refusal]) -> bool {
    log.lines().any(|line| refusals.iter().any(|refusal| refusal.is_told_by(line)))
}

async fn log_tells(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let mark = bench.log_mark().ok_or_else(|| Stop::Error("the log was not marked".to_owned()))?;
    let text = log(world).await?;
    // A log that became shorter was begun anew.
    let fresh = text.get(mark.length..).unwrap_or(&text);
    let refusals: Vec<Refusal> = refused_since(&bench, mark).iter().filter_map(Refusal::of).collect();
    if refusals.is_empty() {
        return Err(Stop::Inconclusive("no call was refused since the log was marked".to_owned()));
    }
    if tells(fresh, &refusals) {
        return Ok(());
    }
    Err(Stop::fail(
        "errors are not logged",
        "new lines that tell of refused calls: their status, or Inlet's message",
        format!(
            "{} calls were refused, and none of {} new lines tells so",
            refusals.len(),
            fresh.lines().count()
        ),
    ))
}

async fn no_credential(world: &mut InletPartner) -> Step {
    let text = log(world).await?;
    if world.bench()?.tokens().iter().any(|token| text.contains(token.expose())) {
        return Err(Stop::fail("the log holds a credential", "no credential in the log", "one stands in it"));
    }
    Ok(())
}

async fn no_key(world: &mut InletPartner) -> Step {
    let told = world.bench()?.told_keys();
    let found: Vec<&str> = leaks::keys(&log(world).await?, &told).into_iter().collect();
    if found.is_empty() {
        world.remark(format!("{} accesses", told.len()));
        return Ok(());
    }
    Err(Stop::fail("the log holds what opens a door", "no code and no key in the log", found.join(", ")))
}

async fn nobody(world: &mut InletPartner) -> Step {
    let typed = world.bench()?.all_typed();
    let found: Vec<&str> = leaks::personal_data(&log(world).await?, &typed).into_iter().collect();
    if found.is_empty() {
        world.remark(format!("{} forms", typed.len()));
        return Ok(());
    }
    Err(Stop::fail("the log holds personal data", "no personal data in the log", found.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_of_a_refusal_by_its_status_or_by_what_inlet_said() {
        let refusals = [Refusal { status: 422, message: Some("exceeded the limit of 367 days".to_owned()) }];
        for log in [
            "09:12:33 ERROR GrantAccess 422",
            "started\n{\"level\":\"warn\",\"status\":422}",
            "refused: Exceeded the limit of 367 days (booking 7)",
        ] {
            assert!(tells(log, &refusals), "{log}");
        }
        for log in ["", "service started, timeout=30s", "09:12:33.422 granted", "error", "401 Unauthorized"] {
            assert!(!tells(log, &refusals), "{log}");
        }
    }
}
