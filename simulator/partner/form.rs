//! What the booking form makes of what was typed (API integration guide, 3.3).

use unicode_normalization::UnicodeNormalization as _;

use super::quirk::Quirk;
use super::wish::Wish;
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
    if matches!(quirk, Some(Quirk::AnyEmail | Quirk::AnyEmailLater | Quirk::MalformedLater)) {
        return Ok(Some(typed.to_owned()));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '@' | '-');
    if quirk == Some(Quirk::PlainEmailsOnly) && !typed.chars().all(plain) {
        return Err("the email address holds signs that are not taken".to_owned());
    }
    if quirk == Some(Quirk::VerifiesDomains) && !typed.ends_with("@guests.example") {
        return Err("no mail is taken at that domain".to_owned());
    }
    if quirk == Some(Quirk::OtherValidator) {
        return other_address(typed).map(Some).ok_or_else(|| "this is no email address".to_owned());
    }
    match EmailAddress::new(typed) {
        Ok(address) => Ok(Some(address.expose().to_owned())),
        Err(_) if quirk == Some(Quirk::LeavesOut) => Ok(None),
        Err(why) => Err(why.to_string()),
    }
}

/// An address by rules of its own, in a form of its own: the domain in small letters
/// of its own script.
fn other_address(typed: &str) -> Option<String> {
    let composed: String = typed.nfc().collect();
    let (local, domain) = composed.split_once('@')?;
    let other_script = |c: char| !c.is_ascii() && !c.is_control() && !c.is_whitespace();
    let of_local =
        |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || other_script(c);
    let of_domain = |c: char| c.is_ascii_alphanumeric() || c == '-' || other_script(c);
    let is_word = |word: &str| !word.is_empty() && word.chars().all(of_local);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(of_domain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let fits = local.split('.').all(is_word) && domain.contains('.') && domain.split('.').all(is_label);
    fits.then(|| format!("{local}@{}", domain.to_lowercase()))
}

fn phone(guest: &Guest, quirk: Option<Quirk>) -> Result<(Option<String>, Option<String>), String> {
    let typed = guest.phone.as_str();
    if typed.is_empty() || quirk == Some(Quirk::SendsNoPhone) {
        return Ok((None, None));
    }
    if matches!(quirk, Some(Quirk::AnyPhone | Quirk::AnyPhoneLater)) {
        return Ok((Some(typed.to_owned()), None));
    }
    let region = match guest.country.as_str() {
        "" => None,
        letters => Some(Region::new(letters).map_err(|why| why.to_string())?),
    };
    let number = match PhoneNumber::new(typed, region) {
        Ok(number) => number,
        Err(_) if quirk == Some(Quirk::LeavesOut) => return Ok((None, None)),
        Err(why) => return Err(why.to_string()),
    };
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
        Some(Quirk::OtherValidator) => (Some(number.expose_e164()), Some(reading.country_code().to_string())),
        _ => (Some(number.expose_e164()), None),
    })
}

/// What is sent of what the guest typed beside; nothing where nothing is left.
pub(super) fn reference(typed: &str, quirk: Option<Quirk>) -> Result<Option<String>, String> {
    let text = match quirk {
        Some(Quirk::RawText) => typed.to_owned(),
        Some(Quirk::RawTextLater) => {
            sanitised(typed)?;
            typed.to_owned()
        }
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

/// What of a wish its grant holds; the rest follows by an update.
pub(super) fn at_first(wish: &Wish, quirk: Option<Quirk>) -> Wish {
    match quirk {
        Some(quirk) if quirk.sends_contact_later() => wish.without_contact(),
        Some(Quirk::MalformedLater) => {
            let email = wish.email.clone().filter(|email| EmailAddress::new(email).is_ok());
            Wish { email, ..wish.clone() }
        }
        Some(Quirk::RawTextLater) => {
            let reference = wish.reference.as_deref().and_then(|text| sanitised(text).ok());
            Wish { reference: reference.filter(|text| !text.trim().is_empty()), ..wish.clone() }
        }
        _ => wish.clone(),
    }
}

fn sanitised(typed: &str) -> Result<String, String> {
    FreeText::sanitised(typed).map(|text| text.expose().to_owned()).map_err(|why| why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_validator_writes_the_domain_in_small_letters_and_agrees_about_what_is_none() {
        for (typed, sent) in [
            ("First.Last+tag@EXAMPLE.org", "First.Last+tag@example.org"),
            ("guest@München.example.org", "guest@münchen.example.org"),
            ("\u{1fef}@example.com", "`@example.com"),
        ] {
            assert_eq!(other_address(typed).as_deref(), Some(sent));
            assert_eq!(EmailAddress::new(sent), EmailAddress::new(typed));
        }
        for typed in [
            "guest",
            "@io",
            "a@b@c.org",
            "gu..est@example.org",
            "guest@example.org.",
            "me.\u{37e}@example.com",
        ] {
            assert_eq!(other_address(typed), None, "{typed}");
        }
    }
}
