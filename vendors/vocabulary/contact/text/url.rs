//! Addresses that run what they hold.
//!
//! A space before the colon makes them words: no reader takes a scheme with a
//! space in it.

use super::edit::Edit;
use super::view::{Sign, View};

const SCHEMES: [&str; 4] = ["javascript", "vbscript", "livescript", "jscript"];
/// What a `data:` address runs when it is opened.
const RUNNING_DATA: [&str; 9] = [
    "text/html",
    "text/xml",
    "text/javascript",
    "text/ecmascript",
    "text/vbscript",
    "application/",
    "image/svg",
    "text/css",
    "text/xsl",
];

pub(super) fn find(view: &View, edits: &mut Vec<Edit>) {
    for at in 0..view.len() {
        if !begins_word(view, at) {
            continue;
        }
        let colon =
            SCHEMES.iter().find_map(|word| scheme(view, at, word)).filter(|colon| is_run(view, *colon));
        let colon = colon.or_else(|| scheme(view, at, "data").filter(|colon| is_running_data(view, *colon)));
        if let Some(colon) = colon {
            edits.extend(Edit::part(view, colon - 1));
        }
    }
}

fn begins_word(view: &View, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| view.sign(before));
    // What cannot be seen between two letters parts them for whoever does not skip it.
    let goes_on = |before: Sign, sign: Sign| before.c.is_ascii_alphanumeric() && before.to >= sign.from;
    !before.zip(view.sign(at)).is_some_and(|(before, sign)| goes_on(before, sign))
}

/// The place of the colon of a scheme; readers skip tabs and line ends inside it.
fn scheme(view: &View, at: usize, word: &str) -> Option<usize> {
    let skip = |at: usize| view.run(at, |c| matches!(c, '\t' | '\n' | '\r'));
    let mut at = at;
    for c in word.chars() {
        if view.at(at) != Some(c) {
            return None;
        }
        at = skip(at + 1);
    }
    (view.at(at) == Some(':')).then_some(at)
}

/// Whether something follows that could be code. `JavaScript: The Good Parts`
/// is the name of a book.
fn is_run(view: &View, colon: usize) -> bool {
    let code = |c: char| "(=`[{;/\\%<+".contains(c);
    let next = view.at(colon + 1);
    next.is_some_and(|c| !c.is_whitespace())
        || (colon + 1..view.len()).any(|at| view.at(at).is_some_and(code))
}

fn is_running_data(view: &View, colon: usize) -> bool {
    let begin = view.past_space(colon + 1);
    let comma = view.next(begin, ",").unwrap_or(begin);
    RUNNING_DATA.iter().any(|kind| view.has(begin, kind)) || view.text(begin, comma).ends_with(";base64")
}
