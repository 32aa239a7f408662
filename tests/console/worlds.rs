//! Worlds that come and go, streams that are refused, and a simulation that is
//! started again: the console says so, and never goes over to another world by
//! itself.

use axum::http::Method;
use lockstep::simulator::Fleet;
use serde_json::json;

use super::page::Page;

const AWAY: &str = "!document.querySelector('#away').hidden && document.querySelector('#app').hidden";

#[tokio::test]
async fn a_world_that_is_removed_is_told_and_no_other_is_taken_for_it() {
    let page = Page::open(Fleet::sized(20, 2), &["reference", "seam"], true).await;
    // Others make worlds; the list knows.
    page.call(Method::POST, "/worlds", r#"{"name": "third", "locks": 2, "groups": 1}"#).await;
    page.until("document.querySelectorAll('#world option').length === 3").await;
    page.click("#rows tr:first-child th button").await;
    page.until("document.querySelector('#lock').open").await;
    assert_eq!(page.call(Method::DELETE, "/worlds/reference", "").await.0, 204);
    page.until(AWAY).await;
    page.until("document.querySelector('#away-title').textContent.includes('“reference” was removed')").await;
    assert_eq!(page.ask("return document.querySelectorAll('dialog[open]').length").await, json!(0));
    assert_eq!(page.ask("return document.querySelectorAll('#rows tr').length").await, json!(0));
    assert_eq!(page.ask("return document.activeElement.id").await, json!("away-title"));
    page.until("document.querySelector('#away-list').textContent.includes('Watch third')").await;
    assert_eq!(page.call(Method::DELETE, "/worlds/third", "").await.0, 204);
    page.until("!document.querySelector('#away-list').textContent.includes('third')").await;
    assert_eq!(page.ask(&format!("return {AWAY}")).await, json!(true), "another world is shown");
    // As soon as it is there again it is watched again.
    page.call(Method::POST, "/worlds", r#"{"name": "reference", "locks": 3, "groups": 1}"#).await;
    page.until("document.querySelectorAll('#rows tr').length === 3").await;
    page.until_said("“reference” is here again").await;
    page.close().await;
}

#[tokio::test]
async fn where_no_world_is_left_the_page_says_so_and_waits() {
    let page = Page::open(Fleet::sized(3, 1), &["reference"], true).await;
    page.call(Method::DELETE, "/worlds/reference", "").await;
    page.until(AWAY).await;
    page.until("document.querySelector('#away-text').textContent.includes('no world stands in it')").await;
    page.client.goto(&page.simulation.console_url()).await.unwrap();
    page.until("document.querySelector('#away-title').textContent === 'There is no world.'").await;
    page.call(Method::POST, "/worlds", r#"{"name": "late", "locks": 2, "groups": 1}"#).await;
    page.until("document.querySelectorAll('#rows tr').length === 2").await;
    // A name that nobody has is not answered with another world, and can be made.
    page.client.goto(&format!("{}?world=demo", page.simulation.console_url())).await.unwrap();
    page.until("document.querySelector('#away-title').textContent === 'There is no world “demo”.'").await;
    page.click("#make button").await;
    page.until("document.querySelectorAll('#rows tr').length === 20").await;
    page.close().await;
}

#[tokio::test]
async fn a_simulation_that_is_started_again_is_known_as_another_one() {
    let mut page = Page::open(Fleet::sized(3, 1), &["reference"], true).await;
    let lock = page.control().locks()[0].id.clone();
    page.control().keypad(&lock, "1");
    page.until("document.querySelectorAll('#happened li').length === 1").await;
    page.click("#rows tr:first-child th button").await;
    page.start_again(Fleet::sized(4, 1), &["reference"], async |page: &Page| {
        page.until("document.querySelector('#link').dataset.state === 'lost'").await;
        page.until("document.querySelector('#stale').checkVisibility()").await;
        // What is shown is old, so nothing can be done to it.
        page.ask("document.querySelector('#rows tr td:nth-of-type(2) button').click()").await;
        page.until_said("nothing was done").await;
    })
    .await;
    page.until("document.querySelector('#link').dataset.state === 'live'").await;
    page.until_said("was made anew").await;
    page.until("document.querySelectorAll('#rows tr').length === 4").await;
    assert_eq!(
        page.ask("return document.querySelectorAll('#happened li, dialog[open]').length").await,
        json!(0)
    );
    // What is reset in the same process is made anew too; one that only moves on is not.
    page.control().keypad(&page.control().locks()[0].id, "1");
    page.until("document.querySelectorAll('#happened li').length === 1").await;
    page.control().reset();
    page.until("document.querySelectorAll('#happened li').length === 0").await;
    // A world that the new simulation does not have.
    page.start_again(Fleet::sized(3, 1), &["seam"], async |_: &Page| {}).await;
    page.until("document.querySelector('#away-title').textContent.includes('“reference” is no longer here')")
        .await;
    page.close_after_trouble().await;
}

#[tokio::test]
async fn a_stream_that_is_refused_is_told_with_the_reason_and_asked_for_again() {
    let page = Page::open(Fleet::sized(3, 1), &["reference"], true).await;
    let stream = format!("{}/events", page.simulation.control_url());
    let mut readers = Vec::new();
    loop {
        let reader = reqwest::get(&stream).await.unwrap();
        if reader.status() == 429 {
            break;
        }
        readers.push(reader);
    }
    assert!(readers.len() > 10, "{}", readers.len());
    // Every place is taken, so the page that lets its own go gets none.
    page.client.goto("about:blank").await.unwrap();
    let taken = loop {
        let reader = reqwest::get(&stream).await.unwrap();
        if reader.status() == 200 {
            break reader;
        }
    };
    page.client.goto(&page.simulation.console_url()).await.unwrap();
    page.until("document.querySelector('#link').dataset.state === 'lost'").await;
    page.until("document.querySelector('#link-text').textContent.includes('too many readers')").await;
    drop((readers, taken));
    page.until("document.querySelector('#link').dataset.state === 'live'").await;
    page.until("document.querySelectorAll('#rows tr').length === 3").await;
    page.close_after_trouble().await;
}
