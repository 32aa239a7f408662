//! Doors that are opened once, when a stay begins.
//!
//! A pulse is for whoever stands at the door then. So it is sent once: it is
//! noted as begun before it is sent, and what was cut off is shown to the staff
//! instead of opening the door minutes later, to nobody.

use std::sync::Arc;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;

use super::kept::{Kept, Opening};
use super::state::State;
use crate::harness::integration::inlet::BookingId;
use crate::vendors::vocabulary::{Instant, Personal};

/// A door to be opened now.
struct Due {
    number: u64,
    place: usize,
    id: BookingId,
    customer: String,
    lock: String,
    reference: Personal,
}

/// Opens what is to be opened, for as long as it is let.
pub(super) async fn open_doors(state: Arc<State>) {
    let mut under_way = FuturesUnordered::new();
    loop {
        let changed = state.changed.notified();
        tokio::pin!(changed);
        changed.as_mut().enable();
        let (due, next) = due(&state).await;
        under_way.extend(due.into_iter().map(|due| open(&state, due)));
        let rest = async {
            match next {
                Some(at) => state.clock.sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = changed => {}
            () = rest => {}
            Some(()) = under_way.next(), if !under_way.is_empty() => {}
        }
    }
}

/// What is due, noted as begun, and when the next is.
async fn due(state: &State) -> (Vec<Due>, Option<Instant>) {
    let now = state.clock.now();
    let mut book = state.book.lock().await;
    let (mut begun, mut due, mut next) = (Vec::new(), Vec::new(), None);
    for kept in book.all() {
        for (place, at) in planned(kept) {
            if at > now {
                next = Some(next.map_or(at, |next: Instant| next.min(at)));
            } else if let Some(one) = of(kept, place) {
                begun.push((kept.number, place));
                due.push(one);
            }
        }
    }
    for (number, place) in begun {
        state.note(&mut book, number, place, Opening::Begun);
    }
    (due, next)
}

/// The openings that are still to come, by place, and when.
fn planned(kept: &Kept) -> impl Iterator<Item = (usize, Instant)> {
    let places = kept.accesses.iter().enumerate();
    places
        .filter(|(_, access)| access.opening == Some(Opening::Planned) && !access.called_off)
        .map(|(place, access)| (place, access.wanted.period().window().from))
}

fn of(kept: &Kept, place: usize) -> Option<Due> {
    let wanted = &kept.accesses.get(place)?.wanted;
    let id = kept.id(place).ok()?;
    let named = Personal::new(id.as_str());
    Some(Due {
        number: kept.number,
        place,
        id,
        customer: kept.customer.clone(),
        lock: wanted.lock().to_owned(),
        reference: wanted.reference().cloned().unwrap_or(named),
    })
}

async fn open(state: &State, due: Due) {
    let Some(desk) = state.desks.get(&due.customer) else { return };
    let opening = match desk.pulse(&due.lock, Some(&due.reference)).await {
        Ok(()) => Opening::Done,
        Err(why) => {
            desk.not_opened(&due.id, &why.to_string()).await;
            Opening::Failed(why.to_string())
        }
    };
    let mut book = state.book.lock().await;
    state.note(&mut book, due.number, due.place, opening);
}
