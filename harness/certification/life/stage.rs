//! The stages. Each is a type that has the steps that lead out of it and no
//! others.

use std::collections::BTreeMap;

use super::event::{Attestation, line};
use super::refused::Refused;
use crate::harness::certification::checklist::Item;
use crate::harness::certification::{Certificate, Claims};

/// Where a certification stands in its round.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// Items are vouched for.
    Preparing(Preparing),
    /// Handed in; nobody reviews yet.
    Submitted(Submitted),
    /// A reviewer looks at it.
    InReview(InReview),
    /// The reviewer has named issues.
    Correcting(Correcting),
    /// Approved.
    Approved(Approved),
    /// Revoked. Only a new round leads out.
    Revoked,
}

impl Stage {
    /// In words that fit "the certification is …".
    pub fn words(&self) -> &'static str {
        match self {
            Self::Preparing(_) => "in preparation",
            Self::Submitted(_) => "submitted",
            Self::InReview(_) => "in review",
            Self::Correcting(_) => "being corrected",
            Self::Approved(_) => "approved",
            Self::Revoked => "revoked",
        }
    }
}

/// Items are vouched for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preparing {
    attested: BTreeMap<String, Attestation>,
}

impl Preparing {
    /// Keeps what somebody vouches for; the later word counts.
    pub(super) fn attest(mut self, attestation: Attestation) -> Self {
        self.attested.insert(attestation.item.clone(), attestation);
        self
    }

    /// What is vouched for.
    pub fn attested(&self) -> impl Iterator<Item = &Attestation> {
        self.attested.values()
    }

    /// The items that nobody vouches for yet.
    pub fn missing(&self, items: &[&Item]) -> Vec<String> {
        let open = items.iter().filter(|item| !item.after_approval && !self.attested.contains_key(&item.id));
        open.map(|item| item.id.clone()).collect()
    }

    /// Hands in a run, once every item is vouched for. The run may have failed:
    /// that is for the review to find.
    pub(super) fn submit(self, claims: Claims, by: &str, items: &[&Item]) -> Result<Submitted, Refused> {
        claims.is_certification()?;
        match self.missing(items) {
            missing if missing.is_empty() => Ok(Submitted { prepared: self, claims, by: by.to_owned() }),
            missing => Err(Refused::Missing(missing)),
        }
    }
}

/// Handed in.
#[derive(Clone, Debug, PartialEq)]
pub struct Submitted {
    prepared: Preparing,
    claims: Claims,
    by: String,
}

impl Submitted {
    /// Begins a review, by somebody else than who handed it in.
    pub(super) fn review(self, reviewer: &str) -> Result<InReview, Refused> {
        match is_same(&self.by, reviewer) {
            true => Err(Refused::SamePerson(self.by)),
            false => Ok(InReview { submitted: self, reviewer: reviewer.to_owned() }),
        }
    }

    /// The run that was handed in.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }
}

/// A reviewer looks at it.
#[derive(Clone, Debug, PartialEq)]
pub struct InReview {
    submitted: Submitted,
    reviewer: String,
}

impl InReview {
    /// The run under review.
    pub fn claims(&self) -> &Claims {
        &self.submitted.claims
    }

    /// Who reviews.
    pub fn reviewer(&self) -> &str {
        &self.reviewer
    }

    /// Names what must be corrected.
    pub(super) fn feedback(self, issues: &[String], by: &str) -> Result<Correcting, Refused> {
        self.not_by_submitter(by)?;
        let issue = |text: &String| Ok(Issue { text: line("an issue", text)?, answer: None });
        let issues: Vec<Issue> = issues.iter().map(issue).collect::<Result<_, Refused>>()?;
        match issues.is_empty() {
            true => Err(Refused::NoIssue),
            false => Ok(Correcting { prepared: self.submitted.prepared, issues }),
        }
    }

    /// Approves: a certificate over the very run that was reviewed, which passed.
    pub(super) fn approve(self, certificate: &Certificate, by: &str) -> Result<Approved, Refused> {
        self.not_by_submitter(by)?;
        self.submitted.claims.passes()?;
        let fits = certificate.claims == self.submitted.claims
            && certificate.valid_from < certificate.valid_until
            && !certificate.scope.is_empty()
            && certificate.scope.iter().all(|ability| certificate.claims.tested().any(|one| one == ability));
        match fits {
            true => Ok(Approved { prepared: self.submitted.prepared }),
            false => Err(Refused::OtherCertificate),
        }
    }

    fn not_by_submitter(&self, by: &str) -> Result<(), Refused> {
        match is_same(&self.submitted.by, by) {
            true => Err(Refused::SamePerson(self.submitted.by.clone())),
            false => Ok(()),
        }
    }
}

/// Whether two names are those of one person, as far as names tell.
fn is_same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Issues are answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Correcting {
    prepared: Preparing,
    issues: Vec<Issue>,
}

/// Something that a reviewer wants corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// What.
    pub text: String,
    /// What was done about it.
    pub answer: Option<String>,
}

impl Correcting {
    /// The issues, in order.
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// Vouches for an item anew.
    pub(super) fn attest(mut self, attestation: Attestation) -> Self {
        self.prepared = self.prepared.attest(attestation);
        self
    }

    /// Answers an open issue, counted from 1.
    pub(super) fn correct(mut self, number: usize, answer: &str) -> Result<Self, Refused> {
        let issue = number.checked_sub(1).and_then(|at| self.issues.get_mut(at));
        match issue.filter(|issue| issue.answer.is_none()) {
            Some(issue) => issue.answer = Some(answer.to_owned()),
            None => return Err(Refused::Issue(number)),
        }
        Ok(self)
    }

    /// The numbers of the issues without an answer.
    pub fn open(&self) -> Vec<usize> {
        let numbered = self.issues.iter().zip(1..);
        numbered.filter(|(issue, _)| issue.answer.is_none()).map(|(_, number)| number).collect()
    }

    /// Hands in again, once every issue is answered.
    pub(super) fn submit(self, claims: Claims, by: &str, items: &[&Item]) -> Result<Submitted, Refused> {
        match self.open() {
            open if open.is_empty() => self.prepared.submit(claims, by, items),
            open => Err(Refused::Open(open)),
        }
    }
}

/// Approved.
#[derive(Clone, Debug, PartialEq)]
pub struct Approved {
    prepared: Preparing,
}

impl Approved {
    /// Vouches for what can only be seen after the approval.
    pub(super) fn attest(mut self, attestation: Attestation) -> Self {
        self.prepared = self.prepared.attest(attestation);
        self
    }

    /// What is vouched for.
    pub fn attested(&self) -> impl Iterator<Item = &Attestation> {
        self.prepared.attested()
    }
}
