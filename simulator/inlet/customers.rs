//! Who may call, and from where.

use std::net::IpAddr;

use crate::vendors::inlet::ErrorAnswer;
use crate::vendors::vocabulary::Secret;
use crate::vendors::wire::WireRequest;

/// A customer of Inlet's, for whom a partner calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Its name.
    pub name: String,
    /// Its token.
    pub token: Secret,
    /// The addresses from which the token is accepted.
    pub addresses: Vec<IpAddr>,
}

impl Customer {
    /// A customer whose partner calls from this machine.
    pub fn on_loopback(name: impl Into<String>, token: Secret) -> Self {
        let addresses = vec![IpAddr::from([127, 0, 0, 1]), IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])];
        Self { name: name.into(), token, addresses }
    }
}

/// The customer for whom a request is made; the refusal where there is none.
/// Without valid credentials it is 401, from another address 403 (chosen: `bearer`).
pub(super) fn admit<'a>(
    customers: &'a [Customer],
    request: &WireRequest,
    from: Option<IpAddr>,
) -> Result<&'a Customer, ErrorAnswer> {
    let Some(token) = bearer(request) else {
        return Err(ErrorAnswer::new(
            401,
            "the token is missing: expected `Authorization: Bearer` and a token",
        ));
    };
    let customer = customers.iter().find(|customer| customer.token.expose() == token);
    let customer = customer.ok_or_else(|| ErrorAnswer::new(401, "the token is not known"))?;
    let known = from.is_some_and(|from| customer.addresses.contains(&from.to_canonical()));
    known.then_some(customer).ok_or_else(|| {
        ErrorAnswer::new(403, "the token is not accepted from this address; it is tied to others")
    })
}

fn bearer(request: &WireRequest) -> Option<&str> {
    let (scheme, token) = request.header("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
