//! Answers to what was done.

use serde::Serialize;
use serde_json::Value;

use crate::vendors::members::Misread;
use crate::vendors::vocabulary::{Pin, Secret};

/// What `status` says of a success.
const OK: &str = "OK";

/// The answer to a grant or an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// The name of the access, for update and revoke.
    pub reference_id: String,
    /// The PIN as the guest types it, with the keys before and after it, such
    /// as `#1234*`; for the mode `code`.
    pub code_formatted: Option<Pin>,
    /// The invitation to a key in the guest's phone; for the mode `mobilekey`.
    pub mobile_key: Option<Secret>,
    /// The link that opens; for the mode `urlkey`.
    pub url_key: Option<Secret>,
}

/// The answer to a pulse or a withdrawal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The name of the access, where there is one.
    pub reference_id: Option<String>,
}

/// The members of an answer, in their order.
#[derive(Serialize)]
struct Written<'a> {
    status: &'static str,
    #[serde(rename = "ReferenceId", skip_serializing_if = "Option::is_none")]
    reference_id: Option<&'a str>,
    #[serde(rename = "codeFormatted", skip_serializing_if = "Option::is_none")]
    code_formatted: Option<&'a str>,
    #[serde(rename = "mobileKey", skip_serializing_if = "Option::is_none")]
    mobile_key: Option<&'a str>,
    #[serde(rename = "urlKey", skip_serializing_if = "Option::is_none")]
    url_key: Option<&'a str>,
}

impl Written<'_> {
    fn bytes(&self) -> Vec<u8> {
        // A struct of texts is always JSON.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

impl Granted {
    /// The body. It holds the PIN.
    pub fn body(&self) -> Vec<u8> {
        Written {
            status: OK,
            reference_id: Some(&self.reference_id),
            code_formatted: self.code_formatted.as_ref().map(Pin::keys),
            mobile_key: self.mobile_key.as_ref().map(Secret::expose),
            url_key: self.url_key.as_ref().map(Secret::expose),
        }
        .bytes()
    }

    /// Reads the body of a success. Members that are not known are passed over,
    /// for an API may grow.
    pub fn read(body: &[u8]) -> Result<Self, Misread> {
        let answer = success(body)?;
        let reference_id = text(&answer, "ReferenceId")?
            .ok_or_else(|| Misread::new("`ReferenceId`: expected a text, found nothing"))?;
        let code_formatted = match text(&answer, "codeFormatted")? {
            None => None,
            Some(keys) => {
                let pin = Pin::new(&keys);
                Some(pin.map_err(|_| Misread::new("`codeFormatted`: expected keys of a keypad"))?)
            }
        };
        Ok(Self {
            reference_id,
            code_formatted,
            mobile_key: text(&answer, "mobileKey")?.map(Secret::new),
            url_key: text(&answer, "urlKey")?.map(Secret::new),
        })
    }
}

impl Done {
    /// The body.
    pub fn body(&self) -> Vec<u8> {
        Written {
            status: OK,
            reference_id: self.reference_id.as_deref(),
            code_formatted: None,
            mobile_key: None,
            url_key: None,
        }
        .bytes()
    }

    /// Reads the body of a success.
    pub fn read(body: &[u8]) -> Result<Self, Misread> {
        Ok(Self { reference_id: text(&success(body)?, "ReferenceId")? })
    }
}

fn success(body: &[u8]) -> Result<Value, Misread> {
    let answer: Value =
        serde_json::from_slice(body).map_err(|_| Misread::new("the answer: expected JSON, found none"))?;
    match answer.get("status").and_then(Value::as_str) {
        Some(OK) => Ok(answer),
        _ => Err(Misread::new("`status`: expected `OK`, found something else")),
    }
}

fn text(answer: &Value, name: &str) -> Result<Option<String>, Misread> {
    match answer.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(text.clone())),
        Some(_) => Err(Misread::new(format!("`{name}`: expected a text, found something else"))),
    }
}
