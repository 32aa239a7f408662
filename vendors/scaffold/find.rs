//! Which exchange means what, by method, path, name and body.

use serde_json::Value;

use super::description::{Description, Endpoint};
use super::fields::{Stand, signs, subject};
use super::intent::{Intent, intent, intent_at};
use super::shape::{Kind, Shape};
use super::values::{SaidOf, canonical};
use super::words::{Concept, Verb, concept, concept_of, split, verb};
use crate::vendors::vocabulary::{Field, Meaning, Word};

/// A value that a request must say for its meaning, by the names that lead to it.
pub(super) type Fixed = (Vec<String>, Value);

/// An exchange that may have a meaning.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    /// Its place among the endpoints.
    pub endpoint: usize,
    pub meaning: Meaning,
    /// How much speaks for it; above 55 is a good sign.
    pub score: i32,
    /// What speaks for it.
    pub why: String,
    pub fixed: Option<Fixed>,
}

/// A path, read.
pub(super) struct Reading {
    /// What its segments are about, with how good a sign it is and the segment.
    pub nouns: Vec<(Concept, usize, String)>,
    /// What the last segment, or the operation's name, says is done.
    pub verb: Option<Verb>,
    /// Whether it ends in a parameter.
    pub one: bool,
}

impl Reading {
    pub(super) fn noun(&self) -> Option<(Concept, usize, &str)> {
        self.nouns.last().map(|(concept, rank, text)| (*concept, *rank, text.as_str()))
    }

    fn under(&self, wanted: Concept) -> bool {
        self.nouns.iter().rev().skip(1).any(|(concept, _, _)| *concept == wanted)
    }

    fn has(&self, wanted: Concept) -> bool {
        self.nouns.iter().any(|(concept, _, _)| *concept == wanted)
    }
}

/// Every exchange with every meaning that it may have.
pub(super) fn candidates(description: &Description) -> Vec<Candidate> {
    let readings: Vec<Reading> = description.endpoints.iter().map(read).collect();
    let mut found = Vec::new();
    for (position, (endpoint, reading)) in description.endpoints.iter().zip(&readings).enumerate() {
        let mut add = |meaning: Meaning, score: i32, why: String, fixed: Option<Fixed>| {
            let mut score = score - if endpoint.deprecated { 15 } else { 0 };
            let mut why = why;
            if let Some(name) = confirms(endpoint, meaning) {
                score += 4;
                why.push_str(&format!(", and its name says so (`{name}`)"));
            }
            found.push(Candidate { endpoint: position, meaning, score, why, fixed });
        };
        by_verb(endpoint, reading, &mut add);
        by_noun(endpoint, reading, &mut add);
        by_access(endpoint, reading, &description.endpoints, &readings, &mut add);
        by_body(endpoint, reading, &mut add);
    }
    found
}

type Add<'a> = dyn FnMut(Meaning, i32, String, Option<Fixed>) + 'a;

/// Reads a path.
pub(super) fn read(endpoint: &Endpoint) -> Reading {
    let mut reading = Reading { nouns: Vec::new(), verb: None, one: false };
    let literals: Vec<(usize, &str)> = endpoint
        .segments
        .iter()
        .enumerate()
        .filter_map(|(at, segment)| segment.literal().filter(|text| !text.is_empty()).map(|text| (at, text)))
        .collect();
    let last = literals.last().map(|(at, _)| *at);
    let content = endpoint.segments.iter().rposition(|segment| segment.literal() != Some(""));
    reading.one = content.is_some_and(|at| endpoint.segments[at].literal().is_none());
    for (at, text) in &literals {
        let words = split(text);
        let whole = words.concat();
        let before = reading
            .nouns
            .iter()
            .any(|(concept, _, _)| matches!(concept, Concept::Lock | Concept::Job | Concept::Action))
            || endpoint.segments[..*at].iter().any(|segment| segment.literal().is_none());
        let is_last = Some(*at) == last;
        // `lock` is a verb where something stands before it that is locked.
        let may_act = is_last && endpoint.method != "GET" && (whole != "lock" || before && !reading.one);
        let acts = |verb: Verb| matches!(verb, Verb::Unlock | Verb::Lock | Verb::Hold | Verb::Release);
        if let Some((verb, rest)) = verb(&words).filter(|(verb, rest)| {
            is_last && (rest.is_empty() || concept_is_loose(&words)) && (!acts(*verb) || may_act)
        }) {
            reading.verb = Some(verb);
            if let Some((concept, rank)) = concept_of(&rest) {
                reading.nouns.push((concept, rank, (*text).to_owned()));
            } else if matches!(verb, Verb::Hold) {
                reading.nouns.push((Concept::Hold, 0, (*text).to_owned()));
            } else if rest.last().is_some_and(|word| word == "list") {
                reading.verb = Some(Verb::List);
                if let Some((concept, rank)) = concept_of(&rest[..rest.len() - 1]) {
                    reading.nouns.push((concept, rank, (*text).to_owned()));
                }
            }
            continue;
        }
        if let Some((concept, rank)) = concept(text) {
            reading.nouns.push((concept, rank, (*text).to_owned()));
        }
    }
    // Where the path names no verb, the operation's name may name what is done
    // with the lock.
    if reading.verb.is_none() && endpoint.method != "GET" {
        let named = endpoint.id.as_deref().map(split).and_then(|words| verb(&words));
        reading.verb =
            named.map(|(verb, _)| verb).filter(|verb| matches!(verb, Verb::Unlock | Verb::Release));
    }
    reading
}

/// Whether the words as a whole are no noun that is known (`lock-holders` is
/// one, `unlock-door` is not).
fn concept_is_loose(words: &[String]) -> bool {
    concept(&words.join("-")).is_none_or(|_| {
        let joined = super::words::joined(words);
        super::words::concept_of(&[joined]).is_none()
    })
}

fn by_verb(endpoint: &Endpoint, reading: &Reading, add: &mut Add<'_>) {
    let Some(verb) = reading.verb.filter(|_| endpoint.method != "GET") else { return };
    let meaning = match (verb, endpoint.method.as_str()) {
        (Verb::Hold | Verb::Release, "DELETE") => Meaning::ReleaseHold,
        (_, "DELETE") => return,
        (Verb::Unlock, _) => Meaning::Unlock,
        (Verb::Lock, _) => Meaning::Lock,
        (Verb::Hold, _) => Meaning::HoldOpen,
        (Verb::Release, _) => Meaning::ReleaseHold,
        _ => return,
    };
    let about = reading.has(Concept::Lock) || reading.has(Concept::Job) || reading.has(Concept::Action);
    let score = if about { 62 } else { 48 };
    let names = endpoint.line().to_lowercase();
    // Of several that open, the one that says so in that word is the usual one.
    let usual = i32::from(names.contains("unlock") && verb == Verb::Unlock) * 3;
    add(meaning, score + usual, format!("the path ends in what is done ({})", last_text(endpoint)), None);
}

fn last_text(endpoint: &Endpoint) -> String {
    endpoint
        .segments
        .iter()
        .rev()
        .find_map(|segment| segment.literal().filter(|text| !text.is_empty()))
        .map_or_else(|| "its name".to_owned(), |text| format!("`{text}`"))
}

fn by_noun(endpoint: &Endpoint, reading: &Reading, add: &mut Add<'_>) {
    let acts = matches!(reading.verb, Some(Verb::Unlock | Verb::Lock | Verb::Hold | Verb::Release));
    let Some((noun, rank, text)) = reading.noun().filter(|_| !acts) else { return };
    let intent = intent(endpoint, reading);
    let base = 62 - i32::try_from(rank.min(8)).unwrap_or(8);
    let nested = |concept: Concept, cost: i32| if reading.under(concept) { cost } else { 0 };
    let method = endpoint.method.as_str();
    let place = if reading.one { "of one of" } else { "of" };
    let why = |did: &str| format!("{did} {place} `{text}`");
    let strange = reading.nouns.iter().any(|(concept, _, _)| *concept == Concept::Other);
    let base = base - if strange { 25 } else { 0 };
    if reading.has(Concept::Algo) && matches!(intent, Intent::Create | Intent::Get) {
        add(
            Meaning::AlgoPin,
            base,
            format!("{method} of `{text}`, and an offline code is named in the path"),
            None,
        );
        return;
    }
    match (intent, noun) {
        (Intent::List, Concept::Group) => {
            let cost = nested(Concept::Lock, 20) + nested(Concept::User, 20) + nested(Concept::Group, 4);
            add(Meaning::ListGroups, base - cost, why("a list"), None);
        }
        (Intent::List, Concept::Lock) => {
            let cost = nested(Concept::Group, 8)
                + nested(Concept::User, 20)
                + nested(Concept::Pin, 25)
                + nested(Concept::Access, 25);
            add(Meaning::ListLocks, base - cost, why("a list"), None);
        }
        (Intent::Get, Concept::Lock) => {
            add(Meaning::GetLock, base - nested(Concept::User, 20), why("a read"), None)
        }
        (Intent::Get | Intent::List, Concept::Status) if reading.under(Concept::Lock) => {
            add(Meaning::GetLock, base + 2, format!("`{text}` of a lock"), None);
        }
        (Intent::Create, Concept::User) => add(Meaning::UpsertUser, base - 4, why("a creation"), None),
        (Intent::Update, Concept::User) if method == "PUT" && reading.one => {
            add(Meaning::UpsertUser, base - 3, why("a creation under a known id"), None);
        }
        (Intent::Delete, Concept::User) => add(Meaning::DeleteUser, base, why("a removal"), None),
        (Intent::Create, Concept::Pin) => add(Meaning::SetPin, base, why("a creation"), None),
        (Intent::Update, Concept::Pin) if method == "PUT" && !reading.one => {
            add(Meaning::SetPin, base - 2, why("a setting"), None);
        }
        (Intent::List, Concept::Pin) => add(Meaning::ListPins, base, why("a list"), None),
        (Intent::Get, Concept::Pin) => add(Meaning::GetPin, base, why("a read"), None),
        (Intent::Update, Concept::Pin) => add(Meaning::UpdatePin, base, why("a change"), None),
        (Intent::Delete, Concept::Pin) => add(Meaning::RemovePin, base, why("a removal"), None),
        (Intent::Create, Concept::Mobile) => add(Meaning::CreateMobile, base, why("a creation"), None),
        (Intent::List, Concept::Mobile) => add(Meaning::ListMobile, base, why("a list"), None),
        (Intent::Delete, Concept::Mobile) => add(Meaning::RemoveMobile, base, why("a removal"), None),
        (Intent::Get, Concept::Job) => add(Meaning::PollJob, base, why("a read"), None),
        (Intent::Create, Concept::Token) => {
            let refreshes = reading.verb == Some(Verb::Refresh);
            let meaning = if refreshes { Meaning::RefreshToken } else { Meaning::GetToken };
            add(meaning, base, why("a creation"), None);
        }
        (Intent::Create | Intent::Update, Concept::Hold) => {
            add(Meaning::HoldOpen, base, why("a beginning"), None)
        }
        (Intent::Delete, Concept::Hold) => add(Meaning::ReleaseHold, base, why("an end"), None),
        _ => {}
    }
}

/// An access of which the name does not say what opens: what is sent with its
/// creation, and what hangs below it, tells.
fn by_access(
    endpoint: &Endpoint,
    reading: &Reading,
    all: &[Endpoint],
    readings: &[Reading],
    add: &mut Add<'_>,
) {
    let Some((Concept::Access, _, text)) = reading.noun() else { return };
    let mut family =
        all.iter().zip(readings).filter(|(_, other)| other.nouns.iter().any(|(_, _, name)| name == text));
    let below = family.clone().any(|(other, reading)| {
        reading.under(Concept::Access)
            && reading.noun().is_some_and(|(noun, _, _)| noun == Concept::Pin)
            && other.method != "GET"
    });
    let sends = |endpoint: &Endpoint, meaning: Meaning, field: &Field| {
        endpoint.body.as_ref().is_some_and(|body| mentions(&body.shape, meaning, field))
    };
    let pins = below
        || family
            .clone()
            .any(|(other, _)| other.method != "GET" && sends(other, Meaning::SetPin, &Field::AccessPin));
    let invites = family
        .any(|(other, _)| other.method == "POST" && sends(other, Meaning::CreateMobile, &Field::UserEmail));
    let (base, reason) = match (pins, invites) {
        (true, _) if below => (56, "a PIN is set below it"),
        (true, _) => (54, "a PIN is sent with it"),
        (false, true) => (56, "it goes to an e-mail address, without a PIN"),
        (false, false) => (44, "no PIN is sent with it, so it is taken for a key in an app"),
    };
    let meaning = match (intent_at(endpoint, reading, all), pins) {
        (Intent::Create, true) if below => Meaning::AssignAccess,
        (Intent::Create, true) => Meaning::SetPin,
        (Intent::List, true) => Meaning::ListPins,
        (Intent::Get, true) => Meaning::GetPin,
        (Intent::Update, true) => Meaning::UpdatePin,
        (Intent::Delete, true) => Meaning::RemovePin,
        (Intent::Create, false) => Meaning::CreateMobile,
        (Intent::List, false) => Meaning::ListMobile,
        (Intent::Delete, false) => Meaning::RemoveMobile,
        _ => return,
    };
    add(meaning, base, format!("{} of `{text}`; {reason}", endpoint.method), None);
}

fn mentions(shape: &Shape, meaning: Meaning, field: &Field) -> bool {
    let stand =
        Stand { meaning, answer: false, subject: subject(meaning, false), parent: None, in_list: false };
    shape.members().iter().any(|member| {
        signs(&member.name, stand).iter().any(|sign| sign.field == *field)
            || mentions(&member.shape, meaning, field)
    })
}

/// What is done, where the body names it: `{ "action": "unlock" }`,
/// `{ "state": "revoked" }`.
fn by_body(endpoint: &Endpoint, reading: &Reading, add: &mut Add<'_>) {
    let Some(body) =
        endpoint.body.as_ref().filter(|_| matches!(endpoint.method.as_str(), "POST" | "PUT" | "PATCH"))
    else {
        return;
    };
    let Some((noun, _, _)) = reading.noun() else { return };
    let commands = matches!(noun, Concept::Lock | Concept::Status)
        || reading.has(Concept::Action)
        || reading.has(Concept::Job);
    let withdraws = match noun {
        Concept::Pin => Some(Meaning::RemovePin),
        Concept::Mobile | Concept::Access => Some(Meaning::RemoveMobile),
        _ => None,
    };
    for member in body.shape.members() {
        for (value, name) in named(&member.shape) {
            let words = split(&name);
            let said = verb(&words);
            let of_pin = said.as_ref().is_some_and(|(_, rest)| {
                concept_of(rest).is_some_and(|(concept, _)| concept == Concept::Pin)
            });
            let done = said.filter(|(_, rest)| rest.is_empty() || of_pin).map(|(verb, _)| verb);
            let state = canonical(SaidOf::Bolt, &name);
            let meaning = match (commands, done, state) {
                (true, Some(Verb::Create), _) if of_pin => Some(Meaning::SetPin),
                (true, Some(Verb::Delete), _) if of_pin => Some(Meaning::RemovePin),
                (true, _, _) if of_pin => None,
                (true, Some(Verb::Unlock), _) | (true, _, Some(Word::Unlocked)) => Some(Meaning::Unlock),
                (true, Some(Verb::Lock), _) | (true, _, Some(Word::Locked)) => Some(Meaning::Lock),
                _ => withdraws
                    .filter(|_| canonical(SaidOf::Credential, &name) == Some(Word::Removed) && reading.one),
            };
            if let Some(meaning) = meaning {
                let usual = i32::from(name.to_lowercase().contains("unlock") || meaning != Meaning::Unlock);
                let why = format!("`{}` may say `{name}`", member.name);
                add(meaning, 52 + usual, why, Some((vec![member.name.clone()], value)));
            }
        }
    }
}

fn named(shape: &Shape) -> Vec<(Value, String)> {
    if !matches!(shape.kind, Kind::Text | Kind::Number { whole: true }) {
        return Vec::new();
    }
    let mut named: Vec<(Value, String)> = shape.names.clone();
    let texts = shape.values.iter().chain(shape.example.iter());
    for text in texts {
        if let Some(name) = text.as_str().filter(|_| !named.iter().any(|(known, _)| known == text)) {
            named.push((text.clone(), name.to_owned()));
        }
    }
    named
}

/// The operation's name, where it says what the exchange is taken to mean.
fn confirms(endpoint: &Endpoint, meaning: Meaning) -> Option<&str> {
    let name = endpoint.id.as_deref().or(endpoint.summary.as_deref()).filter(|name| name.len() < 60)?;
    let words = split(name);
    let has = |wanted: &[Verb]| {
        (0..words.len()).any(|at| verb(&words[at..=at]).is_some_and(|(verb, _)| wanted.contains(&verb)))
    };
    let about = |wanted: &[Concept]| {
        (0..words.len()).any(|from| {
            (from..words.len()).any(|to| {
                let joined = super::words::joined(&words[from..=to]);
                concept_of(&[joined]).is_some_and(|(concept, _)| wanted.contains(&concept))
            })
        })
    };
    let says = match meaning {
        Meaning::ListGroups => has(&[Verb::List, Verb::Get]) && about(&[Concept::Group]),
        Meaning::ListLocks => has(&[Verb::List, Verb::Get]) && about(&[Concept::Lock]),
        Meaning::GetLock => has(&[Verb::Get]) && about(&[Concept::Lock, Concept::Status]),
        Meaning::SetPin => has(&[Verb::Create, Verb::Update]) && about(&[Concept::Pin]),
        Meaning::RemovePin => has(&[Verb::Delete]) && about(&[Concept::Pin]),
        Meaning::ListPins => has(&[Verb::List, Verb::Get]) && about(&[Concept::Pin]),
        Meaning::CreateMobile => has(&[Verb::Create]) && about(&[Concept::Mobile, Concept::Access]),
        Meaning::RemoveMobile => has(&[Verb::Delete]) && about(&[Concept::Mobile, Concept::Access]),
        Meaning::Unlock => has(&[Verb::Unlock]),
        Meaning::Lock => words.first().is_some_and(|word| word == "lock"),
        Meaning::HoldOpen => about(&[Concept::Hold]),
        Meaning::AlgoPin => about(&[Concept::Algo]),
        _ => false,
    };
    says.then_some(name)
}
