//! What is declared against what was seen: LV-08.

use cucumber::step::Collection;

use super::world::LockVendor;
use crate::harness::capability::{effective, undeclared_operations, unused_reads};
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
    let mut described = undeclared_operations(world.bench()?.dialect());
    described.retain(|one| undeclared.iter().all(|line| line.ability != one.function.as_str()));
    for one in &described {
        world.warn(
            one.told(),
            "operations of the functions that are declared, and no others",
            format!("`{}` is described, and was not seen to succeed", one.operation),
        );
    }
    if undeclared.is_empty() && described.is_empty() {
        world.remark("nothing was seen that the statement does not declare");
    }
    if !undeclared.is_empty() {
        world.warn(
            format!("the subject can do more than the vendor declares: {}", told(&undeclared)),
            "a statement that says what is there",
            told(&undeclared),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::features;
    use crate::harness::campaign::{CampaignPlan, Target, certify};
    use crate::harness::verdict::Verdict;
    use crate::vendors::profile;

    /// LV-08 of the reference with this change to its text, with its findings.
    async fn judged(usual: &str, odd: &str) -> (Verdict, String) {
        let text = profile::load("reference").unwrap().source_text.clone();
        assert!(text.contains(usual), "{usual}");
        let dialect = profile::compile("reference.toml", &text.replace(usual, odd)).unwrap();
        let only = ["LV-08".to_owned()];
        let plan = CampaignPlan::free(dialect, Target::rehearsal(), 7, &only).unwrap();
        let report = certify(plan, &features::lock_vendor(), &|_| {}).await;
        let result = report.criteria.iter().find(|result| result.id.as_str() == "LV-08").unwrap();
        let told: Vec<&str> = result.findings.iter().map(|finding| finding.summary.as_str()).collect();
        (result.verdict, told.join("; "))
    }

    #[tokio::test]
    async fn a_call_of_a_function_that_is_declared_absent_is_told() {
        let usual = "hold_open = [{ call = \"hold_open\", repeat = \"idempotent\" }, \
                     { poll = \"poll_job\", every = \"1 s\", within = \"20 s\" }]";
        let (verdict, told) = judged(usual, "hold_open = { unsupported = \"Our locks cannot.\" }").await;
        assert_eq!(verdict, Verdict::Warning, "{told}");
        assert!(told.contains("`hold_open`"), "{told}");
    }

    #[tokio::test]
    async fn a_call_that_a_declared_function_uses_is_no_finding() {
        let usual = "remove_pin_access = [{ call = \"remove_pin\", repeat = \"idempotent\" }]";
        let odd = "remove_pin_access = { unsupported = \"They end by themselves.\" }";
        let (verdict, told) = judged(usual, odd).await;
        assert_eq!(verdict, Verdict::Pass, "{told}");
    }
}
