//! What is said of a hole that is wrong.

use std::ops::Range;

use super::TemplateError;
use crate::vendors::profile::nearest;
use crate::vendors::vocabulary::{Field, FieldKind};

/// A field that there is not, with the nearest that there is.
pub(super) fn unknown_field(name: &str, at: Range<usize>, all: &Range<usize>) -> TemplateError {
    if name.is_empty() {
        return TemplateError::new(
            all.clone(),
            "a hole without a field",
            "write `{lock.id}`; a brace itself is written twice, `{{`",
        );
    }
    let names: Vec<String> = Field::FIXED.iter().map(ToString::to_string).collect();
    let help = match nearest(name, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "fields are listed in the format's description; a value of the vendor's own is `own.name`"
            .to_owned(),
    };
    TemplateError::new(at, format!("unknown field `{name}`"), help)
}

/// What a field holds, as messages say it.
pub(super) fn kind_phrase(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "a text",
        FieldKind::Int => "a whole number",
        FieldKind::Bool => "yes or no",
        FieldKind::Percent => "a percentage",
        FieldKind::Instant => "a point in time",
        FieldKind::Seconds => "a span",
        FieldKind::Word => "a word",
        FieldKind::Pin => "a PIN",
        FieldKind::Secret => "a secret",
        FieldKind::Invitation => "an invitation",
        FieldKind::Days => "a set of weekdays",
        FieldKind::Any => "anything",
    }
}

/// The codecs that a field can have, as messages say it.
pub(super) fn fitting(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text | FieldKind::Pin | FieldKind::Invitation => "`text`, `int` or `digits(n)`",
        FieldKind::Int => "`int`",
        FieldKind::Bool => "`bool` or `bool(yes, no)`",
        FieldKind::Percent => "`percent`, `fraction` or `levels(word=number, …)`",
        FieldKind::Instant => {
            "`rfc3339`, `rfc3339_offset`, `epoch_ms`, `epoch_s`, `local(zone)`, `format(pattern)` or `minute_of_day`"
        }
        FieldKind::Seconds => "`seconds`, `minutes`, `ms` or `int`",
        FieldKind::Word => "`enum(word=spelling, …)` or `word`",
        FieldKind::Secret => "`text` or a digest",
        FieldKind::Days => "`days(…)`, `days_hex(…)`, `days_list(…)` or `day(…)`",
        FieldKind::Any => "no codec, `one_of(…)`, `some_of(…)`, `sends(…)` or `takes(…)`",
    }
}
