//! A real browser, driven by a test.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use axum::http::Method;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// A driver on a free port, ended with the test.
pub struct Driver {
    process: Child,
    address: String,
}

impl Driver {
    /// Starts it.
    pub fn start() -> Self {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is needed to look at pages in a browser; ./test installs what is missing");
        let output = process.stdout.take().expect("the output was asked for");
        let line = BufReader::new(output)
            .lines()
            .map_while(Result::ok)
            .find(|line| line.contains("started successfully on port"))
            .expect("chromedriver did not start; ./test installs what is missing");
        let port = line.trim_end_matches('.').rsplit(' ').next().unwrap();
        Self { process, address: format!("http://127.0.0.1:{port}") }
    }

    /// Opens a browser with a profile of its own, with or without scripts.
    pub async fn open(&self, scripts: bool, profile: &Path) -> Client {
        let options = json!({
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                format!("--user-data-dir={}", profile.display()),
            ],
            "prefs": { "profile.managed_default_content_settings.javascript": if scripts { 1 } else { 2 } },
        });
        let capabilities = json!({
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().unwrap().clone())
            .connect(&self.address)
            .await
            .expect("chromium is needed to look at pages; ./test installs what is missing")
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Chromium's log of a kind: `browser` (console) or `performance` (network).
#[derive(Debug)]
struct Log(&'static str);

impl WebDriverCompatibleCommand for Log {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "type": self.0 }).to_string()))
    }
}

/// What the browser logged of a kind since it was last asked.
pub async fn log(client: &Client, kind: &'static str) -> Vec<Value> {
    client.issue_cmd(Log(kind)).await.unwrap().as_array().unwrap().clone()
}

/// Every address that a page asked for, itself included; not those of the
/// browser's own pages.
pub async fn requests(client: &Client, page: &str) -> Vec<String> {
    log(client, "performance")
        .await
        .iter()
        .filter_map(|entry| serde_json::from_str::<Value>(entry["message"].as_str()?).ok())
        .filter(|message| message["message"]["method"] == "Network.requestWillBeSent")
        .filter(|message| {
            message.pointer("/message/params/documentURL").and_then(Value::as_str) == Some(page)
        })
        .filter_map(|message| {
            message.pointer("/message/params/request/url").and_then(Value::as_str).map(str::to_owned)
        })
        .collect()
}
