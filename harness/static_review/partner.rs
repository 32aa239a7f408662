//! A partner description against the criteria, without any traffic.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Opinion, Review};
use crate::harness::criterion::Criterion;
use crate::harness::verdict::Verdict;
use crate::vendors::dialect::Origins;
use crate::vendors::partner::{Act, Partner};

/// Reviews a partner description. It declares and vouches; what the partner does,
/// only a run can tell. `now` is the present, which no attestation is dated after.
pub fn review_partner(partner: &Partner, criteria: &[Arc<Criterion>], now: Timestamp) -> Review {
    Review {
        schema: super::SCHEMA.to_owned(),
        of: "partner description",
        subject: partner.name.clone(),
        opinions: criteria.iter().map(|criterion| opinion(partner, criterion, now)).collect(),
        gaps: gaps(partner),
        not_played: Vec::new(),
        origins: Origins::default(),
        unsourced: Vec::new(),
        statement: Vec::new(),
    }
}

fn opinion(partner: &Partner, criterion: &Criterion, now: Timestamp) -> Opinion {
    let (verdict, reason) = match criterion.attested.then(|| partner.attested(criterion.id.as_str(), now)) {
        None => (Verdict::Skipped, "only a run can tell".to_owned()),
        Some(Err(why)) => (Verdict::Inconclusive, why),
        Some(Ok(given)) => {
            let told = format!("{} vouched for it on {} by “{}”", given.who, given.when, given.document);
            (Verdict::Attested, told)
        }
    };
    Opinion::on(criterion, verdict, reason)
}

/// What the description leaves out and a criterion needs.
fn gaps(partner: &Partner) -> Vec<String> {
    let drive = &partner.drive;
    let within = drive.is_within();
    let needs = [
        (within || partner.log.is_some(), "no log is handed in (`log`), by which IP-11 is judged"),
        (
            partner.declared.load.is_some(),
            "no load is stated (`load` under [declares]), which IP-72 asks for",
        ),
        (within || partner.program.is_some(), "no program is named ([program]), which IP-26 starts anew"),
        (
            drive.can(Act::Show),
            "no act shows a booking (`show` under [drive]), by which IP-04 and IP-10 look",
        ),
    ];
    needs.into_iter().filter(|(there, _)| !there).map(|(_, gap)| gap.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::criterion::CriterionId;
    use crate::vendors::partner::{self, load};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn attested(id: &str) -> Arc<Criterion> {
        let mut criterion = Criterion::bare(CriterionId::parse(id).unwrap());
        criterion.attested = true;
        Arc::new(criterion)
    }

    fn bare(drive: &str) -> Partner {
        let text = format!(
            "schema = \"lockstep.partner/1\"\nkind = \"inlet-partner\"\nname = \"n\"\ntitle = \"N\"\n\
             vendor = \"N\"\nversion = \"1\"\n[declares]\nuses = [\"code\"]\n[time]\npace = \"real\"\n{drive}"
        );
        partner::parse("n.toml", &text).unwrap_or_else(|why| panic!("{why}"))
    }

    #[test]
    fn what_somebody_vouches_for_is_told_with_who_and_what_nobody_does_stays_open() {
        let partner = load("simulated_partner").unwrap();
        let open = bare("[drive]\nperson = true");
        let verdict =
            |partner: &Partner| review_partner(partner, &[attested("IP-70")], NOW).opinions.remove(0).verdict;
        let vouched_for = partner.attestations.iter().any(|given| given.criterion == "IP-70");
        assert_eq!(verdict(&partner) == Verdict::Attested, vouched_for);
        assert_eq!(verdict(&open), Verdict::Inconclusive);
    }

    #[test]
    fn what_the_description_leaves_out_is_told() {
        let book = "[drive.http]\nbase = \"http://127.0.0.1:1\"\n\
                    [drive.http.acts.book]\nrequest = \"POST /\"\nbody = '{}'";
        let told = review_partner(&bare(book), &[], NOW).gaps;
        for named in ["`log`", "`load`", "[program]", "`show`"] {
            assert!(told.iter().any(|gap| gap.contains(named)), "{named}: {told:?}");
        }
        assert!(review_partner(&load("own_integration").unwrap(), &[], NOW).gaps.is_empty());
    }
}
