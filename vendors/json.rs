//! JSON that can mean one thing only.
//!
//! RFC 8259 leaves open what an object means whose names are not unique (4), and
//! readers differ: the first value, the last, or none. I-JSON (RFC 7493, 2.3)
//! forbids it, and so does whoever holds a sender to its words. The same goes for
//! a byte order mark (RFC 8259, 8.1) and for half of a surrogate pair (8.2).

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Longest name that is repeated.
const LONGEST_NAME: usize = 32;

/// Why bytes are no such JSON. Shown to people it repeats no value, and of names
/// only those that are words: whoever is refused writes the refusal into a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// The bytes are no UTF-8.
    #[error("bytes that are no UTF-8, from byte {byte} on")]
    NotUtf8 {
        /// The first that cannot be read, from 1.
        byte: usize,
    },
    /// A byte order mark stands before it.
    #[error("a byte order mark before it")]
    ByteOrderMark,
    /// It does not follow the grammar, or goes beyond what is read.
    #[error("{what} at line {line}, column {column}")]
    Malformed {
        /// What is found in its place.
        what: &'static str,
        /// The line, from 1.
        line: usize,
        /// The column, from 1 (0 where a line has none).
        column: usize,
        /// What the parser says of it.
        why: String,
    },
    /// An object has several members of one name.
    #[error("{}: expected one value, found several", repeated(.member))]
    Twice {
        /// The name.
        member: String,
    },
}

/// A name as it may be repeated.
fn repeated(name: &str) -> String {
    match is_word(name) {
        true => format!("`{name}`"),
        false => "a member whose name is not repeated here".to_owned(),
    }
}

/// Whether a name is a word. One that is none may hold anything, as a value may.
pub fn is_word(name: &str) -> bool {
    name.len() <= LONGEST_NAME && name.chars().all(|c| c.is_ascii_alphabetic() || c == '_')
}

/// Reads a whole text.
pub fn read(bytes: &[u8]) -> Result<Value, Flaw> {
    let text = std::str::from_utf8(bytes).map_err(|error| Flaw::NotUtf8 { byte: error.valid_up_to() + 1 })?;
    if text.starts_with('\u{feff}') {
        return Err(Flaw::ByteOrderMark);
    }
    let mut twice = None;
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Unique { twice: &mut twice }.deserialize(&mut reader);
    let read = read.and_then(|value| reader.end().map(|()| value));
    match (read, twice) {
        (Ok(value), _) => Ok(value),
        (Err(_), Some(member)) => Err(Flaw::Twice { member }),
        (Err(error), None) => Err(malformed(&error)),
    }
}

fn malformed(error: &serde_json::Error) -> Flaw {
    let why = error.to_string();
    let what = if why.contains("hex escape") {
        "half of a surrogate pair"
    } else if why.contains("recursion limit") {
        "JSON that is nested too deeply"
    } else if why.contains("number out of range") {
        "a number that is too large"
    } else {
        "no JSON"
    };
    Flaw::Malformed { what, line: error.line(), column: error.column(), why }
}

/// Reads a value whose objects have each name once.
struct Unique<'a> {
    /// The first name that stands twice.
    twice: &'a mut Option<String>,
}

impl<'de> DeserializeSeed<'de> for Unique<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unique<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Unique { twice: self.twice })? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                *self.twice = Some(name);
                return Err(A::Error::custom("a name stands twice"));
            }
            let value = members.next_value_seed(Unique { twice: self.twice })?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The deepest nesting that is read.
    const DEEPEST: usize = 127;

    fn told(body: &[u8]) -> String {
        read(body).expect_err("a flaw").to_string()
    }

    #[test]
    fn a_name_stands_once_in_each_object() {
        let right = br#"{"a":{"a":1},"b":[{"a":1},{"a":2}],"A":null}"#;
        assert_eq!(read(right), Ok(serde_json::from_slice(right).unwrap()));
        for twice in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"b":{"a":1,"a":null}}"#,
            r#"[{"a":1,"b":2,"a":3}]"#,
        ] {
            assert_eq!(told(twice.as_bytes()), "`a`: expected one value, found several", "{twice}");
        }
        let personal = br#"{"ada@example.org":1,"ada@example.org":2}"#;
        assert!(!told(personal).contains("ada"), "{}", told(personal));
    }

    #[test]
    fn what_cannot_be_read_is_told_apart() {
        let deep = "[".repeat(DEEPEST + 1);
        let rows: [(&[u8], &str); 9] = [
            (b"\xef\xbb\xbf{}", "a byte order mark before it"),
            (b"{\"a\":\"\xe6gir\"}", "bytes that are no UTF-8, from byte 7 on"),
            (b"\xff\xfe{\0}\0", "bytes that are no UTF-8, from byte 1 on"),
            (br#"{"a":"\ud83d"}"#, "half of a surrogate pair at line 1, column 13"),
            (br#"{"a":"\udc00"}"#, "half of a surrogate pair at line 1, column 12"),
            (br#"{"a":1e999}"#, "a number that is too large at line 1, column 10"),
            (deep.as_bytes(), "JSON that is nested too deeply at line 1, column 128"),
            (b"{} {}", "no JSON at line 1, column 4"),
            (b"{\"a\":", "no JSON at line 1, column 5"),
        ];
        for (body, expected) in rows {
            assert_eq!(told(body), expected);
        }
        assert!(read("[".repeat(DEEPEST).as_bytes()).is_err());
        assert!(read(format!("{}{}", "[".repeat(DEEPEST), "]".repeat(DEEPEST)).as_bytes()).is_ok());
    }

    proptest! {
        #[test]
        fn nothing_else_is_read_otherwise_than_by_anybody(text in r#"[\[\]{}:,"a0-9. \\-]{0,24}"#) {
            let usual: Option<Value> = serde_json::from_str(&text).ok();
            match read(text.as_bytes()) {
                Ok(value) => prop_assert_eq!(Some(value), usual),
                Err(Flaw::Twice { .. }) => {}
                Err(_) => prop_assert_eq!(usual, None),
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = read(&bytes);
        }
    }
}
