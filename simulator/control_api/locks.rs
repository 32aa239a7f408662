//! Groups, locks and doors.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::Governed;
use super::error::{ControlError, ErrorBody};
use super::extract::{Asked, Content, Names};
use super::model::{DoorBody, Filter, GroupBody, Keys, LockBody, LockChange, Part, Presented};
use super::worlds::find;
use crate::simulator::world::World;

/// Lists the groups of a world, as they really are.
#[utoipa::path(get, path = "/_lockstep/worlds/{world}/groups", tag = "fleet",
    params(("world" = String, Path, description = "The world's name."), Part), responses(
    (status = 200, description = "Groups in order; `since` skips.", body = [GroupBody]),
    (status = 404, description = "There is no such world.", body = ErrorBody),
    (status = 422, description = "The query is not understood.", body = ErrorBody),
))]
pub async fn groups(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
    Asked(mut asked): Asked,
) -> Result<Json<Vec<GroupBody>>, ControlError> {
    let part = Part::take(&mut asked)?;
    asked.done()?;
    let sandbox = find(&governed, &world)?;
    let groups = sandbox.state().world.group_views();
    Ok(Json(groups.into_iter().skip(part.skip()).take(part.most()).map(GroupBody::from).collect()))
}

/// Lists the locks of a world, as they really are.
#[utoipa::path(get, path = "/_lockstep/worlds/{world}/locks", tag = "fleet",
    params(("world" = String, Path, description = "The world's name."), Filter, Part), responses(
    (status = 200, description = "Locks in order; `since` skips.", body = [LockBody]),
    (status = 404, description = "There is no such world.", body = ErrorBody),
    (status = 422, description = "The query is not understood.", body = ErrorBody),
))]
pub async fn list(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
    Asked(mut asked): Asked,
) -> Result<Json<Vec<LockBody>>, ControlError> {
    let part = Part::take(&mut asked)?;
    let sought = Filter::take(&mut asked)?;
    asked.done()?;
    let sandbox = find(&governed, &world)?;
    let world = &mut sandbox.state().world;
    let found = world.find_locks(&sought, part.skip(), part.most());
    Ok(Json(bodies(world, &found.part)))
}

/// Locks by index, with the numbers of their credentials.
pub fn bodies(world: &mut World, locks: &[u32]) -> Vec<LockBody> {
    let counts = world.count_credentials(locks);
    let body = |(lock, count): (&u32, (u32, u32))| Some(LockBody::of(world.lock_view(*lock)?, count));
    locks.iter().zip(counts).filter_map(body).collect()
}

/// Does something at a lock of a world, by the names in the path.
pub(super) fn at_lock<T>(
    governed: &Governed,
    (world, lock): &(String, String),
    work: impl FnOnce(&mut World, u32) -> T,
) -> Result<T, ControlError> {
    let sandbox = find(governed, world)?;
    let world = &mut sandbox.state().world;
    let index = world.lock_at(lock).ok_or_else(|| ControlError::not_found("lock", lock))?;
    Ok(work(world, index))
}

fn told(governed: &Governed, names: &(String, String)) -> Result<Json<LockBody>, ControlError> {
    let body = at_lock(governed, names, |world, index| bodies(world, &[index]).pop())?;
    body.map(Json).ok_or_else(|| ControlError::not_found("lock", &names.1))
}

/// Shows a lock, as it really is.
#[utoipa::path(get, path = "/_lockstep/worlds/{world}/locks/{lock}", tag = "fleet",
    params(("world" = String, Path, description = "The world's name."), ("lock" = String, Path, description = "The lock's id.")), responses(
    (status = 200, description = "The lock.", body = LockBody),
    (status = 404, description = "There is no such world or lock.", body = ErrorBody),
))]
pub async fn show(
    State(governed): State<Arc<Governed>>,
    Names(names): Names<(String, String)>,
) -> Result<Json<LockBody>, ControlError> {
    told(&governed, &names)
}

/// Changes a lock from outside: cuts it off, drains it, opens its door.
#[utoipa::path(patch, path = "/_lockstep/worlds/{world}/locks/{lock}", tag = "fleet", request_body = LockChange,
    params(("world" = String, Path, description = "The world's name."), ("lock" = String, Path, description = "The lock's id.")), responses(
    (status = 200, description = "The lock as it is now.", body = LockBody),
    (status = 404, description = "There is no such world or lock.", body = ErrorBody),
    (status = 413, description = "The body is too long.", body = ErrorBody),
    (status = 422, description = "The change is not understood.", body = ErrorBody),
))]
pub async fn change(
    State(governed): State<Arc<Governed>>,
    Names(names): Names<(String, String)>,
    content: Content,
) -> Result<Json<LockBody>, ControlError> {
    let change = LockChange::read(content.members()?)?;
    at_lock(&governed, &names, |world, index| {
        if let Some(reachable) = change.reachable {
            world.set_reachable(index, reachable);
        }
        if let Some(percent) = change.battery {
            world.set_battery(index, percent);
        }
        if let Some(door) = change.door {
            world.set_door(index, door);
        }
    })?;
    told(&governed, &names)
}

/// Types keys at a lock's keypad.
#[utoipa::path(post, path = "/_lockstep/worlds/{world}/locks/{lock}/keypad", tag = "fleet", request_body = Keys,
    params(("world" = String, Path, description = "The world's name."), ("lock" = String, Path, description = "The lock's id.")), responses(
    (status = 200, description = "What happened at the door.", body = DoorBody),
    (status = 404, description = "There is no such world or lock.", body = ErrorBody),
    (status = 413, description = "The body is too long.", body = ErrorBody),
    (status = 422, description = "The body is not understood.", body = ErrorBody),
))]
pub async fn keypad(
    State(governed): State<Arc<Governed>>,
    Names(names): Names<(String, String)>,
    content: Content,
) -> Result<Json<DoorBody>, ControlError> {
    let Keys { keys } = Keys::read(content.members()?)?;
    at_lock(&governed, &names, |world, index| Json(world.keypad(index, &keys).into()))
}

/// Presents a mobile credential at a lock.
#[utoipa::path(post, path = "/_lockstep/worlds/{world}/locks/{lock}/phone", tag = "fleet", request_body = Presented,
    params(("world" = String, Path, description = "The world's name."), ("lock" = String, Path, description = "The lock's id.")), responses(
    (status = 200, description = "What happened at the door.", body = DoorBody),
    (status = 404, description = "There is no such world or lock.", body = ErrorBody),
    (status = 413, description = "The body is too long.", body = ErrorBody),
    (status = 422, description = "The body is not understood.", body = ErrorBody),
))]
pub async fn phone(
    State(governed): State<Arc<Governed>>,
    Names(names): Names<(String, String)>,
    content: Content,
) -> Result<Json<DoorBody>, ControlError> {
    let Presented { credential } = Presented::read(content.members()?)?;
    at_lock(&governed, &names, |world, index| Json(world.phone(index, &credential).into()))
}
