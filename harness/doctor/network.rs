//! Why nothing was heard from a server.

use super::diagnosis::{Check, Heading};
use crate::harness::integration::{Knock, TlsTrouble, knock};
use crate::harness::result::TransportFailure;
use crate::harness::subject::{Given, Subject};

/// The check that tells why an exchange with `url` had no answer, after one
/// bare request to its origin where that tells more.
pub(super) async fn explain(url: &str, why: TransportFailure, detail: &str, subject: &Subject) -> Check {
    let servers = subject.given.servers();
    let Some(origin) = origin(url) else {
        return Check::wrong(Heading::Connection, detail, format!("write an address in {servers}"))
            .stopping();
    };
    let (heading, todo) = match why {
        TransportFailure::Unresolved => (
            Heading::Dns,
            format!(
                "check the host's name in {servers}; where it is right, this machine cannot look names up, or the \
                 name is known inside another network only"
            ),
        ),
        TransportFailure::Refused => (
            Heading::Connection,
            format!(
                "nothing listens there, or it cannot be reached from here: check host and port in {servers}, \
                 whether the subject runs, and firewall and VPN"
            ),
        ),
        TransportFailure::ConnectTimeout => (
            Heading::Connection,
            format!(
                "a firewall may drop what we send: check host and port in {servers}, VPN and address lists; on a \
                 slow line raise timeouts.connect_s"
            ),
        ),
        TransportFailure::ReadTimeout => (
            Heading::Connection,
            format!(
                "something takes the connection and never answers: check host and port in {servers} and whether \
                 the subject is well; if it is only slow, raise timeouts.read_s"
            ),
        ),
        _ => return unspoken(&origin, detail, subject).await.stopping(),
    };
    Check::wrong(heading, format!("{origin}: {detail}"), format!("{todo}{}", unused_proxy())).stopping()
}

/// Says of a proxy that other programs would use that it is not used here.
fn unused_proxy() -> String {
    const VARIABLES: [&str; 6] =
        ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
    let set = VARIABLES.iter().find(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    set.map_or_else(String::new, |name| {
        format!("; {name} is set, but Lockstep speaks to the subject directly and uses no proxy")
    })
}

/// Both sides are there, but do not speak the same.
async fn unspoken(origin: &str, detail: &str, subject: &Subject) -> Check {
    let Subject { given, timeouts, .. } = subject;
    let (connect, wait) = (timeouts.connect, timeouts.read.min(timeouts.watchdog));
    let seen = format!("{origin}: {detail}");
    if let Some(rest) = origin.strip_prefix("http://") {
        let with_tls = knock(&format!("https://{rest}/"), connect, wait).await;
        return match with_tls {
            Knock::Answered => speaks_tls(&seen, *given),
            Knock::Failed { tls: Some(trouble), .. } if trouble != TlsTrouble::NotTls => {
                speaks_tls(&seen, *given)
            }
            Knock::Failed { .. } => silent(seen, *given),
        };
    }
    let trouble = match knock(&format!("{origin}/"), connect, wait).await {
        Knock::Failed { tls: Some(trouble), .. } => trouble,
        Knock::Answered => return silent(seen, *given),
        Knock::Failed { .. } => {
            let plain = origin.replacen("https://", "http://", 1);
            match knock(&format!("{plain}/"), connect, wait).await {
                Knock::Answered => TlsTrouble::NotTls,
                Knock::Failed { .. } => return silent(seen, *given),
            }
        }
    };
    Check::wrong(Heading::Tls, seen, remedy(trouble, *given))
}

fn speaks_tls(seen: &str, given: Given) -> Check {
    let todo = format!("the port speaks TLS: write the address in {} with https://", given.servers());
    Check::wrong(Heading::Tls, format!("{seen}; it speaks TLS, and we spoke plain HTTP"), todo)
}

fn silent(seen: String, given: Given) -> Check {
    let todo = format!(
        "what listens there closes the connection, or speaks something other than HTTP: check host and port in {}",
        given.servers()
    );
    Check::wrong(Heading::Connection, seen, todo)
}

fn remedy(trouble: TlsTrouble, given: Given) -> String {
    let todo = match trouble {
        TlsTrouble::Expired => {
            "the certificate has expired: have it renewed (and see whether this machine's clock is right)"
        }
        TlsTrouble::NotYetValid => {
            "the certificate is not valid yet: see whether this machine's clock is right, then have it replaced"
        }
        TlsTrouble::WrongName => {
            return format!(
                "the certificate is for another name: write the host in {} as the certificate names it, or have it \
                 issued for this name",
                given.servers()
            );
        }
        TlsTrouble::UnknownIssuer => {
            "nobody that this machine trusts vouches for the certificate: have the server send its whole chain, or \
             add the authority to this machine's store (or name its file in SSL_CERT_FILE)"
        }
        TlsTrouble::BadCertificate => {
            "the certificate cannot be used: have a server's certificate issued for this name"
        }
        TlsTrouble::NotTls => {
            "the port speaks plain HTTP: write the port that speaks TLS, or http:// where the API has none"
        }
        TlsTrouble::NothingInCommon => {
            "the server offers neither TLS 1.2 nor 1.3 with a cipher that is still safe: have its TLS renewed"
        }
        TlsTrouble::Refused => {
            "the server breaks TLS off: see whether it wants a client's certificate, and what its log says"
        }
    };
    todo.to_owned()
}

fn origin(url: &str) -> Option<String> {
    let parsed = url::Url::parse(url).ok()?;
    Some(parsed.origin().ascii_serialization())
}
