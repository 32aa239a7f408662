//! The terms of an operation, and what of other clients' requests it takes by
//! another name or does not play.

use super::document::{Located, Section};
use super::limits_section::positive;
use super::problem::nearest;
use crate::vendors::dialect::Terms;
use crate::vendors::dialect::form::Body;
use crate::vendors::dialect::template::Text;
use crate::vendors::vocabulary::Meaning;

/// What a request with a window can mean.
const WITH_WINDOW: [Meaning; 5] =
    [Meaning::AssignAccess, Meaning::SetPin, Meaning::UpdatePin, Meaning::CreateMobile, Meaning::AlgoPin];

/// `window`, `variants`, `uses` and `use_within`.
pub(super) fn read_terms(section: &Section<'_, '_>, meaning: Option<Meaning>) -> Terms {
    let mut terms = Terms::default();
    if let Some(window) = section.section("window") {
        (terms.shortest, terms.longest) = (positive(&window, "min"), positive(&window, "max"));
        let never = terms.shortest.zip(terms.longest).is_some_and(|(min, max)| min > max);
        if never || terms.shortest.or(terms.longest).is_none() {
            let help = "write `window = { min = \"1 h\", max = \"28 days\" }`, or one of the two";
            section.doc.problem(window.span.clone(), "a window that limits nothing, or leaves none", help);
        }
        window.finish();
    }
    terms.variants = section.number("variants", 1..=100);
    terms.uses = section.number("uses", 1..=100);
    terms.use_within = positive(section, "use_within");
    let with_window = meaning.is_none_or(|meaning| WITH_WINDOW.contains(&meaning));
    let algo = meaning.is_none_or(|meaning| meaning == Meaning::AlgoPin);
    let counted = algo || meaning == Some(Meaning::CreateMobile);
    for (key, fits, help) in [
        ("window", with_window, "only what gives access for a time has a window"),
        ("variants", algo, "only computed PINs have variants"),
        ("uses", counted, "only computed PINs and mobile credentials are counted in uses"),
        ("use_within", algo, "only computed PINs must be used soon"),
    ] {
        if let Some(value) = section.value(key).filter(|_| !fits) {
            section.doc.problem(value.span(), format!("`{key}` in {}", section.title), help);
        }
    }
    terms
}

/// `also`: names under which others send a parameter of the query or the form.
pub(super) fn read_also(
    section: &Section<'_, '_>,
    query: &[(String, Text)],
    body: &Body,
) -> Vec<(String, String)> {
    let form = match body {
        Body::Form(pairs) => &pairs[..],
        Body::Empty | Body::Json(_) | Body::Text(_) => &[],
    };
    let names: Vec<&str> = query.iter().chain(form).map(|(name, _)| name.as_str()).collect();
    let mut also: Vec<(String, String)> = Vec::new();
    for (name, other) in read_texts(section, "also") {
        let taken = names.contains(&other.value) || also.iter().any(|(_, known)| known == other.value);
        if !names.contains(&name.value) {
            let help = match nearest(name.value, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write it under `query` or `form`; members of JSON have one name".to_owned(),
            };
            section.doc.problem(name.span, format!("no parameter `{}`", name.value), help);
        } else if taken {
            let what = format!("`{}` is a parameter's name already", other.value);
            section.doc.problem(other.span, what, "give each parameter a name of its own");
        } else {
            also.push((name.value.to_owned(), other.value.to_owned()));
        }
    }
    also
}

/// `ignores`: parameters of the query or the body that the vendor documents and
/// that are not played, each with what that means.
pub(super) fn read_ignores(
    section: &Section<'_, '_>,
    query: &[(String, Text)],
    body: &Body,
) -> Vec<(String, String)> {
    let mut ignores = Vec::new();
    for (name, why) in read_texts(section, "ignores") {
        if query.iter().any(|(known, _)| known == name.value) || body.names().contains(&name.value) {
            let what = format!("`{}` is played: it is in the request", name.value);
            section.doc.problem(name.span, what, "leave it out here, or there");
        } else if why.value.trim().is_empty() {
            let help = "write what the vendor does by it, in a sentence";
            section.doc.problem(why.span, format!("`{}` is ignored without a word", name.value), help);
        } else {
            ignores.push((name.value.to_owned(), why.value.to_owned()));
        }
    }
    ignores
}

fn read_texts<'d>(section: &Section<'d, '_>, key: &'static str) -> Vec<(Located<&'d str>, Located<&'d str>)> {
    let Some(table) = section.section(key) else { return Vec::new() };
    let entries = table.entries();
    entries.into_iter().filter_map(|(name, value)| Some((name, table.text_of(value)?))).collect()
}
