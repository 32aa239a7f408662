//! How vendors call what answers carry. A member counts only where the profile
//! does not show it and its whole name is one of these, without case and
//! punctuation: a hint for people, which decides no required criterion.

use std::collections::BTreeSet;

use serde_json::Value;

use super::seen::{Seen, ids};
use crate::vendors::dialect::Operation;

pub(super) const REACHABLE: &[&str] =
    &["online", "isonline", "reachable", "isreachable", "connected", "isconnected"];
pub(super) const BATTERY: &[&str] = &[
    "battery",
    "batterylevel",
    "batterypercent",
    "batterypercentage",
    "batterystate",
    "batterystatus",
    "batterycritical",
    "batterycharge",
    "batterylow",
    "lowbattery",
    "electricquantity",
];
pub(super) const DOOR: &[&str] =
    &["door", "doorstate", "doorstatus", "dooropen", "doorsensor", "doorsensorstate"];
pub(super) const BOLT: &[&str] = &["bolt", "boltstate", "lockstate", "lockstatus", "locked", "islocked"];
pub(super) const LAST_SEEN: &[&str] =
    &["lastseen", "lastseenat", "lastonline", "lastcontact", "lastactive", "lastactivity", "lastheartbeat"];
pub(super) const GROUP: &[&str] =
    &["group", "groupid", "groupids", "groups", "area", "areaid", "siteid", "spaceid"];
pub(super) const LOCATION: &[&str] = &["location", "address", "position", "building", "floor", "room"];
pub(super) const PAGES: &[&str] = &[
    "nextpage",
    "nextpagetoken",
    "nextpagecursor",
    "nextcursor",
    "cursor",
    "hasmore",
    "hasnextpage",
    "totalpages",
    "pagecount",
];
pub(super) const REFRESH: &[&str] = &["refreshtoken"];

/// The member of a documented success that bears one of the names and stands in
/// no example of the profile, with the exchanges that show it.
pub(super) fn undeclared(
    operation: &Operation,
    seen: &Seen<'_>,
    called: &[&str],
) -> Option<(String, Vec<String>)> {
    let example = operation.answer_example();
    let shown = members(&String::from_utf8_lossy(&example.body));
    let mut found: Option<(String, Vec<&crate::harness::result::Exchange>)> = None;
    for (exchange, body) in seen.bodies(operation.name()) {
        let extra = members(body)
            .into_iter()
            .find(|name| !shown.contains(name) && called.contains(&plain(name).as_str()));
        if let Some(name) = extra {
            found.get_or_insert_with(|| (name, Vec::new())).1.push(exchange);
        }
    }
    found.map(|(name, exchanges)| (name, ids(exchanges)))
}

/// The names of every member in a JSON text, at any depth.
fn members(body: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if let Ok(value) = serde_json::from_str(body) {
        collect(&value, &mut names);
    }
    names
}

fn collect(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                // What is null is said not to be there.
                if !value.is_null() {
                    names.insert(name.clone());
                }
                collect(value, names);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
        _ => {}
    }
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
