//! The subject file of a simulated vendor: where it is, and which of its locks
//! and groups play which part.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::simulator::Control;
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::LockId;

/// Beyond what the profile documents, in seconds.
const MARGIN: u64 = 10;

/// What is waited for at most where several of these follow each other, in seconds:
/// a door that is opened, shuts and is told to be shut.
const SEVERAL: u64 = 300;

/// The variable from which a credential is read, as for a bare address.
pub(super) fn variable(name: &str) -> String {
    format!("LOCKSTEP_SECRET_{}", name.to_uppercase())
}

/// The text of the file. A fleet without parts leaves out what it has not.
pub(super) fn text(dialect: &Dialect, control: &Control, servers: &BTreeMap<String, String>) -> String {
    let fixture = control.fixture();
    let known = |lock: &LockId| !lock.as_str().is_empty();
    let mut actuation = fixture.free_locks.clone();
    actuation.extend(Some(fixture.offline_lock.clone()).filter(known));
    let mut text = String::from(
        "# A simulated vendor, as `lockstep simulate` laid it out. Nobody stands at its\n\
         # doors: what only a person sees is inconclusive.\n\
         schema = \"lockstep.subject/1\"\nconfirm = \"none\"\n",
    );
    // Writing to a text cannot fail.
    let _ = writeln!(text, "allow_actuation = [{}]\n\n[servers]", list(&actuation));
    for (name, address) in servers {
        let _ = writeln!(text, "{name} = {address:?}");
    }
    text.push_str("\n[credentials]\n");
    for (name, _) in &dialect.secrets {
        let _ = writeln!(text, "{name} = \"{}\"", variable(name));
    }
    let settings = control.settings();
    if !settings.is_empty() {
        text.push_str("\n[settings]\n");
        for (name, value) in settings {
            let _ = writeln!(text, "{name} = {value:?}");
        }
    }
    let _ = writeln!(text, "\n[locks]\nfree = [{}]", list(&fixture.free_locks));
    for (part, lock) in [("offline", &fixture.offline_lock), ("low_battery", &fixture.low_battery_lock)] {
        if known(lock) {
            let _ = writeln!(text, "{part} = {:?}", lock.as_str());
        }
    }
    text.push_str("\n[groups]\n");
    if let Some(group) = control.groups().into_iter().find(|group| group.id == fixture.partial_group) {
        let _ =
            writeln!(text, "partial = {{ id = {:?}, locks = [{}] }}", group.id.as_str(), list(&group.locks));
    }
    if !fixture.empty_group.as_str().is_empty() {
        let _ = writeln!(text, "empty = {:?}", fixture.empty_group.as_str());
    }
    let limits = &dialect.limits;
    let delays = &limits.delays;
    let waits = [delays.creation, delays.removal, delays.offline, limits.pulse];
    let longest = waits.iter().max().map_or(0, std::time::Duration::as_secs) + MARGIN;
    let longest = longest.max(SEVERAL);
    let _ = writeln!(
        text,
        "\n[tester]\nemail = \"tester@lockstep.example\"\n\n[timeouts]\nread_s = {}\nwait_at_most_s = {longest}",
        (delays.actuation.as_secs() + MARGIN).max(30)
    );
    text
}

fn list(locks: &[LockId]) -> String {
    locks.iter().map(|lock| format!("{:?}", lock.as_str())).collect::<Vec<_>>().join(", ")
}
