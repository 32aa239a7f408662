//! What stands in the path, the query and the headers of a request.

use serde_json::Value;

use super::codecs::spelling;
use super::confidence::{Confidence, Guess};
use super::description::{Endpoint, Parameter, Part, Place, SchemeKind};
use super::draft::{Around, Operation, escaped, names};
use super::fields::{Sign, Stand, allowed, signs, subject, subject_of_access};
use super::message::setting_name;
use super::shape::Kind;
use super::words::{Concept, concept};
use crate::vendors::vocabulary::Field;

impl Operation {
    pub(super) fn path(&mut self, endpoint: &Endpoint, around: &Around<'_>) {
        let mut written = format!("{} ", endpoint.method);
        let mut before = None;
        for segment in &endpoint.segments {
            written.push('/');
            for part in &segment.0 {
                match part {
                    Part::Text(text) => {
                        before = concept(text).map(|(concept, _)| concept).or(before);
                        written.push_str(&escaped(text));
                    }
                    Part::Parameter(name) => {
                        written.push_str(&self.path_parameter(name, before, endpoint, around))
                    }
                }
            }
        }
        self.request = written;
    }

    fn path_parameter(
        &mut self,
        name: &str,
        before: Option<Concept>,
        endpoint: &Endpoint,
        around: &Around<'_>,
    ) -> String {
        let given = endpoint.in_place(Place::Path).find(|parameter| parameter.name == name);
        let place = format!("`{{{name}}}` in the path");
        if !around.tenants.iter().any(|tenant| tenant == name)
            && let Some((field, why, confidence)) = self.path_field(name, before)
            && !self.asks_for(&field)
        {
            self.guesses.push(Guess::new(confidence, format!("{place} is {field}"), why));
            let hole = format!("{{{field}}}");
            self.asks.push((field, false));
            return hole;
        }
        let values = given.map(|parameter| parameter.shape.values.as_slice()).unwrap_or_default();
        if let [Value::String(only)] = values {
            self.guesses.push(Guess::new(
                Confidence::Sure,
                format!("{place} is `{only}`"),
                "it has one value",
            ));
            return escaped(only);
        }
        let setting = setting_name(name);
        let why = if around.tenants.iter().any(|tenant| tenant == name) {
            "it holds the locks, and a run works in one of them"
        } else {
            "it is not understood, so a run must be given it"
        };
        self.guesses.push(Guess::new(Confidence::Unsure, format!("{place} is setting.{setting}"), why));
        let text = given
            .and_then(|parameter| parameter.shape.text.clone())
            .unwrap_or_else(|| format!("The value of {place}"));
        self.settings.push((setting.clone(), text));
        format!("{{setting.{setting}}}")
    }

    fn path_field(&self, name: &str, before: Option<Concept>) -> Option<(Field, String, Confidence)> {
        let before = before.unwrap_or(Concept::Other);
        let kind = if before == Concept::Access { subject_of_access(self.meaning) } else { before };
        let stand =
            Stand { meaning: self.meaning, answer: false, subject: kind, parent: None, in_list: true };
        let sign = signs(name, stand).into_iter().find(|sign| is_id(&sign.field));
        if let Some(Sign { field, rank, why }) = sign {
            let confidence = if rank < 6 { Confidence::Sure } else { Confidence::Likely };
            return Some((field, why, confidence));
        }
        let field = match kind {
            Concept::Lock => Field::LockId,
            Concept::Group => Field::GroupId,
            Concept::User => Field::UserId,
            Concept::Pin => Field::AccessId,
            Concept::Mobile => Field::MobileId,
            Concept::Job => Field::JobId,
            _ => return None,
        };
        let fits = allowed(self.meaning, false).contains(&field);
        fits.then(|| (field, "it stands after the name of such a thing".to_owned(), Confidence::Unsure))
    }

    pub(super) fn parameters(&mut self, endpoint: &Endpoint, around: &Around<'_>) {
        let keys: Vec<String> = around
            .description
            .schemes
            .iter()
            .filter_map(|scheme| match &scheme.kind {
                SchemeKind::ApiKey { name, .. } => Some(name.to_lowercase()),
                _ => None,
            })
            .collect();
        let mut left_out = Vec::new();
        for parameter in endpoint.parameters.iter().filter(|parameter| parameter.place != Place::Path) {
            let lower = parameter.name.to_lowercase();
            if keys.contains(&lower) || ["authorization", "accept", "content-type"].contains(&lower.as_str())
            {
                continue;
            }
            match self.parameter(parameter) {
                Some(text) if parameter.place == Place::Query => {
                    self.query.push((parameter.name.clone(), text))
                }
                Some(text) => self.headers.push((parameter.name.clone(), text)),
                None => left_out.push(parameter.name.clone()),
            }
        }
        if !left_out.is_empty() {
            self.left_out.push(format!("of the parameters: {}", names(&left_out)));
        }
    }

    fn parameter(&mut self, parameter: &Parameter) -> Option<String> {
        let name = &parameter.name;
        let stand = Stand {
            meaning: self.meaning,
            answer: false,
            subject: subject(self.meaning, false),
            parent: None,
            in_list: false,
        };
        let sign = signs(name, stand).into_iter().find(|sign| !self.asks_for(&sign.field));
        if let Some((sign, spelled)) = sign.and_then(|sign| {
            spelling(&sign.field, name, &parameter.shape, true).map(|spelled| (sign, spelled))
        }) && !matches!(parameter.shape.kind, Kind::Object(_) | Kind::List(_))
        {
            let optional = !parameter.required || sign.field == Field::PageCursor;
            let paged = matches!(sign.field, Field::PageNumber | Field::PageOffset | Field::PageSize);
            let mark = if optional && !paged { "?" } else { "" };
            let hole = format!("{{{}{mark}{}}}", sign.field, spelled.codec);
            let named = if sign.rank < 6 { Confidence::Sure } else { Confidence::Likely };
            self.guesses.push(Guess::new(
                named.min(spelled.confidence),
                format!("request `{name}` is {}", sign.field),
                sign.why,
            ));
            self.asks.push((sign.field, optional));
            return Some(hole);
        }
        if !parameter.required {
            return None;
        }
        let shown = parameter.shape.sample().and_then(|value| match value {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(answer) => Some(answer.to_string()),
            _ => None,
        });
        if let Some(text) = shown {
            self.guesses.push(Guess::new(
                Confidence::Unsure,
                format!("request `{name}` says `{text}`"),
                "the first value that is shown, sent every time",
            ));
            return Some(escaped(&text));
        }
        let setting = setting_name(name);
        self.guesses.push(Guess::new(
            Confidence::Unsure,
            format!("request `{name}` is setting.{setting}"),
            "it must be sent, it is not understood, and no value is shown",
        ));
        let text =
            parameter.shape.text.clone().unwrap_or_else(|| format!("The value of `{name}` in requests"));
        self.settings.push((setting.clone(), text));
        Some(format!("{{setting.{setting}}}"))
    }
}

fn is_id(field: &Field) -> bool {
    matches!(
        field,
        Field::LockId
            | Field::GroupId
            | Field::UserId
            | Field::UserReference
            | Field::AccessId
            | Field::MobileId
            | Field::JobId
    )
}
