//! A JSON reader that keeps the place of every value, for exact messages.

use super::TemplateError;

/// A JSON value with its place in the text.
#[derive(Debug)]
pub(super) struct Placed {
    pub at: usize,
    pub end: usize,
    pub value: Json,
}

#[derive(Debug)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    /// The text, and whether its bytes stand in the source as they are.
    Text(String, bool),
    Array(Vec<Placed>),
    /// Keys with their places.
    Object(Vec<(String, usize, Placed)>),
}

pub(super) fn parse(text: &str) -> Result<Placed, TemplateError> {
    let mut parser = Parser { text, at: 0 };
    let value = parser.value(0)?;
    parser.skip_space();
    if parser.at < text.len() { Err(parser.error("the end of the message")) } else { Ok(value) }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn error(&self, expected: &str) -> TemplateError {
        let found = self.text[self.at..].chars().next();
        let what = match found {
            Some(found) => format!("expected {expected}, found `{found}`"),
            None => format!("expected {expected}, but the message ends here"),
        };
        let at = self.at.min(self.text.len());
        let end = at + found.map_or(0, char::len_utf8);
        TemplateError::new(at..end, what, "messages are JSON; a hole stands in quotes: `\"{lock.id}\"`")
    }

    fn eat(&mut self, byte: u8, expected: &str) -> Result<(), TemplateError> {
        self.skip_space();
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.error(expected))
        }
    }

    fn value(&mut self, depth: usize) -> Result<Placed, TemplateError> {
        self.skip_space();
        let at = self.at;
        if depth > 64 {
            return Err(self.error("fewer levels"));
        }
        let value = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => {
                let (text, exact) = self.string()?;
                Json::Text(text, exact)
            }
            Some(b't') => self.word("true", Json::Bool(true))?,
            Some(b'f') => self.word("false", Json::Bool(false))?,
            Some(b'n') => self.word("null", Json::Null)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => return Err(self.error("a JSON value")),
        };
        Ok(Placed { at, end: self.at, value })
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, TemplateError> {
        if self.text[self.at..].starts_with(word) {
            self.at += word.len();
            return Ok(value);
        }
        Err(self.error("a JSON value"))
    }

    fn number(&mut self) -> Result<Json, TemplateError> {
        let rest = &self.text[self.at..];
        let length =
            rest.bytes().take_while(|b| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')).count();
        let number = serde_json::from_str(&rest[..length]).map_err(|_| self.error("a number"))?;
        self.at += length;
        Ok(Json::Number(number))
    }

    fn string(&mut self) -> Result<(String, bool), TemplateError> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut end = start + 1;
        let mut exact = true;
        loop {
            match bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => {
                    exact = false;
                    end += 2;
                }
                Some(byte) if *byte >= 0x20 => end += 1,
                _ => {
                    self.at = end.min(bytes.len());
                    return Err(self.error("the closing quote of a text"));
                }
            }
        }
        let text = serde_json::from_str(&self.text[start..=end]).map_err(|_| self.error("a text"))?;
        self.at = end + 1;
        Ok((text, exact))
    }

    fn array(&mut self, depth: usize) -> Result<Json, TemplateError> {
        self.at += 1;
        let mut items = Vec::new();
        self.skip_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Json::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.skip_space();
            if self.peek() == Some(b',') {
                self.at += 1;
                continue;
            }
            self.eat(b']', "`,` or `]`")?;
            return Ok(Json::Array(items));
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, TemplateError> {
        self.at += 1;
        let mut members: Vec<(String, usize, Placed)> = Vec::new();
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Json::Object(members));
        }
        loop {
            self.skip_space();
            let at = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.error("a member's name in quotes"));
            }
            let (key, _) = self.string()?;
            if members.iter().any(|(known, _, _)| *known == key) {
                return Err(TemplateError::new(
                    at..self.at,
                    format!("`{key}` is there twice"),
                    "keep one of them",
                ));
            }
            self.eat(b':', "`:`")?;
            let value = self.value(depth + 1)?;
            members.push((key, at, value));
            self.skip_space();
            if self.peek() == Some(b',') {
                self.at += 1;
                continue;
            }
            self.eat(b'}', "`,` or `}`")?;
            return Ok(Json::Object(members));
        }
    }
}
