//! What judges need to see whether credentials are truly looked at.

use std::collections::BTreeMap;

use super::Integration;
use super::failure::CallFailure;
use super::trace::Trace;
use crate::vendors::vocabulary::{Instant, Secret};

impl Integration {
    /// The credentials, by the profile's names.
    pub fn secrets(&self) -> &BTreeMap<String, Secret> {
        &self.secrets
    }

    /// The address of every server, by the profile's names.
    pub fn servers(&self) -> &BTreeMap<String, String> {
        &self.servers
    }

    /// The same integration that goes on with the token it has, past its end
    /// too, and never renews it; and when that token ends, where the vendor
    /// said so.
    pub async fn with_frozen_session(&self) -> Result<(Self, Option<Instant>), CallFailure> {
        let (token, ends) = self.current(&Trace::default()).await.map_err(|failed| *failed.failure)?;
        Ok((Self { frozen: Some(token), ..self.clone() }, ends))
    }
}
