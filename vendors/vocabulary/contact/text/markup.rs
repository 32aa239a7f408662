//! Tags, comments and processing instructions.
//!
//! A known element is taken out with its tag, scripts and style sheets with
//! what they hold. Whatever else an HTML parser would take for the beginning
//! of a tag (`a<b`, `<jane@example.org>`) gets a space behind its `<`, which
//! makes it text for every parser and loses nothing.

use super::edit::Edit;
use super::view::View;
use super::words::{is_active_element, is_element};

pub(super) fn find(view: &View, edits: &mut Vec<Edit>) {
    let Some(last) = (0..view.len()).rev().find(|at| view.at(*at) == Some('>')) else {
        edits.extend((0..view.len()).filter(|at| opens(view, *at)).filter_map(|at| Edit::part(view, at)));
        return;
    };
    let mut at = 0;
    while at < view.len() {
        at = match end(view, at, last) {
            Some(end) => {
                edits.extend(Edit::remove(view, at, end));
                end
            }
            None => {
                if opens(view, at) {
                    edits.extend(Edit::part(view, at));
                }
                at + 1
            }
        };
    }
}

/// Whether a parser would take a place for the beginning of markup.
fn opens(view: &View, at: usize) -> bool {
    let begins = |c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?' | '%' | '/');
    view.at(at) == Some('<') && view.at(at + 1).is_some_and(begins)
}

/// Where the markup ends that begins at a place and is removed.
fn end(view: &View, at: usize, last: usize) -> Option<usize> {
    if view.at(at) != Some('<') || at > last {
        return None;
    }
    let closed = |from: usize, by: &str| view.next(from, by).map(|end| end + by.len());
    match view.at(at + 1)? {
        '!' if view.has(at, "<!--") => closed(at + 2, "-->").or_else(|| closed(at + 4, "--!>")),
        '!' if view.has(at, "<![cdata[") => closed(at, "]]>"),
        '!' => closed(at, ">"),
        '?' => closed(at, "?>").or_else(|| closed(at, ">")),
        '%' => closed(at, "%>"),
        _ => element(view, at, last),
    }
}

/// Where a tag of a known element ends, with what it holds where that runs.
fn element(view: &View, at: usize, last: usize) -> Option<usize> {
    let begin = view.past_space(at + 1);
    let closing = view.at(begin) == Some('/');
    let begin = if closing { view.past_space(begin + 1) } else { begin };
    let end = view.run(begin, |c| !(c.is_whitespace() || matches!(c, '/' | '>' | '<')));
    let name = view.text(begin, end);
    let name = name.rsplit(':').next().unwrap_or_default();
    let spaced = begin > at + 1 + usize::from(closing);
    let known = if spaced { is_active_element(name) } else { is_element(name) };
    if !known {
        return None;
    }
    let after = tag_end(view, end, last)?;
    if closing || !matches!(name, "script" | "style") {
        return Some(after);
    }
    Some(held(view, after, name))
}

/// Past the `>` of a tag; one inside a quoted value does not count.
fn tag_end(view: &View, from: usize, last: usize) -> Option<usize> {
    let mut at = from;
    let mut value = false;
    while at <= last {
        match view.at(at)? {
            '>' => return Some(at + 1),
            quote @ ('"' | '\'') if value => {
                let close = (at + 1..=last).find(|at| view.at(*at) == Some(quote));
                // A value without an end: a careless reader ends the tag at the next sign that can.
                at = close.unwrap_or(at);
                value = false;
            }
            '=' => value = true,
            c if c.is_whitespace() => {}
            _ => value = false,
        }
        at += 1;
    }
    (from..=last).find(|at| view.at(*at) == Some('>')).map(|end| end + 1)
}

/// Past the closing tag of a script or style sheet; past everything without one.
fn held(view: &View, from: usize, name: &str) -> usize {
    let closing = format!("</{name}");
    let Some(close) = view.next(from, &closing) else { return view.len() };
    view.next(close, ">").map_or(view.len(), |end| end + 1)
}
