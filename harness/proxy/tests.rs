//! What the proxy passes on, and what it does to it.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{FaultProxy, ProxyEffect, ProxyFault};
use crate::vendors::vocabulary::{Clock, Instant};

/// A target that answers `answer` to everything and tells what it got.
async fn target(answer: &'static [u8]) -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("it is bound"));
    let (tell, told) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut got = Vec::new();
            let ends =
                |got: &[u8]| got.ends_with(b"0\r\n\r\n") || got.ends_with(b"!") || got.ends_with(b"\r\n\r\n");
            while !ends(&got) || got.ends_with(b"length: 6\r\n\r\n") {
                if socket.read_buf(&mut got).await.unwrap_or(0) == 0 {
                    break;
                }
            }
            let _ = tell.send(String::from_utf8_lossy(&got).into_owned());
            let _ = socket.write_all(answer).await;
        }
    });
    (address, told)
}

async fn proxy(target: &str) -> (FaultProxy, String) {
    let servers = BTreeMap::from([("api".to_owned(), target.to_owned())]);
    let clock = Clock::stepped(Instant::from_epoch_ms(0));
    let proxy = FaultProxy::start(servers, clock).await.expect("a proxy");
    let address = proxy.servers()["api"].replace("http://", "");
    (proxy, address)
}

async fn ask(address: &str, request: &str) -> String {
    let mut socket = TcpStream::connect(address).await.expect("the proxy listens");
    socket.write_all(request.as_bytes()).await.expect("it reads");
    let mut got = Vec::new();
    // A reset ends the reading as well.
    let _ = tokio::time::timeout(Duration::from_secs(5), async {
        while socket.read_buf(&mut got).await.unwrap_or(0) > 0 {
            if got.ends_with(b"done") || got.ends_with(b"0\r\n\r\n") {
                break;
            }
        }
    })
    .await;
    String::from_utf8_lossy(&got).into_owned()
}

const ANSWER: &[u8] = b"HTTP/1.1 201 Created\r\nx-a: 1\r\nx-a: 2\r\ncontent-length: 8\r\n\r\nall done";

#[tokio::test]
async fn an_exchange_passes_as_it_is() {
    let (upstream, mut told) = target(ANSWER).await;
    let (_proxy, address) = proxy(&upstream).await;
    let got =
        ask(&address, "POST /a%2Fb?c=%20d HTTP/1.1\r\nhost: x\r\nx-n: v\r\ncontent-length: 6\r\n\r\nhello!")
            .await;
    assert_eq!(got, String::from_utf8_lossy(ANSWER));
    let sent = told.recv().await.expect("the target got it");
    assert!(sent.starts_with("POST /a%2Fb?c=%20d HTTP/1.1\r\n"), "{sent}");
    assert!(sent.contains("x-n: v\r\n") && sent.ends_with("\r\n\r\nhello!"), "{sent}");
    assert!(sent.contains(&format!("host: {}", upstream.replace("http://", ""))), "{sent}");
}

#[tokio::test]
async fn chunks_stay_chunks() {
    let answer = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\ndone\r\n0\r\n\r\n";
    let (upstream, mut told) = target(answer).await;
    let (_proxy, address) = proxy(&upstream).await;
    let request =
        "POST /x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    let got = ask(&address, request).await;
    assert_eq!(got, String::from_utf8_lossy(answer));
    let sent = told.recv().await.expect("the target got it");
    assert!(sent.ends_with("5\r\nabcde\r\n0\r\n\r\n"), "{sent}");
}

#[tokio::test]
async fn the_nth_fitting_exchange_is_struck_and_counted() {
    let (upstream, _told) = target(ANSWER).await;
    let (proxy, address) = proxy(&upstream).await;
    proxy.arm(ProxyFault { skip: 1, ..ProxyFault::once("GET", "/x/*", ProxyEffect::HalfBody) });
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
    let whole = String::from_utf8_lossy(ANSWER);
    assert_eq!(ask(&address, &get("/x/1")).await, whole);
    assert_eq!(ask(&address, &get("/y")).await, whole);
    assert_eq!(proxy.accounts()[0].consumed, 0);
    let half = ask(&address, &get("/x/2")).await;
    assert!(half.ends_with("\r\n\r\nall "), "{half}");
    assert_eq!(ask(&address, &get("/x/3")).await, whole);
    let account = proxy.accounts().remove(0);
    assert_eq!((account.injected, account.consumed), (1, 1));
}

#[tokio::test]
async fn a_reset_before_passing_on_reaches_nobody() {
    let (upstream, mut told) = target(ANSWER).await;
    let (proxy, address) = proxy(&upstream).await;
    proxy.arm(ProxyFault::once("GET", "*", ProxyEffect::Reset { carried_out: false }));
    assert_eq!(ask(&address, "GET /x HTTP/1.1\r\nhost: x\r\n\r\n").await, "");
    assert!(told.try_recv().is_err());
}
