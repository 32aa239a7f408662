//! What is declared against what was seen: LV-08.

use cucumber::step::Collection;

use super::world::LockVendor;
use crate::harness::capability::{effective, unused_reads};
use crate::harness::result::Capability;
use crate::harness::trial::{Step, Stop};

pub(super) fn steps(collection: Collection<LockVendor>) -> Collection<LockVendor> {
    crate::steps! { collection;
        when "the reading calls that the profile describes and no function uses are tried" => try_unused;
        then "nothing that is declared is absent" => nothing_absent;
        then "what is there is declared" => all_declared;
    }
}

/// Whatever comes of them is kept as evidence; what they change is nothing.
async fn try_unused(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    for unused in unused_reads(bench.dialect()) {
        let lock = bench.free_lock(0).ok();
        let tried = bench.inlet().try_read(&unused.operation, lock.as_ref()).await;
        if let Err(failure) = tried {
            world.remark(format!(
                "`{}`, which no function uses, did not succeed: {failure}",
                unused.operation
            ));
        }
    }
    Ok(())
}

fn lines(world: &LockVendor, contradiction: &str) -> Result<Vec<Capability>, Stop> {
    let bench = world.bench()?;
    let all = effective(bench.dialect(), &bench.recorder().exchanges(), &bench.recorder().made_up());
    Ok(all.into_iter().filter(|one| one.contradiction() == Some(contradiction)).collect())
}

fn told(lines: &[Capability]) -> String {
    lines.iter().map(|one| format!("“{}”: {}", one.title, one.note)).collect::<Vec<_>>().join("; ")
}

async fn nothing_absent(world: &mut LockVendor) -> Step {
    let absent = lines(world, "declared but absent")?;
    if absent.is_empty() {
        return Ok(());
    }
    Err(Stop::fail(
        "the vendor declares what it does not have",
        "every declared function is there",
        told(&absent),
    ))
}

async fn all_declared(world: &mut LockVendor) -> Step {
    let undeclared = lines(world, "present but undeclared")?;
    if undeclared.is_empty() {
        world.remark("nothing was seen that the statement does not declare");
    } else {
        world.warn(
            format!("the subject can do more than the vendor declares: {}", told(&undeclared)),
            "a statement that says what is there",
            told(&undeclared),
        );
    }
    Ok(())
}
