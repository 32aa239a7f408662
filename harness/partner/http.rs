//! Driving by HTTP calls.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::driver::{Done, DriverError, taken};
use crate::harness::integration::{chain, install_tls};
use crate::vendors::partner::{Act, HttpDrive, Values};

/// Calls a partner's system.
#[derive(Debug)]
pub struct Calls {
    drive: HttpDrive,
    base: String,
    client: reqwest::Client,
}

impl Calls {
    /// Calls at `base`, which the description may leave to whoever starts the
    /// program. Errors are a sentence for people.
    pub fn new(drive: HttpDrive, base: String) -> Result<Self, DriverError> {
        install_tls();
        let client = reqwest::Client::builder()
            .timeout(drive.answers_within)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|why| DriverError(why.to_string()))?;
        Ok(Self { drive, base, client })
    }

    pub(super) fn can(&self, act: Act) -> bool {
        self.drive.acts.contains_key(&act)
    }

    pub(super) async fn act(&self, act: Act, values: &Values) -> Result<Done, DriverError> {
        let Some(call) = self.drive.acts.get(&act) else {
            return Err(DriverError(format!("nothing is called for `{}`", act.as_str())));
        };
        let path =
            call.path.filled_text(values, &|text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string());
        let method = reqwest::Method::from_bytes(call.method.as_bytes())
            .map_err(|_| DriverError(format!("`{}` is no HTTP method", call.method)))?;
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(body) = &call.body {
            request = request.json(&body.filled(values));
        }
        let failed = |why: reqwest::Error| {
            let told = match why.is_timeout() {
                true => format!("no answer within {} s", self.drive.answers_within.as_secs_f64()),
                false => chain(&why),
            };
            DriverError(format!("{} {path}: {told}", call.method))
        };
        let answer = request.send().await.map_err(failed)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(failed)?;
        match status.as_u16() {
            200..=299 => taken(&call.answer, &read(&body)),
            // A form that is filled in wrongly is refused, as it should be.
            400 | 409 | 422 => {
                Ok(Done::Refused(format!("{status}: {}", String::from_utf8_lossy(&body).trim())))
            }
            _ => Err(DriverError(format!("{} {path} was answered {status}", call.method))),
        }
    }
}

/// An answer without JSON tells nothing.
fn read(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or(Value::Null)
}
