//! How lists are read to their end.

use serde_json::Value;

use super::confidence::{Confidence, Guess};
use super::description::{Endpoint, Place};
use super::draft::Operation;
use super::node::Node;
use crate::vendors::vocabulary::{Field, Meaning};

impl Operation {
    /// How a list is read to its end, where request and answer tell it.
    pub(super) fn page(&mut self, endpoint: &Endpoint) {
        let lists = matches!(
            self.meaning,
            Meaning::ListGroups | Meaning::ListLocks | Meaning::ListPins | Meaning::ListMobile
        );
        let from_zero = endpoint.in_place(Place::Query).any(|parameter| {
            self.query.iter().any(|(name, text)| *name == parameter.name && text == "{page.number}")
                && (parameter.shape.range.0 == Some(0.0) || parameter.shape.example == Some(Value::from(0)))
        });
        let by = match () {
            () if self.asks_for(&Field::PageCursor) && self.tells_of(&Field::PageNext) => Some("cursor"),
            () if self.asks_for(&Field::PageNumber) && !from_zero => Some("page"),
            () if self.asks_for(&Field::PageOffset) => Some("offset"),
            () => None,
        };
        if from_zero && by.is_none() {
            self.gaps.push(
                "pages are counted from 0 and this format counts from 1, so the first page alone is read"
                    .to_owned(),
            );
        }
        let Some(by) = by.filter(|_| lists) else {
            if lists && self.asks.iter().any(|(field, _)| is_page(field)) {
                self.gaps.push(
                    "how its pages follow each other was not understood, so one page is read".to_owned(),
                );
            }
            return self.unpage();
        };
        let size = endpoint.in_place(Place::Query).find(|parameter| {
            self.query.iter().any(|(name, text)| *name == parameter.name && text.starts_with("{page.size"))
        });
        let most = size
            .and_then(|parameter| parameter.shape.range.1)
            .filter(|most| (1.0..=100_000.0).contains(most));
        let usual = size
            .and_then(|parameter| parameter.shape.example.as_ref())
            .and_then(Value::as_f64)
            .filter(|usual| (1.0..=100_000.0).contains(usual));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "filtered to 1 to 100000"
        )]
        let told = most.map(|most| most.min(100.0)).or(usual).map(|number| number as u64);
        let (size, why, confidence) = match told {
            Some(size) => (size, "the description tells a size", Confidence::Likely),
            None => (50, "the description tells no size", Confidence::Unsure),
        };
        self.guesses.push(Guess::new(confidence, format!("pages are read by {by}, {size} items each"), why));
        self.paging = Some((by, size));
    }

    /// Takes the holes of paging out again.
    fn unpage(&mut self) {
        self.query.retain(|(_, text)| !text.starts_with("{page."));
        if let Some(body) = self.body.take() {
            self.body = without_pages(body);
        }
        self.guesses.retain(|guess| !guess.what.contains(" is page."));
        self.asks.retain(|(field, _)| !is_page(field));
        if self.response.is_some() {
            self.response = self.response.take().and_then(without_pages);
            self.tells.retain(|(field, _)| !is_page(field));
        }
    }
}

fn without_pages(node: Node) -> Option<Node> {
    match node {
        Node::Hole(inner) if inner.starts_with("page.") => None,
        Node::Object(members) => {
            let kept: Vec<(String, Node)> =
                members.into_iter().filter_map(|(name, node)| Some((name, without_pages(node)?))).collect();
            (!kept.is_empty()).then_some(Node::Object(kept))
        }
        other => Some(other),
    }
}

fn is_page(field: &Field) -> bool {
    field.to_string().starts_with("page.")
}
