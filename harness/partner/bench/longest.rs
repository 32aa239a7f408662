//! The longest that what is done once in a run may take, in the partner's time.

use std::time::Duration;

use super::stays::SOON;
use super::{follow, laboratory, withdrawal};
use crate::harness::criterion::Shared;

const MINUTE: Duration = Duration::from_secs(60);

/// For how long what follows refused calls is watched (IP-10).
const REFUSALS_WATCHED: Duration = Duration::from_secs(3_600);

/// The longest that something may take which is done once and serves several criteria.
pub fn longest_shared(shared: Shared) -> Duration {
    match shared {
        Shared::Stay => SOON + MINUTE,
        Shared::Laboratory => laboratory::LONGEST,
        Shared::Refusals => SOON + REFUSALS_WATCHED,
        Shared::Withdrawal => withdrawal::LONGEST,
        Shared::LookBack => follow::LONGEST_FOLLOW,
    }
}
