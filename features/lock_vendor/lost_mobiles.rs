//! What lost answers to the creation of mobile access came to: one for each guest.

use super::expect::{self, some_of};
use super::resilience::{Created, Outcome, take_losses};
use super::retry_rule::{by_the_rule, ended, several, was_lost};
use super::world::LockVendor;
use crate::harness::integration::MobileAccess;
use crate::harness::trial::{Step, Stop};
use crate::vendors::vocabulary::{CredentialId, Field, Function, Word};

impl Outcome {
    /// The id of the mobile access that came of it.
    fn mobile(&self) -> Option<CredentialId> {
        match &self.created {
            Created::Mobile { result } => result.as_ref().as_ref().ok().map(|access| access.id.clone()),
            Created::Pin { .. } => None,
        }
    }
}

/// Whether two keys may be one guest's: nothing that is known of both tells them apart.
fn may_be_one_guest(key: &MobileAccess, other: &MobileAccess) -> bool {
    let same_user = match (&key.user, &other.user) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    let (one, other) = (key.facts.text(&Field::UserEmail), other.facts.text(&Field::UserEmail));
    same_user && (one.is_none() || other.is_none() || one == other)
}

pub(super) async fn one_mobile_each(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let losses = take_losses(world)?;
    let made: Vec<CredentialId> = losses.iter().filter_map(Outcome::mobile).collect();
    for outcome in losses {
        let Created::Mobile { result } = &outcome.created else {
            return Err(Stop::Error("the scenario lost the answers of something else".to_owned()));
        };
        was_lost(world, &outcome)?;
        by_the_rule(world, &outcome)?;
        let access = ended(&outcome.operation, result)?;
        if !bench.dialect().supports(Function::ListMobileAccess) {
            return Err(Stop::Inconclusive(
                "the vendor lists no mobile access, so a second one could not be seen".to_owned(),
            ));
        }
        let mut all =
            expect::success("listing mobile access", bench.inlet().list_mobile_access(&access).await)?;
        // A list may be of the lock, with the other guests' keys, and hold what is withdrawn.
        all.retain(|key| key.state != Some(Word::Removed));
        all.retain(|key| key.id == access.id || !made.contains(&key.id) && may_be_one_guest(key, &access));
        match all.as_slice() {
            [one] if one.id == access.id => {}
            [] => {
                return Err(Stop::fail(
                    format!("after a lost answer to `{}` the mobile access is not listed", outcome.operation),
                    "exactly one access",
                    "none",
                ));
            }
            more => {
                return Err(several(
                    &outcome.operation,
                    format!("{} keys of the guest: {}", more.len(), some_of(more.iter().map(|key| &key.id))),
                ));
            }
        }
    }
    Ok(())
}
