//! Callbacks on their way: what happened in the world, sent to who listens.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::sandbox::{Sandbox, SandboxState};
use crate::simulator::SentCallback;
use crate::simulator::world::Tiding;
use crate::vendors::dialect::Callbacks;
use crate::vendors::vocabulary::{Datum, Facts, Field, Instant, LockId};
use crate::vendors::wire::{WireRequest, WireResponse};

/// How long a listener may take to answer, on the machine's clock: a listener
/// lives outside the world.
const PATIENCE: Duration = Duration::from_secs(10);

/// Callbacks that wait, and those that were sent.
#[derive(Default)]
pub struct Outbox {
    /// How much later than documented every event is sent.
    pub late: Duration,
    /// How often each event is sent beyond once.
    pub repeats: u32,
    /// What was sent, oldest first.
    pub sent: Vec<SentCallback>,
    waiting: BTreeMap<(Instant, u64), Letter>,
    written: u64,
}

#[derive(Clone)]
struct Letter {
    event: String,
    id: String,
    lock: Option<LockId>,
    happened: Instant,
    attempt: u32,
    request: WireRequest,
}

impl Outbox {
    /// Most sent callbacks that are kept.
    const KEPT: usize = 10_000;

    fn put(&mut self, at: Instant, letter: Letter) {
        self.written += 1;
        self.waiting.insert((at, self.written), letter);
    }

    /// Forgets what was still to be sent.
    pub fn drop_waiting(&mut self) {
        self.waiting.clear();
    }

    fn pop(&mut self, now: Instant) -> Option<Letter> {
        let entry = self.waiting.first_entry()?;
        (entry.key().0 <= now).then(|| entry.remove())
    }

    fn next(&self) -> Option<Instant> {
        self.waiting.keys().next().map(|(at, _)| *at)
    }
}

impl Sandbox {
    /// Sends everything that is due by the world's present. Returns how much
    /// that was; two callers take turns.
    pub async fn deliver_callbacks(&self) -> usize {
        let Some(callbacks) = &self.dialect().callbacks else { return 0 };
        let _turn = self.courier.lock().await;
        let mut count = 0;
        while let Some((letter, url, now)) = self.next_letter(callbacks) {
            let outcome = send(&url, &letter.request).await;
            count += 1;
            self.note_delivery(callbacks, letter, now, outcome);
        }
        count
    }

    fn next_letter(&self, callbacks: &Callbacks) -> Option<(Letter, String, Instant)> {
        let mut state = self.state();
        self.write_letters(&mut state, callbacks);
        let now = state.world.now();
        let url = state.world.listener()?.url.clone();
        state.outbox.pop(now).map(|letter| (letter, url, now))
    }

    /// Turns what has happened into messages, each for its time.
    fn write_letters(&self, state: &mut SandboxState, callbacks: &Callbacks) {
        let tidings = state.world.take_tidings();
        let mut signing = self.secrets.clone();
        signing.merge(&self.setting_facts());
        if let Some(listener) = state.world.listener() {
            signing.set(Field::CallbackSecret, Datum::Secret(listener.secret.clone()));
        }
        for tiding in tidings {
            self.write_letter(state, callbacks, &tiding, &signing);
        }
    }

    fn write_letter(
        &self,
        state: &mut SandboxState,
        callbacks: &Callbacks,
        tiding: &Tiding,
        signing: &Facts,
    ) {
        let mut facts = signing.clone();
        facts.merge(&tiding.facts);
        facts.set(Field::Now, Datum::Instant(tiding.at + state.outbox.late));
        let Some(filled) = callbacks.fill(tiding.kind, &facts) else { return };
        let letter = Letter {
            event: filled.event.to_owned(),
            id: tiding.facts.text(&Field::EventId).unwrap_or_default().to_owned(),
            lock: tiding.facts.text(&Field::LockId).map(LockId::new),
            happened: tiding.at,
            attempt: 1,
            request: filled.request,
        };
        let at = tiding.at + filled.delay + state.outbox.late;
        for _ in 0..=state.outbox.repeats {
            state.outbox.put(at, letter.clone());
        }
    }

    fn note_delivery(
        &self,
        callbacks: &Callbacks,
        letter: Letter,
        now: Instant,
        outcome: Result<WireResponse, String>,
    ) {
        let taken = outcome.as_ref().is_ok_and(|answer| callbacks.answer.is(answer));
        let mut state = self.state();
        if !taken && letter.attempt < callbacks.attempts {
            state.outbox.put(now + callbacks.every, Letter { attempt: letter.attempt + 1, ..letter.clone() });
        }
        if state.outbox.sent.len() == Outbox::KEPT {
            state.outbox.sent.remove(0);
        }
        state.outbox.sent.push(SentCallback {
            event: letter.event,
            id: letter.id,
            lock: letter.lock,
            happened: letter.happened,
            sent: now,
            attempt: letter.attempt,
            taken,
            outcome: outcome.map_or_else(|why| why, |answer| format!("status {}", answer.status)),
            request: letter.request,
        });
    }

    /// When there is something to do next without anybody's call.
    fn next_callback(&self) -> Option<Instant> {
        let mut state = self.state();
        state.world.listener()?;
        state.world.settle();
        state.outbox.next().into_iter().chain(state.world.next_due()).min()
    }
}

/// Carries callbacks for as long as it is polled; for a vendor that sends none
/// it ends at once.
pub async fn carry(sandbox: Arc<Sandbox>) {
    if sandbox.dialect().callbacks.is_none() {
        return;
    }
    let mut changes = sandbox.watch();
    loop {
        changes.mark_unchanged();
        sandbox.deliver_callbacks().await;
        let news = sandbox.news.notified();
        match sandbox.next_callback() {
            Some(at) => {
                let span = at.since(sandbox.clock().now());
                tokio::select! {
                    () = news => {}
                    _ = changes.changed() => {}
                    () = sandbox.clock().wait_passively(span) => {}
                }
            }
            None => tokio::select! {
                () = news => {}
                _ = changes.changed() => {}
            },
        }
    }
}

async fn send(url: &str, request: &WireRequest) -> Result<WireResponse, String> {
    match tokio::time::timeout(PATIENCE, post(url, request)).await {
        Ok(outcome) => outcome,
        Err(_) => Err("no answer".to_owned()),
    }
}

async fn post(url: &str, request: &WireRequest) -> Result<WireResponse, String> {
    let url = url::Url::parse(url).map_err(|why| why.to_string())?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().unwrap_or(80);
    let stream = TcpStream::connect((host.as_str(), port)).await.map_err(|why| why.to_string())?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|why| why.to_string())?;
    let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let mut builder = hyper::Request::post(target).header("host", format!("{host}:{port}"));
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    let body = axum::body::Body::from(Bytes::from(request.body.clone()));
    let message = builder.body(body).map_err(|why| why.to_string())?;
    let exchange = async {
        let answer = sender.send_request(message).await.map_err(|why| why.to_string())?;
        let status = answer.status().as_u16();
        let limit = 1 << 20;
        let body = axum::body::to_bytes(axum::body::Body::new(answer.into_body()), limit).await;
        let body = body.map_err(|why| why.to_string())?.to_vec();
        Ok(WireResponse { status, headers: Vec::new(), body })
    };
    tokio::pin!(exchange);
    tokio::pin!(connection);
    tokio::select! {
        outcome = &mut exchange => outcome,
        // The connection may end with the answer still to be read.
        _ = &mut connection => exchange.await,
    }
}

impl Sandbox {
    /// Tells who carries callbacks that something may have happened.
    pub(in crate::simulator) fn announce(&self) {
        self.news.notify_one();
    }
}
