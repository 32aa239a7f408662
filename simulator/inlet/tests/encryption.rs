//! Encrypted and plain calls on one port.

use super::*;
use crate::simulator::server::Encryption;

async fn encrypting() -> (Bench, Encryption) {
    install_tls();
    let locks = Arc::new(Scripted::default());
    let encryption = Encryption::fresh().unwrap();
    let clock = Clock::stepped(Instant::from_epoch_ms(1_803_891_600_000));
    let options =
        InletOptions { encryption: Some(encryption.clone()), ..InletOptions::new(locks.clone(), clock, 1) };
    let inlet = InletSimulator::start(options).await.unwrap();
    let authority = reqwest::Certificate::from_pem(encryption.authority().as_bytes()).unwrap();
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([authority]).build().unwrap();
    (Bench { inlet, locks, client }, encryption)
}

#[tokio::test]
async fn a_call_over_tls_is_carried_out_and_a_plain_one_is_refused_and_seen() {
    let (bench, _) = encrypting().await;
    assert!(bench.inlet.url().starts_with("https://"));
    assert_eq!(bench.call("GrantAccess", &grant()).await.0, 200);
    let plain = bench.inlet.url().replacen("https", "http", 1);
    let request = bench.client.post(format!("{plain}/GrantAccess")).bearer_auth(bench.token());
    let told = told(request.json(&grant())).await;
    assert_eq!((told.0, message(&told)), (400, "the connection: expected HTTPS, found plain HTTP"));
    let seen: Vec<bool> = bench.control().received().iter().map(Received::encrypted).collect();
    assert_eq!(seen, [true, false]);
    assert_eq!(bench.locks.asked().len(), 1, "nothing is carried out of a plain call");
}

#[tokio::test]
async fn who_does_not_trust_the_authority_makes_no_call() {
    let (bench, _) = encrypting().await;
    let strangers = Encryption::fresh().unwrap();
    let other = reqwest::Certificate::from_pem(strangers.authority().as_bytes()).unwrap();
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([other]).build().unwrap();
    let url = format!("{}/GrantAccess", bench.inlet.url());
    assert!(client.post(&url).json(&grant()).send().await.is_err());
    assert!(bench.control().received().is_empty());
}
