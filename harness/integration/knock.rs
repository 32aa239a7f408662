//! A bare request to an address, for telling apart why nothing is heard there, or
//! who is.

use std::error::Error;
use std::time::Duration;

use rustls::{AlertDescription, CertificateError};

use super::http;
use crate::harness::result::TransportFailure;

/// What a bare request to an address came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Knock {
    /// Something answered in HTTP.
    Answered,
    /// Nothing did.
    Failed {
        /// Why not.
        why: TransportFailure,
        /// What is wrong with TLS, where that is it.
        tls: Option<TlsTrouble>,
        /// The same in words.
        detail: String,
    },
}

/// What is wrong with a TLS connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsTrouble {
    /// The certificate is past its end.
    Expired,
    /// The certificate is not valid yet.
    NotYetValid,
    /// The certificate is for another name.
    WrongName,
    /// Nobody that this machine trusts vouches for the certificate.
    UnknownIssuer,
    /// The certificate is wrong in another way.
    BadCertificate,
    /// What answers does not speak TLS.
    NotTls,
    /// No version or cipher in common: we speak TLS 1.2 and 1.3.
    NothingInCommon,
    /// Refused for another reason.
    Refused,
}

/// Sends `HEAD /` to the origin of an address, without any credential.
pub async fn knock(address: &str, connect: Duration, wait: Duration) -> Knock {
    let failed = |why, tls, detail: String| Knock::Failed { why, tls, detail };
    let client = match http::client(connect) {
        Ok(client) => client,
        Err(no) => return failed(no.why, None, no.detail),
    };
    match tokio::time::timeout(connect + wait, client.head(address).send()).await {
        Ok(Ok(_)) => Knock::Answered,
        Ok(Err(error)) => {
            let no = http::before_the_answer(&error);
            failed(no.why, trouble(&error), no.detail)
        }
        Err(_) => failed(TransportFailure::ReadTimeout, None, "no answer in time".to_owned()),
    }
}

/// The status with which a path is answered that nobody knows, below the path of
/// an address; without any credential. `None` where nothing answers.
pub async fn status_of_nothing(address: &str, connect: Duration, wait: Duration) -> Option<u16> {
    /// No API has it by chance.
    const NOTHING: &str = "lockstep-knows-no-such-path";
    let mut url = url::Url::parse(address).ok()?;
    url.set_query(None);
    url.path_segments_mut().ok()?.pop_if_empty().push(NOTHING);
    let client = http::client(connect).ok()?;
    let answer = tokio::time::timeout(connect + wait, client.get(url).send()).await.ok()?.ok()?;
    Some(answer.status().as_u16())
}

fn trouble(error: &(dyn Error + 'static)) -> Option<TlsTrouble> {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return Some(told(tls));
    }
    // An error wrapped by an I/O error is not part of the chain of sources.
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    let wrapped = wrapped.and_then(|inner| trouble(inner));
    wrapped.or_else(|| error.source().and_then(trouble))
}

fn told(error: &rustls::Error) -> TlsTrouble {
    use CertificateError as C;
    match error {
        rustls::Error::InvalidCertificate(C::Expired | C::ExpiredContext { .. }) => TlsTrouble::Expired,
        rustls::Error::InvalidCertificate(C::NotValidYet | C::NotValidYetContext { .. }) => {
            TlsTrouble::NotYetValid
        }
        rustls::Error::InvalidCertificate(C::NotValidForName | C::NotValidForNameContext { .. })
        | rustls::Error::AlertReceived(AlertDescription::UnrecognisedName) => TlsTrouble::WrongName,
        rustls::Error::InvalidCertificate(C::UnknownIssuer) => TlsTrouble::UnknownIssuer,
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => {
            TlsTrouble::BadCertificate
        }
        rustls::Error::InvalidMessage(_) => TlsTrouble::NotTls,
        rustls::Error::PeerIncompatible(_)
        | rustls::Error::AlertReceived(
            AlertDescription::ProtocolVersion
            | AlertDescription::HandshakeFailure
            | AlertDescription::InsufficientSecurity,
        ) => TlsTrouble::NothingInCommon,
        _ => TlsTrouble::Refused,
    }
}
