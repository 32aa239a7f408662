//! PINs that are not given as asked.

use std::time::Duration;

use super::{Misbehaviour, Twist};
use crate::simulator::world::{Call, Quirk, Refusal, World};
use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field, Meaning};

type Told = Result<Facts, Refusal>;

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    Misbehaviour::new("pin-never-listed", "LV-40", "PINs are created and never listed.", Twist::Told(unlist)),
    Misbehaviour::new(
        "user-is-made-anew",
        "LV-41",
        "Updating a user by its reference makes another user.",
        Twist::Told(another_user),
    ),
    quirk("opens-before-start", "LV-42", "A PIN opens before its window.", Quirk::OpensBeforeStart),
    quirk("opens-after-end", "LV-42", "A PIN opens after its window.", Quirk::OpensAfterEnd),
    quirk("shifts-by-an-hour", "LV-42", "Locks keep every window an hour late.", Quirk::ShiftsByAnHour).with(
        &[
            ("LV-41", "a PIN that begins in a minute does not open within the hour"),
            ("LV-45", "the first guest's PIN does not open in its window"),
            ("LV-50", "the PIN to be removed does not open in its window"),
            ("LV-51", "the guest's PIN does not open in its window"),
            ("LV-52", "no guest's PIN opens in its window"),
            ("LV-95", "the PIN does not open in its window"),
        ],
    ),
    quirk(
        "opens-a-minute-early",
        "LV-42",
        "A PIN opens a minute before its start.",
        Quirk::OpensAMinuteEarly,
    ),
    quirk(
        "opens-a-minute-late",
        "LV-42",
        "A PIN for later opens a minute after its start.",
        Quirk::OpensAMinuteLate,
    ),
    quirk("ends-a-minute-early", "LV-42", "A PIN ends a minute before its end.", Quirk::EndsAMinuteEarly),
    quirk("ends-a-minute-late", "LV-42", "A PIN ends a minute after its end.", Quirk::EndsAMinuteLate),
    quirk(
        "end-forgets-spring-change",
        "LV-42",
        "An end beyond the change in spring is an hour late.",
        Quirk::EndForgetsSpringChange,
    ),
    quirk(
        "end-forgets-autumn-change",
        "LV-42",
        "An end beyond the change in autumn is an hour early.",
        Quirk::EndForgetsAutumnChange,
    ),
    Misbehaviour::new(
        "pin-listed-with-other-window",
        "LV-40",
        "A PIN is listed with another end than asked for.",
        Twist::Told(lengthen),
    ),
    Misbehaviour::new(
        "creation-without-keys",
        "LV-40",
        "The keys to type come without the one that ends them.",
        Twist::Told(no_suffix),
    )
    .with(&[
        ("LV-41", "the keys that the guest is told do not open"),
        ("LV-42", "the keys that the guest is told do not open"),
        ("LV-45", "the keys that the guest is told do not open"),
        ("LV-50", "the keys that the guest is told do not open"),
        ("LV-51", "the keys that the guest is told do not open"),
        ("LV-52", "the keys that the guest is told do not open"),
        ("LV-95", "the keys that the guest is told do not open"),
    ]),
    quirk(
        "change-does-nothing",
        "LV-43",
        "A change of an access is answered and not carried out.",
        Quirk::ChangeDoesNothing,
    ),
    Misbehaviour::new("names-lose-accents", "LV-47", "Names keep ASCII only.", Twist::Asked(ascii_names)),
    Misbehaviour::new(
        "needs-a-persons-name",
        "LV-99",
        "A user without a name is refused.",
        Twist::Told(refuse_nameless),
    ),
    quirk(
        "conflict-takes-the-first-pin",
        "LV-45",
        "A PIN in use is refused, and the first guest's PIN is gone.",
        Quirk::ConflictEvicts,
    ),
    quirk(
        "offline-refused-but-kept",
        "LV-46",
        "A PIN for an offline lock is refused, and appears when the lock returns.",
        Quirk::KeepsRefusedCreation,
    ),
    quirk("drops-minutes", "LV-42", "Locks drop the minutes of a window in silence.", Quirk::DropsMinutes),
    quirk(
        "shifts-over-clock-change",
        "LV-42",
        "Locks read a window beyond a change of the clocks with today's offset.",
        Quirk::ShiftsOverClockChange,
    ),
    quirk(
        "accepts-end-before-start",
        "LV-44",
        "An end before its start is taken.",
        Quirk::AcceptsEndBeforeStart,
    ),
    quirk("accepts-past-window", "LV-44", "A window that is over is taken.", Quirk::AcceptsPastWindow),
    quirk("accepts-any-pin-length", "LV-44", "A PIN of a wrong length is taken.", Quirk::AcceptsAnyPinLength),
    quirk("accepts-any-pin-keys", "LV-44", "A PIN of wrong keys is taken.", Quirk::AcceptsAnyPinKeys),
    quirk(
        "accepts-any-pin-pattern",
        "LV-44",
        "A PIN that breaks a declared rule is taken.",
        Quirk::AcceptsAnyPinPattern,
    ),
    quirk(
        "accepts-any-window-length",
        "LV-44",
        "A window that is longer than the longest is taken.",
        Quirk::AcceptsAnyWindowLength,
    ),
    Misbehaviour::new(
        "accepts-unknown-lock",
        "LV-44",
        "A PIN for an unknown lock is taken, for another lock.",
        Twist::Asked(other_lock),
    ),
    Misbehaviour::new(
        "error-but-creates",
        "LV-44",
        "A wrong window is refused, and an access is created all the same.",
        Twist::Told(create_anyway),
    ),
    quirk("two-users-one-pin", "LV-45", "A PIN in use is given to a second user.", Quirk::SharesPins),
    quirk(
        "claims-success-offline",
        "LV-46",
        "A PIN for an offline lock is told as active.",
        Quirk::ClaimsOfflineCreation,
    ),
    quirk(
        "deferred-but-never",
        "LV-46",
        "A PIN for an offline lock is taken and never reaches it.",
        Quirk::LosesOfflineCreation,
    ),
];

const fn quirk(
    name: &'static str,
    breaks: &'static str,
    summary: &'static str,
    quirk: Quirk,
) -> Misbehaviour {
    Misbehaviour::new(name, breaks, summary, Twist::World(quirk))
}

fn unlist(_: &mut World, call: Call, _: &Facts, told: &mut Told) {
    if let Some(facts) = told.as_mut().ok().filter(|_| call.meaning == Meaning::ListPins) {
        facts.items.clear();
        facts.set(Field::PageTotal, Datum::Int(0));
        facts.set(Field::PageMore, Datum::Bool(false));
        facts.remove(&Field::PageNext);
    }
}

fn lengthen(_: &mut World, call: Call, _: &Facts, told: &mut Told) {
    let Some(facts) = told.as_mut().ok().filter(|_| call.meaning == Meaning::ListPins) else { return };
    for item in &mut facts.items {
        if let Some(until) = item.instant(&Field::AccessUntil) {
            item.set(Field::AccessUntil, Datum::Instant(until + Duration::from_secs(24 * 3600)));
        }
    }
}

fn no_suffix(_: &mut World, _: Call, _: &Facts, told: &mut Told) {
    let Some(facts) = told.as_mut().ok() else { return };
    let bare = facts.pin(&Field::AccessPin).cloned();
    if facts.has(&Field::AccessTyped) {
        facts.set_some(Field::AccessTyped, bare.map(Datum::Pin));
    }
}

fn ascii_names(_: &mut World, _: Call, asked: &mut Facts) {
    for field in [Field::UserName, Field::AccessName] {
        if let Some(name) = asked.text(&field) {
            let kept: String = name.chars().map(|sign| if sign.is_ascii() { sign } else { '?' }).collect();
            asked.set(field, Datum::text(kept));
        }
    }
}

fn refuse_nameless(_: &mut World, call: Call, asked: &Facts, told: &mut Told) {
    if call.meaning == Meaning::UpsertUser && !asked.has(&Field::UserName) {
        *told = Err(Refusal::invalid("a user has a name"));
    }
}

fn another_user(world: &mut World, call: Call, asked: &Facts, told: &mut Told) {
    if call.meaning == Meaning::UpsertUser && told.is_ok() {
        let mut nameless = asked.clone();
        nameless.remove(&Field::UserReference);
        nameless.remove(&Field::UserId);
        let mut other = world.perform(call, &nameless);
        if let (Ok(other), Some(reference)) = (&mut other, asked.text(&Field::UserReference)) {
            other.set(Field::UserReference, Datum::text(reference));
        }
        *told = other;
    }
}

fn gives_pin(call: Call) -> bool {
    matches!(call.meaning, Meaning::AssignAccess | Meaning::SetPin)
}

fn other_lock(world: &mut World, call: Call, asked: &mut Facts) {
    let unknown = asked.text(&Field::LockId).is_some_and(|lock| !world.has_lock(lock));
    if gives_pin(call) && unknown {
        let other = world.any_lock().and_then(|mut lock| lock.remove(&Field::LockId));
        asked.set_some(Field::LockId, other);
    }
}

fn create_anyway(world: &mut World, call: Call, asked: &Facts, told: &mut Told) {
    let invalid = matches!(told, Err(refusal) if refusal.kind == FailureKind::Invalid);
    if gives_pin(call) && invalid && asked.has(&Field::AccessFrom) {
        let now = world.now();
        let mut mended = asked.clone();
        mended.remove(&Field::RequestKey);
        mended.set(Field::AccessFrom, Datum::Instant(now.floor(Duration::from_secs(3600))));
        mended.set(
            Field::AccessUntil,
            Datum::Instant(now.ceil(Duration::from_secs(3600)) + Duration::from_secs(7200)),
        );
        // What cannot be created even so stays refused.
        let _ = world.perform(call, &mended);
    }
}
