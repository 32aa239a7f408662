//! What is published of the API, and what was chosen where nothing is.

/// A fact that Inlet publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// What it is about.
    pub about: &'static str,
    /// The fact.
    pub fact: &'static str,
    /// The article of Inlet's knowledge base that says it.
    pub source: &'static str,
}

/// A point at which Inlet's reference would decide, and we had to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// By which the code and the API's description refer to it.
    pub id: &'static str,
    /// What was chosen.
    pub chosen: &'static str,
    /// Why so and not otherwise.
    pub why: &'static str,
}

const USE_CASES: &str = "Inlet API use cases";
const GUIDE: &str = "Inlet API integration guide";
const BOOKUP: &str = "BookUp and Inlet";
const FIRETIME: &str = "Understanding Firetime in Inlet";
const MESSAGES: &str = "Customer Communication: SMS and Email";
const SECURITY: &str = "Inlet's articles on its security and its API";

/// What is published, and where.
pub const PUBLISHED: &[Published] = &[
    Published { about: "transport", fact: "REST and JSON over HTTPS", source: GUIDE },
    Published {
        about: "credentials",
        fact: "a token is tied to a customer and to one or more source addresses; calls from other addresses are refused",
        source: SECURITY,
    },
    Published {
        about: "grant",
        fact: "`/GrantAccess` with `operation` `code` makes a PIN for a guest, with `unlock` it keeps the door unlocked for a period; URL keys are had from it too",
        source: USE_CASES,
    },
    Published {
        about: "grant",
        fact: "the answer holds `ReferenceId`, to be stored for update and revoke, and `codeFormatted`, with the keys before and after the code, such as `#1234*`",
        source: USE_CASES,
    },
    Published {
        about: "contact",
        fact: "`phoneNumber` is given with its country code or along with `countryCode`; an SMS is sent only where it is given and SMS is configured for the lock",
        source: USE_CASES,
    },
    Published { about: "pulse", fact: "`/GrantPulseAccess` sends a pulse to the lock", source: BOOKUP },
    Published {
        about: "privacy",
        fact: "Inlet receives phone number and email only; the lock system receives an opaque id and nothing of the guest",
        source: BOOKUP,
    },
    Published {
        about: "errors",
        fact: "`message` says what went wrong; an example is `{\"status\":\"ERROR\",\"code\":\"422\",\"message\":\"Exceeded the limit of 367 days\"}`",
        source: GUIDE,
    },
    Published {
        about: "times",
        fact: "`from` and `to` are the period of the access, not of the booking",
        source: USE_CASES,
    },
    Published {
        about: "timing",
        fact: "a booking is sent when it starts soon, not more than 72 hours before the arrival",
        source: GUIDE,
    },
    Published {
        about: "retries",
        fact: "after an upstream timeout: again every 3 to 5 minutes for at least 30 minutes or until success, then a message to support",
        source: GUIDE,
    },
    Published {
        about: "messages",
        fact: "each sort of message has a firetime: 0 sends at the base time, a number so many minutes after it (before it where negative), a time of day at that time on the day of check-in or check-out",
        source: FIRETIME,
    },
    Published {
        about: "messages",
        fact: "the base time of `created` and `updated` is when the booking or its change is received, of check-in when the booking starts, of check-out when it ends",
        source: MESSAGES,
    },
];

/// What was chosen, and why.
pub const CHOICES: &[Choice] = &[
    Choice {
        id: "bearer",
        chosen: "the token is sent as `Authorization: Bearer`; without a valid one the answer is 401, from an address that the token is not tied to it is 403",
        why: "the usual header, which no log of addresses keeps; the two are told apart because new credentials mend only the first",
    },
    Choice {
        id: "paths",
        chosen: "paths are told apart by case and stand directly below the base address; an unknown one is 404, another method than POST 405, another media type than JSON 415",
        why: "the published paths are written with capitals; a misspelt one must not work by chance",
    },
    Choice {
        id: "update-and-revoke",
        chosen: "`POST /UpdateAccess` and `POST /RevokeAccess`, each with `ReferenceId` in the body",
        why: "both calls are published without a path; these follow the form of the grant, and keep the id out of addresses",
    },
    Choice {
        id: "grant-members",
        chosen: "beside `operation`, `phoneNumber` and `countryCode` the members are `lockId`, `from`, `to`, `email`, `reference`",
        why: "the published facts name these data and not their spelling; the spelling follows that of `phoneNumber`",
    },
    Choice {
        id: "times",
        chosen: "`from` and `to` are RFC 3339 with an offset; `to` is later than `from` and not in the past; a period of exactly 367 days of 24 hours is allowed",
        why: "a time without an offset means two instants once a year; an access that is over opens nothing",
    },
    Choice {
        id: "country-code",
        chosen: "`countryCode` is the calling code as a text, digits with or without `+`",
        why: "it stands beside a phone number; a region such as `NO` would not say which code is meant where regions share one",
    },
    Choice {
        id: "contact-is-taken",
        chosen: "contact data are held to be texts of bounded length and to nothing else; a booking that is sent earlier than 72 hours before is taken",
        why: "how Inlet answers to a malformed address is not published; what was received is judged, not the answer to it",
    },
    Choice {
        id: "lengths",
        chosen: "bodies have 64 KiB at most, `lockId` 100 characters, `ReferenceId` 64, `phoneNumber` 32, `countryCode` 5, `email` 254, `reference` 200; no text is empty",
        why: "constraints on lengths are published to exist; these hold everything real, and an empty text is a datum that got lost",
    },
    Choice {
        id: "unknown-members",
        chosen: "a member that is not described is refused with 422, as is a wrong type; `null` is the same as nothing",
        why: "a misspelt optional member would be lost in silence",
    },
    Choice {
        id: "keys",
        chosen: "`operation` `mobilekey` answers with `mobileKey`, an invitation to the vendor's app; `urlkey` answers with `urlKey`, a link that pulses the lock while the access holds",
        why: "both keys are published as modes of access and the URL key as had from the grant; their words are not",
    },
    Choice {
        id: "pulse-members",
        chosen: "`/GrantPulseAccess` takes `lockId` and `reference`, and answers without a `ReferenceId`",
        why: "a pulse is over when it is answered; there is nothing to update or to revoke",
    },
    Choice {
        id: "success",
        chosen: "every success is 200 with `status` `OK`",
        why: "the counterpart of the published `ERROR`",
    },
    Choice {
        id: "error-code",
        chosen: "`code` is the HTTP status: 400 where the body is no JSON object, 401, 403, 404 for an unknown path, lock or `ReferenceId`, 405, 409 where the access or the lock does not allow it, 413, 415, 422, 429 and 503 with `Retry-After`, 500, 502 where the lock system breaks off or answers nonsense, 504",
        why: "the published example is 422 for a rule that is broken; the others follow HTTP",
    },
    Choice {
        id: "upstream-timeout",
        chosen: "an upstream timeout is 504 with a message that begins `Upstream timeout: `, or the connection ends after the request was read",
        why: "the guide names timeouts of upstream services and not their form; 504 is what HTTP has for it",
    },
    Choice {
        id: "offline-lock",
        chosen: "a lock that cannot be reached is 409 where its vendor says so at once, and an upstream timeout where the vendor does not answer in time",
        why: "the guide has timeouts tried again and everything else read and acted on; a vendor that takes the order for later is a success",
    },
    Choice {
        id: "same-grant",
        chosen: "a grant that is repeated unchanged while its earlier answer was no success is the same grant: it keeps its `ReferenceId`, and what was made already is found and answered; after a success the same body is another grant",
        why: "the retry rule asks for the same content again without an id to tell repeats by, and one access in the end",
    },
    Choice {
        id: "abandoned-grant",
        chosen: "what a grant has made without its answer having been a success is withdrawn when it is not asked for again within ten minutes",
        why: "whoever never learnt a `ReferenceId` cannot revoke it; twice the longest gap of the retry rule leaves room for the next attempt",
    },
    Choice {
        id: "revoke-again",
        chosen: "revoking an access that is revoked already is a success; updating it is 409",
        why: "a withdrawal whose answer was lost is repeated, and must be able to end well",
    },
    Choice {
        id: "messages",
        chosen: "an SMS is addressed by `phoneNumber` as it came, with `countryCode` before it where it does not begin with `+`; a revoked access sends a message of its own where one is configured; what is due in the past is sent at once, and messages of an access that is withdrawn are not sent",
        why: "the published rule says when, not what becomes of a message that is overtaken",
    },
    Choice {
        id: "wording",
        chosen: "a message tells in English the lock by its id, the period by the clock that the request was written by, and the code, key or link; an email has a subject",
        why: "the texts are configured for each lock at Inlet and not published; these show what reaches a guest",
    },
];
