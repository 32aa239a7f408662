//! What a booking asks for: one access for each door and guest.

use crate::harness::integration::inlet::Typed;
use crate::vendors::inlet::{Mode, Moment};
use crate::vendors::partner::{Booking, Guest, Kind, Room, Scope, Use};
use crate::vendors::vocabulary::Personal;

/// One access, as it was typed.
pub(super) struct Asked {
    /// The form's data, with the guest's contact even where no messages are sent.
    pub typed: Typed,
    /// Whether it is a door that the booking shares with others.
    pub common: bool,
}

/// The accesses that a booking asks for. The error is what the form says.
///
/// Each guest of a group has a room; of any other booking the first guest has
/// every room. An agency pays and gets no access: its contact data stay here.
pub(super) fn asked(booking: &Booking) -> Result<Vec<Asked>, String> {
    let first = booking.guests.first().ok_or("nobody comes")?;
    if booking.rooms.is_empty() {
        return Err("no room is booked".to_owned());
    }
    let group = booking.kind == Kind::Scoped(Scope::Group);
    if group && booking.guests.len() != booking.rooms.len() {
        let (guests, rooms) = (booking.guests.len(), booking.rooms.len());
        return Err(format!("a group has one room for each guest: {guests} guests, {rooms} rooms"));
    }
    let comers = if group { booking.guests.as_slice() } else { std::slice::from_ref(first) };
    let room = |(nth, room): (usize, &Room)| {
        let guest = comers.get(nth).unwrap_or(first);
        Asked { typed: typed(booking, room, guest), common: false }
    };
    let mut accesses: Vec<Asked> = booking.rooms.iter().enumerate().map(room).collect();
    for door in &booking.common_doors {
        accesses
            .extend(comers.iter().map(|guest| Asked { typed: typed(booking, door, guest), common: true }));
    }
    Ok(accesses)
}

fn typed(booking: &Booking, room: &Room, guest: &Guest) -> Typed {
    let (from, to) = (Moment::of(&booking.from).to_string(), Moment::of(&booking.until).to_string());
    Typed {
        phone: given(&guest.phone),
        region: Some(guest.country.clone()).filter(|country| !country.is_empty()),
        email: given(&guest.email),
        reference: given(&booking.text),
        ..Typed::new(mode(booking.access), &room.0, &from, &to)
    }
}

fn given(text: &str) -> Option<Personal> {
    (!text.is_empty()).then(|| Personal::new(text))
}

fn mode(access: Use) -> Mode {
    match access {
        // A pulse is held to the same form, and never becomes a grant.
        Use::Code | Use::Pulse => Mode::Code,
        Use::Unlock => Mode::Unlock,
        Use::MobileKey => Mode::MobileKey,
        Use::UrlKey => Mode::UrlKey,
    }
}
