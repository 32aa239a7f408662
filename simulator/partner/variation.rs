//! Named ways in which a partner is unusual but right, with what it is unusual in.

use super::quirk::Quirk;

use Quirk as Q;

/// A way in which a partner is unusual but right; every criterion must pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartnerVariation {
    /// Its name.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// The ids of the criteria that look at what is unusual about it: they must have
    /// been judged, and hold.
    pub unusual_for: &'static [&'static str],
    /// What it does.
    pub quirk: Quirk,
}

const fn unusual(
    name: &'static str,
    quirk: Quirk,
    unusual_for: &'static [&'static str],
    summary: &'static str,
) -> PartnerVariation {
    PartnerVariation { name, summary, unusual_for, quirk }
}

impl PartnerVariation {
    /// Every variation.
    pub const ALL: &'static [Self] = &[
        unusual(
            "short-gaps",
            Q::ShortGaps,
            &["IP-20", "IP-21"],
            "Retries come hardly three minutes after each other, so often as may be.",
        ),
        unusual(
            "long-gaps-from-answer",
            Q::LongGapsFromAnswer,
            &["IP-20", "IP-21"],
            "Retries come nearly five minutes after the answer, so seldom as may be.",
        ),
        unusual(
            "goes-on-for-an-hour",
            Q::GoesOn,
            &["IP-21", "IP-22"],
            "Retries go on for an hour, and what succeeds late is granted once.",
        ),
        unusual("other-order", Q::OtherOrder, &["IP-05", "IP-51"], "Members stand in another order."),
        unusual(
            "national-numbers",
            Q::NationalNumbers,
            &["IP-41", "IP-42"],
            "National numbers are sent, with `countryCode`.",
        ),
        unusual(
            "wider-periods",
            Q::WiderPeriods,
            &["IP-06", "IP-62"],
            "Access begins ten minutes before the stay, and ends ten minutes after it.",
        ),
        unusual("times-in-utc", Q::InUtc, &["IP-06"], "Times are sent in UTC."),
        unusual("sends-a-day-before", Q::DayBefore, &["IP-60"], "A stay is sent a day before it begins."),
        unusual(
            "slow-changes",
            Q::SlowChanges,
            &["IP-61", "IP-62", "IP-63"],
            "Changes are sent eight minutes after they were made.",
        ),
        unusual(
            "moves-by-grant",
            Q::MovesByGrant,
            &["IP-04", "IP-25", "IP-62"],
            "A guest who moves is granted the other room anew, and the first access is withdrawn.",
        ),
        unusual("strict-desk", Q::StrictDesk, &["IP-62"], "Who has not checked in cannot be checked out."),
        unusual("follows-links", Q::FollowsLinks, &["IP-02", "IP-04"], "Each link that opens is tried."),
        unusual("prefixes-text", Q::PrefixesText, &["IP-50"], "Words of its own stand before the guest's."),
        unusual(
            "sends-in-batches",
            Q::SendsInBatches,
            &["IP-03", "IP-60", "IP-72"],
            "What was booked is sent every nine and a half minutes, all at once.",
        ),
        unusual("tells-in-short", Q::TellsInShort, &["IP-23"], "Support is told in a line, in local time."),
        unusual("logs-words", Q::LogsWords, &["IP-11"], "The log holds what Inlet said, and no status."),
        unusual(
            "contact-later",
            Q::ContactLater,
            &["IP-30", "IP-31", "IP-40", "IP-41", "IP-42", "IP-61", "IP-63"],
            "Contact data follow ten minutes after the grant, by an update.",
        ),
        unusual(
            "leaves-malformed-out",
            Q::LeavesOut,
            &["IP-30", "IP-40"],
            "A booking with contact data that are none is taken, and sent without them.",
        ),
        unusual(
            "other-validator",
            Q::OtherValidator,
            &["IP-30", "IP-31", "IP-40", "IP-41", "IP-42"],
            "Addresses are checked by other rules, and sent with the domain in its own script and small \
             letters; `countryCode` stands beside numbers that hold it.",
        ),
        unusual(
            "asks-for-a-link",
            Q::AsksForLink,
            &["IP-10"],
            "Where an access is refused, a link is asked for once instead.",
        ),
        unusual(
            "ends-instead",
            Q::EndsInstead,
            &["IP-10"],
            "Where a code cannot be revoked, an update ends its access.",
        ),
        unusual("waits-longer", Q::WaitsLonger, &["IP-10"], "More than the time of `Retry-After` is kept."),
        unusual(
            "closes-its-desk",
            Q::ClosesDesk,
            &["IP-12"],
            "No booking is taken while the credential is refused.",
        ),
        unusual(
            "new-connections",
            Q::NewConnections,
            &["IP-03", "IP-07"],
            "Each call opens an encrypted connection of its own.",
        ),
        unusual(
            "other-case",
            Q::OtherCase,
            &["IP-01", "IP-02"],
            "Headers, the scheme before the credential and the content type are written in other cases.",
        ),
        unusual(
            "escapes-to-ascii",
            Q::EscapesToAscii,
            &["IP-05", "IP-50", "IP-51"],
            "Every sign beyond ASCII is written as a JSON escape.",
        ),
        unusual(
            "takes-seconds",
            Q::TakesSeconds,
            &["IP-72"],
            "Under load a form is answered after five seconds, whatever others are under way.",
        ),
        unusual(
            "changes-in-turn",
            Q::ChangesInTurn,
            &["IP-20", "IP-25"],
            "What changes while a retry is pending is sent when the retry's turn comes.",
        ),
        unusual(
            "shown-time-jumps",
            Q::ShownTimeJumps,
            &["IP-11", "IP-20", "IP-23"],
            "The clock that log and mail show jumps an hour ahead and back; waits are counted by another.",
        ),
    ];
}
