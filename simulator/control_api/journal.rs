//! Journals.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::Governed;
use super::error::{ControlError, ErrorBody};
use super::model::Part;
use super::worlds::find;
use crate::simulator::server::{Entry, Journal};

/// A part of a journal.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalBody {
    /// Exchanges that were dropped to keep within the bounds.
    dropped: u64,
    /// The number of the latest exchange.
    last: u64,
    /// Exchanges, oldest first.
    entries: Vec<EntryBody>,
}

/// One exchange.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryBody {
    /// Its number.
    number: u64,
    /// When, on the world's clock (RFC 3339).
    at: String,
    /// The operation that it was.
    operation: Option<String>,
    /// Method and path.
    request: String,
    /// The request's body as text.
    request_body: String,
    /// Status of the answer; none where nothing was answered.
    status: Option<u16>,
    /// The answer's body as text.
    response_body: Option<String>,
    /// What was done to it.
    note: Option<String>,
    /// What came nearest, where it was no operation.
    near: Vec<String>,
}

/// The exchanges of a world.
#[utoipa::path(get, path = "/_lockstep/worlds/{world}/journal",
    params(("world" = String, Path, description = "The world's name."), Part), responses(
    (status = 200, description = "Exchanges after the number `since`.", body = JournalBody),
    (status = 404, description = "There is no such world.", body = ErrorBody),
    (status = 422, description = "The query is wrong.", body = ErrorBody),
))]
pub async fn world(
    State(governed): State<Arc<Governed>>,
    Path(world): Path<String>,
    part: Result<Query<Part>, QueryRejection>,
) -> Result<Json<JournalBody>, ControlError> {
    let Query(part) = part.map_err(|error| ControlError::invalid(error.body_text()))?;
    let sandbox = find(&governed, &world)?;
    let state = sandbox.state();
    Ok(Json(body(&state.journal, &part)))
}

/// The exchanges that belong to no world.
#[utoipa::path(get, path = "/_lockstep/lobby", params(Part), responses(
    (status = 200, description = "Exchanges after the number `since`.", body = JournalBody),
    (status = 422, description = "The query is wrong.", body = ErrorBody),
))]
pub async fn lobby(
    State(governed): State<Arc<Governed>>,
    part: Result<Query<Part>, QueryRejection>,
) -> Result<Json<JournalBody>, ControlError> {
    let Query(part) = part.map_err(|error| ControlError::invalid(error.body_text()))?;
    let lobby = governed.host.lobby();
    Ok(Json(body(&lobby, &part)))
}

fn body(journal: &Journal, part: &Part) -> JournalBody {
    let entries = journal.since(part.since.unwrap_or(0), part.most());
    JournalBody {
        dropped: journal.dropped(),
        last: journal.last(),
        entries: entries.iter().map(|kept| entry(kept)).collect(),
    }
}

fn entry(kept: &Entry) -> EntryBody {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    EntryBody {
        number: kept.number,
        at: kept.at.to_string(),
        operation: kept.operation.as_deref().map(str::to_owned),
        request: format!("{} {}", kept.request.method, kept.request.path),
        request_body: text(&kept.request.body),
        status: kept.response.as_ref().map(|answer| answer.status),
        response_body: kept.response.as_ref().map(|answer| text(&answer.body)),
        note: kept.note.clone(),
        near: kept.near.iter().map(|miss| format!("{}: {}", miss.operation, miss.why)).collect(),
    }
}
