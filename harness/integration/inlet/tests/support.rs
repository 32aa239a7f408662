//! The message to support, over real SMTP.

use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use mail_parser::MessageParser;
use mailin::{Action, AuthMechanism, Handler, Response, SessionBuilder};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::bench::{Bench, EMAIL, PHONE, TOKEN, id, minutes, start, stay, timeout};
use crate::harness::integration::inlet::{
    Alert, AlertKind, Escalation, MailEncryption, MailLogin, MailServer, Operator, OperatorMail, Support,
    SupportMail,
};
use crate::vendors::inlet::Operation;
use crate::vendors::vocabulary::Secret;

const USER: &str = "desk";
const PASSWORD: &str = "canary-password-5Wz8";
const FROM: &str = "booking@partner.example.org";
const SUPPORT: &str = "support@inlet.tech";

/// To whom, and the text.
type Mail = (String, Vec<u8>);

/// Keeps what is sent, and who logged in.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<Mail>>>, Arc<Mutex<Option<(String, String)>>>);

impl Handler for Sink {
    fn auth_plain(&mut self, _: &str, user: &str, password: &str) -> Response {
        if (user, password) != (USER, PASSWORD) {
            return mailin::response::INVALID_CREDENTIALS;
        }
        *self.1.lock().expect("whole") = Some((user.to_owned(), password.to_owned()));
        mailin::response::AUTH_OK
    }

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

/// How a mail server on loopback takes connections.
#[derive(Clone)]
enum Takes {
    Plain,
    StartTls(TlsAcceptor),
    Implicit(TlsAcceptor),
}

trait Line: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Line for T {}

/// A mail server on loopback; its port.
async fn server(sink: Sink) -> u16 {
    served(sink, Takes::Plain).await
}

async fn served(sink: Sink, takes: Takes) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("bound").port();
    tokio::spawn(async move {
        while let Ok((stream, peer)) = listener.accept().await {
            // Whoever breaks off or does not trust us is not our concern.
            let _ = conversation(Box::new(stream), peer.ip(), sink.clone(), takes.clone()).await;
        }
    });
    port
}

async fn conversation(stream: Box<dyn Line>, peer: IpAddr, sink: Sink, takes: Takes) -> io::Result<()> {
    let mut builder = SessionBuilder::new("sink");
    if !matches!(takes, Takes::Plain) {
        builder.enable_auth(AuthMechanism::Plain);
    }
    if matches!(takes, Takes::StartTls(_)) {
        builder.enable_start_tls();
    }
    let mut session = builder.build(peer, sink);
    let mut stream = BufReader::new(stream);
    if let Takes::Implicit(acceptor) = &takes {
        stream = BufReader::new(Box::new(acceptor.accept(stream.into_inner()).await?));
        session.tls_active();
    }
    let mut answer = session.greeting();
    loop {
        let mut bytes = Vec::new();
        if answer.action != Action::NoReply {
            answer.write_to(&mut bytes)?;
            stream.write_all(&bytes).await?;
        }
        match (&answer.action, &takes) {
            (Action::Close, _) => return Ok(()),
            (Action::UpgradeTls, Takes::StartTls(acceptor)) => {
                stream = BufReader::new(Box::new(acceptor.accept(stream.into_inner()).await?));
                session.tls_active();
            }
            _ => {}
        }
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        answer = session.process(&line);
    }
}

/// A certificate for a name, and the authority (PEM) that vouches for it.
fn certified(name: &str) -> (TlsAcceptor, String) {
    let mut authority = CertificateParams::new(Vec::new()).expect("no names");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().expect("a key"));
    let authority = authority.expect("an authority");
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    let certificate = params.signed_by(&key, &authority).expect("a certificate");
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let settings = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("they fit");
    (TlsAcceptor::from(Arc::new(settings)), authority.pem())
}

/// One attempt to tell support by a server, and what arrived.
async fn told_by(server: &MailServer, sink: &Sink) -> (Result<(), String>, usize) {
    let mail = SupportMail::new(server, FROM, SUPPORT).expect("a server that can be spoken to");
    let escalation = Escalation {
        at: start(),
        first: start(),
        latest: start(),
        attempts: 8,
        operation: Operation::GrantAccess,
        lock: "lock-7".to_owned(),
        booking: id("b-1"),
        reference_id: None,
        error: "504: Upstream timeout".to_owned(),
    };
    let told = mail.tell(&escalation).await;
    let arrived = sink.0.lock().expect("whole").len();
    (told, arrived)
}

fn login(password: &str) -> Option<MailLogin> {
    Some(MailLogin { user: USER.to_owned(), password: Secret::new(password) })
}

#[tokio::test]
async fn mail_goes_encrypted_to_a_server_that_is_verified_and_knows_us() {
    for starts in [true, false] {
        let sink = Sink::default();
        let (acceptor, authority) = certified("localhost");
        let takes = if starts { Takes::StartTls(acceptor) } else { Takes::Implicit(acceptor) };
        let port = served(sink.clone(), takes).await;
        let encryption = |authority: &str| match (starts, Some(authority.to_owned())) {
            (true, authority) => MailEncryption::StartTls { authority },
            (false, authority) => MailEncryption::Implicit { authority },
        };
        let right = MailServer {
            host: "localhost".to_owned(),
            port,
            encryption: encryption(&authority),
            login: login(PASSWORD),
        };
        assert_eq!(told_by(&right, &sink).await, (Ok(()), 1));
        assert_eq!(*sink.1.lock().expect("whole"), Some((USER.to_owned(), PASSWORD.to_owned())));
        let stranger = MailServer { encryption: encryption(&certified("localhost").1), ..right.clone() };
        let elsewhere = MailServer { host: "127.0.0.1".to_owned(), ..right.clone() };
        let mistyped = MailServer { login: login("canary-wrong-password"), ..right.clone() };
        for (server, why) in [(stranger, "certificate"), (elsewhere, "certificate"), (mistyped, "535")] {
            let (told, arrived) = told_by(&server, &sink).await;
            let told = told.expect_err("it is not sent");
            assert_eq!(arrived, 1, "{told}");
            assert!(told.contains(why), "{why} in {told}");
            assert!(!told.contains("canary-wrong-password"), "{told}");
        }
        assert!(!format!("{right:?}").contains(PASSWORD));
    }
}

#[tokio::test]
async fn mail_that_is_to_be_encrypted_is_never_sent_plain() {
    let sink = Sink::default();
    let port = server(sink.clone()).await;
    let authority = Some(certified("localhost").1);
    let server = MailServer {
        host: "localhost".to_owned(),
        port,
        encryption: MailEncryption::StartTls { authority },
        login: login(PASSWORD),
    };
    let (told, arrived) = told_by(&server, &sink).await;
    assert!(told.is_err() && arrived == 0 && sink.1.lock().expect("whole").is_none(), "{told:?}");
    let plain = MailServer { encryption: MailEncryption::None, ..server.clone() };
    let why = SupportMail::new(&plain, FROM, SUPPORT).err().expect("a password in the open");
    assert!(why.contains("over an encrypted connection only") && !why.contains(PASSWORD), "{why}");
    let nonsense = MailEncryption::Implicit { authority: Some("somebody".to_owned()) };
    let nonsense = MailServer { encryption: nonsense, ..server };
    let why = SupportMail::new(&nonsense, FROM, SUPPORT).err().expect("no authority");
    assert!(why.contains("no certificate in PEM"), "{why}");
}

#[tokio::test]
async fn the_operator_gets_one_mail_with_all_that_began() {
    let sink = Sink::default();
    let port = server(sink.clone()).await;
    let mail = OperatorMail::new(&MailServer::trusted("127.0.0.1", port), FROM, "us@example.org", "house-7");
    let alert = |kind, booking: Option<&str>| Alert {
        kind,
        at: start(),
        booking: booking.map(id),
        why: "409: the lock is full".to_owned(),
    };
    let alerts = [alert(AlertKind::AccessGivenUp, Some("b-1")), alert(AlertKind::CredentialRefused, None)];
    mail.expect("addresses").tell(&alerts).await.expect("it is sent");
    let mails = sink.0.lock().expect("whole").clone();
    assert_eq!((mails.len(), mails[0].0.as_str()), (1, "us@example.org"));
    let mail = MessageParser::default().parse(&mails[0].1).expect("a mail");
    assert_eq!(mail.subject(), Some("Critical at house-7: access_given_up and 1 more"));
    let text = mail.body_text(0).expect("a text").into_owned();
    for part in ["Booking: b-1", "Time: 2027-03-10T12:00:00Z", "Kind: credential_refused", "ask Inlet for it"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[tokio::test]
async fn support_gets_one_mail_with_what_it_needs() {
    let sink = Sink::default();
    let port = server(sink.clone()).await;
    let mut bench = Bench::new().await;
    let mail = SupportMail::new(&MailServer::trusted("127.0.0.1", port), FROM, SUPPORT);
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
    let mail = SupportMail::new(&MailServer::trusted("127.0.0.1", port), FROM, SUPPORT);
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
    assert!(SupportMail::new(&MailServer::trusted("127.0.0.1", 25), "booking", SUPPORT).is_err());
}
