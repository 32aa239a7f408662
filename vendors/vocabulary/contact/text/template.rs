//! Expressions of template languages: a space between the two signs that open
//! one makes it text.

use super::edit::Edit;
use super::view::View;

pub(super) fn find(view: &View, edits: &mut Vec<Edit>) {
    let opens = |at: &usize| match (view.at(*at), view.at(at + 1)) {
        (Some('{' | '$' | '#' | '*' | '@' | '~' | '%' | '!'), Some('{')) | (Some('{'), Some('%')) => true,
        (Some('['), Some('[')) => {
            matches!(view.at(view.past_space(at + 2)), Some('$' | '#' | '*' | '@' | '~'))
        }
        _ => false,
    };
    edits.extend((0..view.len()).filter(opens).filter_map(|at| Edit::part(view, at)));
}
