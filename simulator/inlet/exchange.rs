//! One exchange, from bytes to bytes.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use futures::StreamExt;

use super::carry_out::Carried;
use super::customers::admit;
use super::effects;
use super::sandbox::InletSandbox;
use crate::simulator::Effect;
use crate::simulator::fault_plan::Target;
use crate::simulator::server::{Encrypted, End, Entry, HangUp, Kept, Reply, Wire, deliver, wire_request};
use crate::vendors::inlet::{CONTENT_TYPE, ErrorAnswer, Limits, Mode, Operation, Refused, Request as Asked};
use crate::vendors::vocabulary::{ExchangeId, LockId, Meaning};
use crate::vendors::wire::{WireRequest, WireResponse};

/// Below this path a link of the mode `urlkey` opens.
const LINKS: &str = "/key/";

/// The most of a body that is read and thrown away, so that whoever sends too
/// much can still read the refusal.
const DRAINED: usize = 64 << 20;

/// What becomes of a request before the lock system is asked.
enum Decided {
    Answer(WireResponse),
    CarryOut { asked: Box<Asked>, customer: String, effect: Option<Effect> },
    Open { link: String },
}

/// Inlet's door as a handler.
pub(super) async fn door(State(inlet): State<Arc<InletSandbox>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let from = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(from)| from.ip());
    let hang_up = parts.extensions.get::<HangUp>().cloned();
    let encrypted = matches!(parts.extensions.get(), Some(Encrypted(true)));
    let (body, kept) = read(body).await;
    let request = wire_request(&parts, &body.into());
    let exchange = request.header(ExchangeId::HEADER).map(ExchangeId::new);
    let number = inlet.write_down(&request, kept, encrypted);
    let ending = Ending { number, inlet: Arc::clone(&inlet), ended: false };
    // Carried out to its end even where the client does not wait for it.
    let work = {
        let (inlet, exchange) = (Arc::clone(&inlet), exchange.clone());
        tokio::spawn(async move {
            let work = inlet.reply(number, request, Came { from, encrypted, kept });
            match &exchange {
                Some(exchange) => inlet.clock.relay(exchange, work).await,
                None => work.await,
            }
        })
    };
    let Ok((reply, granted)) = work.await else {
        // The task was stopped with the runtime; there is nobody to answer.
        return std::future::pending().await;
    };
    let how = if matches!(reply.wire, Wire::Answer(_)) { End::Answered } else { End::Cut };
    let response = deliver(&inlet.clock, exchange.as_ref(), reply, hang_up).await;
    if let Some(reference_id) = granted.filter(|_| how == End::Answered) {
        inlet.state().book.answered(&reference_id);
    }
    if !matches!(kept, Kept::BrokenOff(_)) {
        ending.end(how);
    }
    response
}

/// How a request came.
#[derive(Clone, Copy)]
struct Came {
    from: Option<IpAddr>,
    encrypted: bool,
    kept: Kept,
}

/// Reads a body, and what is too long to its end, within bounds.
async fn read(body: Body) -> (Vec<u8>, Kept) {
    let mut stream = body.into_data_stream();
    let (mut kept, mut total) = (Vec::new(), 0_usize);
    while let Some(part) = stream.next().await {
        let Ok(part) = part else { return (Vec::new(), Kept::BrokenOff(total)) };
        total += part.len();
        if total <= Limits::BODY {
            kept.extend_from_slice(&part);
        } else {
            kept = Vec::new();
        }
        if total > DRAINED {
            break;
        }
    }
    if total > Limits::BODY { (Vec::new(), Kept::TooLong(total)) } else { (kept, Kept::Whole) }
}

/// Notes when an exchange ends, whether answered or broken off.
struct Ending {
    inlet: Arc<InletSandbox>,
    number: u64,
    ended: bool,
}

impl Ending {
    fn end(mut self, how: End) {
        self.ended = true;
        let now = self.inlet.clock.now();
        self.inlet.state().journal.amend(self.number, |entry| entry.ended = Some((now, how)));
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let now = self.inlet.clock.now();
        self.inlet.state().journal.amend(self.number, |entry| {
            entry.ended = Some((now, End::Unanswered));
            entry.note.get_or_insert_with(|| "the client did not wait for the answer".to_owned());
        });
    }
}

impl InletSandbox {
    /// Writes a request down as it arrived.
    fn write_down(&self, request: &WireRequest, kept: Kept, encrypted: bool) -> u64 {
        let note = match kept {
            Kept::Whole => None,
            Kept::TooLong(total) => Some(format!("the body of {total} bytes is not kept")),
            Kept::BrokenOff(total) => {
                Some(format!("the connection ended within the body, after {total} bytes"))
            }
        };
        let mut state = self.state();
        state.journal.write(Entry {
            operation: Operation::at(&request.path).map(|operation| operation.as_str().into()),
            kept,
            encrypted,
            note,
            ..Entry::of(request.clone(), self.clock.now())
        });
        state.journal.last()
    }

    /// Decides and carries out; the reference is that of a grant whose success
    /// the answer tells.
    async fn reply(&self, number: u64, request: WireRequest, came: Came) -> (Reply, Option<String>) {
        let (reply, granted) = match self.decide(&request, came) {
            Decided::Answer(response) => (Reply::answer(response), None),
            Decided::Open { link } => (Reply::answer(self.open_by_link(&link).await), None),
            Decided::CarryOut { asked, customer, effect } => {
                if let Some(effect) = &effect {
                    let note = format!("fault: {effect}");
                    self.state().journal.amend(number, |entry| entry.note = Some(note));
                }
                self.suffer(&customer, *asked, effect).await
            }
        };
        let response = reply.response().cloned();
        self.state().journal.amend(number, |entry| entry.response = response);
        (reply, granted)
    }

    /// Carries a request out, with whatever a fault makes of it.
    async fn suffer(&self, customer: &str, asked: Asked, effect: Option<Effect>) -> (Reply, Option<String>) {
        let Some(effect) = effect else {
            let Carried { response, granted } = self.carry_out(customer, asked).await;
            return (Reply::answer(response), granted);
        };
        let carried = match effects::carries_out(&effect) {
            true => Some(self.carry_out(customer, asked).await),
            false => None,
        };
        effects::suffer(effect, carried)
    }

    fn decide(&self, request: &WireRequest, came: Came) -> Decided {
        if let Some(link) = request.path.strip_prefix(LINKS).filter(|_| request.method == "GET") {
            return Decided::Open { link: link.to_owned() };
        }
        self.read(request, came).unwrap_or_else(|refusal| Decided::Answer(refused(&refusal)))
    }

    fn read(&self, request: &WireRequest, came: Came) -> Result<Decided, ErrorAnswer> {
        if self.only_encrypted && !came.encrypted {
            return Err(ErrorAnswer::new(400, "the connection: expected HTTPS, found plain HTTP"));
        }
        let operation = Operation::at(&request.path).ok_or_else(|| {
            ErrorAnswer::new(404, "there is no such path; see /openapi.json for those there are")
        })?;
        if request.method != Operation::METHOD {
            return Err(ErrorAnswer::new(405, format!("{operation} is called with {}", Operation::METHOD)));
        }
        let mut state = self.state();
        let customer = admit(&state.customers, request, came.from)?.name.clone();
        if let Some(refused) = unread(came.kept) {
            return Err(ErrorAnswer::new(refused.status, refused.message));
        }
        if !is_json(request) {
            return Err(ErrorAnswer::new(415, format!("`Content-Type`: expected `{CONTENT_TYPE}`")));
        }
        let asked = Asked::read(operation, &request.body)
            .map_err(|refused| ErrorAnswer::new(refused.status, refused.message))?;
        let locks: Vec<LockId> = self.locks_of(&state.book, &asked);
        let target = Target { operation: operation.as_str(), meaning: meaning(&asked), locks: &locks };
        let now = self.clock.now();
        let effect = state.faults.strike(&target, now);
        Ok(Decided::CarryOut { asked: Box::new(asked), customer, effect })
    }

    fn locks_of(&self, book: &super::book::Book, asked: &Asked) -> Vec<LockId> {
        let reference_id = match asked {
            Asked::Update(update) => Some(update.reference_id.as_str()),
            Asked::Revoke(revoke) => Some(revoke.reference_id.as_str()),
            Asked::Grant(_) | Asked::Pulse(_) => None,
        };
        let known = reference_id.and_then(|id| book.get(id)).map(|access| access.grant.lock_id.as_str());
        asked.lock_id().into_iter().chain(known).map(LockId::new).collect()
    }
}

/// Why a body was not read, where it was not.
pub(super) fn unread(kept: Kept) -> Option<Refused> {
    let (status, message) = match kept {
        Kept::Whole => return None,
        Kept::TooLong(_) => (413, format!("the body: expected {} bytes at most, found more", Limits::BODY)),
        Kept::BrokenOff(_) => (400, "the body: the connection ended within it".to_owned()),
    };
    Some(Refused { status, message })
}

/// What a request means, in the words that faults are placed by.
fn meaning(asked: &Asked) -> Meaning {
    match asked {
        Asked::Grant(grant) => match grant.operation {
            Mode::Code => Meaning::SetPin,
            Mode::Unlock => Meaning::HoldOpen,
            Mode::MobileKey | Mode::UrlKey => Meaning::CreateMobile,
        },
        Asked::Pulse(_) => Meaning::Unlock,
        Asked::Update(_) => Meaning::UpdatePin,
        Asked::Revoke(_) => Meaning::RemovePin,
    }
}

fn is_json(request: &WireRequest) -> bool {
    let kind = request.header("content-type").unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(CONTENT_TYPE))
}

/// A refusal in the published form.
pub(super) fn refused(error: &ErrorAnswer) -> WireResponse {
    let mut response = answer(error.code, error.body());
    match error.code {
        401 => response.headers.push(("www-authenticate".to_owned(), "Bearer".to_owned())),
        405 => response.headers.push(("allow".to_owned(), Operation::METHOD.to_owned())),
        _ => {}
    }
    response
}

/// An answer in JSON.
pub(super) fn answer(status: u16, body: Vec<u8>) -> WireResponse {
    WireResponse { status, headers: vec![("content-type".to_owned(), CONTENT_TYPE.to_owned())], body }
}
