//! What a person is told to do in the partner's system.

use serde_json::Value;

use crate::vendors::partner::{Act, BookingField as F, Values};

/// The instruction for an act, in plain lines.
pub(super) fn instruction(act: Act, values: &Values) -> String {
    let text = |field: F| match values.get(&field) {
        None | Some(Value::Null) => "(leave empty)".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
                .collect();
            items.join(", ")
        }
        Some(other) => other.to_string(),
    };
    let guest = text(F::GuestName);
    match act {
        Act::Book => book(values, &text),
        Act::ChangeEnd => format!("Let the stay of {guest} end at {}.", text(F::UntilOffset)),
        Act::MoveRoom => format!("Move {guest} to room {}, from now on.", text(F::Room)),
        Act::Split => {
            format!("Split the stay of {guest}: from {} on in room {}.", text(F::At), text(F::Room))
        }
        Act::CheckIn => format!("Check {guest} in now."),
        Act::CheckOut => format!("Check {guest} out now."),
        Act::Cancel => format!("Cancel the booking of {guest}."),
        Act::Show => format!("Look at the booking of {guest}."),
    }
}

fn book(values: &Values, text: &dyn Fn(F) -> String) -> String {
    let mut lines = vec!["Make a booking:".to_owned()];
    let mut line = |name: &str, field: F| lines.push(format!("  {name:<10} {}", text(field)));
    if values.get(&F::Customer).and_then(Value::as_u64).is_some_and(|customer| customer > 1) {
        line("customer", F::Customer);
    }
    line("guest", F::GuestName);
    line("email", F::GuestEmail);
    line("phone", F::GuestPhone);
    line("rooms", F::Rooms);
    line("from", F::FromOffset);
    line("until", F::UntilOffset);
    line("access", F::Access);
    line("kind", F::Kind);
    line("note", F::Text);
    if values.contains_key(&F::AgencyName) {
        line("agency", F::AgencyName);
        line("its email", F::AgencyEmail);
    }
    if values.get(&F::Messages) == Some(&Value::Bool(false)) {
        lines.push("  The guest is to get no messages.".to_owned());
    }
    if values.get(&F::CommonDoors).and_then(Value::as_array).is_some_and(|doors| !doors.is_empty()) {
        lines.push(format!("  Everybody may open {} too.", text(F::CommonDoors)));
    }
    if let Some(more) = values.get(&F::Guests).and_then(Value::as_array).filter(|guests| guests.len() > 1) {
        for guest in more.iter().skip(1) {
            let word = |name: &str| guest.get(name).and_then(Value::as_str).unwrap_or("-").to_owned();
            lines.push(format!("  and with    {}, {}, {}", word("name"), word("email"), word("phone")));
        }
    }
    lines.join("\n")
}
