//! 3: inconclusive, or the subject could not be reached. Each cause is told apart.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::Value;

use super::{SECRETS, against, expect, folder, lockstep, report};

/// A server that answers every connection in one way.
pub fn broken_server(answer: impl Fn(TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || listener.incoming().flatten().for_each(answer));
    format!("http://{address}")
}

fn says(text: &'static str) -> impl Fn(TcpStream) {
    move |mut connection| {
        let mut request = [0; 4096];
        // A client that went away needs no answer.
        let _ = connection.read(&mut request);
        let _ = connection.write_all(text.as_bytes());
    }
}

/// Every reason why an exchange of the report had no readable answer.
fn reasons(report: &Value) -> Vec<&str> {
    let exchanges = report["exchanges"].as_array().expect("exchanges");
    exchanges.iter().filter_map(|exchange| exchange["response"]["nothing"]["why"].as_str()).collect()
}

pub fn never_passes(report: &Value) {
    assert_ne!(report["verdict"], "pass");
    assert_eq!(report["level"], "none");
}

#[test]
fn a_dead_port_is_inconclusive() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let target = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let (output, report) = against(&["run", "reference", "--only", "LV-10"], &target);
    expect(&output, 3, &[]);
    never_passes(&report);
    assert!(reasons(&report).contains(&"refused"), "{:?}", reasons(&report));
}

#[test]
fn answers_that_cannot_be_read_are_told_apart_and_never_pass() {
    let half = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"access";
    let away = "HTTP/1.1 302 Found\r\nlocation: http://elsewhere.invalid/\r\ncontent-length: 0\r\n\r\n";
    // Whoever speaks no HTTP or sends us elsewhere is not the subject; who breaks off may be.
    for (answer, reason, codes) in [
        ("this is no HTTP at all\r\n\r\n", "not_http", [3, 3]),
        (half, "truncated", [1, 3]),
        (away, "foreign_redirect", [2, 2]),
    ] {
        let (output, report) =
            against(&["run", "reference", "--only", "LV-10"], &broken_server(says(answer)));
        assert!(
            output.status.code().is_some_and(|code| codes.contains(&code)),
            "{reason}: {:?}",
            output.status
        );
        never_passes(&report);
        assert!(reasons(&report).contains(&reason), "{reason}: {:?}", reasons(&report));
    }
}

#[test]
fn answers_that_say_something_else_never_pass() {
    let html = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\nconnection: close\r\n\r\n<html></html>";
    let json = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\nconnection: close\r\n\r\n{\"yes\":[1]}";
    let garbage = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 4\r\nconnection: close\r\n\r\n\u{1}{]\u{2}";
    // Who answers nothing as documented, to whatever is asked, is not the subject.
    for answer in [html, json, garbage] {
        let (output, report) =
            against(&["run", "reference", "--only", "LV-10"], &broken_server(says(answer)));
        assert_eq!(output.status.code(), Some(2), "{answer}");
        never_passes(&report);
        assert_eq!(reasons(&report), Vec::<&str>::new(), "{answer}: it did answer");
    }
}

#[test]
fn a_server_that_hangs_up_is_inconclusive() {
    let target = broken_server(drop);
    let (output, report) = against(&["run", "reference", "--only", "LV-10"], &target);
    expect(&output, 3, &[]);
    never_passes(&report);
    assert!(reasons(&report).contains(&"reset"), "{:?}", reasons(&report));
}

#[test]
fn a_server_that_never_answers_is_given_up_in_the_time_that_the_subject_file_gives() {
    let kept = std::sync::Mutex::new(Vec::new());
    let target = broken_server(move |connection| kept.lock().expect("a lock").push(connection));
    let folder = folder();
    let subject = folder.path().join("subject.toml");
    let text = format!(
        "schema = \"lockstep.subject/1\"\n[servers]\napi = \"{target}\"\nidentity = \"{target}\"\n\
         [credentials]\nclient_id = \"{}\"\nclient_secret = \"{}\"\n\
         [timeouts]\nconnect_s = 1\nread_s = 1\n",
        SECRETS[0].0, SECRETS[1].0
    );
    std::fs::write(&subject, text).expect("a file");
    let output = lockstep(&["run", "reference", "--only", "LV-10", "--subject"])
        .arg(&subject)
        .arg("--out")
        .arg(folder.path())
        .envs(SECRETS)
        .output()
        .expect("lockstep runs");
    expect(&output, 3, &[]);
    let report = report(folder.path());
    never_passes(&report);
    assert!(reasons(&report).contains(&"read_timeout"), "{:?}", reasons(&report));
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_told() {
    let target = untrusted_server();
    let (output, report) = against(&["run", "reference", "--only", "LV-10"], &target);
    expect(&output, 3, &[]);
    never_passes(&report);
    assert!(reasons(&report).contains(&"certificate"), "{:?}", reasons(&report));
}

/// A TLS server whose certificate it signed itself.
fn untrusted_server() -> String {
    // The provider may be installed already by another test of this process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let configuration = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a configuration");
    let configuration = std::sync::Arc::new(configuration);
    let target = broken_server(move |mut connection| {
        let mut tls = rustls::ServerConnection::new(configuration.clone()).expect("a session");
        // The client refuses the certificate; that is the point.
        let _ = tls.complete_io(&mut connection);
    });
    target.replacen("http://127.0.0.1", "https://localhost", 1)
}
