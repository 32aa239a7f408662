//! `$ref`: from a pointer to what it points at.

use serde_json::Value;

use super::source::Trouble;

/// A value with its place in the description.
pub(super) struct Placed<'a> {
    pub value: &'a Value,
    pub at: String,
}

/// Follows references from `value` to what is no reference any more.
pub(super) fn resolve<'a>(root: &'a Value, value: &'a Value, at: &str) -> Result<Placed<'a>, Trouble> {
    let mut placed = Placed { value, at: at.to_owned() };
    let mut seen: Vec<&str> = Vec::new();
    while let Some(reference) = placed.value.get("$ref").and_then(Value::as_str) {
        if seen.contains(&reference) {
            let round = seen.iter().chain([&reference]).map(|name| format!("`{name}`")).collect::<Vec<_>>();
            return Err(Trouble::new(
                format!("references that lead round in a circle: {}", round.join(" → ")),
                "let one of them say what it is",
            )
            .at(placed.at));
        }
        seen.push(reference);
        placed = follow(root, reference, &placed.at)?;
    }
    Ok(placed)
}

fn follow<'a>(root: &'a Value, reference: &str, at: &str) -> Result<Placed<'a>, Trouble> {
    let Some(pointer) = reference.strip_prefix('#') else {
        return Err(Trouble::new(
            format!("`{reference}` refers to another file"),
            "make one file of the description first; bundlers of OpenAPI do that",
        )
        .at(at));
    };
    let pointer = percent_encoding::percent_decode_str(pointer).decode_utf8_lossy().into_owned();
    match root.pointer(&pointer) {
        Some(value) => Ok(Placed { value, at: format!("#{pointer}") }),
        None => Err(Trouble::new(
            format!("`{reference}` refers to nothing"),
            "mend the reference, or fetch the whole description",
        )
        .at(at)),
    }
}

/// A key as it stands in a pointer.
pub(super) fn key(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
