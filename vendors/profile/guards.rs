//! What may stand around a step: `when`, `tells` and `otherwise`.

use toml::Spanned;
use toml::de::DeValue;

use super::document::Section;
use super::functions::field_named;
use super::limits_section::positive;
use crate::vendors::dialect::{Condition, Guard};
use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field, FieldKind, Word};

type Value<'d, 't> = &'d Spanned<DeValue<'t>>;

/// The guard of a step, where it has one; `None` where it cannot be read.
pub(super) fn read(section: &Section<'_, '_>) -> Option<Option<Guard>> {
    let keys = ["when", "tells", "otherwise"];
    let any = keys.iter().any(|key| section.has(key));
    let when = section.section("when").map(read_condition);
    let tells = section.section("tells").map(read_told).unwrap_or_default();
    let otherwise = section.section("otherwise").map(read_otherwise).unwrap_or_default();
    let when = match when {
        Some(condition) => Some(condition?),
        None if section.has("when") => return None,
        None => None,
    };
    Some(any.then_some(Guard { when, tells, otherwise }))
}

fn read_condition(section: Section<'_, '_>) -> Option<Condition> {
    const HELP: &str = "write `{ window = \"algo\", below = \"29 days\" }`, `{ field = \"lock.state\", is = [\"locked\"] }` or `{ field = \"own.x\", known = true }`";
    let windows = [
        ("access", (Field::AccessFrom, Field::AccessUntil)),
        ("mobile", (Field::MobileFrom, Field::MobileUntil)),
        ("algo", (Field::AlgoFrom, Field::AlgoUntil)),
    ];
    let names: Vec<(&'static str, usize)> =
        windows.iter().enumerate().map(|(at, (name, _))| (*name, at)).collect();
    let window = section.choice("window", &names).and_then(|at| windows.get(at).cloned());
    let (at_least, below) = (positive(&section, "at_least"), positive(&section, "below"));
    let field = section.text("field").and_then(|text| field_named(&section, &text));
    let texts: Vec<String> = section.texts("is").iter().map(|text| text.value.to_owned()).collect();
    let known = section.flag("known");
    let (doc, span) = (section.doc, section.span.clone());
    section.finish();
    let never = at_least.zip(below).is_some_and(|(least, below)| least >= below);
    let cannot_be = |field: &Field| texts.iter().find(|text| !may_be(field, text)).cloned();
    if let Some(text) = field.as_ref().and_then(cannot_be) {
        doc.problem(span, format!("a condition on `{text}`, which that field never is"), HELP);
        return None;
    }
    let condition = match (window, field) {
        (Some((_, (from, until))), None) if (at_least.is_some() || below.is_some()) && !never => {
            Some(Condition::Window { from, until, at_least, below })
        }
        (None, Some(field)) if !texts.is_empty() && known.is_none() => Some(Condition::Is { field, texts }),
        (None, Some(field)) if texts.is_empty() => known.map(|known| Condition::Known { field, known }),
        _ => None,
    };
    if condition.is_none() {
        doc.problem(span, "a condition that is none", HELP);
    }
    condition
}

/// Whether a field can have that text, as a condition compares it.
fn may_be(field: &Field, text: &str) -> bool {
    match field.kind() {
        FieldKind::Word => Word::parse(text).is_some(),
        FieldKind::Bool => matches!(text, "true" | "false"),
        _ => !text.is_empty(),
    }
}

/// Refusals that can tell how a lock is. Any other would hide a failure.
const TELLING: [FailureKind; 5] = [
    FailureKind::NotFound,
    FailureKind::Offline,
    FailureKind::Unsupported,
    FailureKind::UpstreamTimeout,
    FailureKind::Server,
];

fn read_otherwise(section: Section<'_, '_>) -> Vec<(FailureKind, Facts)> {
    let kinds: Vec<(&'static str, FailureKind)> = TELLING.iter().map(|kind| (kind.as_str(), *kind)).collect();
    let mut all = Vec::new();
    for (key, value) in section.entries() {
        let Some(kind) = section.choose(&key, &kinds) else { continue };
        if let Some(facts) = section.section_of(value, format!("`otherwise.{}`", key.value)) {
            all.push((kind, read_told(facts)));
        }
    }
    all
}

/// What the outcome of a step tells: whether the lock can be reached, or a value
/// of the profile's own. Anything else is for the vendor to say.
fn read_told(section: Section<'_, '_>) -> Facts {
    let (doc, span) = (section.doc, section.span.clone());
    let facts = read_facts(section);
    let theirs = facts.iter().find(|(field, _)| !matches!(field, Field::LockReachable | Field::Own(_)));
    if let Some((field, _)) = theirs {
        doc.problem(
            span,
            format!("`{field}` told by the outcome of a step"),
            "only `lock.reachable` and `own.…` can be told so: the rest must stand in an answer",
        );
    }
    facts
}

/// Facts written out: fields with a text, a word, or yes and no.
pub(super) fn read_facts(section: Section<'_, '_>) -> Facts {
    let mut facts = Facts::new();
    for (key, value) in section.entries() {
        let Some(field) = field_named(&section, &key) else { continue };
        match datum(&field, value) {
            Some(datum) => facts.set(field, datum),
            None => section.doc.problem(
                value.span(),
                format!("`{field}` cannot be that"),
                "write a text, a canonical word, or true and false, as the field holds",
            ),
        }
    }
    facts
}

fn datum(field: &Field, value: Value<'_, '_>) -> Option<Datum> {
    match (field.kind(), value.get_ref()) {
        (FieldKind::Bool, value) => value.as_bool().map(Datum::Bool),
        (FieldKind::Text, value) => value.as_str().map(Datum::text),
        (FieldKind::Word, value) => value.as_str().and_then(Word::parse).map(Datum::Word),
        _ => None,
    }
}
