//! Calls to Inlet's API.

use std::time::Duration;

use jiff::Zoned;
use serde_json::{Map, Value, json};

use super::form::at_first;
use super::quirk::Quirk;
use super::wish::{Step, Wish};
use crate::vendors::inlet::{CONTENT_TYPE, Done, ErrorAnswer, Granted, Moment, Operation};
use crate::vendors::partner::Use;
use crate::vendors::vocabulary::{Clock, ExchangeId, Instant, Pin, Secret};

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long it is waited for by who does not give up: a year.
const FOR_EVER: Duration = Duration::from_secs(365 * 86_400);

/// How a call went.
pub(super) enum Answer {
    Granted {
        reference_id: String,
        code: Option<String>,
    },
    Done,
    /// An upstream timeout, or no answer.
    TimedOut(String),
    /// 429 or 503, with the wait that was asked for.
    Later(Duration, String),
    /// The credential was refused.
    Unauthorised(String),
    /// Refused for good.
    Refused(String),
}

/// The wire to Inlet.
pub(super) struct Wire {
    pub client: reqwest::Client,
    pub inlet: String,
    pub clock: Clock,
    pub quirk: Option<Quirk>,
}

/// One call: where, and what.
#[derive(Clone)]
pub(super) struct Call {
    pub operation: Operation,
    /// Another path than that of the operation.
    pub path: Option<&'static str>,
    /// Another content type than JSON.
    pub form: Option<&'static str>,
    /// Over plain HTTP, whatever Inlet's address says.
    pub plain: bool,
    /// A member that is written twice.
    pub twice: Option<&'static str>,
    /// So many blanks after its body.
    pub blanks: usize,
    pub body: Map<String, Value>,
}

impl Call {
    /// A call at its documented path.
    pub fn of(operation: Operation, body: Map<String, Value>) -> Self {
        Self { operation, path: None, form: None, plain: false, twice: None, blanks: 0, body }
    }

    /// The body as it is written.
    fn text(&self, quirk: Option<Quirk>) -> String {
        let text = Value::Object(self.body.clone()).to_string();
        let text = if quirk == Some(Quirk::EscapesToAscii) { in_ascii(&text) } else { text };
        match self.twice.and_then(|name| Some((name, self.body.get(name)?))) {
            Some((name, value)) => text.replacen('{', &format!("{{{}:{value},", json!(name)), 1),
            None => text,
        }
    }
}

impl Wire {
    /// The call of a step; nothing where there is none.
    pub fn call(&self, step: &Step) -> Option<Call> {
        match step {
            Step::Nothing => None,
            Step::Grant(wish) => {
                let body = self.grant(&at_first(wish, self.quirk));
                Some(Call::of(Operation::GrantAccess, body))
            }
            Step::Pulse(wish) => {
                let mut body = Map::from_iter([("lockId".to_owned(), json!(wish.room))]);
                put(&mut body, "reference", at_first(wish, self.quirk).reference.as_deref());
                Some(Call::of(Operation::GrantPulseAccess, body))
            }
            Step::Update(id, before, wish) => {
                Some(Call::of(Operation::UpdateAccess, self.update(id, before, wish)))
            }
            Step::Revoke(id) => {
                let body = Map::from_iter([("ReferenceId".to_owned(), json!(id))]);
                Some(Call::of(Operation::RevokeAccess, body))
            }
        }
    }

    fn grant(&self, wish: &Wish) -> Map<String, Value> {
        let mode = match wish.mode {
            Use::Unlock => "unlock",
            Use::MobileKey => "mobilekey",
            Use::UrlKey => "urlkey",
            Use::Code | Use::Pulse => "code",
        };
        let mode = if self.quirk == Some(Quirk::CodesOnly) { "code" } else { mode };
        let (from, to) = (self.widened(&wish.from, -10), self.widened(&wish.until, 10));
        let to = match self.quirk {
            Some(Quirk::UnlocksForDays) if wish.mode == Use::Unlock => {
                to.saturating_add(jiff::Span::new().days(25))
            }
            Some(Quirk::LongUpdate) => to.min(wish.from.saturating_add(jiff::Span::new().days(366))),
            _ => to,
        };
        let mut body = Map::new();
        if self.quirk == Some(Quirk::OtherOrder) {
            put(&mut body, "email", wish.email.as_deref());
            body.insert("to".to_owned(), json!(self.time(&to)));
            body.insert("from".to_owned(), json!(self.time(&from)));
        }
        body.insert("operation".to_owned(), json!(mode));
        body.insert("lockId".to_owned(), json!(wish.room));
        body.insert("from".to_owned(), json!(self.time(&from)));
        body.insert("to".to_owned(), json!(self.time(&to)));
        put_contact(&mut body, wish);
        put(&mut body, "reference", wish.reference.as_deref());
        body
    }

    fn update(&self, id: &str, before: &Wish, wish: &Wish) -> Map<String, Value> {
        let mut body = Map::from_iter([("ReferenceId".to_owned(), json!(id))]);
        if before.room != wish.room {
            body.insert("lockId".to_owned(), json!(wish.room));
        }
        if before.from != wish.from {
            body.insert("from".to_owned(), json!(self.time(&self.widened(&wish.from, -10))));
        }
        if before.until != wish.until {
            let short = if self.quirk == Some(Quirk::ShortensOnChange) { 50 } else { 0 };
            let until = wish.until.checked_sub(jiff::Span::new().minutes(short));
            let until = self.widened(&until.unwrap_or_else(|_| wish.until.clone()), 10);
            body.insert("to".to_owned(), json!(self.time(&until)));
        }
        if before.email != wish.email || before.phone != wish.phone {
            put_contact(&mut body, wish);
        }
        if before.reference != wish.reference {
            put(&mut body, "reference", wish.reference.as_deref());
        }
        if self.quirk == Some(Quirk::ChangesGuest) {
            body.insert("email".to_owned(), json!("somebody.else@example.org"));
        }
        body
    }

    fn widened(&self, at: &Zoned, minutes: i64) -> Zoned {
        let by = if self.quirk == Some(Quirk::WiderPeriods) { minutes } else { 0 };
        at.checked_add(jiff::Span::new().minutes(by)).unwrap_or_else(|_| at.clone())
    }

    fn time(&self, at: &Zoned) -> String {
        match self.quirk {
            Some(Quirk::OldOffset) => {
                let now = self.clock.now().timestamp().to_zoned(at.time_zone().clone());
                let offset = now.offset().to_time_zone();
                let told = at.datetime().to_zoned(offset).unwrap_or_else(|_| at.clone());
                Moment::of(&told).to_string()
            }
            Some(Quirk::InUtc) => Moment::of(&at.with_time_zone(jiff::tz::TimeZone::UTC)).to_string(),
            _ => Moment::of(at).to_string(),
        }
    }

    /// Makes a call and reads its answer; time on a clock that is moved by hand
    /// stands still while it is on the wire.
    pub async fn send(&self, call: &Call, token: &Secret, exchange: ExchangeId) -> Answer {
        let header = exchange.as_str().to_owned();
        let under_way = self.clock.begin(exchange);
        let answered = tokio::select! {
            answered = self.exchange(call, token, &header) => answered,
            () = self.clock.wait_passively(self.patience()) => Err("no answer in time".to_owned()),
        };
        drop(under_way);
        match answered {
            Ok((status, later, body)) => read(call.operation, status, later, &body),
            Err(why) => Answer::TimedOut(why),
        }
    }

    fn patience(&self) -> Duration {
        if self.quirk == Some(Quirk::WaitsWithoutEnd) { FOR_EVER } else { PATIENCE }
    }

    async fn exchange(
        &self,
        call: &Call,
        token: &Secret,
        exchange: &str,
    ) -> Result<(u16, Option<Duration>, Vec<u8>), String> {
        let path = match self.quirk {
            Some(Quirk::TokenInAddress) => format!("{}?token={}", call.operation.path(), token.expose()),
            _ => call.path.unwrap_or(call.operation.path()).to_owned(),
        };
        let inlet = match call.plain {
            true => self.inlet.replacen("https://", "http://", 1),
            false => self.inlet.clone(),
        };
        let (scheme, json) = match self.quirk {
            Some(Quirk::OtherCase) => ("bearer", "Application/JSON; charset=UTF-8"),
            _ => ("Bearer", CONTENT_TYPE),
        };
        let request = self
            .client
            .post(format!("{inlet}{path}"))
            .header("authorization", format!("{scheme} {}", token.expose()))
            .header("content-type", call.form.unwrap_or(json))
            .header(ExchangeId::HEADER, exchange)
            .body(call.text(self.quirk) + &" ".repeat(call.blanks));
        let request = match self.quirk {
            Some(Quirk::TokenInHeader) => request.header("x-api-key", token.expose()),
            _ => request,
        };
        let told = |why: reqwest::Error| why.without_url().to_string();
        let answer = request.send().await.map_err(told)?;
        let status = answer.status().as_u16();
        let later = answer.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
        let body = answer.bytes().await.map_err(told)?;
        if self.quirk == Some(Quirk::FollowsLinks)
            && let Some(link) = Granted::read(&body).ok().and_then(|granted| granted.url_key)
        {
            drop(self.client.get(link.expose()).send().await);
        }
        Ok((status, later.map(Duration::from_secs), body.to_vec()))
    }
}

/// JSON with every sign beyond ASCII as an escape, as many libraries write it.
fn in_ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            text.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            text.push_str(&format!("\\u{unit:04x}"));
        }
    }
    text
}

fn put_contact(body: &mut Map<String, Value>, wish: &Wish) {
    put(body, "phoneNumber", wish.phone.as_deref());
    put(body, "countryCode", wish.country_code.as_deref());
    put(body, "email", wish.email.as_deref());
}

fn put(body: &mut Map<String, Value>, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        body.insert(name.to_owned(), json!(text));
    }
}

fn read(operation: Operation, status: u16, later: Option<Duration>, body: &[u8]) -> Answer {
    let message = || match ErrorAnswer::read(body) {
        Ok(error) => format!("{status}: {}", error.message),
        Err(_) => format!("{status}, without the documented form"),
    };
    match status {
        200 => match operation {
            Operation::GrantAccess | Operation::UpdateAccess => match Granted::read(body) {
                Ok(granted) => Answer::Granted {
                    reference_id: granted.reference_id,
                    code: granted.code_formatted.as_ref().map(Pin::keys).map(str::to_owned),
                },
                Err(why) => Answer::Refused(why.to_string()),
            },
            Operation::GrantPulseAccess | Operation::RevokeAccess => match Done::read(body) {
                Ok(_) => Answer::Done,
                Err(why) => Answer::Refused(why.to_string()),
            },
        },
        401 | 403 => Answer::Unauthorised(message()),
        429 | 503 => Answer::Later(later.unwrap_or(Duration::from_secs(60)), message()),
        500 | 502 | 504 => Answer::TimedOut(message()),
        _ => Answer::Refused(message()),
    }
}

/// Whether a stay may be sent: not more than 72 hours before it begins.
pub(super) fn due(wish: &Wish, quirk: Option<Quirk>) -> Instant {
    let begins = Instant::from_timestamp(wish.from.timestamp());
    let before = match quirk {
        Some(Quirk::SendsAtOnce) => return Instant::from_epoch_ms(0),
        Some(Quirk::DayBefore) => 24,
        _ => 71,
    };
    Instant::from_epoch_ms(begins.epoch_ms() - before * 3_600_000)
}
