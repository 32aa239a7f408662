//! Which fact a name means, by the words of the name and what it stands in.

use super::field_names::{ASKED_PAGES, BEGINS, ENDS, NAMES, TOLD_PAGES};
use super::words::{Concept, joined, leading_concept, split};
use crate::vendors::vocabulary::{Field, Meaning};

use Field::{
    AccessFrom, AccessId, AccessName, AccessPin, AccessState, AccessTyped, AccessUntil, AlgoFrom, AlgoPin,
    AlgoUntil, AuthExpiresIn, AuthRefresh, AuthToken, GroupId, GroupName, HoldSeconds, HoldUntil, JobError,
    JobId, JobState, LockBattery, LockBatteryLow, LockDoor, LockId, LockLastSeen, LockLocation, LockName,
    LockReachable, LockState, MobileFrom, MobileId, MobileInvitation, MobileState, MobileUntil, PageCursor,
    PageMore, PageNext, PageNumber, PageOffset, PageSize, PageTotal, PulseSeconds, RequestKey, UserEmail,
    UserId, UserName, UserReference,
};

/// What a name may mean, the better sign first: the field, how good the sign is
/// (0 is the best), and what was recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sign {
    pub field: Field,
    pub rank: usize,
    pub why: String,
}

/// Where a name stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stand<'a> {
    /// What the exchange means.
    pub meaning: Meaning,
    /// Whether it is the answer.
    pub answer: bool,
    /// What the object around the name is about.
    pub subject: Concept,
    /// The name of the object around it.
    pub parent: Option<&'a str>,
    /// Whether it stands in an element of a list.
    pub in_list: bool,
}

/// Every fact that the name may mean where it stands.
pub(super) fn signs(name: &str, stand: Stand<'_>) -> Vec<Sign> {
    let allowed = allowed(stand.meaning, stand.answer);
    let words = stripped(split(name));
    let whole = joined(&words);
    let mut signs = Vec::new();
    let mut add = |field: Field, rank: usize, why: String| {
        if allowed.contains(&field) {
            signs.push(Sign { field, rank, why });
        }
    };
    if !stand.in_list {
        let pages = if stand.answer { TOLD_PAGES } else { ASKED_PAGES };
        for (field, names) in pages {
            if let Some(rank) = names.iter().position(|known| *known == whole) {
                add(field.clone(), rank, format!("named `{name}`"));
            }
        }
    }
    if ["idempotencykey", "xidempotencykey"].contains(&whole.as_str()) {
        add(RequestKey, 0, format!("named `{name}`"));
    }
    // `battery: { level }` is a battery's level.
    if let Some(parent) = stand.parent {
        let both: Vec<String> = stripped(split(parent)).into_iter().chain(words.iter().cloned()).collect();
        for (field, rank) in named(stand.subject, &joined(&both)) {
            add(field, rank, format!("named `{parent}.{name}`"));
        }
    }
    for (field, rank) in named(stand.subject, &whole) {
        add(field, rank + 1, format!("named `{name}`"));
    }
    // `lockId` is the id of a lock, whatever it stands in.
    if let Some((concept, rest)) = leading_concept(&words) {
        let concept = if concept == Concept::Access { subject_of_access(stand.meaning) } else { concept };
        for (field, rank) in named(concept, &joined(rest)) {
            add(field, rank + 2, format!("named `{name}`"));
        }
    }
    // `lock: "id"`, where nothing but a name is given, is an id.
    if let Some((concept, rank)) = super::words::concept_of(&words) {
        let id = id_of(if concept == Concept::Access { subject_of_access(stand.meaning) } else { concept });
        if let Some(field) = id.filter(|_| words.len() == 1 || whole.ends_with("job")) {
            add(field, rank + 30, format!("named `{name}`, taken as its id"));
        }
    }
    // An e-mail is the user's in whatever is sent for one.
    if ["email", "useremail", "emailaddress", "mail", "recipientemail", "inviteeemail"]
        .contains(&whole.as_str())
    {
        add(UserEmail, 1, format!("named `{name}`"));
    }
    signs.sort_by_key(|sign| sign.rank);
    signs
}

/// Fields of that name in something of that kind.
fn named(subject: Concept, name: &str) -> Vec<(Field, usize)> {
    let mut found = Vec::new();
    let subject = if subject == Concept::Access { Concept::Pin } else { subject };
    for (_, fields, names) in NAMES.iter().filter(|(concept, _, _)| *concept == subject) {
        if let Some(rank) = names.iter().position(|known| *known == name) {
            found.extend(fields.iter().enumerate().map(|(second, field)| (field.clone(), rank + 3 * second)));
        }
    }
    let window = match subject {
        Concept::Pin => Some((AccessFrom, AccessUntil)),
        Concept::Mobile => Some((MobileFrom, MobileUntil)),
        Concept::Algo => Some((AlgoFrom, AlgoUntil)),
        _ => None,
    };
    if let Some((from, until)) = window {
        found.extend(BEGINS.iter().position(|known| *known == name).map(|rank| (from, rank)));
        found.extend(ENDS.iter().position(|known| *known == name).map(|rank| (until, rank)));
    }
    found
}

fn id_of(concept: Concept) -> Option<Field> {
    Some(match concept {
        Concept::Lock => LockId,
        Concept::Group => GroupId,
        Concept::User => UserId,
        Concept::Job => JobId,
        _ => return None,
    })
}

/// `is` and its like say nothing.
fn stripped(mut words: Vec<String>) -> Vec<String> {
    while words.len() > 1
        && ["is", "has", "current", "x"].contains(&words[0].as_str())
        && words.join("") != "hasmore"
    {
        if words[0] == "has" && ["more", "next"].contains(&words[1].as_str()) {
            break;
        }
        words.remove(0);
    }
    words
}

/// What an access is, by what is done with it.
pub(super) fn subject_of_access(meaning: Meaning) -> Concept {
    match meaning {
        Meaning::CreateMobile | Meaning::ListMobile | Meaning::RemoveMobile => Concept::Mobile,
        _ => Concept::Pin,
    }
}

/// What plain names in an exchange are about.
pub(super) fn subject(meaning: Meaning, answer: bool) -> Concept {
    match meaning {
        Meaning::GetToken | Meaning::RefreshToken => Concept::Token,
        // What sets up groups for a door is never guessed: it takes a plan of its own.
        Meaning::OpenSession | Meaning::RegisterCallback => Concept::Other,
        Meaning::ListGroups
        | Meaning::GetGroup
        | Meaning::CreateGroup
        | Meaning::AddLock
        | Meaning::SetSchedule => Concept::Group,
        Meaning::ListLocks | Meaning::GetLock => Concept::Lock,
        Meaning::UpsertUser | Meaning::DeleteUser => Concept::User,
        Meaning::AssignAccess
        | Meaning::SetPin
        | Meaning::ListPins
        | Meaning::GetPin
        | Meaning::UpdatePin
        | Meaning::RemovePin => Concept::Pin,
        Meaning::CreateMobile | Meaning::ListMobile | Meaning::RemoveMobile => Concept::Mobile,
        Meaning::HoldOpen if !answer => Concept::Hold,
        Meaning::Unlock | Meaning::Lock | Meaning::HoldOpen | Meaning::ReleaseHold => Concept::Action,
        Meaning::AlgoPin => Concept::Algo,
        Meaning::PollJob => Concept::Job,
    }
}

/// The fields that make sense in an exchange: what its function is given, what
/// earlier answers leave, and what its answer is asked for.
pub(super) fn allowed(meaning: Meaning, answer: bool) -> &'static [Field] {
    match (meaning, answer) {
        (Meaning::GetToken | Meaning::RefreshToken, true) => &[AuthToken, AuthRefresh, AuthExpiresIn],
        (Meaning::OpenSession | Meaning::RegisterCallback, _) => &[],
        // No function asks for one group, so none is ever guessed.
        (Meaning::GetGroup | Meaning::CreateGroup | Meaning::AddLock | Meaning::SetSchedule, _) => &[],
        (Meaning::GetToken, false) => &[],
        (Meaning::RefreshToken, false) => &[AuthRefresh],
        (Meaning::ListGroups, true) => &[GroupId, GroupName, PageTotal, PageMore, PageNext],
        (Meaning::ListGroups, false) => &[PageNumber, PageSize, PageOffset, PageCursor],
        (Meaning::ListLocks, true) => &[
            LockId,
            LockName,
            LockLocation,
            GroupId,
            LockReachable,
            LockBattery,
            LockBatteryLow,
            LockState,
            LockDoor,
            PageTotal,
            PageMore,
            PageNext,
        ],
        (Meaning::ListLocks, false) => &[GroupId, PageNumber, PageSize, PageOffset, PageCursor],
        (Meaning::GetLock, true) => &[
            LockId,
            LockName,
            LockLocation,
            GroupId,
            LockReachable,
            LockBattery,
            LockBatteryLow,
            LockState,
            LockDoor,
            LockLastSeen,
        ],
        (Meaning::Unlock, false) => &[LockId, PulseSeconds, RequestKey],
        (Meaning::HoldOpen, false) => &[LockId, HoldUntil, HoldSeconds, RequestKey],
        (Meaning::GetLock | Meaning::Lock | Meaning::ReleaseHold, false) => &[LockId, RequestKey],
        (Meaning::Unlock | Meaning::Lock | Meaning::HoldOpen | Meaning::ReleaseHold, true) => {
            &[JobId, JobState]
        }
        (Meaning::UpsertUser, false) => &[UserReference, UserName, UserEmail, RequestKey],
        (Meaning::UpsertUser, true) => &[UserId, UserReference],
        (Meaning::DeleteUser, _) => &[UserId],
        (Meaning::AssignAccess, false) => {
            &[UserId, UserReference, AccessName, AccessFrom, AccessUntil, LockId, GroupId, RequestKey]
        }
        (Meaning::AssignAccess, true) => &[AccessId, AccessState, JobId],
        (Meaning::SetPin, false) => &[
            UserId,
            UserName,
            UserEmail,
            UserReference,
            AccessId,
            AccessName,
            AccessPin,
            AccessFrom,
            AccessUntil,
            LockId,
            GroupId,
            RequestKey,
        ],
        (Meaning::SetPin, true) => &[AccessId, AccessTyped, AccessFrom, AccessUntil, AccessState, JobId],
        (Meaning::ListPins, false) => {
            &[LockId, UserId, AccessId, PageNumber, PageSize, PageOffset, PageCursor]
        }
        (Meaning::ListPins, true) => &[
            AccessId,
            AccessName,
            AccessPin,
            AccessFrom,
            AccessUntil,
            AccessState,
            PageTotal,
            PageMore,
            PageNext,
        ],
        (Meaning::GetPin, false) => &[AccessId, LockId, UserId],
        (Meaning::GetPin, true) => &[AccessId, AccessName, AccessPin, AccessFrom, AccessUntil, AccessState],
        (Meaning::UpdatePin, false) => {
            &[AccessId, AccessName, AccessPin, AccessFrom, AccessUntil, LockId, GroupId, UserId, RequestKey]
        }
        (Meaning::UpdatePin, true) => &[AccessId, AccessFrom, AccessUntil, JobId],
        (Meaning::RemovePin, false) => {
            &[AccessId, AccessName, AccessPin, LockId, GroupId, UserId, RequestKey]
        }
        (Meaning::RemovePin | Meaning::RemoveMobile, true) => &[JobId],
        (Meaning::CreateMobile, false) => &[
            UserId,
            UserReference,
            UserName,
            UserEmail,
            AccessName,
            MobileFrom,
            MobileUntil,
            LockId,
            GroupId,
            RequestKey,
        ],
        (Meaning::CreateMobile, true) => {
            &[MobileId, MobileInvitation, MobileState, MobileFrom, MobileUntil, JobId]
        }
        (Meaning::ListMobile, false) => &[LockId, UserId, PageNumber, PageSize, PageOffset, PageCursor],
        (Meaning::ListMobile, true) => {
            &[MobileId, MobileFrom, MobileUntil, MobileState, PageTotal, PageMore, PageNext]
        }
        (Meaning::RemoveMobile, false) => &[MobileId, LockId, GroupId, UserId, UserEmail, RequestKey],
        (Meaning::AlgoPin, false) => &[LockId, AlgoFrom, AlgoUntil, RequestKey],
        (Meaning::AlgoPin, true) => &[AlgoPin, AlgoFrom, AlgoUntil],
        (Meaning::PollJob, false) => &[JobId, LockId],
        (Meaning::PollJob, true) => &[JobId, JobState, JobError],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, meaning: Meaning, answer: bool, parent: Option<&str>, expected: Option<Field>) {
        let stand = Stand { meaning, answer, subject: subject(meaning, answer), parent, in_list: false };
        let found = signs(name, stand).into_iter().next().map(|sign| sign.field);
        assert_eq!(found, expected, "{name} in {meaning:?}");
    }

    #[test]
    fn names_mean_what_they_stand_in() {
        check("id", Meaning::ListLocks, true, None, Some(LockId));
        check("smartlockId", Meaning::ListLocks, true, None, Some(LockId));
        check("device_id", Meaning::SetPin, false, None, Some(LockId));
        check("isConnected", Meaning::GetLock, true, None, Some(LockReachable));
        check("level", Meaning::GetLock, true, Some("battery"), Some(LockBattery));
        check("door_open", Meaning::GetLock, true, None, Some(LockDoor));
        check("deviceName", Meaning::ListLocks, true, None, Some(LockName));
        check("siteId", Meaning::ListLocks, true, None, Some(GroupId));
        check("start_date", Meaning::SetPin, false, None, Some(AccessFrom));
        check("start_date", Meaning::CreateMobile, false, None, Some(MobileFrom));
        check("validUntil", Meaning::AlgoPin, false, None, Some(AlgoUntil));
        check("keyboardPwd", Meaning::SetPin, false, None, Some(AccessPin));
        check("userEmail", Meaning::CreateMobile, false, None, Some(UserEmail));
        check("operationId", Meaning::Unlock, true, None, Some(JobId));
        check("action_attempt_id", Meaning::PollJob, false, None, Some(JobId));
        check("job", Meaning::Unlock, true, None, Some(JobId));
        check("access_id", Meaning::SetPin, true, None, Some(AccessId));
        check("perPage", Meaning::ListLocks, false, None, Some(PageSize));
        check("access_token", Meaning::GetToken, true, None, Some(AuthToken));
        check("colour", Meaning::ListLocks, true, None, None);
        check("id", Meaning::Unlock, true, None, None);
    }
}
