//! The error form.

use serde::Serialize;
use serde_json::Value;

use crate::vendors::members::Misread;

/// The HTTP status of an upstream timeout (chosen: `upstream-timeout`).
pub const UPSTREAM_TIMEOUT: u16 = 504;

/// A refusal: `{"status":"ERROR","code":"422","message":"…"}` (published).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorAnswer {
    /// The code: a text on the wire (published), equal to the HTTP status (chosen).
    pub code: u16,
    /// What went wrong, for people.
    pub message: String,
}

#[derive(Serialize)]
struct Written<'a> {
    status: &'static str,
    code: String,
    message: &'a str,
}

impl ErrorAnswer {
    /// What `status` says of a failure.
    pub const STATUS: &'static str = "ERROR";

    /// How the message of an upstream timeout begins.
    const TIMED_OUT: &'static str = "Upstream timeout: ";

    /// A refusal with that code.
    pub fn new(code: u16, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// Something behind Inlet did not answer in time.
    pub fn upstream_timeout(what: &str) -> Self {
        Self::new(UPSTREAM_TIMEOUT, format!("{}{what}", Self::TIMED_OUT))
    }

    /// Whether it tells of an upstream timeout, which is tried again by the
    /// retry rule; no other refusal is.
    pub fn is_upstream_timeout(&self) -> bool {
        self.code == UPSTREAM_TIMEOUT
    }

    /// The body.
    pub fn body(&self) -> Vec<u8> {
        let written = Written { status: Self::STATUS, code: self.code.to_string(), message: &self.message };
        // A struct of texts is always JSON.
        serde_json::to_vec(&written).unwrap_or_default()
    }

    /// Reads the form. Whether the code is the HTTP status is for the reader to hold.
    pub fn read(body: &[u8]) -> Result<Self, Misread> {
        let answer: Value = serde_json::from_slice(body)
            .map_err(|_| Misread::new("the answer: expected JSON, found none"))?;
        let text = |name: &str| {
            let text = answer.get(name).and_then(Value::as_str);
            text.ok_or_else(|| Misread::new(format!("`{name}`: expected a text, found something else")))
        };
        if text("status")? != Self::STATUS {
            return Err(Misread::new("`status`: expected `ERROR`, found another text"));
        }
        let code = text("code")?
            .parse()
            .map_err(|_| Misread::new("`code`: expected an HTTP status as a text, found another text"))?;
        Ok(Self { code, message: text("message")?.to_owned() })
    }
}
