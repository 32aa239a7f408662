//! Which attestations count.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use super::{Attestation, Drive, Partner};

/// Where a day begins first.
const EASTERNMOST: Offset = Offset::constant(14);

impl Partner {
    /// What somebody vouches for about a criterion. The error says why nothing
    /// counts: nobody does, or it is dated after today, wherever on earth. The
    /// simulated booking system has no today of its own, and any day is right.
    pub fn attested(&self, criterion: &str, now: Timestamp) -> Result<&Attestation, String> {
        let given = self.attestations.iter().find(|given| given.criterion == criterion);
        let given = given.ok_or_else(|| {
            "nobody vouches for it ([[attestations]] in the partner description)".to_owned()
        })?;
        let today = now.to_zoned(TimeZone::fixed(EASTERNMOST)).date();
        if given.when > today && self.drive != Drive::Simulated {
            return Err(format!(
                "{} is said to have vouched for it on {}, a day to come",
                given.who, given.when
            ));
        }
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use crate::vendors::partner::{Attestation, Drive, load};

    #[test]
    fn what_is_dated_after_today_counts_for_nobody_but_the_simulated_system() {
        let mut partner = load("simulated_partner").unwrap();
        partner.attestations = vec![Attestation {
            criterion: "IP-70".to_owned(),
            who: "A. Manager".to_owned(),
            when: jiff::civil::date(2027, 1, 31),
            document: "handbook, page 7".to_owned(),
            at: 0..0,
        }];
        let told = |partner: &crate::vendors::partner::Partner, now: &str| {
            partner.attested("IP-70", now.parse().unwrap()).map(|given| given.who.clone())
        };
        assert!(told(&partner, "2026-06-01T00:00:00Z").is_ok());
        partner.drive = Drive::Own;
        assert!(told(&partner, "2026-06-01T00:00:00Z").unwrap_err().contains("a day to come"));
        partner.drive = Drive::Person;
        assert!(told(&partner, "2026-06-01T00:00:00Z").unwrap_err().contains("a day to come"));
        // It is the 31st in the east already.
        assert!(told(&partner, "2027-01-30T11:00:00Z").is_ok());
        assert!(partner.attested("IP-71", jiff::Timestamp::UNIX_EPOCH).is_err());
    }
}
