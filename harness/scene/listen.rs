//! Inlet's ear: what the vendor tells by itself. An event is a hint that may come
//! late, twice or out of order; what is told to anybody is what the lock's state
//! says when it is asked for then.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use super::crowd::Entrance;
use super::under_way::Scene;
use super::watch;
use crate::harness::integration::{Registered, Standing};
use crate::vendors::vocabulary::{ExchangeId, Field};
use crate::vendors::wire::{WireRequest, WireResponse};

/// How often the vendor's post is carried, on the world's clock.
const ROUND: Duration = Duration::from_secs(5);

/// Largest body that is read.
const BODY: usize = 1 << 20;

/// An address that hears; dropped, it is deaf.
pub(super) struct Ear(AbortHandle);

impl Drop for Ear {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Opens an address, lets the vendor know of it, and has the post carried.
/// Errors, for people, where that cannot be done.
pub(super) async fn open(scene: &Arc<Scene>, entrance: &Entrance) -> Result<Ear, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(|why| why.to_string())?;
    let address = listener.local_addr().map_err(|why| why.to_string())?;
    let (heard, joined) = (Arc::clone(scene), entrance.clone());
    let numbers: Arc<HashMap<String, u32>> = Arc::new(
        (1..=scene.scenario.locks)
            .filter_map(|number| Some((scene.stage.lock(number)?.to_string(), number)))
            .collect(),
    );
    let service = axum::Router::new().fallback(move |request: Request| {
        let (scene, entrance, numbers) = (Arc::clone(&heard), joined.clone(), Arc::clone(&numbers));
        async move { answer(&scene, &entrance, &numbers, request).await }
    });
    // A server that ends early is deaf, which the expectations show.
    let ear = Ear(tokio::spawn(async move { drop(axum::serve(listener, service).await) }).abort_handle());
    let url = format!("http://{address}/callbacks");
    match scene.inlet.register_callbacks(&url).await.map_err(|failure| failure.to_string())? {
        Registered::Told => {}
        Registered::ByHand(_) => {
            let secret = scene.stage.control().send_callbacks_to(&url)?;
            scene.inlet.trust_callbacks(&secret);
        }
    }
    entrance.join(carry(Arc::clone(scene)));
    Ok(ear)
}

/// Carries the post; time stands still while a message is on its way.
async fn carry(scene: Arc<Scene>) {
    loop {
        {
            let _on_the_way = scene.clock.begin(ExchangeId::new("callbacks"));
            scene.stage.control().deliver_callbacks().await;
        }
        scene.clock.sleep(ROUND).await;
    }
}

async fn answer(
    scene: &Arc<Scene>,
    entrance: &Entrance,
    numbers: &HashMap<String, u32>,
    request: Request,
) -> (StatusCode, Vec<u8>) {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, BODY).await.unwrap_or_else(|_| Bytes::new());
    let query = parts.uri.query().unwrap_or_default();
    let headers = parts.headers.iter();
    let wire = WireRequest {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        headers: headers
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        body: body.to_vec(),
    };
    let Ok(tidings) = scene.inlet.read_callback(&wire) else {
        return (StatusCode::BAD_REQUEST, Vec::new());
    };
    for tiding in tidings.iter().filter(|tiding| tiding.standing == Standing::New) {
        let lock = tiding.facts.text(&Field::LockId).and_then(|id| numbers.get(id));
        if let Some(number) = lock.copied() {
            let scene = Arc::clone(scene);
            entrance.join(async move { watch::ask(&scene, number).await });
        }
    }
    scene.record().heard += tidings.len() as u64;
    let WireResponse { status, body, .. } = scene.inlet.callback_answer();
    (StatusCode::from_u16(status).unwrap_or(StatusCode::OK), body)
}
