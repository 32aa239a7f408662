//! The keys that certificates are signed and checked with: Ed25519 in PEM.

use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{
    DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _,
};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use super::digest;

/// Why a key could not be made or read. Never says what stands in the file.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("the key file {} cannot be used: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Others than its owner may read it.
    #[error("the key file {} may be read by others than its owner (mode {mode:o}); allow its owner alone: chmod 600", path.display())]
    Shared {
        /// Which.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// No key of the kind that is needed.
    #[error("{} holds no {expected} in PEM{hint}", path.display())]
    Content {
        /// Which.
        path: PathBuf,
        /// What was expected.
        expected: &'static str,
        /// What it holds instead, where that is known.
        hint: &'static str,
    },
    /// The system made no key.
    #[error("no key could be made")]
    Make,
}

/// A private key. It shows in no text; it goes into its file and nowhere else.
pub struct IssuerKey(SigningKey);

impl fmt::Debug for IssuerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IssuerKey({})", self.public().id())
    }
}

impl IssuerKey {
    /// A new key from the system's random numbers.
    pub fn generate() -> Self {
        Self(SigningKey::generate(&mut rand::rng()))
    }

    /// Writes the key into a new file that its owner alone may read. A file that
    /// is there is never replaced: the certificates that it signed need it.
    pub fn write_new(&self, path: &Path) -> Result<(), KeyError> {
        let pem = self.0.to_pkcs8_pem(LineEnding::LF).map_err(|_| KeyError::Make)?;
        let file = |source| KeyError::File { path: path.to_owned(), source };
        let mut open = fs::OpenOptions::new();
        open.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
        let mut out = open.open(path).map_err(file)?;
        out.write_all(pem.as_bytes()).and_then(|()| out.sync_all()).map_err(file)
    }

    /// Reads a key, and refuses one that others may read.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let text = text(path)?;
        owner_alone(path)?;
        Self::parse(&text).ok_or_else(|| KeyError::Content {
            path: path.to_owned(),
            expected: "private Ed25519 key",
            hint: if text.contains("PUBLIC KEY") { "; it holds a public one" } else { "" },
        })
    }

    fn parse(text: &str) -> Option<Self> {
        SigningKey::from_pkcs8_pem(text).ok().map(Self)
    }

    /// The key that checks what this one signs.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs bytes.
    pub(super) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(bytes).to_bytes()
    }
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads a public key. A private one is refused: who checks needs none.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let text = text(path)?;
        Self::parse(&text).ok_or_else(|| KeyError::Content {
            path: path.to_owned(),
            expected: "public Ed25519 key",
            hint: match text.contains("PRIVATE KEY") {
                true => "; it holds a private one, which belongs to its owner alone",
                false => "",
            },
        })
    }

    fn parse(text: &str) -> Option<Self> {
        VerifyingKey::from_public_key_pem(text).ok().map(Self)
    }

    /// Writes the key into a file.
    pub fn write(&self, path: &Path) -> Result<(), KeyError> {
        let pem = self.0.to_public_key_pem(LineEnding::LF).map_err(|_| KeyError::Make)?;
        fs::write(path, pem).map_err(|source| KeyError::File { path: path.to_owned(), source })
    }

    /// Its name: SHA-256 over its bytes.
    pub fn id(&self) -> String {
        digest::of_bytes(self.0.as_bytes())
    }

    /// Whether a signature over bytes is of the private key. Strict: weak keys
    /// and signatures that fit several messages are refused.
    pub(super) fn fits(&self, bytes: &[u8], signature: &[u8]) -> bool {
        let signature = Signature::from_slice(signature);
        signature.is_ok_and(|signature| self.0.verify_strict(bytes, &signature).is_ok())
    }
}

fn text(path: &Path) -> Result<String, KeyError> {
    fs::read_to_string(path).map_err(|source| KeyError::File { path: path.to_owned(), source })
}

#[cfg(unix)]
fn owner_alone(path: &Path) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt as _;
    let about = fs::metadata(path).map_err(|source| KeyError::File { path: path.to_owned(), source })?;
    let mode = about.permissions().mode() & 0o777;
    match mode & 0o077 {
        0 => Ok(()),
        _ => Err(KeyError::Shared { path: path.to_owned(), mode }),
    }
}

#[cfg(not(unix))]
fn owner_alone(_: &Path) -> Result<(), KeyError> {
    // The permissions of other systems are not told by a mode.
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_once_for_its_owner_alone_and_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let [private, public] = ["key.pem", "key.pub.pem"].map(|name| folder.path().join(name));
        let key = IssuerKey::generate();
        key.write_new(&private).unwrap();
        key.public().write(&public).unwrap();
        let again = IssuerKey::read(&private).unwrap();
        assert!(key.public().fits(b"text", &again.sign(b"text")));
        assert_eq!(PublicKey::read(&public).unwrap(), key.public());
        assert!(matches!(key.write_new(&private), Err(KeyError::File { .. })));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&private).unwrap().permissions().mode() & 0o777, 0o600);
            fs::set_permissions(&private, fs::Permissions::from_mode(0o640)).unwrap();
            assert!(matches!(IssuerKey::read(&private), Err(KeyError::Shared { mode: 0o640, .. })));
        }
    }

    #[test]
    fn one_kind_of_key_does_not_stand_for_the_other_and_no_text_shows_it() {
        let folder = tempfile::tempdir().unwrap();
        let [private, public, neither] = ["a", "b", "c"].map(|name| folder.path().join(name));
        let key = IssuerKey::generate();
        key.write_new(&private).unwrap();
        IssuerKey::generate().write_new(&neither).unwrap();
        key.public().write(&public).unwrap();
        fs::write(&neither, "canary-not-a-key").unwrap();
        let told = [
            PublicKey::read(&private).unwrap_err().to_string(),
            PublicKey::read(&neither).unwrap_err().to_string(),
            IssuerKey::read(&neither).unwrap_err().to_string(),
            format!("{key:?}"),
        ]
        .join("\n");
        assert!(told.contains("it holds a private one"), "{told}");
        let secret = fs::read_to_string(&private).unwrap();
        let secret = secret.lines().nth(1).unwrap();
        assert!(!told.contains(secret) && !told.contains("canary"), "{told}");
    }
}
