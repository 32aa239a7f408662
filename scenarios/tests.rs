//! The language: what it takes, and how it tells what is wrong.

use std::path::Path;
use std::time::Duration;

use super::*;

const HEAD: &str = "schema = \"lockstep.scenario/1\"\ntitle = \"t\"\n[fleet]\nlocks = 3\ngroups = 1\n";

fn check_wrong(rest: &str, line: usize, column: usize, what: &str) {
    let text = format!("{HEAD}{rest}\n");
    let errors = Scenario::parse("s.toml", &text).expect_err(rest);
    let first = &errors.problems[0];
    assert_eq!((first.line, first.column), (line, column), "{rest}: {}", first.what);
    assert!(first.what.contains(what), "{rest}: {}", first.what);
}

fn check_wrong_event(event: &str, line: usize, column: usize, what: &str) {
    check_wrong(&format!("[[events]]\n{event}"), line, column, what);
}

fn parsed(rest: &str) -> Scenario {
    let text = format!("{HEAD}{rest}");
    Scenario::parse("s.toml", &text).unwrap_or_else(|errors| panic!("{:?}", errors.problems))
}

#[test]
fn events_come_in_order_of_time() {
    let scenario = parsed(
        "[[events]]\nafter = \"2 min\"\nthen = { come_back = { lock = 1 } }\n\
         [[events]]\nafter = \"30 s\"\nthen = { go_offline = { lock = 1 } }\n",
    );
    let spans: Vec<u64> = scenario.events.iter().map(|event| event.after.as_secs()).collect();
    assert_eq!(spans, [30, 120]);
    assert_eq!(scenario.ends.as_secs(), 180);
}

#[test]
fn an_event_can_be_repeated_and_mean_several_locks() {
    let scenario = parsed(
        "[[events]]\nafter = \"1 h\"\nevery = \"1 h\"\nuntil = \"3 h\"\nthen = { drain = { locks = \"1-2\", by = 5 } }\n",
    );
    let spans: Vec<u64> = scenario.events.iter().map(|event| event.after.as_secs() / 3600).collect();
    assert_eq!(spans, [1, 2, 3]);
    assert_eq!(scenario.events[0].then, Happening::Drain { locks: vec![1, 2], by: 5 });
}

#[test]
fn what_is_wrong_is_shown_where_it_stands() {
    let check = check_wrong_event;
    check("after = \"soon\"\nthen = { go_offline = { lock = 1 } }", 7, 9, "span");
    check("after = \"-1 s\"\nthen = { go_offline = { lock = 1 } }", 7, 9, "span of time");
    check("after = \"15:00\"\nthen = { go_offline = { lock = 1 } }", 7, 9, "`at`");
    check(
        "at = \"15:00\"\nafter = \"1 s\"\nthen = { go_offline = { lock = 1 } }",
        9,
        8,
        "either `after` or `at`",
    );
    check("after = \"1 s\"\nthen = { go_offline = { lock = 4 } }", 8, 32, "1 to 3");
    check("after = \"1 s\"\nthen = { go_offline = { locks = \"2-4\" } }", 8, 33, "1 to 3");
    check("after = \"1 s\"\nthen = { go_offline = {} }", 8, 8, "either `lock` or `locks`");
    check("after = \"1 s\"\nthen = { battery = { lock = 1, percent = 101 } }", 8, 42, "0 to 100");
    check("after = \"1 s\"\nthen = { door = { lock = 1, is = \"locked\" } }", 8, 34, "ajar");
    check("after = \"1 s\"\nthen = { go_ofline = { lock = 1 } }", 8, 10, "unknown variant");
    check("after = \"1 s\"\nwhen = 3\nthen = { go_offline = { lock = 1 } }", 8, 1, "unknown field");
    check("after = \"1 s\"\nevery = \"1 s\"\nthen = { mend = {} }", 8, 9, "both `every` and `until`");
    check("after = \"1 s\"\nthen = { bridge_dies = { bridge = 1 } }", 8, 35, "no bridges");
    check("after = \"1 s\"\nthen = { fault = { chance = 2.0, by = \"reset\" } }", 8, 29, "0 to 1");
    check("after = \"1 s\"\nthen = { vendor_clock = { is = \"5 min late\" } }", 8, 32, "slow");
}

#[test]
fn guests_and_expectations_are_read_as_strictly() {
    let guest = |rest: &str| format!("[[guests]]\nname = \"Ada\"\n{rest}");
    check_wrong(&guest("lock = 9\nfrom = \"1 h\"\nuntil = \"2 h\""), 8, 8, "1 to 3");
    check_wrong(&guest("from = \"1 h\"\nuntil = \"2 h\""), 7, 8, "`lock`");
    check_wrong(&guest("lock = 1\nfrom = \"2 h\"\nuntil = \"1 h\""), 10, 9, "after the beginning");
    check_wrong(&guest("lock = 1\nfrom = \"1 h\"\nuntil = \"2 h\"\nevery = \"1 d\""), 11, 9, "`times`");
    let ada = guest("lock = 1\nfrom = \"1 h\"\nuntil = \"2 h\"\n");
    let expect = |that: &str| format!("{ada}[[expect]]\nthat = {that}");
    check_wrong(&expect("{ booked = { guest = \"Adda\" } }"), 12, 29, "did you mean `Ada`");
    check_wrong(&expect("{ told = { notice = \"offline\" } }"), 12, 28, "unknown variant");
    check_wrong(&expect("{ opened = { guest = \"Ada\", times = 1, at_least = 1 } }"), 12, 8, "`times`");
    check_wrong("[inlet]\nwatched = \"1\"", 7, 11, "`watch`");
}

#[test]
fn what_would_fill_the_memory_is_refused_and_not_cut_off() {
    let every = "after = \"1 s\"\nevery = \"1 s\"\nuntil";
    let then = "then = { go_offline = { lock = 1 } }";
    // 100,000 repetitions are taken whole, one more is none of them.
    assert_eq!(parsed(&format!("[[events]]\n{every} = \"100000 s\"\n{then}\n")).events.len(), 100_000);
    check_wrong_event(&format!("{every} = \"100001 s\"\n{then}"), 9, 9, "100000 repetitions at most");
    // Three locks count three times.
    let then = "then = { drain = { locks = \"1-3\", by = 1 } }";
    let one = format!("[[events]]\n{every} = \"90000 s\"\n{then}\n");
    check_wrong(&one.repeat(4), 25, 8, "expected 1000000 events in all");
    let party = "[[guests]]\nname = \"a\"\nlock = 1\nfrom = \"0 s\"\nuntil = \"1 h\"\n";
    check_wrong(
        &format!("{party}count = 100000\nevery = \"1 day\"\ntimes = 100000"),
        7,
        8,
        "1000000 stays of all guests",
    );
}

#[test]
fn an_expectation_that_cannot_fail_or_cannot_hold_is_refused() {
    let ada = "[[guests]]\nname = \"Ada\"\nlock = 1\nfrom = \"1 h\"\nuntil = \"2 h\"\ntypes = [\"90 min\"]\n";
    let expect = |that: &str| format!("{ada}[[expect]]\nthat = {that}");
    for (that, what) in [
        ("{ opened = { guest = \"Ada\", at_least = 0 } }", "it always holds"),
        ("{ accesses = { at_least = 0 } }", "it always holds"),
        ("{ opened = { guest = \"Ada\", at = \"91 min\" } }", "stands at a door"),
        ("{ stayed_shut = { guest = \"Ada\", at = \"80 min\", times = 0 } }", "stands at a door"),
        ("{ told = { notice = \"battery_low\", times = 0 } }", "`watch`"),
        ("{ heard = { times = 0 } }", "`listens = true`"),
        ("{ booked = { guest = \"Ada\", not_before = \"2 h\", within = \"1 h\" } }", "nothing is later"),
        ("{ told = { notice = \"no_pin\", not_before = \"2 h\", by = \"1 h\" } }", "nothing is later"),
    ] {
        check_wrong(&expect(that), 13, 8, what);
    }
    check_wrong("[[expect]]\nthat = { accesses = { times = 0 } }", 7, 8, "nobody is booked");
    // Narrow, and still able to go either way.
    parsed(&expect("{ calls = { at_least = 0, at_most = 9 } }"));
    parsed(&expect("{ told = { notice = \"no_pin\", times = 0 } }"));
    parsed(&format!(
        "[inlet]\nwatch = \"1 h\"\n{}",
        expect("{ told = { notice = \"battery_low\", times = 0 } }")
    ));
}

/// What rests on guests who are written wrongly is not told as a second mistake.
#[test]
fn one_mistake_of_guests_is_told_once() {
    let ada = "[[guests]]\nname = \"Ada\"\nlock = 1\nfrom = \"1 h\"\nuntil = \"2 h\"\ntypes = [\"90 min\"]\n";
    let expect = "[[expect]]\nthat = { opened = { guest = \"Ada\" } }\n[[expect]]\nthat = { accesses = { times = 1 } }\n";
    let many = format!("{HEAD}{ada}every = \"1 day\"\ntimes = 100000000\n{expect}");
    let none = format!("{HEAD}{ada}{expect}").replace("locks = 3", "locks = 0");
    for text in [many, none] {
        let errors = Scenario::parse("s.toml", &text).expect_err("a mistake");
        let told: Vec<&str> = errors.problems.iter().map(|problem| problem.what.as_str()).collect();
        assert!(!told.is_empty() && !told.iter().any(|what| what.contains("nobody")), "{told:?}");
    }
}

#[test]
fn a_mistyped_name_is_answered_with_the_nearest() {
    let text = format!("{HEAD}[[events]]\nafter = \"1 s\"\nthen = {{ go_ofline = {{ lock = 1 }} }}\n");
    let errors = Scenario::parse("s.toml", &text).expect_err("a mistake");
    assert_eq!(errors.problems[0].help.as_deref(), Some("did you mean `go_offline`?"));
    for (that, near) in [
        ("{ oppened = { guest = \"Ada\" } }", "did you mean `opened`?"),
        ("{ told = { notice = \"no_pn\" } }", "did you mean `no_pin`?"),
        ("{ opened = { gest = \"Ada\" } }", "did you mean `guest`?"),
    ] {
        let errors =
            Scenario::parse("s.toml", &format!("{HEAD}[[expect]]\nthat = {that}\n")).expect_err(that);
        assert_eq!(errors.problems[0].help.as_deref(), Some(near), "{that}");
    }
}

#[test]
fn a_party_stays_lock_after_lock_and_week_after_week() {
    let scenario = parsed(
        "[[guests]]\nname = \"Ada\"\nlocks = \"2-3\"\nbooked = \"10 min\"\nstagger = \"1 min\"\n\
         from = \"2 h\"\nuntil = \"4 h\"\ntypes = [\"3 h\"]\nevery = \"7 d\"\ntimes = 2\n",
    );
    let told: Vec<(&str, u32, u64)> = scenario
        .guests
        .iter()
        .map(|guest| (guest.name.as_str(), guest.door, guest.booked.as_secs() / 60))
        .collect();
    let week = 7 * 24 * 60;
    assert_eq!(told, [("Ada 1", 2, 10), ("Ada 2", 3, 11), ("Ada 3", 2, week + 10), ("Ada 4", 3, week + 11)]);
    assert_eq!(scenario.guests[3].types, [Duration::from_secs(7 * 24 * 3600 + 3 * 3600)]);
}

#[test]
fn every_file_of_this_room_is_embedded_valid_and_tells_its_story() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("the room")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    let mut embedded: Vec<String> = Scenario::embedded_names().map(str::to_owned).collect();
    files.sort();
    embedded.sort();
    assert_eq!(files, embedded);
    for name in &embedded {
        let scenario = Scenario::embedded(name).expect("it is embedded");
        let scenario = scenario.unwrap_or_else(|errors| panic!("{errors}: {:?}", errors.problems));
        assert_eq!(scenario.name, *name);
        assert!(!scenario.title.is_empty() && !scenario.story.is_empty(), "{name} tells no story");
        assert!(scenario.good.starts_with("A good integration "), "{name}: {}", scenario.good);
        assert!(!scenario.expect.is_empty(), "{name} expects nothing");
    }
}

#[test]
fn the_schema_takes_every_scenario_and_refuses_a_mistake() {
    let schema = jsonschema::validator_for(&json_schema()).expect("a valid schema");
    for name in Scenario::embedded_names() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(format!("{name}.toml"));
        let text = std::fs::read_to_string(file).expect("a readable file");
        let value: serde_json::Value = toml::from_str(&text).expect("valid TOML");
        let problems: Vec<String> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
        assert_eq!(problems, Vec::<String>::new(), "{name}");
    }
    let value: serde_json::Value = toml::from_str(&format!("{HEAD}[inlet]\nwach = \"1 h\"")).expect("TOML");
    assert!(!schema.is_valid(&value));
}
