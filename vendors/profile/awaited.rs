//! What a step looks for in a listing, or waits for in an answer.

use super::document::Section;
use super::functions::field_named;
use super::guards;
use super::operations::ReadOperation;
use crate::vendors::dialect::PollUntil;
use crate::vendors::vocabulary::{Facts, Field, FieldKind, Word};

/// The fields in which an item must agree; the listing must answer with them.
pub(super) fn read_by(section: &Section<'_, '_>, read: &ReadOperation<'_>) -> Option<Vec<Field>> {
    let fields = read_fields(section, read, "by")?;
    if fields.is_empty() {
        section.missing("by", "name the fields in which the item must agree: `by = [\"access.name\"]`");
        return None;
    }
    Some(fields)
}

/// `where`: what the item must say; the listing must answer with it.
pub(super) fn read_says(section: &Section<'_, '_>, read: &ReadOperation<'_>) -> Facts {
    let Some(table) = section.section("where") else { return Facts::new() };
    let span = table.span.clone();
    let facts = guards::read_facts(table);
    for (field, _) in facts.iter().filter(|(field, _)| !read.may_answer_with(field)) {
        let what = format!("the answer of `{}` has no `{{{field}}}`", read.operation.name());
        section.doc.problem(span.clone(), what, "name a field that the listing answers with");
    }
    if facts.iter().next().is_none() {
        let help = "write `where = { \"access.state\" = \"free\" }`";
        section.doc.problem(span, "`where` without a field", help);
    }
    facts
}

/// `gone`: whether what is looked for must no longer be listed. What is gone
/// says nothing.
pub(super) fn read_gone(section: &Section<'_, '_>) -> bool {
    let gone = section.flag("gone").unwrap_or(false);
    if gone && section.has("where") {
        let help = "name the item by the fields in which it agrees: `by = [\"access.id\"]`";
        section.doc.problem(section.span.clone(), "`gone` beside `where`", help);
    }
    gone
}

/// Fields that the listing must answer with.
pub(super) fn read_fields(
    section: &Section<'_, '_>,
    read: &ReadOperation<'_>,
    key: &'static str,
) -> Option<Vec<Field>> {
    let mut fields = Vec::new();
    for text in &section.texts(key) {
        let field = field_named(section, text)?;
        if !read.may_answer_with(&field) {
            section.doc.problem(
                text.span.clone(),
                format!("the answer of `{}` has no `{{{field}}}`", read.operation.name()),
                "name a field that the listing answers with",
            );
            return None;
        }
        fields.push(field);
    }
    Some(fields)
}

pub(super) fn read_until(section: &Section<'_, '_>, read: &ReadOperation<'_>) -> Option<PollUntil> {
    let Some(until) = section.section("until") else { return usual_until(section, read) };
    let field = until.required_text("field", "name the field that is watched: `field = \"job.state\"`");
    let field = field.and_then(|text| {
        let field = field_named(&until, &text)?;
        if field.kind() != FieldKind::Word || !read.may_answer_with(&field) {
            let what = format!("the answer of `{}` has no word `{{{field}}}`", read.operation.name());
            until.doc.problem(text.span, what, "watch a state that the answer carries");
            return None;
        }
        Some(field)
    });
    let words: Vec<(&'static str, Word)> = Word::ALL.iter().map(|word| (word.as_str(), *word)).collect();
    let words_of = |key| -> Vec<Word> {
        until.texts(key).iter().filter_map(|text| until.choose(text, &words)).collect()
    };
    let (done, failed) = (words_of("done"), words_of("failed"));
    if done.is_empty() {
        until.missing("done", "name the words that mean success: `done = [\"done\"]`");
    }
    until.finish();
    Some(PollUntil { field: field?, done, failed })
}

/// Without `until`: the state that the answer carries.
fn usual_until(section: &Section<'_, '_>, read: &ReadOperation<'_>) -> Option<PollUntil> {
    for (field, done) in [
        (Field::JobState, Word::Done),
        (Field::AccessState, Word::Active),
        (Field::MobileState, Word::Active),
    ] {
        if read.operation.answers_with(&field) {
            return Some(PollUntil { field, done: vec![done], failed: vec![Word::Failed] });
        }
    }
    section.missing(
        "until",
        "write `until = { field = \"job.state\", done = [\"done\"], failed = [\"failed\"] }`",
    );
    None
}
