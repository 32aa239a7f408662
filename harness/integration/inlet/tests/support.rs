//! The message to support, over real SMTP.

use std::io;
use std::sync::{Arc, Mutex};

use mail_parser::MessageParser;
use mailin::{Action, Handler, Response, SessionBuilder};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::bench::{Bench, EMAIL, PHONE, TOKEN, minutes, stay, timeout};
use crate::harness::integration::inlet::SupportMail;

/// To whom, and the text.
type Mail = (String, Vec<u8>);

/// Keeps what is sent.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<Mail>>>);

impl Handler for Sink {
    fn data_start(&mut self, _domain: &str, _from: &str, _is8bit: bool, to: &[String]) -> Response {
        self.0.lock().expect("whole").push((to.join(","), Vec::new()));
        mailin::response::OK
    }

    fn data(&mut self, text: &[u8]) -> io::Result<()> {
        if let Some((_, mail)) = self.0.lock().expect("whole").last_mut() {
            mail.extend_from_slice(text);
        }
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        mailin::response::OK
    }
}

/// A mail server on loopback; its port.
async fn server(sink: Sink) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("bound").port();
    tokio::spawn(async move {
        while let Ok((stream, peer)) = listener.accept().await {
            let mut session = SessionBuilder::new("sink").build(peer.ip(), sink.clone());
            let (reading, mut writing) = stream.into_split();
            let mut reading = BufReader::new(reading);
            let mut answer = session.greeting();
            loop {
                let mut bytes = Vec::new();
                if answer.action != Action::NoReply {
                    answer.write_to(&mut bytes).expect("into memory");
                    if writing.write_all(&bytes).await.is_err() || answer.action == Action::Close {
                        break;
                    }
                }
                let mut line = Vec::new();
                if reading.read_until(b'\n', &mut line).await.unwrap_or_default() == 0 {
                    break;
                }
                answer = session.process(&line);
            }
        }
    });
    port
}

#[tokio::test]
async fn support_gets_one_mail_with_what_it_needs() {
    let sink = Sink::default();
    let port = server(sink.clone()).await;
    let mut bench = Bench::new().await;
    let mail = SupportMail::new(("127.0.0.1", port), "booking@partner.example.org", "support@inlet.tech");
    let desk = bench.desk.take().expect("a desk").with_support(Arc::new(mail.expect("addresses")));
    bench.desk = Some(desk);
    bench.answer("/GrantAccess", |_| timeout()).await;
    bench.put("b-1", &stay()).await;
    bench.pass(minutes(45)).await;
    let mails = sink.0.lock().expect("whole").clone();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].0, "support@inlet.tech");
    let mail = MessageParser::default().parse(&mails[0].1).expect("a mail");
    assert_eq!(mail.subject(), Some("No access at lock lock-7, booking b-1"));
    let date = mail.date().map(|date| date.to_rfc3339()).unwrap_or_default();
    assert_eq!(date, "2027-03-10T12:31:00Z");
    let text = mail.body_text(0).expect("a text").into_owned();
    for part in
        ["Lock: lock-7", "Reference: b-1", "Time: 2027-03-10T12:31:00Z", "Error: 504: Upstream timeout"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    let whole = String::from_utf8_lossy(&mails[0].1).into_owned();
    for canary in [TOKEN, PHONE, "40612345", EMAIL, "Canary"] {
        assert!(!whole.contains(canary), "{canary} in {whole}");
    }
    assert!(bench.standing("b-1").await.escalated.is_some());
}

#[tokio::test]
async fn a_mail_server_that_is_away_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("bound").port();
    drop(listener);
    let mut bench = Bench::new().await;
    let mail = SupportMail::new(("127.0.0.1", port), "booking@partner.example.org", "support@inlet.tech");
    let desk = bench.desk.take().expect("a desk").with_support(Arc::new(mail.expect("addresses")));
    bench.desk = Some(desk);
    bench.answer("/GrantAccess", |_| timeout()).await;
    bench.put("b-1", &stay()).await;
    bench.pass(minutes(34)).await;
    let log = bench.log().await;
    assert!(log.matches("support could not be told").count() >= 3, "{log}");
    assert!(bench.standing("b-1").await.escalated.is_none());
}

#[test]
fn an_address_that_is_none_is_told() {
    assert!(SupportMail::new(("127.0.0.1", 25), "booking", "support@inlet.tech").is_err());
}
