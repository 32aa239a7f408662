//! The simulated vendor's callbacks, for tests, for scenarios and for the
//! control API: where they go, how late, how often, and what was sent.

use std::time::Duration;

use super::control::Control;
use crate::vendors::vocabulary::{Instant, LockId, Secret};
use crate::vendors::wire::WireRequest;

/// A callback that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentCallback {
    /// The event's name in the profile.
    pub event: String,
    /// The name of what it tells, the same at every attempt and duplicate.
    pub id: String,
    /// The lock that it is about, if it is about one.
    pub lock: Option<LockId>,
    /// When what it tells happened, on the world's clock.
    pub happened: Instant,
    /// When it was sent.
    pub sent: Instant,
    /// Which attempt it was, from 1.
    pub attempt: u32,
    /// Whether the listener answered as the vendor documents.
    pub taken: bool,
    /// What came back, for people.
    pub outcome: String,
    /// What was sent; its address is the listener's.
    pub request: WireRequest,
}

impl Control {
    /// Lets the vendor's callbacks go to an address, as a person would enter it
    /// in the vendor's console; the secret is the one that signs them where the
    /// profile signs with `callback.secret`. Errors, for people, where the
    /// vendor sends none or the address is not on this machine.
    pub fn send_callbacks_to(&self, url: &str) -> Result<Secret, String> {
        if self.sandbox.dialect().callbacks.is_none() {
            return Err("this vendor's profile has no callbacks".to_owned());
        }
        let secret = self.sandbox.state().world.listen(url).map_err(|refusal| refusal.message)?;
        self.sandbox.announce();
        Ok(secret)
    }

    /// Lets the vendor tell nobody from now on, nor what it still had to tell.
    pub fn stop_callbacks(&self) {
        let mut state = self.sandbox.state();
        state.world.stop_listening();
        state.outbox.drop_waiting();
    }

    /// Where callbacks go; `None` before anybody has said so.
    pub fn callback_url(&self) -> Option<String> {
        self.sandbox.state().world.listener().map(|listener| listener.url.clone())
    }

    /// From now on every event is sent so much later than the profile says.
    pub fn delay_callbacks(&self, late: Duration) {
        self.sandbox.state().outbox.late = late;
    }

    /// From now on every event is sent so often beyond once.
    pub fn repeat_callbacks(&self, repeats: u32) {
        self.sandbox.state().outbox.repeats = repeats;
    }

    /// What was sent, oldest first.
    pub fn callbacks_sent(&self) -> Vec<SentCallback> {
        self.sandbox.state().outbox.sent.clone()
    }

    /// Sends what is due by the world's present and waits for the answers.
    /// Returns how many were sent by this call; [`Control::advance`] does the
    /// same, and a task of the simulator does so while time passes by itself.
    pub async fn deliver_callbacks(&self) -> usize {
        self.sandbox.deliver_callbacks().await
    }
}
