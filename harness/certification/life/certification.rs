//! A certification as its history makes it.

use std::time::Duration;

use super::event::{Attestation, Event, Step};
use super::refused::Refused;
use super::stage::{Preparing, Stage};
use crate::harness::certification::checklist::{Item, PROGRAMMES, items};
use crate::harness::certification::{Certificate, Claims, Standing, StatusLine};
use crate::vendors::vocabulary::Instant;

/// By how much a report's clock may be ahead of the register's.
const CLOCK_SKEW: Duration = Duration::from_secs(120);

/// The certification of one subject in one programme, over all its rounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Certification {
    programme: String,
    subject: String,
    stage: Stage,
    round: usize,
    certificates: Vec<Issued>,
    suspended: Option<(Instant, String)>,
    last: Instant,
}

/// A certificate that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Issued {
    /// The certificate.
    pub certificate: Certificate,
    /// The same, signed.
    pub signed: String,
    /// Since when and why it is revoked, where it is.
    pub revoked: Option<(Instant, String)>,
}

impl Issued {
    fn holds(&self, at: Instant) -> bool {
        self.revoked.is_none() && at < self.certificate.valid_until
    }
}

impl Certification {
    /// Begins one. The event must be [`Step::Prepare`].
    pub fn begin(programme: &str, subject: &str, event: &Event) -> Result<Self, Refused> {
        if !PROGRAMMES.contains(&programme) {
            return Err(Refused::Programme(programme.to_owned()));
        }
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
        if subject.is_empty() || subject.len() > 64 || !subject.bytes().all(fits) {
            return Err(Refused::Subject(subject.chars().take(64).collect()));
        }
        if event.step != Step::Prepare {
            return Err(Refused::NotNow { step: event.step.name(), stage: "not begun" });
        }
        Ok(Self {
            programme: programme.to_owned(),
            subject: subject.to_owned(),
            stage: Stage::Preparing(Preparing::default()),
            round: 1,
            certificates: Vec::new(),
            suspended: None,
            last: event.at,
        })
    }

    /// What an event makes of it, or why it is not possible.
    pub fn apply(mut self, event: &Event) -> Result<Self, Refused> {
        if event.at < self.last {
            return Err(Refused::Clock { now: event.at, last: self.last });
        }
        self.last = event.at;
        let not_now = Refused::NotNow { step: event.step.name(), stage: self.stage.words() };
        let (stage, by) = (self.stage.clone(), event.actor.as_str());
        self.stage = match (stage, &event.step) {
            (Stage::Preparing(stage), Step::Attest(given)) => {
                Stage::Preparing(stage.attest(self.fitting(given, false, event.at)?))
            }
            (Stage::Correcting(stage), Step::Attest(given)) => {
                Stage::Correcting(stage.attest(self.fitting(given, false, event.at)?))
            }
            (Stage::Approved(stage), Step::Attest(given)) => {
                Stage::Approved(stage.attest(self.fitting(given, true, event.at)?))
            }
            (Stage::Preparing(stage), Step::Submit { claims }) => {
                self.is_about(claims, event.at)?;
                Stage::Submitted(stage.submit((**claims).clone(), by, &self.items())?)
            }
            (Stage::Correcting(stage), Step::Submit { claims }) => {
                self.is_about(claims, event.at)?;
                Stage::Submitted(stage.submit((**claims).clone(), by, &self.items())?)
            }
            (Stage::Submitted(stage), Step::Review) => Stage::InReview(stage.review(by)?),
            (Stage::InReview(stage), Step::Feedback { issues }) => {
                Stage::Correcting(stage.feedback(issues, by)?)
            }
            (Stage::Correcting(stage), Step::Correct { issue }) => {
                Stage::Correcting(stage.correct(*issue, &event.reason)?)
            }
            (Stage::InReview(stage), Step::Approve { certificate, signed }) => {
                if self.suspended.is_some() {
                    return Err(Refused::Suspended);
                }
                let approved = stage.approve(certificate, by)?;
                self.certificates.push(Issued {
                    certificate: (**certificate).clone(),
                    signed: signed.clone(),
                    revoked: None,
                });
                Stage::Approved(approved)
            }
            (Stage::Approved(_) | Stage::Revoked, Step::Renew) => {
                self.round += 1;
                Stage::Preparing(Preparing::default())
            }
            (stage, Step::Suspend) => {
                if self.suspended.is_some() || !self.holds(event.at) {
                    return Err(Refused::NothingHolds("suspend"));
                }
                self.suspended = Some((event.at, event.reason.clone()));
                stage
            }
            (stage, Step::Resume) => {
                self.suspended.take().ok_or(Refused::NotSuspended)?;
                stage
            }
            (_, Step::Revoke) => {
                self.revoke(event)?;
                Stage::Revoked
            }
            _ => return Err(not_now),
        };
        Ok(self)
    }

    /// Ends every certificate that is not ended, and the round with it.
    fn revoke(&mut self, event: &Event) -> Result<(), Refused> {
        let mut holding = self.certificates.iter_mut().filter(|issued| issued.holds(event.at)).peekable();
        if holding.peek().is_none() {
            return Err(Refused::NothingHolds("revoke"));
        }
        holding.for_each(|issued| issued.revoked = Some((event.at, event.reason.clone())));
        self.suspended = None;
        Ok(())
    }

    /// An attestation that fits the checklist at this stage.
    fn fitting(
        &self,
        given: &Attestation,
        after_approval: bool,
        now: Instant,
    ) -> Result<Attestation, Refused> {
        let known = self.items().into_iter().filter(|item| item.after_approval == after_approval);
        let known: Vec<String> = known.map(|item| item.id.clone()).collect();
        if !known.contains(&given.item) {
            return Err(Refused::Item { item: given.item.chars().take(64).collect(), known });
        }
        // Somewhere it is tomorrow already.
        let last = (now + Duration::from_secs(24 * 3_600)).timestamp();
        if given.when > last.to_zoned(jiff::tz::TimeZone::UTC).date() {
            return Err(Refused::ToCome(given.when));
        }
        if given.digest.len() != 64 || !given.digest.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Refused::Digest);
        }
        Ok(Attestation {
            who: super::event::line("who vouches", &given.who)?,
            document: super::event::line("the document", &given.document)?,
            ..given.clone()
        })
    }

    /// Whether a report is about this subject, and newer than the last one that
    /// led to a certificate.
    fn is_about(&self, claims: &Claims, now: Instant) -> Result<(), Refused> {
        let found = format!("{}/{}", claims.programme, claims.subject.name);
        if found != self.id() {
            return Err(Refused::OtherSubject { found, expected: self.id() });
        }
        if claims.finished > now + CLOCK_SKEW {
            return Err(Refused::FutureReport(claims.finished));
        }
        let last = self.certificates.last().map(|issued| &issued.certificate.claims);
        match last.is_some_and(|last| claims.finished <= last.finished || claims.run == last.run) {
            true => Err(Refused::OldReport(claims.run.clone())),
            false => Ok(()),
        }
    }

    fn holds(&self, at: Instant) -> bool {
        self.certificates.iter().any(|issued| issued.holds(at))
    }

    /// Programme and subject: `lock-vendor/acme`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.programme, self.subject)
    }

    /// Where it stands in its round.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// The round, from 1.
    pub fn round(&self) -> usize {
        self.round
    }

    /// The items that its programme asks for.
    pub fn items(&self) -> Vec<&'static Item> {
        items(&self.programme)
    }

    /// Every certificate, the oldest first.
    pub fn certificates(&self) -> &[Issued] {
        &self.certificates
    }

    /// Since when and why it is suspended, where it is.
    pub fn suspended(&self) -> Option<&(Instant, String)> {
        self.suspended.as_ref()
    }

    /// When the last thing happened to it.
    pub fn last(&self) -> Instant {
        self.last
    }

    /// The names of the steps that are possible now. Whether one succeeds may
    /// still depend on what is handed in with it.
    pub fn possible(&self, now: Instant) -> Vec<&'static str> {
        let mut steps = match &self.stage {
            Stage::Preparing(stage) if !stage.missing(&self.items()).is_empty() => vec!["attest"],
            Stage::Preparing(_) => vec!["attest", "submit"],
            Stage::Submitted(_) => vec!["review"],
            Stage::InReview(_) if self.suspended.is_some() => vec!["feedback"],
            Stage::InReview(_) => vec!["feedback", "approve"],
            Stage::Correcting(stage) if stage.open().is_empty() => vec!["attest", "submit"],
            Stage::Correcting(_) => vec!["attest", "correct"],
            Stage::Approved(_) if self.items().iter().any(|item| item.after_approval) => {
                vec!["attest", "renew"]
            }
            Stage::Approved(_) | Stage::Revoked => vec!["renew"],
        };
        if self.suspended.is_some() {
            steps.push("resume");
        } else if self.holds(now) {
            steps.push("suspend");
        }
        if self.holds(now) {
            steps.push("revoke");
        }
        steps
    }

    /// How each certificate stands, for the status list.
    pub fn standings(&self) -> impl Iterator<Item = StatusLine> {
        self.certificates.iter().map(|issued| {
            let (standing, since, reason) = match (&issued.revoked, &self.suspended) {
                (Some((since, reason)), _) => (Standing::Revoked, *since, reason.clone()),
                (None, Some((since, reason))) => (Standing::Suspended, *since, reason.clone()),
                (None, None) => (Standing::Good, issued.certificate.valid_from, String::new()),
            };
            StatusLine { serial: issued.certificate.serial.clone(), standing, since, reason }
        })
    }
}
