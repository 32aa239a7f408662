//! Free text: IP-50, IP-51.

use cucumber::step::Collection;

use super::contact::{book_each, come, each, nowhere, sent, sent_at_all, typed_before};
use super::malformed::holds_markup;
use super::typed;
use super::world::InletPartner;
use crate::harness::partner::{Booked, Contact, PartnerBench};
use crate::harness::trial::{Step, Stop};
use crate::vendors::partner::Booking;

/// Signs that are often escaped once too often.
const ESCAPED: &[&str] = &[
    "\"quoted\" and 'quoted'",
    "Tom & Jerry & Ann",
    "C:\\rooms\\7",
    "100 % sure, 5 < 6 > 4",
    "🎉 José 👩‍👩‍👧 Ægir",
    "line one\nline two",
    "tab\there",
    "نوح",
    "e\u{301}galite\u{301}",
];

pub(super) fn steps(collection: Collection<InletPartner>) -> Collection<InletPartner> {
    crate::steps! { collection;
        given "the partner sends what guests type as reference" => sends_reference;
        when "guests whose texts hold scripts book stays" => scripts;
        when "guests with harmless texts book stays" => harmless;
        when "guests with texts full of quotes, ampersands and emoji book stays" => escaped;
        given "guests whose texts hold scripts booked stays" => scripts_were_typed;
        then "no script and no markup reached Inlet" => no_script;
        then "each of these texts reached Inlet unharmed" => unharmed;
    }
}

/// What an integration does not declare to send is not asked of it, and nothing
/// of the kind may arrive.
async fn sends_reference(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    if bench.description().declared.sends_reference {
        return Ok(());
    }
    let ordinary = bench.ordinary_stay().await?;
    if sent(&bench, &ordinary).into_iter().any(|contact| holds(contact, &ordinary.booking.text)) {
        return Err(Stop::fail(
            "what guests type is sent, and not declared",
            "`sends_reference` of the description says so",
            "a guest's text arrived as `reference`",
        ));
    }
    Err(Stop::NotApplicable("the partner sends nothing that guests type as free text".to_owned()))
}

async fn scripts(world: &mut InletPartner) -> Step {
    texts(world, typed::scripts()).await?;
    // What follows later is looked for at the end of the run.
    sent_at_all(world).await
}

async fn scripts_were_typed(world: &mut InletPartner) -> Step {
    let scripts = typed::scripts();
    typed_before(world, |booking| scripts.contains(&booking.text))
}

async fn harmless(world: &mut InletPartner) -> Step {
    texts(world, typed::harmless()).await?;
    come(world, has_own_text).await.map(drop)
}

async fn escaped(world: &mut InletPartner) -> Step {
    texts(world, ESCAPED.iter().map(|text| (*text).to_owned()).collect()).await?;
    come(world, has_own_text).await.map(drop)
}

/// Whether the text that was typed was sent, unharmed.
fn has_own_text(bench: &PartnerBench, booked: &Booked) -> bool {
    sent(bench, booked).into_iter().any(|contact| holds(contact, &booked.booking.text))
}

async fn texts(world: &mut InletPartner, texts: Vec<String>) -> Step {
    let fill = |booking: &mut Booking, text: &String| booking.text.clone_from(text);
    book_each(world, texts, fill, Clone::clone).await
}

async fn no_script(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let tried = world.many.len() + world.refused.len();
    let mut found = 0;
    for booked in &world.many {
        let mut texts = sent(&bench, booked).into_iter().filter_map(|contact| contact.reference);
        found += usize::from(texts.any(|text| typed::holds_markup(text.expose())));
    }
    if tried == 0 {
        return Err(Stop::Error("nothing was booked".to_owned()));
    }
    if found == 0 {
        nowhere(&bench, holds_markup, "scripts or markup")?;
        world.remark(format!("{tried} texts with scripts and markup"));
        return Ok(());
    }
    Err(Stop::fail(
        "scripts or markup reached Inlet",
        "tags are taken out or escaped, or the form refuses them",
        format!("{found} of {tried} texts arrived with markup in them"),
    ))
}

async fn unharmed(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let harmed = world.many.iter().filter(|booked| !has_own_text(&bench, booked)).count();
    each(world, harmed, "harmless texts")
}

fn holds(contact: Contact, typed: &str) -> bool {
    contact.reference.is_some_and(|text| is_unharmed(text.expose(), typed))
}

/// Whether a text arrived as it was typed, be it among words of the partner's own:
/// `Booking 7: O'Brien`. What stands next to it must not be part of it, as the
/// backslash before a sign that was escaped would be.
fn is_unharmed(arrived: &str, typed: &str) -> bool {
    let (arrived, typed) = (same(arrived), same(typed));
    let before = |c: char| c.is_whitespace() || ":,;-–—/|([".contains(c);
    let after = |c: char| c.is_whitespace() || ".,;-–—/|)]".contains(c);
    arrived.match_indices(&typed).any(|(at, _)| {
        arrived[..at].chars().next_back().is_none_or(before)
            && arrived[at + typed.len()..].chars().next().is_none_or(after)
    })
}

/// A text in one form: composed (Unicode's form C), white space as one space.
fn same(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_may_stand_among_words_of_the_partners_own() {
        for typed in typed::harmless().iter().map(String::as_str).chain(ESCAPED.iter().copied()) {
            for arrived in [
                typed.to_owned(),
                format!("Booking 7: {typed}"),
                format!("[7] {typed} (web)"),
                format!("Guest|{typed}|7"),
            ] {
                assert!(is_unharmed(&arrived, typed), "{arrived}");
            }
        }
    }

    #[test]
    fn a_text_that_was_escaped_or_cut_is_harmed() {
        for (arrived, typed) in [
            ("Booking 7: O\\'Brien", "O'Brien"),
            ("Booking 7: O&#39;Brien", "O'Brien"),
            ("\"O'Brien\"", "O'Brien"),
            ("Booking 7: \\'s-Hertogenbosch", "'s-Hertogenbosch"),
            ("R&amp;D", "R&D"),
            ("Booking 7", "0"),
            ("Booking 70", "0"),
            ("50 %25", "50 %"),
            ("Booking 7: ", "O'Brien"),
        ] {
            assert!(!is_unharmed(arrived, typed), "{arrived}");
        }
        for typed in ESCAPED.iter().filter(|text| text.contains(['"', '\\'])) {
            let escaped = serde_json::Value::String((*typed).to_owned()).to_string();
            assert!(!is_unharmed(&escaped, typed), "{escaped}");
        }
    }
}
