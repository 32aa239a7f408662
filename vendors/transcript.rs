//! Wire transcripts: exchanges in a vendor's own bytes, written by hand, and
//! played against both halves of the engine.
//!
//! The engine alone proves nothing, for both sides of the wire use it. So
//! beside every profile lies a file `<name>.wire` of exchanges that the engine
//! did not make:
//!
//! ```text
//! # A line that begins with `#` (but not `###`) is a comment.
//! ### get_lock: a lock that is online
//! source: https://docs.example.com/api#get-lock
//! asks: auth.token = t-1
//! asks: lock.id = l-1
//! says: lock.id = l-1
//! says: lock.battery = 80
//!
//! GET /v1/locks/l-1?verbose=1 HTTP/1.1
//! Authorization: Bearer t-1
//!
//! ---
//! HTTP/1.1 200 OK
//! Content-Type: application/json
//!
//! { "id": "l-1", "battery": { "percent": 80 } }
//! ```
//!
//! - The heading is `### operation: what it shows`.
//! - `source:` says where the bytes are from; it is obligatory.
//! - `asks:` is a fact of the request, `says:` a fact of the answer; all of
//!   them are listed. A fact of a list's element has its index in front,
//!   counted from 0: `says: [0] lock.id = l-1`, deeper `says: [0] [1] lock.id = l-2`.
//! - `refuses: not_found` in place of, or beside, `says:` lines marks an answer
//!   that is an error of that kind.
//! - `only: client` marks an answer that a vendor gives beside the documented one,
//!   so that it must be understood and is never made.
//! - Values are canonical: instants as RFC 3339, spans in seconds, percentages
//!   as 0 to 100, weekdays as `mon sun` or `all`, words by their canonical names, `true` and `false`.
//! - Then a blank line, the request, a line `---`, the answer. The query stands
//!   in the request line, percent-encoded.
//!
//! A callback is headed `### callback event: what it shows`. Its request is what
//! the vendor sends, its answer what the vendor waits for; `asks:` are the
//! secrets that sign it, `says:` is what it tells. `refuses: credentials` marks
//! one that must not be believed.
//!
//! [`play`] holds an exchange against a dialect in both directions: facts to
//! request and answer to facts, request to facts and facts to answer.

use serde_json::Value;

use super::dialect::form::decode_form;
use super::dialect::{Answer, Callback, CallbackProblem, Callbacks, Dialect, Operation};
use super::vocabulary::{Datum, Facts, FailureKind, Field};
use super::wire::{WireRequest, WireResponse};

/// Headers that belong to the transport.
const TRANSPORT: &[&str] =
    &["host", "accept", "accept-encoding", "user-agent", "content-length", "connection", "date", "server"];

/// What a heading begins with whose exchange is a callback.
const CALLBACK: &str = "callback ";

/// One exchange of a transcript.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    /// The line of its heading, from 1.
    pub line: usize,
    /// The operation.
    pub operation: String,
    /// What it shows.
    pub title: String,
    /// Where the bytes are from.
    pub source: String,
    /// Whether the bytes are read and never written so: a vendor's drift.
    pub client_only: bool,
    /// What the request says.
    pub asks: Facts,
    /// What the answer says.
    pub says: Facts,
    /// The kind, where the answer is an error.
    pub refuses: Option<FailureKind>,
    /// The request.
    pub request: WireRequest,
    /// The answer.
    pub response: WireResponse,
}

/// Reads a transcript; the errors name their lines.
pub fn parse(text: &str) -> Result<Vec<Exchange>, Vec<String>> {
    let mut blocks: Vec<(usize, Vec<&str>)> = Vec::new();
    let mut errors = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.starts_with("### ") {
            blocks.push((number + 1, vec![line]));
        } else if line.starts_with('#') {
        } else if let Some((_, lines)) = blocks.last_mut() {
            lines.push(line);
        } else if !line.trim().is_empty() {
            errors.push(format!("line {}: expected `### operation: what it shows`", number + 1));
        }
    }
    let mut exchanges = Vec::new();
    for (line, lines) in blocks {
        match parse_exchange(line, &lines) {
            Ok(exchange) => exchanges.push(exchange),
            Err(why) => errors.push(format!("line {line}: {why}")),
        }
    }
    if errors.is_empty() { Ok(exchanges) } else { Err(errors) }
}

fn parse_exchange(line: usize, lines: &[&str]) -> Result<Exchange, String> {
    let heading = lines.first().and_then(|heading| heading.strip_prefix("### ")).unwrap_or_default();
    let (operation, title) = heading.split_once(':').ok_or("a heading is `### operation: what it shows`")?;
    let mut exchange = Exchange {
        line,
        operation: operation.trim().to_owned(),
        title: title.trim().to_owned(),
        ..Exchange::default()
    };
    let body = lines.get(1..).unwrap_or_default();
    let head =
        body.iter().position(|line| line.trim().is_empty()).ok_or("a blank line must follow the facts")?;
    for line in &body[..head] {
        exchange.read_note(line)?;
    }
    if exchange.source.is_empty() {
        return Err("`source:` is missing".to_owned());
    }
    let messages = &body[head..];
    let middle = messages
        .iter()
        .position(|line| line.trim_end() == "---")
        .ok_or("a line `---` must part request and answer")?;
    exchange.request = parse_request(&messages[..middle])?;
    exchange.response = parse_response(&messages[middle + 1..])?;
    Ok(exchange)
}

impl Exchange {
    fn read_note(&mut self, line: &str) -> Result<(), String> {
        let (name, rest) = line
            .split_once(':')
            .ok_or_else(|| format!("`{line}` is no `source:`, `asks:`, `says:` or `refuses:`"))?;
        let rest = rest.trim();
        match name {
            "source" => rest.clone_into(&mut self.source),
            "asks" => add_fact(&mut self.asks, rest)?,
            "says" => add_fact(&mut self.says, rest)?,
            "only" if rest == "client" => self.client_only = true,
            "refuses" => {
                self.refuses = Some(
                    FailureKind::parse(rest).ok_or_else(|| format!("unknown kind of failure `{rest}`"))?,
                );
            }
            _ => return Err(format!("`{name}:` is none of `source:`, `asks:`, `says:`, `refuses:`")),
        }
        Ok(())
    }
}

fn add_fact(facts: &mut Facts, line: &str) -> Result<(), String> {
    if let Some(rest) = line.strip_prefix('[') {
        let (index, rest) =
            rest.split_once(']').ok_or_else(|| format!("`{line}`: write `[0] field = value`"))?;
        let index: usize = index.parse().map_err(|_| format!("`{index}` is no index"))?;
        if index > facts.items.len() {
            return Err(format!("element {index} comes before element {}", facts.items.len()));
        }
        if index == facts.items.len() {
            facts.items.push(Facts::new());
        }
        return add_fact(&mut facts.items[index], rest.trim());
    }
    let (name, value) = line.split_once('=').ok_or_else(|| format!("`{line}`: write `field = value`"))?;
    let field = Field::parse(name.trim()).ok_or_else(|| format!("unknown field `{}`", name.trim()))?;
    let value = value.trim();
    let datum = Datum::parse(&field, value).ok_or_else(|| format!("`{value}` is no value of `{field}`"))?;
    facts.set(field, datum);
    Ok(())
}

type Message<'a> = (&'a str, Vec<(String, String)>, Vec<u8>);

fn parse_message<'a>(lines: &[&'a str]) -> Result<Message<'a>, String> {
    let mut lines = lines.iter().skip_while(|line| line.trim().is_empty());
    let first = lines.next().ok_or("an empty message")?;
    let mut headers = Vec::new();
    for line in lines.by_ref().take_while(|line| !line.trim().is_empty()) {
        let (name, value) = line.split_once(':').ok_or_else(|| format!("`{line}` is no header"))?;
        headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
    }
    let body = lines.copied().collect::<Vec<_>>().join("\n");
    Ok((first, headers, body.trim().as_bytes().to_vec()))
}

fn parse_request(lines: &[&str]) -> Result<WireRequest, String> {
    let (first, headers, body) = parse_message(lines)?;
    let mut words = first.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else {
        return Err(format!("`{first}` is no request line"));
    };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let query = decode_form(query.as_bytes());
    Ok(WireRequest { method: method.to_owned(), path: path.to_owned(), query, headers, body })
}

fn parse_response(lines: &[&str]) -> Result<WireResponse, String> {
    let (first, headers, body) = parse_message(lines)?;
    let status = first.split_whitespace().nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| format!("`{first}` is no status line"))?;
    Ok(WireResponse { status, headers, body })
}

/// Holds an exchange against a dialect, as the client and as the server.
/// Every disagreement is one line; none means that it holds.
pub fn play(dialect: &Dialect, exchange: &Exchange) -> Vec<String> {
    if let Some(event) = exchange.operation.strip_prefix(CALLBACK) {
        let problems = play_callback(dialect, event.trim(), exchange);
        return problems.into_iter().map(|problem| told(exchange, &problem)).collect();
    }
    let Some(operation) = dialect.operation(&exchange.operation) else {
        return vec![told(exchange, "the profile has no such operation")];
    };
    let mut problems = Vec::new();
    problems.extend(play_request(operation, exchange));
    problems.extend(play_answer(operation, exchange).err());
    problems.extend(serve_request(dialect, exchange).err());
    if !exchange.client_only {
        problems.extend(serve_answer(operation, exchange).err());
    }
    problems.into_iter().map(|problem| told(exchange, &problem)).collect()
}

/// What a transcript does not show: operations, and documented errors.
pub fn uncovered(dialect: &Dialect, exchanges: &[Exchange]) -> Vec<String> {
    let shown = |name: &str, kind| exchanges.iter().any(|e| e.operation == name && e.refuses == kind);
    let mut missing = Vec::new();
    for operation in dialect.operations() {
        if !shown(operation.name(), None) {
            missing.push(format!("`{}` has no exchange", operation.name()));
        }
        for error in operation.errors.iter().filter(|error| !shown(operation.name(), Some(error.kind))) {
            missing.push(format!(
                "`{}` has no exchange that refuses as {}",
                operation.name(),
                error.kind.as_str()
            ));
        }
    }
    let common = dialect.operations().first().map_or(&[][..], |operation| &operation.common_errors);
    for error in common.iter().filter(|error| !exchanges.iter().any(|e| e.refuses == Some(error.kind))) {
        missing.push(format!("no exchange refuses as {}", error.kind.as_str()));
    }
    for (event, _) in dialect.callbacks.iter().flat_map(Callbacks::events) {
        if !shown(&format!("{CALLBACK}{event}"), None) {
            missing.push(format!("the event `{event}` has no callback"));
        }
    }
    let disbelieved = |e: &Exchange| e.operation.starts_with(CALLBACK) && e.refuses.is_some();
    if dialect.callbacks.as_ref().is_some_and(Callbacks::is_signed) && !exchanges.iter().any(disbelieved) {
        missing.push("no callback with a wrong signature is refused".to_owned());
    }
    missing
}

fn play_callback(dialect: &Dialect, event: &str, exchange: &Exchange) -> Vec<String> {
    let Some(callbacks) = &dialect.callbacks else {
        return vec!["the profile has no callbacks".to_owned()];
    };
    let Some((_, kind)) = callbacks.events().find(|(name, _)| *name == event) else {
        return vec![format!("the profile has no event `{event}`")];
    };
    let read = callbacks.read(&exchange.request, &exchange.asks);
    if exchange.refuses == Some(FailureKind::Credentials) {
        return match read {
            Err(CallbackProblem::Unsigned(_) | CallbackProblem::WrongSignature) => Vec::new(),
            other => vec![format!("client: it is not refused for its signature: {other:?}")],
        };
    }
    let mut problems = Vec::new();
    match read {
        Ok(read) if read.event == event => problems.extend(same_tidings(&read, &exchange.says).err()),
        Ok(read) => problems.push(format!("client: it is taken for `{}`", read.event)),
        Err(why) => problems.push(format!("client: {why}")),
    }
    let mut facts = exchange.asks.clone();
    facts.merge(&exchange.says);
    facts.items.clone_from(&exchange.says.items);
    match callbacks.fill(kind, &facts) {
        Some(filled) if filled.event == event => {
            // Where it goes is said at its registration.
            let WireRequest { path, query, .. } = exchange.request.clone();
            let made = WireRequest { path, query, ..filled.request };
            problems.extend(differences(&made, &exchange.request));
        }
        Some(filled) => problems.push(format!("server: `{}` is told instead", filled.event)),
        None => problems.push("server: no event tells this".to_owned()),
    }
    if !callbacks.answer.is(&exchange.response) {
        problems.push(format!("client: the vendor waits for {:?}", callbacks.answer));
    }
    problems
}

fn same_tidings(read: &Callback, says: &Facts) -> Result<(), String> {
    let mut whole = Facts::new();
    whole.merge(says);
    let expected: Vec<Facts> = if says.items.is_empty() {
        vec![whole]
    } else {
        let complete = |item: &Facts| {
            let mut all = whole.clone();
            all.merge(item);
            all
        };
        says.items.iter().map(complete).collect()
    };
    if read.facts.len() != expected.len() {
        return Err(format!("client: it tells of {} things, expected {}", read.facts.len(), expected.len()));
    }
    let mut pairs = read.facts.iter().zip(&expected);
    pairs.try_for_each(|(found, expected)| same_facts("client: the callback", found, expected))
}

fn told(exchange: &Exchange, problem: &str) -> String {
    format!("line {}, {} ({}): {problem}", exchange.line, exchange.operation, exchange.title)
}

fn play_request(operation: &Operation, exchange: &Exchange) -> Vec<String> {
    let made = match operation.request(&exchange.asks) {
        Ok(rendered) => rendered.exposed,
        Err(why) => return vec![format!("client: {why}")],
    };
    differences(&made, &exchange.request)
}

/// How a request that was made differs from one that is written, but for the
/// order of what has none and the headers of the transport.
pub fn differences(made: &WireRequest, written: &WireRequest) -> Vec<String> {
    let mut problems = Vec::new();
    let mut compare = |what: &str, made: String, written: String| {
        if made != written {
            problems.push(format!("client: {what} is {made}, written is {written}"));
        }
    };
    compare("the method", made.method.clone(), written.method.clone());
    compare("the path", made.path.clone(), written.path.clone());
    compare("the query", sorted(&made.query), sorted(&written.query));
    // What a client accepts is the transport's business, unless the profile says it.
    let accepts = made.header("accept").is_some_and(|accept| accept != "*/*");
    compare("the set of headers", headers(&made.headers, accepts), headers(&written.headers, accepts));
    compare("the body", content(&made.headers, &made.body), content(&written.headers, &written.body));
    problems
}

fn sorted(pairs: &[(String, String)]) -> String {
    let mut pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.sort();
    pairs.join(" & ")
}

fn headers(pairs: &[(String, String)], accepts: bool) -> String {
    let meant = |name: &str| !TRANSPORT.contains(&name) || name == "accept" && accepts;
    let meant = pairs.iter().filter(|(name, _)| meant(name)).map(|(name, value)| {
        let bare = value.split(';').next().unwrap_or_default().trim();
        (name.clone(), if name == "content-type" { bare.to_owned() } else { value.clone() })
    });
    sorted(&meant.collect::<Vec<_>>())
}

/// A body in a form in which equal means the same.
fn content(headers: &[(String, String)], body: &[u8]) -> String {
    let form =
        headers.iter().any(|(name, value)| name == "content-type" && value.contains("form-urlencoded"));
    if form {
        return sorted(&decode_form(body));
    }
    serde_json::from_slice::<Value>(body)
        .map_or_else(|_| String::from_utf8_lossy(body).into_owned(), |value| ordered(&value).to_string())
}

fn ordered(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(ordered).collect()),
        Value::Object(members) => {
            let mut members: Vec<_> =
                members.iter().map(|(key, value)| (key.clone(), ordered(value))).collect();
            members.sort_by(|(left, _), (right, _)| left.cmp(right));
            Value::Object(members.into_iter().collect())
        }
        other => other.clone(),
    }
}

fn play_answer(operation: &Operation, exchange: &Exchange) -> Result<(), String> {
    match (operation.read_answer_knowing(&exchange.response, &exchange.asks), exchange.refuses) {
        (Answer::Success { facts, deviations }, None) => match deviations.first() {
            Some(deviation) => Err(format!("client: the answer deviates {deviation}")),
            None => same_facts("client: the answer", &facts, &exchange.says),
        },
        (Answer::Refused { kind, facts, .. }, Some(expected)) if kind == expected => {
            same_facts("client: the refusal", &facts, &exchange.says)
        }
        (Answer::Undocumented { mismatch }, _) => {
            Err(format!("client: the answer is undocumented, {mismatch}"))
        }
        (Answer::Refused { kind, .. }, _) => {
            Err(format!("client: the answer reads as refused, {}", kind.as_str()))
        }
        (Answer::Success { .. }, Some(_)) => Err("client: the refusal reads as a success".to_owned()),
    }
}

fn serve_request(dialect: &Dialect, exchange: &Exchange) -> Result<(), String> {
    match dialect.route_knowing(&exchange.request, &exchange.asks) {
        Ok(routed)
            if routed.operation.name() == exchange.operation
                || dialect
                    .operation(&exchange.operation)
                    .is_some_and(|meant| meant.is_alternative_to(routed.operation)) =>
        {
            let mut expected = exchange.asks.clone();
            // By the lock's zone a local time is read; the request need not say it.
            if !routed.operation.asks_with(&Field::LockZone) {
                expected.remove(&Field::LockZone);
            }
            same_facts("server: the request", &routed.facts, &expected)
        }
        Ok(routed) => Err(format!("server: the request is taken for `{}`", routed.operation.name())),
        Err(misses) => {
            let misses =
                misses.iter().map(|miss| format!("{}: {}", miss.operation, miss.why)).collect::<Vec<_>>();
            Err(format!("server: the request fits nothing ({})", misses.join("; ")))
        }
    }
}

fn serve_answer(operation: &Operation, exchange: &Exchange) -> Result<(), String> {
    let Some(kind) = exchange.refuses else {
        let mut says = exchange.says.clone();
        let zone = exchange.asks.get(&Field::LockZone).filter(|_| !says.has(&Field::LockZone)).cloned();
        says.set_some(Field::LockZone, zone);
        let made = operation.answer(&says).map_err(|why| format!("server: {why}"))?;
        return same_answer(&made, &exchange.response);
    };
    let mut problem = format!("server: no error of kind {} is documented", kind.as_str());
    for error in
        operation.errors.iter().chain(operation.common_errors.iter()).filter(|error| error.kind == kind)
    {
        let view = super::dialect::template::View::Exposed;
        match error.form.fill_error(&exchange.says, exchange.response.status, view) {
            Ok(made) => match same_answer(&made, &exchange.response) {
                Ok(()) => return Ok(()),
                Err(why) => problem = why,
            },
            Err(unwritten) => problem = format!("server: `{{{}}}` cannot be filled", unwritten.why.field),
        }
    }
    Err(problem)
}

fn same_answer(made: &WireResponse, written: &WireResponse) -> Result<(), String> {
    if made.status != written.status {
        return Err(format!("server: the status is {}, written is {}", made.status, written.status));
    }
    for (name, value) in made.headers.iter().filter(|(name, _)| name != "content-type") {
        if written.header(name) != Some(value) {
            return Err(format!(
                "server: the header `{name}` is {value}, written is {:?}",
                written.header(name)
            ));
        }
    }
    if made.body.is_empty() {
        return Ok(());
    }
    if made.header("content-type").is_some_and(|kind| kind.starts_with("text/plain")) {
        let text = |body: &[u8]| String::from_utf8_lossy(body).trim().to_owned();
        let (made, written) = (text(&made.body), text(&written.body));
        return if made == written {
            Ok(())
        } else {
            Err(format!("server: the text is {made:?}, written is {written:?}"))
        };
    }
    let parse =
        |body: &[u8]| serde_json::from_slice::<Value>(body).map_err(|why| format!("server: no JSON, {why}"));
    let (made, written) = (parse(&made.body)?, parse(&written.body)?);
    contains(&written, &made, "").map_err(|why| format!("server: {why}"))
}

/// Whether `written` holds all that `made` holds.
fn contains(written: &Value, made: &Value, at: &str) -> Result<(), String> {
    match (written, made) {
        (Value::Object(written), Value::Object(made)) => made.iter().try_for_each(|(key, made)| {
            let at = format!("{at}/{key}");
            written
                .get(key)
                .ok_or(format!("{at} is made and not written"))
                .and_then(|written| contains(written, made, &at))
        }),
        (Value::Array(written), Value::Array(made)) if written.len() == made.len() => written
            .iter()
            .zip(made)
            .enumerate()
            .try_for_each(|(i, (w, m))| contains(w, m, &format!("{at}/{i}"))),
        (Value::Number(w), Value::Number(m)) if w == m || w.as_f64() == m.as_f64() => Ok(()),
        _ if written == made => Ok(()),
        _ => Err(format!("{at} is {made}, written is {written}")),
    }
}

fn same_facts(what: &str, found: &Facts, expected: &Facts) -> Result<(), String> {
    for (field, value) in expected.iter() {
        match found.get(field) {
            Some(same) if same == value => {}
            Some(other) => return Err(format!("{what} says `{field}` is {other:?}, expected {value:?}")),
            None => return Err(format!("{what} does not say `{field}`, expected {value:?}")),
        }
    }
    if let Some((field, value)) = found.iter().find(|(field, _)| !expected.has(field)) {
        return Err(format!("{what} says `{field}` is {value:?}, which is not expected"));
    }
    if found.items.len() != expected.items.len() {
        return Err(format!("{what} has {} elements, expected {}", found.items.len(), expected.items.len()));
    }
    let pairs = found.items.iter().zip(&expected.items).enumerate();
    pairs
        .into_iter()
        .try_for_each(|(i, (found, expected))| same_facts(&format!("{what}, element {i},"), found, expected))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::profile;

    fn play_profile(name: &str, text: &str) {
        let dialect = profile::load(name).unwrap_or_else(|errors| panic!("{}", profile::render(&errors)));
        let exchanges = parse(text).unwrap_or_else(|errors| panic!("{}", errors.join("\n")));
        let mut problems: Vec<String> =
            exchanges.iter().flat_map(|exchange| play(&dialect, exchange)).collect();
        problems.extend(uncovered(&dialect, &exchanges));
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    #[test]
    fn the_reference_vendor_s_own_bytes_hold_in_both_directions() {
        play_profile("reference", include_str!("locks/reference.wire"));
    }

    #[test]
    fn seam_s_own_bytes_hold_in_both_directions() {
        play_profile("seam", include_str!("locks/seam.wire"));
    }

    #[test]
    fn ttlock_s_own_bytes_hold_in_both_directions() {
        play_profile("ttlock", include_str!("locks/ttlock.wire"));
    }

    #[test]
    fn nuki_s_own_bytes_hold_in_both_directions() {
        play_profile("nuki", include_str!("locks/nuki.wire"));
    }

    #[test]
    fn tedee_s_documented_bytes_hold_in_both_directions() {
        play_profile("tedee", include_str!("locks/tedee.wire"));
    }

    #[test]
    fn danalock_s_watched_bytes_hold_in_both_directions() {
        play_profile("danalock", include_str!("locks/danalock.wire"));
    }

    #[test]
    fn unloc_s_documented_bytes_hold_in_both_directions() {
        play_profile("unloc", include_str!("locks/unloc.wire"));
    }

    #[test]
    fn salto_s_own_bytes_hold_in_both_directions() {
        play_profile("salto_ks", include_str!("locks/salto_ks.wire"));
    }

    #[test]
    fn igloohome_s_own_bytes_hold_in_both_directions() {
        play_profile("igloohome", include_str!("locks/igloohome.wire"));
    }

    #[test]
    fn a_transcript_that_disagrees_is_found_out() {
        let text = include_str!("locks/reference.wire");
        let dialect = profile::load("reference").unwrap();
        for (right, wrong) in [
            ("says: lock.battery = 80", "says: lock.battery = 81"),
            ("asks: lock.id = l-1", "asks: lock.id = l-2"),
            ("GET /v1/locks/l-1 ", "GET /v1/locks/l-9 "),
            ("\"percent\": 80", "\"percent\": \"80\""),
        ] {
            assert!(text.contains(right), "{right}");
            let broken = parse(&text.replacen(right, wrong, 1)).unwrap();
            assert!(broken.iter().any(|exchange| !play(&dialect, exchange).is_empty()), "{wrong}");
        }
    }

    #[test]
    fn a_malformed_transcript_says_where() {
        let errors = parse(
            "### get_lock: x\nsource: here\nsays: lock.idd = 1\n\nGET / HTTP/1.1\n---\nHTTP/1.1 200 OK\n",
        );
        assert_eq!(errors.unwrap_err(), ["line 1: unknown field `lock.idd`"]);
    }
}
