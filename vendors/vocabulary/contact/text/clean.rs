//! Cleaning until nothing is left to clean.

use super::edit::{Edit, apply};
use super::view::View;
use super::{active, fragments, markup, template, url};

/// Rounds after which a text is taken to have been built to resist.
const ROUNDS: usize = 48;

/// The text without what could run. What is removed can bring together what
/// stood around it, so it is looked at until nothing changes; the result is
/// the same when it is cleaned again.
pub(super) fn cleaned(typed: &str) -> String {
    let mut text = without_controls(typed);
    for _ in 0..ROUNDS {
        match once(&text) {
            Some(changed) => text = changed,
            None => return text,
        }
    }
    without_signs(&text)
}

/// One round; `None` where there is nothing to change.
fn once(text: &str) -> Option<String> {
    for view in View::levels(text) {
        let mut edits: Vec<Edit> = Vec::new();
        markup::find(&view, &mut edits);
        url::find(&view, &mut edits);
        active::find(&view, &mut edits);
        template::find(&view, &mut edits);
        fragments::find(&view, &mut edits);
        if !edits.is_empty() {
            return Some(apply(text, edits));
        }
    }
    None
}

/// Without controls other than tab and line ends, and without the two signs
/// that turn the order of letters over to show another text than is there.
fn without_controls(typed: &str) -> String {
    let kept = |c: &char| {
        matches!(c, '\t' | '\n' | '\r') || !(c.is_control() || matches!(c, '\u{202d}' | '\u{202e}'))
    };
    typed.chars().filter(kept).collect()
}

/// Without any sign that something active needs, spelled out or encoded.
fn without_signs(text: &str) -> String {
    let view = View::surface(text);
    let needed = |c: char| "<>:={}@(|&%\\+-\"'`;/".contains(c);
    let edits = (0..view.len()).filter(|at| view.at(*at).is_some_and(needed));
    apply(text, edits.filter_map(|at| Edit::remove(&view, at, at + 1)).collect())
}
