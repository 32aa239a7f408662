//! Which hosts are this machine.

use url::Host;

/// Whether a host is this machine wherever it is looked up: an address of the
/// loopback, or `localhost` itself.
pub fn is_this_machine<S: AsRef<str>>(host: &Host<S>) -> bool {
    match host {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => name.as_ref() == "localhost",
    }
}

/// Whether a host is on this machine by its name: the same, or a name under
/// `localhost` (RFC 6761, section 6.3). A resolver may not keep to that, so who
/// must not call anybody else asks [`is_this_machine`].
pub fn is_loopback<S: AsRef<str>>(host: &Host<S>) -> bool {
    is_this_machine(host) || matches!(host, Host::Domain(name) if name.as_ref().ends_with(".localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(host: &str) -> (bool, bool) {
        let host = Host::parse(host).expect("a host");
        (is_this_machine(&host), is_loopback(&host))
    }

    #[test]
    fn addresses_of_the_loopback_and_its_names_are_this_machine() {
        for host in ["127.0.0.1", "127.9.8.7", "[::1]", "localhost", "LOCALHOST"] {
            assert_eq!(judged(host), (true, true), "{host}");
        }
        assert_eq!(judged("hook.localhost"), (false, true));
        for host in ["192.0.2.1", "[2001:db8::1]", "localhost.example", "notlocalhost"] {
            assert_eq!(judged(host), (false, false), "{host}");
        }
    }
}
