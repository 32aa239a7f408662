//! Exchanges as they are written down.

use crate::vendors::dialect::form::decode_form;
use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field};
use crate::vendors::wire::{WireRequest, WireResponse};

/// Whose business the bytes of an exchange are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Only {
    /// Both sides make and read them.
    #[default]
    Both,
    /// The answer, or the callback, is read and never made.
    Client,
    /// The request is taken and never made.
    Server,
    /// The request is neither made nor taken.
    Nobody,
}

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
    /// Who makes and reads it.
    pub only: Only,
    /// What the request says.
    pub asks: Facts,
    /// What the answer says.
    pub says: Facts,
    /// The kind, where the answer is an error.
    pub refuses: Option<FailureKind>,
    /// Members of the answer that the vendor alone tells: `state.mode`, `header x-y`,
    /// `*` for the whole body. The profile's notes name each of them.
    pub untold: Vec<String>,
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
    if !exchange.untold.is_empty() && matches!(exchange.only, Only::Client | Only::Nobody) {
        return Err("`untold:` stands where an answer is made".to_owned());
    }
    let messages = &body[head..];
    if exchange.only == Only::Nobody {
        exchange.request = parse_request(messages)?;
        return Ok(exchange);
    }
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
        let (name, rest) = line.split_once(':').ok_or_else(|| {
            format!("`{line}` is no `source:`, `asks:`, `says:`, `refuses:`, `only:` or `untold:`")
        })?;
        let rest = rest.trim();
        match name {
            "source" => rest.clone_into(&mut self.source),
            "asks" => add_fact(&mut self.asks, rest)?,
            "says" => add_fact(&mut self.says, rest)?,
            "untold" => self.untold.extend(rest.split(',').map(|name| name.trim().to_owned())),
            "only" => {
                self.only = match rest {
                    "client" => Only::Client,
                    "server" => Only::Server,
                    "nobody" => Only::Nobody,
                    _ => return Err(format!("`only: {rest}` is none of `client`, `server`, `nobody`")),
                }
            }
            "refuses" => {
                self.refuses = Some(
                    FailureKind::parse(rest).ok_or_else(|| format!("unknown kind of failure `{rest}`"))?,
                );
            }
            _ => {
                return Err(format!(
                    "`{name}:` is none of `source:`, `asks:`, `says:`, `refuses:`, `only:`, `untold:`"
                ));
            }
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
