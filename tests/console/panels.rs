//! The clock's speed, callbacks, and scenarios of one's own.

use axum::http::Method;
use lockstep::simulator::Fleet;
use serde_json::json;

use super::page::Page;

#[tokio::test]
async fn the_speed_is_shown_as_it_is() {
    let page = Page::open(Fleet::sized(3, 1), &["reference"], true).await;
    let shown = "document.querySelector('#factor').selectedOptions[0].textContent";
    for (factor, text) in [("37.5", "37.5 times"), ("600", "10 minutes a second"), ("1", "as here")] {
        page.call(Method::PUT, "/worlds/reference/clock", &format!(r#"{{"factor": {factor}}}"#)).await;
        page.until(&format!("{shown} === {}", json!(text))).await;
    }
    assert_eq!(page.ask("return document.querySelectorAll('#factor [data-own]').length").await, json!(0));
    page.close().await;
}

#[tokio::test]
async fn who_is_told_is_set_and_what_was_sent_is_shown() {
    let page = Page::open(Fleet::sized(3, 1), &["reference"], true).await;
    let write = async |address: &str| {
        page.ask(&format!("document.querySelector('#listener').value = {}", json!(address))).await;
        page.click("#listen button").await;
    };
    write("http://192.0.2.1/hook").await;
    page.until(
        "document.querySelector('#listen-answer').textContent.includes('an http address of this machine')",
    )
    .await;
    // Nobody listens there, and that is shown too.
    write("http://127.0.0.1:9/hook").await;
    page.until("document.querySelector('#listening').textContent.includes('http://127.0.0.1:9/hook')").await;
    page.control().set_reachable(&page.control().locks()[0].id, false);
    page.call(Method::POST, "/worlds/reference/clock", r#"{"seconds": 60}"#).await;
    page.until("document.querySelector('#sent li')?.textContent.includes('not taken')").await;
    page.click("#unlisten").await;
    page.until("document.querySelector('#listening').textContent.includes('nobody listens')").await;
    assert_eq!(page.control().callback_url(), None);
    page.close_after_trouble().await;
}

#[tokio::test]
async fn a_scenario_of_one_s_own_plays_here_or_in_a_world_of_its_own() {
    let page = Page::open(Fleet::sized(3, 1), &["reference"], true).await;
    page.until("document.querySelectorAll('#scenario option').length > 1").await;
    page.choose("#scenario", "").await;
    let write = async |bridge: &str, span: &str| {
        let text = format!(
            "schema = \"lockstep.scenario/1\"\ntitle = \"mine\"\n\n[fleet]\nlocks = 2\ngroups = 1\n{bridge}\n\
             [[events]]\nafter = \"{span}\"\nthen = {{ go_offline = {{ lock = 1 }} }}\n"
        );
        page.ask(&format!("document.querySelector('#own').value = {}", json!(text))).await;
    };
    write("", "30 parsecs").await;
    page.click("#play button").await;
    page.until("document.querySelector('#play-answer').textContent.includes('line 9, column 9')").await;
    write("", "30 s").await;
    page.click("#play button").await;
    page.until("document.querySelector('#playing').textContent.includes('mine')").await;
    // One with a bridge needs a fleet that has one.
    write("bridges = [\"1-2\"]", "30 s").await;
    page.click("#play button").await;
    page.until("document.querySelector('#play-answer').textContent.includes('the world has 0')").await;
    page.click("#play-apart").await;
    page.until("document.querySelector('#world').value === 'own-scenario'").await;
    page.until("document.querySelectorAll('#rows tr').length === 2").await;
    page.until("document.querySelector('#playing').textContent.includes('mine')").await;
    page.close_after_trouble().await;
}
