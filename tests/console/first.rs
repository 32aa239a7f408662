//! What is seen first, on a narrow page, and before anything is known.

use axum::http::Method;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, Locator};
use lockstep::simulator::Fleet;
use serde_json::{Value, json};
use url::{ParseError, Url};

use super::page::{ENTER, Page};

/// A script that runs in every page before those of its own.
#[derive(Debug)]
struct Ahead(&'static str);

impl WebDriverCompatibleCommand for Ahead {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let parameters = json!({ "source": self.0 });
        let body = json!({ "cmd": "Page.addScriptToEvaluateOnNewDocument", "params": parameters });
        (Method::POST, Some(body.to_string()))
    }
}

async fn ahead(client: &Client, script: &'static str) {
    client.issue_cmd(Ahead(script)).await.unwrap();
}

/// Takes note of how many locks are shown whenever the page says that it is live.
const NOTES: &str = "window.notes = [];
    new MutationObserver(() => {
        const link = document.querySelector('#link'), app = document.querySelector('#app');
        if (!link || !app) return;
        const shown = document.querySelectorAll('#rows tr').length, visible = !app.hidden;
        if (link.dataset.state === 'live' || visible && !window.notes.length)
            window.notes.push([link.dataset.state, visible, shown]);
    }).observe(document, { subtree: true, childList: true, attributes: true });";

#[tokio::test]
async fn nothing_is_called_live_before_its_locks_are_shown() {
    let page = Page::open(Fleet::sized(3, 1), &["reference", "seam"], true).await;
    ahead(&page.client, NOTES).await;
    page.client.goto(&page.simulation.console_url()).await.unwrap();
    page.until("document.querySelector('#link').dataset.state === 'live'").await;
    // Another world begins anew.
    page.choose("#world", "seam").await;
    page.until("document.querySelector('#vendor').textContent.includes('seam') && document.querySelector('#link').dataset.state === 'live'").await;
    let notes: Vec<(String, bool, u64)> =
        serde_json::from_value(page.ask("return window.notes").await).unwrap();
    assert!(!notes.is_empty());
    for (state, visible, locks) in &notes {
        assert!(*visible && *locks == 3, "{state} with {locks} locks shown: {notes:?}");
    }
    page.close().await;
}

#[tokio::test]
async fn on_a_phone_every_part_is_one_press_away() {
    let page = Page::open(Fleet::sized(60, 2), &["reference"], true).await;
    let fault = json!({ "effect": { "kind": "status", "status": 503 } }).to_string();
    page.client.set_window_size(390, 844).await.unwrap();
    let (status, told) = page.call(Method::POST, "/worlds/reference/faults", &fault).await;
    assert_eq!(status, 201, "{told}");
    page.until("document.querySelector('#jump-faults').textContent === '1'").await;
    let seen = async |css: &str| -> Value {
        page.ask(&format!(
            "const box = document.querySelector({}).getBoundingClientRect();
             return box.top >= 0 && box.bottom <= window.innerHeight && box.height > 0",
            json!(css)
        ))
        .await
    };
    assert_eq!(seen("#faults-title").await, json!(false), "the way to the faults is needed on a phone");
    for part in ["faults", "journal", "fleet"] {
        let link = format!("#jump a[href='#{part}-title']");
        page.ask("window.scrollTo(0, 0)").await;
        assert_eq!(seen(&link).await, json!(true), "{part}");
        page.click(&link).await;
        page.until(&format!("document.activeElement.id === '{part}-title'")).await;
        assert_eq!(seen(&format!("#{part}-title")).await, json!(true), "{part} is not shown");
    }
    // Where the parts stand side by side nobody needs it.
    page.client.set_window_size(1400, 900).await.unwrap();
    let wide = page.client.find(Locator::Css("#jump")).await.unwrap();
    assert!(!wide.is_displayed().await.unwrap());
    page.close().await;
}

#[tokio::test]
async fn a_scenario_for_a_larger_fleet_is_not_offered_here() {
    let page = Page::open(Fleet::sized(20, 2), &["reference"], true).await;
    page.until("document.querySelectorAll('#scenario option').length > 1").await;
    page.choose("#scenario", "five-hundred-arrive-at-three").await;
    page.until("document.querySelector('#play-here').getAttribute('aria-disabled') === 'true'").await;
    page.until("document.querySelector('#scenario-title').textContent.includes('this world has 20 locks')")
        .await;
    page.press_at("#play-here", ENTER).await;
    page.until("document.querySelector('#play-answer').textContent.includes('Not here: the scenario needs')")
        .await;
    assert_eq!(page.ask("return document.querySelectorAll('#playing li').length").await, json!(0));
    page.choose("#scenario", "lock-goes-offline").await;
    page.until("document.querySelector('#play-here').getAttribute('aria-disabled') === 'false'").await;
    page.press_at("#play-here", ENTER).await;
    page.until("document.querySelectorAll('#playing li').length === 1").await;
    page.close().await;
}
