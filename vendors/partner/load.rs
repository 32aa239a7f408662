//! Reading a partner description.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use toml::Spanned;

use super::attestations::attestations;
use super::booking::{Act, BookingField};
use super::declared::{Declared, Load, Pace};
use super::document::Shelf;
use super::drive::{CommandAct, CommandDrive, Drive, HttpAct, HttpDrive, Program, ShownBooking};
use super::embedded::{embedded, embedded_names};
use super::message::Message;
use super::wrong::Wrong;
use super::{Partner, written};
use crate::vendors::inlet::Limits;
use crate::vendors::profile::{ProfileErrors, read_text};
use crate::vendors::vocabulary::contact::EmailAddress;

/// The form of description that this version reads.
const SCHEMA: &str = "lockstep.partner/1";

/// The programme that a description belongs to.
const KIND: &str = "inlet-partner";

/// How fast time may run at most: beyond it no gap can be judged
/// (specification, "factor at most 60").
const FASTEST: f64 = 60.0;

/// The largest load that is played: each booking takes a door of its own, and a
/// partner's program is told of all doors by its environment.
const MOST_BOOKINGS: u32 = 5_000;
/// The longest time that a stated load may take.
const LONGEST_LOAD: Duration = Duration::from_secs(24 * 3_600);
/// How long before its arrival a booking is sent at the soonest.
const SOONEST: Duration = Duration::from_secs(Limits::SOONEST_HOURS * 3_600);

/// How long a program may take to be ready, where the description does not say.
const READY_WITHIN: Duration = Duration::from_secs(30);

/// How long the partner's system may take to answer, where the description does
/// not say. This is a person's patience before a form, and no deadline of Inlet's.
const ANSWERS_WITHIN: Duration = Duration::from_secs(60);

/// Whether a text says of itself that it describes a partner; a text that is no
/// TOML says nothing.
pub fn is_partner(text: &str) -> bool {
    let table: Result<toml::Table, _> = toml::from_str(text);
    table.is_ok_and(|table| table.get("kind").and_then(toml::Value::as_str) == Some(KIND))
}

/// Loads a description by path, or by the name of an embedded one.
pub fn load(path_or_name: &str) -> Result<Partner, ProfileErrors> {
    if let Some(text) = embedded(path_or_name) {
        return read(&format!("{path_or_name}.toml"), text, Shelf::Carried);
    }
    let text = read_text(Path::new(path_or_name)).map_err(|why| {
        let known: Vec<&str> = embedded_names().collect();
        let other = || format!("write the path of a partner description, or one of: {}", known.join(", "));
        let help = why.todo.map_or_else(other, str::to_owned);
        let mut wrong = Wrong::new(path_or_name, "");
        wrong.at(0..0, format!("the partner description cannot be read: {why}"), Some(help));
        wrong.errors()
    })?;
    parse(path_or_name, &text)
}

/// Reads a description's text; the documents that it names stand on disk, beside
/// the file.
pub fn parse(file: &str, text: &str) -> Result<Partner, ProfileErrors> {
    read(file, text, Shelf::Beside(Path::new(file), text))
}

fn read(file: &str, text: &str, shelf: Shelf<'_>) -> Result<Partner, ProfileErrors> {
    let mut wrong = Wrong::new(file, text);
    let written: written::File = match toml::from_str(text) {
        Ok(written) => written,
        Err(why) => {
            wrong.syntax(&why);
            return Err(wrong.errors());
        }
    };
    wrong.word(&written.schema, SCHEMA, "an unknown form of partner description");
    wrong.word(&written.kind, KIND, "a description of another kind");
    let name = written.name.get_ref();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.is_empty() || !name.chars().all(plain) {
        let help = "write lower-case letters, digits and _".to_owned();
        wrong.at(written.name.span(), format!("`{name}` is no short name"), Some(help));
    }
    let declared = declared(&written.declares, &mut wrong);
    let pace = pace(&written.time, &mut wrong);
    let drive = drive(&written, &mut wrong);
    let partner = Partner {
        name: name.clone(),
        title: written.title,
        vendor: written.vendor,
        version: written.version,
        declared,
        pace,
        takes_present: written.time.takes_present.as_ref().is_some_and(|takes| *takes.get_ref()),
        program: program(written.program, &mut wrong),
        drive,
        https: written.https,
        guest_domain: guest_domain(written.guest_domain, &mut wrong),
        log: written.log.map(Into::into),
        attestations: attestations(written.attestations, shelf, &mut wrong),
        source_text: text.to_owned(),
    };
    together(&partner, &written.declares, &written.drive, &mut wrong);
    told_the_present(&partner, &written.time, &mut wrong);
    if wrong.problems.is_empty() { Ok(partner) } else { Err(wrong.errors()) }
}

fn declared(written: &Spanned<written::Declares>, wrong: &mut Wrong<'_>) -> Declared {
    let declares = written.get_ref();
    if declares.uses.is_empty() {
        let help = "name at least one of code, unlock, pulse, mobile_key, url_key".to_owned();
        wrong.at(written.span(), "no mode of access is declared".to_owned(), Some(help));
    }
    let load = declares.load.as_ref().and_then(|load| {
        let bookings = *load.bookings.get_ref();
        if bookings == 0 {
            wrong.at(
                load.bookings.span(),
                "a load of nothing".to_owned(),
                Some("state at least 1".to_owned()),
            );
        }
        if bookings > MOST_BOOKINGS {
            let help = Some(format!("state at most {MOST_BOOKINGS}: each takes a door of its own"));
            wrong.at(load.bookings.span(), "a load that is not played".to_owned(), help);
        }
        let within = wrong.span_of(&load.within)?;
        if within > LONGEST_LOAD {
            let help = Some("state at most \"24 h\": a load is what comes in a busy hour or day".to_owned());
            wrong.at(load.within.span(), "a load that is not played".to_owned(), help);
        }
        Some(Load { bookings, within })
    });
    Declared {
        uses: declares.uses.iter().copied().collect(),
        scopes: declares.scopes.iter().copied().collect(),
        contact: declares.contact.iter().copied().collect(),
        sends_reference: declares.sends_reference,
        several_customers: declares.several_customers,
        escalates_by_email: declares.escalates_by_email,
        sends_before: declares.sends_before.as_ref().and_then(|before| sends_before(before, wrong)),
        load,
    }
}

fn sends_before(written: &Spanned<String>, wrong: &mut Wrong<'_>) -> Option<Duration> {
    let before = wrong.span_of(written)?;
    if before >= SOONEST {
        let help = Some("write less, or leave it out: at most 72 hours is what Inlet asks of all".to_owned());
        wrong.at(written.span(), "a booking is sent less than 72 hours before its arrival".to_owned(), help);
    }
    Some(before)
}

fn guest_domain(written: Option<Spanned<String>>, wrong: &mut Wrong<'_>) -> Option<String> {
    let written = written?;
    let fits = EmailAddress::new(&format!("guest@{}", written.get_ref())).is_ok();
    if !fits || !written.get_ref().contains('.') {
        let help = Some("write a domain that takes mail, such as \"guests.hotel.example\"".to_owned());
        wrong.at(written.span(), format!("`{}` is no domain of email addresses", written.get_ref()), help);
    }
    Some(written.into_inner())
}

fn pace(time: &written::Time, wrong: &mut Wrong<'_>) -> Pace {
    match (time.pace, &time.factor) {
        (written::Pace::Virtual, None) => Pace::Virtual,
        (written::Pace::Real, None) => Pace::Real,
        (written::Pace::Accelerated, Some(factor)) => {
            let value = *factor.get_ref();
            if !(value > 1.0 && value <= FASTEST) {
                let help = format!("more than 1 and at most {FASTEST}: beyond it no gap can be judged");
                wrong.at(factor.span(), format!("{value} is no factor for the retry rule"), Some(help));
            }
            Pace::Accelerated(value)
        }
        (written::Pace::Accelerated, None) => {
            let help = Some("write for instance factor = 60".to_owned());
            wrong.found("accelerated", "accelerated time needs a factor".to_owned(), help);
            Pace::Real
        }
        (_, Some(factor)) => {
            let help = Some("leave it out, or write pace = \"accelerated\"".to_owned());
            wrong.at(factor.span(), "a factor belongs to accelerated time".to_owned(), help);
            Pace::Real
        }
    }
}

fn program(written: Option<written::Program>, wrong: &mut Wrong<'_>) -> Option<Program> {
    let written = written?;
    if written.command.get_ref().is_empty() {
        let help = Some("write a program and its arguments".to_owned());
        wrong.at(written.command.span(), "an empty command".to_owned(), help);
    }
    let ready_within = match &written.ready_within {
        Some(within) => wrong.span_of(within)?,
        None => READY_WITHIN,
    };
    Some(Program { command: written.command.into_inner(), ready: written.ready, ready_within })
}

fn drive(written: &written::File, wrong: &mut Wrong<'_>) -> Drive {
    let drive = written.drive.get_ref();
    let ways = [drive.simulated, drive.own, drive.person, drive.http.is_some(), drive.command.is_some()]
        .iter()
        .filter(|way| **way)
        .count();
    if ways != 1 {
        let help = Some("exactly one of http, command, person = true, own = true".to_owned());
        wrong.at(written.drive.span(), format!("bookings are made in {ways} ways"), help);
    }
    if let Some(http) = &drive.http {
        return Drive::Http(http_drive(http, written.program.is_some(), wrong));
    }
    if let Some(command) = &drive.command {
        return Drive::Command(command_drive(command, written.drive.span(), wrong));
    }
    match (drive.person, drive.own) {
        (true, _) => Drive::Person,
        (false, true) => Drive::Own,
        (false, false) => Drive::Simulated,
    }
}

fn http_drive(written: &written::Http, started: bool, wrong: &mut Wrong<'_>) -> HttpDrive {
    if let Some(base) = &written.base {
        let good = url::Url::parse(base.get_ref()).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if !good {
            wrong.at(base.span(), "no http or https address".to_owned(), None);
        }
    } else if !started {
        let help = Some("write base = \"http://…\", or describe the [program] to start".to_owned());
        wrong.found("[drive.http]", "nobody knows where the partner's system is".to_owned(), help);
    }
    let mut acts = BTreeMap::new();
    for (name, call) in &written.acts {
        let Some(act) = wrong.act(name.get_ref(), name.span()) else { continue };
        let request = call.request.get_ref();
        let Some((method, path)) = request.split_once(' ').filter(|(_, path)| path.starts_with('/')) else {
            let help = Some("write a method and a path: \"POST /bookings\"".to_owned());
            wrong.at(call.request.span(), format!("`{request}` is no request"), help);
            continue;
        };
        let Some(path) = wrong.message(Message::text(path), call.request.span()) else { continue };
        let body = call.body.as_ref().map(|body| wrong.message(Message::json(body.get_ref()), body.span()));
        let Some(body) = body.map_or(Some(None), |body| body.map(Some)) else { continue };
        let answer = shown(&call.answer, wrong);
        acts.insert(act, HttpAct { method: method.to_owned(), path, body, answer });
    }
    let answers_within = written.answers_within.as_ref().map(|within| wrong.span_of(within));
    HttpDrive {
        answers_within: answers_within.flatten().unwrap_or(ANSWERS_WITHIN),
        base: written.base.as_ref().map(|base| base.get_ref().trim_end_matches('/').to_owned()),
        acts,
    }
}

fn command_drive(
    written: &BTreeMap<String, written::Command>,
    span: std::ops::Range<usize>,
    wrong: &mut Wrong<'_>,
) -> CommandDrive {
    let mut acts = BTreeMap::new();
    for (name, command) in written {
        let Some(act) = wrong.act(name, span.clone()) else { continue };
        if command.run.is_empty() {
            wrong.at(span.clone(), format!("the command of `{name}` has no words"), None);
        }
        let words: Vec<Message> = command
            .run
            .iter()
            .filter_map(|word| wrong.message(Message::text(word.get_ref()), word.span()))
            .collect();
        let input = command
            .input
            .as_ref()
            .and_then(|input| wrong.message(Message::json(input.get_ref()), input.span()));
        acts.insert(act, CommandAct { words, input, answer: shown(&command.answer, wrong) });
    }
    CommandDrive { acts }
}

fn shown(written: &written::Shown, wrong: &mut Wrong<'_>) -> ShownBooking {
    let mut pointer = |given: &Option<Spanned<String>>| {
        let given = given.as_ref()?;
        if !given.get_ref().starts_with('/') {
            let help = Some("write a JSON pointer such as \"/booking/id\"".to_owned());
            wrong.at(given.span(), format!("`{}` is no JSON pointer", given.get_ref()), help);
        }
        Some(given.get_ref().clone())
    };
    ShownBooking {
        booking: pointer(&written.booking),
        code: pointer(&written.code),
        flagged: pointer(&written.flagged),
    }
}

/// What must fit together: what is declared can be done, and only what is part
/// of Lockstep takes its time from here.
fn together(
    partner: &Partner,
    declares: &Spanned<written::Declares>,
    drive: &Spanned<written::Drive>,
    wrong: &mut Wrong<'_>,
) {
    if partner.pace == Pace::Virtual && !partner.drive.is_within() {
        let help = Some("write pace = \"accelerated\" with a factor, or \"real\"".to_owned());
        wrong.found("virtual", "a system of its own does not take its time from Lockstep".to_owned(), help);
    }
    if partner.drive.is_within() && (partner.program.is_some() || partner.log.is_some()) {
        let what = "it is part of Lockstep: there is no program to start and no log file to read";
        let help = Some("leave [program] and log out".to_owned());
        wrong.at(drive.span(), what.to_owned(), help);
    }
    let needed =
        [Act::Book].into_iter().chain(partner.declared.scopes.iter().copied().filter_map(Act::of_scope));
    let mut lacking: Vec<&str> = needed.filter(|act| !partner.drive.can(*act)).map(Act::as_str).collect();
    lacking.sort_unstable();
    lacking.dedup();
    for act in lacking {
        let help = Some(format!("describe it under `{act}` of [drive], or do not declare what needs it"));
        wrong.at(drive.span(), format!("nothing tells how to {}", act.replace('_', " ")), help);
    }
    let numbered = |shown: &ShownBooking| shown.booking.is_some();
    let books = match &partner.drive {
        Drive::Http(http) => http.acts.get(&Act::Book).map(|act| numbered(&act.answer)),
        Drive::Command(command) => command.acts.get(&Act::Book).map(|act| numbered(&act.answer)),
        Drive::Simulated | Drive::Own | Drive::Person => None,
    };
    let later = needs_number(&partner.drive);
    if books == Some(false) && later {
        let help = Some("under `book`: answer = { booking = \"/id\" }".to_owned());
        wrong.at(declares.span(), "nothing tells which number a booking got".to_owned(), help);
    }
}

/// Only a program that is started here can be told the present.
fn told_the_present(partner: &Partner, time: &written::Time, wrong: &mut Wrong<'_>) {
    let Some(takes) = time.takes_present.as_ref().filter(|takes| *takes.get_ref()) else { return };
    if partner.program.is_none() {
        let help =
            Some("describe the [program], which is told it by LOCKSTEP_NOW, or leave it out".to_owned());
        wrong.at(takes.span(), "nobody is told the present".to_owned(), help);
    }
}

/// Whether some act names the booking by its number.
fn needs_number(drive: &Drive) -> bool {
    let names = |message: &Message| message.fields().contains(&BookingField::Id);
    match drive {
        Drive::Simulated | Drive::Own | Drive::Person => false,
        Drive::Http(http) => {
            http.acts.values().any(|act| names(&act.path) || act.body.as_ref().is_some_and(names))
        }
        Drive::Command(command) => command
            .acts
            .values()
            .any(|act| act.words.iter().any(names) || act.input.as_ref().is_some_and(names)),
    }
}
