//! Changes to a text, found in a view of it.

use super::view::View;

/// Puts `with` in the place of a stretch of the source, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    from: usize,
    to: usize,
    with: &'static str,
}

impl Edit {
    /// Takes out the signs `from..to` of a view; nothing where there are none.
    pub fn remove(view: &View, from: usize, to: usize) -> Option<Self> {
        let (first, last) = (view.sign(from)?, view.sign(to.checked_sub(1)?)?);
        Some(Self { from: first.from, to: last.to, with: "" })
    }

    /// Puts a space behind a sign, which ends what began with it.
    pub fn part(view: &View, behind: usize) -> Option<Self> {
        let at = view.sign(behind)?.to;
        Some(Self { from: at, to: at, with: " " })
    }
}

/// The text with the edits made. Of two that overlap the one that begins first holds.
pub(super) fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| (edit.from, std::cmp::Reverse(edit.to)));
    let mut done = 0;
    let mut changed = String::with_capacity(text.len());
    for edit in edits {
        // Every edge is an edge of a character, so the stretches exist.
        let Some(kept) = text.get(done..edit.from) else { continue };
        changed.push_str(kept);
        changed.push_str(edit.with);
        done = edit.to;
    }
    changed.push_str(text.get(done..).unwrap_or_default());
    changed
}
