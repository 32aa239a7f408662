//! From a JSON Schema, as OpenAPI 3 writes it, to a shape.

use serde_json::Value;

use super::reference::{Placed, key, resolve};
use super::shape::{Kind, Member, Shape, Way};
use super::source::Trouble;
use super::values;

/// How deep a message is followed. What lies deeper is no part of an answer
/// about a lock.
const DEEPEST: usize = 10;
/// How many values of one message are read.
const MOST: usize = 1_500;

/// Reads the schemas of one description.
pub(super) struct Schemas<'a> {
    pub root: &'a Value,
}

/// A reading under way: where it came through, and how much may follow.
struct Course {
    through: Vec<String>,
    left: usize,
}

impl Schemas<'_> {
    /// The shape of a schema. A schema that holds itself is cut where it begins
    /// anew.
    pub fn shape(&self, schema: &Value, at: &str) -> Result<Shape, Trouble> {
        self.read(schema, at, &mut Course { through: Vec::new(), left: MOST })
    }

    fn read(&self, schema: &Value, at: &str, course: &mut Course) -> Result<Shape, Trouble> {
        let placed = resolve(self.root, schema, at)?;
        // OpenAPI 3.0 ignores what stands beside a reference, 3.1 does not; who
        // wrote it there meant it.
        let beside = only(schema);
        let mut shape = self.resolved(&placed, course)?;
        shape.only = beside.or(shape.only);
        Ok(shape)
    }

    fn resolved(&self, placed: &Placed<'_>, course: &mut Course) -> Result<Shape, Trouble> {
        if course.left == 0 || course.through.len() >= DEEPEST || course.through.contains(&placed.at) {
            return Ok(Shape::of(Kind::Anything));
        }
        course.left -= 1;
        course.through.push(placed.at.clone());
        let shape = self.plain(placed.value, &placed.at, course);
        course.through.pop();
        shape
    }

    fn plain(&self, schema: &Value, at: &str, course: &mut Course) -> Result<Shape, Trouble> {
        let mut shape = Shape::of(self.kind(schema, at, course)?);
        for (position, part) in list(schema, "allOf").iter().enumerate() {
            let part = self.read(part, &format!("{at}/allOf/{position}"), course)?;
            shape = merge(shape, part);
        }
        for word in ["oneOf", "anyOf"] {
            shape = self.one_of(shape, schema, word, at, course)?;
        }
        describe(&mut shape, schema);
        Ok(shape)
    }

    fn kind(&self, schema: &Value, at: &str, course: &mut Course) -> Result<Kind, Trouble> {
        let named = match schema.get("type") {
            Some(Value::String(name)) => Some(name.as_str()),
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).find(|name| *name != "null"),
            _ => None,
        };
        Ok(match named {
            Some("string") => Kind::Text,
            Some("integer") => Kind::Number { whole: true },
            Some("number") => Kind::Number { whole: false },
            Some("boolean") => Kind::Bool,
            Some("array") => self.items(schema, at, course)?,
            Some("object") => self.object(schema, at, course)?,
            _ if schema.get("properties").is_some() => self.object(schema, at, course)?,
            _ if schema.get("items").is_some() => self.items(schema, at, course)?,
            _ => kind_of_values(schema),
        })
    }

    fn items(&self, schema: &Value, at: &str, course: &mut Course) -> Result<Kind, Trouble> {
        Ok(Kind::List(Box::new(match schema.get("items") {
            Some(items) => self.read(items, &format!("{at}/items"), course)?,
            None => Shape::of(Kind::Anything),
        })))
    }

    fn object(&self, schema: &Value, at: &str, course: &mut Course) -> Result<Kind, Trouble> {
        let required: Option<Vec<&str>> = schema
            .get("required")
            .and_then(Value::as_array)
            .map(|names| names.iter().filter_map(Value::as_str).collect());
        let mut members = Vec::new();
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let shape = self.read(property, &format!("{at}/properties/{}", key(name)), course)?;
            let required = required.as_ref().map(|names| names.contains(&name.as_str()));
            members.push(Member { name: name.clone(), shape, required });
        }
        match schema.get("additionalProperties") {
            Some(values @ Value::Object(inner)) if members.is_empty() && !inner.is_empty() => {
                let shape = self.read(values, &format!("{at}/additionalProperties"), course)?;
                Ok(Kind::Keyed(Box::new(shape)))
            }
            _ => Ok(Kind::Object(members)),
        }
    }

    /// The first alternative that is something stands for all; alternatives
    /// that are one value each are a list of values.
    fn one_of(
        &self,
        shape: Shape,
        schema: &Value,
        word: &str,
        at: &str,
        course: &mut Course,
    ) -> Result<Shape, Trouble> {
        let alternatives = list(schema, word);
        let constants: Vec<(&Value, Option<&str>)> = alternatives
            .iter()
            .filter_map(|one| {
                Some((one.get("const")?, text(one, "title").or_else(|| text(one, "description"))))
            })
            .collect();
        if !alternatives.is_empty() && constants.len() == alternatives.len() {
            let mut shape = shape;
            shape.values = constants.iter().map(|(value, _)| (*value).clone()).collect();
            shape.names = constants
                .iter()
                .filter_map(|(value, name)| Some(((*value).clone(), (*name)?.to_owned())))
                .collect();
            if let (Kind::Anything, Some(first)) = (&shape.kind, shape.values.first()) {
                shape.kind = Shape::of_example(first).kind;
            }
            return Ok(shape);
        }
        let mut nullable = shape.nullable;
        for (position, one) in alternatives.iter().enumerate() {
            if one.get("type").and_then(Value::as_str) == Some("null") {
                nullable = true;
                continue;
            }
            let one = self.read(one, &format!("{at}/{word}/{position}"), course)?;
            let mut merged = merge(shape, one);
            merged.nullable |= nullable || alternatives.iter().any(is_null);
            return Ok(merged);
        }
        Ok(Shape { nullable, ..shape })
    }
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}

/// The type of the values that a schema without a type lists.
fn kind_of_values(schema: &Value) -> Kind {
    let first =
        schema.get("const").or_else(|| list(schema, "enum").first()).or_else(|| schema.get("example"));
    first.map_or(Kind::Anything, |value| Shape::of_example(value).kind)
}

/// What a schema says beside the type.
fn describe(shape: &mut Shape, schema: &Value) {
    if let Some(text) = text(schema, "description").or_else(|| text(schema, "title")) {
        shape.text = Some(text.to_owned());
    }
    if let Some(format) = text(schema, "format") {
        shape.format = Some(format.to_owned());
    }
    let number = |name: &str| schema.get(name).and_then(Value::as_f64);
    let length = |name: &str| schema.get(name).and_then(Value::as_u64);
    shape.range = (number("minimum").or(shape.range.0), number("maximum").or(shape.range.1));
    shape.lengths = (length("minLength").or(shape.lengths.0), length("maxLength").or(shape.lengths.1));
    shape.nullable |= schema.get("nullable").and_then(Value::as_bool).unwrap_or(false)
        || list(schema, "type").iter().any(|name| name == "null");
    shape.only = only(schema).or(shape.only);
    if let Some(value) = schema.get("const") {
        shape.values = vec![value.clone()];
    }
    let values = list(schema, "enum");
    if !values.is_empty() {
        shape.nullable |= values.contains(&Value::Null);
        shape.values = values.iter().filter(|value| !value.is_null()).cloned().collect();
    }
    name_values(shape, schema);
    let example =
        schema.get("example").or_else(|| list(schema, "examples").first()).or_else(|| schema.get("default"));
    if let Some(example) = example {
        let bare = std::mem::replace(shape, Shape::of(Kind::Anything));
        *shape = bare.with_example(example);
        // What the schema itself shows goes before what its parts show.
        if !example.is_null() && !example.is_object() && !example.is_array() {
            shape.example = Some(example.clone());
        }
    }
}

/// The only way that a value goes. Both at once may not stand in a schema, and say
/// nothing together.
fn only(schema: &Value) -> Option<Way> {
    let says = |word: &str| schema.get(word).and_then(Value::as_bool).unwrap_or(false);
    match (says("readOnly"), says("writeOnly")) {
        (true, false) => Some(Way::Answer),
        (false, true) => Some(Way::Request),
        _ => None,
    }
}

/// Names of values: from an extension, or from the words beside the numbers in
/// the description (`0 = locked, 1 = unlocked`).
fn name_values(shape: &mut Shape, schema: &Value) {
    let extension = ["x-enum-varnames", "x-enumNames", "x-enum-descriptions", "x-enum-names"];
    for names in
        extension.iter().map(|word| list(schema, word)).filter(|names| names.len() == shape.values.len())
    {
        if shape.names.is_empty() {
            let named = shape.values.iter().zip(names);
            shape.names =
                named.filter_map(|(value, name)| Some((value.clone(), name.as_str()?.to_owned()))).collect();
        }
    }
    let counted = matches!(shape.kind, Kind::Number { .. });
    if let Some(text) = shape.text.as_deref().filter(|_| counted && shape.names.is_empty()) {
        shape.names =
            values::numbered(text).into_iter().map(|(number, name)| (Value::from(number), name)).collect();
    }
    if shape.values.is_empty() && shape.names.len() > 1 {
        shape.values = shape.names.iter().map(|(value, _)| value.clone()).collect();
    }
}

/// Two schemas that hold at once.
fn merge(left: Shape, right: Shape) -> Shape {
    let kind = match (left.kind, right.kind) {
        (Kind::Object(mut members), Kind::Object(more)) => {
            for member in more {
                match members.iter_mut().find(|known| known.name == member.name) {
                    Some(known) => {
                        let shape = std::mem::replace(&mut known.shape, Shape::of(Kind::Anything));
                        known.shape = merge(shape, member.shape);
                        known.required = known.required.max(member.required);
                    }
                    None => members.push(member),
                }
            }
            Kind::Object(members)
        }
        (Kind::Anything, kind) | (kind, _) => kind,
    };
    Shape {
        kind,
        example: left.example.or(right.example),
        values: if left.values.is_empty() { right.values } else { left.values },
        names: if left.names.is_empty() { right.names } else { left.names },
        format: left.format.or(right.format),
        text: left.text.or(right.text),
        range: (left.range.0.or(right.range.0), left.range.1.or(right.range.1)),
        lengths: (left.lengths.0.or(right.lengths.0), left.lengths.1.or(right.lengths.1)),
        nullable: left.nullable || right.nullable,
        only: left.only.or(right.only),
    }
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shape(root: &Value) -> Result<Shape, Trouble> {
        Schemas { root }.shape(&root["s"], "#/s")
    }

    fn names(shape: &Shape) -> Vec<&str> {
        shape.members().iter().map(|member| member.name.as_str()).collect()
    }

    #[test]
    fn parts_that_hold_at_once_are_one_object() {
        let root = json!({
            "s": { "allOf": [{ "$ref": "#/base" }, { "type": "object", "properties": { "name": { "type": "string" } } }] },
            "base": { "type": "object", "required": ["id"], "properties": { "id": { "type": "integer" } } },
        });
        assert_eq!(names(&shape(&root).unwrap()), ["id", "name"]);
    }

    #[test]
    fn a_schema_that_holds_itself_is_cut_and_a_circle_of_references_is_refused() {
        let tree = json!({ "s": { "$ref": "#/s1" }, "s1": { "type": "object", "properties": {
            "id": { "type": "string" }, "children": { "type": "array", "items": { "$ref": "#/s1" } } } } });
        assert_eq!(names(&shape(&tree).unwrap()), ["id", "children"]);
        let circle = json!({ "s": { "$ref": "#/a" }, "a": { "$ref": "#/b" }, "b": { "$ref": "#/a" } });
        let trouble = shape(&circle).unwrap_err();
        assert!(trouble.what.contains("round in a circle"), "{trouble:?}");
        let absent = json!({ "s": { "$ref": "other.yaml#/a" } });
        assert!(shape(&absent).unwrap_err().what.contains("another file"));
        let nothing = json!({ "s": { "$ref": "#/none" } });
        assert!(shape(&nothing).unwrap_err().what.contains("nothing"));
    }

    #[test]
    fn what_a_number_means_is_read_from_the_words_beside_it() {
        let root =
            json!({ "s": { "type": "integer", "description": "0 = uncalibrated, 2 - unlocked; 6: locked" } });
        let shape = shape(&root).unwrap();
        assert_eq!(shape.values, [json!(0), json!(2), json!(6)]);
        assert_eq!(shape.names[2], (json!(6), "locked".to_owned()));
    }

    #[test]
    fn what_goes_one_way_only_is_left_out_of_the_other() {
        let root = json!({
            "s": {
                "type": "object",
                "properties": {
                    "id": { "type": "string", "readOnly": true },
                    "state": { "$ref": "#/state" },
                    "lock": { "$ref": "#/lock", "readOnly": true },
                    "user": { "allOf": [{ "$ref": "#/lock" }], "writeOnly": true },
                    "code": { "type": "string", "writeOnly": true },
                    "name": { "type": "string", "readOnly": false },
                    "both": { "type": "string", "readOnly": true, "writeOnly": true },
                    "door": { "type": "object", "properties": {
                        "name": { "type": "string" }, "open": { "type": "boolean", "readOnly": true } } },
                    "codes": { "type": "array", "items": { "$ref": "#/s" }, "readOnly": true },
                },
                // An example of the answer says nothing of what may be sent.
                "example": { "id": "x", "code": "4711", "state": "open", "name": "n" },
            },
            "state": { "type": "string", "readOnly": true },
            "lock": { "type": "object", "properties": { "id": { "type": "string" } } },
        });
        let whole = shape(&root).unwrap();
        let (sent, told) = (whole.clone().going(Way::Request), whole.going(Way::Answer));
        assert_eq!(names(&sent), ["user", "code", "name", "both", "door"]);
        assert_eq!(names(&sent.members()[4].shape), ["name"]);
        assert_eq!(names(&told), ["id", "state", "lock", "name", "both", "door", "codes"]);
    }

    #[test]
    fn null_beside_a_type_is_no_type() {
        for schema in [
            json!({ "type": ["string", "null"] }),
            json!({ "type": "string", "nullable": true }),
            json!({ "oneOf": [{ "type": "null" }, { "type": "string" }] }),
        ] {
            let shape = shape(&json!({ "s": schema })).unwrap();
            assert!(shape.kind == Kind::Text && shape.nullable, "{shape:?}");
        }
    }
}
