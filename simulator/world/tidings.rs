//! What a vendor tells by itself: noted where it happens, sent elsewhere.

use super::{Refusal, World};
use crate::vendors::vocabulary::{Datum, EventKind, Facts, Field, Instant, Secret, is_this_machine};

/// Most tidings that wait for being sent.
const KEPT: usize = 10_000;

/// Something of which the vendor tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiding {
    /// When it happened.
    pub at: Instant,
    /// What it is about.
    pub kind: EventKind,
    /// What there is to say of it.
    pub facts: Facts,
}

/// Where callbacks go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// The address.
    pub url: String,
    /// The secret that signs them, where one was agreed upon.
    pub secret: Secret,
}

/// Who listens, and what is still to be told.
#[derive(Clone, Debug, Default)]
pub struct Tidings {
    listener: Option<Listener>,
    kept: Vec<Tiding>,
}

impl World {
    /// Who listens.
    pub fn listener(&self) -> Option<&Listener> {
        self.tidings.listener.as_ref()
    }

    /// Lets callbacks go to an address from now on. On this machine only: a
    /// simulation must not call anybody else.
    pub fn listen(&mut self, url: &str) -> Result<Secret, Refusal> {
        self.settle();
        if !may_listen(url) {
            return Err(Refusal::invalid(
                "callbacks of a simulation go to http addresses of this machine only",
            ));
        }
        let secret = Secret::new(format!("callback-{}", self.dice.text()));
        self.tidings.listener = Some(Listener { url: url.to_owned(), secret: secret.clone() });
        Ok(secret)
    }

    /// Nobody listens from now on; what was still to be told is told to nobody.
    pub fn stop_listening(&mut self) {
        self.settle();
        self.tidings = Tidings::default();
    }

    pub(super) fn register_callback(&mut self, asked: &Facts) -> Result<Facts, Refusal> {
        let url = asked.text(&Field::CallbackUrl).unwrap_or_default().to_owned();
        let secret = match asked.secret(&Field::CallbackSecret) {
            // Agreed upon by the caller: the vendor signs with what it was given.
            Some(given) => {
                let given = given.clone();
                self.listen(&url)?;
                if let Some(listener) = &mut self.tidings.listener {
                    listener.secret = given.clone();
                }
                given
            }
            None => self.listen(&url)?,
        };
        Ok(Facts::new().with_text(Field::CallbackUrl, url).with(Field::CallbackSecret, Datum::Secret(secret)))
    }

    /// What has happened since this was last asked, oldest first.
    pub fn take_tidings(&mut self) -> Vec<Tiding> {
        self.settle();
        std::mem::take(&mut self.tidings.kept)
    }

    /// Notes that something happened at a lock.
    pub(super) fn happened_at(&mut self, kind: EventKind, lock: u32) {
        if self.tidings.listener.is_none() {
            return;
        }
        let mut facts = self.lock_facts(lock);
        // What the vendor tells when it is asked may lag behind; an event is what it is about.
        if let Some(kept) = self.places.locks.get(lock as usize) {
            facts.set(Field::LockReachable, Datum::Bool(kept.reachable));
        }
        self.keep_tiding(kind, facts);
    }

    /// Notes that something happened to a PIN access.
    pub(super) fn happened_to(&mut self, facts: Facts) {
        if self.tidings.listener.is_some() {
            self.keep_tiding(EventKind::Access, facts);
        }
    }

    fn keep_tiding(&mut self, kind: EventKind, mut facts: Facts) {
        let id = self.make_id("event");
        facts.set(Field::EventId, Datum::Text(id));
        facts.set(Field::EventAt, Datum::Instant(self.now));
        if self.tidings.kept.len() < KEPT {
            self.tidings.kept.push(Tiding { at: self.now, kind, facts });
        }
    }
}

/// Whether callbacks may go to an address.
pub fn may_listen(url: &str) -> bool {
    let here =
        |url: url::Url| url.scheme() == "http" && url.host().is_some_and(|host| is_this_machine(&host));
    url::Url::parse(url).is_ok_and(here)
}

#[cfg(test)]
mod tests {
    use super::may_listen;

    #[test]
    fn only_this_machine_is_called() {
        for url in ["http://127.0.0.1:9/hook", "http://[::1]:9/", "http://localhost:80/a?b=c"] {
            assert!(may_listen(url), "{url}");
        }
        for url in [
            "http://192.0.2.1/",
            "https://127.0.0.1/",
            "http://localhost.example/",
            "http://hook.localhost/",
            "ftp://localhost/",
            "hook",
        ] {
            assert!(!may_listen(url), "{url}");
        }
    }
}
