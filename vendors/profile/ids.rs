//! `[ids]`: which field serves as an id where the vendor's answers tell none.

use super::document::Section;
use super::functions::field_named;
use crate::vendors::vocabulary::{Field, FieldKind};

/// The ids that another field stands for, each with that field.
pub(super) fn read(root: &Section<'_, '_>) -> Vec<(Field, Field)> {
    let Some(section) = root.section("ids") else { return Vec::new() };
    let mut ids = Vec::new();
    for (key, id) in [("access", Field::AccessId), ("mobile", Field::MobileId)] {
        let Some(text) = section.text(key) else { continue };
        let Some(field) = field_named(&section, &text) else { continue };
        if field.kind() == FieldKind::Text {
            ids.push((id, field));
        } else {
            // An id is shown wherever people read, so nothing that is masked may be one.
            section.doc.problem(
                text.span,
                format!("`{field}` is no text"),
                "write a field such as `access.name`",
            );
        }
    }
    section.finish();
    ids
}
