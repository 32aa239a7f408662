//! One exchange of the profile, drafted from one of the description.

use super::confidence::{Confidence, Guess};
use super::description::{Content, Description};
use super::drafted::{Course, Drafted};
use super::errors::{Refusal, refusals};
use super::fields::{Stand, signs, subject};
use super::find::Candidate;
use super::message::{answer, request};
use super::node::Node;
use crate::vendors::vocabulary::{Field, Meaning};

/// A drafted operation.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    pub meaning: Meaning,
    /// The exchange as the description writes it.
    pub line: String,
    /// `METHOD /path` with holes.
    pub request: String,
    /// Its own base address.
    pub server: Option<String>,
    /// Whether it goes without credentials.
    pub open: bool,
    pub query: Vec<(String, String)>,
    pub headers: Vec<(String, String)>,
    /// Whether the body is a form.
    pub form: bool,
    pub body: Option<Node>,
    pub statuses: Vec<u16>,
    pub response: Option<Node>,
    pub success: Option<Node>,
    /// How it is paged, and how many items are asked for.
    pub paging: Option<(&'static str, u64)>,
    pub errors: Vec<Vec<Refusal>>,
    /// Fields of the request and of the answer, and whether they may be absent.
    pub asks: Vec<(Field, bool)>,
    pub tells: Vec<(Field, bool)>,
    pub guesses: Vec<Guess>,
    pub gaps: Vec<String>,
    pub left_out: Vec<String>,
    pub settings: Vec<(String, String)>,
    /// Exchanges that might have been taken instead.
    pub others: Vec<String>,
    /// How much speaks for it.
    pub score: i32,
    /// Lengths of PINs and names, where the request tells them.
    pub pin_lengths: (Option<u64>, Option<u64>),
    pub name_length: Option<u64>,
}

impl Operation {
    /// Its name in the profile.
    pub fn name(&self) -> &'static str {
        self.meaning.as_str()
    }

    pub fn asks_for(&self, field: &Field) -> bool {
        self.asks.iter().any(|(known, _)| known == field)
    }

    /// Whether a request cannot go without the field.
    pub fn needs(&self, field: &Field) -> bool {
        self.asks.iter().any(|(known, optional)| known == field && !optional)
    }

    pub fn tells_of(&self, field: &Field) -> bool {
        self.tells.iter().any(|(known, _)| known == field)
    }

    /// What an exchange of this meaning cannot do without, and this one lacks.
    pub fn lacks(&self) -> Option<String> {
        let asks = |fields: &[Field]| fields.iter().any(|field| self.asks_for(field));
        let tells = |fields: &[Field]| fields.iter().any(|field| self.tells_of(field));
        let status = [
            Field::LockReachable,
            Field::LockBattery,
            Field::LockBatteryLow,
            Field::LockState,
            Field::LockDoor,
        ];
        let lock = [Field::LockId];
        let scope = [Field::LockId, Field::GroupId, Field::AccessId, Field::UserId];
        let missing = match self.meaning {
            Meaning::ListGroups if !tells(&[Field::GroupId]) => "its answer shows no id of a group",
            Meaning::ListLocks if !tells(&lock) => "its answer shows no id of a lock",
            Meaning::GetLock if !asks(&lock) => "its request has no place for a lock's id",
            Meaning::GetLock if !tells(&status) => {
                "its answer shows neither bolt, door, battery nor reachability"
            }
            Meaning::SetPin | Meaning::AssignAccess | Meaning::CreateMobile if !asks(&scope) => {
                "its request has no place for a lock"
            }
            Meaning::SetPin if !asks(&[Field::AccessPin]) && !tells(&[Field::AccessTyped]) => {
                "it shows no PIN, neither sent nor answered"
            }
            Meaning::AssignAccess if !tells(&[Field::AccessId]) => "its answer shows no id of the access",
            Meaning::RemovePin if !asks(&[Field::AccessId, Field::AccessPin, Field::AccessName]) => {
                "its request names no PIN"
            }
            Meaning::RemoveMobile if !asks(&[Field::MobileId, Field::UserId, Field::UserEmail]) => {
                "its request names no key"
            }
            Meaning::Unlock | Meaning::Lock | Meaning::HoldOpen | Meaning::ReleaseHold | Meaning::AlgoPin
                if !asks(&lock) =>
            {
                "its request has no place for a lock's id"
            }
            Meaning::AlgoPin if !tells(&[Field::AlgoPin]) => "its answer shows no PIN",
            Meaning::PollJob if !asks(&[Field::JobId]) => "its request has no place for the id of a command",
            Meaning::PollJob if !tells(&[Field::JobState]) => {
                "its answer shows no state whose words are known"
            }
            Meaning::GetToken | Meaning::RefreshToken if !tells(&[Field::AuthToken]) => {
                "its answer shows no token"
            }
            Meaning::UpsertUser if !tells(&[Field::UserId]) => "its answer shows no id of a user",
            _ => return None,
        };
        Some(missing.to_owned())
    }
}

/// What the drafting of an operation knows of the whole description.
pub(super) struct Around<'a> {
    pub description: &'a Description,
    /// Path parameters that are the same for every call.
    pub tenants: &'a [String],
    pub lock_id: Option<&'a str>,
    /// Whether all that is shown is sent.
    pub recorded: bool,
}

/// Drafts an exchange.
pub(super) fn operation(candidate: &Candidate, around: &Around<'_>) -> Option<Operation> {
    let endpoint = around.description.endpoints.get(candidate.endpoint)?;
    let meaning = candidate.meaning;
    let course = Course {
        meaning,
        lock_id: around.lock_id,
        fixed: candidate.fixed.as_ref(),
        form: endpoint.body.as_ref().is_some_and(|body| body.form),
        recorded: around.recorded,
    };
    let mut draft = Operation {
        meaning,
        line: endpoint.line(),
        request: String::new(),
        server: endpoint.server.clone(),
        open: endpoint.open,
        query: Vec::new(),
        headers: Vec::new(),
        form: course.form,
        body: None,
        statuses: endpoint.success_statuses(),
        response: None,
        success: None,
        paging: None,
        errors: refusals(endpoint),
        asks: Vec::new(),
        tells: Vec::new(),
        guesses: Vec::new(),
        gaps: Vec::new(),
        left_out: Vec::new(),
        settings: Vec::new(),
        others: Vec::new(),
        score: candidate.score,
        pin_lengths: (None, None),
        name_length: None,
    };
    draft.path(endpoint, around);
    let drafted = endpoint.body.as_ref().map(|body| request(&body.shape, course)).unwrap_or_default();
    draft.take_request(drafted, endpoint.body.as_ref());
    let content = endpoint.success().and_then(|answer| answer.content.as_ref());
    draft.take_answer(content.map(|content| answer(&content.shape, Course { form: false, ..course })));
    draft.parameters(endpoint, around);
    draft.page(endpoint);
    if draft.lacks().is_some() {
        draft.score -= 30;
    }
    draft.weigh_state();
    let status = [Field::LockReachable, Field::LockBattery, Field::LockState, Field::LockDoor];
    if meaning == Meaning::GetLock {
        draft.score += status.iter().map(|field| i32::from(draft.tells_of(field))).sum::<i32>();
    }
    let confidence = match draft.score {
        60.. => Confidence::Sure,
        50..60 => Confidence::Likely,
        _ => Confidence::Unsure,
    };
    draft.guesses.insert(
        0,
        Guess::new(confidence, format!("`{}` is {}", draft.line, draft.name()), candidate.why.clone()),
    );
    Some(draft)
}

impl Operation {
    /// What is said of a lock or a command, and what is not.
    fn weigh_state(&mut self) {
        if self.meaning == Meaning::GetLock {
            let told = [
                (Field::LockReachable, "whether the lock can be reached"),
                (Field::LockState, "whether the bolt is thrown"),
                (Field::LockBattery, "how the battery is charged"),
            ];
            let low = self.tells_of(&Field::LockBatteryLow);
            for (field, what) in told {
                let otherwise = field == Field::LockBattery && low;
                if !otherwise && !self.tells_of(&field) {
                    self.gaps.push(format!("its answer does not say {what}, or not in words that are known"));
                }
            }
        }
        let failed = self.response.as_ref().is_some_and(|node| node.write().contains("failed="));
        if self.meaning == Meaning::PollJob && self.tells_of(&Field::JobError) {
            self.gaps.push("what the vendor's words for a failed command mean is not described; `[[operations.poll_job.errors]]` says it".to_owned());
        }
        if self.meaning == Meaning::PollJob && self.tells_of(&Field::JobState) && !failed {
            self.gaps
                .push("a command that failed is not told apart from one that was carried out".to_owned());
        }
    }

    fn take_request(&mut self, drafted: Drafted, content: Option<&Content>) {
        let Some(content) = content else { return };
        // What the path says already is not said twice without need.
        self.body = drafted.node;
        self.asks.extend(drafted.fields);
        self.guesses.extend(drafted.guesses);
        self.settings.extend(drafted.settings);
        if !drafted.left_out.is_empty() {
            self.left_out.push(format!("of the request: {}", names(&drafted.left_out)));
        }
        if self.body.is_some()
            && !content.form
            && content.media != "application/json"
            && content.media.contains("json")
            && !content.media.contains('*')
        {
            self.headers.push(("Content-Type".to_owned(), content.media.clone()));
        }
        self.lengths(content);
    }

    fn lengths(&mut self, content: &Content) {
        let stand = Stand {
            meaning: self.meaning,
            answer: false,
            subject: subject(self.meaning, false),
            parent: None,
            in_list: false,
        };
        for member in content.shape.members() {
            match signs(&member.name, stand).first().map(|sign| &sign.field) {
                Some(Field::AccessPin) => self.pin_lengths = member.shape.lengths,
                Some(Field::AccessName) => self.name_length = member.shape.lengths.1,
                _ => {}
            }
        }
    }

    fn take_answer(&mut self, drafted: Option<Drafted>) {
        let Some(drafted) = drafted else {
            let empty =
                !self.statuses.is_empty() && self.statuses.iter().all(|status| matches!(status, 204 | 205));
            if !empty {
                self.gaps.push("the description shows no content of its answer".to_owned());
            }
            return;
        };
        let carries = !matches!(
            self.meaning,
            Meaning::RemovePin | Meaning::RemoveMobile | Meaning::UpdatePin | Meaning::DeleteUser
        );
        if drafted.node.is_none() && carries {
            self.gaps.push("nothing in its answer was understood, so the answer is not described".to_owned());
        }
        self.response = drafted.node;
        self.success = drafted.success.filter(|_| self.response.is_some());
        self.tells = drafted.fields;
        self.guesses.extend(drafted.guesses);
        if !drafted.left_out.is_empty() {
            self.left_out.push(format!("of the answer: {}", names(&drafted.left_out)));
        }
    }
}

/// A text in which braces stand for themselves.
pub(super) fn escaped(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

pub(super) fn names(names: &[String]) -> String {
    const MOST: usize = 12;
    let shown: Vec<&str> = names.iter().take(MOST).map(String::as_str).collect();
    let more = if names.len() > MOST { format!(" and {} more", names.len() - MOST) } else { String::new() };
    format!("{}{more}", shown.join(", "))
}
