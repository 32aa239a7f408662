//! Attributes that run what they hold, outside any tag: what is left of a tag
//! that was cut, or meant to break out of a value.

use super::edit::Edit;
use super::view::View;
use super::words::is_running_attribute;

pub(super) fn find(view: &View, edits: &mut Vec<Edit>) {
    let mut at = 0;
    while at < view.len() {
        let end = view.run(at, |c| c.is_ascii_alphabetic());
        if end == at {
            at += 1;
            continue;
        }
        let equals = view.past_space(end);
        if starts_name(view, at) && view.at(equals) == Some('=') && is_running_attribute(&view.text(at, end))
        {
            edits.extend(Edit::remove(view, at, equals + 1));
        }
        at = end;
    }
}

/// Whether no name goes on from before.
fn starts_name(view: &View, at: usize) -> bool {
    let of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    !at.checked_sub(1).and_then(|before| view.at(before)).is_some_and(of_name)
}
