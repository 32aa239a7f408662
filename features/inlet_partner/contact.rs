//! Contact data: IP-30, IP-31, IP-40, IP-42.

use cucumber::step::Collection;

use super::SOON;
use super::calls::number_of;
use super::malformed::{has_invalid_phone, has_malformed_email, has_malformed_phone};
use super::typed::{self, TypedPhone};
use super::world::InletPartner;
use crate::harness::partner::{Booked, Contact, PartnerBench};
use crate::harness::trial::{Step, Stop};
use crate::vendors::partner::{Booking, ContactData, Guest};
use crate::vendors::vocabulary::contact::EmailAddress;

pub(super) fn steps(collection: Collection<InletPartner>) -> Collection<InletPartner> {
    crate::steps! { collection;
        given "the partner sends email addresses" => sends_emails;
        given "the partner sends phone numbers" => sends_phones;
        then "no call held contact data that the partner does not declare" => declared_alone;
        when "guests with malformed email addresses book stays" => malformed_emails;
        when "guests with unusual email addresses book stays" => unusual_emails;
        when "guests with malformed phone numbers book stays" => malformed_phones;
        when "guests with phone numbers of all regions book stays" => all_regions;
        given "guests with malformed email addresses booked stays" => malformed_emails_were_typed;
        given "guests with malformed phone numbers booked stays" => malformed_phones_were_typed;
        then "none of these addresses reached Inlet" => no_address;
        then "each of these addresses reached Inlet" => each_address;
        then "none of these numbers reached Inlet" => no_number;
        then "each of these numbers reached Inlet" => each_number;
    }
}

fn word(data: ContactData) -> &'static str {
    match data {
        ContactData::Email => "email addresses",
        ContactData::Phone => "phone numbers",
    }
}

/// What an integration does not declare to send is not asked of it, and nothing
/// of the kind may arrive.
fn sends(world: &InletPartner, data: ContactData) -> Step {
    undeclared(world, data)?;
    if world.bench()?.description().declared.contact.contains(&data) {
        return Ok(());
    }
    Err(Stop::NotApplicable(format!("the partner does not declare to send {}", word(data))))
}

/// Fails where contact data of a kind arrived that is not declared.
fn undeclared(world: &InletPartner, data: ContactData) -> Step {
    let bench = world.bench()?;
    if bench.description().declared.contact.contains(&data) {
        return Ok(());
    }
    let holds = |contact: Contact| match data {
        ContactData::Email => contact.email.is_some(),
        ContactData::Phone => contact.phone.is_some(),
    };
    let count = bench.arrivals().iter().filter(|one| one.contact().is_some_and(holds)).count();
    if count == 0 {
        return Ok(());
    }
    Err(Stop::fail(
        format!("{} are sent, and not declared", word(data)),
        "`contact` of the description names what is sent of guests",
        format!("{count} calls"),
    ))
}

async fn sends_emails(world: &mut InletPartner) -> Step {
    sends(world, ContactData::Email)
}

async fn sends_phones(world: &mut InletPartner) -> Step {
    sends(world, ContactData::Phone)
}

async fn declared_alone(world: &mut InletPartner) -> Step {
    undeclared(world, ContactData::Email)?;
    undeclared(world, ContactData::Phone)
}

/// Books one stay for each datum; the form may refuse some.
pub(super) async fn book_each<T>(
    world: &mut InletPartner,
    data: Vec<T>,
    fill: impl Fn(&mut Booking, &T),
    told: impl Fn(&T) -> String,
) -> Step {
    let bench = world.bench()?;
    for datum in &data {
        let mut booking = bench.stay()?;
        fill(&mut booking, datum);
        match bench.try_book(booking).await? {
            Ok(booked) => world.many.push(booked),
            Err(why) => world.refused.push((told(datum), why)),
        }
    }
    Ok(())
}

/// Waits until a call about each booking that was taken has brought what is looked
/// for. Some send contact data after the access, by an update, which may take as
/// long as any that should come soon.
pub(super) async fn come(
    world: &InletPartner,
    has_come: impl Fn(&PartnerBench, &Booked) -> bool,
) -> Result<bool, Stop> {
    let bench = world.bench()?;
    Ok(bench.until(SOON, |bench| world.many.iter().all(|booked| has_come(bench, booked))).await)
}

/// Waits until every booking that was taken was sent.
pub(super) async fn sent_at_all(world: &InletPartner) -> Step {
    come(world, |bench, booked| !bench.arrivals_at(&booked.room()).is_empty()).await.map(drop)
}

/// Looks back on the forms of the criterion that hold what is looked for: of a
/// booking that was taken it may have come by an update, long after the access.
pub(super) fn typed_before(world: &mut InletPartner, holds: impl Fn(&Booking) -> bool) -> Step {
    let (mut typed, mut taken) = world.bench()?.own_forms();
    typed.retain(&holds);
    taken.retain(|booked| holds(&booked.booking));
    let is_taken = |form: &Booking| taken.iter().any(|booked| booked.booking.rooms == form.rooms);
    let refused = typed.iter().filter(|form| !is_taken(form)).count();
    if typed.is_empty() {
        return Err(Stop::Inconclusive("no such form was filled in".to_owned()));
    }
    world.refused = vec![(String::new(), "the form refused it".to_owned()); refused];
    world.many = taken;
    Ok(())
}

async fn malformed_emails_were_typed(world: &mut InletPartner) -> Step {
    world.makes_accesses()?;
    let malformed = typed::malformed_emails();
    typed_before(world, |booking| booking.guests.iter().any(|guest| malformed.contains(&guest.email)))
}

async fn malformed_phones_were_typed(world: &mut InletPartner) -> Step {
    world.makes_accesses()?;
    let malformed = typed::malformed_phones();
    let is_malformed = |guest: &Guest| {
        malformed.iter().any(|phone| phone.number == guest.phone && phone.country == guest.country)
    };
    typed_before(world, |booking| booking.guests.iter().any(is_malformed))
}

async fn malformed_emails(world: &mut InletPartner) -> Step {
    emails(world, typed::malformed_emails()).await?;
    sent_at_all(world).await
}

async fn unusual_emails(world: &mut InletPartner) -> Step {
    emails(world, typed::unusual_emails()).await?;
    again_at_guest_domain(world).await?;
    come(world, has_own_email).await.map(drop)
}

async fn emails(world: &mut InletPartner, emails: Vec<String>) -> Step {
    world.makes_accesses()?;
    let fill = |booking: &mut Booking, email: &String| {
        for guest in &mut booking.guests {
            guest.email.clone_from(email);
        }
    };
    book_each(world, emails, fill, Clone::clone).await
}

/// A form that asks whether mail is taken at a domain may refuse an address for its
/// domain. Each that it refused is typed again at the domain that the partner names.
async fn again_at_guest_domain(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let Some(domain) = bench.description().guest_domain.as_deref() else { return Ok(()) };
    let refused = std::mem::take(&mut world.refused);
    let again = refused.iter().map(|(typed, _)| at_domain(typed, domain)).collect();
    let before = world.many.len();
    emails(world, again).await?;
    world.remark(format!(
        "{} addresses were refused at their own domain and taken at {domain}",
        world.many.len() - before
    ));
    Ok(())
}

/// The same address at another domain.
fn at_domain(address: &str, domain: &str) -> String {
    let local = address.rsplit_once('@').map_or(address, |(local, _)| local);
    format!("{local}@{domain}")
}

async fn malformed_phones(world: &mut InletPartner) -> Step {
    phones(world, typed::malformed_phones()).await?;
    sent_at_all(world).await
}

async fn all_regions(world: &mut InletPartner) -> Step {
    phones(world, typed::valid_phones()).await?;
    let valid = typed::valid_phones();
    come(world, |bench, booked| has_own_number(bench, booked, &valid)).await.map(drop)
}

async fn phones(world: &mut InletPartner, phones: Vec<TypedPhone>) -> Step {
    world.makes_accesses()?;
    let fill = |booking: &mut Booking, phone: &TypedPhone| {
        for guest in &mut booking.guests {
            guest.phone.clone_from(&phone.number);
            guest.country.clone_from(&phone.country);
        }
    };
    book_each(world, phones, fill, |phone| phone.number.clone()).await
}

/// What was sent of a booking, over all calls about its room.
pub(super) fn sent(bench: &PartnerBench, booked: &Booked) -> Vec<Contact> {
    bench.arrivals_at(&booked.room()).iter().filter_map(|arrival| arrival.contact()).collect()
}

async fn no_address(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let mut wrong = 0;
    for booked in &world.many {
        let typed = booked.guest().email;
        let reached = sent(&bench, booked)
            .into_iter()
            .filter_map(|contact| contact.email)
            .any(|email| email.expose() == typed || EmailAddress::new(email.expose()).is_err());
        wrong += usize::from(reached);
    }
    none(world, wrong, "malformed email addresses")?;
    nowhere(&bench, has_malformed_email, "malformed email addresses")
}

/// Fails where any call so far held what none may hold: also one about a booking
/// that the form refused.
pub(super) fn nowhere(bench: &PartnerBench, holds: fn(&Contact) -> bool, what: &str) -> Step {
    let arrivals = bench.arrivals();
    let count = arrivals.iter().filter(|one| one.contact().is_some_and(|contact| holds(&contact))).count();
    if count == 0 {
        return Ok(());
    }
    let observed = format!("{count} other calls held some");
    Err(Stop::fail(format!("{what} reached Inlet"), format!("no {what} reach Inlet"), observed))
}

/// Fails where something that should not have arrived did.
fn none(world: &InletPartner, wrong: usize, what: &str) -> Step {
    let tried = world.many.len() + world.refused.len();
    if tried == 0 {
        return Err(Stop::Error("nothing was booked".to_owned()));
    }
    if wrong == 0 {
        world.remark(format!("{} of {tried} bookings were refused by the form", world.refused.len()));
        return Ok(());
    }
    let observed = format!("{wrong} of {tried} reached Inlet");
    Err(Stop::fail(format!("{what} reached Inlet"), format!("no {what} reach Inlet"), observed))
}

/// Fails where something that should have arrived did not.
pub(super) fn each(world: &InletPartner, lost: usize, what: &str) -> Step {
    let (taken, refused) = (world.many.len(), world.refused.len());
    if taken + refused == 0 {
        return Err(Stop::Error("nothing was booked".to_owned()));
    }
    if lost + refused == 0 {
        world.remark(format!("all {taken} arrived"));
        return Ok(());
    }
    let why = world.refused.first().map(|(_, why)| format!("; the form said “{why}”")).unwrap_or_default();
    let observed = format!("of {}, {refused} were refused and {lost} did not arrive{why}", taken + refused);
    Err(Stop::fail(format!("{what} did not reach Inlet"), format!("{what} reach Inlet"), observed))
}

/// Whether the address that was typed was sent.
fn has_own_email(bench: &PartnerBench, booked: &Booked) -> bool {
    let Ok(typed) = EmailAddress::new(&booked.guest().email) else { return false };
    let mut emails = sent(bench, booked).into_iter().filter_map(|contact| contact.email);
    emails.any(|email| EmailAddress::new(email.expose()).is_ok_and(|email| email == typed))
}

async fn each_address(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let lost = world.many.iter().filter(|booked| !has_own_email(&bench, booked)).count();
    each(world, lost, "valid email addresses")
}

async fn no_number(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let mut wrong = 0;
    for booked in &world.many {
        let reached = sent(&bench, booked).iter().any(has_invalid_phone);
        wrong += usize::from(reached);
    }
    none(world, wrong, "malformed phone numbers")?;
    nowhere(&bench, has_malformed_phone, "malformed phone numbers")
}

/// Whether the number that was typed was sent.
fn has_own_number(bench: &PartnerBench, booked: &Booked, valid: &[TypedPhone]) -> bool {
    let typed = booked.guest();
    let own = valid.iter().find(|phone| phone.number == typed.phone && phone.country == typed.country);
    let Some(expected) = own.and_then(|phone| phone.e164.as_deref()) else { return false };
    let is_own =
        |contact: &Contact| number_of(contact).is_some_and(|reading| reading.expose_e164() == expected);
    sent(bench, booked).iter().any(is_own)
}

async fn each_number(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let valid = typed::valid_phones();
    let lost = world.many.iter().filter(|booked| !has_own_number(&bench, booked, &valid)).count();
    each(world, lost, "valid phone numbers")
}
