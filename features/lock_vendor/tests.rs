//! The suite is fit to judge: complete, unambiguous, embedded whole.

use std::collections::BTreeSet;

use super::*;
use crate::harness::criterion::Level;
use crate::vendors::profile::{self, Limits};

/// The limits of the ideal vendor, for tests that change some of them.
pub(super) fn plain_limits() -> Limits {
    profile::load("reference").unwrap().limits.clone()
}

#[test]
fn the_suite_has_no_problem() {
    let problems = suite().lint();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_feature_of_the_folder_is_embedded() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("features/lock_vendor");
    let there: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".feature"))
        .collect();
    let embedded: BTreeSet<String> = embedded::FEATURES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(there, embedded);
}

#[test]
fn every_criterion_has_one_feature_of_its_name() {
    for criterion in suite().criteria {
        let prefix = format!("{}-", criterion.id);
        let tag = format!("@{}\n", criterion.id);
        let files: Vec<_> = embedded::FEATURES.iter().filter(|(name, _)| name.starts_with(&prefix)).collect();
        assert_eq!(files.len(), usize::from(!criterion.attested), "{}", criterion.id);
        for (name, text) in files {
            assert!(text.starts_with(&tag), "{name} must begin with its tag");
        }
    }
}

#[test]
fn every_required_criterion_asserts_something() {
    let suite = suite();
    let cases = suite.load().unwrap();
    for criterion in suite.criteria.iter().filter(|criterion| criterion.level == Level::Required) {
        assert!(cases.get(&criterion.id).is_some_and(|cases| !cases.is_empty()), "{}", criterion.id);
    }
}

#[test]
fn no_line_looks_like_a_mistyped_step() {
    const KEYWORDS: [&str; 5] = ["Given", "When", "Then", "And", "But"];
    for (name, text) in embedded::FEATURES {
        for (number, line) in text.lines().enumerate() {
            let word = line.split_whitespace().next().unwrap_or_default().trim_end_matches(':');
            let near = !KEYWORDS.contains(&word)
                && KEYWORDS.iter().any(|keyword| {
                    strsim::damerau_levenshtein(&word.to_lowercase(), &keyword.to_lowercase()) <= 1
                });
            let prose = !line.starts_with("    ");
            assert!(prose || !near, "{name}:{}: `{line}`", number + 1);
        }
    }
}
