//! What of a call is malformed that tells of a guest, wherever it stands: IP-05,
//! IP-30, IP-40.

use super::calls::{is_calling_code, number_of};
use super::typed;
use crate::harness::partner::Contact;
use crate::vendors::vocabulary::contact::EmailAddress;

/// What is malformed of contact data and text; nothing where all is well.
pub(super) fn in_contact(contact: &Contact) -> Option<&'static str> {
    let wrong = [
        (has_malformed_email(contact), "an email address that is none"),
        (has_malformed_phone(contact), "a phone number that is not valid"),
        (holds_markup(contact), "markup in its text"),
    ];
    wrong.into_iter().find_map(|(wrong, what)| wrong.then_some(what))
}

/// Whether the text holds markup.
pub(super) fn holds_markup(contact: &Contact) -> bool {
    contact.reference.as_ref().is_some_and(|text| typed::holds_markup(text.expose()))
}

/// Whether the email address is none.
pub(super) fn has_malformed_email(contact: &Contact) -> bool {
    contact.email.as_ref().is_some_and(|email| EmailAddress::new(email.expose()).is_err())
}

/// Whether there is a number, and none that libphonenumber calls valid.
pub(super) fn has_invalid_phone(contact: &Contact) -> bool {
    contact.phone.is_some() && number_of(contact).is_none_or(|reading| !reading.is_valid())
}

/// The same of a number that is whole. One without its country code can be read as
/// several, and is the matter of IP-41.
pub(super) fn has_malformed_phone(contact: &Contact) -> bool {
    let Some(phone) = &contact.phone else { return false };
    let code = contact.country_code.as_ref().map(|code| code.expose());
    let is_whole = phone.expose().trim_start().starts_with('+') || code.is_some_and(is_calling_code);
    is_whole && has_invalid_phone(contact)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::vocabulary::Personal;

    fn contact(email: Option<&str>, phone: Option<&str>, code: Option<&str>) -> Contact {
        let personal = |text: Option<&str>| text.map(Personal::new);
        Contact {
            email: personal(email),
            phone: personal(phone),
            country_code: personal(code),
            reference: None,
        }
    }

    #[test]
    fn what_no_guest_can_be_reached_at_is_malformed() {
        for email in typed::malformed_emails() {
            assert!(in_contact(&contact(Some(&email), None, None)).is_some(), "{email:?}");
        }
        for (phone, code) in [("+47 123", None), ("123", Some("47")), ("+999 41200001", None)] {
            assert!(in_contact(&contact(None, Some(phone), code)).is_some(), "{phone}");
        }
        let markup = Contact { reference: Some(Personal::new("<b>Ada</b>")), ..Contact::default() };
        assert!(in_contact(&markup).is_some());
    }

    #[test]
    fn what_is_unusual_and_valid_is_not() {
        for email in typed::unusual_emails() {
            assert_eq!(in_contact(&contact(Some(&email), None, None)), None, "{email:?}");
        }
        for phone in typed::valid_phones() {
            assert_eq!(in_contact(&contact(None, phone.e164.as_deref(), None)), None, "{phone:?}");
        }
        // Without a code it may be anybody's: that is judged elsewhere.
        for (phone, code) in [
            ("41200001", Some("47")),
            ("41200001", Some("+47")),
            ("123", None),
            ("123", Some("NO")),
            ("123", Some("001")),
        ] {
            assert_eq!(in_contact(&contact(None, Some(phone), code)), None, "{phone}");
        }
        assert_eq!(in_contact(&Contact::default()), None);
        for text in typed::harmless() {
            let told = Contact { reference: Some(Personal::new(text)), ..Contact::default() };
            assert_eq!(in_contact(&told), None);
        }
    }
}
