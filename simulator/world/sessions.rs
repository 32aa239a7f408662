//! Secrets, tokens and who may call.

use std::collections::HashMap;
use std::time::Duration;

use super::dice::Dice;
use super::{Quirk, Refusal, World};
use crate::simulator::recent::Recent;
use crate::vendors::vocabulary::{Cause, Datum, Facts, FailureKind, Field, Instant, Secret};

/// Life of a token where the profile names none.
const TOKEN_LIFE: Duration = Duration::from_secs(3600);

/// The world's secrets and the tokens that it gave out.
#[derive(Clone, Debug)]
pub struct Sessions {
    secrets: Vec<(String, Secret)>,
    tokens: HashMap<Secret, Instant>,
    refresh: Recent<Secret>,
    /// How long a token lives.
    life: Duration,
    /// Whether a refresh token is good for one use.
    rotates: bool,
}

impl Sessions {
    /// Secrets of the given names, made under the seed.
    pub fn new(names: &[String], seed: u64) -> Self {
        let make = |name: &String| {
            let mut dice = Dice::new(seed, &format!("secret.{name}"));
            (name.clone(), Secret::new(format!("{name}-{}", dice.text())))
        };
        Self {
            secrets: names.iter().map(make).collect(),
            tokens: HashMap::new(),
            refresh: Recent::default(),
            life: TOKEN_LIFE,
            rotates: false,
        }
    }
}

impl World {
    /// The secrets that it accepts.
    pub fn secrets(&self) -> &[(String, Secret)] {
        &self.sessions.secrets
    }

    /// How tokens live, as the profile or the world's own rules say.
    pub fn set_token_rules(&mut self, life: Option<Duration>, rotates: bool) {
        self.sessions.life = life.unwrap_or(TOKEN_LIFE);
        self.sessions.rotates = rotates;
    }

    /// Whether a request that carries these secrets and this token may be
    /// carried out. `needs_token` and `needs` say what the profile asks for.
    pub fn admit(&mut self, facts: &Facts, needs_token: bool, needs: &[Field]) -> Result<(), Refusal> {
        self.settle();
        for field in needs {
            self.check_secret(field, facts.secret(field))?;
        }
        if needs_token { self.check_token(facts.secret(&Field::AuthToken)) } else { Ok(()) }
    }

    /// Whether the time in a request is near enough to the present, where the
    /// vendor looks at it. `asked` says whether the request must carry one.
    pub fn check_clock(&self, facts: &Facts, asked: bool) -> Result<(), Refusal> {
        let Some(most) = self.limits.clock_skew.filter(|_| asked) else { return Ok(()) };
        let off = facts
            .instant(&Field::Now)
            .map(|sent| sent.since(self.shown_now()).max(self.shown_now().since(sent)));
        match off {
            Some(off) if off <= most => Ok(()),
            Some(off) => {
                let message = format!("the request's time is {} seconds off", off.as_secs());
                Err(Refusal::invalid(message).because(Cause::ClockSkew))
            }
            None => Err(Refusal::invalid("the request carries no time").because(Cause::ClockSkew)),
        }
    }

    /// Whether one of these texts is a secret or a token of this world.
    pub fn owns_credential(&self, sent: &[String]) -> bool {
        let own = |text: &String| {
            let secret = Secret::new(text.as_str());
            let given =
                self.sessions.tokens.contains_key(&secret) || self.sessions.refresh.get(&secret).is_some();
            given || self.sessions.secrets.iter().any(|(_, known)| *known == secret)
        };
        sent.iter().any(own)
    }

    fn check_secret(&self, field: &Field, sent: Option<&Secret>) -> Result<(), Refusal> {
        let Field::Secret(name) = field else { return Ok(()) };
        let right = self.sessions.secrets.iter().find(|(known, _)| known.as_str() == &**name);
        match (right, sent) {
            (Some((_, right)), Some(sent)) if right == sent => Ok(()),
            _ if self.is(Quirk::AcceptsWrongSecret) => Ok(()),
            (_, None) => Err(refused("the credentials are missing").because(Cause::CredentialsMissing)),
            _ => Err(refused("the credentials are wrong")),
        }
    }

    fn check_token(&self, sent: Option<&Secret>) -> Result<(), Refusal> {
        if self.is(Quirk::AcceptsAnyToken) {
            return Ok(());
        }
        let Some(sent) = sent else {
            let taken = self.is(Quirk::AcceptsMissingToken);
            let missing = || refused("the token is missing").because(Cause::CredentialsMissing);
            return if taken { Ok(()) } else { Err(missing()) };
        };
        match self.sessions.tokens.get(sent) {
            None => Err(refused("the token is unknown")),
            Some(_) if self.is(Quirk::TokensNeverExpire) => Ok(()),
            Some(until) if *until <= self.now => Err(refused("the token has expired")),
            Some(_) => Ok(()),
        }
    }

    /// Makes every token void that was given out so far.
    pub fn expire_tokens(&mut self) {
        self.settle();
        let now = self.now;
        self.sessions.tokens.values_mut().for_each(|until| *until = now.min(*until));
        self.tell("every token is void");
    }

    pub(super) fn get_token(&mut self) -> Result<Facts, Refusal> {
        Ok(self.issue())
    }

    pub(super) fn refresh_token(&mut self, asked: &Facts) -> Result<Facts, Refusal> {
        let sent = asked.secret(&Field::AuthRefresh).filter(|sent| self.sessions.refresh.get(sent).is_some());
        let Some(sent) = sent.cloned() else { return Err(refused("the refresh token is unknown")) };
        if self.sessions.rotates {
            self.sessions.refresh.forget(&sent);
            return Ok(self.issue());
        }
        // The same one goes on being good.
        Ok(self.issue().with(Field::AuthRefresh, Datum::Secret(sent)))
    }

    /// A token that an answer brings along.
    pub(super) fn reissue(&mut self) -> Facts {
        let mut facts = self.issue();
        facts.remove(&Field::AuthRefresh);
        facts
    }

    fn issue(&mut self) -> Facts {
        // Named for what they are, so that no other text of a world is ever the same.
        let token = Secret::new(format!("token-{}", self.dice.text()));
        let refresh = Secret::new(format!("refresh-{}", self.dice.text()));
        let (now, life) = (self.now, self.sessions.life);
        // A token that ended a life ago is told apart from an unknown one no more.
        if !self.is(Quirk::TokensNeverExpire) {
            self.sessions.tokens.retain(|_, until| *until + life > now);
        }
        self.sessions.tokens.insert(token.clone(), now + life);
        self.sessions.refresh.keep(refresh.clone(), ());
        Facts::new()
            .with(Field::AuthToken, Datum::Secret(token))
            .with(Field::AuthRefresh, Datum::Secret(refresh))
            .with(Field::AuthExpiresIn, Datum::Seconds(life))
    }
}

fn refused(message: &str) -> Refusal {
    Refusal::new(FailureKind::Credentials, message)
}
