//! The published schema of `report.json`.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::harness::result::{Report, SCHEMA};

/// The schema as JSON Schema 2020-12. The same text is published as
/// `reports/schema/report.json`.
pub fn schema() -> Value {
    let mut schema =
        SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Report>().to_value();
    put(&mut schema, "/title", json!("Lockstep report"));
    put(&mut schema, "/properties/schema/const", json!(SCHEMA));
    put(&mut schema, "/properties/schema/description", json!(format!("Always `{SCHEMA}`.")));
    put(&mut schema, "/properties/finished/description", json!("When it ended, on the machine's clock."));
    put(&mut schema, "/properties/started/description", json!("When it began, on the machine's clock."));
    put(&mut schema, "/description", json!("A finished or interrupted run of Lockstep, as in report.json."));
    for instant in ["/properties/started", "/properties/finished", "/$defs/Exchange/properties/at"] {
        put(&mut schema, &format!("{instant}/format"), json!("date-time"));
    }
    put(&mut schema, "/$defs/CriterionId/pattern", json!("^[A-Z]+-[0-9]{2,}$"));
    schema
}

/// Sets one member of an object that is there.
fn put(schema: &mut Value, pointer: &str, value: Value) {
    let Some((parent, name)) = pointer.rsplit_once('/') else { return };
    if let Some(Value::Object(object)) = schema.pointer_mut(parent) {
        object.insert(name.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{render, samples};
    use super::*;

    #[test]
    fn the_published_schema_is_the_one_of_the_code() {
        let text = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
        samples::check_file(&samples::folder().join("../schema/report.json"), &text);
    }

    #[test]
    fn formats_ids_and_the_name_are_pinned() {
        let schema = schema();
        for pointer in [
            "/properties/schema/const",
            "/properties/started/format",
            "/properties/finished/format",
            "/$defs/Exchange/properties/at/format",
            "/$defs/CriterionId/pattern",
        ] {
            assert!(schema.pointer(pointer).is_some(), "{pointer}");
        }
    }

    #[test]
    fn every_sample_follows_it() {
        let schema = schema();
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        for (name, report) in samples::all() {
            let value: Value = serde_json::from_str(&render::json(&report).unwrap()).unwrap();
            let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
            assert_eq!(errors, Vec::<String>::new(), "{name}");
        }
        let mut wrong: Value = serde_json::to_value(samples::rehearsal()).unwrap();
        wrong["started"] = json!("yesterday");
        assert!(!validator.is_valid(&wrong));
    }
}
