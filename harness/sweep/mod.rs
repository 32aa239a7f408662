//! Finds what earlier runs left on a foreign target, by the name that every run
//! gives to what it creates, and removes it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::bench::Bench;
use super::evidence::Recorder;
use super::integration::{Integration, PinAccess};
use super::result::Leftover;
use super::subject::Subject;
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::{FailureKind, Function, LockId, RunName};

/// How the name of everything that a run creates begins.
pub const PREFIX: &str = "lockstep-";

/// What a sweep found and did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Swept {
    /// What was found.
    pub found: Vec<Leftover>,
    /// Ids of what was removed; empty in a dry run.
    pub removed: Vec<String>,
    /// What is still there, and why.
    pub left: Vec<Leftover>,
    /// What could not be looked at, for people.
    pub unseen: Vec<String>,
}

/// Looks through every lock that the subject file names (and no other) and
/// removes what bears the name of a run. With `dry_run` nothing is removed.
///
/// Errors, for people, when the subject cannot be spoken to at all.
pub async fn sweep(dialect: &Arc<Dialect>, subject: &Arc<Subject>, dry_run: bool) -> Result<Swept, String> {
    let bench = Bench::foreign(dialect, subject, RunName::new("lockstep-sweep"), Recorder::new())?;
    let inlet = bench.inlet();
    let mut swept = Swept::default();
    if !dialect.supports(Function::ListPinAccess) {
        swept.unseen.push("the vendor lists no PINs, so leftovers cannot be found by name".to_owned());
        return Ok(swept);
    }
    for lock in subject.roles.locks().into_iter().collect::<BTreeSet<_>>() {
        let listed = inlet.clocks().harness.drive(inlet.list_pin_access(&lock)).await;
        match listed {
            Ok(pins) => {
                for pin in pins.iter().filter(|pin| is_ours(pin)) {
                    take(inlet, &lock, pin, dry_run, &mut swept).await;
                }
            }
            Err(failure) => swept.unseen.push(format!("lock {lock}: {failure}")),
        }
    }
    Ok(swept)
}

/// Whether a PIN bears the name of a run. What has no name is never touched.
fn is_ours(pin: &PinAccess) -> bool {
    pin.name.as_deref().is_some_and(|name| name.starts_with(PREFIX))
}

async fn take(inlet: &Integration, lock: &LockId, pin: &PinAccess, dry_run: bool, swept: &mut Swept) {
    let leftover = |why: String| Leftover {
        what: "PIN access".to_owned(),
        id: pin.id.to_string(),
        place: lock.to_string(),
        why,
    };
    let name = pin.name.clone().unwrap_or_default();
    swept.found.push(leftover(format!("it bears the name {name}")));
    if dry_run {
        return;
    }
    match inlet.clocks().harness.drive(inlet.remove_pin_access(pin)).await {
        Ok(()) => swept.removed.push(pin.id.to_string()),
        Err(failure) if failure.kind == FailureKind::NotFound => swept.removed.push(pin.id.to_string()),
        Err(failure) => swept.left.push(leftover(failure.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::vocabulary::{AccessId, Facts};

    #[test]
    fn only_what_bears_the_name_of_a_run_is_ours() {
        let check = |name: Option<&str>, ours: bool| {
            let pin = PinAccess {
                id: AccessId::new("1"),
                name: name.map(str::to_owned),
                user: None,
                typed: None,
                window: None,
                state: None,
                facts: Facts::new(),
            };
            assert_eq!(is_ours(&pin), ours, "{name:?}");
        };
        check(Some("lockstep-20270301-090000-7 PIN"), true);
        check(Some("Maria's lockstep-code"), false);
        check(Some("cleaner"), false);
        check(None, false);
    }
}
