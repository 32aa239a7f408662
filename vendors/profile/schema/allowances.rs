//! What `[limits]` and `[algo_pin]` may hold.

use serde_json::{Value, json};

use super::shapes::{flag, number, object, sources, span, text, texts};

pub(super) fn limits() -> Value {
    object(
        "What the system allows, and how long things take.",
        &[],
        &[
            sources(),
            ("seats", number("People that the account's subscription has room for.")),
            ("codes_per_lock", number("PINs that one lock can hold.")),
            ("name_length", number("Longest name that is kept whole.")),
            ("name_min", number("Shortest name that is taken.")),
            ("names_unique", flag("Whether the names of the PINs on one lock must differ.")),
            ("page_size", number("Largest page.")),
            ("pulse", span("Length of a momentary unlock.")),
            ("hold_max", span("Longest hold.")),
            ("low_battery", number("Below this percentage a battery is low.")),
            (
                "rate",
                object(
                    "The rate limit.",
                    &["calls", "per"],
                    &[("calls", number("Calls.")), ("per", span("In this span."))],
                ),
            ),
            (
                "rates",
                json!({ "type": "array", "items": object(
                    "A rate limit of some calls.",
                    &["calls", "per", "of"],
                    &[
                        ("calls", number("Calls.")),
                        ("per", span("In this span.")),
                        ("of", json!({ "enum": ["account", "lock", "bridge"] })),
                        ("for", texts("The operations that it counts; all unless given.")),
                        ("beyond", json!({ "enum": ["refuse", "wait"] })),
                    ],
                ) }),
            ),
            (
                "pending",
                json!({ "type": "array", "items": object(
                    "How many commands may be under way at once.",
                    &["jobs", "of"],
                    &[
                        ("jobs", number("Commands; one more is refused as busy.")),
                        ("of", json!({ "enum": ["account", "lock", "bridge"] })),
                        ("for", texts("The operations whose commands it counts; all unless given.")),
                    ],
                ) }),
            ),
            ("clock_skew", span("How far the time in a request may be off.")),
            ("command_offline", json!({ "enum": ["refuse", "drop"] })),
            (
                "hold_opens",
                json!({ "type": "boolean", "description": "Whether a hold draws the bolt by itself." }),
            ),
            (
                "mobile",
                object(
                    "Rules for mobile credentials.",
                    &[],
                    &[sources(), ("same_user", json!({ "enum": ["add", "replace"] }))],
                ),
            ),
            ("pin", pin()),
            ("window", window()),
            ("delays", delays()),
        ],
    )
}

fn pin() -> Value {
    let rules = [
        "no_zeros",
        "cannot_start_with_12",
        "not_all_same",
        "no_sequence",
        "three_unique",
        "no_triple_sequence",
        "unique_first_four_digits",
    ];
    object(
        "Rules for PINs.",
        &[],
        &[
            sources(),
            ("chosen_by", json!({ "enum": ["caller", "vendor"] })),
            (
                "lengths",
                json!({ "type": "array", "items": { "type": "integer" }, "minItems": 2, "maxItems": 2 }),
            ),
            ("only_lengths", json!({ "type": "array", "items": { "type": "integer" }, "minItems": 1 })),
            ("alphabet", text("Allowed keys.")),
            ("prefix", text("Keys typed before the PIN.")),
            ("suffix", text("Keys typed after the PIN.")),
            ("delivery", json!({ "enum": ["lock", "cloud"] })),
            ("offline", json!({ "enum": ["refuse", "defer", "drop"] })),
            ("rules", json!({ "type": "array", "items": { "enum": rules } })),
            ("unique", json!({ "enum": ["lock", "account"] })),
            ("slots", number("Numbered places on each lock, of which the caller chooses one.")),
            ("irrevocable", text("Why a PIN cannot be withdrawn.")),
        ],
    )
}

fn window() -> Value {
    object(
        "Rules for validity windows.",
        &[],
        &[
            sources(),
            ("unit", span("What windows are exact to.")),
            ("rounding", json!({ "enum": ["reject", "truncate", "widen"] })),
            ("max", span("Longest window.")),
            ("min", span("Shortest window.")),
            ("starts_in_future", flag("Whether a start in the past is refused.")),
        ],
    )
}

fn delays() -> Value {
    object(
        "How long things take at most.",
        &[],
        &[
            sources(),
            ("creation", span("Until a created PIN opens.")),
            ("listing", span("Until a created access is listed.")),
            ("removal", span("Until a removed access opens no more.")),
            ("offline", span("Until a lock that is gone is told as unreachable.")),
            ("actuation", span("Until an actuation is answered.")),
            ("job", span("How long an asynchronous command takes.")),
        ],
    )
}

pub(super) fn algo_pin() -> Value {
    object(
        "PINs that are computed without contact to the lock.",
        &[],
        &[
            sources(),
            ("rounding", span("What the window is rounded to.")),
            ("rounded", json!({ "enum": ["reject", "truncate", "widen"] })),
            ("max_validity", span("Longest window.")),
            ("activate_within", span("Within which time after its start the PIN must be used once.")),
            ("revocable", json!({ "type": "boolean" })),
            (
                "equal_hours_from",
                span("Windows of this length and more end at the hour at which they begin."),
            ),
            ("variants", number("How many PINs there are for one lock and window.")),
        ],
    )
}
