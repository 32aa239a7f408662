use super::*;

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
