//! What the booking form makes of what was typed (API integration guide, 3.3).

use super::quirk::Quirk;
use crate::vendors::partner::Guest;
use crate::vendors::vocabulary::contact::{EmailAddress, FreeText, PhoneNumber, Region};

/// Contact data as they are sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Contact {
    pub email: Option<String>,
    pub phone: Option<String>,
    pub country_code: Option<String>,
}

/// Checks who comes. The error is what the form says to the guest.
pub(super) fn contact(guest: &Guest, quirk: Option<Quirk>) -> Result<Contact, String> {
    let email = email(&guest.email, quirk)?;
    let (phone, country_code) = phone(guest, quirk)?;
    Ok(Contact { email, phone, country_code })
}

fn email(typed: &str, quirk: Option<Quirk>) -> Result<Option<String>, String> {
    if typed.is_empty() {
        return Ok(None);
    }
    if quirk == Some(Quirk::AnyEmail) {
        return Ok(Some(typed.to_owned()));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '@' | '-');
    if quirk == Some(Quirk::PlainEmailsOnly) && !typed.chars().all(plain) {
        return Err("the email address holds signs that are not taken".to_owned());
    }
    if quirk == Some(Quirk::VerifiesDomains) && !typed.ends_with("@guests.example") {
        return Err("no mail is taken at that domain".to_owned());
    }
    let address = EmailAddress::new(typed).map_err(|why| why.to_string())?;
    Ok(Some(address.expose().to_owned()))
}

fn phone(guest: &Guest, quirk: Option<Quirk>) -> Result<(Option<String>, Option<String>), String> {
    let typed = guest.phone.as_str();
    if typed.is_empty() || quirk == Some(Quirk::SendsNoPhone) {
        return Ok((None, None));
    }
    if quirk == Some(Quirk::AnyPhone) {
        return Ok((Some(typed.to_owned()), None));
    }
    let region = match guest.country.as_str() {
        "" => None,
        letters => Some(Region::new(letters).map_err(|why| why.to_string())?),
    };
    let number = PhoneNumber::new(typed, region).map_err(|why| why.to_string())?;
    let reading = number.reading();
    if quirk == Some(Quirk::NorwegianOnly) && reading.country_code() != 47 {
        return Err("numbers of other countries are not taken".to_owned());
    }
    Ok(match quirk {
        Some(Quirk::NoCountryCode) => (Some(reading.expose_national()), None),
        Some(Quirk::RegionAsCode) => {
            (Some(reading.expose_national()), reading.region().map(|region| region.to_string()))
        }
        Some(Quirk::NationalNumbers) => {
            (Some(reading.expose_national()), Some(reading.country_code().to_string()))
        }
        _ => (Some(number.expose_e164()), None),
    })
}

/// What is sent of what the guest typed beside; nothing where nothing is left.
pub(super) fn reference(typed: &str, quirk: Option<Quirk>) -> Result<Option<String>, String> {
    let text = match quirk {
        Some(Quirk::RawText) => typed.to_owned(),
        Some(Quirk::StripsSigns) => {
            typed.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').collect()
        }
        Some(Quirk::EscapesTwice) => {
            let text = sanitised(typed)?;
            text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('\'', "&#39;")
        }
        _ => sanitised(typed)?,
    };
    let text = Some(text).filter(|text| !text.trim().is_empty());
    Ok(text.map(|text| match quirk {
        Some(Quirk::PrefixesText) => format!("Front desk: {text}"),
        _ => text,
    }))
}

fn sanitised(typed: &str) -> Result<String, String> {
    FreeText::sanitised(typed).map(|text| text.expose().to_owned()).map_err(|why| why.to_string())
}
