//! Comparing, certifying, verifying and gating with the real program, from what
//! is typed to the exit code.

#![expect(clippy::expect_used, reason = "a helper that cannot go on fails its test")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use lockstep::harness::certification::{
    Approval, Certificate, Claims, IssuerKey, Standing, StatusLine, StatusList,
};
use lockstep::harness::result::Report;
use lockstep::vendors::vocabulary::Instant;
use serde_json::{Value, json};

const ID: &str = "lock-vendor/nordlas";
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// Canaries: none of them may ever be seen outside the file that it is in.
const IN_DOCUMENT: &str = "canary-in-a-document-4711";
const IN_EXCHANGE: &str = "canary.guest@example.org";

fn lockstep(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lockstep"));
    command.args(arguments).current_dir(folder).env("LOCKSTEP_REGISTER", folder.join("register.db"));
    command
}

/// Runs a command in a folder and holds exit code and texts against what is
/// expected.
fn check(folder: &Path, line: &str, code: i32, told: &[&str]) -> String {
    let arguments: Vec<&str> = line.split_whitespace().collect();
    let output = lockstep(folder, &arguments).output().expect("lockstep runs");
    expect(line, &output, code, told)
}

fn expect(line: &str, output: &Output, code: i32, told: &[&str]) -> String {
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&output.stderr);
    let all = format!("{stdout}\n{stderr}");
    assert_eq!(output.status.code(), Some(code), "{line}: {all}");
    for text in told {
        assert!(all.contains(text), "{line}: `{text}` in {all}");
    }
    assert!(!all.contains("canary") && !all.contains("PRIVATE KEY"), "{line}: {all}");
    stdout
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A rehearsal that passed, as this version would have made it.
static REHEARSAL: LazyLock<Value> = LazyLock::new(|| {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/samples/rehearsal/report.json");
    let mut report = read(&sample);
    report["suite"]["digest"] = lockstep::features::lock_vendor().digest().into();
    report
});

fn read(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).expect("a file")).expect("JSON")
}

fn write(path: &Path, value: &Value) {
    std::fs::write(path, serde_json::to_string_pretty(value).expect("JSON")).expect("a file");
}

/// A report as it would be of a run over the subject itself, with a canary in
/// the place where a guest's address would stand.
fn certified_run() -> Value {
    let mut report = REHEARSAL.clone();
    report["rehearsal"] = json!(false);
    report["subject"]["target"] = json!("https://api.nordlas.example");
    report["exchanges"][0]["request"]["body"] = json!(IN_EXCHANGE);
    report
}

/// A certificate over that run, made at a time.
fn certificate(from: Instant, validity: Duration) -> Certificate {
    let document = certified_run();
    let report: Report = serde_json::from_value(document.clone()).expect("a report");
    let approval = Approval { by: "rui".into(), from, validity, scope: None };
    Certificate::new(Claims::of(&report, &document), approval).expect("it passes")
}

/// A folder with a pair of keys, a report and a document.
fn desk() -> tempfile::TempDir {
    let folder = folder();
    check(folder.path(), "certification key --out issuer.pem", 0, &["for its owner alone"]);
    write(&folder.path().join("report.json"), &certified_run());
    std::fs::write(folder.path().join("document.pdf"), IN_DOCUMENT).expect("a file");
    folder
}

fn prepare(folder: &Path) {
    check(
        folder,
        &format!("certification prepare {ID} --actor ada --reason onboarding"),
        0,
        &["in preparation"],
    );
    for item in ["documentation", "data-flow-diagram", "storage", "transport", "legal"] {
        let line = format!(
            "certification attest {ID} --item {item} --document document.pdf --who Kim --when 2026-01-31 --actor ada \
             --reason audited"
        );
        check(folder, &line, 0, &["possible now"]);
    }
}

/// A certification, taken to its approval.
fn approve(folder: &Path) {
    prepare(folder);
    check(
        folder,
        &format!("certification submit {ID} --report report.json --actor ada --reason ready"),
        0,
        &[],
    );
    check(folder, &format!("certification review {ID} --actor rui --reason meeting"), 0, &["is in review"]);
    let line = format!(
        "certification approve {ID} --key issuer.pem --out certificate.json --actor rui --reason passed"
    );
    check(folder, &line, 0, &["is approved", "renew, suspend, revoke"]);
}

fn publish(folder: &Path) {
    check(
        folder,
        "certification status-list --key issuer.pem --out status.json",
        0,
        &["how 1 certificates stand"],
    );
}

const GATE: &str = "gate certificate.json --key issuer.pem.pub --status-list status.json --subject nordlas \
                    --subject-version";

fn version() -> String {
    certified_run()["subject"]["version"].as_str().expect("a version").to_owned()
}

fn gate() -> String {
    format!("{GATE} {}", version())
}

#[test]
fn a_subject_is_certified_gated_and_revoked() {
    let desk = desk();
    let folder = desk.path();
    approve(folder);
    let gate = gate();
    check(folder, &gate, 6, &["closed: there is no status list"]);
    publish(folder);
    let line = check(folder, &gate, 0, &["open: nordlas", "holds the full level of lock-vendor until"]);
    assert_eq!(line.trim().lines().count(), 1, "{line}");
    let told: Value = serde_json::from_str(&check(folder, &format!("{gate} --json"), 0, &[])).expect("JSON");
    assert_eq!((&told["open"], &told["exit_codes"]), (&json!(true), &json!([0])));
    let verify = "verify certificate.json --key issuer.pem.pub";
    check(folder, verify, 0, &["valid: nordlas", "not checked  whether it was suspended or revoked"]);
    check(
        folder,
        &format!("{verify} --report report.json --status-list status.json"),
        0,
        &["valid: nordlas"],
    );
    for (step, standing) in [("suspend", "suspended"), ("resume", "good"), ("revoke", "revoked")] {
        let line = format!("certification {step} {ID} --actor rui --reason errors-rise");
        check(folder, &line, 0, &[standing]);
        publish(folder);
        let closed = format!("closed: the certificate is {standing} since");
        match standing {
            "good" => check(folder, &gate, 0, &["open"]),
            _ => check(folder, &gate, 6, &[&closed, "errors-rise"]),
        };
    }
    let history =
        check(folder, &format!("certification history {ID}"), 0, &["approve", "revoke", "SHA-256", "Kim"]);
    assert_eq!(history.lines().count(), 1 + 12, "{history}");
    let told = check(folder, &format!("certification history {ID} --json"), 0, &[]);
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!(told["events"].as_array().map(Vec::len), Some(12));
    canaries_stay_where_they_are(folder);
}

/// Neither the register nor a signed document holds what is not theirs.
fn canaries_stay_where_they_are(folder: &Path) {
    let private = std::fs::read_to_string(folder.join("issuer.pem")).expect("a key");
    let private = private.lines().nth(1).expect("a line").to_owned();
    for name in ["register.db", "certificate.json", "status.json", "issuer.pem.pub"] {
        let bytes = std::fs::read(folder.join(name)).expect("a file");
        let mut texts = vec![String::from_utf8_lossy(&bytes).into_owned()];
        if let Ok(envelope) = serde_json::from_slice::<Value>(&bytes) {
            use base64::Engine as _;
            let payload = envelope["payload"].as_str().expect("a payload");
            let payload = base64::engine::general_purpose::STANDARD.decode(payload).expect("Base64");
            texts.push(String::from_utf8(payload).expect("text"));
        }
        for canary in [IN_DOCUMENT, IN_EXCHANGE, &private, "PRIVATE"] {
            assert!(texts.iter().all(|text| !text.contains(canary)), "{name} holds {canary}");
        }
    }
}

#[test]
fn the_gate_stays_closed_for_everything_else() {
    let desk = desk();
    let folder = desk.path();
    let key = IssuerKey::read(&folder.join("issuer.pem")).expect("a key");
    let now = Instant::wall();
    let sign = |certificate: &Certificate| {
        let text = certificate.sign(&key).expect("JSON");
        std::fs::write(folder.join("certificate.json"), text).expect("a file");
    };
    let list = |certificate: &Certificate, made: Instant, key: &IssuerKey| {
        let line = StatusLine {
            serial: certificate.serial.clone(),
            standing: Standing::Good,
            since: made,
            reason: String::new(),
        };
        let text = StatusList::new(vec![line], made, 7 * DAY).sign(key).expect("JSON");
        std::fs::write(folder.join("status.json"), text).expect("a file");
    };
    let gate = gate();
    let closed = |reason: &str, told: &str| {
        let json = check(folder, &format!("{gate} --json"), 6, &[told]);
        let json: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!((&json["open"], &json["reason"]), (&json!(false), &json!(reason)), "{json}");
        assert_eq!(json["exit_codes"], json!([6]));
    };
    closed("missing", "there is no certificate");
    std::fs::write(folder.join("certificate.json"), "no certificate").expect("a file");
    closed("unreadable", "cannot be read");
    write(&folder.join("certificate.json"), &REHEARSAL);
    closed("rehearsal", "a report of a rehearsal");
    write(&folder.join("certificate.json"), &certified_run());
    closed("report", "a report, and no certificate");
    let good = certificate(now, 30 * DAY);
    sign(&good);
    closed("status_list_missing", "no status list");
    list(&good, now - 8 * DAY, &key);
    closed("status_list_too_old", "too old");
    list(&good, now + DAY, &key);
    closed("status_list_from_the_future", "still to come");
    list(&good, now, &IssuerKey::generate());
    closed("status_list_unreadable", "another key");
    list(&certificate(now, 30 * DAY), now, &key);
    closed("status_unknown", "does not name");
    list(&good, now, &key);
    check(folder, &gate, 0, &["open: "]);
    // The same, asked for something else.
    check(folder, &format!("{GATE} 99"), 6, &["closed: ", "expected 99"]);
    check(
        folder,
        &gate.replace("--subject nordlas", "--subject acme"),
        6,
        &["that of nordlas, expected acme"],
    );
    check(folder, &format!("{gate} --programme inlet-partner"), 6, &["of the programme lock-vendor"]);
    // Declared by the vendor, and never seen.
    check(folder, &format!("{gate} --ability hold_open"), 6, &["does not cover hold_open"]);
    check(folder, &format!("{gate} --ability list_locks"), 0, &["open: "]);
    // Another time, another key, another text.
    for (made, validity, reason, told) in
        [(now - 31 * DAY, 30 * DAY, "expired", "expired at"), (now + DAY, 30 * DAY, "not_yet_valid", "from")]
    {
        let other = certificate(made, validity);
        sign(&other);
        list(&other, now, &key);
        closed(reason, told);
    }
    let foreign = good.sign(&IssuerKey::generate()).expect("JSON");
    std::fs::write(folder.join("certificate.json"), foreign).expect("a file");
    closed("wrong_key", "another key");
    let mut rehearsal = good.clone();
    rehearsal.claims.rehearsal = true;
    sign(&rehearsal);
    closed("rehearsal", "rests on a rehearsal");
    // Without a key nothing can be told; without a question nothing is asked.
    check(folder, &gate.replace("issuer.pem.pub", "nowhere.pem"), 2, &["nowhere.pem"]);
    check(folder, &gate.replace("issuer.pem.pub", "issuer.pem"), 2, &["holds a private one"]);
    check(folder, "gate certificate.json --key issuer.pem.pub --status-list status.json", 2, &["--subject"]);
}

#[test]
fn a_changed_report_is_told_by_what_changed() {
    let desk = desk();
    let folder = desk.path();
    let key = IssuerKey::read(&folder.join("issuer.pem")).expect("a key");
    let made = Instant::wall() - 31 * DAY;
    let text = certificate(made, 30 * DAY).sign(&key).expect("JSON");
    std::fs::write(folder.join("certificate.json"), text).expect("a file");
    let verify = "verify certificate.json --key issuer.pem.pub";
    check(folder, verify, 6, &["not valid: the certificate expired at"]);
    let then = format!("{verify} --report report.json --at {}", made + DAY);
    check(folder, &then, 0, &["valid: nordlas"]);
    let check_changed = |change: &dyn Fn(&mut Value), told: &str| {
        let mut report = certified_run();
        change(&mut report);
        write(&folder.join("report.json"), &report);
        check(folder, &then, 6, &["not valid: the report is not the one", told]);
    };
    check_changed(&|report| report["exchanges"][2]["took_ms"] = json!(987_654), "exchanges differ");
    check_changed(&|report| report["criteria"][2]["verdict"] = json!("warning"), "verdicts differ");
    check_changed(&|report| report["subject"]["version"] = json!("99"), "subject");
    check_changed(&|report| report["decision"] = json!("The best."), "other parts differ");
    // Layout says nothing.
    std::fs::write(folder.join("report.json"), certified_run().to_string()).expect("a file");
    check(folder, &then, 0, &["valid: nordlas"]);
}

#[test]
fn steps_that_are_not_possible_are_refused_with_what_is() {
    let desk = desk();
    let folder = desk.path();
    let act = |step: &str, actor: &str| format!("certification {step} {ID} --actor {actor} --reason why");
    check(folder, &act("review", "rui"), 2, &["there is no register"]);
    assert!(!folder.join("register.db").exists(), "looking makes nothing");
    check(folder, "certification prepare acme --actor ada --reason why", 2, &["such as lock-vendor/acme"]);
    check(folder, "certification prepare lock-vendors/acme --actor ada --reason why", 2, &["no programme"]);
    prepare(folder);
    check(folder, &act("prepare", "ada"), 2, &["begun already"]);
    check(folder, &act("review", "rui"), 2, &["while the certification is in preparation", "attest, submit"]);
    check(folder, "certification status lock-vendor/other", 2, &["no certification lock-vendor/other"]);
    let submit = |report: &str| format!("{} --report {report}", act("submit", "ada"));
    write(&folder.join("rehearsal.json"), &REHEARSAL);
    check(folder, &submit("rehearsal.json"), 2, &["rehearsal"]);
    check(folder, &submit("nowhere.json"), 2, &["the report cannot be read"]);
    let mut other = certified_run();
    other["suite"]["digest"] = json!("00".repeat(32));
    write(&folder.join("other.json"), &other);
    check(folder, &submit("other.json"), 2, &["made by another suite"]);
    let mut failed = certified_run();
    failed["criteria"][1]["verdict"] = json!("fail");
    (failed["verdict"], failed["exit_codes"]) = (json!("fail"), json!([1]));
    write(&folder.join("failed.json"), &failed);
    check(folder, &submit("failed.json"), 0, &["is submitted"]);
    check(folder, &act("review", "Ada"), 2, &["somebody else must review"]);
    check(folder, &act("review", "rui"), 0, &["is in review"]);
    let approve = format!("{} --key issuer.pem --out certificate.json", act("approve", "rui"));
    check(folder, &approve, 2, &["did not pass (verdict fail, exit codes [1])", "feedback, approve"]);
    assert!(!folder.join("certificate.json").exists());
    check(folder, &format!("{} --issue groups-are-ignored", act("feedback", "rui")), 0, &["issue 1"]);
    check(folder, &submit("report.json"), 2, &["issues are open: 1"]);
    check(folder, &format!("{} --issue 1", act("correct", "ada")), 0, &["answered: why"]);
    check(folder, &submit("report.json"), 0, &[]);
    check(folder, &act("review", "rui"), 0, &[]);
    check(folder, &format!("{approve} --scope hold_open"), 2, &["was not tested"]);
    check(folder, &approve, 0, &["is approved"]);
    check(folder, &format!("{} --out again.json", "certification certificate lock-vendor/nordlas"), 0, &[]);
    assert_eq!(read(&folder.join("again.json")), read(&folder.join("certificate.json")));
}

#[test]
fn a_key_is_made_once_and_refused_where_others_may_read_it() {
    let desk = desk();
    let folder = desk.path();
    let before = std::fs::read(folder.join("issuer.pem")).expect("a key");
    check(folder, "certification key --out issuer.pem", 2, &["never replaced"]);
    assert_eq!(std::fs::read(folder.join("issuer.pem")).expect("a key"), before);
    check(folder, "certification prepare lock-vendor/nordlas --actor ada --reason why", 0, &[]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let path = folder.join("issuer.pem");
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).expect("permissions");
        check(folder, "certification status-list --key issuer.pem --out status.json", 2, &["chmod 600"]);
    }
}

#[test]
fn processes_at_once_lose_no_step() {
    let desk = desk();
    let folder = desk.path();
    check(folder, &format!("certification prepare {ID} --actor ada --reason onboarding"), 0, &[]);
    let line = format!(
        "certification attest {ID} --item legal --document document.pdf --actor ada --reason audited"
    );
    let arguments: Vec<&str> = line.split_whitespace().collect();
    let start = || lockstep(folder, &arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let children: Vec<_> = (0..4).map(|_| start().expect("lockstep runs")).collect();
    for child in children {
        expect(&line, &child.wait_with_output().expect("it ends"), 0, &["to vouch for"]);
    }
    let history = check(folder, &format!("certification history {ID}"), 0, &[]);
    assert_eq!(history.matches(" attest ").count(), 4, "{history}");
}

fn written(folder: &Path, name: &str, change: impl Fn(&mut Value)) -> PathBuf {
    let mut report = REHEARSAL.clone();
    change(&mut report);
    let path = folder.join(name);
    write(&path, &report);
    path
}

#[test]
fn reports_are_compared_and_only_regressions_end_with_1() {
    let folder = folder();
    let folder = folder.path();
    written(folder, "old.json", |_| {});
    // Runs of other seeds: other times, ports, ids and names, and nothing else.
    for seed in ["1", "2"] {
        check(
            folder,
            &format!("run reference --only LV-21,LV-40,LV-46 --seed {seed} --out seed-{seed}"),
            0,
            &[],
        );
    }
    check(folder, "compare seed-1 seed-2", 0, &["0 regressions, 0 fixes, 0 other changes"]);
    let worse = |report: &mut Value| {
        report["criteria"][3]["verdict"] = json!("fail");
        report["criteria"][3]["reason"] = json!("it fails");
    };
    written(folder, "worse.json", worse);
    check(folder, "compare old.json worse.json", 1, &["1 regression, 0 fixes", "pass → fail", "it fails"]);
    check(folder, "compare worse.json old.json", 0, &["0 regressions, 1 fix", "fail → pass"]);
    let told = check(folder, "compare old.json worse.json --json", 1, &[]);
    let told: Value = serde_json::from_str(&told).expect("JSON");
    let found = &told["comparison"];
    assert_eq!((&found["regressions"][0]["after"], &found["fixes"]), (&json!("fail"), &json!([])));
    assert_eq!(told["exit_codes"], json!([1]));
    written(folder, "other.json", |report| report["subject"]["name"] = json!("acme"));
    check(folder, "compare old.json other.json", 2, &["different subjects: nordlas and acme"]);
    written(folder, "empty.json", |report| report["criteria"] = json!([]));
    check(folder, "compare old.json empty.json", 4, &["no criterion in common"]);
    check(folder, "compare old.json nowhere.json", 2, &["the report cannot be read"]);
}
