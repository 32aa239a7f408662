//! The control API of a simulated Inlet, under `/_lockstep/inlet`: the doors of
//! [`InletControl`] over HTTP. It hears this machine only, and no page of
//! another site; its journal, faults and time are told as those of a world are.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use utoipa::openapi::{OpenApi as Description, RefOr, Schema};
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::control::InletControl;
use super::messages::Message;
use super::shown::shown;
use crate::simulator::FaultId;
use crate::simulator::control_api::clock::{Advance, Pacing};
use crate::simulator::control_api::document::{finish, restrict};
use crate::simulator::control_api::error::{ControlError, ErrorBody, no_such_door, no_such_method};
use crate::simulator::control_api::extract::{Asked, Content, Names};
use crate::simulator::control_api::faults::{FaultAccount, FaultBody, Installed, read_fault};
use crate::simulator::control_api::guard::admit;
use crate::simulator::control_api::journal::{EntryBody, JournalBody, Reveal, asked, part_of};
use crate::simulator::control_api::model::{Named, Part};
use crate::vendors::inlet::Operation;
use crate::vendors::vocabulary::{Personal, Pin};

/// Who may call, where, and when it is.
#[derive(Debug, Serialize, ToSchema)]
struct InletBody {
    /// The address of the API.
    address: String,
    /// The present (RFC 3339).
    #[schema(format = DateTime)]
    now: String,
    /// How many times as fast as the machine's time passes; 0 where it stands.
    factor: f64,
    /// Tokens by customer; they are worth nothing anywhere else.
    tokens: Vec<Named>,
}

/// An access.
#[derive(Debug, Serialize, ToSchema)]
struct AccessBody {
    /// Its `ReferenceId`.
    reference_id: String,
    /// Its customer.
    customer: String,
    /// How it opens.
    operation: String,
    /// Where.
    lock: String,
    /// From when (RFC 3339).
    #[schema(format = DateTime)]
    from: String,
    /// Until when (RFC 3339).
    #[schema(format = DateTime)]
    to: String,
    /// `pending`, `active`, `revoked` or `abandoned`.
    state: String,
    /// Whether its grant was answered with success.
    answered: bool,
}

/// A message to a guest.
#[derive(Debug, Serialize, ToSchema)]
struct MessageBody {
    /// The access that it is about.
    reference_id: String,
    /// What for, such as `check_in`.
    occasion: String,
    /// `sms` or `email`.
    medium: String,
    /// To whom; masked unless `reveal` is given.
    to: String,
    /// Its subject, where it is an email.
    subject: Option<String>,
    /// What the guest reads; what opens the door in it is masked unless `reveal` is given.
    text: String,
    /// The code that it tells; masked unless `reveal` is given.
    code: Option<String>,
    /// When it goes or went out (RFC 3339).
    #[schema(format = DateTime)]
    at: String,
    /// Whether it went out.
    sent: bool,
}

/// How far time was moved.
#[derive(Debug, Serialize, ToSchema)]
struct Moved {
    /// The present (RFC 3339).
    #[schema(format = DateTime)]
    now: String,
    /// Timers that fired on the way.
    timers: usize,
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Lockstep control API of a simulated Inlet"),
    components(schemas(ErrorBody)),
    tags((name = "inlet", description = "What Inlet received, granted and sent; its faults and its clock."))
)]
struct Document;

/// The routes under `/_lockstep/inlet`.
pub(super) fn router(control: InletControl) -> Router {
    let (router, document) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(show))
        .routes(routes!(journal))
        .routes(routes!(accesses))
        .routes(routes!(messages))
        .routes(routes!(faults, inject, clear))
        .routes(routes!(remove))
        .routes(routes!(pace, advance))
        .split_for_parts();
    let document = Arc::new(described(document));
    router
        .route(
            "/_lockstep/inlet/openapi.json",
            get(move || {
                let document = document.clone();
                async move { Json((*document).clone()) }
            }),
        )
        .fallback(no_such_door)
        .method_not_allowed_fallback(no_such_method)
        .layer(axum::middleware::from_fn(guard))
        .with_state(control)
}

/// The description with what holds for every route, and with the faults that
/// can strike Inlet itself.
fn described(document: Description) -> Description {
    let mut document = finish(document);
    let schemas = document.components.iter_mut().flat_map(|components| components.schemas.iter_mut());
    for (name, schema) in schemas {
        match (name.as_str(), schema) {
            ("EffectBody", RefOr::T(Schema::OneOf(effects))) => effects.items.retain(can_strike),
            ("FaultBody", RefOr::T(Schema::Object(fault))) => {
                let effect = serde_json::json!({ "kind": "upstream_timeout", "carried_out": true });
                let example = serde_json::json!({ "operation": "GrantAccess", "times": 2, "effect": effect });
                fault.example = Some(example);
                if let Some(RefOr::T(Schema::Object(operation))) = fault.properties.get_mut("operation") {
                    restrict(operation, &Operation::ALL.map(Operation::as_str));
                }
            }
            _ => {}
        }
    }
    document
}

/// Whether the effect of a schema, which its `kind` names, can strike Inlet.
fn can_strike(effect: &RefOr<Schema>) -> bool {
    const UPSTREAM_ONLY: [&str; 3] = ["stale_read", "accept_only", "twice"];
    let RefOr::T(Schema::Object(effect)) = effect else { return true };
    let kind = match effect.properties.get("kind") {
        Some(RefOr::T(Schema::Object(kind))) => kind.enum_values.iter().flatten().next(),
        _ => None,
    };
    !kind.and_then(serde_json::Value::as_str).is_some_and(|kind| UPSTREAM_ONLY.contains(&kind))
}

async fn guard(request: Request, next: Next) -> Result<Response, ControlError> {
    admit(false, &request)?;
    Ok(next.run(request).await)
}

/// Tells who may call, where, and when it is.
#[utoipa::path(get, path = "/_lockstep/inlet", tag = "inlet", responses((status = 200, description = "The simulated Inlet.", body = InletBody)))]
async fn show(State(control): State<InletControl>) -> Json<InletBody> {
    let token =
        |customer: super::Customer| Named { name: customer.name, value: customer.token.expose().to_owned() };
    Json(InletBody {
        address: control.inlet.address.clone(),
        now: control.clock().now().to_string(),
        factor: control.clock().factor().unwrap_or(0.0),
        tokens: control.customers().into_iter().map(token).collect(),
    })
}

/// Shows what arrived, secrets and personal data masked.
#[utoipa::path(get, path = "/_lockstep/inlet/journal", tag = "inlet", params(Part, Reveal), responses(
    (status = 200, description = "Exchanges after the number `since`.", body = JournalBody),
    (status = 422, description = "The query is not understood.", body = ErrorBody),
))]
async fn journal(
    State(control): State<InletControl>,
    Asked(query): Asked,
) -> Result<Json<JournalBody>, ControlError> {
    let (part, reveal) = asked(query)?;
    let (entries, body) = part_of(&control.inlet.state().journal, &part);
    let entries = entries
        .iter()
        .map(|entry| EntryBody::of(entry, (!reveal).then(|| shown(entry, &control.inlet.known))))
        .collect();
    Ok(Json(JournalBody { entries, ..body }))
}

/// Lists every access.
#[utoipa::path(get, path = "/_lockstep/inlet/accesses", tag = "inlet", responses((status = 200, description = "The accesses, by `ReferenceId`.", body = [AccessBody])))]
async fn accesses(State(control): State<InletControl>) -> Json<Vec<AccessBody>> {
    let body = |access: super::GrantedView| AccessBody {
        reference_id: access.reference_id,
        customer: access.customer,
        operation: access.mode.to_string(),
        lock: control.inlet.known.lock(access.lock.as_str()),
        from: access.window.from.to_string(),
        to: access.window.until.to_string(),
        state: format!("{:?}", access.state).to_lowercase(),
        answered: access.answered,
    };
    Json(control.accesses().into_iter().map(body).collect())
}

/// Lists messages to guests, sent and to come, with what the guest reads. With `reveal=true` this
/// one answer tells recipients, codes and keys too; nothing of it is kept.
#[utoipa::path(get, path = "/_lockstep/inlet/messages", tag = "inlet", params(Reveal), responses(
    (status = 200, description = "The messages, sent ones first.", body = [MessageBody]),
    (status = 422, description = "The query is not understood.", body = ErrorBody),
))]
async fn messages(
    State(control): State<InletControl>,
    Asked(mut query): Asked,
) -> Result<Json<Vec<MessageBody>>, ControlError> {
    let reveal = query.flag("reveal")?.unwrap_or(false);
    query.done()?;
    let sent = control.messages().into_iter().map(|message| told(message, true, reveal));
    let waiting = control.messages_to_come().into_iter().map(|message| told(message, false, reveal));
    Ok(Json(sent.chain(waiting).collect()))
}

fn told(message: Message, sent: bool, reveal: bool) -> MessageBody {
    use super::{Medium, Occasion};

    let occasion = match message.occasion {
        Occasion::Created => "created",
        Occasion::CheckIn => "check_in",
        Occasion::CheckOut => "check_out",
        Occasion::Updated => "updated",
        Occasion::Revoked => "revoked",
    };
    let (medium, subject) = match message.medium {
        Medium::Sms => ("sms", None),
        Medium::Email => ("email", Some(message.subject().to_owned())),
    };
    let hidden = |shown: &str, mask: &str| if reveal { shown.to_owned() } else { mask.to_owned() };
    MessageBody {
        occasion: occasion.to_owned(),
        medium: medium.to_owned(),
        to: hidden(message.to.expose(), Personal::MASK),
        subject,
        text: if reveal { message.text.expose() } else { message.text.masked() },
        code: message.text.code().map(|code| hidden(code.keys(), Pin::MASK)),
        at: message.at.to_string(),
        sent,
        reference_id: message.reference_id,
    }
}

/// Lists the faults: what was installed, and how often each struck.
#[utoipa::path(get, path = "/_lockstep/inlet/faults", tag = "inlet", responses((status = 200, description = "What was installed and what took effect.", body = [FaultAccount])))]
async fn faults(State(control): State<InletControl>) -> Json<Vec<FaultAccount>> {
    Json(control.faults().into_iter().map(FaultAccount::from).collect())
}

/// Installs a fault of Inlet's own; `operation` is the path without its slash.
#[utoipa::path(post, path = "/_lockstep/inlet/faults", tag = "inlet", request_body = FaultBody, responses(
    (status = 201, description = "It is installed; its number is told.", body = Installed),
    (status = 413, description = "The body is too long.", body = ErrorBody),
    (status = 422, description = "The fault is not understood, or cannot strike here.", body = ErrorBody),
))]
async fn inject(
    State(control): State<InletControl>,
    content: Content,
) -> Result<(StatusCode, Json<Installed>), ControlError> {
    let fault = read_fault(content.members()?)?;
    let id = control.inject(fault).map_err(ControlError::invalid)?;
    Ok((StatusCode::CREATED, Json(Installed { id: id.0 })))
}

/// Takes every fault away.
#[utoipa::path(delete, path = "/_lockstep/inlet/faults", tag = "inlet", responses((status = 204, description = "There are none any more.")))]
async fn clear(State(control): State<InletControl>) -> StatusCode {
    control.clear_faults();
    StatusCode::NO_CONTENT
}

/// Takes a fault away.
#[utoipa::path(delete, path = "/_lockstep/inlet/faults/{fault}", tag = "inlet", params(("fault" = u64, Path, description = "The fault's number.")), responses(
    (status = 204, description = "It is gone."),
    (status = 404, description = "There is no such fault.", body = ErrorBody),
))]
async fn remove(
    State(control): State<InletControl>,
    Names(fault): Names<u64>,
) -> Result<StatusCode, ControlError> {
    match control.clear_fault(FaultId(fault)) {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(ControlError::not_found("fault", &fault.to_string())),
    }
}

/// Lets time pass by itself, or stand.
#[utoipa::path(put, path = "/_lockstep/inlet/clock", tag = "inlet", request_body = Pacing, responses(
    (status = 200, description = "The simulated Inlet as it is now.", body = InletBody),
    (status = 413, description = "The body is too long.", body = ErrorBody),
    (status = 422, description = "The pace is not understood.", body = ErrorBody),
))]
async fn pace(
    State(control): State<InletControl>,
    content: Content,
) -> Result<Json<InletBody>, ControlError> {
    let factor = Pacing::read(content.members()?)?;
    if factor > 0.0 {
        control.clock().run(factor);
    } else {
        control.clock().stop();
    }
    Ok(show(State(control)).await)
}

/// Moves a clock that stands.
#[utoipa::path(post, path = "/_lockstep/inlet/clock", tag = "inlet", request_body = Advance, responses(
    (status = 200, description = "Time was moved.", body = Moved),
    (status = 409, description = "The clock runs by itself.", body = ErrorBody),
    (status = 413, description = "The body is too long.", body = ErrorBody),
    (status = 422, description = "The step is not understood.", body = ErrorBody),
))]
async fn advance(State(control): State<InletControl>, content: Content) -> Result<Json<Moved>, ControlError> {
    let seconds = Advance::read(content.members()?)?;
    if !control.clock().is_stepped() {
        return Err(ControlError::conflict("the clock runs by itself; let it stand first with the factor 0"));
    }
    let timers = control.advance(Duration::from_secs_f64(seconds)).await;
    Ok(Json(Moved { now: control.clock().now().to_string(), timers }))
}
