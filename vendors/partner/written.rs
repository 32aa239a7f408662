//! The description as it is written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::declared::{ContactData, Scope, Use};

/// The JSON Schema of a partner description, for editors.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(File).to_value()
}

/// The whole file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// `lockstep.partner/1`.
    #[schemars(with = "String")]
    pub schema: Spanned<String>,
    /// `inlet-partner`.
    #[schemars(with = "String")]
    pub kind: Spanned<String>,
    /// Short name: lower-case letters, digits and `_`.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// The product's name for people.
    pub title: String,
    /// Who makes it.
    pub vendor: String,
    /// The version of the integration.
    pub version: String,
    #[schemars(with = "Declares")]
    pub declares: Spanned<Declares>,
    #[serde(default)]
    pub time: Time,
    pub program: Option<Program>,
    #[schemars(with = "Drive")]
    pub drive: Spanned<Drive>,
    /// Whether Inlet is reached by HTTPS; else by HTTP, as is fit on one machine.
    #[serde(default)]
    pub https: bool,
    /// The domain of ordinary guests' email addresses, for a form that asks whether
    /// mail is taken there.
    #[schemars(with = "Option<String>")]
    pub guest_domain: Option<Spanned<String>>,
    /// The file that the integration logs to.
    pub log: Option<String>,
    #[serde(default)]
    #[schemars(with = "Vec<Attested>")]
    pub attestations: Vec<Spanned<Attested>>,
}

/// What the integration declares to do.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Declares {
    /// Modes of access.
    pub uses: Vec<Use>,
    /// Kinds of bookings and changes.
    #[serde(default)]
    pub scopes: Vec<Scope>,
    /// What is sent of a guest; both where it is left out.
    #[serde(default = "both")]
    pub contact: Vec<ContactData>,
    /// Whether what guests type is sent as `reference`.
    #[serde(default)]
    pub sends_reference: bool,
    /// Whether several customers are served.
    #[serde(default)]
    pub several_customers: bool,
    /// Whether support is told by email.
    #[serde(default)]
    pub escalates_by_email: bool,
    /// How long before the arrival a booking is sent, where it is less than 72 hours:
    /// a number and a unit, `"24 h"`.
    #[schemars(with = "Option<String>")]
    pub sends_before: Option<Spanned<String>>,
    pub load: Option<Load>,
}

fn both() -> Vec<ContactData> {
    vec![ContactData::Email, ContactData::Phone]
}

/// A stated load.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Load {
    #[schemars(with = "u32")]
    pub bookings: Spanned<u32>,
    /// A number and a unit: `"1 min"`.
    #[schemars(with = "String")]
    pub within: Spanned<String>,
}

/// How the partner's time passes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Time {
    #[serde(default)]
    pub pace: Pace,
    /// With `pace = "accelerated"`: more than 1, at most 60.
    #[schemars(with = "Option<f64>")]
    pub factor: Option<Spanned<f64>>,
    /// Whether the program that Lockstep starts takes the present from
    /// `LOCKSTEP_NOW`, and lives on from there.
    #[serde(default)]
    #[schemars(with = "bool")]
    pub takes_present: Option<Spanned<bool>>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Pace {
    /// From Lockstep.
    Virtual,
    /// Some times as fast as the machine's.
    Accelerated,
    /// As the machine's.
    #[default]
    Real,
}

/// The program that is the partner's system.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Program {
    /// Program and arguments.
    #[schemars(with = "Vec<String>")]
    pub command: Spanned<Vec<String>>,
    /// The path that answers 2xx once it is ready.
    pub ready: String,
    /// A number and a unit; 30 s where it is left out.
    #[schemars(with = "Option<String>")]
    pub ready_within: Option<Spanned<String>>,
}

/// How bookings are made: exactly one of the five.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Drive {
    /// The simulated booking system.
    #[serde(default)]
    pub simulated: bool,
    /// Our own integration, which Lockstep holds ready.
    #[serde(default)]
    pub own: bool,
    /// A person at the keyboard.
    #[serde(default)]
    pub person: bool,
    pub http: Option<Http>,
    pub command: Option<BTreeMap<String, Command>>,
}

/// Driving by HTTP calls.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Http {
    /// Left out where Lockstep starts the program.
    #[schemars(with = "Option<String>")]
    pub base: Option<Spanned<String>>,
    /// A number and a unit; 60 s where it is left out.
    #[schemars(with = "Option<String>")]
    pub answers_within: Option<Spanned<String>>,
    /// By act: `book`, `change_end`, `cancel`, …
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Call>")]
    pub acts: BTreeMap<Spanned<String>, Call>,
}

/// The call for one act.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Call {
    /// `"POST /bookings"`; holes in the path.
    #[schemars(with = "String")]
    pub request: Spanned<String>,
    /// JSON with holes.
    #[schemars(with = "Option<String>")]
    pub body: Option<Spanned<String>>,
    #[serde(default)]
    pub answer: Shown,
}

/// The command for one act.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Command {
    /// Program and arguments, with holes.
    #[schemars(with = "Vec<String>")]
    pub run: Vec<Spanned<String>>,
    /// JSON with holes, for its standard input.
    #[schemars(with = "Option<String>")]
    pub input: Option<Spanned<String>>,
    #[serde(default)]
    pub answer: Shown,
}

/// Where an answer tells what, as JSON pointers.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Shown {
    #[schemars(with = "Option<String>")]
    pub booking: Option<Spanned<String>>,
    #[schemars(with = "Option<String>")]
    pub code: Option<Spanned<String>>,
    #[schemars(with = "Option<String>")]
    pub flagged: Option<Spanned<String>>,
}

/// What a person vouches for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Attested {
    #[schemars(with = "String")]
    pub criterion: Spanned<String>,
    pub who: String,
    #[schemars(with = "String", extend("format" = "date"))]
    pub when: jiff::civil::Date,
    /// The path of a file that is there, from the description's folder, or an
    /// address that begins with `https://`; after a comma, where in it.
    #[schemars(with = "String")]
    pub document: Spanned<String>,
}
