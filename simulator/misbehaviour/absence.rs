//! Vendors that declare what they do not have, and that have what they do not
//! declare.

use serde_json::{Value, json};

use super::{Misbehaviour, Twist};
use crate::simulator::server::reshape::reshape;
use crate::vendors::vocabulary::Meaning;
use crate::vendors::wire::WireResponse;

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    Misbehaviour::new(
        "hold-open-is-not-there",
        "LV-82",
        "Holding open is declared, and answered as not implemented.",
        Twist::Answered(no_hold),
    )
    .with(&[
        ("LV-03", "the answer is not a documented one"),
        ("LV-04", "who has no credentials is refused in no documented form either"),
        ("LV-83", "nothing can be held, so nothing returns to normal"),
    ]),
    Misbehaviour::new(
        "mobile-access-is-not-there",
        "LV-60",
        "Mobile access is declared, and no such path is there.",
        Twist::Answered(no_mobile),
    )
    .with(&[
        ("LV-03", "the answer is not a documented one"),
        ("LV-04", "who has no credentials is refused in no documented form either"),
        ("LV-61", "there is no mobile access to be judged"),
        ("LV-70", "there is no mobile access to be removed"),
        ("LV-95", "there is no mobile access to be repeated"),
    ]),
    Misbehaviour::new(
        "has-a-refresh-token-nobody-declared",
        "LV-08",
        "The token comes with a refresh token, of which the statement says nothing.",
        Twist::Answered(refresh_token),
    ),
    Misbehaviour::new(
        "lists-pins-undeclared",
        "LV-08",
        "The PINs of a lock can be listed, and no function is declared that does.",
        Twist::Statement(undeclare_list),
    ),
];

fn no_hold(meaning: Meaning, response: &mut WireResponse) {
    if meaning == Meaning::HoldOpen {
        *response = WireResponse { status: 501, ..WireResponse::default() };
    }
}

fn no_mobile(meaning: Meaning, response: &mut WireResponse) {
    if meaning == Meaning::CreateMobile {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let body = json!({ "message": "no Route matched with those values" }).to_string().into_bytes();
        *response = WireResponse { status: 404, headers, body };
    }
}

fn refresh_token(meaning: Meaning, response: &mut WireResponse) {
    if meaning == Meaning::GetToken && response.status == 200 {
        reshape(response, |body| {
            if let Some(members) = body.as_object_mut() {
                members
                    .insert("refresh_token".to_owned(), Value::from("rt-0c1f2d3e4b5a69788796a5b4c3d2e1f0"));
            }
        });
    }
}

fn undeclare_list(statement: &mut toml::Table) {
    for section in ["functions", "function_notes"] {
        if let Some(functions) = statement.get_mut(section).and_then(toml::Value::as_table_mut) {
            functions.remove("list_pin_access");
        }
    }
}
