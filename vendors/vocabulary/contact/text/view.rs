//! A text as a careless reader might come to see it: letters small and plain,
//! what cannot be seen left out, and what is encoded decoded, over and over.
//! Each sign knows the stretch of the source that it comes from.

use unicode_normalization::UnicodeNormalization;

use super::words::{ENTITIES, UTF_7};

/// Who decodes: each knows other codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    /// A page: entities.
    Page,
    /// An address: percent signs.
    Address,
    /// Whoever decodes whatever is encoded.
    Any,
}

/// One sign and the bytes of the source that make it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sign {
    pub c: char,
    pub from: usize,
    pub to: usize,
}

/// The signs of a text.
pub(super) struct View(Vec<Sign>);

/// How often a text may be encoded before nobody would decode it any more.
const LEVELS: usize = 7;

impl View {
    /// The text with nothing decoded.
    pub fn surface(text: &str) -> Self {
        let mut signs = Vec::with_capacity(text.len());
        for (from, c) in text.char_indices() {
            fold(c, from, from + c.len_utf8(), &mut signs);
        }
        Self(signs)
    }

    /// The text on its surface and as each reader decodes it, level by level,
    /// for what one level shows the next may hide.
    pub fn levels(text: &str) -> impl Iterator<Item = Self> {
        let read = |reader: Reader| {
            let deeper =
                move |view: &Self| Some(view.decoded(reader)).filter(|deeper| deeper.len() != view.len());
            std::iter::successors(Some(Self::surface(text)), deeper).take(LEVELS).skip(1)
        };
        std::iter::once(Self::surface(text))
            .chain([Reader::Page, Reader::Address, Reader::Any].into_iter().flat_map(read))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn sign(&self, at: usize) -> Option<Sign> {
        self.0.get(at).copied()
    }

    pub fn at(&self, at: usize) -> Option<char> {
        self.0.get(at).map(|sign| sign.c)
    }

    /// Whether `word` stands at a place.
    pub fn has(&self, at: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(nth, c)| self.at(at + nth) == Some(c))
    }

    /// Where `word` stands next, from a place on.
    pub fn next(&self, from: usize, word: &str) -> Option<usize> {
        (from..self.len()).find(|at| self.has(*at, word))
    }

    /// The end of the run of signs that `belongs` takes.
    pub fn run(&self, from: usize, belongs: impl Fn(char) -> bool) -> usize {
        (from..self.len()).find(|at| !self.at(*at).is_some_and(&belongs)).unwrap_or(self.len())
    }

    /// Past white space.
    pub fn past_space(&self, from: usize) -> usize {
        self.run(from, char::is_whitespace)
    }

    /// The text of a stretch.
    pub fn text(&self, from: usize, to: usize) -> String {
        self.0.get(from..to.min(self.len())).unwrap_or_default().iter().map(|sign| sign.c).collect()
    }

    /// Once decoded: every code replaced by what it stands for.
    fn decoded(&self, reader: Reader) -> Self {
        let mut signs = Vec::with_capacity(self.len());
        let mut at = 0;
        while let Some(sign) = self.sign(at) {
            match self.code(at, reader) {
                Some((c, length)) => {
                    let to = self.sign(at + length - 1).map_or(sign.to, |last| last.to);
                    if let Some(c) = c {
                        fold(c, sign.from, to, &mut signs);
                    }
                    at += length;
                }
                None => {
                    signs.push(sign);
                    at += 1;
                }
            }
        }
        Self(signs)
    }

    /// The code at a place: what it stands for, and how many signs it is long.
    fn code(&self, at: usize, reader: Reader) -> Option<(Option<char>, usize)> {
        let c = self.at(at)?;
        if (reader == Reader::Page && c != '&') || (reader == Reader::Address && c != '%') {
            return None;
        }
        match c {
            '&' => self.entity(at),
            '%' => self.percent(at),
            '\\' => self.escape(at),
            '+' => {
                let (code, c) = UTF_7.iter().find(|(code, _)| self.has(at, code))?;
                let dash = usize::from(self.at(at + code.len()) == Some('-'));
                Some((Some(*c), code.len() + dash))
            }
            '/' => self.comment(at),
            _ => None,
        }
    }

    /// `&lt;`, `&#60;`, `&#x3c;`, with or without the semicolon.
    fn entity(&self, at: usize) -> Option<(Option<char>, usize)> {
        let (value, end) = if self.has(at, "&#x") {
            self.number(at + 3, 16, 8)?
        } else if self.has(at, "&#") {
            self.number(at + 2, 10, 10)?
        } else {
            let (name, c) = ENTITIES.iter().find(|(name, _)| self.has(at + 1, name))?;
            let end = at + 1 + name.len();
            // Without its semicolon a name is a word of the text, unless HTML knows it so.
            if self.at(end) != Some(';') && !matches!(*name, "lt" | "gt" | "amp" | "quot") {
                return None;
            }
            (u32::from(*c), end)
        };
        let semicolon = usize::from(self.at(end) == Some(';'));
        Some((char::from_u32(value), end + semicolon - at))
    }

    /// `%3c`, `%u003c`, and the longer forms of UTF-8, overlong ones too.
    fn percent(&self, at: usize) -> Option<(Option<char>, usize)> {
        if self.has(at, "%u") {
            let (value, end) = self.number(at + 2, 16, 4).filter(|(_, end)| *end == at + 6)?;
            return Some((char::from_u32(value), end - at));
        }
        let byte = |nth: usize| {
            let at = at + 3 * nth;
            (self.at(at) == Some('%'))
                .then(|| self.number(at + 1, 16, 2))
                .flatten()
                .filter(|(_, end)| *end == at + 3)
                .map(|(value, _)| value)
        };
        let first = byte(0)?;
        let (mut value, more) = match first {
            0xc0..0xe0 => (first & 0x1f, 1),
            0xe0..0xf0 => (first & 0x0f, 2),
            0xf0..0xf8 => (first & 0x07, 3),
            _ => return Some((char::from_u32(first), 3)),
        };
        for nth in 1..=more {
            let Some(next) = byte(nth) else { return Some((char::from_u32(first), 3)) };
            value = (value << 6) | (next & 0x3f);
        }
        Some((char::from_u32(value), 3 * (more + 1)))
    }

    /// `\x3c`, `\u003c`, `\u{3c}` of scripts, `\3c ` of style sheets.
    fn escape(&self, at: usize) -> Option<(Option<char>, usize)> {
        let (value, end) = if self.has(at, "\\u{") {
            let (value, end) = self.number(at + 3, 16, 6)?;
            (value, end + usize::from(self.at(end) == Some('}')))
        } else if self.has(at, "\\u") {
            self.number(at + 2, 16, 4).filter(|(_, end)| *end == at + 6)?
        } else if self.has(at, "\\x") {
            self.number(at + 2, 16, 2).filter(|(_, end)| *end == at + 4)?
        } else {
            let (value, end) = self.number(at + 1, 16, 6).filter(|(_, end)| *end > at + 2)?;
            (value, end + usize::from(self.at(end) == Some(' ')))
        };
        Some((char::from_u32(value), end - at))
    }

    /// A comment of a style sheet inside a word.
    fn comment(&self, at: usize) -> Option<(Option<char>, usize)> {
        let letter =
            |at: Option<usize>| at.and_then(|at| self.at(at)).is_some_and(|c| c.is_ascii_alphabetic());
        if !self.has(at, "/*") || !letter(at.checked_sub(1)) {
            return None;
        }
        let end = (at + 2..at + 64).find(|at| self.has(*at, "*/"))? + 2;
        letter(Some(end)).then_some((None, end - at))
    }

    /// A number of at most `digits` digits and where it ends.
    fn number(&self, from: usize, radix: u32, digits: usize) -> Option<(u32, usize)> {
        let end = self.run(from, |c| c.is_digit(radix)).min(from + digits);
        let value = u32::from_str_radix(&self.text(from, end), radix).ok()?;
        Some((value, end))
    }
}

/// Pushes what a character looks like to somebody who is careless: ASCII where
/// it can be taken for ASCII, small letters, nothing for what cannot be seen.
fn fold(c: char, from: usize, to: usize, signs: &mut Vec<Sign>) {
    if is_unseen(c) {
        return;
    }
    let mut push = |c: char| signs.push(Sign { c, from, to });
    if c.is_ascii() {
        return push(c.to_ascii_lowercase());
    }
    if c == 'ı' {
        return push('i');
    }
    if std::iter::once(c).nfkc().all(|c| c.is_ascii()) {
        std::iter::once(c).nfkc().for_each(|c| push(c.to_ascii_lowercase()));
    } else {
        push(c);
    }
}

/// Characters that are not shown at all (Unicode: default ignorable), and
/// controls other than white space.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
        || (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}'))
}
