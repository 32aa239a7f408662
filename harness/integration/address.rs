//! Where a request goes: the server's address as it was given, or as the vendor
//! has told it, and a link to the next page, which never leads elsewhere.

use url::Url;

use super::Integration;
use super::failure::Failed;
use crate::vendors::dialect::{Operation, PagingBy};
use crate::vendors::vocabulary::{Facts, FailureKind, Field, is_loopback};

impl Integration {
    /// The address of an operation's server. One that the vendor told in this
    /// session (`{server.name}`) goes before the one that was given, unless all
    /// exchanges are led through other addresses.
    pub(super) fn base_address(&self, operation: &Operation, facts: &Facts) -> Result<String, Failed> {
        let name = operation.server();
        let given = self.servers.get(name).map(|base| base.trim_end_matches('/')).ok_or_else(|| {
            Failed::unsent(
                operation.name(),
                FailureKind::Invalid,
                format!("the server `{name}` of the profile has no address"),
            )
        })?;
        let learned = facts.text(&Field::Server(name.into())).filter(|_| !self.led_elsewhere());
        match learned {
            Some(told) if is_safe(told, given) => Ok(told.trim_end_matches('/').to_owned()),
            Some(told) => Err(Failed::unsent(
                operation.name(),
                FailureKind::Protocol,
                format!("the vendor names `{told}` as its server, which is no address, or a less safe one"),
            )),
            None => Ok(given.to_owned()),
        }
    }

    fn led_elsewhere(&self) -> bool {
        self.servers != self.home
    }

    /// The path and query below the server's address that a link to the next
    /// page leads to, where the request follows one.
    pub(super) fn linked(
        &self,
        operation: &Operation,
        base: &str,
        facts: &Facts,
    ) -> Result<Option<String>, Failed> {
        let by_link = operation.paging().is_some_and(|paging| paging.by == PagingBy::Link);
        let Some(link) = facts.text(&Field::PageCursor).filter(|_| by_link) else { return Ok(None) };
        let homes = [Some(base), self.home.get(operation.server()).map(String::as_str)];
        let below = homes.into_iter().flatten().find_map(|home| below(link, home));
        below.map(Some).ok_or_else(|| {
            Failed::protocol(operation.name(), "the link to the next page leads to another server", None)
        })
    }
}

/// Whether an address that the vendor told may be called in place of a given one:
/// never without encryption where there was some, and never elsewhere from a
/// server on this machine, where secrets are for trying out.
fn is_safe(told: &str, given: &str) -> bool {
    let here = |address: &str| Url::parse(address).ok().and_then(|url| Some(is_loopback(&url.host()?)));
    if here(given) == Some(true) && here(told) != Some(true) {
        return false;
    }
    let scheme = |address: &str| Url::parse(address).ok().map(|url| url.scheme().to_owned());
    match (scheme(told).as_deref(), scheme(given).as_deref()) {
        (Some("https"), _) => true,
        (Some("http"), given) => given != Some("https"),
        _ => false,
    }
}

/// What comes after `home` in a link, absolute or relative to it; `None` where
/// it leads to another origin or past the server's path.
fn below(link: &str, home: &str) -> Option<String> {
    let home = Url::parse(home).ok()?;
    let target = home.join(link).ok()?;
    if target.origin() != home.origin() || !target.username().is_empty() || target.password().is_some() {
        return None;
    }
    let rest = target.path().strip_prefix(home.path().trim_end_matches('/'))?;
    if !rest.starts_with('/') {
        return None;
    }
    Some(target.query().map_or_else(|| rest.to_owned(), |query| format!("{rest}?{query}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_stays_at_its_server() {
        let home = "https://api.example/v1";
        for (link, expected) in [
            ("https://api.example/v1/locks?page=2", Some("/locks?page=2")),
            ("/v1/locks?cursor=a%2Fb", Some("/locks?cursor=a%2Fb")),
            ("https://api.example/v1/locks", Some("/locks")),
            ("https://api.example:444/v1/locks", None),
            ("http://api.example/v1/locks", None),
            ("https://evil.example/v1/locks", None),
            ("https://api.example@evil.example/v1/locks", None),
            ("https://me@api.example/v1/locks", None),
            ("//evil.example/v1/locks", None),
            ("https://api.example/v10/locks", None),
            ("https://api.example/v1/../admin", None),
            ("javascript:alert(1)", None),
        ] {
            assert_eq!(below(link, home).as_deref(), expected, "{link}");
        }
    }

    #[test]
    fn an_address_that_is_told_is_not_less_safe() {
        assert!(is_safe("https://eu.example", "https://api.example"));
        assert!(is_safe("http://127.0.0.1:1", "http://127.0.0.1:2"));
        assert!(!is_safe("http://eu.example", "https://api.example"));
        assert!(!is_safe("eu.example", "https://api.example"));
        assert!(!is_safe("file:///etc/passwd", "http://127.0.0.1"));
    }
}
