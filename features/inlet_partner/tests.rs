use super::*;
use crate::harness::criterion::{Criterion, Level, Shared};
use crate::harness::selftest::Unvouched;
use crate::simulator::{PARTNER_MISBEHAVIOURS, PartnerVariation};

#[test]
fn the_suite_has_no_problem() {
    let problems = suite().lint();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_feature_of_the_folder_is_embedded() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/features/inlet_partner");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".feature"))
        .collect();
    files.sort();
    let embedded: Vec<&str> = embedded::FEATURES.iter().map(|(name, _)| *name).collect();
    assert_eq!(files, embedded);
}

fn ids(wanted: impl Fn(&Criterion) -> bool) -> Vec<String> {
    let criteria = suite().criteria.into_iter().filter(|one| wanted(one));
    criteria.map(|criterion| criterion.id.to_string()).collect()
}

#[test]
fn each_required_criterion_has_a_partner_that_breaks_it_and_an_unusual_one_that_does_not() {
    for id in ids(|one| one.level != Level::Preferred && !one.attested) {
        assert!(PARTNER_MISBEHAVIOURS.iter().any(|one| one.breaks == id), "nothing breaks {id}");
        let unusual = PartnerVariation::ALL.iter().any(|one| one.unusual_for.contains(&id.as_str()));
        assert!(unusual, "no partner is unusual for {id}");
    }
    let known = ids(|one| !one.attested);
    for id in PartnerVariation::ALL.iter().flat_map(|one| one.unusual_for) {
        assert!(known.iter().any(|one| one == id), "{id} is no criterion that is observed");
    }
}

#[test]
fn each_required_criterion_that_people_vouch_for_is_left_open_by_somebody() {
    let unvouched: Vec<&str> = Unvouched::ALL.iter().map(Unvouched::criterion).collect();
    assert_eq!(ids(|one| one.level != Level::Preferred && one.attested), unvouched);
}

#[test]
fn who_looks_back_says_so_and_is_given_the_time_for_it() {
    let cases = suite().load().unwrap();
    let looks_back =
        |one: &Criterion| cases.get(&one.id).is_some_and(|cases| cases.iter().any(|case| case.afterwards));
    assert_eq!(ids(looks_back), ids(|one| one.shares.contains(&Shared::LookBack)));
    assert_eq!(ids(looks_back), ["IP-04", "IP-30", "IP-40", "IP-50"]);
}
