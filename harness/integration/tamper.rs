//! One exchange that goes out with a wrong credential or with none, while all
//! others of its plan go out as they should.
//!
//! A plan ends with its first refused exchange. Were every exchange sent with a
//! wrong credential, only the first would show whether the vendor looks at it.

use std::sync::Arc;

use super::Integration;
use super::failure::CallFailure;
use super::session::Session;
use super::trace::Trace;
use crate::vendors::dialect::Operation;
use crate::vendors::vocabulary::Secret;

/// What is wrong with the credentials of one operation.
#[derive(Clone, Debug)]
pub enum Tampering {
    /// It goes without any.
    Bare,
    /// It carries this token in place of the session's.
    Token(Secret),
    /// It carries this in place of the secret of that name.
    Secret(String, Secret),
}

/// The operation with what is wrong at it.
#[derive(Clone)]
pub(super) struct Tampered {
    operation: Arc<str>,
    with: Tampering,
}

impl Tampered {
    /// Whether it is at the operation of that name.
    pub fn is_of(&self, operation: &str) -> bool {
        *self.operation == *operation
    }
}

impl Integration {
    /// The same integration that tampers with the credentials of one operation.
    /// With another secret it has a session of its own, for the operation may be
    /// the one that fetches the token.
    #[must_use]
    pub fn with_tampering(&self, operation: &str, with: Tampering) -> Self {
        if let Tampering::Token(secret) | Tampering::Secret(_, secret) = &with {
            self.shared.mask.learn_secret(secret);
        }
        let session = match &with {
            Tampering::Secret(..) => Arc::new(Session::default()),
            Tampering::Bare | Tampering::Token(_) => Arc::clone(&self.session),
        };
        Self { tampered: Some(Tampered { operation: operation.into(), with }), session, ..self.clone() }
    }

    /// The token in use, fetched where there is none yet.
    pub async fn token_in_use(&self) -> Result<Secret, CallFailure> {
        let (token, _) = self.current(&Trace::default()).await.map_err(|failed| *failed.failure)?;
        Ok(token)
    }

    /// What is wrong at that operation.
    pub(super) fn tampering(&self, operation: &Operation) -> Option<&Tampering> {
        self.tampered
            .as_ref()
            .filter(|tampered| *tampered.operation == *operation.name())
            .map(|tampered| &tampered.with)
    }
}
