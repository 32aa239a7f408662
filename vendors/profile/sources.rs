//! `[sources]`, and `sources` of the parts of a profile: where what is said is from.

use toml::Spanned;
use toml::de::DeValue;

use super::document::{Document, Located, Section};
use super::problem::nearest;
use crate::vendors::dialect::{Evidence, Origin, Part, Source};

/// In the place of a source: that no public one establishes it.
pub(super) const NOT_ESTABLISHED: &str = "not_established";

/// In the place of a member: all that are not named.
pub(super) const REST: &str = "rest";

/// `[sources]`: read before everything that names them.
pub(super) fn read(root: &Section<'_, '_>) {
    let Some(section) = root.section("sources") else { return };
    for (name, value) in section.entries() {
        if !root.doc.takes_name(&name) {
            continue;
        }
        if name.value == NOT_ESTABLISHED {
            let help = "it is what a part says that no source establishes: write it there";
            root.doc.problem(name.span, format!("`{NOT_ESTABLISHED}` is no source"), help);
            continue;
        }
        let Some(entry) = section.section_of(value, format!("source `{}`", name.value)) else { continue };
        // A source that is not whole is one all the same, so that those who name it are not wrong too.
        let source = read_source(entry, name.value);
        root.doc.origins.borrow_mut().sources.push(source);
    }
    let mixed = {
        let sources = &root.doc.origins.borrow().sources;
        sources.len() > 1 && sources.iter().any(|source| source.is == Evidence::MadeUp)
    };
    if mixed {
        let help = "a vendor that does not exist has no other source: keep one of them";
        root.doc.problem(section.span.clone(), "a source that is made up beside others", help);
    }
}

fn read_source(section: Section<'_, '_>, name: &str) -> Source {
    let sorts: Vec<(&'static str, Evidence)> =
        Evidence::ALL.iter().map(|evidence| (evidence.as_str(), *evidence)).collect();
    let is = section
        .required_text("is", "say what sort of evidence it is: `is = \"vendor\"`")
        .and_then(|text| section.choose(&text, &sorts));
    let title = section.required_text("title", "write what it is, as people would name it");
    if let Some(blank) = title.as_ref().filter(|title| title.value.trim().is_empty()) {
        section.doc.problem(blank.span.clone(), "a source without a title", "write what it is");
    }
    let url = section.text("url");
    if let Some(url) = url.as_ref().filter(|url| !is_address(url.value)) {
        let what = format!("`{}` is no address", url.value);
        section.doc.problem(url.span.clone(), what, "write `https://host/path`, or leave it out");
    }
    let date = section.text("date");
    if let Some(date) = date.as_ref().filter(|date| !is_date(date.value)) {
        let what = format!("`{}` is no date", date.value);
        section.doc.problem(date.span.clone(), what, "write `2026`, `2026-11` or `2026-11-22`");
    }
    section.finish();
    let owned = |text: Option<Located<&str>>| text.map(|text| text.value.to_owned());
    Source {
        name: name.to_owned(),
        is: is.unwrap_or(Evidence::Vendor),
        title: owned(title).unwrap_or_default(),
        url: owned(url),
        date: owned(date),
    }
}

/// Whether a text is an address that can be asked over HTTP.
pub(super) fn is_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// A year, a month or a day.
fn is_date(text: &str) -> bool {
    let rest = match text.len() {
        4 => "-01-01",
        7 => "-01",
        10 => "",
        _ => return false,
    };
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    plain && format!("{text}{rest}").parse::<jiff::civil::Date>().is_ok()
}

/// What a table says of where its members are from.
enum Cited {
    All(Origin),
    Each { named: Vec<(String, Origin)>, rest: Option<Origin> },
}

/// Notes where the members of a table are from. Tables of the keys `below` may say
/// it for themselves; where they do not, what this one says holds for them too.
pub(super) fn cite(section: &Section<'_, '_>, name: &str, below: &[&str]) {
    let said = read_cited(section);
    note(section, name, below, said);
}

/// The same for a table within another, which need not say it for itself.
pub(super) fn cite_below(section: &Section<'_, '_>, name: &str) {
    if let Some(said) = read_cited(section) {
        note(section, name, &[], Some(said));
    }
}

fn note(section: &Section<'_, '_>, name: &str, below: &[&str], said: Option<Cited>) {
    let keys: Vec<&str> = members(section)
        .filter(|(key, value)| !(below.contains(key) && says_itself(value)))
        .map(|(key, _)| key)
        .collect();
    let mut parts = Vec::new();
    let mut part = |name: String, origin: Origin| parts.push(Part { name, origin });
    match said {
        _ if keys.is_empty() => {}
        None => part(name.to_owned(), Origin::Unnamed),
        Some(Cited::All(origin)) => part(name.to_owned(), origin),
        Some(Cited::Each { named, rest }) => {
            let left = keys.iter().filter(|key| !named.iter().any(|(known, _)| known == *key));
            let left: Vec<&str> = left.copied().collect();
            for (key, origin) in named {
                part(format!("{name}: `{key}`"), origin);
            }
            match rest {
                Some(origin) if left.len() == keys.len() => part(name.to_owned(), origin),
                Some(origin) if !left.is_empty() => part(format!("{name}, the rest"), origin),
                Some(_) => {}
                None => {
                    left.iter().for_each(|key| part(format!("{name}: `{key}`"), Origin::Unnamed));
                }
            }
        }
    }
    section.doc.origins.borrow_mut().parts.extend(parts);
}

/// The members of a table, but for `sources` itself.
fn members<'d, 't>(
    section: &Section<'d, 't>,
) -> impl Iterator<Item = (&'d str, &'d Spanned<DeValue<'t>>)> + use<'d, 't> {
    let entries = section.entries().into_iter().map(|(key, value)| (key.value, value));
    entries.filter(|(key, _)| *key != "sources")
}

/// Whether a table, or each of a list of tables, says where its members are from.
fn says_itself(value: &Spanned<DeValue<'_>>) -> bool {
    match value.get_ref() {
        DeValue::Table(table) => table.contains_key("sources"),
        DeValue::Array(items) => !items.is_empty() && items.iter().all(says_itself),
        _ => false,
    }
}

fn read_cited(section: &Section<'_, '_>) -> Option<Cited> {
    let value = section.value("sources")?;
    let DeValue::Table(_) = value.get_ref() else {
        return Some(Cited::All(read_origin(section, value)));
    };
    let table = section.section_of(value, "`sources`")?;
    let (mut named, mut rest) = (Vec::new(), None);
    for (key, value) in table.entries() {
        let origin = read_origin(&table, value);
        if key.value == REST {
            rest = Some(origin);
        } else if members(section).any(|(known, _)| known == key.value) {
            named.push((key.value.to_owned(), origin));
        } else {
            let help = match nearest(key.value, members(section).map(|(known, _)| known)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("name a member of {}, or `{REST}` for all others", section.title),
            };
            let what = format!("{} has no `{}` whose source could be named", section.title, key.value);
            section.doc.problem(key.span, what, help);
        }
    }
    Some(Cited::Each { named, rest })
}

/// One source or a list of them, or that none establishes it.
fn read_origin(section: &Section<'_, '_>, value: &Spanned<DeValue<'_>>) -> Origin {
    let names: Vec<Located<&str>> = match value.get_ref() {
        DeValue::Array(items) => items.iter().filter_map(|item| text_of(section, item)).collect(),
        _ => text_of(section, value).into_iter().collect(),
    };
    if matches!(value.get_ref(), DeValue::Array(items) if items.is_empty()) {
        let help = format!("name one of `[sources]`, or write `\"{NOT_ESTABLISHED}\"`");
        section.doc.problem(value.span(), "a list without a source", help);
    }
    if let [only] = &names[..]
        && only.value == NOT_ESTABLISHED
    {
        return Origin::NotEstablished;
    }
    for name in &names {
        check_known(section.doc, name);
    }
    Origin::Sources(names.into_iter().map(|name| name.value.to_owned()).collect())
}

fn text_of<'v>(section: &Section<'_, '_>, value: &'v Spanned<DeValue<'_>>) -> Option<Located<&'v str>> {
    let text = value.get_ref().as_str();
    if text.is_none() {
        let what = format!("expected the name of a source, found {}", value.get_ref().type_str());
        section.doc.problem(value.span(), what, "write `sources = [\"docs\"]`");
    }
    text.map(|text| Located { value: text, span: value.span() })
}

fn check_known(doc: &Document<'_>, name: &Located<&str>) {
    let origins = doc.origins.borrow();
    let known = || origins.sources.iter().map(|source| source.name.as_str());
    if known().any(|known| known == name.value) {
        return;
    }
    let (what, help) = if name.value == NOT_ESTABLISHED {
        let help = "write it alone, and say in a note what is taken";
        (format!("`{NOT_ESTABLISHED}` beside a source"), help.to_owned())
    } else {
        let help = match nearest(name.value, known()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write `[sources.{}]` with `is` and `title`", name.value),
        };
        (format!("unknown source `{}`", name.value), help)
    };
    drop(origins);
    doc.problem(name.span.clone(), what, help);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::dialect::Origins;
    use crate::vendors::profile::{compile, embedded_names, load};

    /// A small profile with one of its texts replaced: where its parts are from, or
    /// what is wrong with it.
    fn read_with(from: &str, to: &str) -> Result<Origins, Vec<String>> {
        let text = include_str!("../locks/unloc.toml");
        assert!(text.contains(from), "{from}");
        match compile("unloc.toml", &text.replacen(from, to, 1)) {
            Ok(dialect) => Ok(dialect.origins.clone()),
            Err(errors) => Err(errors
                .problems
                .iter()
                .map(|problem| format!("{} ({})", problem.what, problem.help.as_deref().unwrap_or_default()))
                .collect()),
        }
    }

    const LOCKS: &str = "sources = { request = [\"collection\", \"guides\"], rest = [\"guides\"] }";

    #[test]
    fn each_mistake_is_told() {
        for (to, expected) in [
            ("sources = [\"guide\"]", "unknown source `guide` (did you mean `guides`?)"),
            ("sources = \"zzz\"", "unknown source `zzz` (write `[sources.zzz]` with `is` and `title`)"),
            ("sources = []", "a list without a source ("),
            ("sources = 7", "expected the name of a source, found integer ("),
            ("sources = [\"guides\", \"not_established\"]", "`not_established` beside a source ("),
            (
                "sources = { requst = [\"guides\"] }",
                "operation `list_locks` has no `requst` whose source could be named (did you mean `request`?)",
            ),
            (
                "sourcs = [\"guides\"]",
                "unknown key `sourcs` in operation `list_locks` (did you mean `sources`?)",
            ),
        ] {
            let found = read_with(LOCKS, to).unwrap_err();
            assert!(found.len() == 1 && found[0].starts_with(expected), "{to}\n{found:#?}");
        }
        for (from, to, expected) in [
            ("[sources.partners]", "[sources.not_established]", "`not_established` is no source ("),
            ("date = \"2020\"", "date = \"last year\"", "`last year` is no date ("),
            ("date = \"2020\"", "date = \"2020-13\"", "`2020-13` is no date ("),
            (
                "url = \"https://dev",
                "url = \"dev",
                "`developer.unloc.app/docs/quickstart-introduction` is no address (",
            ),
            ("is = \"vendor\"", "is = \"vender\"", "unknown word `vender` (did you mean `vendor`?)"),
            ("is = \"vendor\"", "is = \"made_up\"", "a source that is made up beside others ("),
            (
                "title = \"Guides for integrators: tokens, lock holders, locks, keys\"",
                "title = \" \"",
                "a source without a title (",
            ),
        ] {
            let found = read_with(from, to).unwrap_err();
            assert!(found.iter().any(|line| line.starts_with(expected)), "{to}\n{found:#?}");
        }
    }

    fn origin_of(origins: &Origins, part: &str) -> Option<Origin> {
        origins.parts.iter().find(|known| known.name == part).map(|part| part.origin.clone())
    }

    #[test]
    fn a_part_is_as_a_whole_or_member_by_member_from_somewhere() {
        let guides = || Some(Origin::Sources(vec!["guides".to_owned()]));
        let told = read_with(LOCKS, LOCKS).unwrap();
        assert_eq!(origin_of(&told, "operation `list_locks`, the rest"), guides());
        let both = Origin::Sources(vec!["collection".to_owned(), "guides".to_owned()]);
        assert_eq!(origin_of(&told, "operation `list_locks`: `request`"), Some(both));

        let told = read_with(LOCKS, "sources = \"not_established\"").unwrap();
        assert_eq!(origin_of(&told, "operation `list_locks`"), Some(Origin::NotEstablished));

        let told = read_with(LOCKS, "sources = { request = \"guides\" }").unwrap();
        assert_eq!(origin_of(&told, "operation `list_locks`: `request`"), guides());
        assert_eq!(told.unnamed(), ["operation `list_locks`: `response`"]);

        let told = read_with(LOCKS, "").unwrap();
        assert_eq!(told.unnamed(), ["operation `list_locks`"]);
    }

    #[test]
    fn what_a_table_says_holds_for_those_within_it() {
        let below = "[limits.delays]\nsources = [\"partners\"]\n";
        let told = read_with(below, "[limits]\nsources = [\"guides\"]\n[limits.delays]\n").unwrap();
        assert_eq!(origin_of(&told, "limits"), Some(Origin::Sources(vec!["guides".to_owned()])));
        assert_eq!(origin_of(&told, "limits.delays"), None);
        let told = read_with(below, "[limits]\npulse = \"5 s\"\n[limits.delays]\nsources = [\"partners\"]\n");
        assert_eq!(told.unwrap().unnamed(), ["limits"]);
        assert_eq!(read_with(below, "[limits.delays]\n").unwrap().unnamed(), ["limits"]);
    }

    #[test]
    fn every_part_of_an_embedded_profile_names_its_source() {
        for name in embedded_names() {
            let dialect = load(name).unwrap();
            let origins = &dialect.origins;
            assert!(origins.are_named(), "{name} names no source");
            assert_eq!(origins.unnamed(), Vec::<&str>::new(), "{name}");
            let made_up = origins.sources[0].is == Evidence::MadeUp;
            assert_eq!(made_up, name == "reference");
            let idle = |source: &&Source| !made_up && origins.from(&source.name) == 0;
            assert_eq!(origins.sources.iter().find(idle), None, "{name}");
            for operation in dialect.operations() {
                let part = format!("operation `{}`", operation.name());
                let told = |known: &Part| known.name == part || known.name.starts_with(&format!("{part}: `"));
                assert!(origins.parts.iter().any(told), "{name}: {part}");
            }
            if !origins.not_established().is_empty() {
                let said = dialect.notes.to_lowercase().contains("not established");
                assert!(said, "{name}: what is not established is not said in the notes");
            }
        }
    }

    #[test]
    fn the_sorts_of_evidence_are_described() {
        for evidence in Evidence::ALL {
            let row = format!("| `{}` | {} |", evidence.as_str(), evidence.means());
            assert!(include_str!("../README.md").contains(&row), "{row}");
        }
    }
}
