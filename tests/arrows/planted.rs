//! The law proves itself: each planted breach is found, each look-alike is not.

use crate::law;

fn check(file: &str, text: &str, expected: &str) {
    let found = law::violations(file, text);
    let told: Vec<&str> = found.iter().map(|violation| violation.why).collect();
    if expected.is_empty() {
        assert!(told.is_empty(), "{file}: {text}: {told:?}");
    } else {
        assert!(told.iter().any(|why| why.contains(expected)), "{file}: {text}: {told:?}");
    }
}

const ROOM: &str = "may not know that one";

#[test]
fn a_plain_use_is_seen() {
    check("vendors/wire.rs", "use crate::simulator::Control;", ROOM);
    check("simulator/mod.rs", "use crate::harness::integration::Integration;", ROOM);
    check("harness/integration/mod.rs", "use crate::simulator::Simulator;", ROOM);
    check("harness/runner/mod.rs", "use crate::features::suite;", ROOM);
    check("harness/mod.rs", "pub use crate::reports::write;", ROOM);
    check("scenarios/mod.rs", "use crate::simulator::Control;", ROOM);
    check("reports/mod.rs", "use crate::simulator::Control;", ROOM);
}

#[test]
fn a_path_in_the_code_is_seen() {
    check("vendors/wire.rs", "fn f() { let c = crate::simulator::Control::new(); }", ROOM);
    check("vendors/wire.rs", "fn f(c: &crate::simulator::Control) {}", ROOM);
    check("vendors/wire.rs", "macro_rules! m { () => { $crate::simulator::g() } }", ROOM);
    check("vendors/wire.rs", "impl From<crate::harness::trial::Stop> for X {}", ROOM);
}

#[test]
fn a_path_within_a_group_is_seen() {
    check("vendors/wire.rs", "use crate::{vendors::wire, simulator::{self, Control}};", ROOM);
    check("vendors/wire.rs", "use crate::{\n  vendors::{a, b::{c, d}},\n  harness::{trial},\n};", ROOM);
    check("vendors/wire.rs", "use {crate::simulator::Control, std::fmt};", ROOM);
}

#[test]
fn a_climb_by_super_is_seen() {
    check("simulator/mod.rs", "use super::harness::trial::Trial;", ROOM);
    check("simulator/world/mod.rs", "use super::super::harness::trial::Trial;", ROOM);
    check("simulator/world/lock.rs", "fn f() { super::super::super::harness::g() }", ROOM);
    check("simulator/mod.rs", "mod tests { use super::super::harness::trial::Trial; }", ROOM);
    check("simulator/mod.rs", "use self::super::harness::trial::Trial;", ROOM);
    check("simulator/mod.rs", "mod tests { use super::harness::Own; }", "");
    check("simulator/world/mod.rs", "use super::{super::harness::trial::Trial};", ROOM);
}

#[test]
fn a_climb_after_a_module_was_closed_is_seen() {
    check("simulator/mod.rs", "mod a { fn f() { if x {} } } use super::harness::trial::Trial;", ROOM);
}

#[test]
fn the_whole_crate_is_not_to_be_had() {
    let whole = "whole crate";
    check("vendors/wire.rs", "use crate as root; fn f() { root::simulator::g() }", whole);
    check("vendors/mod.rs", "use super::*;", whole);
    check("vendors/wire.rs", "use crate::*;", whole);
    check("vendors/wire.rs", "use crate::{self as root};", whole);
    check("vendors/wire.rs", "extern crate self as lockstep;", "another name");
    check("vendors/wire.rs", "use lockstep::simulator::Control;", "outer name");
    check("vendors/wire.rs", "#[path = \"../simulator/control.rs\"] mod control;", "elsewhere");
    check("vendors/wire.rs", "include!(\"../simulator/control.rs\");", "elsewhere");
}

#[test]
fn the_simulator_is_known_by_its_doors_only() {
    let doors = "public start and control interface";
    check("harness/bench/mod.rs", "use crate::simulator::world::Lock;", doors);
    check("features/mod.rs", "use crate::simulator::world::{Lock, Door};", doors);
    check("harness/bench/mod.rs", "use crate::simulator::{Control, Simulator};", "");
    check("harness/bench/mod.rs", "let f = crate::simulator::Fleet::fixture();", "");
    check("harness/bench/mod.rs", "pub use crate::simulator::Control;", "lend");
    check("harness/bench/mod.rs", "pub(crate) use crate::simulator::Control;", "lend");
}

#[test]
fn the_integration_knows_no_one_who_knows_the_simulator() {
    let lent = "integration may not know those";
    check("harness/integration/plan.rs", "use crate::harness::bench::Bench;", lent);
    check("harness/integration/mod.rs", "use super::runner::Suite;", lent);
    check("harness/integration/mod.rs", "use crate::harness; fn f() { harness::bench::g() }", lent);
    check("harness/integration/mod.rs", "use super::super::harness as h;", lent);
    check("harness/integration/mod.rs", "use crate::harness::evidence::Recorder;", "");
}

#[test]
fn reports_know_the_result_model_only() {
    check("reports/html/mod.rs", "use crate::harness::runner::Suite;", "result model");
    check("reports/html/mod.rs", "use crate::harness::result::Report;", "");
}

#[test]
fn cucumber_stays_where_it_is() {
    let only = "only the runner";
    check("harness/bench/mod.rs", "use cucumber::World;", only);
    check("harness/trial.rs", "fn f(x: impl cucumber::World) {}", only);
    check("features/lock_vendor/mod.rs", "use cucumber::World;", "");
    check("harness/runner/mod.rs", "use cucumber::World;", "");
}

#[test]
fn comments_and_literals_are_no_paths() {
    check("vendors/wire.rs", "// use crate::simulator::Control;", "");
    check("vendors/wire.rs", "/// See [`crate::simulator::Control`].\nfn f() {}", "");
    check("vendors/wire.rs", "/* a /* nested */ use crate::simulator::Control; */", "");
    check("vendors/wire.rs", "const A: &str = \"crate::simulator::Control\";", "");
    check("vendors/wire.rs", "const A: &str = \"a \\\" crate::simulator::Control\";", "");
    check("vendors/wire.rs", "const A: &str = r##\"x\"# crate::simulator::C\"##;", "");
    check("vendors/wire.rs", "const A: &[u8] = b\"crate::simulator::Control\";", "");
}

#[test]
fn what_follows_a_literal_is_still_read() {
    check("vendors/wire.rs", "const Q: char = '\"'; use crate::simulator::Control;", ROOM);
    check("vendors/wire.rs", "const Q: char = '\\''; use crate::simulator::Control;", ROOM);
    check("vendors/wire.rs", "fn f<'a>(x: &'a str) {} use crate::simulator::Control;", ROOM);
    check("vendors/wire.rs", "const A: &str = r\"\\\"; use crate::simulator::Control;", ROOM);
    check("vendors/wire.rs", "/* a */ use crate::simulator::Control;", ROOM);
    check("vendors/wire.rs", "const Q: u8 = b'\"'; use crate::simulator::Control;", ROOM);
}

#[test]
fn rooms_may_know_whom_they_may() {
    check("simulator/mod.rs", "use crate::vendors::dialect::Dialect;", "");
    check("features/mod.rs", "use crate::harness::trial::{Step, Trial};", "");
    check("main.rs", "use lockstep::{features, harness, reports};", "");
    check("lib.rs", "pub mod vendors;", "");
}
