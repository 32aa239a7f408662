//! Locks and doors.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};

use super::Governed;
use super::error::{ControlError, ErrorBody, read};
use super::model::{DoorBody, Keys, LockBody, LockChange, Part, Presented};
use super::worlds::find;
use crate::simulator::world::World;
use crate::vendors::vocabulary::{LockId, Word};

/// Locks as they really are.
#[utoipa::path(get, path = "/_lockstep/worlds/{world}/locks",
    params(("world" = String, Path, description = "The world's name."), Part), responses(
    (status = 200, description = "Locks in order; `since` skips.", body = [LockBody]),
    (status = 404, description = "There is no such world.", body = ErrorBody),
    (status = 422, description = "The query is wrong.", body = ErrorBody),
))]
pub async fn list(
    State(governed): State<Arc<Governed>>,
    Path(world): Path<String>,
    part: Result<Query<Part>, QueryRejection>,
) -> Result<Json<Vec<LockBody>>, ControlError> {
    let Query(part) = part.map_err(|error| ControlError::invalid(error.body_text()))?;
    let sandbox = find(&governed, &world)?;
    let world = &mut sandbox.state().world;
    let first = u32::try_from(part.since.unwrap_or(0)).unwrap_or(u32::MAX).min(world.lock_count());
    let locks = (first..world.lock_count()).take(part.most());
    Ok(Json(locks.filter_map(|index| world.lock_view(index)).map(LockBody::from).collect()))
}

/// Changes a lock from outside.
#[utoipa::path(patch, path = "/_lockstep/worlds/{world}/locks/{lock}", request_body = LockChange,
    params(("world" = String, Path, description = "The world's name."), ("lock" = String, Path, description = "The lock's id.")), responses(
    (status = 200, description = "The lock as it is now.", body = LockBody),
    (status = 404, description = "There is no such world or lock.", body = ErrorBody),
    (status = 422, description = "The change is wrong.", body = ErrorBody),
))]
pub async fn change(
    State(governed): State<Arc<Governed>>,
    Path((world, lock)): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<LockBody>, ControlError> {
    let change: LockChange = read(&body)?;
    let door = change.door.as_deref().map(door_word).transpose()?;
    if change.battery.is_some_and(|percent| percent > 100) {
        return Err(ControlError::invalid("a battery's charge is 0 to 100 percent"));
    }
    let sandbox = find(&governed, &world)?;
    let world = &mut sandbox.state().world;
    let index = index(world, &lock)?;
    if let Some(reachable) = change.reachable {
        world.set_reachable(index, reachable);
    }
    if let Some(percent) = change.battery {
        world.set_battery(index, percent);
    }
    if let Some(door) = door {
        world.set_door(index, door);
    }
    world.lock_view(index).map(|lock| Json(lock.into())).ok_or_else(|| ControlError::not_found("lock", &lock))
}

fn door_word(text: &str) -> Result<Word, ControlError> {
    let word = Word::parse(text)
        .filter(|word| matches!(word, Word::Open | Word::Closed | Word::Ajar | Word::Forced));
    word.ok_or_else(|| ControlError::invalid("a door is `open`, `closed`, `ajar` or `forced`"))
}

fn index(world: &World, lock: &str) -> Result<u32, ControlError> {
    world.lock_index(&LockId::new(lock)).ok_or_else(|| ControlError::not_found("lock", lock))
}

/// Types keys at a lock's keypad.
#[utoipa::path(post, path = "/_lockstep/worlds/{world}/locks/{lock}/keypad", request_body = Keys,
    params(("world" = String, Path, description = "The world's name."), ("lock" = String, Path, description = "The lock's id.")), responses(
    (status = 200, description = "What happened at the door.", body = DoorBody),
    (status = 404, description = "There is no such world or lock.", body = ErrorBody),
    (status = 422, description = "The body is wrong.", body = ErrorBody),
))]
pub async fn keypad(
    State(governed): State<Arc<Governed>>,
    Path((world, lock)): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<DoorBody>, ControlError> {
    let Keys { keys } = read(&body)?;
    let sandbox = find(&governed, &world)?;
    let world = &mut sandbox.state().world;
    let index = index(world, &lock)?;
    Ok(Json(world.keypad(index, &keys).into()))
}

/// Presents a mobile credential at a lock.
#[utoipa::path(post, path = "/_lockstep/worlds/{world}/locks/{lock}/phone", request_body = Presented,
    params(("world" = String, Path, description = "The world's name."), ("lock" = String, Path, description = "The lock's id.")), responses(
    (status = 200, description = "What happened at the door.", body = DoorBody),
    (status = 404, description = "There is no such world or lock.", body = ErrorBody),
    (status = 422, description = "The body is wrong.", body = ErrorBody),
))]
pub async fn phone(
    State(governed): State<Arc<Governed>>,
    Path((world, lock)): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<DoorBody>, ControlError> {
    let Presented { credential } = read(&body)?;
    let sandbox = find(&governed, &world)?;
    let world = &mut sandbox.state().world;
    let index = index(world, &lock)?;
    Ok(Json(world.phone(index, &credential).into()))
}
