//! Rows of the detection matrix that a table of `vendors/README.md` rests on. The
//! whole matrix is run by the built program, `lockstep selftest`, as `./test` does:
//! without optimisation it takes minutes.

use lockstep::harness::campaign::Interrupt;
use lockstep::harness::selftest::{Subject, selftest, subjects};
use lockstep::vendors::profile;

/// The seed of the simulated worlds; any other must do as well.
const SEED: u64 = 1;

const NAMED: [&str; 5] = [
    "accepts-any-pin-pattern",
    "accepts-any-window-length",
    "filter-leaks-one-foreign-lock",
    "ignores-group-filter",
    "repeats-create-twice",
];

#[test]
fn misbehaviours_that_the_thirty_points_name_are_found() {
    let dialect = profile::load("reference").expect("the built-in profile");
    let named = |subject: &Subject| matches!(subject, Subject::Misbehaving(one) if NAMED.contains(&one.name));
    let rows: Vec<Subject> = subjects().into_iter().filter(named).collect();
    assert_eq!(rows.len(), NAMED.len(), "each is a misbehaviour of the catalogue");
    let suite = lockstep::features::lock_vendor();
    let matrix = selftest(&dialect, &suite, SEED, &rows, &Interrupt::new(), &|_| {});
    assert_eq!(matrix.exit_codes(), [0], "{}", matrix.text());
    assert_eq!(matrix.found, NAMED.len(), "{}", matrix.text());
}
