//! A simulation with its console open in a browser, and what a person does there.

use std::time::Duration;

use axum::http::Method;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, Locator};
use lockstep::harness::integration::install_tls;
use lockstep::simulator::{Control, Fleet, Pace, Simulation, SimulationOptions, StartError};
use lockstep::vendors::profile;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::{ParseError, Url};

use crate::browser::{Driver, log, requests};

pub const TAB: char = '\u{e004}';
pub const ENTER: char = '\u{e007}';
pub const ESCAPE: char = '\u{e00c}';
pub const SPACE: char = ' ';

/// Everything that a person can act on.
pub const ACTABLE: &str = "a[href], button, input, select, textarea, summary, [tabindex='0']";

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
pub struct Page {
    pub simulation: Simulation,
    pub client: Client,
    // Dropped after the browser.
    _driver: Driver,
    _profile: TempDir,
}

impl Page {
    pub async fn open(fleet: Fleet, profiles: &[&str], scripts: bool) -> Self {
        install_tls();
        let simulation = Simulation::start(options(fleet, profiles)).await.expect("a free port");
        let (driver, profile) = (Driver::start(), tempfile::tempdir().unwrap());
        let client = driver.open(scripts, profile.path()).await;
        client.goto(&simulation.console_url()).await.unwrap();
        let page = Self { simulation, client, _driver: driver, _profile: profile };
        if scripts {
            page.until("document.querySelectorAll('#rows tr').length > 0").await;
        }
        page
    }

    pub fn control(&self) -> Control {
        self.simulation.control("reference").unwrap()
    }

    /// Waits until something is the case in the page; the page itself tells
    /// when it changes. The browser's own limit ends a wait in vain.
    pub async fn until(&self, holds: &str) {
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
    pub async fn until_said(&self, part: &str) {
        self.until(&format!("document.querySelector('#news').textContent.includes({})", json!(part))).await;
    }

    pub async fn ask(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    pub async fn press(&self, key: char) {
        let keys = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key });
        self.client.perform_actions(keys).await.unwrap();
    }

    pub async fn write(&self, text: &str) {
        for key in text.chars() {
            self.press(key).await;
        }
    }

    /// Goes on with Tab until the focus is on what is sought.
    pub async fn tab_to(&self, css: &str) {
        let there = format!("return document.activeElement.matches({})", json!(css));
        for _ in 0..250 {
            if self.ask(&there).await == json!(true) {
                return;
            }
            self.press(TAB).await;
        }
        panic!("Tab does not lead to {css}");
    }

    pub async fn press_at(&self, css: &str, key: char) {
        self.tab_to(css).await;
        self.press(key).await;
    }

    pub async fn label(&self, element: &Element) -> String {
        let id = element.element_id().to_string();
        self.client.issue_cmd(Computed("computedlabel", id)).await.unwrap().as_str().unwrap().to_owned()
    }

    pub async fn role(&self, element: &Element) -> String {
        let id = element.element_id().to_string();
        self.client.issue_cmd(Computed("computedrole", id)).await.unwrap().as_str().unwrap().to_owned()
    }

    /// What can be acted on and is shown.
    pub async fn actable(&self) -> Vec<Element> {
        let mut shown = Vec::new();
        for element in self.client.find_all(Locator::Css(ACTABLE)).await.unwrap() {
            if element.is_displayed().await.unwrap() {
                shown.push(element);
            }
        }
        shown
    }

    /// Ends the simulation and starts another one under its address, as a
    /// process that is started again.
    pub async fn start_again(&mut self, fleet: Fleet, profiles: &[&str], between: impl AsyncFnOnce(&Self)) {
        let listen = self.simulation.address();
        let elsewhere = Simulation::start(options(Fleet::sized(1, 1), profiles)).await.expect("a free port");
        drop(std::mem::replace(&mut self.simulation, elsewhere));
        between(self).await;
        self.simulation = loop {
            let options = SimulationOptions { listen, ..options(fleet.clone(), profiles) };
            match Simulation::start(options).await {
                Ok(simulation) => break simulation,
                // The port is let go when the runtime has its next turn.
                Err(StartError::InUse(_)) => tokio::task::yield_now().await,
                Err(other) => panic!("{other}"),
            }
        };
    }

    /// Sends a request to the control API.
    pub async fn call(&self, method: Method, path: &str, body: &str) -> (u16, Value) {
        let url = format!("{}{path}", self.simulation.control_url());
        let answer = reqwest::Client::new().request(method, url).body(body.to_owned()).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    /// Chooses from a list, as a person does.
    pub async fn choose(&self, css: &str, value: &str) {
        let (css, value) = (json!(css), json!(value));
        self.ask(&format!("const select = document.querySelector({css}); select.value = {value}; select.dispatchEvent(new Event('change'))"))
            .await;
    }

    /// Presses something with the mouse.
    pub async fn click(&self, css: &str) {
        self.client.find(Locator::Css(css)).await.unwrap().click().await.unwrap();
    }

    /// Nothing went wrong unseen, and nobody else was asked.
    pub async fn close(self) {
        let console = log(&self.client, "browser").await;
        assert!(console.is_empty(), "the console is not quiet: {console:?}");
        self.close_after_trouble().await;
    }

    /// The same where the browser has a right to complain of the network.
    pub async fn close_after_trouble(self) {
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

fn options(fleet: Fleet, profiles: &[&str]) -> SimulationOptions {
    let dialects = profiles.iter().map(|name| profile::load(name).expect("an embedded profile"));
    SimulationOptions {
        dialects: dialects.collect(),
        seed: 3,
        pace: Pace::Manual,
        fleet,
        listen: ([127, 0, 0, 1], 0).into(),
        remote_control: false,
    }
}

/// A guest of the reference vendor: called as an integration calls.
pub async fn make_pin(page: &Page, pin: &str) {
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
