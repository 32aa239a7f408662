//! What is typed into a partner's booking system.

use jiff::Zoned;

use super::declared::{Scope, Use};

/// A guest, as typed: nothing of it was checked.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Guest {
    /// First and last name.
    pub name: String,
    /// Email address; empty for none.
    pub email: String,
    /// Phone number as the guest would type it; empty for none.
    pub phone: String,
    /// ISO 3166 code of the country in which the number was typed, where the
    /// booking form asks for it.
    pub country: String,
}

impl std::fmt::Debug for Guest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Guest(…)")
    }
}

/// Where the guest stays: a lock of Inlet's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Room(pub String);

/// What kind of booking it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One guest, one room.
    Single,
    /// One of the declared kinds.
    Scoped(Scope),
}

/// A booking as it is typed in.
#[derive(Clone, Debug, PartialEq)]
pub struct Booking {
    /// The customer whose rooms they are, as `LOCKSTEP_INLET_TOKEN_2` is the
    /// credential of the second; the first is 1.
    pub customer: usize,
    /// Who comes; the first is who books, except with an agency.
    pub guests: Vec<Guest>,
    /// The rooms, one for each guest of a group.
    pub rooms: Vec<Room>,
    /// Doors that every guest of the booking may open beside the own room.
    pub common_doors: Vec<Room>,
    /// When the stay begins, in the hotel's zone.
    pub from: Zoned,
    /// When it ends.
    pub until: Zoned,
    /// How the guest comes in.
    pub access: Use,
    /// What kind of booking it is.
    pub kind: Kind,
    /// What the guest typed beside; empty for nothing.
    pub text: String,
    /// The agency that books, where one does: name and email.
    pub agency: Option<Guest>,
    /// Whether the guest is to get messages.
    pub messages: bool,
}

/// What a booking undergoes.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The stay ends at another time, later or earlier.
    Until(Zoned),
    /// The guest moves, from now on.
    Move(Room),
    /// From that instant on the guest has the other room.
    Split(Zoned, Room),
    /// The guest is here before the booked time.
    CheckIn,
    /// The guest leaves before the booked time.
    CheckOut,
}

/// Something that is done in a partner's system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// A booking is made.
    Book,
    /// Its end moves.
    ChangeEnd,
    /// Its room changes.
    MoveRoom,
    /// It is split over two rooms.
    Split,
    /// The guest checks in.
    CheckIn,
    /// The guest checks out.
    CheckOut,
    /// It is cancelled.
    Cancel,
    /// It is shown.
    Show,
}

impl Act {
    /// Every act.
    pub const ALL: &'static [Self] = &[
        Self::Book,
        Self::ChangeEnd,
        Self::MoveRoom,
        Self::Split,
        Self::CheckIn,
        Self::CheckOut,
        Self::Cancel,
        Self::Show,
    ];

    /// Its name in descriptions.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Book => "book",
            Self::ChangeEnd => "change_end",
            Self::MoveRoom => "move_room",
            Self::Split => "split",
            Self::CheckIn => "check_in",
            Self::CheckOut => "check_out",
            Self::Cancel => "cancel",
            Self::Show => "show",
        }
    }

    /// What must be described for a scope.
    pub fn of_scope(scope: Scope) -> Option<Self> {
        Some(match scope {
            Scope::Extend | Scope::Shorten => Self::ChangeEnd,
            Scope::MoveRoom => Self::MoveRoom,
            Scope::Split => Self::Split,
            Scope::Cancel => Self::Cancel,
            Scope::CheckIn => Self::CheckIn,
            Scope::CheckOut => Self::CheckOut,
            Scope::MultiRoom
            | Scope::Group
            | Scope::CommonDoor
            | Scope::Agency
            | Scope::SuppressedMessages => return None,
        })
    }
}

/// What a message of a description may be filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BookingField {
    /// The partner's own number of the booking; not when it is made.
    Id,
    /// The number of the customer whose rooms they are; the first is 1.
    Customer,
    /// Name of the first guest.
    GuestName,
    /// Email address of the first guest.
    GuestEmail,
    /// Phone number of the first guest.
    GuestPhone,
    /// Country of the first guest's number.
    GuestCountry,
    /// All guests, as a list of objects `name`, `email`, `phone`, `country`.
    Guests,
    /// The first room.
    Room,
    /// All rooms, as a list.
    Rooms,
    /// Common doors, as a list.
    CommonDoors,
    /// Begin with offset and zone, RFC 9557.
    From,
    /// End with offset and zone.
    Until,
    /// Begin as RFC 3339 with offset.
    FromOffset,
    /// End as RFC 3339 with offset.
    UntilOffset,
    /// How the guest comes in.
    Access,
    /// The kind of booking.
    Kind,
    /// What the guest typed beside.
    Text,
    /// Name of the agency.
    AgencyName,
    /// Email address of the agency.
    AgencyEmail,
    /// Whether the guest gets messages.
    Messages,
    /// When a split or a change takes effect, RFC 3339 with offset.
    At,
}

impl BookingField {
    /// Every field with its name in descriptions.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Id, "booking.id"),
        (Self::Customer, "customer"),
        (Self::GuestName, "guest.name"),
        (Self::GuestEmail, "guest.email"),
        (Self::GuestPhone, "guest.phone"),
        (Self::GuestCountry, "guest.country"),
        (Self::Guests, "guests"),
        (Self::Room, "room"),
        (Self::Rooms, "rooms"),
        (Self::CommonDoors, "common_doors"),
        (Self::From, "from.zoned"),
        (Self::Until, "until.zoned"),
        (Self::FromOffset, "from"),
        (Self::UntilOffset, "until"),
        (Self::Access, "access"),
        (Self::Kind, "kind"),
        (Self::Text, "text"),
        (Self::AgencyName, "agency.name"),
        (Self::AgencyEmail, "agency.email"),
        (Self::Messages, "messages"),
        (Self::At, "at"),
    ];

    /// The field of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(field, _)| *field)
    }
}
