//! What a request asks, beside its facts.

use crate::vendors::dialect::{Operation, Terms};
use crate::vendors::vocabulary::{FailureKind, Field, Meaning, Word};

/// The fields by which a request asks for a page.
pub(super) const PAGED_BY: [Field; 4] =
    [Field::PageNumber, Field::PageSize, Field::PageOffset, Field::PageCursor];

/// One call as the world sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// What it means.
    pub meaning: Meaning,
    /// Whether the answer names a job, so that the work is done later.
    pub starts_job: bool,
    /// Whether the vendor answers in pages, whether or not one is asked for.
    pub paged: bool,
    /// Whether the answer has a word for what is withdrawn, so that it stays in
    /// a list.
    pub tells_removed: bool,
    /// Whether the list has a word for a PIN on its way out, which stays in it
    /// until the lock has let go of it.
    pub tells_removing: bool,
    /// Most items that are listed in all.
    pub cap: Option<u32>,
    /// Whether the answer brings a new token along.
    pub reissues: bool,
    /// Whether a lock that cannot be reached is refused at once, not by the job.
    pub refuses_offline: bool,
    /// Whether what clashes is found out by the job alone, for the vendor has no
    /// error for it at once.
    pub clashes_late: bool,
    /// Whether the list holds bridges beside locks.
    pub lists_bridges: bool,
    /// Whether the items of the answer hold lists: groups their locks, locks their groups.
    pub nested: bool,
    /// Whether a computed PIN is kept among the others, with an id.
    pub kept: bool,
    /// Whether the lock itself is asked.
    pub live: bool,
    /// Whether a PIN is noted as in force and never brought to its lock.
    pub only_noted: bool,
    /// Whether a list of PINs holds mobile credentials beside them.
    pub lists_mobile: bool,
    /// Whether the request says where an access holds.
    pub names_scope: bool,
    /// Whether the answer names a person whom the request does not.
    pub makes_user: bool,
    /// Whether what nobody pays for is made all the same.
    pub leaves_unpaid: bool,
    /// What it makes of what it is asked, beyond the vendor's usual rules.
    pub terms: Terms,
}

impl Call {
    /// A call that is carried out at once and answers whole lists.
    #[cfg(test)]
    pub fn plain(meaning: Meaning) -> Self {
        Self {
            meaning,
            starts_job: false,
            paged: false,
            tells_removed: false,
            tells_removing: false,
            cap: None,
            reissues: false,
            refuses_offline: false,
            clashes_late: false,
            lists_bridges: false,
            nested: false,
            kept: false,
            live: false,
            only_noted: false,
            lists_mobile: false,
            names_scope: true,
            makes_user: false,
            leaves_unpaid: false,
            terms: Terms::default(),
        }
    }

    /// What a profile's operation asks.
    pub fn of(operation: &Operation) -> Self {
        Self {
            meaning: operation.meaning(),
            starts_job: operation.meaning() != Meaning::PollJob && operation.answers_with(&Field::JobId),
            tells_removed: operation.can_answer_with(&Field::MobileState, Word::Removed),
            tells_removing: operation.can_answer_with(&Field::AccessState, Word::Removing),
            paged: operation.paging().is_some() && PAGED_BY.iter().any(|field| operation.asks_with(field)),
            nested: operation.nests(&Field::LockId) || operation.nests(&Field::GroupId),
            kept: operation.meaning() == Meaning::AlgoPin && operation.answers_with(&Field::AccessId),
            live: operation.is_live(),
            only_noted: !operation.reaches_lock(),
            lists_mobile: operation.meaning() == Meaning::ListPins
                && operation.answers_with(&Field::MobileId),
            cap: operation.paging().and_then(|paging| paging.cap),
            reissues: !matches!(operation.meaning(), Meaning::GetToken | Meaning::RefreshToken)
                && operation.answers_with(&Field::AuthToken),
            names_scope: [Field::LockId, Field::LockAlias, Field::GroupId]
                .iter()
                .any(|field| operation.asks_with(field)),
            makes_user: operation.answers_with(&Field::UserId)
                && !operation.asks_with(&Field::UserId)
                && !operation.asks_with(&Field::UserReference),
            refuses_offline: operation.refuses_itself(FailureKind::Offline),
            clashes_late: operation.answers_with(&Field::JobId)
                && !operation.documented_failures().contains(&FailureKind::Conflict),
            lists_bridges: operation.answers_with(&Field::BridgeId),
            leaves_unpaid: operation.leaves_behind(FailureKind::Payment),
            terms: operation.terms(),
        }
    }
}
