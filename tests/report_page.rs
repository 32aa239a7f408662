//! The report's page in a real browser, opened from a file as a reader does.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

mod browser;

use std::collections::BTreeSet;
use std::path::Path;

use browser::{Driver, log, requests};
use fantoccini::{Client, Locator};
use lockstep::harness::result::Report;
use lockstep::reports::{read, render};
use url::Url;

fn sample(name: &str) -> Report {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/samples").join(name)).unwrap()
}

async fn check_page(client: &Client, report: &Report, decision: &str) {
    let title = client.title().await.unwrap();
    assert!(title.contains(&report.subject.title) && title.contains(decision), "{title}");

    let heading = client.find(Locator::Css("h1, h2, h3, h4, h5, h6")).await.unwrap();
    assert_eq!(heading.tag_name().await.unwrap(), "h1");
    assert_eq!(heading.text().await.unwrap(), decision);

    let mut seen = BTreeSet::new();
    for row in client.find_all(Locator::Css("tr[data-criterion]")).await.unwrap() {
        assert!(row.is_displayed().await.unwrap());
        seen.insert((
            row.attr("data-criterion").await.unwrap().unwrap(),
            row.attr("data-verdict").await.unwrap().unwrap(),
        ));
    }
    let expected: BTreeSet<_> =
        report.criteria.iter().map(|c| (c.id.to_string(), c.verdict.as_str().to_owned())).collect();
    assert_eq!(seen, expected);

    // What is folded opens without a script.
    if let Some(exchange) = report.exchanges.first() {
        let id = format!("x-{}", exchange.id);
        let folded = client.find(Locator::Id(&id)).await.unwrap();
        let body = folded.find(Locator::Css(".pair")).await.unwrap();
        assert!(!body.is_displayed().await.unwrap());
        folded.find(Locator::Css("summary")).await.unwrap().click().await.unwrap();
        assert!(body.is_displayed().await.unwrap());
    }
}

/// Opens a page with and without scripts and checks that it is whole, quiet and
/// alone.
async fn check(report: &Report, decision: &str) {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("report.html");
    std::fs::write(&page, render::html(report)).unwrap();
    let address = Url::from_file_path(&page).unwrap();
    let driver = Driver::start();
    for scripts in [true, false] {
        let client = driver.open(scripts, &folder.path().join(format!("profile-{scripts}"))).await;
        client.goto(address.as_str()).await.unwrap();
        check_page(&client, report, decision).await;
        let console = log(&client, "browser").await;
        assert!(console.is_empty(), "the console is not quiet: {console:?}");
        let requests = requests(&client, address.as_str()).await;
        assert!(requests.contains(&address.to_string()), "the log of requests is not kept: {requests:?}");
        let foreign: Vec<_> =
            requests.iter().filter(|url| **url != address.as_str() && !url.starts_with("data:")).collect();
        assert!(foreign.is_empty(), "the page asks for {foreign:?}");
        client.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_failing_report_opens_whole_and_alone() {
    check(&sample("failing"), "Does not meet the full level").await;
}

#[tokio::test]
async fn hostile_text_does_nothing_in_a_browser() {
    let mut report = sample("rehearsal");
    let hostile = "\"><script>document.title='x'</script><img src=http://127.0.0.1:9/x onerror=alert(1)>\
                   <style>body{display:none}</style></style></title>\0\u{202e}";
    report.decision = hostile.into();
    report.criteria[0].reason = hostile.into();
    report.exchanges[0].request.body = hostile.into();
    report.exchanges[0].request.url = "javascript:alert(1)".into();
    report.subject.vendor = hostile.into();
    check(&report, "Rehearsal passed at the full level").await;
}
