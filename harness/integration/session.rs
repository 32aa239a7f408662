//! A session: the token that calls carry, fetched, renewed and replaced.

use std::time::Duration;

use tokio::sync::Mutex;

use super::Integration;
use super::failure::Failed;
use super::tamper::Tampering;
use super::trace::Trace;
use crate::vendors::dialect::Operation;
use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field, Instant, Secret};

/// The token of one set of credentials; clones of an integration share it.
#[derive(Default)]
pub(super) struct Session(Mutex<Option<Token>>);

struct Token {
    value: Secret,
    refresh: Option<Secret>,
    ends: Option<Instant>,
    /// How long such a token lives.
    life: Option<Duration>,
}

impl Integration {
    /// One exchange with the session's token, which is fetched or renewed
    /// first. A token that the vendor refuses is replaced once.
    pub(super) async fn authenticated(
        &self,
        operation: &Operation,
        facts: &Facts,
        trace: &Trace,
    ) -> Result<Facts, Failed> {
        let tampering = self.tampering(operation);
        let uses_token = self.shared.dialect.auth.token_operation.is_some()
            && self.credentials
            && !matches!(tampering, Some(Tampering::Bare))
            && operation.asks_with(&Field::AuthToken);
        let wrong = match (tampering, &self.frozen) {
            (Some(Tampering::Token(wrong)), _) => Some(wrong),
            (_, frozen) => frozen.as_ref(),
        };
        if !uses_token || wrong.is_some() {
            let mut facts = facts.clone();
            facts.merge(&self.kept(operation, None, trace).await?);
            facts.set_some(Field::AuthToken, wrong.filter(|_| uses_token).cloned().map(Datum::Secret));
            return self.paced_exchange(operation, &facts, trace).await;
        }
        let (token, ready) = self.ready(operation, facts, None, trace).await?;
        let answer = match self.paced_exchange(operation, &ready, trace).await {
            Err(refused) if refused.kind() == FailureKind::Credentials => {
                let (_, ready) = self.ready(operation, facts, Some(&token), trace).await?;
                self.paced_exchange(operation, &ready, trace).await
            }
            other => other,
        };
        if let Ok(answer) = &answer {
            self.take_up(answer).await;
        }
        answer
    }

    /// A token that an answer brings along takes the place of the one in use.
    async fn take_up(&self, answer: &Facts) {
        let Some(value) = answer.secret(&Field::AuthToken) else { return };
        self.shared.learn(value);
        let now = self.shared.clocks.subject.now();
        let told = answer.get(&Field::AuthExpiresIn).and_then(Datum::as_seconds);
        if let Some(token) = self.session.0.lock().await.as_mut() {
            token.value = value.clone();
            token.life = told.or(token.life);
            token.ends = token.life.map(|life| now + life);
        }
    }

    /// The facts with a token that is good for now, never the one that was
    /// `refused`, and with what its session began with.
    async fn ready(
        &self,
        operation: &Operation,
        facts: &Facts,
        refused: Option<&Secret>,
        trace: &Trace,
    ) -> Result<(Secret, Facts), Failed> {
        let token = self.token(refused, trace).await?;
        let kept = self.kept(operation, Some(&token), trace).await?;
        let mut ready = facts.clone();
        ready.merge(&kept);
        ready.set(Field::AuthToken, Datum::Secret(token.clone()));
        Ok((token, ready))
    }

    /// The token in use and its end; fetched where there is none yet.
    pub(super) async fn current(&self, trace: &Trace) -> Result<(Secret, Option<Instant>), Failed> {
        let value = self.token(None, trace).await?;
        let ends = self.session.0.lock().await.as_ref().and_then(|token| token.ends);
        Ok((value, ends))
    }

    /// A token that is good for now; never the one that was `refused`.
    async fn token(&self, refused: Option<&Secret>, trace: &Trace) -> Result<Secret, Failed> {
        let mut slot = self.session.0.lock().await;
        let now = self.shared.clocks.subject.now();
        let renew_before = self.shared.dialect.auth.renew_before;
        let was_refused = |token: &Token| refused == Some(&token.value);
        if let Some(token) = slot.as_ref() {
            let fresh = token.ends.is_none_or(|ends| now + renew_before < ends);
            if fresh && !was_refused(token) {
                return Ok(token.value.clone());
            }
        }
        let old = slot.take();
        // A token that is refused is no reason to doubt what renews it.
        let refresh = old.and_then(|token| token.refresh);
        let token = match refresh {
            Some(refresh) => self.refreshed(refresh, trace).await?,
            None => self.fetched(trace).await?,
        };
        let value = token.value.clone();
        *slot = Some(token);
        Ok(value)
    }

    async fn fetched(&self, trace: &Trace) -> Result<Token, Failed> {
        let name = self.shared.dialect.auth.token_operation.as_deref().unwrap_or_default();
        self.token_by(name, &self.base_facts(), trace).await
    }

    /// By the refresh token; where the vendor refuses it, from the beginning.
    async fn refreshed(&self, refresh: Secret, trace: &Trace) -> Result<Token, Failed> {
        let Some(name) = self.shared.dialect.auth.refresh_operation.as_deref() else {
            return self.fetched(trace).await;
        };
        let facts = self.base_facts().with(Field::AuthRefresh, Datum::Secret(refresh.clone()));
        match self.token_by(name, &facts, trace).await {
            Ok(mut token) => {
                token.refresh.get_or_insert(refresh);
                Ok(token)
            }
            Err(failed) if matches!(failed.kind(), FailureKind::Credentials | FailureKind::Invalid) => {
                self.fetched(trace).await
            }
            Err(failed) => Err(failed),
        }
    }

    async fn token_by(&self, name: &str, facts: &Facts, trace: &Trace) -> Result<Token, Failed> {
        let operation = self.operation(name)?;
        let asked = self.shared.clocks.subject.now();
        // Whatever becomes of it, fetching a token changes nothing at a lock.
        let answer = self.paced_exchange(operation, facts, trace).await.map_err(|mut failed| {
            failed.ambiguous = false;
            failed
        })?;
        let Some(value) = answer.secret(&Field::AuthToken).cloned() else {
            return Err(Failed::protocol(name, "the answer carries no token", None));
        };
        let refresh = answer.secret(&Field::AuthRefresh).cloned();
        for secret in [Some(&value), refresh.as_ref()].into_iter().flatten() {
            self.shared.learn(secret);
        }
        let life = answer.get(&Field::AuthExpiresIn).and_then(Datum::as_seconds);
        // Counted from the question, so that it never ends later than the vendor thinks.
        Ok(Token { value, refresh, ends: life.map(|life| asked + life), life })
    }
}
