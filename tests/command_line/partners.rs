//! Partners: what is judged, and what is refused before anything is started.

use super::{check, report};

#[test]
fn a_rehearsal_of_chosen_criteria_passes_and_leaves_a_report() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_str().expect("a path");
    let told = ["Simulated booking system", "a free run certifies nothing", "rehearsal"];
    check(&["run", "simulated_partner", "--only", "IP-03,IP-20", "--out", out], 0, &told);
    let report = report(folder.path());
    assert_eq!(report["programme"], "inlet-partner");
    let judged: Vec<&str> = report["criteria"]
        .as_array()
        .expect("criteria")
        .iter()
        .filter(|one| one["verdict"] == "pass")
        .filter_map(|one| one["id"].as_str())
        .collect();
    assert_eq!(judged, ["IP-03", "IP-20"]);
    let exchanges = report["exchanges"].to_string();
    assert!(exchanges.contains("/GrantAccess"), "the calls are evidence");
    assert!(!exchanges.contains("lockstep.guest-") && !exchanges.contains("+47412"), "no guest is in it");
}

#[test]
fn a_criterion_of_another_programme_is_unknown_here() {
    check(&["run", "simulated_partner", "--only", "LV-21"], 2, &["there is no criterion LV-21"]);
}

#[test]
fn a_description_that_is_wrong_is_told_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("hotel.toml");
    let text = "schema = \"lockstep.partner/1\"\nkind = \"inlet-partner\"\nname = \"hotel\"\ntitle = \"Hotel\"\n\
                vendor = \"H\"\nversion = \"1\"\n[declares]\nuses = [\"cod\"]\n[drive]\nperson = true\n";
    std::fs::write(&path, text).expect("written");
    let place = path.to_str().expect("a path");
    check(&["certify", place], 2, &["hotel.toml:8:9", "did you mean `code`?"]);
}

#[test]
fn what_a_run_observes_is_vouched_for_by_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("own.toml");
    let description = include_str!("../../vendors/partners/own_integration.toml");
    let vouched = |criterion: &str| {
        std::fs::write(&path, description.replace("\"IP-73\"", criterion)).expect("written");
    };
    let place = path.to_str().expect("a path");
    vouched("\"IP-73\"");
    // What comes with the program vouches for nobody else.
    check(&["check", place], 2, &["own.toml:40:12", "there is no document `own_integration.md`"]);
    std::fs::write(folder.path().join("own_integration.md"), "How data flow").expect("written");
    check(&["check", place], 0, &["vouched for it on"]);
    for command in ["check", "certify", "run"] {
        vouched("\"IP-20\"");
        check(&[command, place], 2, &["own.toml:49:13", "IP-20 is judged by what a run observes"]);
    }
    vouched("\"IP-37\"");
    check(&["check", place], 2, &["there is no criterion `IP-37`", "did you mean `IP-73`?"]);
    vouched("\"IP-71\"");
    check(&["check", place], 2, &["IP-71 is vouched for twice", "leave one"]);
}

#[test]
fn a_partner_has_no_subject_file() {
    let told = ["a partner is reached by its description alone"];
    check(&["certify", "simulated_partner", "--target", "http://127.0.0.1:1"], 2, &told);
}

#[test]
fn a_mistyped_name_is_told_with_the_nearest() {
    check(&["certify", "simulated_partnre"], 2, &["did you mean the embedded `simulated_partner`?"]);
    check(&["run", "nobody"], 2, &["No such file", "nuki", "own_integration"]);
}

#[test]
fn a_partner_is_reviewed_without_traffic() {
    let told =
        ["own_integration: the partner description is valid", "only a run can tell", "vouched for it on"];
    check(&["check", "own_integration"], 0, &told);
}

#[test]
fn a_partner_is_no_profile() {
    let told = ["own_integration is no profile", "`certify`, `run` or `check`"];
    check(&["simulate", "own_integration"], 2, &told);
}

#[test]
fn our_own_integration_is_judged_as_a_partner_and_is_no_rehearsal() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_str().expect("a path");
    let only = "IP-03,IP-07,IP-23,IP-26,IP-64,IP-71";
    check(&["run", "own_integration", "--only", only, "--out", out], 0, &["Lockstep's own integration"]);
    let report = report(folder.path());
    assert_eq!(report["rehearsal"], false);
    assert_eq!(report["subject"]["target"], "in this process, in virtual time");
    let text = report.to_string();
    assert!(!text.contains("lockstep.guest-") && !text.contains("+47412"), "no guest is in it");
    // What nobody vouches for keeps a run from passing, and is named.
    let told = ["nobody vouches for it", "IP-74"];
    check(&["run", "own_integration", "--only", "IP-74", "--out", out], 3, &told);
}

#[test]
fn nobody_but_the_simulated_partner_misbehaves_on_purpose() {
    let told = ["only the simulated booking system can misbehave", "lockstep certify own_integration"];
    check(&["selftest", "own_integration"], 2, &told);
}
