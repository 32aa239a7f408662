//! The console in a real browser: it is live, everything in it can be done with
//! the keys alone and has a name that can be read out, and it asks nobody else
//! for anything.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper that cannot go on fails its test"
)]

mod browser;
mod console;

use std::collections::BTreeMap;
use std::time::Duration;

use console::{ACTABLE, ENTER, ESCAPE, Page, SPACE, TAB, make_pin};
use fantoccini::Locator;
use lockstep::simulator::Fleet;
use lockstep::vendors::vocabulary::Word;
use serde_json::json;

#[tokio::test]
async fn what_changes_is_shown_at_once_and_the_focus_stays_where_it_is() {
    let page = Page::open(Fleet::sized(120, 4), &["reference", "seam"], true).await;
    page.until("document.querySelector('#link').dataset.state === 'live'").await;
    let lock = page.control().locks()[1].id.to_string();
    let row = format!("#rows tr[data-lock='{lock}']");
    // By the control interface, while the focus is in the very row that changes.
    page.tab_to(&format!("{row} td:nth-of-type(2) button")).await;
    page.control().set_reachable(&page.control().locks()[1].id, false);
    page.until(&format!("document.querySelector(\"{row}\").textContent.includes('Offline')")).await;
    page.until("document.querySelector('#happened').textContent.includes('cannot be reached')").await;
    let kept = page.ask(&format!("return document.activeElement.closest(\"{row}\") !== null")).await;
    assert_eq!(kept, json!(true), "the focus is lost");
    // By a call of the vendor; the journal keeps what is secret to itself.
    make_pin(&page, "482137").await;
    page.until("document.querySelector('#journal').textContent.includes('set_pin')").await;
    page.until("document.querySelector('#rows tr').textContent.includes('1 PIN')").await;
    page.ask("document.querySelectorAll('#journal details').forEach((entry) => { entry.open = true; })")
        .await;
    page.until("document.querySelector('#journal').textContent.includes('‹pin›')").await;
    let text = page.ask("return document.body.textContent").await;
    assert!(!text.as_str().unwrap().contains("482137"), "a PIN is shown that nobody asked for");
    for (_, secret) in page.control().secrets() {
        assert!(!text.as_str().unwrap().contains(secret.expose()), "a secret is shown");
    }
    // A row that leaves the list takes the focus to the list's heading.
    page.client.find(Locator::Css("[data-only='unreachable']")).await.unwrap().click().await.unwrap();
    page.until("document.querySelectorAll('#rows tr').length === 1").await;
    page.press_at(&format!("{row} td:nth-of-type(2) button"), ENTER).await;
    page.until("document.activeElement.id === 'fleet-title'").await;
    // Another world is another fleet, another clock, another journal.
    page.choose("#world", "seam").await;
    page.until("document.querySelector('#vendor').textContent.includes('seam') && document.querySelectorAll('#rows tr').length === 50 && !document.querySelector('#journal').children.length").await;
    page.close().await;
}

#[tokio::test]
async fn everything_can_be_done_with_the_keys_alone() {
    let page = Page::open(Fleet::sized(20, 4), &["reference"], true).await;
    let control = page.control();
    make_pin(&page, "482137").await;
    page.until("document.querySelector('#rows tr').textContent.includes('1 PIN')").await;
    let cell = |number: u32| format!("#rows tr:first-child td:nth-of-type({number}) button");

    page.press_at(&cell(2), ENTER).await;
    page.until_said("Door 1 is cut off").await;
    page.press_at(&cell(3), SPACE).await;
    page.until_said("has 4 % left").await;
    page.press_at(&cell(4), ENTER).await;
    page.until_said("stands open").await;
    let lock = &control.locks()[0];
    assert_eq!((lock.reachable, lock.battery, lock.door), (false, 4, Word::Open));

    // One lock: keys that are wrong, a guest's own, a phone; then away with Escape.
    let name = "#rows tr:first-child th button";
    page.press_at(name, ENTER).await;
    page.until(
        "document.querySelector('#lock').open && document.querySelectorAll('#credentials li').length === 1",
    )
    .await;
    page.tab_to("#keys").await;
    page.write("1111#").await;
    page.press(ENTER).await;
    page.until("document.querySelector('#lock-answer').textContent.includes('stays shut')").await;
    page.press_at("#credentials button", ENTER).await;
    page.until("document.querySelector('#lock-answer').textContent.includes('It opens')").await;
    page.press_at("#reveal", SPACE).await;
    page.until("document.querySelector('#credentials').textContent.includes('482137#')").await;
    page.tab_to("#credential").await;
    page.write("77").await;
    page.press(ENTER).await;
    page.until("document.querySelector('#lock-answer').textContent.includes('credential is unknown')").await;
    page.press(ESCAPE).await;
    page.until("!document.querySelector('#lock').open").await;
    let back = page.ask(&format!("return document.activeElement.matches('{name}')")).await;
    assert_eq!(back, json!(true), "the focus does not come back from the dialog");

    // Time.
    let before = control.clock().now();
    page.press_at("[data-step='3600']", ENTER).await;
    page.until_said("It is ").await;
    assert_eq!(control.clock().now().since(before), Duration::from_secs(3600));
    page.press_at("#run", SPACE).await;
    page.until_said("Time passes").await;
    assert_eq!(control.clock().factor(), Some(60.0));
    page.until("document.querySelector('#run').textContent === 'Stop'").await;
    page.press_at("#run", SPACE).await;
    page.until_said("Time stands").await;
    assert_eq!(control.clock().factor(), None);

    // Faults.
    page.press_at("#add-fault", ENTER).await;
    page.until("document.querySelector('#fault').open").await;
    page.tab_to("#fault button.main").await;
    page.press(ENTER).await;
    page.until("document.querySelectorAll('#faults li').length === 1").await;
    assert_eq!(control.faults().len(), 1);
    page.press_at("#faults li button", ENTER).await;
    page.until_said("taken away").await;
    assert!(control.faults().is_empty());

    // Scenarios, and the way to what is next.
    page.ask("document.querySelector('#scenario').value = 'lock-goes-offline'").await;
    page.press_at("#play button", ENTER).await;
    page.until("document.querySelectorAll('#playing li').length === 1").await;
    page.until("document.querySelector('#next').getAttribute('aria-disabled') === 'false'").await;

    // Finding one among many.
    page.tab_to("#text").await;
    page.write("door 7").await;
    page.until("document.querySelectorAll('#rows tr').length === 1").await;
    page.close().await;
}

#[tokio::test]
async fn everything_is_reached_by_tab_and_has_a_name_and_a_role() {
    let page = Page::open(Fleet::sized(3, 2), &["reference", "seam"], true).await;
    make_pin(&page, "482137").await;
    page.until("document.querySelector('#rows tr').textContent.includes('1 PIN')").await;
    page.until("document.querySelectorAll('#scenario option').length > 1").await;
    // With the fields for a scenario of one's own.
    page.choose("#scenario", "").await;
    let actable = page.actable().await;
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    for element in &actable {
        let (label, role) = (page.label(element).await, page.role(element).await);
        let known = [
            "button",
            "link",
            "combobox",
            "searchbox",
            "spinbutton",
            "textbox",
            "DisclosureTriangle",
            "group",
        ];
        assert!(known.contains(&role.as_str()), "{label}: {role}");
        assert!(!label.trim().is_empty(), "a {role} has no name: {}", element.html(false).await.unwrap());
        if role == "button" {
            *named.entry(label).or_default() += 1;
        }
    }
    let twice: Vec<_> = named.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "buttons of one name do different things: {twice:?}");

    // Tab leads to each of them; a scrolled list is a stop of the browser's own.
    page.ask("document.activeElement.blur(); window.reached = new Set();").await;
    for _ in 0..actable.len() + 10 {
        page.press(TAB).await;
        page.ask("window.reached.add(document.activeElement);").await;
    }
    let missed = format!(
        "return [...document.querySelectorAll({})]
            .filter((one) => one.checkVisibility() && !window.reached.has(one)).map((one) => one.outerHTML)",
        json!(ACTABLE)
    );
    assert_eq!(page.ask(&missed).await, json!([]), "Tab does not lead to everything");

    // On a phone the table is still a table, and nothing sticks out.
    page.client.set_window_size(390, 844).await.unwrap();
    for (css, role) in
        [("table", "table"), ("#rows tr", "row"), ("#rows th", "rowheader"), ("#rows td", "cell")]
    {
        let element = page.client.find(Locator::Css(css)).await.unwrap();
        assert_eq!(page.role(&element).await, role, "{css}");
    }
    assert_eq!(
        page.ask("return document.documentElement.scrollWidth <= window.innerWidth").await,
        json!(true)
    );
    let news = page.client.find(Locator::Css("#news")).await.unwrap();
    assert_eq!(news.attr("aria-live").await.unwrap().as_deref(), Some("polite"));
    page.close().await;
}

#[tokio::test]
async fn without_scripts_a_plain_snapshot_is_shown() {
    let page = Page::open(Fleet::fixture(), &["reference", "seam"], false).await;
    let text = page.client.find(Locator::Css("body")).await.unwrap().text().await.unwrap();
    assert!(text.contains("This console needs JavaScript") && text.contains("Door 50"), "{text}");
    assert!(!text.contains("Run"), "controls are shown that do nothing: {text}");
    page.client.find(Locator::LinkText("seam")).await.unwrap().click().await.unwrap();
    page.client.find(Locator::LinkText("Next page")).await.unwrap().click().await.unwrap();
    let text = page.client.find(Locator::Css("body")).await.unwrap().text().await.unwrap();
    assert!(text.contains("seam") && text.contains("Door 51"), "{text}");
    page.close().await;
}
