//! What of a subject file's text is never shown: whatever stands where the name
//! of an environment variable should, and users and passwords in addresses. A
//! value written there by mistake may be the secret itself. Pure.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;

/// Whether this can be the name of an environment variable.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether a place in the text touches a credential that is no name.
pub(super) fn holds(text: &str, place: &Range<usize>) -> bool {
    credentials(text).iter().any(|span| place.start <= span.end && span.start <= place.end)
}

/// The text for excerpts: as long in bytes, so that places in it stay.
pub(super) fn cover(text: &str) -> String {
    let mut spans = credentials(text);
    spans.extend(passwords(text));
    let mut covered = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if c != '\n' && spans.iter().any(|span| span.contains(&at)) {
            covered.extend(std::iter::repeat_n('*', c.len_utf8()));
        } else {
            covered.push(c);
        }
    }
    covered
}

/// The table of credentials, whatever else is wrong in the file.
#[derive(Deserialize)]
struct Lenient {
    #[serde(default)]
    credentials: BTreeMap<String, Spanned<IgnoredAny>>,
}

fn credentials(text: &str) -> Vec<Range<usize>> {
    let quoted = |span: &Range<usize>| text.get(span.clone()).is_some_and(|raw| raw.starts_with(['"', '\'']));
    match toml::from_str::<Lenient>(text) {
        Ok(read) if read.credentials.values().all(|value| quoted(&value.span())) => {
            let spans = read.credentials.values().map(Spanned::span);
            spans.filter(|span| !text.get(span.clone()).is_some_and(is_quoted_name)).collect()
        }
        _ => by_line(text),
    }
}

fn is_quoted_name(raw: &str) -> bool {
    let inside = |quote| raw.strip_prefix(quote).and_then(|rest: &str| rest.strip_suffix(quote));
    inside('"').or_else(|| inside('\'')).is_some_and(is_name)
}

/// Where the text is no TOML, or no text stands there: all of a line behind the
/// `=` that is no quoted name, and all of a line without one.
fn by_line(text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut inside = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start();
        if bare.starts_with('[') {
            inside = of_credentials(bare);
        }
        let comment = bare.is_empty() || bare.starts_with('#');
        let header = bare.starts_with('[');
        if !comment && ((inside && !header) || of_credentials(bare)) {
            let value = line.find('=').map_or(0, |at| at + 1);
            let written = line[value..].split('#').next().unwrap_or_default();
            let nothing = header && value == 0;
            if !nothing && !is_quoted_name(written.trim()) {
                spans.push(start + value..start + line.trim_end().len());
            }
        }
        start += line.len();
    }
    spans
}

fn of_credentials(line: &str) -> bool {
    line.trim_start_matches(['[', ' ', '\t', '"', '\'']).starts_with("credentials")
}

/// What stands between `://` and `@` in an address.
fn passwords(text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    for (at, mark) in text.match_indices("://") {
        let start = at + mark.len();
        let rest = &text[start..];
        let end = rest.find(['\n', '"', '\'', '/']).unwrap_or(rest.len());
        spans.extend(rest[..end].rfind('@').map(|at| start..start + at));
    }
    spans
}
