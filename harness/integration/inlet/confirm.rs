//! What can be confirmed beside the form, where a booking system wishes to:
//! that a domain takes mail, and that a phone is the guest's (API integration
//! guide, 3.3 steps 1 and 2, both optional).

use std::sync::Arc;

use futures::future::BoxFuture;

use super::booking::Fault;
use crate::vendors::vocabulary::Personal;
use crate::vendors::vocabulary::contact::EmailAddress;

/// Looks up whether a domain takes mail (its MX records).
pub trait MailDomains: Send + Sync {
    /// Whether it does; an error where that cannot be found out now.
    fn takes_mail<'a>(&'a self, domain: &'a str) -> BoxFuture<'a, Result<bool, String>>;
}

/// Knows whether a guest has confirmed a phone number by a one-time password.
pub trait PhoneOwnership: Send + Sync {
    /// Whether it is confirmed; an error where that cannot be found out now.
    fn is_confirmed<'a>(&'a self, e164: &'a Personal) -> BoxFuture<'a, Result<bool, String>>;
}

/// What is confirmed before a booking is taken; nothing unless it is given.
#[derive(Clone, Default)]
pub struct Confirmations {
    /// Domains of email addresses.
    pub domains: Option<Arc<dyn MailDomains>>,
    /// Owners of phone numbers.
    pub phones: Option<Arc<dyn PhoneOwnership>>,
}

impl Confirmations {
    /// Everything that is denied. What cannot be found out is not held against
    /// the guest: both are optional, and a name server may be down.
    pub(super) async fn denied(&self, phone: Option<&Personal>, email: Option<&Personal>) -> Vec<Fault> {
        let mut denied = Vec::new();
        let address = email.and_then(|email| EmailAddress::new(email.expose()).ok());
        if let (Some(domains), Some(address)) = (&self.domains, address)
            && domains.takes_mail(address.domain()).await == Ok(false)
        {
            denied.push(Fault::new("email", "the domain takes no mail"));
        }
        if let (Some(phones), Some(phone)) = (&self.phones, phone)
            && phones.is_confirmed(phone).await == Ok(false)
        {
            denied.push(Fault::new("phone", "the guest has not confirmed it yet"));
        }
        denied
    }
}
