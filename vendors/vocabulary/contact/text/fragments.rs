//! Pieces of style sheets that run something, and formulas that a spreadsheet
//! would compute.

use super::edit::Edit;
use super::view::View;
use super::words::FORMULAS;

pub(super) fn find(view: &View, edits: &mut Vec<Edit>) {
    for at in 0..view.len() {
        let found = match view.at(at) {
            Some('e') => expression(view, at),
            Some('-') => binding(view, at),
            Some('b') => behaviour(view, at),
            Some('@') => import(view, at),
            Some('|') => exchange(view, at),
            _ => None,
        };
        edits.extend(found);
    }
    edits.extend(formula(view));
}

/// `width: expression(…)`.
fn expression(view: &View, at: usize) -> Option<Edit> {
    let end = at + "expression".len();
    let before = (0..at).rev().find(|at| !view.at(*at).is_some_and(char::is_whitespace))?;
    let found = view.has(at, "expression")
        && view.at(before) == Some(':')
        && view.at(view.past_space(end)) == Some('(');
    found.then(|| Edit::remove(view, at, end)).flatten()
}

/// `-moz-binding: …`.
fn binding(view: &View, at: usize) -> Option<Edit> {
    let end = at + "-moz-binding".len();
    let found = view.has(at, "-moz-binding") && view.at(view.past_space(end)) == Some(':');
    found.then(|| Edit::remove(view, at, end)).flatten()
}

/// `behavior: url(…)`.
fn behaviour(view: &View, at: usize) -> Option<Edit> {
    let end = at + "behavior".len();
    let colon = view.past_space(end);
    let found = view.has(at, "behavior")
        && view.at(colon) == Some(':')
        && view.has(view.past_space(colon + 1), "url(");
    found.then(|| Edit::remove(view, at, end)).flatten()
}

/// `@import "…"`.
fn import(view: &View, at: usize) -> Option<Edit> {
    let after = view.past_space(at + "@import".len());
    let named = view.has(after, "url(") || matches!(view.at(after), Some('"' | '\''));
    (view.has(at, "@import") && named).then(|| Edit::part(view, at)).flatten()
}

/// `cmd|'/C …'!A0`: another program started by a spreadsheet.
fn exchange(view: &View, at: usize) -> Option<Edit> {
    let quote = view.at(view.past_space(at + 1))?;
    let closed = matches!(quote, '\'' | '"') && view.next(at + 1, "!").is_some();
    let named = at.checked_sub(1).and_then(|at| view.at(at)).is_some_and(|c| c.is_ascii_alphanumeric());
    (closed && named).then(|| Edit::remove(view, at, at + 1)).flatten()
}

/// The signs before a formula. `-5 °C`, `+47 …` and `@home` are none.
fn formula(view: &View) -> Option<Edit> {
    let begin = view.past_space(0);
    let leads = |c: char| matches!(c, '=' | '+' | '-' | '@');
    let first = view.at(begin).filter(|c| leads(*c))?;
    let end = view.run(begin, |c| leads(c) || c.is_whitespace());
    let called = |at: usize| {
        let word =
            (0..at).rev().take_while(|at| view.at(*at).is_some_and(|c| c.is_ascii_alphanumeric())).count();
        let name = view.text(at - word, at);
        view.at(at) == Some('(') && (FORMULAS.contains(&name.as_str()) || (first == '=' && word > 0))
    };
    let exchanges = |at: usize| view.at(at) == Some('|') && exchange(view, at).is_some();
    let computes = |at: usize| called(at) || exchanges(at);
    (end..view.len()).any(computes).then(|| Edit::remove(view, begin, end)).flatten()
}
