//! The judge, judged. Without optimisation each misbehaviour meets only the
//! criteria that must fail, for the whole matrix would take minutes; `./test`
//! runs that by the release binary, and so does this test when it is optimised.

use lockstep::harness::campaign::Interrupt;
use lockstep::harness::selftest::{Breadth, selftest, subjects};
use lockstep::vendors::profile;

/// The seed of the simulated worlds; any other must do as well.
const SEED: u64 = 1;

#[test]
fn every_misbehaviour_is_found() {
    let dialect = profile::load("reference").expect("the built-in profile");
    let suite = lockstep::features::lock_vendor();
    let breadth = if cfg!(debug_assertions) { Breadth::Aimed } else { Breadth::Whole };
    let matrix = selftest(&dialect, &suite, SEED, &subjects(), breadth, &Interrupt::new(), &|_| {});
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
