//! The console without scripts: what is the case now, as plain HTML.

use std::sync::Arc;

use maud::{Markup, html};

use super::view::{Look, Row, View, look};
use crate::simulator::control_api::Governed;
use crate::simulator::control_api::clock::ClockBody;
use crate::simulator::server::Sandbox;

/// What is shown.
#[derive(Debug)]
pub struct Shown {
    /// The world, or the first one.
    pub world: Option<String>,
    /// The page of its locks, from 1.
    pub page: u32,
}

/// The snapshot of one world, with links to the others.
pub fn snapshot(governed: &Governed, shown: &Shown) -> Markup {
    let worlds = governed.host.worlds();
    let named = |sandbox: &&Arc<Sandbox>| Some(&sandbox.options().name) == shown.world.as_ref();
    let chosen = worlds.iter().find(named).or(worlds.first());
    html! {
        p { strong { "This console needs JavaScript." } " What follows is a snapshot; load the page again for a fresh one." }
        @if worlds.len() > 1 {
            nav aria-label="Worlds" { ul {
                @for sandbox in &worlds { li { a href={ "/_lockstep/console?world=" (sandbox.options().name) } { (sandbox.options().name) } } }
            } }
        }
        @match chosen {
            Some(sandbox) => (world(sandbox, shown.page)),
            None => p { "There is no world." },
        }
    }
}

fn world(sandbox: &Sandbox, page: u32) -> Markup {
    let view = look(sandbox, &Look { page, ..Look::default() }, None);
    let clock = ClockBody::of(sandbox);
    let name = &sandbox.options().name;
    html! {
        h2 { (name) }
        p { "It is " time datetime=(clock.now) { (to_the_second(&clock.now)) } " there. "
            @if clock.factor > 0.0 { "Time passes " (clock.factor) " times as fast as here." } @else { "Time stands." } }
        (fleet(name, &view))
        h3 { "Faults" }
        @if view.faults.is_empty() { p { "None." } }
        ul { @for fault in &view.faults { li { (fault.told()) } } }
        h3 { "Latest exchanges" }
        ol { @for entry in view.exchanges.iter().flat_map(|exchanges| exchanges.latest(20)) { li { (entry.told()) } } }
    }
}

/// An instant as the page shows it with scripts.
fn to_the_second(instant: &str) -> String {
    let shown: String = instant.chars().take("2026-11-22T06:21:15".len()).collect();
    format!("{} UTC", shown.replacen('T', " ", 1))
}

fn fleet(name: &str, view: &View) -> Markup {
    let fleet = &view.fleet;
    let census = fleet.census;
    let link = |page: u32| format!("/_lockstep/console?world={name}&page={page}");
    html! {
        p { (census.locks) " locks; " (census.unreachable) " unreachable, " (census.low_battery) " with a low battery, "
            (census.door_not_closed) " with a door that is not closed, " (census.unlocked) " unlocked." }
        table {
            caption { "Locks, page " (fleet.page) " of " (fleet.pages) }
            thead { tr { @for head in ["Lock", "Group", "Reachable", "Battery", "Door", "Bolt", "PINs", "Phones"] { th scope="col" { (head) } } } }
            tbody { @for row in &fleet.rows { (lock(row)) } }
        }
        p {
            @if fleet.page > 1 { a href=(link(fleet.page - 1)) { "Previous page" } " " }
            @if fleet.page < fleet.pages { a href=(link(fleet.page + 1)) { "Next page" } }
        }
    }
}

fn lock(row: &Row) -> Markup {
    let lock = &row.lock;
    html! {
        tr {
            th scope="row" { (lock.name) " (" (lock.id) ")" }
            td { (row.group) }
            td { (if lock.reachable { "yes" } else { "no" }) }
            td { (lock.battery) " %" (if row.low { ", low" } else { "" }) }
            td { (lock.door.told()) }
            td { (lock.bolt.told()) }
            td { (lock.pins) }
            td { (lock.mobiles) }
        }
    }
}
