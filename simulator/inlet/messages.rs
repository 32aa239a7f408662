//! SMS and email to guests: when they go out, and the outbox.
//!
//! "Firetime is the base time Inlet uses to decide when an SMS or email is
//! sent": 0 at the base time of the occasion, so many minutes after it (before it
//! where negative), or a time of day, which holds for check-in and check-out only
//! ("Understanding Firetime in Inlet").

use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::wording::{Keys, Wording};
use crate::vendors::inlet::GrantAccess;
use crate::vendors::vocabulary::{Instant, LockId, Personal};

/// What a message is sent for, with its base time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Occasion {
    /// When the grant is received.
    Created,
    /// When the access begins.
    CheckIn,
    /// When the access ends.
    CheckOut,
    /// When a change is received.
    Updated,
    /// When the access is withdrawn (chosen: `messages`).
    Revoked,
}

/// How a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Medium {
    /// To the phone number, where one is given.
    Sms,
    /// To the email address, where one is given.
    Email,
}

/// When a message goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Firetime {
    /// So many minutes after the base time.
    Minutes(i32),
    /// At this time on the day of the base time; for check-in and check-out only.
    At(Time),
}

/// One sort of message that is configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRule {
    /// What for.
    pub occasion: Occasion,
    /// How.
    pub medium: Medium,
    /// When.
    pub firetime: Firetime,
    /// The locks that it is configured for; `None` for all.
    pub locks: Option<Vec<LockId>>,
}

impl MessageRule {
    /// A rule for every lock. `None` where a time of day is given for an
    /// occasion that has no day.
    pub fn new(occasion: Occasion, medium: Medium, firetime: Firetime) -> Option<Self> {
        let has_day = matches!(occasion, Occasion::CheckIn | Occasion::CheckOut);
        let fits = has_day || matches!(firetime, Firetime::Minutes(_));
        fits.then_some(Self { occasion, medium, firetime, locks: None })
    }

    fn is_for(&self, lock: &str) -> bool {
        self.locks.as_ref().is_none_or(|locks| locks.iter().any(|own| own.as_str() == lock))
    }

    fn due(&self, grant: &GrantAccess, now: Instant, zone: &TimeZone) -> Instant {
        let base = match self.occasion {
            Occasion::CheckIn => grant.from.instant(),
            Occasion::CheckOut => grant.to.instant(),
            Occasion::Created | Occasion::Updated | Occasion::Revoked => now,
        };
        match self.firetime {
            Firetime::Minutes(minutes) => {
                let span = std::time::Duration::from_secs(60 * u64::from(minutes.unsigned_abs()));
                if minutes < 0 { base - span } else { base + span }
            }
            Firetime::At(time) => {
                let day = base.timestamp().to_zoned(zone.clone()).date();
                // A time that the day skips is the one that its clock shows next.
                let zoned = zone.to_ambiguous_zoned(day.to_datetime(time)).compatible();
                zoned.map_or(base, |zoned| Instant::from_timestamp(zoned.timestamp()))
            }
        }
    }
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The access that it is about.
    pub reference_id: String,
    /// What for.
    pub occasion: Occasion,
    /// How.
    pub medium: Medium,
    /// To whom.
    pub to: Personal,
    /// What the guest reads.
    pub text: Wording,
    /// When it goes out, or went.
    pub at: Instant,
}

impl Message {
    /// The subject of an email.
    pub fn subject(&self) -> &'static str {
        match self.occasion {
            Occasion::Created => "Your access",
            Occasion::CheckIn => "Your access begins",
            Occasion::CheckOut => "Your access ends",
            Occasion::Updated => "Your access was changed",
            Occasion::Revoked => "Your access was withdrawn",
        }
    }
}

/// Messages that were planned, and what became of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Outbox {
    planned: Vec<Message>,
}

impl Outbox {
    /// Plans the messages of some occasions, by the rules.
    pub fn plan(&mut self, rules: &[MessageRule], about: &About<'_>, occasions: &[Occasion]) {
        for rule in rules.iter().filter(|rule| occasions.contains(&rule.occasion)) {
            let Some(to) = about.to(rule.medium).filter(|_| rule.is_for(&about.grant.lock_id)) else {
                continue;
            };
            // What was due before the grant came goes out at once.
            let at = rule.due(about.grant, about.now, about.zone).max(about.now);
            self.planned.push(Message {
                reference_id: about.reference_id.to_owned(),
                occasion: rule.occasion,
                medium: rule.medium,
                to,
                text: Wording::of(rule.occasion, about.grant, about.keys),
                at,
            });
        }
    }

    /// Takes back what has not gone out yet.
    pub fn call_off(&mut self, reference_id: &str, now: Instant) {
        self.planned.retain(|message| message.reference_id != reference_id || message.at <= now);
    }

    /// What went out until now, in order.
    pub fn sent(&self, now: Instant) -> Vec<Message> {
        let mut sent: Vec<Message> =
            self.planned.iter().filter(|message| message.at <= now).cloned().collect();
        sent.sort_by_key(|message| message.at);
        sent
    }

    /// What is still to go out, in order.
    pub fn waiting(&self, now: Instant) -> Vec<Message> {
        let mut waiting: Vec<Message> =
            self.planned.iter().filter(|message| message.at > now).cloned().collect();
        waiting.sort_by_key(|message| message.at);
        waiting
    }
}

/// What a message is made from.
pub(super) struct About<'a> {
    pub reference_id: &'a str,
    pub grant: &'a GrantAccess,
    pub keys: Keys<'a>,
    pub now: Instant,
    pub zone: &'a TimeZone,
}

impl About<'_> {
    fn to(&self, medium: Medium) -> Option<Personal> {
        match medium {
            Medium::Email => self.grant.email.clone(),
            Medium::Sms => {
                let number = self.grant.phone_number.as_ref()?.expose();
                let code = self.grant.country_code.as_ref().map(Personal::expose);
                Some(match code.filter(|_| !number.starts_with('+')) {
                    Some(code) => Personal::new(format!("+{}{number}", code.trim_start_matches('+'))),
                    None => Personal::new(number),
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::inlet::{Mode, Moment};

    fn moment(text: &str) -> Moment {
        Moment::parse(text).expect("a time")
    }

    fn sent_at(firetime: Firetime, occasion: Occasion, now: &str) -> String {
        let mut grant = GrantAccess::new(
            Mode::Code,
            "L-1",
            moment("2027-03-28T19:00:00+02:00"),
            moment("2027-03-29T15:00:00+02:00"),
        );
        grant.phone_number = Some(Personal::new("98765432"));
        grant.country_code = Some(Personal::new("47"));
        let zone = TimeZone::get("Europe/Oslo").expect("a zone");
        let (now, keys) = (moment(now).instant(), Keys::default());
        let about = About { reference_id: "r", grant: &grant, keys, now, zone: &zone };
        let rule = MessageRule::new(occasion, Medium::Sms, firetime).expect("a rule");
        let mut outbox = Outbox::default();
        outbox.plan(&[rule], &about, &[occasion]);
        let message = outbox.planned.first().expect("a message");
        assert_eq!(message.to.expose(), "+4798765432");
        message.at.to_string()
    }

    #[test]
    fn a_message_goes_out_by_its_firetime() {
        let early = "2027-03-27T08:00:00+01:00";
        let set = |hour, minute| Firetime::At(Time::constant(hour, minute, 0, 0));
        let rows = [
            (Firetime::Minutes(0), Occasion::CheckIn, early, "2027-03-28T17:00:00Z"),
            (Firetime::Minutes(-30), Occasion::CheckIn, early, "2027-03-28T16:30:00Z"),
            (Firetime::Minutes(30), Occasion::CheckOut, early, "2027-03-29T13:30:00Z"),
            (Firetime::Minutes(0), Occasion::Created, early, "2027-03-27T07:00:00Z"),
            (set(9, 0), Occasion::CheckIn, early, "2027-03-28T07:00:00Z"),
            // That night the clock skips the hour from two to three.
            (set(2, 30), Occasion::CheckIn, early, "2027-03-28T01:30:00Z"),
            // It was due before the booking came.
            (Firetime::Minutes(-30), Occasion::CheckIn, "2027-03-28T18:45:00+02:00", "2027-03-28T16:45:00Z"),
        ];
        for (firetime, occasion, now, expected) in rows {
            assert_eq!(sent_at(firetime, occasion, now), expected, "{firetime:?} {occasion:?}");
        }
        assert_eq!(MessageRule::new(Occasion::Created, Medium::Sms, set(9, 0)), None);
    }
}
