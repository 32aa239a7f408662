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
            Some(told) if !is_safe(told, given) => Err(Failed::unsent(
                operation.name(),
                FailureKind::Protocol,
                format!("the vendor names `{told}` as its server, which is no address, or a less safe one"),
            )),
            Some(told) if !self.is_own(told) => Err(Failed::unsent(
                operation.name(),
                FailureKind::Protocol,
                format!(
                    "the vendor names `{told}` as its server, which is in no domain of its own; \
                     where that is right, the profile says so: `domains = [\"…\"]` of `[session]`"
                ),
            )),
            Some(told) => Ok(told.trim_end_matches('/').to_owned()),
            None => Ok(given.to_owned()),
        }
    }

    /// Whether an address is the vendor's, as far as is known: in the domain of one
    /// of its servers, or in one that the profile names. Credentials go there.
    fn is_own(&self, told: &str) -> bool {
        let named = self.shared.dialect.session.iter().flat_map(|session| &session.domains);
        let named = || named.clone().any(|domain| is_within(told, domain));
        self.home.values().any(|home| is_near(told, home)) || named()
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

/// Whether two addresses are of one party: the same host, one below the other's,
/// or side by side in a domain that no registry shares out.
fn is_near(told: &str, home: &str) -> bool {
    let host =
        |address: &str| Url::parse(address).ok().and_then(|url| url.host().map(|host| host.to_owned()));
    let (Some(told_host), Some(home_host)) = (host(told), host(home)) else { return false };
    if told_host == home_host {
        return true;
    }
    let (url::Host::Domain(_), url::Host::Domain(home)) = (&told_host, &home_host) else {
        return is_loopback(&told_host) && is_loopback(&home_host);
    };
    let above = home.split_once('.').map(|(_, above)| above).filter(|above| is_one_partys(above));
    is_within(told, home) || above.is_some_and(|above| is_within(told, above))
}

/// Whether an address is in a domain.
fn is_within(address: &str, domain: &str) -> bool {
    let url = Url::parse(address).ok();
    let Some(url::Host::Domain(host)) = url.as_ref().and_then(Url::host) else { return false };
    host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// Whether a domain is registered by somebody, as far as its name tells: not a
/// country's or a registry's own (`com`, `co.uk`, `com.au`). Where this is too
/// strict, the profile names the domain.
fn is_one_partys(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    match labels[..] {
        [] | [_] => false,
        [second, top] => !(top.len() == 2 && second.len() <= 3),
        _ => true,
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

    #[test]
    fn an_address_that_is_told_is_in_a_domain_of_the_vendor() {
        for (told, home, near) in [
            ("https://api.acme.example", "https://api.acme.example/v2", true),
            ("https://api.acme.example:8443", "https://api.acme.example", true),
            ("https://eu2.api.acme.example", "https://api.acme.example", true),
            ("https://eu2.acme.example", "https://api.acme.example", true),
            ("https://acme.example", "https://api.acme.example", true),
            ("https://eu.acme.co.uk", "https://api.acme.co.uk", true),
            ("http://127.0.0.1:7001", "http://127.0.0.1:7000", true),
            ("http://[::1]:7001", "http://127.0.0.1:7000", true),
            ("https://evil.example", "https://acme.example", false),
            ("https://evil.co.uk", "https://acme.co.uk", false),
            ("https://evil.com.au", "https://acme.com.au", false),
            ("https://evilacme.example", "https://acme.example", false),
            ("https://api.acme.example.evil.test", "https://api.acme.example", false),
            ("https://api.acme.example@evil.test", "https://api.acme.example", false),
            ("https://203.0.113.7", "https://203.0.113.8", false),
            ("https://203.0.113.7", "https://api.acme.example", false),
        ] {
            assert_eq!(is_near(told, home), near, "{told} from {home}");
        }
        assert!(is_within("https://eu.acme-cloud.test/v2", "acme-cloud.test"));
        assert!(!is_within("https://acme-cloud.test.evil.test", "acme-cloud.test"));
    }
}
