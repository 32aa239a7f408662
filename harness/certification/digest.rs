//! Digests over what was judged and seen: the same content gives the same
//! digest, whatever the order of members and the layout of the file.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A value as JSON with its members in order of name and no space between.
pub(super) fn canonical(value: &Value) -> String {
    sorted(value).to_string()
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            Value::Object(members.into_iter().map(|(name, value)| (name.clone(), sorted(value))).collect())
        }
        Value::Array(values) => Value::Array(values.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

/// SHA-256 over a value, in hexadecimal digits.
pub(super) fn of(value: &Value) -> String {
    of_bytes(canonical(value).as_bytes())
}

/// SHA-256 over bytes, in hexadecimal digits.
pub(super) fn of_bytes(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The evidence root: SHA-256 over the digests of all exchanges in their order,
/// so that one exchange can be shown to belong to it without the others' text.
pub(super) fn evidence_root(exchanges: &[Value]) -> String {
    let mut root = Sha256::new();
    // Named, so that no digest over other things can be taken for a root.
    root.update(b"lockstep.evidence/1\0");
    for exchange in exchanges {
        root.update(Sha256::digest(canonical(exchange).as_bytes()));
    }
    hex::encode(root.finalize())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::harness::sample::report;

    #[test]
    fn the_order_of_members_says_nothing_and_that_of_lists_does() {
        let one: Value = serde_json::from_str(r#"{"b": [1, 2], "a": {"d": null, "c": "x"}}"#).unwrap();
        let other: Value = serde_json::from_str(r#"{ "a": {"c": "x", "d": null}, "b": [1, 2]}"#).unwrap();
        assert_eq!(canonical(&one), r#"{"a":{"c":"x","d":null},"b":[1,2]}"#);
        assert_eq!(of(&one), of(&other));
        assert_ne!(of(&json!([1, 2])), of(&json!([2, 1])));
    }

    #[test]
    fn every_exchange_counts_for_the_root() {
        let whole: Vec<Value> =
            report().exchanges.iter().map(|exchange| serde_json::to_value(exchange).unwrap()).collect();
        let root = evidence_root(&whole);
        assert_ne!(root, evidence_root(&whole[1..]));
        let mut changed = whole.clone();
        changed[2]["took_ms"] = json!(13);
        assert_ne!(root, evidence_root(&changed));
        changed = whole.clone();
        changed.swap(0, 1);
        assert_ne!(root, evidence_root(&changed));
        assert_eq!(root, evidence_root(&whole.clone()));
    }
}
