//! A judge of sanitised text that shares nothing with the sanitiser: a
//! browser's HTML parser and a browser's reading of addresses.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use unicode_normalization::UnicodeNormalization;

/// What a parser made of a text.
#[derive(Default)]
struct Parsed {
    markup: RefCell<Vec<String>>,
    attributes: RefCell<Vec<String>>,
    text: RefCell<String>,
}

impl TokenSink for Parsed {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(Tag { name, attrs, .. }) => {
                self.markup.borrow_mut().push(format!("tag {name}"));
                self.attributes.borrow_mut().extend(attrs.iter().map(|attr| attr.name.local.to_string()));
            }
            Token::CommentToken(_) => self.markup.borrow_mut().push("comment".to_owned()),
            Token::DoctypeToken(_) => self.markup.borrow_mut().push("doctype".to_owned()),
            Token::CharacterTokens(text) => self.text.borrow_mut().push_str(&text),
            Token::NullCharacterToken | Token::EOFToken | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

fn parse(text: &str) -> Parsed {
    let tokenizer = Tokenizer::new(Parsed::default(), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(text));
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink
}

/// Whatever could run in a text, however it is read; empty for text that is only text.
pub fn active_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for reading in readings(text) {
        found.extend(parse(&reading).markup.into_inner());
        found.extend(ammonia::is_html(&reading).then(|| "HTML by ammonia's word".to_owned()));
        found.extend(script_addresses(&reading));
        found.extend(handlers(&reading));
        found.extend(
            ["{{", "${", "#{", "{%", "<%"]
                .iter()
                .filter(|opener| reading.contains(**opener))
                .map(|opener| format!("template {opener}")),
        );
    }
    found
}

/// The text as it is, and with entities, percent signs and wide forms read, again and again.
fn readings(text: &str) -> Vec<String> {
    let mut readings = vec![text.to_owned()];
    for _ in 0..3 {
        let last = readings.last().expect("one").clone();
        let percent = percent_encoding::percent_decode_str(&last).decode_utf8_lossy().into_owned();
        readings.push(percent);
        readings.push(parse(&last).text.into_inner());
        readings.push(last.nfkc().collect());
        let all = parse(&percent_encoding::percent_decode_str(&last).decode_utf8_lossy()).text.into_inner();
        readings.push(all.nfkc().collect());
    }
    readings
}

/// Addresses that a browser would run, wherever a word begins.
fn script_addresses(text: &str) -> Vec<String> {
    let runs = |scheme: &str| matches!(scheme, "javascript" | "vbscript" | "livescript");
    let mut before = ' ';
    let mut found = Vec::new();
    for (at, c) in text.char_indices() {
        if !before.is_ascii_alphanumeric() && c.is_ascii_alphabetic() {
            let url = url::Url::parse(&text[at..]);
            let bad = |url: &url::Url| {
                (runs(url.scheme()) && url.path().contains(['(', '=', '`']))
                    || (url.scheme() == "data" && url.path().starts_with("text/html"))
            };
            found.extend(url.ok().filter(bad).map(|url| format!("address {url}")));
        }
        before = c;
    }
    found
}

/// Event handlers that would stand, were the text put carelessly into a tag.
fn handlers(text: &str) -> Vec<String> {
    let quoted = [format!("<p {text}>"), format!("<p title=\"{text}\">"), format!("<p title='{text}'>")];
    let names = quoted.iter().flat_map(|text| parse(text).attributes.into_inner());
    let handler = |name: &String| {
        ["onerror", "onload", "onclick", "onfocus", "onmouseover", "ontoggle", "onbegin", "onstart", "srcdoc"]
            .iter()
            .any(|handler| name == handler)
            && text.to_lowercase().contains(&format!("{name}="))
    };
    names.filter(handler).map(|name| format!("handler {name}")).collect()
}
