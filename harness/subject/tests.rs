//! Subject files, right and wrong.

use super::*;
use crate::vendors::profile;

const GOOD: &str = r#"
schema = "lockstep.subject/1"
version = "1.0"
confirm = "none"
allow_actuation = ["L1", "L2"]

[servers]
api = "https://api.vendor.example/"

[credentials]
client_id = "VENDOR_CLIENT_ID"
client_secret = "VENDOR_CLIENT_SECRET"

[locks]
free = ["L1", "L2"]
offline = "L3"

[groups]
partial = { id = "G1", locks = ["L1"] }

[tester]
email = "tester@vendor.example"

[[attestations]]
criterion = "LV-07"
who = "A. Tester"
when = "2027-01-31"
document = "delivery note 12"
"#;

fn read(text: &str) -> Result<Subject, SubjectError> {
    let dialect = profile::load("reference").unwrap();
    parse("acme.toml", text, None, &dialect, &|name| Some(format!("value of {name}")))
}

#[test]
fn a_subject_file_gives_roles_and_secrets() {
    let subject = read(GOOD).unwrap();
    assert_eq!(subject.servers["api"], "https://api.vendor.example");
    assert_eq!(subject.servers["identity"], "https://api.vendor.example");
    assert_eq!(subject.secrets["client_id"].expose(), "value of VENDOR_CLIENT_ID");
    assert_eq!(subject.roles.free_locks.len(), 2);
    assert_eq!(subject.missing(Need::OfflineLock), None);
    assert!(subject.missing(Need::EmptyGroup).unwrap().contains("groups.empty"));
    assert!(subject.missing(Need::Keypad).unwrap().contains("confirm"));
    assert_eq!(subject.attestations.len(), 1);
}

#[test]
fn mistakes_are_told_with_their_place() {
    let check = |from: &str, to: &str, line: usize, what: &str, help: &str| {
        assert!(GOOD.contains(from), "{from}");
        let Err(SubjectError::File(errors)) = read(&GOOD.replacen(from, to, 1)) else {
            panic!("`{to}` was accepted");
        };
        let told = errors.problems.iter().find(|problem| problem.what.contains(what));
        let Some(problem) = told else { panic!("`{what}` is not among {:?}", errors.problems) };
        assert!(problem.help.as_deref().unwrap_or_default().contains(help), "{problem:?}");
        assert_eq!(problem.line, line, "{problem:?}");
    };
    check("offline =", "ofline =", 16, "unknown field `ofline`", "did you mean `offline`?");
    check("client_id =", "client_ident =", 11, "no credential `client_ident`", "did you mean `client_id`?");
    check("https://api.vendor.example/", "https://{tenant}.example.com", 8, "a hole", "your own value");
    check("https://api.vendor.example/", " https://api.vendor.example", 8, "blanks", "without blanks");
    check("vendor.example/", "vendor.example/v1?key=1", 8, "with ? or #", "before it");
    check("vendor.example/", "vendor.example/#v1", 8, "with ? or #", "before it");
    check("free = [\"L1\", \"L2\"]", "free = [\"L1\", \"L1\"]", 15, "`L1` is named twice", "two locks");
    check("[locks]", "[timeouts]\nread_s = 0\n[locks]", 15, "within 0 s", "1 (second) or more");
    check("[locks]", "[timeouts]\nconnect_s = 0\n[locks]", 15, "within 0 s", "1 (second) or more");
    check("https://api", "ftp://api", 8, "no http or https address", "");
    check("https://api", "https://me:pass@api", 7, "holds a user or a password", "environment");
    check(
        "allow_actuation = [\"L1\", \"L2\"]",
        "allow_actuation = [\"L1\"]",
        15,
        "may not be actuated",
        "allow",
    );
    check("lockstep.subject/1", "lockstep.subject/9", 2, "unknown form", "lockstep.subject/1");
    check("confirm = \"none\"", "confirm = \"file\"", 4, "answers_file", "");
    check("LV-07", "seven", 25, "no criterion", "");
}

#[test]
fn credentials_that_are_not_there_are_named_before_anything_is_sent() {
    let dialect = profile::load("reference").unwrap();
    let none = |_: &str| None;
    let told = |result: Result<Subject, SubjectError>| result.unwrap_err().to_string();
    assert_eq!(
        told(parse("acme.toml", GOOD, None, &dialect, &none)),
        "credentials are not given: set VENDOR_CLIENT_ID, VENDOR_CLIENT_SECRET"
    );
    assert_eq!(
        told(bare("http://127.0.0.1:1", &dialect, &none)),
        "credentials are not given: set LOCKSTEP_SECRET_CLIENT_ID, LOCKSTEP_SECRET_CLIENT_SECRET"
    );
}

/// What people see of a refused file.
fn told(text: &str) -> String {
    match read(text) {
        Err(SubjectError::File(errors)) => profile::render(&errors),
        other => panic!("{other:?} for {text}"),
    }
}

#[test]
fn a_credential_written_by_mistake_is_never_shown() {
    let right = "\"VENDOR_CLIENT_SECRET\"";
    let value = "client_secret-6adc77";
    for (from, to) in [
        (right, format!("\"{value}\"")),
        (right, format!("'{value}' # ours")),
        (right, format!("\"\"\"\n{value}\"\"\"")),
        (right, value.to_owned()),
        (right, format!("\"{value}")),
        (right, format!("{{ value = \"{value}\" }}")),
    ] {
        let told = told(&GOOD.replacen(from, &to, 1));
        assert!(!told.contains("6adc77"), "{told}");
        assert!(told.contains("NAME of an environment variable") && told.contains("acme.toml:12"), "{told}");
    }
    let number = told(&GOOD.replacen(right, "60671177", 1));
    assert!(!number.contains("60671177") && number.contains("NAME of an environment variable"), "{number}");
    // Nor where something beside it is what is wrong.
    let beside = GOOD.replacen(right, &format!("\"{value}\""), 1);
    for (from, to) in [("client_id =", "client_ident ="), ("[locks]", "[lock]"), ("[locks]", "[locks")] {
        let told = told(&beside.replacen(from, to, 1));
        assert!(!told.contains("6adc77"), "{told}");
    }
    let password = told(&GOOD.replacen("https://api", "https://me:pass-6adc@api", 1));
    assert!(!password.contains("6adc"), "{password}");
}

#[test]
fn a_variable_in_small_letters_may_be_used_and_is_not_repeated_where_it_is_missing() {
    let dialect = profile::load("reference").unwrap();
    let text = GOOD.replace("VENDOR_CLIENT_SECRET", "hunter2secret");
    let read = |there: bool| {
        let environment =
            move |name: &str| (there || name == "VENDOR_CLIENT_ID").then(|| format!("value of {name}"));
        parse("acme.toml", &text, None, &dialect, &environment)
    };
    assert_eq!(read(true).unwrap().secrets["client_secret"].expose(), "value of hunter2secret");
    assert_eq!(
        read(false).unwrap_err().to_string(),
        "credentials are not given: set the variable that client_secret under [credentials] names"
    );
}

#[test]
fn the_example_of_the_manual_is_read() {
    let manual = include_str!("README.md");
    let example = manual.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    read(example).unwrap();
}

const ANSWERS: &str = r#"
[[answers]]
criterion = "LV-42"
question = "keypad"
answer = "Y"
by = "A. Tester"
when = "2027-01-31"
"#;

#[test]
fn answers_are_yes_or_no_from_somebody_on_a_day() {
    let given = read::answers("answers.toml", ANSWERS).unwrap();
    assert_eq!((given[0].answer, given[0].when), (Answer::Yes, jiff::civil::date(2027, 1, 31)));
    let check = |from: &str, to: &str, line: usize, what: &str| {
        let Err(SubjectError::File(errors)) = read::answers("answers.toml", &ANSWERS.replacen(from, to, 1))
        else {
            panic!("`{to}` was accepted");
        };
        let problem = &errors.problems[0];
        assert!(problem.what.contains(what), "{problem:?}");
        assert_eq!((problem.line, problem.file.as_str()), (line, "answers.toml"), "{problem:?}");
    };
    check("\"Y\"", "\"ja\"", 5, "neither yes nor no");
    check("\"Y\"", "\"yess\"", 5, "neither yes nor no");
    check("\"keypad\"", "\"keybad\"", 4, "nobody is asked");
    check("A. Tester", " ", 6, "who gives it");
    check("LV-42", "42", 3, "no id");
}
