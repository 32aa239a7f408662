//! The compiled shape of one message: where its holes are, and how it is
//! filled and read as a whole.

mod answer;
mod body;
mod error;
mod pair;
mod request;

pub(crate) use answer::{AnswerForm, ParsedAnswer};
pub(crate) use body::{Body, Unwritten, decode_form};
pub(crate) use error::ErrorForm;
pub(crate) use request::RequestForm;
