use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::asked::asked;
use super::book::Book;
use super::kept::{Access, Kept};
use super::*;
use crate::harness::integration::inlet::{AlertKind, Gaps, MailServer};
use crate::vendors::partner::{Booking, Change, Guest, Kind, Room, Scope, Use};
use crate::vendors::vocabulary::contact::Ambiguity;
use crate::vendors::vocabulary::{Clock, Instant, Secret};

const HOUR: Duration = Duration::from_secs(3_600);

fn at(day: i8, hour: i8) -> jiff::Zoned {
    let zone = jiff::tz::TimeZone::get("Europe/Oslo").unwrap();
    jiff::civil::date(2027, 3, day).at(hour, 0, 0, 0).to_zoned(zone).unwrap()
}

fn instant(day: i8, hour: i8) -> Instant {
    Instant::from_timestamp(at(day, hour).timestamp())
}

fn guest(name: &str) -> Guest {
    Guest {
        name: name.to_owned(),
        email: format!("{}@example.org", name.to_lowercase()),
        phone: "406 12 345".to_owned(),
        country: "NO".to_owned(),
    }
}

fn room(name: &str) -> Room {
    Room(name.to_owned())
}

fn booking() -> Booking {
    Booking {
        customer: 1,
        guests: vec![guest("Ada")],
        rooms: vec![room("L-1")],
        common_doors: Vec::new(),
        from: at(10, 15),
        until: at(12, 11),
        access: Use::Code,
        kind: Kind::Single,
        text: String::new(),
        agency: None,
        messages: true,
    }
}

/// Door and email of each access, `!` behind those of common doors.
fn doors(booking: &Booking) -> Result<Vec<String>, String> {
    let told = |access: &super::asked::Asked| {
        let email = access.typed.email.as_ref().map_or("-", |email| email.expose());
        format!("{} {email}{}", access.typed.lock, if access.common { " !" } else { "" })
    };
    Ok(asked(booking)?.iter().map(told).collect())
}

#[test]
fn each_guest_of_a_group_has_a_room_and_the_common_doors() {
    let two = Booking { rooms: vec![room("L-1"), room("L-2")], ..booking() };
    assert_eq!(doors(&two).unwrap(), ["L-1 ada@example.org", "L-2 ada@example.org"]);
    let group = Booking {
        guests: vec![guest("Ada"), guest("Bo")],
        kind: Kind::Scoped(Scope::Group),
        common_doors: vec![room("gate")],
        ..two
    };
    let all =
        ["L-1 ada@example.org", "L-2 bo@example.org", "gate ada@example.org !", "gate bo@example.org !"];
    assert_eq!(doors(&group).unwrap(), all);
    let lacking = Booking { rooms: vec![room("L-1")], ..group };
    assert!(doors(&lacking).unwrap_err().contains("2 guests, 1 rooms"));
}

#[test]
fn an_agency_books_for_the_guest_who_comes() {
    let agency = Booking { agency: Some(guest("Travel")), kind: Kind::Scoped(Scope::Agency), ..booking() };
    assert_eq!(doors(&agency).unwrap(), ["L-1 ada@example.org"]);
    assert!(doors(&Booking { guests: Vec::new(), ..booking() }).is_err());
}

fn kept(booking: &Booking) -> Kept {
    let access = |access: &super::asked::Asked| Access {
        wanted: access.typed.check(Ambiguity::Refuse).unwrap(),
        common: access.common,
        opening: None,
        called_off: false,
    };
    Kept {
        number: 7,
        customer: "house".to_owned(),
        zone: Some("Europe/Oslo".to_owned()),
        accesses: asked(booking).unwrap().iter().map(access).collect(),
    }
}

/// Who may come in where and when.
fn told(kept: &Kept) -> Vec<String> {
    let live = kept.accesses.iter().filter(|access| !access.called_off);
    live.map(|access| format!("{} {:?}", access.wanted.lock(), access.wanted.period())).collect()
}

#[track_caller]
fn check(kept: &Kept, changes: &[Change], now: Instant, expected: &[&str]) {
    let changed = changes.iter().try_fold(kept.clone(), |kept, change| kept.changed(change, now));
    match changed {
        Ok(changed) => assert_eq!(told(&changed), expected),
        Err(why) => assert_eq!([why.as_str()], expected),
    }
}

#[test]
fn changes_move_the_accesses_of_a_stay() {
    let stay = kept(&Booking { common_doors: vec![room("gate")], ..booking() });
    let before = instant(10, 12);
    let stays =
        |room: &str, from: &str, to: &str| format!("{room} 2027-03-{from}:00+01:00/2027-03-{to}:00+01:00");
    let (first, gate) = (stays("L-1", "10T15:00", "12T11:00"), stays("gate", "10T15:00", "12T11:00"));
    assert_eq!(told(&stay), [first.clone(), gate.clone()]);
    let later = [stays("L-1", "10T15:00", "13T09:00"), stays("gate", "10T15:00", "13T09:00")];
    check(&stay, &[Change::Until(at(13, 9))], before, &later.each_ref().map(String::as_str));
    let moved = [stays("L-2", "10T15:00", "12T11:00"), gate.clone()];
    check(&stay, &[Change::Move(room("L-2"))], before, &moved.each_ref().map(String::as_str));
    let split = Change::Split(at(11, 12), room("L-2"));
    let two = [stays("L-1", "10T15:00", "11T12:00"), gate, stays("L-2", "11T12:00", "12T11:00")];
    check(&stay, std::slice::from_ref(&split), before, &two.each_ref().map(String::as_str));
    // What is shortened to before the split takes the second room back.
    let short = [stays("L-1", "10T15:00", "11T09:00"), stays("gate", "10T15:00", "11T09:00")];
    check(&stay, &[split.clone(), Change::Until(at(11, 9))], before, &short.each_ref().map(String::as_str));
    // What is made longer after it leaves the first room alone.
    let long = [
        stays("L-1", "10T15:00", "11T12:00"),
        stays("gate", "10T15:00", "13T09:00"),
        stays("L-2", "11T12:00", "13T09:00"),
    ];
    check(&stay, &[split.clone(), Change::Until(at(13, 9))], before, &long.each_ref().map(String::as_str));
    // Who moves on the second day leaves the room of that day.
    let last = [two[0].as_str(), two[1].as_str(), &stays("L-3", "11T12:00", "12T11:00")];
    check(&stay, &[split, Change::Move(room("L-3"))], instant(11, 13), &last);
    let early = [stays("L-1", "10T12:00", "12T11:00"), stays("gate", "10T12:00", "12T11:00")];
    check(&stay, &[Change::CheckIn], before, &early.each_ref().map(String::as_str));
    check(&stay, &[Change::CheckOut], instant(11, 8), &[]);
}

#[test]
fn what_cannot_be_changed_so_is_refused() {
    let (stay, now) = (kept(&booking()), instant(10, 12));
    check(&stay, &[Change::Until(at(10, 14))], now, &["the stay would end before it begins"]);
    check(&stay, &[Change::Split(at(13, 9), room("L-2"))], now, &["there is no stay at that time to split"]);
    check(
        &stay,
        &[Change::Move(room(""))],
        now,
        &["lock: expected 1 to 100 characters without spaces around them"],
    );
    check(&stay, &[Change::Move(room("L-2"))], instant(13, 12), &["the stay is over"]);
    check(&stay, &[Change::CheckOut, Change::CheckIn], now, &["the booking was called off"]);
}

#[test]
fn who_checks_in_on_the_day_the_clocks_change_has_the_offset_of_that_day() {
    let stay = kept(&Booking { from: at(28, 15), until: at(29, 11), ..booking() });
    let now = instant(28, 1);
    check(&stay, &[Change::CheckIn], now, &["L-1 2027-03-28T01:00:00+01:00/2027-03-29T11:00:00+02:00"]);
}

#[test]
fn the_book_is_read_again_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = Book::open(folder.path()).unwrap();
    assert_eq!(book.next_number(), 1);
    book.write(kept(&booking())).unwrap();
    std::fs::write(folder.path().join("8.new"), "{ half").unwrap();
    let again = Book::open(folder.path()).unwrap();
    assert_eq!(again.get(7), Some(&kept(&booking())));
    assert_eq!(again.next_number(), 8);
    std::fs::write(folder.path().join("9.json"), "{}").unwrap();
    let why = Book::open(folder.path()).map(drop).unwrap_err().to_string();
    assert!(why.contains("9.json") && why.contains("number"), "{why}");
}

/// An office with one house before an Inlet of hand-written answers.
struct House {
    inlet: MockServer,
    options: OfficeOptions,
    clock: Clock,
    _folder: tempfile::TempDir,
}

/// A way to nowhere.
fn route(to: &str) -> MailRoute {
    let server = MailServer::trusted("127.0.0.1", 9);
    MailRoute { server, from: "desk@example.org".to_owned(), to: to.to_owned() }
}

impl House {
    async fn new(pulse: ResponseTemplate) -> Self {
        let inlet = MockServer::start().await;
        let granted = json!({ "status": "OK", "ReferenceId": "acc-1", "codeFormatted": "#1234*" });
        let answers = [
            ("/GrantAccess", ResponseTemplate::new(200).set_body_json(granted)),
            ("/GrantPulseAccess", pulse),
        ];
        for (at, answer) in answers {
            Mock::given(method("POST")).and(path(at)).respond_with(answer).mount(&inlet).await;
        }
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stepped(instant(10, 9));
        let house = Customer {
            name: "house".to_owned(),
            token: Secret::new("token-of-the-house"),
            locks: ["L-1", "L-2"].map(str::to_owned).to_vec(),
        };
        let options = OfficeOptions {
            inlet: inlet.uri(),
            authority: None,
            customers: vec![house],
            support: Some(route("support@example.org")),
            operator: None,
            monitoring: None,
            gaps: Gaps::ByTheRule,
            remembers: 24 * HOUR,
            clock: clock.following(),
            folder: folder.path().to_owned(),
            seed: 7,
        };
        Self { inlet, options, clock, _folder: folder }
    }

    async fn open(&self) -> FrontOffice {
        FrontOffice::open(&self.options).await.unwrap()
    }

    /// The paths of the calls, in order.
    async fn calls(&self) -> Vec<String> {
        let calls = self.inlet.received_requests().await.unwrap_or_default();
        calls.iter().map(|call| call.url.path().to_owned()).collect()
    }
}

fn carried_out() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({ "status": "OK", "ReferenceId": "p-1" }))
}

#[tokio::test]
async fn an_office_that_opens_again_goes_on_with_its_book() {
    let house = House::new(carried_out()).await;
    let office = house.open().await;
    let first = office.book(&booking()).await.unwrap();
    house.clock.advance(HOUR).await;
    assert_eq!(office.show(first).await.unwrap().code.as_deref(), Some("#1234*"));
    office.close().await;
    let office = house.open().await;
    house.clock.advance(HOUR).await;
    assert_eq!(house.calls().await, ["/GrantAccess"], "what was granted is not asked for again");
    let shown = office.show(first).await.unwrap();
    assert_eq!((shown.code.as_deref(), shown.attention), (Some("#1234*"), None));
    assert_eq!(office.book(&booking()).await.unwrap(), first + 1);
    office.close().await;
}

#[tokio::test]
async fn a_desk_that_was_never_told_is_told_when_the_office_opens() {
    let house = House::new(carried_out()).await;
    // Cut off after the book was written and before the desk was told.
    Book::open(&house.options.folder.join("book")).unwrap().write(kept(&booking())).unwrap();
    let office = house.open().await;
    house.clock.advance(HOUR).await;
    assert_eq!(house.calls().await, ["/GrantAccess"]);
    assert!(office.show(7).await.unwrap().code.is_some());
    office.close().await;
}

#[tokio::test]
async fn a_door_is_opened_once_when_the_stay_begins() {
    let house = House::new(carried_out()).await;
    let office = house.open().await;
    let number = office.book(&Booking { access: Use::Pulse, ..booking() }).await.unwrap();
    let called_off = office.book(&Booking { access: Use::Pulse, ..booking() }).await.unwrap();
    office.cancel(called_off).await.unwrap();
    house.clock.advance(5 * HOUR).await;
    assert!(house.calls().await.is_empty(), "the guest is not there yet");
    office.close().await;
    let office = house.open().await;
    house.clock.advance(2 * HOUR).await;
    office.close().await;
    let office = house.open().await;
    house.clock.advance(2 * HOUR).await;
    assert_eq!(house.calls().await, ["/GrantPulseAccess"]);
    assert_eq!(office.show(number).await.unwrap().attention, None);
    assert!(office.log().await.unwrap().contains("GrantPulseAccess at lock L-1: carried out"));
    office.close().await;
}

#[tokio::test]
async fn a_door_that_was_not_opened_is_shown_to_the_staff() {
    let refused = json!({ "status": "ERROR", "code": "422", "message": "no such lock" });
    let house = House::new(ResponseTemplate::new(422).set_body_json(refused)).await;
    let office = house.open().await;
    let number = office.book(&Booking { access: Use::Pulse, ..booking() }).await.unwrap();
    office.change(number, &Change::CheckIn).await.unwrap();
    house.clock.advance(HOUR).await;
    let attention = office.show(number).await.unwrap().attention.unwrap();
    assert!(attention.contains("the door was not opened: refused: 422"), "{attention}");
    office.close().await;
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_and_nothing_is_kept() {
    let house = House::new(carried_out()).await;
    let office = house.open().await;
    let refused = async |booking: Booking| office.book(&booking).await.unwrap_err().to_string();
    let nobody = Guest { email: "nobody".to_owned(), ..guest("Bo") };
    let group = Booking {
        guests: vec![guest("Ada"), nobody],
        rooms: vec![room("L-1"), room("L-2")],
        kind: Kind::Scoped(Scope::Group),
        ..booking()
    };
    assert!(refused(group).await.starts_with("email: "));
    assert_eq!(refused(Booking { rooms: vec![room("L-9")], ..booking() }).await, "there is no room L-9");
    let over = Booking { from: at(8, 15), until: at(9, 11), ..booking() };
    assert_eq!(refused(over).await, "the stay is over");
    house.clock.advance(HOUR).await;
    assert!(house.calls().await.is_empty());
    let known = office.change(1, &Change::CheckOut).await.unwrap_err().to_string();
    assert_eq!(known, "there is no booking 1");
    let number = office.book(&booking()).await.unwrap();
    let moved = office.change(number, &Change::Move(room("L-9"))).await.unwrap_err().to_string();
    assert_eq!(moved, "there is no room L-9");
    office.close().await;
}

#[tokio::test]
async fn what_was_long_over_is_forgotten_but_for_its_number() {
    let house = House::new(carried_out()).await;
    let office = house.open().await;
    office.book(&booking()).await.unwrap();
    house.clock.advance(4 * 24 * HOUR).await;
    office.close().await;
    let office = house.open().await;
    let file = std::fs::read_to_string(house.options.folder.join("book/1.json")).unwrap();
    assert!(!file.contains("example.org"), "{file}");
    assert_eq!(office.show(1).await.unwrap().code, None);
    assert_eq!(office.book(&Booking { from: at(15, 15), until: at(16, 11), ..booking() }).await.unwrap(), 2);
    office.close().await;
}

#[tokio::test]
async fn a_customer_whose_name_is_no_files_name_is_refused() {
    let mut house = House::new(carried_out()).await;
    house.options.customers[0].name = "../house".to_owned();
    let why = FrontOffice::open(&house.options).await.map(drop).unwrap_err().to_string();
    assert!(why.contains("names no customer"), "{why}");
}

#[tokio::test]
async fn a_monitoring_system_reads_what_stands_and_nothing_of_a_guest() {
    let mut house = House::new(carried_out()).await;
    house.options.monitoring = Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    let office = house.open().await;
    let address = format!("http://{}/metrics", office.monitored().unwrap());
    let read = async || reqwest::get(&address).await.unwrap().text().await.unwrap();
    let quiet = read().await;
    for kind in AlertKind::ALL {
        let line = format!("inlet_alerts{{customer=\"house\",kind=\"{}\"}} 0\n", kind.as_str());
        assert!(quiet.contains(&line), "{quiet}");
    }
    assert!(quiet.ends_with("inlet_office_works 1\n") && office.alerts().is_empty(), "{quiet}");
    house.inlet.reset().await;
    let refused = json!({ "status": "ERROR", "code": "401", "message": "unknown token" });
    let refuses = ResponseTemplate::new(401).set_body_json(refused);
    Mock::given(method("POST")).respond_with(refuses).mount(&house.inlet).await;
    office.book(&booking()).await.unwrap();
    house.clock.advance(HOUR).await;
    let told = read().await;
    assert!(told.contains("inlet_alerts{customer=\"house\",kind=\"credential_refused\"} 1\n"), "{told}");
    assert!(told.contains("raised_total{customer=\"house\",kind=\"credential_refused\"} 1\n"), "{told}");
    let (whose, alert) = office.alerts().remove(0);
    assert_eq!((whose.as_str(), alert.kind), ("house", AlertKind::CredentialRefused));
    // A restart forgets nothing that stands, and begins to count anew.
    office.close().await;
    house.options.monitoring = Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    let office = house.open().await;
    let again = reqwest::get(format!("http://{}/metrics", office.monitored().unwrap())).await.unwrap();
    let again = again.text().await.unwrap();
    assert!(again.contains("inlet_alerts{customer=\"house\",kind=\"credential_refused\"} 1\n"), "{again}");
    assert!(again.contains("raised_total{customer=\"house\",kind=\"credential_refused\"} 0\n"), "{again}");
    for canary in ["ada", "406", "token-of-the-house", "b1.1"] {
        assert!(!told.contains(canary) && !again.contains(canary), "{canary}");
    }
    office.close().await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_book_that_cannot_be_written_is_critical_until_it_can() {
    let house = House::new(carried_out()).await;
    let office = house.open().await;
    let (book, away) = (house.options.folder.join("book"), house.options.folder.join("away"));
    std::fs::rename(&book, &away).unwrap();
    assert!(office.book(&booking()).await.unwrap_err().to_string().starts_with("the book cannot be used"));
    assert_eq!(office.alerts().remove(0).1.kind, AlertKind::BookUnwritable);
    std::fs::rename(&away, &book).unwrap();
    office.book(&booking()).await.unwrap();
    assert!(office.alerts().is_empty());
    office.close().await;
}

#[tokio::test]
async fn the_operator_is_somebody_else_than_support() {
    let mut house = House::new(carried_out()).await;
    house.options.operator = Some(route("Us <Support@Example.org>"));
    let why = FrontOffice::open(&house.options).await.map(drop).unwrap_err().to_string();
    assert!(why.contains("support@example.org is Inlet's support"), "{why}");
    house.options.operator = Some(route("operator@example.org"));
    FrontOffice::open(&house.options).await.unwrap().close().await;
}
