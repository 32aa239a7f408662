//! One exchange of the profile, drafted from one of the description.

use serde_json::Value;

use super::codecs::spelling;
use super::confidence::{Confidence, Guess};
use super::description::{Content, Description, Endpoint, Parameter, Part, Place, SchemeKind};
use super::errors::{Refusal, refusals};
use super::fields::{Sign, Stand, allowed, signs, subject, subject_of_access};
use super::find::Candidate;
use super::message::{Course, Drafted, Node, answer, request, setting_name};
use super::shape::Kind;
use super::words::{Concept, concept};
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
    fn path(&mut self, endpoint: &Endpoint, around: &Around<'_>) {
        let mut written = format!("{} ", endpoint.method);
        let mut before = None;
        for segment in &endpoint.segments {
            written.push('/');
            for part in &segment.0 {
                match part {
                    Part::Text(text) => {
                        before = concept(text).map(|(concept, _)| concept).or(before);
                        written.push_str(&escaped(text));
                    }
                    Part::Parameter(name) => {
                        written.push_str(&self.path_parameter(name, before, endpoint, around))
                    }
                }
            }
        }
        self.request = written;
    }

    fn path_parameter(
        &mut self,
        name: &str,
        before: Option<Concept>,
        endpoint: &Endpoint,
        around: &Around<'_>,
    ) -> String {
        let given = endpoint.in_place(Place::Path).find(|parameter| parameter.name == name);
        let place = format!("`{{{name}}}` in the path");
        if !around.tenants.iter().any(|tenant| tenant == name)
            && let Some((field, why, confidence)) = self.path_field(name, before)
            && !self.asks_for(&field)
        {
            self.guesses.push(Guess::new(confidence, format!("{place} is {field}"), why));
            let hole = format!("{{{field}}}");
            self.asks.push((field, false));
            return hole;
        }
        let values = given.map(|parameter| parameter.shape.values.as_slice()).unwrap_or_default();
        if let [Value::String(only)] = values {
            self.guesses.push(Guess::new(
                Confidence::Sure,
                format!("{place} is `{only}`"),
                "it has one value",
            ));
            return escaped(only);
        }
        let setting = setting_name(name);
        let why = if around.tenants.iter().any(|tenant| tenant == name) {
            "it holds the locks, and a run works in one of them"
        } else {
            "it is not understood, so a run must be given it"
        };
        self.guesses.push(Guess::new(Confidence::Unsure, format!("{place} is setting.{setting}"), why));
        let text = given
            .and_then(|parameter| parameter.shape.text.clone())
            .unwrap_or_else(|| format!("The value of {place}"));
        self.settings.push((setting.clone(), text));
        format!("{{setting.{setting}}}")
    }

    fn path_field(&self, name: &str, before: Option<Concept>) -> Option<(Field, String, Confidence)> {
        let before = before.unwrap_or(Concept::Other);
        let kind = if before == Concept::Access { subject_of_access(self.meaning) } else { before };
        let stand =
            Stand { meaning: self.meaning, answer: false, subject: kind, parent: None, in_list: true };
        let sign = signs(name, stand).into_iter().find(|sign| is_id(&sign.field));
        if let Some(Sign { field, rank, why }) = sign {
            let confidence = if rank < 6 { Confidence::Sure } else { Confidence::Likely };
            return Some((field, why, confidence));
        }
        let field = match kind {
            Concept::Lock => Field::LockId,
            Concept::Group => Field::GroupId,
            Concept::User => Field::UserId,
            Concept::Pin => Field::AccessId,
            Concept::Mobile => Field::MobileId,
            Concept::Job => Field::JobId,
            _ => return None,
        };
        let fits = allowed(self.meaning, false).contains(&field);
        fits.then(|| (field, "it stands after the name of such a thing".to_owned(), Confidence::Unsure))
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

    fn parameters(&mut self, endpoint: &Endpoint, around: &Around<'_>) {
        let keys: Vec<String> = around
            .description
            .schemes
            .iter()
            .filter_map(|scheme| match &scheme.kind {
                SchemeKind::ApiKey { name, .. } => Some(name.to_lowercase()),
                _ => None,
            })
            .collect();
        let mut left_out = Vec::new();
        for parameter in endpoint.parameters.iter().filter(|parameter| parameter.place != Place::Path) {
            let lower = parameter.name.to_lowercase();
            if keys.contains(&lower) || ["authorization", "accept", "content-type"].contains(&lower.as_str())
            {
                continue;
            }
            match self.parameter(parameter) {
                Some(text) if parameter.place == Place::Query => {
                    self.query.push((parameter.name.clone(), text))
                }
                Some(text) => self.headers.push((parameter.name.clone(), text)),
                None => left_out.push(parameter.name.clone()),
            }
        }
        if !left_out.is_empty() {
            self.left_out.push(format!("of the parameters: {}", names(&left_out)));
        }
    }

    fn parameter(&mut self, parameter: &Parameter) -> Option<String> {
        let name = &parameter.name;
        let stand = Stand {
            meaning: self.meaning,
            answer: false,
            subject: subject(self.meaning, false),
            parent: None,
            in_list: false,
        };
        let sign = signs(name, stand).into_iter().find(|sign| !self.asks_for(&sign.field));
        if let Some((sign, spelled)) = sign.and_then(|sign| {
            spelling(&sign.field, name, &parameter.shape, true).map(|spelled| (sign, spelled))
        }) && !matches!(parameter.shape.kind, Kind::Object(_) | Kind::List(_))
        {
            let optional = !parameter.required || sign.field == Field::PageCursor;
            let paged = matches!(sign.field, Field::PageNumber | Field::PageOffset | Field::PageSize);
            let mark = if optional && !paged { "?" } else { "" };
            let hole = format!("{{{}{mark}{}}}", sign.field, spelled.codec);
            let named = if sign.rank < 6 { Confidence::Sure } else { Confidence::Likely };
            self.guesses.push(Guess::new(
                named.min(spelled.confidence),
                format!("request `{name}` is {}", sign.field),
                sign.why,
            ));
            self.asks.push((sign.field, optional));
            return Some(hole);
        }
        if !parameter.required {
            return None;
        }
        let shown = parameter.shape.sample().and_then(|value| match value {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(answer) => Some(answer.to_string()),
            _ => None,
        });
        if let Some(text) = shown {
            self.guesses.push(Guess::new(
                Confidence::Unsure,
                format!("request `{name}` says `{text}`"),
                "the first value that is shown, sent every time",
            ));
            return Some(escaped(&text));
        }
        let setting = setting_name(name);
        self.guesses.push(Guess::new(
            Confidence::Unsure,
            format!("request `{name}` is setting.{setting}"),
            "it must be sent, it is not understood, and no value is shown",
        ));
        let text =
            parameter.shape.text.clone().unwrap_or_else(|| format!("The value of `{name}` in requests"));
        self.settings.push((setting.clone(), text));
        Some(format!("{{setting.{setting}}}"))
    }

    /// How a list is read to its end, where request and answer tell it.
    fn page(&mut self, endpoint: &Endpoint) {
        let lists = matches!(
            self.meaning,
            Meaning::ListGroups | Meaning::ListLocks | Meaning::ListPins | Meaning::ListMobile
        );
        let from_zero = endpoint.in_place(Place::Query).any(|parameter| {
            self.query.iter().any(|(name, text)| *name == parameter.name && text == "{page.number}")
                && (parameter.shape.range.0 == Some(0.0) || parameter.shape.example == Some(Value::from(0)))
        });
        let by = match () {
            () if self.asks_for(&Field::PageCursor) && self.tells_of(&Field::PageNext) => Some("cursor"),
            () if self.asks_for(&Field::PageNumber) && !from_zero => Some("page"),
            () if self.asks_for(&Field::PageOffset) => Some("offset"),
            () => None,
        };
        if from_zero && by.is_none() {
            self.gaps.push(
                "pages are counted from 0 and this format counts from 1, so the first page alone is read"
                    .to_owned(),
            );
        }
        let Some(by) = by.filter(|_| lists) else {
            if lists && self.asks.iter().any(|(field, _)| is_page(field)) {
                self.gaps.push(
                    "how its pages follow each other was not understood, so one page is read".to_owned(),
                );
            }
            return self.unpage();
        };
        let size = endpoint.in_place(Place::Query).find(|parameter| {
            self.query.iter().any(|(name, text)| *name == parameter.name && text.starts_with("{page.size"))
        });
        let most = size
            .and_then(|parameter| parameter.shape.range.1)
            .filter(|most| (1.0..=100_000.0).contains(most));
        let usual = size
            .and_then(|parameter| parameter.shape.example.as_ref())
            .and_then(Value::as_f64)
            .filter(|usual| (1.0..=100_000.0).contains(usual));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "filtered to 1 to 100000"
        )]
        let told = most.map(|most| most.min(100.0)).or(usual).map(|number| number as u64);
        let (size, why, confidence) = match told {
            Some(size) => (size, "the description tells a size", Confidence::Likely),
            None => (50, "the description tells no size", Confidence::Unsure),
        };
        self.guesses.push(Guess::new(confidence, format!("pages are read by {by}, {size} items each"), why));
        self.paging = Some((by, size));
    }

    /// Takes the holes of paging out again.
    fn unpage(&mut self) {
        self.query.retain(|(_, text)| !text.starts_with("{page."));
        if let Some(body) = self.body.take() {
            self.body = without_pages(body);
        }
        self.guesses.retain(|guess| !guess.what.contains(" is page."));
        self.asks.retain(|(field, _)| !is_page(field));
        if self.response.is_some() {
            self.response = self.response.take().and_then(without_pages);
            self.tells.retain(|(field, _)| !is_page(field));
        }
    }
}

fn without_pages(node: Node) -> Option<Node> {
    match node {
        Node::Hole(inner) if inner.starts_with("page.") => None,
        Node::Object(members) => {
            let kept: Vec<(String, Node)> =
                members.into_iter().filter_map(|(name, node)| Some((name, without_pages(node)?))).collect();
            (!kept.is_empty()).then_some(Node::Object(kept))
        }
        other => Some(other),
    }
}

fn is_page(field: &Field) -> bool {
    field.to_string().starts_with("page.")
}

fn is_id(field: &Field) -> bool {
    matches!(
        field,
        Field::LockId
            | Field::GroupId
            | Field::UserId
            | Field::UserReference
            | Field::AccessId
            | Field::MobileId
            | Field::JobId
    )
}

/// A text in which braces stand for themselves.
pub(super) fn escaped(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

fn names(names: &[String]) -> String {
    const MOST: usize = 12;
    let shown: Vec<&str> = names.iter().take(MOST).map(String::as_str).collect();
    let more = if names.len() > MOST { format!(" and {} more", names.len() - MOST) } else { String::new() };
    format!("{}{more}", shown.join(", "))
}
