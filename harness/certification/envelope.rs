//! A signed document: the payload in Base64 beside its signature, in the form
//! of DSSE (Dead Simple Signing Envelope, protocol v1, secure-systems-lab/dsse).
//!
//! What is signed is not the payload alone but the payload with its kind and
//! both lengths, so that no document can be passed off as one of another kind,
//! and nothing of a payload is read before its signature was found to fit.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::key::{IssuerKey, PublicKey};

/// Documents larger than this are not read, in bytes.
const LARGEST: usize = 4 << 20;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    #[serde(rename = "payloadType")]
    kind: String,
    payload: String,
    signatures: Vec<Signed>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    keyid: String,
    sig: String,
}

/// Why a signed document says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// No signed document at all.
    #[error("it is no signed document: {0}")]
    Unreadable(String),
    /// A signed document of another kind.
    #[error("it is a document of the kind `{found}`, expected `{expected}`")]
    Kind {
        /// What it says of itself.
        found: String,
        /// What was expected.
        expected: &'static str,
    },
    /// Signed by another key.
    #[error("it is signed by another key ({found})")]
    WrongKey {
        /// First digits of the key that it names.
        found: String,
    },
    /// The signature does not fit.
    #[error("its signature does not fit: it was changed after it was signed")]
    Forged,
}

/// What is signed: DSSE's pre-authentication encoding.
fn signed_bytes(kind: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

/// A document, signed, as indented JSON that ends in a line break.
pub(super) fn seal(
    kind: &'static str,
    document: &impl Serialize,
    key: &IssuerKey,
) -> Result<String, serde_json::Error> {
    let payload = serde_json::to_vec(document)?;
    let signature = key.sign(&signed_bytes(kind, &payload));
    let envelope = Envelope {
        kind: kind.to_owned(),
        payload: STANDARD.encode(&payload),
        signatures: vec![Signed { keyid: key.public().id(), sig: STANDARD.encode(signature) }],
    };
    Ok(serde_json::to_string_pretty(&envelope)? + "\n")
}

/// The document of an envelope that the key has signed.
pub(super) fn open<T: DeserializeOwned>(
    kind: &'static str,
    text: &str,
    key: &PublicKey,
) -> Result<T, EnvelopeError> {
    let unreadable = |why: String| EnvelopeError::Unreadable(why);
    if text.len() > LARGEST {
        return Err(unreadable(format!("it is larger than {LARGEST} bytes")));
    }
    let envelope: Envelope = serde_json::from_str(text).map_err(|why| unreadable(why.to_string()))?;
    if envelope.kind != kind {
        return Err(EnvelopeError::Kind { found: short(&envelope.kind, 80), expected: kind });
    }
    let payload = STANDARD.decode(&envelope.payload).map_err(|why| unreadable(why.to_string()))?;
    let bytes = signed_bytes(kind, &payload);
    // The id of a key is a hint only; the signature decides.
    let fits = envelope.signatures.iter().any(|signed| {
        let signature = STANDARD.decode(&signed.sig);
        signature.is_ok_and(|signature| key.fits(&bytes, &signature))
    });
    if !fits {
        let id = key.id();
        return Err(match envelope.signatures.first() {
            None => unreadable("nobody signed it".to_owned()),
            Some(_) if envelope.signatures.iter().any(|signed| signed.keyid == id) => EnvelopeError::Forged,
            Some(signed) => EnvelopeError::WrongKey { found: short(&signed.keyid, 16) },
        });
    }
    serde_json::from_slice(&payload).map_err(|why| unreadable(why.to_string()))
}

/// The first signs of a text that somebody else wrote, fit to be printed.
fn short(text: &str, length: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(length).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::Index;
    use serde_json::{Value, json};

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// What was changed anywhere says the same, or nothing at all.
        #[test]
        fn no_changed_byte_changes_what_is_said(at in any::<Index>(), to in 0x20_u8..0x7f) {
            let key = IssuerKey::generate();
            let document = json!({"level": "core", "until": 17});
            let mut bytes = seal("kind/a", &document, &key).unwrap().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = to;
            let text = String::from_utf8(bytes).unwrap();
            if let Ok(said) = open::<Value>("kind/a", &text, &key.public()) {
                prop_assert_eq!(said, document);
            }
        }

        #[test]
        fn any_text_is_refused_in_good_order(text in any::<String>()) {
            prop_assert!(open::<Value>("kind/a", &text, &IssuerKey::generate().public()).is_err());
        }
    }

    #[test]
    fn what_is_signed_is_encoded_as_published() {
        // The example of the protocol's own description.
        let bytes = signed_bytes("http://example.com/HelloWorld", b"hello world");
        assert_eq!(bytes, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    }

    #[test]
    fn every_way_of_not_being_signed_is_told_apart() {
        let (key, other) = (IssuerKey::generate(), IssuerKey::generate());
        let text = seal("kind/a", &json!({"a": 1}), &key).unwrap();
        assert_eq!(open::<Value>("kind/a", &text, &key.public()), Ok(json!({"a": 1})));
        let check = |text: &str, key: &IssuerKey, expected: &str| {
            let why = open::<Value>("kind/a", text, &key.public()).unwrap_err().to_string();
            assert!(why.contains(expected), "{why}");
        };
        check(&text, &other, "signed by another key");
        check("{}", &key, "no signed document");
        check("", &key, "no signed document");
        check(&seal("kind/b", &json!({"a": 1}), &key).unwrap(), &key, "of the kind `kind/b`");
        check(&seal("kind/b", &json!(1), &key).unwrap().replace("kind/b", "kind/a"), &key, "does not fit");
        let mut changed: Value = serde_json::from_str(&text).unwrap();
        changed["payload"] = STANDARD.encode(r#"{"a":2}"#).into();
        check(&changed.to_string(), &key, "does not fit");
        changed["signatures"] = json!([]);
        check(&changed.to_string(), &key, "nobody signed it");
        changed["payload"] = "§".into();
        check(&changed.to_string(), &key, "no signed document");
        changed["more"] = json!(1);
        check(&changed.to_string(), &key, "unknown field `more`");
    }

    #[test]
    fn one_that_fits_among_several_signatures_is_enough() {
        let (key, other) = (IssuerKey::generate(), IssuerKey::generate());
        let [one, two] = [&key, &other].map(|key| seal("kind/a", &json!(7), key).unwrap());
        let [mut one, two]: [Value; 2] = [one, two].map(|text| serde_json::from_str(&text).unwrap());
        let more = two["signatures"][0].clone();
        one["signatures"].as_array_mut().unwrap().insert(0, more);
        for key in [key, other] {
            assert_eq!(open::<Value>("kind/a", &one.to_string(), &key.public()), Ok(json!(7)));
        }
    }
}
