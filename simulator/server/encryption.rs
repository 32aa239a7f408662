//! TLS for a server on this machine, with a certificate that lives as long as it.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use rustls::pki_types::PrivateKeyDer;
use tokio_rustls::TlsAcceptor;

/// The names under which a server on this machine is called.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// What a server encrypts with.
#[derive(Clone)]
pub struct Encryption {
    pub(super) acceptor: TlsAcceptor,
    authority: Arc<str>,
}

impl Encryption {
    /// A fresh authority, and a certificate of it for this machine. Both are
    /// forgotten with the server, so nobody has to guard a key.
    ///
    /// # Errors
    /// A sentence for people where no key can be made.
    pub fn fresh() -> Result<Self, String> {
        let told = |why: rcgen::Error| format!("no certificate can be made: {why}");
        let authority = authority().map_err(told)?;
        let names: Vec<String> = NAMES.map(str::to_owned).into();
        let mut params = CertificateParams::new(names).map_err(told)?;
        params.distinguished_name.push(DnType::CommonName, "localhost");
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().map_err(told)?;
        let certificate = params.signed_by(&key, &authority).map_err(told)?;
        let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(str::to_owned)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let configuration = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| {
                builder.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key)
            })
            .map_err(|why| format!("no TLS: {why}"))?;
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(configuration)), authority: authority.pem().into() })
    }

    /// The authority's certificate (PEM), which a client is to trust.
    pub fn authority(&self) -> &str {
        &self.authority
    }
}

fn authority() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name.push(DnType::CommonName, "Lockstep, for this run only");
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}
