//! What the system allows, as far as the schemas say.

use super::confidence::{Confidence, Guess};
use super::draft::Operation;
use super::gap::{Gap, GapKind};
use crate::vendors::vocabulary::{Field, Meaning};

/// A line under `[limits]` or one of its tables.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    pub table: &'static str,
    pub key: &'static str,
    pub value: String,
    pub guess: Guess,
}

/// What a description hardly ever says, with what is taken meanwhile.
const USUAL: &[(&str, &str)] = &[
    ("limits.codes_per_lock", "how many PINs one lock can hold is not described; no limit is taken"),
    ("limits.rate", "the rate limit is not described; none is taken"),
    ("limits.pulse", "how long a momentary unlock lasts is not described; 5 s is taken"),
    ("limits.hold_max", "the longest hold is not described; no limit is taken"),
    ("limits.low_battery", "below which charge a battery is low is not described; 20 % is taken"),
    (
        "limits.window",
        "how exact windows are, what becomes of finer ones, and the longest one are not described; seconds and no limit are taken",
    ),
    (
        "limits.delays",
        "how long creation, removal, actuation and the news of an outage take is not described; 30 s, 30 s, 20 s and 1 min are taken",
    ),
];

/// The limits that the drafted exchanges tell, and those that nothing tells.
pub(super) fn limits(operations: &[Operation]) -> (Vec<Limit>, Vec<Gap>) {
    let mut limits = Vec::new();
    let mut gaps: Vec<Gap> = USUAL.iter().map(|(key, text)| Gap::new(GapKind::Limits, *key, *text)).collect();
    let find = |meaning: Meaning| operations.iter().find(|operation| operation.meaning == meaning);
    let sizes: Vec<u64> =
        operations.iter().filter_map(|operation| operation.paging).map(|(_, size)| size).collect();
    if let Some(size) = sizes.iter().max() {
        let guess = Guess::new(
            Confidence::Likely,
            format!("pages have at most {size} items"),
            "the largest size that is asked for",
        );
        limits.push(Limit { table: "limits", key: "page_size", value: size.to_string(), guess });
    }
    let named = [Meaning::SetPin, Meaning::AssignAccess]
        .into_iter()
        .filter_map(find)
        .find_map(|operation| operation.name_length);
    match named.filter(|most| (1..=100_000).contains(most)) {
        Some(most) => {
            let guess = Guess::new(
                Confidence::Likely,
                format!("names have at most {most} characters"),
                "the longest text of the name",
            );
            limits.push(Limit { table: "limits", key: "name_length", value: most.to_string(), guess });
        }
        None => gaps.push(Gap::new(
            GapKind::Limits,
            "limits.name_length",
            "the longest name is not described; no limit is taken",
        )),
    }
    pins(find(Meaning::SetPin), &mut limits, &mut gaps);
    if find(Meaning::AlgoPin).is_some() {
        let text = "what windows of computed PINs are widened to, how long they may be, when such a PIN must be used first, and whether it can be withdrawn";
        gaps.push(Gap::new(GapKind::Limits, "algo_pin", format!("{text}, is not described")));
    }
    (limits, gaps)
}

fn pins(set: Option<&Operation>, limits: &mut Vec<Limit>, gaps: &mut Vec<Gap>) {
    let Some(set) = set else { return };
    let mut gap =
        |key: &str, text: &str| gaps.push(Gap::new(GapKind::Limits, format!("limits.pin.{key}"), text));
    if !set.asks_for(&Field::AccessPin) {
        let guess = Guess::new(
            Confidence::Likely,
            "the vendor chooses the PIN",
            "a creation sends none, and its answer shows one",
        );
        limits.push(Limit { table: "limits.pin", key: "chosen_by", value: "\"vendor\"".to_owned(), guess });
    }
    match set.pin_lengths {
        (Some(least), Some(most)) if (1..=most).contains(&least) && most <= 20 => {
            let guess = Guess::new(
                Confidence::Likely,
                format!("PINs have {least} to {most} digits"),
                "the shortest and the longest text of the PIN",
            );
            limits.push(Limit {
                table: "limits.pin",
                key: "lengths",
                value: format!("[{least}, {most}]"),
                guess,
            });
        }
        _ => gap("lengths", "how many digits PINs have is not described; 4 to 8 are taken"),
    }
    gap(
        "rules",
        "which PINs are refused, and which keys are typed around them, is not described; none are taken",
    );
    gap(
        "delivery",
        "whether PINs are sent to the lock or kept in the cloud, and what an offline lock makes of them, is not described; sent, and refused while offline, is taken",
    );
}
