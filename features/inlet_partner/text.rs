//! Free text: IP-50, IP-51.

use cucumber::step::Collection;

use super::contact::{book_each, each, sent};
use super::typed;
use super::world::InletPartner;
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
        then "no script and no markup reached Inlet" => no_script;
        then "each of these texts reached Inlet unharmed" => unharmed;
    }
}

async fn sends_reference(world: &mut InletPartner) -> Step {
    if world.bench()?.description().declared.sends_reference {
        return Ok(());
    }
    Err(Stop::NotApplicable("the partner sends nothing that guests type as free text".to_owned()))
}

async fn scripts(world: &mut InletPartner) -> Step {
    texts(world, typed::scripts()).await
}

async fn harmless(world: &mut InletPartner) -> Step {
    texts(world, typed::harmless()).await
}

async fn escaped(world: &mut InletPartner) -> Step {
    texts(world, ESCAPED.iter().map(|text| (*text).to_owned()).collect()).await
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
    let mut harmed = 0;
    for booked in &world.many {
        let typed = same(&booked.booking.text);
        let arrived = sent(&bench, booked).into_iter().filter_map(|contact| contact.reference);
        harmed += usize::from(!arrived.into_iter().any(|text| same(text.expose()) == typed));
    }
    each(world, harmed, "harmless texts")
}

/// A text in one form: composed (Unicode's form C), white space as one space.
fn same(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect()
}
