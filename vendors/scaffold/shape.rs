//! What a value looks like, as far as a description says.

use serde_json::Value;

/// The type of a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// Members in their order.
    Object(Vec<Member>),
    /// Elements of one shape.
    List(Box<Shape>),
    /// An object keyed by what the description does not name.
    Keyed(Box<Shape>),
    /// A text.
    Text,
    /// A number; whether it is whole.
    Number {
        /// Whether it is whole.
        whole: bool,
    },
    /// Yes or no.
    Bool,
    /// Nothing is said of it.
    Anything,
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Member {
    /// Its name.
    pub name: String,
    /// Its value.
    pub shape: Shape,
    /// Whether the description says that it is always there; `None` where it
    /// says of no member whether it is.
    pub required: Option<bool>,
}

/// What a description says of a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shape {
    /// Its type.
    pub kind: Kind,
    /// A value that the description shows.
    pub example: Option<Value>,
    /// The values that it may have, where they are listed.
    pub values: Vec<Value>,
    /// A name for each of the values, where the description gives them.
    pub names: Vec<(Value, String)>,
    /// `date-time`, `uuid`, `int64`, ….
    pub format: Option<String>,
    /// In the vendor's words.
    pub text: Option<String>,
    /// The smallest and the largest number.
    pub range: (Option<f64>, Option<f64>),
    /// The shortest and the longest text.
    pub lengths: (Option<u64>, Option<u64>),
    /// Whether it may be null.
    pub nullable: bool,
    /// The only way that it goes, where it is not the same both ways (`readOnly`,
    /// `writeOnly`).
    pub only: Option<Way>,
}

/// Which way a message goes. One schema often serves both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// To the vendor.
    Request,
    /// From the vendor.
    Answer,
}

impl Shape {
    pub fn of(kind: Kind) -> Self {
        Self {
            kind,
            example: None,
            values: Vec::new(),
            names: Vec::new(),
            format: None,
            text: None,
            range: (None, None),
            lengths: (None, None),
            nullable: false,
            only: None,
        }
    }

    /// What of it goes that way. To be asked for when all examples are read: they
    /// may show what only goes the other way.
    pub fn going(mut self, way: Way) -> Self {
        self.kind = match self.kind {
            Kind::Object(members) => {
                let goes = |member: &Member| member.shape.only.is_none_or(|only| only == way);
                let kept = members.into_iter().filter(goes);
                Kind::Object(kept.map(|member| Member { shape: member.shape.going(way), ..member }).collect())
            }
            Kind::List(item) => Kind::List(Box::new(item.going(way))),
            Kind::Keyed(item) => Kind::Keyed(Box::new(item.going(way))),
            other => other,
        };
        self
    }

    /// The shape of an example.
    pub fn of_example(value: &Value) -> Self {
        let kind = match value {
            Value::Null => Kind::Anything,
            Value::Bool(_) => Kind::Bool,
            Value::Number(number) => Kind::Number { whole: number.is_i64() || number.is_u64() },
            Value::String(_) => Kind::Text,
            Value::Array(items) => {
                let first = items.first().map_or_else(|| Self::of(Kind::Anything), Self::of_example);
                Kind::List(Box::new(items.iter().skip(1).fold(first, |shape, item| shape.with_example(item))))
            }
            Value::Object(members) => Kind::Object(
                members
                    .iter()
                    .map(|(name, value)| Member {
                        name: name.clone(),
                        shape: Self::of_example(value),
                        required: None,
                    })
                    .collect(),
            ),
        };
        Self { nullable: value.is_null(), example: Some(value.clone()), ..Self::of(kind) }
    }

    /// The same with what an example adds.
    pub fn with_example(mut self, value: &Value) -> Self {
        match (&mut self.kind, value) {
            (Kind::Anything, Value::Null) => self.nullable = true,
            (Kind::Anything, _) => {
                let learned = Self::of_example(value);
                self.kind = learned.kind;
                self.example = learned.example;
            }
            (Kind::Object(members), Value::Object(given)) => {
                for (name, value) in given {
                    match members.iter_mut().find(|member| member.name == *name) {
                        Some(member) => {
                            let shape = std::mem::replace(&mut member.shape, Self::of(Kind::Anything));
                            member.shape = shape.with_example(value);
                        }
                        None => members.push(Member {
                            name: name.clone(),
                            shape: Self::of_example(value),
                            required: None,
                        }),
                    }
                }
            }
            (Kind::List(item), Value::Array(given)) => {
                for value in given {
                    let shape = std::mem::replace(item.as_mut(), Self::of(Kind::Anything));
                    **item = shape.with_example(value);
                }
            }
            (Kind::Keyed(item), Value::Object(given)) => {
                for value in given.values() {
                    let shape = std::mem::replace(item.as_mut(), Self::of(Kind::Anything));
                    **item = shape.with_example(value);
                }
            }
            (_, Value::Null) => self.nullable = true,
            _ if self.example.is_none() => self.example = Some(value.clone()),
            _ => {}
        }
        self
    }

    /// A text that the description shows.
    pub fn example_text(&self) -> Option<&str> {
        self.example.as_ref().and_then(Value::as_str)
    }

    /// The members, where it is an object.
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            Kind::Object(members) => members,
            _ => &[],
        }
    }

    /// The one value that it can have, or the first of which an example is made.
    pub fn sample(&self) -> Option<Value> {
        self.example.clone().or_else(|| self.values.first().cloned())
    }

    /// Whether it is a list of objects, or an object that holds one so many
    /// levels down at most.
    pub fn holds_list(&self, levels: usize) -> bool {
        match &self.kind {
            Kind::List(item) | Kind::Keyed(item) => !item.members().is_empty(),
            Kind::Object(members) => {
                levels > 0 && members.iter().any(|member| member.shape.holds_list(levels - 1))
            }
            _ => false,
        }
    }
}
