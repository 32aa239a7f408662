//! How long a run over a partner takes, told beforehand from data.

use std::time::Duration;

use super::PartnerPlan;
use crate::harness::criterion::Criterion;
use crate::harness::result::Mode;

const MINUTE: Duration = Duration::from_secs(60);

/// About how long a run takes on the machine's clock, beside what a person does
/// in it; nothing where the partner's time is moved. It is the sum of what is
/// judged in turn, the longest of what is waited for at once, and the load that
/// the partner states, which is played in real time.
pub fn partner_time<'a>(
    plan: &PartnerPlan,
    criteria: impl IntoIterator<Item = &'a Criterion>,
) -> Option<Duration> {
    let factor = plan.description.pace.factor()?;
    let judged = criteria.into_iter().filter(|criterion| plan.selects(criterion) && !criterion.attested);
    let (mut in_turn, mut at_once) = (Duration::ZERO, Duration::ZERO);
    for criterion in judged {
        let takes = MINUTE * criterion.minutes;
        if criterion.waits {
            at_once = at_once.max(takes);
        } else {
            in_turn += takes;
        }
    }
    let load = plan.description.declared.load.filter(|_| plan.mode == Mode::Certify);
    let load = load.map(|load| load.within).unwrap_or_default();
    Some((in_turn + at_once).div_f64(factor) + load)
}
