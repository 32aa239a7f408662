//! The judge, judged: the whole detection matrix, as `lockstep selftest` prints it.

use lockstep::harness::campaign::Interrupt;
use lockstep::harness::selftest::{selftest, subjects};
use lockstep::vendors::profile;

/// The seed of the simulated worlds; any other must do as well.
const SEED: u64 = 1;

#[test]
fn every_misbehaviour_is_found_and_nothing_else() {
    let dialect = profile::load("reference").expect("the built-in profile");
    let suite = lockstep::features::lock_vendor();
    let matrix = selftest(&dialect, &suite, SEED, &subjects(), &Interrupt::new(), &|_| {});
    let wrong: Vec<String> = matrix
        .rows
        .iter()
        .filter(|row| !row.is_right())
        .map(|row| format!("{}\n  {}", row.subject, row.defects.join("\n  ")))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(matrix.exit_codes(), [0], "{}", matrix.text());
    assert!(matrix.uncovered.is_empty(), "no misbehaviour breaks {}", matrix.uncovered.join(", "));
    assert!(matrix.misbehaviours >= 80, "{} misbehaviours", matrix.misbehaviours);
}
