//! Over all calls of the run: IP-01, IP-02, IP-03, IP-05, IP-07, IP-41, IP-51.

use cucumber::step::Collection;

use super::malformed;
use super::world::InletPartner;
use crate::harness::partner::{Arrival, Contact};
use crate::harness::trial::{Step, Stop};
use crate::vendors::inlet::{CONTENT_TYPE, Operation, Request};
use crate::vendors::vocabulary::Secret;
use crate::vendors::vocabulary::contact::PhoneReading;
use crate::vendors::vocabulary::contact::Region;

pub(super) fn steps(collection: Collection<InletPartner>) -> Collection<InletPartner> {
    crate::steps! { collection;
        given "a guest's stay was booked" => ordinary;
        given "the partner serves several customers" => several_customers;
        given "a guest of each customer booked a stay" => each_customer;
        given "Inlet is reached by HTTPS" => by_https;
        then "every call bore a credential that was issued, in its header" => credential_in_header;
        then "no credential stands in an address, another header or a body" => credential_nowhere_else;
        then "no credential stands in a message to support" => credential_in_no_mail;
        then "every call bore the credential of the customer whose lock it names" => own_credential;
        then "every call used a documented endpoint, method and content type" => documented;
        then "the first call of the run was accepted" => first_accepted;
        then "every call had its mandatory fields, of the right type and length" => mandatory_fields;
        then "no call held an email address or a phone number that is none, or markup" => none_malformed;
        then "every call went over TLS" => over_tls;
        then "every phone number that reached Inlet has its country code" => country_codes;
        then "every body was JSON in UTF-8" => json_in_utf8;
    }
}

/// The calls of the run, all of which must be known.
fn calls(world: &InletPartner) -> Result<Vec<Arrival>, Stop> {
    let bench = world.bench()?;
    if let Some(why) = bench.forgotten() {
        return Err(Stop::Inconclusive(why));
    }
    let mut calls = bench.arrivals();
    calls.retain(|call| call.received.arrived());
    if calls.is_empty() {
        return Err(Stop::fail("nothing arrived at Inlet", "calls of the partner", "none"));
    }
    Ok(calls)
}

/// Fails on the calls that are wrong, each told by its number and why.
fn none_wrong(
    world: &InletPartner,
    summary: &str,
    expected: &str,
    wrong: impl Fn(&Arrival) -> Option<String>,
) -> Step {
    let calls = calls(world)?;
    let found: Vec<String> = calls
        .iter()
        .filter_map(|call| Some(format!("call {}: {}", call.received.number(), wrong(call)?)))
        .collect();
    if found.is_empty() {
        world.remark(format!("{} calls", calls.len()));
        return Ok(());
    }
    let shown: Vec<String> = found.iter().take(5).cloned().collect();
    let observed = format!("{} of {} calls: {}", found.len(), calls.len(), shown.join("; "));
    Err(Stop::fail(summary, expected, observed))
}

async fn ordinary(world: &mut InletPartner) -> Step {
    world.booked = Some(world.bench()?.ordinary_stay().await?);
    Ok(())
}

async fn several_customers(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    if bench.description().declared.several_customers {
        return Ok(());
    }
    Err(Stop::NotApplicable("the partner declares one customer only".to_owned()))
}

async fn each_customer(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    for customer in 0..bench.tokens().len() {
        let booked = bench.book(bench.stay_of(customer)?).await?;
        world.many.push(booked);
    }
    let rooms: Vec<_> = world.many.iter().map(|booked| booked.room()).collect();
    bench.until(super::SOON, |bench| rooms.iter().all(|room| !bench.arrivals_at(room).is_empty())).await;
    for room in &rooms {
        if bench.arrivals_at(room).is_empty() {
            let observed = format!("no call about {} arrived", room.0);
            return Err(Stop::fail("a customer's stay was not sent", "a call for each customer", observed));
        }
    }
    Ok(())
}

fn bearer(call: &Arrival) -> Option<&str> {
    let (scheme, token) = call.received.exposed().header("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn credential_in_header(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    none_wrong(world, "calls bore no valid credential", "a credential as issued, in the header", |call| {
        match bearer(call) {
            None => Some("no bearer token in its header".to_owned()),
            Some(token) if bench.tokens().iter().any(|issued| issued.expose() == token) => None,
            Some(_) => Some("a token that was not issued".to_owned()),
        }
    })
}

/// Where a call holds a credential beside the header that is meant for it.
fn misplaced(call: &Arrival, holds: impl Fn(&str) -> bool) -> Option<String> {
    let request = call.received.exposed();
    let query = request.query.iter().flat_map(|(name, value)| [name, value]);
    if query.chain([&request.path]).any(|text| holds(text)) {
        return Some("in its address".to_owned());
    }
    let meant = |name: &str| name.eq_ignore_ascii_case("authorization");
    let others = request.headers.iter().enumerate().filter(|(_, (name, _))| !meant(name));
    if let Some((place, _)) = others.into_iter().find(|(_, (name, value))| holds(name) || holds(value)) {
        // As it may be shown: the name is the partner's own text.
        let name = call.received.shown().headers.into_iter().nth(place).map(|(name, _)| name);
        return Some(format!("in its header `{}`", name.unwrap_or_default()));
    }
    holds(&String::from_utf8_lossy(&request.body)).then(|| "in its body".to_owned())
}

async fn credential_nowhere_else(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let holds = |text: &str| bench.tokens().iter().any(|token| text.contains(token.expose()));
    none_wrong(world, "a credential stood where logs keep it", "a credential in the header only", |call| {
        misplaced(call, holds)
    })
}

async fn credential_in_no_mail(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let mails = bench.all_mails();
    let holds = |token: &Secret| mails.iter().filter(|mail| mail.tells(token.expose())).count();
    match bench.tokens().iter().map(holds).sum::<usize>() {
        0 => {
            world.remark(format!("{} messages", mails.len()));
            Ok(())
        }
        count => Err(Stop::fail(
            "support was told a credential",
            "no credential in a message",
            format!("one stands in {count} of {} messages", mails.len()),
        )),
    }
}

async fn own_credential(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    none_wrong(world, "a customer's credential was used for another", "each customer's own", |call| {
        let token = bearer(call)?;
        let used = bench.tokens().iter().position(|issued| issued.expose() == token)?;
        let whose = call.doors.first().and_then(|door| bench.customer_of(door))?;
        (used != whose)
            .then(|| format!("customer {}'s credential at a lock of customer {}", used + 1, whose + 1))
    })
}

async fn documented(world: &mut InletPartner) -> Step {
    none_wrong(
        world,
        "calls were not as documented",
        "documented endpoints, methods and content types",
        |call| {
            let request = call.received.exposed();
            if call.operation().is_none() {
                return Some(format!("no such endpoint ({} characters)", request.path.chars().count()));
            }
            if request.method != Operation::METHOD {
                return Some(format!("the method {}", call.received.shown().method));
            }
            if !request.query.is_empty() {
                return Some("a query, which no call has".to_owned());
            }
            let kind = request.header("content-type").unwrap_or("none");
            let plain = kind.split(';').next().unwrap_or_default().trim();
            (!plain.eq_ignore_ascii_case(CONTENT_TYPE))
                .then(|| format!("the content type {}", shown_type(call)))
        },
    )
}

/// The content type as it may be shown: whoever writes it may write anything.
fn shown_type(call: &Arrival) -> String {
    let headers = call.received.shown().headers.into_iter();
    let kind = headers.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    kind.map_or_else(|| "none".to_owned(), |(_, value)| value)
}

async fn first_accepted(world: &mut InletPartner) -> Step {
    let calls = calls(world)?;
    let first = calls.first().ok_or_else(|| Stop::Error("no call".to_owned()))?;
    match first.status() {
        Some(200) => Ok(()),
        Some(status) => Err(Stop::fail(
            "the first call was refused",
            "the first call of a fresh integration is accepted",
            format!("it was answered {status}"),
        )),
        None => Err(Stop::Inconclusive("the first call was not answered".to_owned())),
    }
}

async fn mandatory_fields(world: &mut InletPartner) -> Step {
    none_wrong(
        world,
        "fields were missing or malformed",
        "mandatory fields of the right type and length",
        |call| {
            match call.received.request()? {
                // What is wrong with the times is told apart.
                Ok(_) => None,
                Err(refused) => Some(refused.message),
            }
        },
    )
}

/// Whoever sends it, and however late.
async fn none_malformed(world: &mut InletPartner) -> Step {
    let expected = "valid addresses and numbers, and text without tags, in every call of the run";
    none_wrong(world, "calls held what is malformed", expected, |call| {
        malformed::in_contact(&call.contact()?).map(str::to_owned)
    })
}

async fn by_https(world: &mut InletPartner) -> Step {
    if world.bench()?.description().https {
        return Ok(());
    }
    let why = "Inlet was reached over HTTP on this machine, as is fit there alone; `https = true` in the \
               description has the partner call it over HTTPS";
    Err(Stop::NotApplicable(why.to_owned()))
}

async fn over_tls(world: &mut InletPartner) -> Step {
    none_wrong(world, "calls were not encrypted", "HTTPS alone", |call| {
        (!call.received.encrypted()).then(|| "plain HTTP".to_owned())
    })
}

async fn country_codes(world: &mut InletPartner) -> Step {
    world.makes_accesses()?;
    let holds = |call: &Arrival| call.contact().is_some_and(|contact| contact.phone.is_some());
    if !calls(world)?.iter().any(holds) {
        return Err(Stop::fail(
            "phone numbers are declared, and not sent",
            "a phone number in some call, or `contact` of the description without it",
            "no call held one",
        ));
    }
    none_wrong(
        world,
        "phone numbers lacked their country code",
        "E.164, or national with countryCode",
        |call| {
            let request = call.request()?;
            let (phone, code) = match &request {
                Request::Grant(grant) => (grant.phone_number.as_ref()?, grant.country_code.as_ref()),
                Request::Update(update) => (update.phone_number.as_ref()?, update.country_code.as_ref()),
                Request::Pulse(_) | Request::Revoke(_) => return None,
            };
            let Some(code) = code else {
                let whole = phone.expose().trim_start().starts_with('+');
                return (!whole).then(|| "a number without + and without countryCode".to_owned());
            };
            (!is_calling_code(code.expose()) || phone_in(phone.expose(), Some(code.expose())).is_none())
                .then(|| "a countryCode that is no country's calling code".to_owned())
        },
    )
}

/// Whether a text has the form of a calling code: one to three digits, of which the
/// first is no zero, `+` before them or not.
pub(super) fn is_calling_code(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (1..=3).contains(&digits.len()) && !digits.starts_with('0') && digits.chars().all(|c| c.is_ascii_digit())
}

async fn json_in_utf8(world: &mut InletPartner) -> Step {
    let expected = "JSON in UTF-8 that can be read in one way only";
    none_wrong(world, "bodies were not encoded properly", expected, |call| {
        call.received.flaw().map(|flaw| crate::vendors::inlet::told(&flaw))
    })
}

/// The number of contact data, where there is one that can be read.
pub(super) fn number_of(contact: &Contact) -> Option<PhoneReading> {
    let code = contact.country_code.as_ref().map(|code| code.expose());
    phone_in(contact.phone.as_ref()?.expose(), code)
}

/// What a phone number in a call says, whichever way its country code came.
pub(super) fn phone_in(phone: &str, country_code: Option<&str>) -> Option<PhoneReading> {
    let none: Option<Region> = None;
    let whole = match country_code {
        Some(code) if !phone.starts_with('+') => format!("+{}{phone}", code.trim_start_matches('+')),
        _ => phone.to_owned(),
    };
    PhoneReading::read(&whole, none).ok()
}
