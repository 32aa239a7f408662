//! One exchange: filled, sent, timed, read, and kept as evidence.

use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Integration;
use super::anonymous;
use super::failure::Failed;
use super::http::{self, NoAnswer, Outgoing};
use super::tamper::Tampering;
use super::trace::Trace;
use crate::harness::result::{Exchange, Received, SentRequest, TransportFailure};
use crate::vendors::dialect::{Answer, FillError, Mismatch, Operation, Rendered};
use crate::vendors::vocabulary::{Datum, ExchangeId, Facts, FailureKind, Field, Instant, Meaning, Secret};
use crate::vendors::wire::{WireRequest, WireResponse};

/// What RFC 3986 leaves unreserved stays as it is.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Integration {
    /// Sends one request and reads its answer; no token is fetched and nothing
    /// is repeated here.
    pub(super) async fn exchange(
        &self,
        operation: &Operation,
        facts: &Facts,
        trace: &Trace,
    ) -> Result<Facts, Failed> {
        let rendered = self.render(operation, facts)?;
        let base = &self.base_address(operation, facts)?;
        let linked = self.linked(operation, base, facts)?;
        let id = self.shared.recorder.next_exchange();
        trace.note(&id);
        let own = self.own_headers(&id, &rendered.exposed);
        let request = Outgoing {
            method: rendered.exposed.method.clone(),
            url: linked
                .as_ref()
                .map_or_else(|| address(base, &rendered.exposed), |rest| format!("{base}{rest}")),
            headers: [rendered.exposed.headers.clone(), own.clone()].concat(),
            body: rendered.exposed.body.clone(),
        };
        let at = self.shared.clocks.subject.now();
        let outcome = self.send_timed(&id, &request).await;
        let took = self.shared.clocks.subject.now().since(at);
        let outcome = outcome.and_then(|answer| match http::foreign_redirect(&request.url, &answer) {
            Some(target) if !is_documented(&operation.read_answer_knowing(&answer, facts)) => {
                Err(NoAnswer::new(
                    TransportFailure::ForeignRedirect,
                    format!("status {} sends us to {}", answer.status, self.shared.mask.text(&target)),
                ))
            }
            _ => Ok(answer),
        });
        let read = outcome.as_ref().ok().map(|answer| operation.read_answer_knowing(answer, facts));
        let shown = self.shown(operation, facts, rendered.shown);
        let linked = linked.map(|rest| format!("{base}{}", self.shared.mask.text(&rest)));
        let shown_url = linked.unwrap_or_else(|| address(base, &shown));
        let shown = self.shown_request(&shown_url, &shown, &own);
        let response = self.shown_response(operation, &outcome, read.as_ref());
        let criterion = self.shared.recorder.criterion();
        let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let name = operation.name().to_owned();
        self.shared.recorder.record(Exchange {
            id: id.clone(),
            criterion,
            operation: name,
            at,
            took_ms,
            request: shown,
            response,
        });
        self.conclude(operation, facts, &id, outcome, read)
    }

    fn render(&self, operation: &Operation, facts: &Facts) -> Result<Rendered, Failed> {
        self.fill(operation, facts).map_err(|error| {
            Failed::unsent(
                operation.name(),
                FailureKind::Invalid,
                format!("the request cannot be filled: {error}"),
            )
        })
    }

    fn fill(&self, operation: &Operation, facts: &Facts) -> Result<Rendered, FillError> {
        match self.tampering(operation) {
            _ if !self.credentials => anonymous::request(operation, facts),
            Some(Tampering::Bare) => anonymous::request(operation, facts),
            Some(Tampering::Secret(name, wrong)) => {
                let field = Field::Secret(name.as_str().into());
                operation.request(&facts.clone().with(field, Datum::Secret(wrong.clone())))
            }
            Some(Tampering::Token(_)) | None => operation.request(facts),
        }
    }

    /// The request as it may be shown: known values are masked in what is put
    /// into the profile's words, so that these stay as they are.
    fn shown(&self, operation: &Operation, facts: &Facts, filled: WireRequest) -> WireRequest {
        let mask = &self.shared.mask;
        if !facts.any_text(&|text| mask.text(text) != text) {
            return filled;
        }
        let masked = facts.with_texts_changed(&|text| mask.text(text));
        self.fill(operation, &masked).map_or_else(|_| self.masked_whole(&filled), |rendered| rendered.shown)
    }

    /// Where a mask has no place in a message, the whole of it is searched.
    fn masked_whole(&self, shown: &WireRequest) -> WireRequest {
        let mask = &self.shared.mask;
        let query = shown.query.iter().map(|(name, value)| (name.clone(), mask.text(value)));
        WireRequest {
            path: mask.text(&shown.path),
            query: query.collect(),
            headers: mask.headers(&shown.headers),
            body: mask.text(&String::from_utf8_lossy(&shown.body)).into_bytes(),
            ..shown.clone()
        }
    }

    /// Our own headers, so that the subject's log can be matched with ours.
    fn own_headers(&self, exchange: &str, request: &WireRequest) -> Vec<(String, String)> {
        let criterion = self.shared.recorder.criterion().map(|id| id.to_string());
        let named = criterion.clone().unwrap_or_else(|| "-".to_owned());
        let mut headers = Vec::new();
        if request.header("user-agent").is_none() {
            let version = env!("CARGO_PKG_VERSION");
            let agent = format!("lockstep/{version} ({named}; {})", self.shared.run);
            headers.push(("user-agent".to_owned(), agent));
        }
        if let Some(criterion) = criterion {
            headers.push(("lockstep-criterion".to_owned(), criterion));
        }
        headers.push((ExchangeId::HEADER.to_owned(), exchange.to_owned()));
        headers
    }

    /// The answer, within the deadline of the harness's clock; the machine's
    /// own clock ends what hangs while the other stands still.
    async fn send_timed(&self, id: &str, request: &Outgoing) -> Result<WireResponse, NoAnswer> {
        let harness = &self.shared.clocks.harness;
        let timeouts = self.shared.timeouts;
        let _on_the_wire = harness.begin(ExchangeId::new(id));
        let late = |span: Duration, clock: &str| {
            NoAnswer::new(TransportFailure::ReadTimeout, format!("no answer within {span:?}{clock}"))
        };
        tokio::select! {
            biased;
            outcome = http::send(&self.client, request) => outcome,
            () = harness.sleep(timeouts.read) => Err(late(timeouts.read, "")),
            () = tokio::time::sleep(timeouts.watchdog) => {
                Err(late(timeouts.watchdog, " on the machine's clock (given up as hanging)"))
            }
        }
    }

    fn shown_request(&self, url: &str, shown: &WireRequest, own: &[(String, String)]) -> SentRequest {
        let mask = &self.shared.mask;
        SentRequest {
            method: shown.method.clone(),
            url: mask.own(url),
            headers: mask.own_headers(&[shown.headers.clone(), own.to_vec()].concat()),
            body: mask.own(&String::from_utf8_lossy(&shown.body)),
        }
    }

    fn shown_response(
        &self,
        operation: &Operation,
        outcome: &Result<WireResponse, NoAnswer>,
        read: Option<&Answer>,
    ) -> Received {
        let mask = &self.shared.mask;
        let answer = match outcome {
            Ok(answer) => answer,
            Err(NoAnswer { why, detail }) => {
                return Received::Nothing { why: *why, detail: mask.own(detail) };
            }
        };
        if matches!(operation.meaning(), Meaning::GetToken | Meaning::RefreshToken) {
            // A token that the profile does not know of is one all the same.
            unnamed_tokens(&answer.body).iter().for_each(|token| self.shared.learn(token));
        }
        let shown = operation.shown_answer(answer);
        let body = String::from_utf8_lossy(&shown.body);
        let (failure, undocumented) = match read {
            Some(Answer::Refused { kind, .. }) => (Some(*kind), None),
            Some(Answer::Undocumented { mismatch }) => {
                (None, Some(self.masked(mismatch.clone()).to_string()))
            }
            Some(Answer::Success { .. }) | None => (None, None),
        };
        let hides_token = matches!(operation.meaning(), Meaning::GetToken | Meaning::RefreshToken)
            && matches!(read, Some(Answer::Undocumented { .. }));
        let body = if hides_token && !body.is_empty() {
            // A token in an unexpected place has no type to be masked by.
            format!("{} ({} bytes where a token is expected, not shown)", Secret::MASK, answer.body.len())
        } else {
            mask.body(&body, |name| operation.tells_member(name))
        };
        let headers = mask.headers(&shown.headers);
        Received::Answer { status: shown.status, headers, body, failure, undocumented }
    }

    fn conclude(
        &self,
        operation: &Operation,
        facts: &Facts,
        id: &str,
        outcome: Result<WireResponse, NoAnswer>,
        read: Option<Answer>,
    ) -> Result<Facts, Failed> {
        let name = operation.name();
        let mask = &self.shared.mask;
        let (answer, read) = match (outcome, read) {
            (Ok(answer), Some(read)) => (answer, read),
            (Err(NoAnswer { why, detail }), _) => {
                return Err(Failed::no_answer(name, id, why, mask.own(&detail)));
            }
            // An answer is always read.
            (Ok(answer), None) => {
                let read = operation.read_answer_knowing(&answer, facts);
                (answer, read)
            }
        };
        match read {
            Answer::Success { facts, deviations } => {
                self.shared.recorder.record_success(name, self.masked_deviations(deviations));
                Ok(facts)
            }
            Answer::Refused { kind, facts, clears_within, leaves } => {
                let masked = facts.with_texts_changed(&|text| mask.text(text));
                let message = words_of(&masked, answer.status);
                let wait = facts.get(&Field::ErrorRetryAfter).and_then(Datum::as_seconds);
                let now = self.shared.clocks.subject.now();
                let wait = wait
                    .or_else(|| facts.instant(&Field::ErrorRetryAt).map(|at| at.since(now)))
                    .or_else(|| retry_after(&answer, now));
                let mut failed = Failed::refused(name, id, kind, message, wait);
                failed.clears_within = clears_within;
                failed.left = leaves.then_some(facts);
                Err(failed)
            }
            Answer::Undocumented { mismatch } => {
                Err(Failed::undocumented(name, id, answer.status, Some(self.masked(mismatch))))
            }
        }
    }

    fn masked_deviations(&self, deviations: Vec<Mismatch>) -> Vec<Mismatch> {
        deviations.into_iter().map(|deviation| self.masked(deviation)).collect()
    }

    /// What was found came from outside; what was expected is the profile's.
    fn masked(&self, Mismatch { at, expected, found }: Mismatch) -> Mismatch {
        let mask = &self.shared.mask;
        Mismatch { at: mask.own(&at), expected: mask.own(&expected), found: mask.text(&found) }
    }
}

/// Texts under names such as `refresh_token`, anywhere in a JSON body, that are
/// long enough to be one.
fn unnamed_tokens(body: &[u8]) -> Vec<Secret> {
    const SHORTEST: usize = 12;
    fn collect(value: &serde_json::Value, found: &mut Vec<Secret>) {
        match value {
            serde_json::Value::Object(members) => {
                for (name, value) in members {
                    let name = name.to_lowercase();
                    match value.as_str().filter(|text| text.len() >= SHORTEST) {
                        Some(text) if name.ends_with("token") || name.ends_with("secret") => {
                            found.push(Secret::new(text));
                        }
                        _ => collect(value, found),
                    }
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    if let Ok(value) = serde_json::from_slice(body) {
        collect(&value, &mut found);
    }
    found
}

fn is_documented(answer: &Answer) -> bool {
    !matches!(answer, Answer::Undocumented { .. })
}

/// The vendor's words and code for a refusal.
fn words_of(facts: &Facts, status: u16) -> String {
    let message = facts.text(&Field::ErrorMessage).or_else(|| facts.text(&Field::JobError));
    match (message, facts.text(&Field::ErrorCode)) {
        (Some(message), Some(code)) => format!("{message} (code {code})"),
        (Some(message), None) => message.to_owned(),
        (None, Some(code)) => format!("code {code} with status {status}"),
        (None, None) => format!("refused with status {status}"),
    }
}

/// `Retry-After` as seconds or as a date (RFC 9110, 10.2.3).
pub(super) fn retry_after(answer: &WireResponse, now: Instant) -> Option<Duration> {
    let value = answer.header("retry-after")?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(value).ok()?;
    Some(Instant::from_timestamp(date.timestamp()).since(now))
}

fn address(base: &str, request: &WireRequest) -> String {
    let mut address = format!("{base}{}", request.path);
    for (index, (name, value)) in request.query.iter().enumerate() {
        address.push(if index == 0 { '?' } else { '&' });
        address.push_str(&encode(name));
        address.push('=');
        address.push_str(&encode(value));
    }
    address
}

/// Percent-encoded, but for the masks, which people should recognise.
fn encode(text: &str) -> String {
    let encode = |text: &str| utf8_percent_encode(text, QUERY).to_string();
    text.split(Secret::MASK).map(encode).collect::<Vec<_>>().join(Secret::MASK)
}
