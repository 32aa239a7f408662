//! What opens a lock.
//!
//! A simulated guest's PIN belongs to nobody, but the habit of showing PINs
//! does: so they are masked, and shown to who asks for it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::Governed;
use super::error::{ControlError, ErrorBody};
use super::extract::{Asked, Names};
use super::locks::at_lock;
use crate::simulator::world::{CredentialKind, CredentialView};
use crate::vendors::vocabulary::Pin;

/// Most credentials of one lock that are told.
const MOST: usize = 200;

/// Of which kind a credential is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Keys to be typed.
    Pin,
    /// A key in the vendor's app.
    Mobile,
}

/// Something that opens a lock, or will, or did.
#[derive(Debug, Serialize, ToSchema)]
pub struct CredentialBody {
    /// What it is.
    kind: Kind,
    /// The vendor's id, which a phone presents.
    id: String,
    /// Whose it is, by the vendor's id.
    user: Option<String>,
    /// From when it opens, as the vendor tells (RFC 3339).
    #[schema(format = DateTime)]
    from: String,
    /// From when it opens no more (RFC 3339).
    #[schema(format = DateTime)]
    until: String,
    /// How far it has come, for people.
    state: String,
    /// Whether it is for the whole group.
    whole_group: bool,
    /// Everything that is typed; masked unless `reveal` is asked for, and none
    /// where there are no keys.
    keys: Option<String>,
}

/// Shows what opens a lock, 200 at most.
#[utoipa::path(get, path = "/_lockstep/worlds/{world}/locks/{lock}/credentials", tag = "fleet",
    params(
        ("world" = String, Path, description = "The world's name."),
        ("lock" = String, Path, description = "The lock's id."),
        ("reveal" = Option<bool>, Query, description = "Whether PINs are shown; they are masked where it is not given."),
    ), responses(
    (status = 200, description = "PINs and mobile credentials, in the order of their making.", body = [CredentialBody]),
    (status = 404, description = "There is no such world or lock.", body = ErrorBody),
    (status = 422, description = "The query is not understood.", body = ErrorBody),
))]
pub async fn list(
    State(governed): State<Arc<Governed>>,
    Names(names): Names<(String, String)>,
    Asked(mut asked): Asked,
) -> Result<Json<Vec<CredentialBody>>, ControlError> {
    let reveal = asked.flag("reveal")?.unwrap_or(false);
    asked.done()?;
    let views = at_lock(&governed, &names, |world, index| world.credentials_on(index, MOST))?;
    Ok(Json(views.into_iter().map(|view| body(view, reveal)).collect()))
}

fn body(view: CredentialView, reveal: bool) -> CredentialBody {
    CredentialBody {
        kind: match view.kind {
            CredentialKind::Pin => Kind::Pin,
            CredentialKind::Mobile => Kind::Mobile,
        },
        id: view.id,
        user: view.user,
        from: view.window.from.to_string(),
        until: view.window.until.to_string(),
        state: view.state.to_owned(),
        whole_group: view.whole_group,
        keys: view.keys.map(|keys| if reveal { keys } else { Pin::MASK.to_owned() }),
    }
}
