//! The requests, as they are written.

use serde::Serialize;

use super::{Mode, Moment};
use crate::vendors::vocabulary::Personal;

/// `POST /GrantAccess`: lets a guest in for a period.
///
/// Contact data stand here as they were sent, right or wrong: what is right is
/// the judge's question.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GrantAccess {
    /// How it opens.
    pub operation: Mode,
    /// The lock.
    #[schema(min_length = 1, max_length = 100)]
    pub lock_id: String,
    /// First moment of the access.
    #[schema(value_type = String, format = DateTime)]
    pub from: Moment,
    /// First moment after it.
    #[schema(value_type = String, format = DateTime)]
    pub to: Moment,
    /// The guest's phone: E.164, or the national number beside `countryCode`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 32)]
    pub phone_number: Option<Personal>,
    /// The calling code of the phone number, digits with or without `+`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 5)]
    pub country_code: Option<Personal>,
    /// The guest's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 254)]
    pub email: Option<Personal>,
    /// Free words for the lock's operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub reference: Option<Personal>,
}

impl GrantAccess {
    /// A grant without contact and reference.
    pub fn new(operation: Mode, lock_id: impl Into<String>, from: Moment, to: Moment) -> Self {
        Self {
            operation,
            lock_id: lock_id.into(),
            from,
            to,
            phone_number: None,
            country_code: None,
            email: None,
            reference: None,
        }
    }
}

/// `POST /GrantPulseAccess`: opens once, now.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GrantPulseAccess {
    /// The lock.
    #[schema(min_length = 1, max_length = 100)]
    pub lock_id: String,
    /// Free words for the lock's operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub reference: Option<Personal>,
}

/// `POST /UpdateAccess`: changes an access; what is not given stays.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UpdateAccess {
    /// The access, as its grant was answered.
    #[serde(rename = "ReferenceId")]
    #[schema(min_length = 1, max_length = 64)]
    pub reference_id: String,
    /// Another lock.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    pub lock_id: Option<String>,
    /// Another first moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Moment>,
    /// Another end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub to: Option<Moment>,
    /// Another phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 32)]
    pub phone_number: Option<Personal>,
    /// Its calling code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 5)]
    pub country_code: Option<Personal>,
    /// Another address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 254)]
    pub email: Option<Personal>,
    /// Other words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub reference: Option<Personal>,
}

impl UpdateAccess {
    /// A change of nothing yet.
    pub fn new(reference_id: impl Into<String>) -> Self {
        Self {
            reference_id: reference_id.into(),
            lock_id: None,
            from: None,
            to: None,
            phone_number: None,
            country_code: None,
            email: None,
            reference: None,
        }
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::new(self.reference_id.as_str())
    }
}

/// `POST /RevokeAccess`: withdraws an access.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
pub struct RevokeAccess {
    /// The access, as its grant was answered.
    #[serde(rename = "ReferenceId")]
    #[schema(min_length = 1, max_length = 64)]
    pub reference_id: String,
}
