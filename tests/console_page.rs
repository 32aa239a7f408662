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

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::Method;
use browser::{Driver, log, requests};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, Locator};
use lockstep::harness::integration::install_tls;
use lockstep::simulator::{Control, Fleet, Pace, Simulation, SimulationOptions};
use lockstep::vendors::profile;
use lockstep::vendors::vocabulary::Word;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::{ParseError, Url};

const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';
const ESCAPE: char = '\u{e00c}';
const SPACE: char = ' ';

/// Everything that a person can act on.
const ACTABLE: &str = "a[href], button, input, select, summary, [tabindex='0']";

/// What the accessibility tree calls an element, or what it takes it for.
#[derive(Debug)]
struct Computed(&'static str, String);

impl WebDriverCompatibleCommand for Computed {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/element/{}/{}", session.unwrap_or_default(), self.1, self.0))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::GET, None)
    }
}

/// A simulation with its console open in a browser.
struct Page {
    simulation: Simulation,
    client: Client,
    // Dropped after the browser.
    _driver: Driver,
    _profile: TempDir,
}

impl Page {
    async fn open(fleet: Fleet, profiles: &[&str], scripts: bool) -> Self {
        install_tls();
        let dialects =
            profiles.iter().map(|name| profile::load(name).expect("an embedded profile")).collect();
        let simulation = Simulation::start(SimulationOptions {
            dialects,
            seed: 3,
            pace: Pace::Manual,
            fleet,
            listen: ([127, 0, 0, 1], 0).into(),
            remote_control: false,
        });
        let simulation = simulation.await.expect("a free port");
        let (driver, profile) = (Driver::start(), tempfile::tempdir().unwrap());
        let client = driver.open(scripts, profile.path()).await;
        client.goto(&simulation.console_url()).await.unwrap();
        let page = Self { simulation, client, _driver: driver, _profile: profile };
        if scripts {
            page.until("document.querySelectorAll('#rows tr').length > 0").await;
        }
        page
    }

    fn control(&self) -> Control {
        self.simulation.control("reference").unwrap()
    }

    /// Waits until something is the case in the page; the page itself tells
    /// when it changes. The browser's own limit ends a wait in vain.
    async fn until(&self, holds: &str) {
        let script = format!(
            "const done = arguments[0]; const holds = () => {{ try {{ return {holds}; }} catch {{ return false; }} }};
             if (holds()) return done(true);
             const watch = new MutationObserver(() => {{ if (holds()) {{ watch.disconnect(); done(true); }} }});
             watch.observe(document, {{ subtree: true, childList: true, attributes: true, characterData: true }});"
        );
        let waited = self.client.execute_async(&script, Vec::new()).await;
        assert!(waited.is_ok(), "not so in time: {holds}; {waited:?}");
    }

    /// Waits until the page says something of that kind.
    async fn until_said(&self, part: &str) {
        self.until(&format!("document.querySelector('#news').textContent.includes({})", json!(part))).await;
    }

    async fn ask(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    async fn press(&self, key: char) {
        let keys = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key });
        self.client.perform_actions(keys).await.unwrap();
    }

    async fn write(&self, text: &str) {
        for key in text.chars() {
            self.press(key).await;
        }
    }

    /// Goes on with Tab until the focus is on what is sought.
    async fn tab_to(&self, css: &str) {
        let there = format!("return document.activeElement.matches({})", json!(css));
        for _ in 0..250 {
            if self.ask(&there).await == json!(true) {
                return;
            }
            self.press(TAB).await;
        }
        panic!("Tab does not lead to {css}");
    }

    async fn press_at(&self, css: &str, key: char) {
        self.tab_to(css).await;
        self.press(key).await;
    }

    async fn label(&self, element: &Element) -> String {
        let id = element.element_id().to_string();
        self.client.issue_cmd(Computed("computedlabel", id)).await.unwrap().as_str().unwrap().to_owned()
    }

    async fn role(&self, element: &Element) -> String {
        let id = element.element_id().to_string();
        self.client.issue_cmd(Computed("computedrole", id)).await.unwrap().as_str().unwrap().to_owned()
    }

    /// What can be acted on and is shown.
    async fn actable(&self) -> Vec<Element> {
        let mut shown = Vec::new();
        for element in self.client.find_all(Locator::Css(ACTABLE)).await.unwrap() {
            if element.is_displayed().await.unwrap() {
                shown.push(element);
            }
        }
        shown
    }

    /// Nothing went wrong unseen, and nobody else was asked.
    async fn close(self) {
        let console = log(&self.client, "browser").await;
        assert!(console.is_empty(), "the console is not quiet: {console:?}");
        let address = self.client.current_url().await.unwrap();
        let asked = requests(&self.client, &self.simulation.console_url()).await;
        let own = format!("http://{}/_lockstep/", self.simulation.address());
        assert!(
            asked.iter().any(|url| url.contains("/console")),
            "the log of requests is not kept: {asked:?}"
        );
        let foreign: Vec<_> = asked.iter().filter(|url| !url.starts_with(&own)).collect();
        assert!(foreign.is_empty(), "{address} asks for {foreign:?}");
        self.client.close().await.unwrap();
    }
}

/// A guest of the reference vendor: called as an integration calls.
async fn make_pin(page: &Page, pin: &str) {
    let vendor = page.simulation.server_url("reference", "api").unwrap();
    let control = page.control();
    let mut form = vec![("grant_type".to_owned(), "client_credentials".to_owned())];
    form.extend(control.secrets().into_iter().map(|(name, secret)| (name, secret.expose().to_owned())));
    let http = reqwest::Client::new();
    let token: Value =
        http.post(format!("{vendor}/oauth2/token")).form(&form).send().await.unwrap().json().await.unwrap();
    let token = token["access_token"].as_str().unwrap().to_owned();
    let put = async |method: Method, path: String, body: Value| -> Value {
        let request = http.request(method, format!("{vendor}{path}")).bearer_auth(&token);
        request.header("idempotency-key", &path).json(&body).send().await.unwrap().json().await.unwrap()
    };
    let from = control.clock().now().floor(Duration::from_secs(60));
    let until = from + Duration::from_secs(48 * 3600);
    let lock = control.locks()[0].id.to_string();
    let stay = json!({ "name": "stay", "lock_id": lock, "valid_from": from.to_string(), "valid_until": until.to_string() });
    let user = put(Method::PUT, "/v1/users/ada".to_owned(), json!({ "name": "Ada" })).await;
    let access = put(Method::POST, format!("/v1/users/{}/access", user["id"].as_str().unwrap()), stay).await;
    let path = format!("/v1/access/{}/pin", access["id"].as_str().unwrap());
    put(Method::PUT, path, json!({ "pin": pin })).await;
    control.advance(Duration::from_secs(600)).await;
}

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
    page.ask("const select = document.querySelector('#world'); select.value = 'seam'; select.dispatchEvent(new Event('change'))").await;
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
    page.until_said("happened").await;
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
    page.until("document.querySelectorAll('#scenario option').length > 0").await;
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
