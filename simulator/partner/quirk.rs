//! What a simulated partner may do otherwise, and the named ways in which one breaks
//! exactly one criterion.

use std::time::Duration;

use Quirk as Q;

/// What a simulated partner does otherwise than it should, or than most do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quirk {
    /// Sends the credential in the address too.
    TokenInAddress,
    /// Sends the credential in another header too.
    TokenInHeader,
    /// Writes the credential into what it tells support.
    TokenInMail,
    /// Uses the first customer's credential for all.
    OneTokenForAll,
    /// Writes the credential into its log.
    LogsToken,
    /// Sends an update as `text/plain` after each grant.
    PlainText,
    /// Confirms each access at a path that is not documented.
    OwnPath,
    /// Asks Inlet's address to have its faults taken away, after each grant.
    ReachesForControl,
    /// Tries without a credential at first.
    TriesWithout,
    /// Books everything as a code.
    CodesOnly,
    /// Sends an update that changes nothing after each grant.
    EmptyUpdates,
    /// Sends a pulse whose text is a number after each pulse.
    OddPulses,
    /// Sends an update whose time has no offset after each grant.
    NoOffset,
    /// Sends an update that tells its time twice after each grant.
    DuplicateMembers,
    /// Sends an update of 100 KB after each grant.
    HugeUpdates,
    /// Writes local times with the offset of the day on which it sends.
    OldOffset,
    /// Sends 400 days as they are.
    TooLong,
    /// Sends 400 days as 366, and then the rest as an update.
    LongUpdate,
    /// Sends an update over plain HTTP after each grant.
    Unencrypted,
    /// Repeats a refused call as it was.
    RepeatsRefused,
    /// Does not look at `Retry-After`.
    IgnoresRetryAfter,
    /// Forgets a refused booking without a word.
    SilentOnRefusal,
    /// Repeats a refused call in another spelling.
    RepeatsReworded,
    /// Asks for something else a dozen times after a refusal.
    KeepsTrying,
    /// Writes email addresses into its log.
    LogsGuests,
    /// Writes forms that it refused into its log.
    LogsRefusedForms,
    /// Writes the credential into its log once it is refused.
    LogsRefusedCredential,
    /// Writes the codes of doors into its log.
    LogsCodes,
    /// Writes one line into its log when it begins, and no other.
    LogsStart,
    /// Logs no errors.
    LogsNoErrors,
    /// Goes on calling with a refused credential.
    Hammers,
    /// Retries every two minutes.
    EveryTwoMinutes,
    /// Retries every seven minutes.
    EverySevenMinutes,
    /// Doubles the gap each time.
    Doubles,
    /// Gives up after 20 minutes.
    GivesUpEarly,
    /// Asks once more after success.
    OnceMore,
    /// Asks once more after a success that came after more than half an hour.
    OnceMoreLate,
    /// Does not repeat a revocation.
    DropsRevocation,
    /// Does not repeat an update.
    DropsUpdate,
    /// Waits for an answer for as long as it takes.
    WaitsWithoutEnd,
    /// Repeats a grant under a new reference text.
    NewContent,
    /// Tells support after ten minutes.
    TellsEarly,
    /// Tells support of every failed attempt, by the booking's number alone.
    TellsEachTime,
    /// Tells support of the first access that is not granted, and of no other.
    TellsOnce,
    /// Tells support of bookings that were cancelled meanwhile.
    TellsOfCancelled,
    /// Tells support of a door and of an error, and not of when and whose.
    TellsVaguely,
    /// Tells support nothing.
    NeverTells,
    /// Tells support nothing that helps.
    TellsNothing,
    /// Goes on with a booking that was cancelled.
    ForgetsCancellation,
    /// Goes on with what a booking was before it changed.
    ForgetsChange,
    /// Grants what was cancelled meanwhile, and revokes it then.
    RevokesAfterwards,
    /// Grants what a booking was before it changed, and updates it then.
    UpdatesAfterwards,
    /// Forgets pending retries when it is restarted.
    ForgetsOnRestart,
    /// Checks no email address.
    AnyEmail,
    /// Checks no email address, and sends it ten minutes after the grant.
    AnyEmailLater,
    /// Checks no phone number, and sends it ten minutes after the grant.
    AnyPhoneLater,
    /// Leaves email addresses that are none out of the grant, and sends them half an
    /// hour after it.
    MalformedLater,
    /// Takes plain addresses only.
    PlainEmailsOnly,
    /// Checks no phone number.
    AnyPhone,
    /// Sends numbers as they were typed.
    NoCountryCode,
    /// Sends no phone number.
    SendsNoPhone,
    /// Grants every guest of a single room another door too.
    OtherDoorToo,
    /// Grants each guest the room of the first booking too.
    FirstDoorToo,
    /// Grants the second guest the room of the first too, without contact data.
    FirstDoorOnce,
    /// Keeps doors unlocked for days after the stay.
    UnlocksForDays,
    /// Sends national numbers with the letters of their country.
    RegionAsCode,
    /// Takes Norwegian numbers only.
    NorwegianOnly,
    /// Sends text as it was typed.
    RawText,
    /// Sends text as it is to be, and half an hour after the grant as it was typed.
    RawTextLater,
    /// Takes every unusual sign out of texts.
    StripsSigns,
    /// Escapes text for HTML before it sends it.
    EscapesTwice,
    /// Sends bookings when they are made.
    SendsAtOnce,
    /// Sends what begins in days when it has begun.
    SendsLate,
    /// Grants anew and lets the old access stand.
    GrantsAnew,
    /// Keeps a cancelled access.
    NeverRevokes,
    /// Does not tell Inlet of a stay made shorter.
    KeepsLongStay,
    /// Does not move the access with the guest.
    KeepsRoom,
    /// Keeps the access of who has checked out.
    KeepsAfterCheckOut,
    /// Grants the first room alone.
    FirstRoomOnly,
    /// Grants no common door.
    NoCommonDoor,
    /// Has messages go to the agency.
    TellsAgency,
    /// Sends contact data of who is to get no messages.
    MessagesAll,
    /// Updates to an end before that of the stay.
    ShortensOnChange,
    /// Lets in who checks in as late as nearly an hour after.
    ChecksInLate,
    /// Sends somebody else's address with each update.
    ChangesGuest,
    /// Gives each guest of a group the room of another.
    SwapsGuests,
    /// Withdraws the first access of a cancelled booking alone.
    CancelsFirstAlone,
    /// Withdraws no access but codes.
    RevokesCodesAlone,
    /// Shows the code without the keys around it.
    BareCode,
    /// Sends each call of a burst twice.
    TwiceUnderLoad,
    /// Takes half a minute for each form of a burst, one after the other.
    QueuesUnderLoad,

    /// Gaps of 182 to 185 seconds.
    ShortGaps,
    /// Gaps of nearly five minutes, counted from the answer.
    LongGapsFromAnswer,
    /// Goes on for an hour.
    GoesOn,
    /// Members of bodies in another order.
    OtherOrder,
    /// National numbers with `countryCode`.
    NationalNumbers,
    /// Ten minutes more at either end.
    WiderPeriods,
    /// Times in UTC.
    InUtc,
    /// Sends a day before the arrival.
    DayBefore,
    /// Sends changes eight minutes after they were made.
    SlowChanges,
    /// Grants the other room anew to who moves, and withdraws the first.
    MovesByGrant,
    /// Checks nobody out who has not checked in.
    StrictDesk,
    /// Follows each link that opens, to see whether it is there.
    FollowsLinks,
    /// Sends what guests type after words of its own.
    PrefixesText,
    /// Takes email addresses at one domain alone: it asks for the mail server.
    VerifiesDomains,
    /// Sends what was booked every nine and a half minutes.
    SendsInBatches,
    /// Tells support in local time, by numbers, and in few words.
    TellsInShort,
    /// Logs what Inlet said of an error, and not its number.
    LogsWords,
    /// Sends contact data ten minutes after the grant, by an update.
    ContactLater,
    /// Takes bookings with contact data that are none, and leaves those out.
    LeavesOut,
    /// Checks addresses by rules of its own and sends them in a form of its own, and
    /// a calling code beside numbers that hold it.
    OtherValidator,
    /// Asks once for a link where another access was refused.
    AsksForLink,
    /// Ends an access by an update where its revocation was refused.
    EndsInstead,
    /// Repeats a refused revocation as it was.
    RepeatsRefusedRevocation,
    /// Takes a refused revocation for done.
    ForgetsRefusedRevocation,
    /// Waits longer than `Retry-After` says.
    WaitsLonger,
    /// Takes no bookings while its credential is refused.
    ClosesDesk,
    /// Opens a connection for each call.
    NewConnections,
    /// Names headers, the scheme and the content type in other cases than most.
    OtherCase,
    /// Writes every sign beyond ASCII as an escape.
    EscapesToAscii,
    /// Answers each form of a burst after some seconds.
    TakesSeconds,
    /// Sends what changed while a retry is pending when the retry's turn comes.
    ChangesInTurn,
    /// The clock by which it waits jumps an hour ahead and, after a while, back.
    ClockJumps,
    /// The clock that log and mail show does so, and waits are counted by another.
    ShownTimeJumps,
}

impl Quirk {
    /// Whether contact data follow a grant some minutes later.
    pub(super) fn sends_contact_later(self) -> bool {
        matches!(self, Self::ContactLater | Self::AnyEmailLater | Self::AnyPhoneLater)
    }

    /// How long after its grant follows what the grant leaves out, where it does.
    pub(super) fn follows_after(self) -> Option<Duration> {
        match self {
            Self::MalformedLater | Self::RawTextLater => Some(Duration::from_secs(1_800)),
            _ => self.sends_contact_later().then_some(Duration::from_secs(600)),
        }
    }
}

/// A named way in which the simulated partner breaks one criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartnerMisbehaviour {
    /// Its name.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// The id of the criterion that it breaks.
    pub breaks: &'static str,
    /// Other required criteria that must fail with it, each with the reason.
    pub follows: &'static [(&'static str, &'static str)],
    /// Required criteria that nobody can tell then, each with the reason.
    pub untold: &'static [(&'static str, &'static str)],
    /// What it does.
    pub quirk: Quirk,
}

const fn breaking(
    breaks: &'static str,
    name: &'static str,
    quirk: Quirk,
    summary: &'static str,
) -> PartnerMisbehaviour {
    PartnerMisbehaviour { name, summary, breaks, follows: &[], untold: &[], quirk }
}

impl PartnerMisbehaviour {
    const fn with(mut self, follows: &'static [(&'static str, &'static str)]) -> Self {
        self.follows = follows;
        self
    }

    const fn hiding(mut self, untold: &'static [(&'static str, &'static str)]) -> Self {
        self.untold = untold;
        self
    }
}

/// Where a call is never repeated.
const NEVER_REPEATED: &[(&str, &str)] = &[
    ("IP-20", "between one attempt and none there is no gap"),
    ("IP-22", "nothing succeeds, so nothing can follow the success"),
];

/// Where a call is never made.
const NEVER_ASKED: &[(&str, &str)] = &[
    ("IP-20", "a call that is never made is never repeated"),
    ("IP-21", "a call that is never made is never repeated"),
    ("IP-22", "a call that is never made does not succeed"),
];

/// Where that call is a revocation.
const NEVER_REVOKED: &[(&str, &str)] = &[
    ("IP-10", "a revocation that is never sent is never refused"),
    ("IP-20", "a call that is never made is never repeated"),
    ("IP-21", "a call that is never made is never repeated"),
    ("IP-22", "a call that is never made does not succeed"),
];

/// Where what is none, or holds markup, stands in some call.
const MALFORMED: &[(&str, &str)] = &[("IP-05", "over all calls of the run it is looked for once more")];

/// Where phone numbers are sent as they were typed.
const AS_TYPED: &[(&str, &str)] = &[
    ("IP-05", "over all calls of the run it is looked for once more"),
    ("IP-41", "a number that is sent as it was typed may lack its code, or be no number"),
    ("IP-42", "a number that is sent as it was typed may lack its code, or be no number"),
];

/// Every misbehaviour of partners, by the criterion that it breaks.
pub const PARTNER_MISBEHAVIOURS: &[PartnerMisbehaviour] = &[
    breaking("IP-01", "token-in-address", Q::TokenInAddress, "The credential stands in every address.")
        .with(&[("IP-02", "no call has a query")]),
    breaking("IP-01", "token-in-header", Q::TokenInHeader, "The credential stands in a second header."),
    breaking("IP-01", "token-in-mail", Q::TokenInMail, "Support is told the credential."),
    breaking("IP-01", "one-token-for-all", Q::OneTokenForAll, "One customer's credential is used for all."),
    breaking("IP-01", "logs-token", Q::LogsToken, "The credential stands in the log.")
        .with(&[("IP-11", "a log that holds a credential is no secure log")]),
    breaking(
        "IP-01",
        "logs-refused-credential",
        Q::LogsRefusedCredential,
        "The credential stands in the log once it was refused.",
    )
    .with(&[("IP-11", "a log that holds a credential is no secure log")]),
    breaking("IP-02", "plain-text", Q::PlainText, "After each grant an update is sent as plain text.")
        .with(&[("IP-72", "Inlet refuses what is no JSON")]),
    breaking(
        "IP-02",
        "own-path",
        Q::OwnPath,
        "Each access is confirmed at a path that Inlet does not document.",
    )
    .with(&[("IP-72", "Inlet answers the unknown path with an error")]),
    breaking(
        "IP-02",
        "reaches-for-control",
        Q::ReachesForControl,
        "After each grant Lockstep's own doors are looked for at Inlet's address.",
    )
    .with(&[("IP-72", "Inlet answers the unknown path with an error")]),
    breaking("IP-03", "tries-without", Q::TriesWithout, "The first call bears no credential.")
        .with(&[("IP-01", "a call without the credential does not use it as it was issued")]),
    breaking("IP-04", "codes-only", Q::CodesOnly, "Every booking is granted as a code."),
    breaking(
        "IP-05",
        "empty-updates",
        Q::EmptyUpdates,
        "After each grant an update is sent that changes nothing.",
    )
    .with(&[("IP-72", "Inlet refuses the empty updates")]),
    breaking("IP-05", "odd-pulses", Q::OddPulses, "After each pulse one is sent whose text is a number."),
    breaking("IP-05", "huge-updates", Q::HugeUpdates, "After each grant an update of 100 KB is sent.")
        .with(&[("IP-72", "Inlet reads no body of that length")]),
    breaking(
        "IP-06",
        "no-offset",
        Q::NoOffset,
        "After each grant an update is sent whose time has no offset.",
    )
    .with(&[
        ("IP-05", "a time without an offset has the wrong form"),
        ("IP-72", "Inlet refuses a time without its offset"),
    ]),
    breaking("IP-06", "old-offset", Q::OldOffset, "The offset is that of the day on which it is sent.").with(
        &[
            ("IP-22", "a stay that is made longer beyond a change of the clocks ends an hour off"),
            ("IP-25", "a stay that is made longer beyond a change of the clocks ends an hour off"),
            ("IP-62", "a stay that is made longer beyond a change of the clocks ends an hour off"),
            ("IP-63", "a stay that is made longer beyond a change of the clocks ends an hour off"),
        ],
    ),
    breaking("IP-06", "too-long", Q::TooLong, "A stay of 400 days is sent as it is.")
        .with(&[("IP-05", "so long a period breaks what Inlet documents of its fields")]),
    breaking(
        "IP-06",
        "long-update",
        Q::LongUpdate,
        "A stay of 400 days is sent as 366, and made longer by an update.",
    )
    .with(&[("IP-05", "so long a period breaks what Inlet documents of its fields")]),
    breaking("IP-07", "unencrypted", Q::Unencrypted, "An update goes over plain HTTP after each grant.")
        .with(&[("IP-72", "Inlet refuses what is not encrypted")]),
    breaking("IP-10", "repeats-refused", Q::RepeatsRefused, "A refused call is repeated as it was."),
    breaking(
        "IP-10",
        "repeats-reworded",
        Q::RepeatsReworded,
        "A refused call is repeated with blanks at its end.",
    ),
    breaking("IP-10", "keeps-trying", Q::KeepsTrying, "A refusal is followed by a dozen other calls."),
    breaking("IP-10", "ignores-retry-after", Q::IgnoresRetryAfter, "`Retry-After` is not looked at."),
    breaking("IP-10", "silent-on-refusal", Q::SilentOnRefusal, "A refused booking is forgotten."),
    breaking(
        "IP-10",
        "repeats-refused-revocation",
        Q::RepeatsRefusedRevocation,
        "The revocation of a code that its lock keeps is repeated as it was.",
    ),
    breaking(
        "IP-10",
        "forgets-refused-revocation",
        Q::ForgetsRefusedRevocation,
        "A cancelled booking whose code its lock keeps is forgotten.",
    ),
    breaking("IP-11", "logs-guests", Q::LogsGuests, "Email addresses stand in the log."),
    breaking("IP-11", "logs-refused-forms", Q::LogsRefusedForms, "Forms that were refused stand in the log."),
    breaking("IP-11", "logs-codes", Q::LogsCodes, "The codes of doors stand in the log."),
    breaking("IP-11", "logs-start", Q::LogsStart, "The log is one line that speaks of a timeout."),
    breaking("IP-11", "logs-no-errors", Q::LogsNoErrors, "Errors are not logged."),
    breaking("IP-12", "hammers", Q::Hammers, "Calls go on with a refused credential."),
    breaking("IP-20", "every-two-minutes", Q::EveryTwoMinutes, "Retries come every two minutes.")
        .with(&[("IP-21", "so many attempts are more than eleven within half an hour")]),
    breaking("IP-20", "every-seven-minutes", Q::EverySevenMinutes, "Retries come every seven minutes.")
        .with(&[("IP-21", "so few attempts do not make seven within half an hour")]),
    breaking("IP-20", "doubles", Q::Doubles, "The gap doubles each time."),
    breaking(
        "IP-20",
        "clock-jumps",
        Q::ClockJumps,
        "The clock that waits are counted by jumps an hour ahead, and back.",
    )
    .with(&[
        ("IP-21", "to who counts by that clock half an hour seems to be over"),
        ("IP-22", "who gives up early ends without an access"),
        ("IP-23", "support is told when half an hour seems to be over"),
        ("IP-25", "who gives up early ends without an access"),
    ]),
    breaking("IP-21", "gives-up-early", Q::GivesUpEarly, "Retries end after 20 minutes.").with(&[
        ("IP-22", "who gives up early ends without an access"),
        ("IP-25", "who gives up early ends without an access"),
    ]),
    breaking("IP-21", "drops-revocation", Q::DropsRevocation, "A revocation that times out is not repeated.")
        .hiding(NEVER_REPEATED),
    breaking("IP-21", "drops-update", Q::DropsUpdate, "An update that times out is not repeated.")
        .hiding(NEVER_REPEATED),
    breaking(
        "IP-21",
        "waits-without-end",
        Q::WaitsWithoutEnd,
        "An answer that never comes is waited for without end.",
    )
    .hiding(NEVER_REPEATED),
    breaking(
        "IP-22",
        "once-more-late",
        Q::OnceMoreLate,
        "A call is repeated after a success that came after more than half an hour.",
    ),
    breaking("IP-22", "once-more", Q::OnceMore, "A call is repeated after its success.").with(&[
        ("IP-10", "a repeated call makes a second access"),
        ("IP-20", "a repeated call makes a second access"),
        ("IP-25", "a repeated call makes a second access"),
    ]),
    breaking("IP-22", "new-content", Q::NewContent, "A repeated call asks for something else.")
        .with(&[("IP-25", "what is repeated after a change is another thing each time")]),
    breaking("IP-23", "tells-early", Q::TellsEarly, "Support is told after ten minutes."),
    breaking(
        "IP-23",
        "tells-each-time",
        Q::TellsEachTime,
        "Support is told of every failed attempt, by the booking's number alone.",
    ),
    breaking("IP-23", "tells-once", Q::TellsOnce, "Support is told of one access alone."),
    breaking("IP-23", "tells-of-cancelled", Q::TellsOfCancelled, "Support is told of what was cancelled."),
    breaking("IP-23", "tells-vaguely", Q::TellsVaguely, "Support is told neither when nor of which booking."),
    breaking("IP-23", "never-tells", Q::NeverTells, "Support is never told."),
    breaking("IP-23", "tells-nothing", Q::TellsNothing, "Support is told nothing that helps."),
    breaking("IP-25", "forgets-cancellation", Q::ForgetsCancellation, "A cancelled booking is retried."),
    breaking("IP-25", "forgets-change", Q::ForgetsChange, "A changed booking is retried as it was."),
    breaking(
        "IP-25",
        "revokes-afterwards",
        Q::RevokesAfterwards,
        "A cancelled booking is granted first, and revoked then.",
    ),
    breaking(
        "IP-25",
        "updates-afterwards",
        Q::UpdatesAfterwards,
        "A changed booking is granted as it was first, and updated then.",
    ),
    breaking("IP-26", "forgets-on-restart", Q::ForgetsOnRestart, "A restart forgets pending retries."),
    breaking("IP-30", "any-email", Q::AnyEmail, "Email addresses are not checked.").with(MALFORMED),
    breaking(
        "IP-30",
        "any-email-later",
        Q::AnyEmailLater,
        "Email addresses are not checked, and follow ten minutes after the grant.",
    )
    .with(MALFORMED),
    breaking(
        "IP-30",
        "malformed-later",
        Q::MalformedLater,
        "What is no email address is left out of the grant, and follows half an hour after it.",
    )
    .with(MALFORMED),
    breaking("IP-31", "plain-emails-only", Q::PlainEmailsOnly, "Unusual email addresses are refused."),
    breaking("IP-40", "any-phone", Q::AnyPhone, "Phone numbers are not checked.").with(AS_TYPED),
    breaking(
        "IP-40",
        "any-phone-later",
        Q::AnyPhoneLater,
        "Phone numbers are not checked, and follow ten minutes after the grant.",
    )
    .with(AS_TYPED),
    breaking("IP-41", "no-country-code", Q::NoCountryCode, "Numbers are sent as they were typed.")
        .with(&[("IP-42", "a national number alone is another one elsewhere")]),
    breaking("IP-41", "region-as-code", Q::RegionAsCode, "`countryCode` holds the letters of a country.")
        .with(&[
            ("IP-42", "a national number without its calling code is another one elsewhere"),
            ("IP-04", "an access for a number that is nobody's is not the guest's"),
            ("IP-62", "an access for a number that is nobody's is not the guest's"),
            ("IP-63", "an access for a number that is nobody's is not the guest's"),
        ]),
    breaking("IP-42", "norwegian-only", Q::NorwegianOnly, "Numbers of other countries are refused."),
    breaking("IP-42", "sends-no-phone", Q::SendsNoPhone, "Phone numbers are declared, and never sent.")
        .with(&[("IP-41", "a number that is never sent has no country code")]),
    breaking("IP-50", "raw-text", Q::RawText, "Text is sent as it was typed.").with(MALFORMED),
    breaking(
        "IP-50",
        "raw-text-later",
        Q::RawTextLater,
        "Text follows half an hour after the grant as it was typed.",
    )
    .with(MALFORMED),
    breaking("IP-50", "strips-signs", Q::StripsSigns, "Unusual signs are taken out of texts.")
        .with(&[("IP-51", "signs that are gone did not arrive")]),
    breaking("IP-51", "escapes-twice", Q::EscapesTwice, "Text is escaped for HTML before it is sent.")
        .with(&[("IP-50", "harmless text that is escaped is not unharmed")]),
    breaking(
        "IP-51",
        "duplicate-members",
        Q::DuplicateMembers,
        "After each grant an update is sent in which one member stands twice.",
    )
    .with(&[
        ("IP-05", "a member that stands twice has not one value of the right type"),
        ("IP-06", "a period whose end stands twice can be read in two ways"),
        ("IP-72", "Inlet refuses what can be read in two ways"),
    ]),
    breaking("IP-60", "sends-at-once", Q::SendsAtOnce, "Bookings are sent when they are made."),
    breaking("IP-60", "sends-late", Q::SendsLate, "What begins in days is sent after it has begun."),
    breaking("IP-61", "grants-anew", Q::GrantsAnew, "A change is granted beside what was granted.")
        .with(&[
            ("IP-62", "the old access still opens"),
            ("IP-63", "the old access still opens, whatever kind of booking it is of"),
        ])
        .hiding(NEVER_ASKED),
    breaking("IP-61", "never-revokes", Q::NeverRevokes, "A cancelled access is not revoked.")
        .with(&[
            ("IP-62", "whoever cancelled still gets in"),
            ("IP-63", "whoever cancelled still gets in, at every door of the booking"),
            ("IP-25", "a cancelled booking is retried and stands"),
        ])
        .hiding(NEVER_REVOKED),
    breaking("IP-62", "keeps-long-stay", Q::KeepsLongStay, "A stay made shorter keeps its access.")
        .with(&[("IP-25", "a stay made shorter while its retry is pending is granted as it was")]),
    breaking("IP-62", "keeps-room", Q::KeepsRoom, "The access does not move with the guest.")
        .with(&[("IP-25", "a guest who moves while a retry is pending gets the first room")]),
    breaking("IP-62", "keeps-after-check-out", Q::KeepsAfterCheckOut, "Who has left still gets in."),
    breaking(
        "IP-62",
        "shortens-on-change",
        Q::ShortensOnChange,
        "After a change the access ends 50 minutes before the stay.",
    )
    .with(&[
        ("IP-63", "a booking of any kind that becomes longer is too short"),
        ("IP-22", "an access that is changed after a timeout is not for the stay as it was changed"),
    ]),
    breaking("IP-62", "other-door-too", Q::OtherDoorToo, "Each guest gets into another room too.").with(&[
        ("IP-04", "whichever use is asked for, a door that nobody booked opens"),
        ("IP-63", "whichever kind is booked, a door that nobody booked opens"),
    ]),
    breaking("IP-62", "first-door-too", Q::FirstDoorToo, "Each guest gets into the first guest's room too.")
        .with(&[
            ("IP-04", "whichever use is asked for, a door that somebody else booked opens"),
            ("IP-63", "whichever kind is booked, a door that somebody else booked opens"),
            ("IP-72", "under load each stay is granted once too often"),
        ]),
    breaking(
        "IP-04",
        "unlocks-for-days",
        Q::UnlocksForDays,
        "A door stays unlocked for days after the stay.",
    )
    .with(&[("IP-62", "a stay of that use that is changed has too long a period too")]),
    breaking(
        "IP-04",
        "first-door-once",
        Q::FirstDoorOnce,
        "One guest gets into the first guest's room too, by an access that names nobody.",
    ),
    breaking("IP-62", "checks-in-late", Q::ChecksInLate, "Who checks in can enter 55 minutes later."),
    breaking("IP-62", "changes-guest", Q::ChangesGuest, "An update names somebody else's address.")
        .with(&[("IP-63", "a booking of any kind that becomes longer is somebody else's")]),
    breaking(
        "IP-62",
        "revokes-codes-alone",
        Q::RevokesCodesAlone,
        "Of cancelled bookings codes alone are withdrawn.",
    ),
    breaking("IP-63", "swaps-guests", Q::SwapsGuests, "Each guest of a group gets the room of another."),
    breaking(
        "IP-63",
        "cancels-first-alone",
        Q::CancelsFirstAlone,
        "Of a cancelled booking the first access alone is withdrawn.",
    ),
    breaking("IP-63", "first-room-only", Q::FirstRoomOnly, "Of several rooms the first alone is granted."),
    breaking("IP-63", "no-common-door", Q::NoCommonDoor, "Common doors are forgotten."),
    breaking("IP-63", "tells-agency", Q::TellsAgency, "Messages go to the agency."),
    breaking("IP-63", "messages-all", Q::MessagesAll, "Messages go to who wants none."),
    breaking("IP-64", "bare-code", Q::BareCode, "The code is shown without the keys around it."),
    breaking("IP-72", "twice-under-load", Q::TwiceUnderLoad, "Under load bookings are sent twice."),
    breaking("IP-72", "queues-under-load", Q::QueuesUnderLoad, "Under load the form takes half a minute."),
];
