//! Why nothing was heard from a server.

use super::diagnosis::{Check, Heading};
use crate::harness::integration::{Knock, Timeouts, TlsTrouble, knock};
use crate::harness::result::TransportFailure;

/// The check that tells why an exchange with `url` had no answer, after one
/// bare request to its origin where that tells more.
pub(super) async fn explain(url: &str, why: TransportFailure, detail: &str, timeouts: Timeouts) -> Check {
    let Some(origin) = origin(url) else {
        return Check::wrong(Heading::Connection, detail, "write an address in [servers]").stopping();
    };
    let seen = format!("{origin}: {detail}");
    let check = match why {
        TransportFailure::Unresolved => Check::wrong(
            Heading::Dns,
            seen,
            "check the host's name in [servers]; where it is right, this machine cannot look names up, or the name \
             is known inside another network only",
        ),
        TransportFailure::Refused => Check::wrong(
            Heading::Connection,
            seen,
            "nothing listens there, or it cannot be reached from here: check host and port in [servers], whether \
             the subject runs, and firewall and VPN",
        ),
        TransportFailure::ConnectTimeout => Check::wrong(
            Heading::Connection,
            seen,
            "a firewall may drop what we send: check host and port in [servers], VPN and address lists; on a slow \
             line raise timeouts.connect_s",
        ),
        TransportFailure::ReadTimeout => Check::wrong(
            Heading::Connection,
            seen,
            "something takes the connection and never answers: check host and port in [servers] and whether the \
             subject is well; if it is only slow, raise timeouts.read_s",
        ),
        _ => return unspoken(&origin, detail, timeouts).await.stopping(),
    };
    check.stopping()
}

/// Both sides are there, but do not speak the same.
async fn unspoken(origin: &str, detail: &str, timeouts: Timeouts) -> Check {
    let (connect, wait) = (timeouts.connect, timeouts.read.min(timeouts.watchdog));
    let seen = format!("{origin}: {detail}");
    if let Some(rest) = origin.strip_prefix("http://") {
        let with_tls = knock(&format!("https://{rest}/"), connect, wait).await;
        return match with_tls {
            Knock::Answered => speaks_tls(&seen),
            Knock::Failed { tls: Some(trouble), .. } if trouble != TlsTrouble::NotTls => speaks_tls(&seen),
            Knock::Failed { .. } => silent(seen),
        };
    }
    let trouble = match knock(&format!("{origin}/"), connect, wait).await {
        Knock::Failed { tls: Some(trouble), .. } => trouble,
        Knock::Answered => return silent(seen),
        Knock::Failed { .. } => {
            let plain = origin.replacen("https://", "http://", 1);
            match knock(&format!("{plain}/"), connect, wait).await {
                Knock::Answered => TlsTrouble::NotTls,
                Knock::Failed { .. } => return silent(seen),
            }
        }
    };
    Check::wrong(Heading::Tls, seen, remedy(trouble))
}

fn speaks_tls(seen: &str) -> Check {
    let todo = "the port speaks TLS: write the address in [servers] with https://";
    Check::wrong(Heading::Tls, format!("{seen}; it speaks TLS, and we spoke plain HTTP"), todo)
}

fn silent(seen: String) -> Check {
    let todo = "what listens there closes the connection, or speaks something other than HTTP: check host and \
                port in [servers]";
    Check::wrong(Heading::Connection, seen, todo)
}

fn remedy(trouble: TlsTrouble) -> &'static str {
    match trouble {
        TlsTrouble::Expired => {
            "the certificate has expired: have it renewed (and see whether this machine's clock is right)"
        }
        TlsTrouble::NotYetValid => {
            "the certificate is not valid yet: see whether this machine's clock is right, then have it replaced"
        }
        TlsTrouble::WrongName => {
            "the certificate is for another name: write the host in [servers] as the certificate names it, or have \
             it issued for this name"
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
    }
}

fn origin(url: &str) -> Option<String> {
    let parsed = url::Url::parse(url).ok()?;
    Some(parsed.origin().ascii_serialization())
}
