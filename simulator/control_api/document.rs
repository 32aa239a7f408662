//! The description of the control API: what every route has in common.

use std::sync::Arc;

use axum::response::Redirect;
use axum::{Extension, Json};
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Description;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{AdditionalProperties, Object, SchemaType};
use utoipa::openapi::{Content, PathItem, Ref, RefOr, ResponseBuilder, Schema};

use super::error::ErrorBody;
use super::model::Trouble;
use crate::vendors::vocabulary::{FailureKind, Meaning};

/// Bodies that are read. A member that none of them has is refused.
const READ: [&str; 11] = [
    "PlainWorld",
    "ScriptedWorld",
    "LockChange",
    "Keys",
    "Presented",
    "Advance",
    "Pacing",
    "FaultBody",
    "EffectBody",
    "Choice",
    "NewListener",
];

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Lockstep control API",
        description = "Governs simulated worlds: their fleets, their clocks, their faults. \
            It hears this machine only, and no page of another site. \
            A request that breaks what is described here is answered with 422, \
            one that names something that is not there with 404, \
            one that the state of the world does not allow with 409. \
            A path that is not described here is answered with 404, \
            a method that a path does not have with 405 and the methods that it has in `Allow`. \
            Each refusal says which member, what was expected and what was found."
    ),
    components(schemas(ErrorBody, Trouble), responses(NoSuchMethod)),
    tags(
        (name = "worlds", description = "Worlds: making, showing, resetting, removing."),
        (name = "time", description = "A world's clock."),
        (name = "fleet", description = "Groups, locks, doors and what opens them."),
        (name = "faults", description = "What goes wrong, when, and how often it did."),
        (name = "scenarios", description = "What happens by a script."),
        (name = "journal", description = "What was said."),
        (name = "callbacks", description = "What the vendor tells by itself, and to whom."),
        (name = "description", description = "This description."),
        (name = "console", description = "The page for people, and the stream that keeps it live."),
    )
)]
struct Document;

/// The path has no such method; `Allow` names those that it has.
#[derive(utoipa::ToResponse)]
#[response(content_type = "application/json", headers(("allow" = String, description = "The methods of the path.")))]
#[expect(dead_code, reason = "it describes an answer that belongs to no operation")]
struct NoSuchMethod(ErrorBody);

/// Tells what can be asked here: this document.
#[utoipa::path(get, path = "/_lockstep/openapi.json", tag = "description", responses(
    (status = 200, description = "The description in OpenAPI 3.1.", body = Object, content_type = "application/json"),
))]
pub async fn show(Extension(document): Extension<Arc<Description>>) -> Json<Description> {
    Json((*document).clone())
}

/// Leads a person who types the bare address to the console.
#[utoipa::path(get, path = "/_lockstep", tag = "console", responses(
    (status = 307, description = "The console is elsewhere; so it is where the path ends with a slash.", headers(("location" = String, description = "Where."))),
))]
pub async fn to_console() -> Redirect {
    Redirect::temporary("/_lockstep/console")
}

/// The description before any route is in it.
pub fn begin() -> Description {
    Document::openapi()
}

/// Adds what holds for every route.
pub fn finish(mut document: Description) -> Description {
    for item in document.paths.paths.values_mut() {
        operations(item).for_each(add_guard);
    }
    let schemas = document.components.iter_mut().flat_map(|components| components.schemas.iter_mut());
    for (_, schema) in schemas.filter(|(name, _)| READ.contains(&name.as_str())) {
        close(schema);
    }
    let schemas = document.components.iter_mut().flat_map(|components| components.schemas.values_mut());
    for schema in schemas {
        name_words(schema);
    }
    document
}

/// Writes the words of the vocabulary where a member takes one of them.
fn name_words(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => {
            let words = |name: &str| match name {
                "meaning" => Some(Meaning::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>()),
                "failure" => Some(FailureKind::ALL.iter().map(|word| word.as_str()).collect()),
                _ => None,
            };
            for (name, property) in &mut object.properties {
                if let (Some(words), RefOr::T(Schema::Object(property))) = (words(name), property) {
                    restrict(property, &words);
                }
            }
        }
        Schema::OneOf(choice) => choice.items.iter_mut().for_each(name_words),
        _ => {}
    }
}

/// Lets a member take these words only.
pub fn restrict(property: &mut Object, words: &[&str]) {
    let optional = matches!(property.schema_type, SchemaType::Array(_));
    let nothing = optional.then_some(serde_json::Value::Null);
    property.enum_values = Some(words.iter().map(|word| (*word).into()).chain(nothing).collect());
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete].into_iter().flatten()
}

fn add_guard(operation: &mut Operation) {
    let refusal = ResponseBuilder::new()
        .description("The caller is another machine or a page of another site.")
        .content("application/json", Content::new(Some(Ref::from_schema_name("ErrorBody"))))
        .build();
    operation.responses.responses.insert("403".to_owned(), RefOr::T(refusal));
}

fn close(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        }
        Schema::OneOf(choice) => choice.items.iter_mut().for_each(close),
        Schema::AllOf(parts) => parts.items.iter_mut().for_each(close),
        _ => {}
    }
}
