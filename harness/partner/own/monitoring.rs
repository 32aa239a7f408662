//! What a monitoring system reads: how many critical issues stand, as text in the
//! exposition format of Prometheus (version 0.0.4), at `/metrics`.
//!
//! It is told from memory, so that it is there also when the disk is full, and an
//! office that is gone answers nothing, by which a monitoring system knows it too.
//! Nothing personal, no secret and no booking stands in it.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::State as Shared;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use tokio::net::TcpListener;

use super::state::State;
use crate::harness::integration::inlet::AlertKind;

/// Answers for as long as it is let.
pub(super) async fn serve(listener: TcpListener, state: Arc<State>) {
    let metrics = async |Shared(state): Shared<Arc<State>>| {
        ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], told(&state))
    };
    let app = Router::new().route("/metrics", get(metrics)).with_state(state);
    // It ends with the office alone; a listener that fails is seen from outside.
    let _ = axum::serve(listener, app).await;
}

fn told(state: &State) -> String {
    let standing = state.alerts();
    let mut text = String::new();
    let mut family = |name: &str, sort: &str, help: &str, count: &dyn Fn(&str, AlertKind) -> u64| {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {sort}");
        for customer in state.desks.keys() {
            for kind in AlertKind::ALL {
                let count = count(customer, kind);
                let _ =
                    writeln!(text, "{name}{{customer=\"{customer}\",kind=\"{}\"}} {count}", kind.as_str());
            }
        }
    };
    let stands = |customer: &str, kind| {
        let of = standing.iter().filter(|(whose, alert)| whose == customer && alert.kind == kind);
        u64::try_from(of.count()).unwrap_or(u64::MAX)
    };
    let raised = |customer: &str, kind| state.desks.get(customer).map_or(0, |desk| desk.raised(kind));
    family("inlet_alerts", "gauge", "Critical issues that stand.", &stands);
    family("inlet_alerts_raised_total", "counter", "Critical issues since the office opened.", &raised);
    let works = u8::from(state.stopped().is_none());
    let help = "1 while bookings are taken and sent.";
    let _ = writeln!(
        text,
        "# HELP inlet_office_works {help}\n# TYPE inlet_office_works gauge\ninlet_office_works {works}"
    );
    text
}
