//! The sealed box of NaCl (`crypto_secretbox`): XSalsa20 for the words, Poly1305
//! so that nobody can change them. Its key is the SHA-256 of a secret, its nonce
//! 24 bytes that stand in the same request as hexadecimal digits.

use crypto_secretbox::aead::Aead;
use crypto_secretbox::{KeyInit, XSalsa20Poly1305};
use sha2::{Digest, Sha256};

use crate::vendors::vocabulary::Secret;

/// Bytes of a nonce.
pub(crate) const NONCE_BYTES: usize = 24;

/// Seals a text. The error says what is wrong with the nonce.
pub(super) fn seal(secret: &Secret, nonce: &str, text: &str) -> Result<Vec<u8>, String> {
    let nonce = nonce_bytes(nonce)?;
    let sealed = cipher(key_of(secret)).encrypt((&nonce).into(), text.as_bytes());
    sealed.map_err(|why| why.to_string())
}

/// Opens what was sealed; `None` where it was sealed by another secret or nonce,
/// was changed on its way, or holds no text.
pub(super) fn open(secret: &Secret, nonce: &str, sealed: &[u8]) -> Option<String> {
    let nonce = nonce_bytes(nonce).ok()?;
    let text = cipher(key_of(secret)).decrypt((&nonce).into(), sealed).ok()?;
    String::from_utf8(text).ok()
}

fn key_of(secret: &Secret) -> [u8; 32] {
    Sha256::digest(secret.expose().as_bytes()).into()
}

fn cipher(key: [u8; 32]) -> XSalsa20Poly1305 {
    XSalsa20Poly1305::new(&key.into())
}

fn nonce_bytes(nonce: &str) -> Result<[u8; NONCE_BYTES], String> {
    let mut bytes = [0; NONCE_BYTES];
    hex::decode_to_slice(nonce, &mut bytes)
        .map_err(|_| format!("a nonce of {NONCE_BYTES} bytes in hexadecimal digits seals, not this one"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Key, nonce, words and box of `tests/secretbox.c` of NaCl 20110221, which
    /// is in the public domain.
    const KEY: &str = "1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389";
    const NONCE: &str = "69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37";
    const WORDS: &str = "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a\
                         1ac728d45e6c61296cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057\
                         e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040\
                         e082f937763848645e0705";
    const BOX: &str = "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4\
                       476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738\
                       b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de\
                       56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5";

    #[test]
    fn what_nacl_sealed_is_sealed_and_opened_likewise() {
        let key: [u8; 32] = hex::decode(KEY).unwrap().try_into().unwrap();
        let nonce = nonce_bytes(NONCE).unwrap();
        let (words, sealed) = (hex::decode(WORDS).unwrap(), hex::decode(BOX).unwrap());
        assert_eq!(cipher(key).encrypt((&nonce).into(), &words[..]).unwrap(), sealed);
        assert_eq!(cipher(key).decrypt((&nonce).into(), &sealed[..]).unwrap(), words);
    }

    #[test]
    fn what_was_changed_or_sealed_otherwise_does_not_open() {
        let (secret, other) = (Secret::new("token"), Secret::new("another"));
        let sealed = seal(&secret, NONCE, "2026-03-01T12:00:00Z,4711").unwrap();
        assert_eq!(open(&secret, NONCE, &sealed).as_deref(), Some("2026-03-01T12:00:00Z,4711"));
        assert_eq!(
            open(&secret, &NONCE.to_uppercase(), &sealed).as_deref(),
            Some("2026-03-01T12:00:00Z,4711")
        );
        assert_eq!(open(&other, NONCE, &sealed), None);
        assert_eq!(open(&secret, &NONCE.replace('6', "7"), &sealed), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(open(&secret, NONCE, &changed), None, "byte {at}");
        }
        assert_eq!(open(&secret, NONCE, &sealed[..15]), None);
        for wrong in ["", "n-1", &NONCE[2..]] {
            assert!(seal(&secret, wrong, "now").is_err(), "{wrong}");
        }
    }
}
