//! What is done with a spelled value afterwards: case, base64, digests.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha2::Sha256;

use crate::vendors::vocabulary::Field;

/// A codec from text to text, put behind the one that spells the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextCodec {
    /// Capitals; what is read is taken as capitals too.
    Upper,
    /// Small letters; what is read is taken as small letters too.
    Lower,
    /// Base64 with padding.
    Base64,
    /// MD5 in hex, computed and verified, never read.
    Md5,
    /// SHA-256 in hex, computed and verified, never read.
    Sha256,
    /// HMAC-SHA-256 in hex under a secret, computed and verified, never read.
    HmacSha256(Field),
}

impl TextCodec {
    /// Whether the value cannot be read back.
    pub fn is_one_way(&self) -> bool {
        matches!(self, Self::Md5 | Self::Sha256 | Self::HmacSha256(_))
    }

    /// Applies it; `key` finds the secret that a signature needs.
    pub fn encode(&self, text: &str, key: impl Fn(&Field) -> Option<String>) -> Result<String, String> {
        match self {
            Self::Upper => Ok(text.to_uppercase()),
            Self::Lower => Ok(text.to_lowercase()),
            Self::Base64 => Ok(STANDARD.encode(text)),
            Self::Md5 => Ok(hex::encode(Md5::digest(text.as_bytes()))),
            Self::Sha256 => Ok(hex::encode(Sha256::digest(text.as_bytes()))),
            Self::HmacSha256(field) => {
                let key = key(field).ok_or_else(|| format!("`{field}`, which signs it, has no value"))?;
                let mut mac =
                    Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(|why| why.to_string())?;
                mac.update(text.as_bytes());
                Ok(hex::encode(mac.finalize().into_bytes()))
            }
        }
    }

    /// Takes it back; a one-way codec expects what only a computation can tell.
    pub fn decode(&self, text: &str) -> Result<String, String> {
        match self {
            Self::Upper => Ok(text.to_uppercase()),
            Self::Lower => Ok(text.to_lowercase()),
            Self::Base64 => STANDARD
                .decode(text)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .ok_or_else(|| "base64 of a text".to_owned()),
            Self::Md5 | Self::Sha256 | Self::HmacSha256(_) => {
                Err("a digest, which is verified and not read".to_owned())
            }
        }
    }
}
