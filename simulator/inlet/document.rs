//! The description of Inlet's API, with what of it was chosen.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{OpenApi, RefOr, Schema};
use utoipa::{OpenApi as _, ToSchema};

use super::sandbox::InletSandbox;
use crate::vendors::inlet::{
    CHOICES, GrantAccess, GrantPulseAccess, Mode, PUBLISHED, RevokeAccess, UpdateAccess,
};

/// An access that was granted or changed.
#[derive(Serialize, ToSchema)]
#[schema(as = Granted, example = json!({ "status": "OK", "ReferenceId": "5f0c9a", "codeFormatted": "#1234*" }))]
struct GrantedBody {
    /// `OK`.
    #[schema(pattern = "^OK$")]
    status: String,
    /// The name of the access, to be stored for update and revoke.
    #[serde(rename = "ReferenceId")]
    reference_id: String,
    /// The PIN with the keys before and after it, for `code`.
    #[serde(rename = "codeFormatted")]
    code_formatted: Option<String>,
    /// An invitation to the vendor's app, for `mobilekey`.
    #[serde(rename = "mobileKey")]
    mobile_key: Option<String>,
    /// A link that opens, for `urlkey`.
    #[serde(rename = "urlKey")]
    url_key: Option<String>,
}

/// It is done.
#[derive(Serialize, ToSchema)]
#[schema(as = Done)]
struct DoneBody {
    /// `OK`.
    #[schema(pattern = "^OK$")]
    status: String,
    /// The name of the access, where there is one.
    #[serde(rename = "ReferenceId")]
    reference_id: Option<String>,
}

/// A refusal.
#[derive(Serialize, ToSchema)]
#[schema(as = Error, example = json!({ "status": "ERROR", "code": "422", "message": "Exceeded the limit of 367 days" }))]
struct ErrorBody {
    /// `ERROR`.
    #[schema(pattern = "^ERROR$")]
    status: String,
    /// The HTTP status as a text.
    #[schema(pattern = "^[0-9]{3}$")]
    code: String,
    /// What went wrong, for people. It repeats no value that was sent.
    message: String,
}

/// Grants an access for a period, by PIN, by keeping the door unlocked, or by a key.
#[utoipa::path(post, path = "/GrantAccess", request_body = GrantAccess,
    responses((status = 200, description = "It is granted.", body = GrantedBody)))]
#[expect(dead_code, reason = "it describes what is served elsewhere")]
fn grant_access() {}

/// Opens once, now.
#[utoipa::path(post, path = "/GrantPulseAccess", request_body = GrantPulseAccess,
    responses((status = 200, description = "It was opened.", body = DoneBody)))]
#[expect(dead_code, reason = "it describes what is served elsewhere")]
fn grant_pulse_access() {}

/// Changes an access; what is not given stays. Path and method are chosen.
#[utoipa::path(post, path = "/UpdateAccess", request_body = UpdateAccess,
    responses((status = 200, description = "It is changed.", body = GrantedBody)))]
#[expect(dead_code, reason = "it describes what is served elsewhere")]
fn update_access() {}

/// Withdraws an access. Path and method are chosen.
#[utoipa::path(post, path = "/RevokeAccess", request_body = RevokeAccess,
    responses((status = 200, description = "It is withdrawn.", body = DoneBody)))]
#[expect(dead_code, reason = "it describes what is served elsewhere")]
fn revoke_access() {}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Inlet, simulated"),
    paths(grant_access, grant_pulse_access, update_access, revoke_access),
    components(schemas(Mode, ErrorBody)),
    security(("token" = []))
)]
struct Document;

/// What may be answered in place of a success.
const REFUSALS: [(&str, &str); 13] = [
    ("400", "The body is no JSON object."),
    ("401", "The token is missing or not known."),
    ("403", "The token is tied to other source addresses."),
    ("404", "There is no such lock or access."),
    ("409", "The access or the lock does not allow it: offline, full, not to be revoked."),
    ("413", "The body is too long."),
    ("415", "The body is of another media type than JSON."),
    ("422", "The request breaks what is described here."),
    ("429", "Too many calls; `Retry-After` says when to try again."),
    ("500", "Inlet failed."),
    ("502", "The lock system failed."),
    ("503", "Not available for the moment; `Retry-After` says when to try again."),
    ("504", "The lock system did not answer in time: try again every 3 to 5 minutes."),
];

/// The description, finished.
pub(super) fn document() -> OpenApi {
    let mut document = Document::openapi();
    document.info.description = Some(described());
    let components = document.components.get_or_insert_with(Default::default);
    let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.add_security_scheme("token", scheme);
    for name in ["GrantAccess", "GrantPulseAccess", "UpdateAccess", "RevokeAccess"] {
        if let Some(RefOr::T(Schema::Object(object))) = components.schemas.get_mut(name) {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        }
    }
    if let Some(RefOr::T(Schema::Object(update))) = components.schemas.get_mut("UpdateAccess") {
        // The access, and something to change.
        update.min_properties = Some(2);
    }
    for item in document.paths.paths.values_mut() {
        for operation in item.post.iter_mut() {
            for (status, description) in REFUSALS {
                let schema = utoipa::openapi::Ref::from_schema_name("Error");
                let refusal = utoipa::openapi::ResponseBuilder::new()
                    .description(description)
                    .content("application/json", utoipa::openapi::Content::new(Some(schema)))
                    .build();
                operation.responses.responses.insert(status.to_owned(), RefOr::T(refusal));
            }
        }
    }
    document
}

/// What is published, and what was chosen because it is not.
fn described() -> String {
    let mut text = "A simulation of Inlet's API. What Inlet publishes of it is:\n\n".to_owned();
    for published in PUBLISHED {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "- {}: {} (\"{}\")", published.about, published.fact, published.source);
    }
    text.push_str(
        "\nInlet's reference was not available. What follows was chosen, and may differ from it:\n\n",
    );
    for choice in CHOICES {
        let _ = writeln!(text, "- `{}`: {}. Why: {}.", choice.id, choice.chosen, choice.why);
    }
    text
}

/// The route that serves it.
pub(super) fn router() -> Router<Arc<InletSandbox>> {
    let document = Arc::new(document());
    Router::new().route(
        "/openapi.json",
        get(move || {
            let document = document.clone();
            async move { Json((*document).clone()) }
        }),
    )
}
