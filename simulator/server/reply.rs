//! What is to be put on the wire.

use std::time::Duration;

use crate::vendors::wire::WireResponse;

/// What becomes of one request.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// How long it is kept back first.
    pub after: Option<Duration>,
    /// What is sent then.
    pub wire: Wire,
}

/// What is sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Wire {
    /// An answer.
    Answer(WireResponse),
    /// An answer that breaks off in the middle.
    Half(WireResponse),
    /// Nothing, for as long as the client waits.
    Silence,
    /// A reset of the connection.
    Reset,
}

impl Reply {
    /// An answer, at once.
    pub fn answer(response: WireResponse) -> Self {
        Self { after: None, wire: Wire::Answer(response) }
    }

    /// The answer that is decided, whether or not it is sent.
    pub fn response(&self) -> Option<&WireResponse> {
        match &self.wire {
            Wire::Answer(response) | Wire::Half(response) => Some(response),
            Wire::Silence | Wire::Reset => None,
        }
    }
}
