//! Bookings and changes as values for messages.

use serde_json::{Value, json};

use super::driver::Number;
use crate::vendors::partner::{Act, Booking, BookingField as F, Change, Guest, Kind, Room, Values};

/// What a booking fills holes with.
pub(super) fn of_booking(booking: &Booking) -> Values {
    let first = booking.guests.first().cloned().unwrap_or_default();
    let mut values = Values::from([
        (F::Customer, json!(booking.customer)),
        (F::GuestName, json!(first.name)),
        (F::GuestEmail, optional(&first.email)),
        (F::GuestPhone, optional(&first.phone)),
        (F::GuestCountry, optional(&first.country)),
        (F::Guests, booking.guests.iter().map(guest).collect()),
        (F::Rooms, rooms(&booking.rooms)),
        (F::CommonDoors, rooms(&booking.common_doors)),
        (F::From, json!(booking.from.to_string())),
        (F::Until, json!(booking.until.to_string())),
        (F::FromOffset, json!(offset(&booking.from))),
        (F::UntilOffset, json!(offset(&booking.until))),
        (F::Access, json!(booking.access.as_str())),
        (F::Kind, json!(kind(booking.kind))),
        (F::Text, optional(&booking.text)),
        (F::Messages, json!(booking.messages)),
    ]);
    if let Some(room) = booking.rooms.first() {
        values.insert(F::Room, json!(room.0));
    }
    if let Some(agency) = &booking.agency {
        values.insert(F::AgencyName, json!(agency.name));
        values.insert(F::AgencyEmail, optional(&agency.email));
    }
    values
}

/// The act that a change is, and what it fills holes with: the booking as it is
/// to be, under its number.
pub(super) fn of_change(number: &Number, booking: &Booking, change: &Change) -> (Act, Values) {
    let mut values = of_booking(booking);
    values.insert(F::Id, number.0.clone());
    let act = match change {
        Change::Until(until) => {
            values.insert(F::Until, json!(until.to_string()));
            values.insert(F::UntilOffset, json!(offset(until)));
            Act::ChangeEnd
        }
        Change::Move(room) => {
            values.insert(F::Room, json!(room.0));
            values.insert(F::Rooms, rooms(std::slice::from_ref(room)));
            Act::MoveRoom
        }
        Change::Split(at, room) => {
            values.insert(F::At, json!(offset(at)));
            values.insert(F::Room, json!(room.0));
            Act::Split
        }
        Change::CheckIn => Act::CheckIn,
        Change::CheckOut => Act::CheckOut,
    };
    (act, values)
}

/// RFC 3339 with offset.
pub(super) fn offset(moment: &jiff::Zoned) -> String {
    let zone = moment.offset();
    moment.timestamp().display_with_offset(zone).to_string()
}

fn guest(guest: &Guest) -> Value {
    json!({
        "name": guest.name,
        "email": optional(&guest.email),
        "phone": optional(&guest.phone),
        "country": optional(&guest.country),
    })
}

fn rooms(rooms: &[Room]) -> Value {
    rooms.iter().map(|room| json!(room.0)).collect()
}

/// What a form left empty is `null`.
fn optional(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Single => "single",
        Kind::Scoped(scope) => scope.as_str(),
    }
}
