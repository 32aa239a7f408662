//! Each way in which an answer can be missing, told apart.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::super::http::{BODY_LIMIT, Outgoing, client, foreign_redirect, send};
use crate::harness::result::TransportFailure as Why;

/// A listener that answers one connection with `answer` and then closes, with a
/// reset where `reset` says so.
async fn raw(answer: Vec<u8>, reset: bool) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = format!("http://{}/x", listener.local_addr().expect("it is bound"));
    tokio::spawn(async move {
        let Ok((mut socket, _)) = listener.accept().await else { return };
        read_head(&mut socket).await;
        let _ = socket.write_all(&answer).await;
        if reset {
            let _ = socket.set_zero_linger();
        }
    });
    address
}

async fn read_head(socket: &mut TcpStream) {
    let mut buffer = Vec::new();
    while !buffer.ends_with(b"\r\n\r\n") {
        if socket.read_buf(&mut buffer).await.unwrap_or(0) == 0 {
            return;
        }
    }
}

async fn get(url: &str) -> Result<u16, Why> {
    let client = client(Duration::from_secs(5)).expect("a client");
    let request =
        Outgoing { method: "GET".into(), url: url.to_owned(), headers: Vec::new(), body: Vec::new() };
    send(&client, &request).await.map(|answer| answer.status).map_err(|no| no.why)
}

async fn check(answer: &[u8], reset: bool, expected: Result<u16, Why>) {
    let url = raw(answer.to_vec(), reset).await;
    assert_eq!(get(&url).await, expected, "{}", String::from_utf8_lossy(answer));
}

#[tokio::test]
async fn what_comes_back_is_told_apart() {
    check(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", false, Ok(200)).await;
    check(b"", false, Err(Why::Reset)).await;
    check(b"", true, Err(Why::Reset)).await;
    check(b"HTTP/1.1 200 OK\r\ncontent-le", false, Err(Why::Reset)).await;
    check(b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nhalf", false, Err(Why::Truncated)).await;
    check(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf", false, Err(Why::Truncated))
        .await;
    check(b"SSH-2.0-OpenSSH_9.2\r\n\r\n", false, Err(Why::NotHttp)).await;
    check(b"{\"error\": \"not http\"}\r\n\r\n", false, Err(Why::NotHttp)).await;
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let mut answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", 2 * BODY_LIMIT).into_bytes();
    answer.resize(answer.len() + BODY_LIMIT + 1, b'x');
    check(&answer, false, Err(Why::TooLarge)).await;
}

#[tokio::test]
async fn a_closed_port_and_an_unknown_name_are_told_apart() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    drop(listener);
    assert_eq!(get(&format!("http://{address}/")).await, Err(Why::Refused));
    assert_eq!(get("http://nobody.invalid/").await, Err(Why::Unresolved));
}

/// A listener that is full takes no further connection, as a host does that
/// drops what comes.
#[tokio::test]
async fn a_connection_that_is_not_taken_is_told() {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
    let listener = socket.listen(1).expect("a listener");
    let address = listener.local_addr().expect("it is bound");
    let waiting: Vec<std::net::TcpStream> =
        std::iter::repeat_with(|| std::net::TcpStream::connect_timeout(&address, Duration::from_millis(100)))
            .map_while(Result::ok)
            .take(64)
            .collect();
    assert!(waiting.len() < 64, "the listener never fills");
    let client = client(Duration::from_millis(100)).expect("a client");
    let url = format!("http://{address}/");
    let request = Outgoing { method: "GET".into(), url, headers: Vec::new(), body: Vec::new() };
    let failure = send(&client, &request).await.expect_err("nobody takes it");
    assert_eq!(failure.why, Why::ConnectTimeout);
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_told() {
    crate::harness::integration::install_tls();
    let signed = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let config = axum_server::tls_rustls::RustlsConfig::from_der(
        vec![signed.cert.der().to_vec()],
        signed.signing_key.serialize_der(),
    )
    .await
    .expect("a server's configuration");
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.set_nonblocking(true).expect("a listener for the runtime");
    let port = listener.local_addr().expect("it is bound").port();
    let server = axum_server::from_tcp_rustls(listener, config).expect("a server");
    tokio::spawn(server.serve(axum::Router::new().into_make_service()));
    assert_eq!(get(&format!("https://localhost:{port}/")).await, Err(Why::Certificate));
}

#[tokio::test]
async fn plain_text_where_tls_is_expected_is_no_http() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    tokio::spawn(async move {
        let Ok((mut socket, _)) = listener.accept().await else { return };
        let _ = socket.read(&mut [0; 1024]).await;
        let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
        let _ = socket.read(&mut [0; 1024]).await;
    });
    assert_eq!(get(&format!("https://127.0.0.1:{port}/")).await, Err(Why::NotHttp));
}

#[test]
fn only_a_redirect_to_another_origin_is_foreign() {
    let answer = |to: &str| crate::vendors::wire::WireResponse {
        status: 302,
        headers: vec![("location".into(), to.into())],
        body: Vec::new(),
    };
    let from = "https://api.example/v1/x";
    assert_eq!(foreign_redirect(from, &answer("/v2/x")), None);
    assert_eq!(foreign_redirect(from, &answer("https://api.example/v2")), None);
    assert_eq!(
        foreign_redirect(from, &answer("https://evil.example/?a=b")).as_deref(),
        Some("https://evil.example")
    );
}

/// Nobody parks this exchange, so the stepped clock stands still; the machine's
/// own ends it.
#[tokio::test]
async fn what_hangs_on_a_stepped_clock_is_given_up_by_the_watchdog() {
    use crate::harness::integration::{Clocks, Connection, Integration, Timeouts};
    use crate::vendors::vocabulary::{Clock, Instant, RunName, Secret};
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("it is bound"));
    let _silent = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((socket, _)) = listener.accept().await {
            held.push(socket);
        }
    });
    let dialect = super::bench::reference();
    let connection = Connection {
        servers: dialect.servers.iter().map(|(name, _)| (name.clone(), address.clone())).collect(),
        secrets: dialect.secrets.iter().map(|(name, _)| (name.clone(), Secret::new("s"))).collect(),
        settings: std::collections::BTreeMap::new(),
    };
    let clock = Clock::stepped(Instant::from_epoch_ms(0));
    let clocks = Clocks { harness: clock.clone(), subject: clock.clone() };
    let timeouts = Timeouts { watchdog: Duration::from_millis(50), ..Timeouts::default() };
    let recorder = crate::harness::evidence::Recorder::new();
    let integration = Integration::new(dialect, connection, clocks, timeouts, RunName::new("t"), recorder)
        .expect("complete");
    let failure = clock.drive(integration.list_access_groups()).await.expect_err("silence");
    assert_eq!(failure.transport, Some(Why::ReadTimeout));
    assert!(failure.message.contains("given up as hanging"), "{}", failure.message);
    assert_eq!(clock.now(), Instant::from_epoch_ms(0));
}

#[test]
fn an_answer_may_take_as_long_as_the_vendor_documents() {
    use crate::harness::integration::Timeouts;
    let mut delays = super::bench::reference().limits.delays;
    for (documented, deadline) in [(3, 30), (20, 30), (45, 55), (300, 310)] {
        delays.actuation = Duration::from_secs(documented);
        let timeouts = Timeouts::allowing(&delays);
        assert_eq!(timeouts.read.as_secs(), deadline, "{documented} s");
        assert!(timeouts.watchdog >= timeouts.read);
    }
}
