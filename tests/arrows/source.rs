//! Reads the paths that a Rust source names: comments and literals are left
//! out, groups are unfolded, `self` and `super` are resolved.

/// A path as it was named, resolved as far as the sources tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Segments; the first is `crate` for our own, else the name as it stands.
    pub segments: Vec<String>,
    /// Line, from 1.
    pub line: usize,
    /// Whether it is re-exported (`pub use`).
    pub exported: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Token {
    text: String,
    line: usize,
}

/// Every path of at least one `::` (or a bare `crate`) in a source, whose
/// module has that path.
pub fn paths(module: &[&str], text: &str) -> Vec<Named> {
    let tokens = tokens(&blank(text));
    Reader {
        tokens: &tokens,
        module: module.iter().map(|part| (*part).to_owned()).collect(),
        found: Vec::new(),
    }
    .read()
}

/// The words and signs of a source, without comments and literals; for rules
/// that are not about paths.
pub fn words(text: &str) -> Vec<String> {
    tokens(&blank(text)).into_iter().map(|token| token.text).collect()
}

struct Reader<'a> {
    tokens: &'a [Token],
    module: Vec<String>,
    found: Vec<Named>,
}

impl Reader<'_> {
    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &token.text)
    }

    fn read(mut self) -> Vec<Named> {
        // One entry for each open brace: whether it opened an inline module.
        let mut braces = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            match self.text(at) {
                "mod" if is_name(self.text(at + 1)) && self.text(at + 2) == "{" => {
                    self.module.push(self.text(at + 1).to_owned());
                    braces.push(true);
                    at += 3;
                }
                "{" => {
                    braces.push(false);
                    at += 1;
                }
                "}" => {
                    if braces.pop() == Some(true) {
                        self.module.pop();
                    }
                    at += 1;
                }
                "use" => {
                    let exported = at > 0 && (self.text(at - 1) == "pub" || self.text(at - 1) == ")");
                    at = self.tree(at + 1, Vec::new(), exported);
                }
                "pub" if self.text(at + 1) == "(" => {
                    while at < self.tokens.len() && self.text(at) != ")" {
                        at += 1;
                    }
                    at += 1;
                }
                word if is_name(word) && (self.text(at + 1) == "::" || word == "crate") => {
                    at = self.tree(at, Vec::new(), false);
                }
                _ => at += 1,
            }
        }
        self.found
    }

    /// Reads one path or group from `at` on, below `prefix`; returns where it ends.
    fn tree(&mut self, mut at: usize, mut prefix: Vec<String>, exported: bool) -> usize {
        let line = self.tokens.get(at).map_or(0, |token| token.line);
        if self.text(at) == "::" {
            at += 1;
        }
        loop {
            match self.text(at) {
                "{" => {
                    at += 1;
                    while at < self.tokens.len() && self.text(at) != "}" {
                        let next = self.tree(at, prefix.clone(), exported);
                        at = if self.text(next) == "," { next + 1 } else { next.max(at + 1) };
                    }
                    return at + 1;
                }
                "*" => {
                    prefix.push("*".to_owned());
                    at += 1;
                }
                word if is_name(word) => {
                    prefix.push(word.to_owned());
                    at += 1;
                    if self.text(at) == "::"
                        && (is_name(self.text(at + 1)) || matches!(self.text(at + 1), "{" | "*"))
                    {
                        at += 1;
                        continue;
                    }
                }
                _ => {}
            }
            break;
        }
        if self.text(at) == "as" {
            prefix.push("as".to_owned());
            at += 2;
        }
        if !prefix.is_empty() {
            let segments = self.resolve(prefix);
            self.found.push(Named { segments, line, exported });
        }
        at
    }

    /// Replaces a leading `self` or `super`s by the path from `crate` on, and a
    /// trailing `self` by nothing.
    fn resolve(&self, mut segments: Vec<String>) -> Vec<String> {
        let supers = segments.iter().take_while(|segment| *segment == "super").count();
        let leading_self = usize::from(segments.first().is_some_and(|segment| segment == "self"));
        let skipped = supers
            .max(leading_self + segments.iter().skip(leading_self).take_while(|s| *s == "super").count());
        let above = skipped - leading_self;
        if skipped > 0 {
            let kept = self.module.len().saturating_sub(above);
            let mut whole = vec!["crate".to_owned()];
            whole.extend(self.module[..kept].iter().cloned());
            whole.extend(segments.drain(skipped..));
            segments = whole;
        }
        if let Some(at) = segments.iter().skip(1).position(|segment| segment == "self") {
            segments.remove(at + 1);
        }
        segments
    }
}

fn is_name(text: &str) -> bool {
    text.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && !matches!(
            text,
            "as" | "use" | "mod" | "pub" | "in" | "where" | "impl" | "dyn" | "fn" | "for" | "ref" | "mut"
        )
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut line = 1;
    let mut rest = text.chars().peekable();
    while let Some(sign) = rest.next() {
        match sign {
            '\n' => line += 1,
            ':' if rest.peek() == Some(&':') => {
                rest.next();
                tokens.push(Token { text: "::".to_owned(), line });
            }
            _ if sign.is_whitespace() => {}
            _ if sign.is_alphanumeric() || sign == '_' => {
                let mut word = sign.to_string();
                while let Some(next) = rest.next_if(|next| next.is_alphanumeric() || *next == '_') {
                    word.push(next);
                }
                // A raw name (`r#crate` cannot be, `r#type` can) is its name.
                if word == "r" && rest.peek() == Some(&'#') {
                    rest.next();
                    continue;
                }
                tokens.push(Token { text: word, line });
            }
            _ => tokens.push(Token { text: sign.to_string(), line }),
        }
    }
    tokens
}

/// The source with comments and literals replaced by blanks; lines stay.
fn blank(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < signs.len() {
        let end = literal_end(&signs, at);
        if end > at {
            out.extend(signs[at..end].iter().map(|sign| if *sign == '\n' { '\n' } else { ' ' }));
            at = end;
        } else {
            out.push(signs[at]);
            at += 1;
        }
    }
    out
}

/// Where the comment or literal ends that begins at `at`; `at` where none does.
fn literal_end(signs: &[char], at: usize) -> usize {
    let next = signs.get(at + 1).copied().unwrap_or(' ');
    let in_word = at > 0 && (signs[at - 1].is_alphanumeric() || signs[at - 1] == '_');
    match signs[at] {
        '/' if next == '/' => find(signs, at, |sign| sign == '\n'),
        '/' if next == '*' => block_comment_end(signs, at),
        '"' => string_end(signs, at),
        'r' if !in_word && (next == '"' || next == '#') => raw_string_end(signs, at, at + 1),
        'b' | 'c' if !in_word && next == '"' => string_end(signs, at + 1),
        'b' | 'c' if !in_word && next == 'r' => raw_string_end(signs, at, at + 2),
        'b' if !in_word && next == '\'' => char_end(signs, at + 1).max(at),
        '\'' => char_end(signs, at),
        _ => at,
    }
}

fn find(signs: &[char], from: usize, is_end: impl Fn(char) -> bool) -> usize {
    signs[from..].iter().position(|sign| is_end(*sign)).map_or(signs.len(), |offset| from + offset)
}

fn block_comment_end(signs: &[char], at: usize) -> usize {
    let mut depth = 0;
    let mut here = at;
    while here + 1 < signs.len() {
        match (signs[here], signs[here + 1]) {
            ('/', '*') => (depth, here) = (depth + 1, here + 2),
            ('*', '/') => (depth, here) = (depth - 1, here + 2),
            _ => here += 1,
        }
        if depth == 0 {
            return here;
        }
    }
    signs.len()
}

fn string_end(signs: &[char], quote: usize) -> usize {
    let mut here = quote + 1;
    while here < signs.len() {
        match signs[here] {
            '\\' => here += 2,
            '"' => return here + 1,
            _ => here += 1,
        }
    }
    signs.len()
}

fn raw_string_end(signs: &[char], begin: usize, at: usize) -> usize {
    let hashes = signs[at..].iter().take_while(|sign| **sign == '#').count();
    if signs.get(at + hashes) != Some(&'"') {
        return begin;
    }
    let close: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let body = at + hashes + 1;
    signs[body..]
        .windows(close.len())
        .position(|window| window == close)
        .map_or(signs.len(), |offset| body + offset + close.len())
}

/// The end of a character literal; a lifetime is none.
fn char_end(signs: &[char], at: usize) -> usize {
    match (signs.get(at + 1), signs.get(at + 2)) {
        (Some('\\'), _) => find(signs, at + 3, |sign| sign == '\'') + 1,
        (Some(_), Some('\'')) => at + 3,
        _ => at,
    }
}
