//! The JSON Schema of a profile, for editors: completion and a first check
//! while typing. What needs more than a shape (holes, plans, overlaps) is told
//! when the profile is loaded.

mod allowances;
mod exchanges;
mod plans;
mod shapes;

use serde_json::{Value, json};

use allowances::{algo_pin, limits};
use exchanges::{auth, callbacks, errors, operation, signature, success};
use plans::{by_function, functions, ids, session};
use shapes::{named, object, pairs, sources, text, words};

use crate::vendors::dialect::Evidence;

/// The JSON Schema of a profile, for editors.
pub fn json_schema() -> Value {
    let mut schema = object(
        "A lock vendor's profile",
        &["schema", "kind", "name", "title", "vendor", "version", "servers", "operations", "functions"],
        &[
            ("schema", json!({ "const": "lockstep.profile/1", "description": "Version of the format." })),
            ("kind", json!({ "enum": ["lock-vendor"] })),
            ("name", text("Short name, as in `reference`.")),
            ("title", text("The product's name for people.")),
            ("vendor", text("Who makes it.")),
            ("version", text("Version of the API that is described.")),
            ("documentation", text("Where the API is documented.")),
            ("notes", text("What is to be said beside the functions.")),
            (
                "sources",
                named("What can be read, or was seen, of the vendor's API, by short names.", source(), &[]),
            ),
            ("servers", servers()),
            (
                "environments",
                named(
                    "Other base addresses by environment and name.",
                    named("Addresses.", text("An address."), &[]),
                    &[],
                ),
            ),
            ("secrets", named("Credentials that a run must be given.", text("What it is."), &[])),
            ("settings", named("Plain values that a run must be given.", text("What it is."), &[])),
            ("headers", pairs("Headers with holes that every operation sends.")),
            ("signatures", named("Digests over several parts.", signature(), &[])),
            ("auth", auth()),
            ("limits", limits()),
            ("algo_pin", algo_pin()),
            ("success", usual_success()),
            ("errors", errors()),
            ("operations", named("The exchanges.", operation(), &[])),
            ("callbacks", callbacks()),
            ("session", session()),
            ("ids", ids()),
            ("functions", functions()),
            ("function_notes", by_function(&text("Timing and limits, for people."), false)),
        ],
    );
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema
}

fn source() -> Value {
    object(
        "A source.",
        &["is", "title"],
        &[
            ("is", words("What sort of evidence it is.", Evidence::ALL.iter().map(|is| is.as_str()))),
            ("title", text("What it is, as people would name it.")),
            ("url", text("Where it is.")),
            ("date", text("The year, month or day of which it is, or on which it was read.")),
        ],
    )
}

fn servers() -> Value {
    let mut servers = named("Base addresses by name; `api` is always there.", text("An address."), &["api"]);
    let (key, shape) = sources();
    servers["properties"] = json!({ key: shape });
    servers
}

fn usual_success() -> Value {
    let mut usual = success("What every answer must hold to be a success, unless the operation says it.");
    let (key, shape) = sources();
    usual["properties"][key] = shape;
    usual
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::profile::embedded_names;

    fn converted(text: &str) -> Value {
        serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap()
    }

    #[test]
    fn it_accepts_every_embedded_profile() {
        let validator = jsonschema::validator_for(&json_schema()).unwrap();
        for (name, _, text) in super::super::embedded::EMBEDDED {
            let errors: Vec<String> = validator
                .iter_errors(&converted(text))
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{name}\n{}", errors.join("\n"));
        }
        assert!(embedded_names().contains(&"reference"));
    }

    #[test]
    fn it_refuses_what_the_reader_refuses_by_shape() {
        let validator = jsonschema::validator_for(&json_schema()).unwrap();
        let reference = include_str!("../../locks/reference.toml");
        for (from, to) in [
            ("title =", "titel ="),
            ("status = 401", "status = \"401\""),
            ("chosen_by = \"caller\"", "chosen_by = \"guest\""),
            ("pulse = \"5 s\"", "pulse = \"5 sec\""),
            ("{ call = \"upsert_user\"", "{ cal = \"upsert_user\""),
            ("is = \"not_found\"", "is = \"not_fond\""),
            ("algo_pin = [\"algo_pin\"]", "algo_pin = []"),
        ] {
            assert!(reference.contains(from), "{from}");
            assert!(!validator.is_valid(&converted(&reference.replacen(from, to, 1))), "{to}");
        }
    }
}
