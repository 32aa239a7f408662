//! Journals.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::Governed;
use super::error::{ControlError, ErrorBody};
use super::extract::{Asked, Names};
use super::model::{Named, Part};
use super::worlds::find;
use crate::simulator::server::{Entry, Journal, Sandbox, Shown, ShownMessage};
use crate::vendors::members::Members;

/// A part of a journal.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalBody {
    /// Exchanges that were dropped to keep within the bounds.
    pub dropped: u64,
    /// The number of the latest exchange.
    pub last: u64,
    /// Exchanges, oldest first.
    pub entries: Vec<EntryBody>,
}

/// One exchange.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryBody {
    /// Its number.
    number: u64,
    /// When, on the world's clock (RFC 3339).
    #[schema(format = DateTime)]
    at: String,
    /// The operation that it was.
    operation: Option<String>,
    /// Method and address.
    request: String,
    /// The request's headers.
    request_headers: Vec<Named>,
    /// The request's body as text.
    request_body: String,
    /// Status of the answer; none where nothing was answered.
    status: Option<u16>,
    /// The answer's headers.
    response_headers: Vec<Named>,
    /// The answer's body as text.
    response_body: Option<String>,
    /// What was done to it.
    note: Option<String>,
    /// What came nearest, where it was no operation.
    near: Vec<String>,
}

/// Whether secrets are shown.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct Reveal {
    /// Whether secrets and PINs are shown; they are masked where it is not given.
    reveal: Option<bool>,
}

/// Which part is asked for, and whether secrets are shown.
pub fn asked(mut asked: Members) -> Result<(Part, bool), ControlError> {
    let part = Part::take(&mut asked)?;
    let reveal = asked.flag("reveal")?.unwrap_or(false);
    asked.done()?;
    Ok((part, reveal))
}

/// Shows the exchanges of a world, secrets and PINs masked.
#[utoipa::path(get, path = "/_lockstep/worlds/{world}/journal", tag = "journal",
    params(("world" = String, Path, description = "The world's name."), Part, Reveal), responses(
    (status = 200, description = "Exchanges after the number `since`.", body = JournalBody),
    (status = 404, description = "There is no such world.", body = ErrorBody),
    (status = 422, description = "The query is not understood.", body = ErrorBody),
))]
pub async fn world(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
    Asked(query): Asked,
) -> Result<Json<JournalBody>, ControlError> {
    let (part, reveal) = asked(query)?;
    let sandbox = find(&governed, &world)?;
    // Masking takes its time; the world goes on meanwhile.
    let (entries, body) = part_of(&sandbox.state().journal, &part);
    let shown = |entry: &Arc<Entry>| EntryBody::of(entry, (!reveal).then(|| sandbox.shown(entry)));
    Ok(Json(JournalBody { entries: entries.iter().map(shown).collect(), ..body }))
}

/// Shows the exchanges that belong to no world, secrets masked.
#[utoipa::path(get, path = "/_lockstep/lobby", tag = "journal", params(Part, Reveal), responses(
    (status = 200, description = "Exchanges after the number `since`.", body = JournalBody),
    (status = 422, description = "The query is not understood.", body = ErrorBody),
))]
pub async fn lobby(
    State(governed): State<Arc<Governed>>,
    Asked(query): Asked,
) -> Result<Json<JournalBody>, ControlError> {
    let (part, reveal) = asked(query)?;
    let (entries, body) = part_of(&governed.host.lobby(), &part);
    let shown = |entry: &Arc<Entry>| EntryBody::of(entry, (!reveal).then(|| entry.shown_to_strangers()));
    Ok(Json(JournalBody { entries: entries.iter().map(shown).collect(), ..body }))
}

/// A part of a journal, and the frame in which it is told.
pub fn part_of(journal: &Journal, part: &Part) -> (Vec<Arc<Entry>>, JournalBody) {
    let entries = journal.since(part.since(), part.most());
    (entries, JournalBody { dropped: journal.dropped(), last: journal.last(), entries: Vec::new() })
}

impl EntryBody {
    /// An exchange of a world, masked.
    pub fn masked(entry: &Entry, sandbox: &Sandbox) -> Self {
        Self::of(entry, Some(sandbox.shown(entry)))
    }

    /// An exchange, masked or as it was.
    pub fn of(entry: &Entry, shown: Option<Shown>) -> Self {
        let Shown { request, response, near } = shown.unwrap_or_else(|| entry.exposed());
        let (response_headers, response_body) = match response {
            Some(ShownMessage { headers, body, .. }) => (headers, Some(body)),
            None => (Vec::new(), None),
        };
        Self {
            number: entry.number,
            at: entry.at.to_string(),
            operation: entry.operation.as_deref().map(str::to_owned),
            request: request.head,
            request_headers: named(request.headers),
            request_body: request.body,
            status: entry.response.as_ref().map(|answer| answer.status),
            response_headers: named(response_headers),
            response_body,
            note: entry.note.clone(),
            near,
        }
    }

    /// In one line.
    pub fn told(&self) -> String {
        let status = self.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        format!("{} {}: {status}", self.at, self.request)
    }

    /// Cuts bodies off after so many characters.
    pub fn cut(&mut self, most: usize) {
        for body in [Some(&mut self.request_body), self.response_body.as_mut()].into_iter().flatten() {
            if let Some((at, _)) = body.char_indices().nth(most) {
                let left = body.len() - at;
                body.truncate(at);
                body.push_str(&format!("… ({left} more bytes)"));
            }
        }
    }
}

fn named(headers: Vec<(String, String)>) -> Vec<Named> {
    headers.into_iter().map(|(name, value)| Named { name, value }).collect()
}
