//! The authorities that this machine trusts.

use std::sync::OnceLock;

use rustls::ClientConfig;
use rustls_platform_verifier::ConfigVerifierExt;

/// TLS towards whomever this machine trusts. What it trusts is read once for the
/// whole process: a run makes many clients, and each would read hundreds of files.
/// The error is a sentence for people.
pub(super) fn of_this_machine() -> Result<ClientConfig, String> {
    static READ: OnceLock<Result<ClientConfig, String>> = OnceLock::new();
    READ.get_or_init(|| {
        let mut config = ClientConfig::with_platform_verifier().map_err(|why| why.to_string())?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    })
    .clone()
}
