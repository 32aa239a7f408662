//! What stands around and in an exchange: credentials, signatures, requests,
//! answers, errors, and what the vendor tells by itself.

use serde_json::{Value, json};

use super::shapes::{named, number, object, one_or_several, pairs, sources, span, text, texts, with, words};
use crate::vendors::vocabulary::{Cause, EventKind, FailureKind, Meaning};

pub(super) fn success(description: &str) -> Value {
    let literals = [
        ("body", text("Literals as JSON that must be equal.")),
        ("if_there", text("Literals as JSON that must be equal where they are there.")),
    ];
    object(description, &[], &literals)
}

pub(super) fn signature() -> Value {
    object(
        "A digest that a request carries as `{signature.name}`.",
        &["text", "hash"],
        &[
            sources(),
            ("text", text("What is signed, with holes; they may touch.")),
            ("hash", json!({ "enum": ["md5", "sha256", "hmac_sha256", "secretbox"] })),
            ("key", text("The secret of `hmac_sha256` or `secretbox`.")),
            ("spelling", json!({ "enum": ["hex", "base64"] })),
            ("keep", number("Characters that are kept, from the first.")),
            ("tolerance", span("How far the sender's clock may be from the receiver's.")),
            (
                "blocks",
                object(
                    "What becomes of everybody's signatures after too many wrong ones.",
                    &["after", "for", "refused_as"],
                    &[
                        ("after", number("Wrong ones in a row.")),
                        ("for", span("How long every one is refused then.")),
                        (
                            "refused_as",
                            words("What they are called.", FailureKind::ALL.iter().map(|kind| kind.as_str())),
                        ),
                    ],
                ),
            ),
            (
                "refused_as",
                words("What a wrong one is called.", FailureKind::ALL.iter().map(|kind| kind.as_str())),
            ),
        ],
    )
}

pub(super) fn auth() -> Value {
    let place = [
        ("header", text("The header.")),
        ("query", text("The query parameter.")),
        ("parameter", text("The parameter of the form, or of the query.")),
    ];
    object(
        "Where credentials go.",
        &[],
        &[
            sources(),
            ("description", text("In the vendor's answer, in place of the usual words.")),
            (
                "oauth2",
                object(
                    "A token that is got and renewed.",
                    &["token"],
                    &with(
                        &place,
                        &[
                            sources(),
                            ("token", text("The operation that gets a token.")),
                            ("refresh", text("The operation that renews it.")),
                            ("renew_before", span("How long before its end it is renewed.")),
                            ("life", span("How long a token lives.")),
                            (
                                "rotates",
                                json!({ "type": "boolean", "description": "Whether a refresh token is good for one use." }),
                            ),
                            ("scheme", text("The word before the token; `Bearer` unless given.")),
                        ],
                    ),
                ),
            ),
            (
                "bearer",
                object(
                    "A fixed token.",
                    &["secret"],
                    &with(
                        &place,
                        &[
                            sources(),
                            ("secret", text("The secret's name.")),
                            ("scheme", text("The word before the token; `Bearer` unless given.")),
                        ],
                    ),
                ),
            ),
            (
                "api_key",
                object(
                    "A key.",
                    &["secret"],
                    &with(&place, &[sources(), ("secret", text("The secret's name."))]),
                ),
            ),
            ("parameters", pairs("What goes with every call, in the form or in the query, with holes.")),
            (
                "basic",
                object(
                    "HTTP Basic.",
                    &["username", "password"],
                    &[
                        sources(),
                        ("username", text("The secret's name.")),
                        ("password", text("The secret's name.")),
                    ],
                ),
            ),
        ],
    )
}

fn status() -> Value {
    one_or_several(&json!({ "type": "integer", "minimum": 100, "maximum": 599 }))
}

pub(super) fn errors() -> Value {
    let error = object(
        "A documented error.",
        &["is"],
        &[
            sources(),
            ("is", words("What it means.", FailureKind::ALL.iter().map(|kind| kind.as_str()))),
            (
                "cause",
                words("The one cause for which it is given.", Cause::ALL.iter().map(|cause| cause.as_str())),
            ),
            ("status", status()),
            ("headers", pairs("Headers with holes.")),
            ("body", text("The message as JSON with holes; its literals must be equal.")),
            ("text", text("The message as a plain text with holes.")),
            ("clears_within", span("Within which time the identical call succeeds.")),
            (
                "leaves",
                json!({ "type": "boolean", "description": "Whether what was asked for was made all the same." }),
            ),
            ("unless", text("Literals as JSON that an answer of this error does not all have.")),
        ],
    );
    json!({ "type": "array", "items": error })
}

pub(super) fn operation() -> Value {
    object(
        "One exchange.",
        &["request"],
        &[
            sources(),
            (
                "meaning",
                words(
                    "What it means, where its name does not say.",
                    Meaning::ALL.iter().map(|meaning| meaning.as_str()),
                ),
            ),
            ("server", text("The base address; `api` unless given.")),
            ("request", json!({ "type": "string", "pattern": "^(GET|POST|PUT|PATCH|DELETE|HEAD) /" })),
            ("query", pairs("Query parameters with holes.")),
            ("headers", pairs("Headers with holes.")),
            ("body", text("The message as JSON with holes.")),
            ("form", pairs("The message as a form with holes.")),
            (
                "of",
                texts(
                    "The operations whose jobs a poll tells of, where another on its route tells of others.",
                ),
            ),
            ("content_type", text("The media type of the request's body, where it is not the usual one.")),
            ("auth", json!({ "type": "boolean", "description": "`false` sends no credentials." })),
            (
                "match_headers",
                json!({ "type": "boolean", "description": "Whether literal headers tell operations apart." }),
            ),
            ("status", status()),
            ("response_headers", pairs("The answer's headers with holes.")),
            ("response", text("The answer as JSON with holes.")),
            (
                "unchanged",
                json!({ "const": 304, "description": "The status that says that the list is as it was." }),
            ),
            ("response_text", text("The answer as a plain text with holes.")),
            ("live", json!({ "type": "boolean", "description": "Whether the lock itself is asked." })),
            (
                "reaches_lock",
                json!({ "type": "boolean", "description": "Whether a PIN is brought to its lock, or only noted." }),
            ),
            ("success", success("What must hold beside.")),
            ("errors", errors()),
            (
                "window",
                object(
                    "How long the window may be that is asked for.",
                    &[],
                    &[("min", span("The shortest.")), ("max", span("The longest."))],
                ),
            ),
            ("variants", number("How many computed PINs there are for one lock and window by this call.")),
            ("uses", number("How often a computed PIN or a mobile credential of this call opens.")),
            (
                "use_within",
                span("Within which time after its start a computed PIN of this call must be used."),
            ),
            ("also", named("Other names under which parameters come.", text("The other name."), &[])),
            (
                "ignores",
                named("Parameters that are documented and not played.", text("What is ignored."), &[]),
            ),
            (
                "paging",
                object(
                    "How a listing is read to its end.",
                    &["by", "size"],
                    &[
                        ("by", json!({ "enum": ["page", "offset", "cursor", "link"] })),
                        ("size", number("Items per page.")),
                        ("cap", number("Most items that are listed in all.")),
                    ],
                ),
            ),
        ],
    )
}

pub(super) fn callbacks() -> Value {
    let fields = named("What the message means without a hole.", text("A canonical value."), &[]);
    let event = object(
        "An event that is told.",
        &["name", "is"],
        &[
            sources(),
            ("name", text("Its name.")),
            (
                "is",
                one_or_several(&words("What it tells of.", EventKind::ALL.iter().map(|kind| kind.as_str()))),
            ),
            ("delay", span("How long after it happened it is sent.")),
            ("means", fields),
            ("headers", pairs("Headers with holes.")),
            ("body", text("The message as JSON with holes.")),
            ("form", pairs("The message as a form with holes.")),
        ],
    );
    let answer = [("status", number("The status.")), ("body", text("The body, as it is."))];
    let signature = [
        ("header", text("The header that bears it.")),
        ("value", text("How it is made, with `{callback.body}`.")),
    ];
    object(
        "What the vendor tells by itself.",
        &["events"],
        &[
            sources(),
            ("register", text("The operation that says where to.")),
            ("console", text("Where a person says where to.")),
            ("delay", span("How long after it happened an event is sent.")),
            ("attempts", number("How often an event is sent at most, until it is taken.")),
            ("every", span("Time between two attempts.")),
            ("answer", object("The answer that the vendor waits for.", &[], &answer)),
            ("signature", object("How callbacks are signed.", &["header", "value"], &signature)),
            ("events", json!({ "type": "array", "minItems": 1, "items": event })),
        ],
    )
}
