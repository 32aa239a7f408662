//! Certifies a server that nobody of this project wrote: the public test server
//! of Seam, as `tests/peers/seam` describes it. Every verdict is pinned; why
//! each is right is argued in `tests/peers/seam/VERDICTS.md`.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

mod peers;

use std::sync::Arc;

use lockstep::features;
use lockstep::harness::campaign::{CampaignPlan, Target, certify};
use lockstep::harness::result::Report;
use lockstep::harness::subject::{self, Subject};
use lockstep::harness::verdict::Verdict;
use lockstep::vendors::dialect::Dialect;
use lockstep::vendors::profile;
use peers::Peer;

const PROFILE: &str = include_str!("../vendors/locks/seam.toml");
const SUBJECT: &str = include_str!("peers/seam/subject.toml");
const VERDICTS: &str = include_str!("peers/seam/VERDICTS.md");
const KEY: &str = "seam_apikey1_token";

/// The profile as it is, but for the time that real locks need: this server
/// carries everything out within the call, and waiting for it shows nothing.
fn dialect() -> Arc<Dialect> {
    let mut text = PROFILE.to_owned();
    for (real, hurried) in [
        ("creation = \"30 s\"", "creation = \"1 s\""),
        ("removal = \"30 s\"", "removal = \"1 s\""),
        ("pulse = \"60 s\"", "pulse = \"1 s\""),
        // It has no rate limit, so that keeping to one for a minute shows nothing either.
        ("per = \"1 min\"", "per = \"1 s\""),
        // A status of it is never older than the call.
        ("offline = \"10 min\"", "offline = \"1 s\""),
    ] {
        assert!(text.contains(real), "{real}");
        text = text.replace(real, hurried);
    }
    profile::compile("seam.toml", &text).unwrap_or_else(|errors| panic!("{}", profile::render(&errors)))
}

/// The subject file, with the address that the server came up at.
fn subject_text(peer: &Peer) -> String {
    assert!(SUBJECT.contains("http://127.0.0.1:8787"));
    SUBJECT.replace("http://127.0.0.1:8787", peer.address())
}

fn subject(peer: &Peer, dialect: &Dialect) -> Subject {
    let environment = |name: &str| (name == "SEAM_API_KEY").then(|| KEY.to_owned());
    subject::parse("subject.toml", &subject_text(peer), None, dialect, &environment).unwrap()
}

async fn certified(peer: &Peer) -> Report {
    let dialect = dialect();
    let subject = subject(peer, &dialect);
    let plan = CampaignPlan::certification(dialect, Target::Foreign(Arc::new(subject)), 7);
    certify(plan, &features::lock_vendor(), &|_| {}).await
}

/// Every criterion with its verdict, and every scenario with its own.
fn verdicts(report: &Report) -> String {
    let mut lines = vec![format!("{} (criteria: {})", report.verdict.as_str(), report.criteria.len())];
    for criterion in &report.criteria {
        lines.push(format!("{} {}", criterion.id, criterion.verdict.as_str()));
        for scenario in &criterion.scenarios {
            lines.push(format!("    {}: {}", scenario.name, scenario.verdict.as_str()));
        }
    }
    lines.join("\n")
}

#[tokio::test]
async fn every_verdict_on_seam_s_test_server_is_pinned_and_argued() {
    let peer = Peer::start("seam");
    let report = certified(&peer).await;

    insta::assert_snapshot!(verdicts(&report));
    for criterion in &report.criteria {
        let argued = VERDICTS
            .lines()
            .any(|line| line.starts_with(&format!("| {} | {} |", criterion.id, criterion.verdict.as_str())));
        let needs_argument = !matches!(criterion.verdict, Verdict::Pass | Verdict::NotApplicable);
        assert_eq!(
            argued,
            needs_argument,
            "{} {}: {}",
            criterion.id,
            criterion.verdict.as_str(),
            criterion.reason
        );
    }

    // Nothing is left: no code on any lock, every bolt as it was.
    assert!(report.leftovers.is_empty(), "{:?}", report.leftovers);
    assert_eq!(codes(&peer).await, Vec::<String>::new());
    for lock in ["house_front_door", "house_back_door", "house_garage_door"] {
        let device = peer.post(KEY, "/locks/get", &serde_json::json!({ "device_id": lock })).await;
        assert_eq!(device["device"]["properties"]["locked"], true, "{lock}");
    }
}

/// The names of all codes of the server, whose listing ignores the lock.
async fn codes(peer: &Peer) -> Vec<String> {
    let listed = peer.post(KEY, "/access_codes/list", &serde_json::json!({ "device_id": "any" })).await;
    let codes = listed["access_codes"].as_array().unwrap();
    codes.iter().map(|code| code["name"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn sweep_finds_and_removes_what_an_earlier_run_left_and_nothing_else() {
    let peer = Peer::start("seam");
    for (lock, name, code) in [
        ("house_front_door", "lockstep-20260101-000000-7 pin-1", "4821"),
        ("house_back_door", "lockstep-20260101-000000-7 pin-2", "4822"),
        ("house_front_door", "A guest of the house", "4823"),
    ] {
        let body = serde_json::json!({
            "device_id": lock, "name": name, "code": code,
            "starts_at": "2027-01-10T14:00:00Z", "ends_at": "2027-01-12T10:00:00Z",
        });
        assert_eq!(peer.post(KEY, "/access_codes/create", &body).await["ok"], true);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("subject.toml");
    std::fs::write(&file, subject_text(&peer)).unwrap();
    let sweep = |more: &[&str]| {
        let mut command = assert_cmd::Command::cargo_bin("lockstep").unwrap();
        command.env("SEAM_API_KEY", KEY).args(["sweep", "seam", "--subject"]).arg(&file).args(more);
        command.assert()
    };

    let found = String::from_utf8(sweep(&["--dry-run"]).success().get_output().stdout.clone()).unwrap();
    let found: Vec<&str> = found.lines().filter(|line| line.starts_with("found: ")).collect();
    // Once each, although this server lists every code under every lock.
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().any(|line| line.contains("access_code1")), "{found:?}");
    assert!(found.iter().any(|line| line.contains("access_code2")), "{found:?}");
    assert_eq!(codes(&peer).await.len(), 3);

    sweep(&[]).success();
    assert_eq!(codes(&peer).await, ["A guest of the house"]);
}
