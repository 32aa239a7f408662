//! `lockstep certification`: the steps of a certification's life.

mod given;
mod told;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

pub(super) use given::{Suites, claims_of};

use super::super::arguments::Output;
use super::super::certification_arguments::{
    About, Act, Again, Approve, Attest, Certification, Kept, Key, Status, StatusList as Listed,
    Step as Typed, Submit,
};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::rooms::ReadReport;
use super::{in_runtime, tell, tell_json};
use crate::harness::certification::life::{self, Attestation, Refused, Stage, Step};
use crate::harness::certification::{
    Approval, Certificate, History, IssuerKey, KeyError, NotIssued, Register, RegisterError, StatusList,
};
use crate::vendors::vocabulary::{Clock, Instant};

const DAY: Duration = Duration::from_secs(24 * 3_600);

/// Does a step, or tells about a certification.
pub fn certification(
    typed: &Certification,
    output: Output,
    read_report: ReadReport,
    suites: Suites<'_>,
) -> Result<ExitCode, Failure> {
    match &typed.step {
        Typed::Key(key) => keys(key, output),
        Typed::Prepare(act) => prepare(act, output),
        Typed::Attest(attest) => vouch(attest, output),
        Typed::Submit(submit) => hand_in(submit, output, read_report, suites),
        Typed::Review(act) => plain(act, Step::Review, output),
        Typed::Feedback(feedback) => {
            plain(&feedback.act, Step::Feedback { issues: feedback.issue.clone() }, output)
        }
        Typed::Correct(correct) => plain(&correct.act, Step::Correct { issue: correct.issue }, output),
        Typed::Approve(approve) => sign(approve, output),
        Typed::Renew(act) => plain(act, Step::Renew, output),
        Typed::Suspend(act) => plain(act, Step::Suspend, output),
        Typed::Resume(act) => plain(act, Step::Resume, output),
        Typed::Revoke(act) => plain(act, Step::Revoke, output),
        Typed::Status(status) => stand(status, output),
        Typed::History(about) => past(about, output),
        Typed::Certificate(again) => write_again(again, output),
        Typed::StatusList(list) => publish(list, output),
    }
}

/// The private key never leaves its file; what is told are names.
fn keys(arguments: &Key, output: Output) -> Result<ExitCode, Failure> {
    let beside = PathBuf::from(format!("{}.pub", arguments.out.display()));
    if beside.exists() {
        return Err(Failure::usage("there is a public key already, and it is never replaced")
            .at(beside.display().to_string()));
    }
    let key = IssuerKey::generate();
    key.write_new(&arguments.out).and_then(|()| key.public().write(&beside)).map_err(of_key)?;
    let id = key.public().id();
    if output.json {
        return tell_json(&json!({ "key": id, "private": arguments.out, "public": beside }));
    }
    let (private, public) = (arguments.out.display(), beside.display());
    tell(&format!("Key {id}\n  private  {private} (for its owner alone)\n  public   {public}\n"))
}

fn prepare(act: &Act, output: Output) -> Result<ExitCode, Failure> {
    let (programme, subject) = act.about.id.split_once('/').ok_or_else(|| {
        Failure::usage(format!("`{}` names no certification", act.about.id))
            .expected("programme and short name of the subject, such as lock-vendor/acme")
    })?;
    let history = in_runtime(async {
        let register = made(&act.about.kept).await?;
        register.begin(programme, subject, &act.actor, &act.reason).await.map_err(of_register)
    })?;
    tell_stand(&history, output)
}

fn vouch(arguments: &Attest, output: Output) -> Result<ExitCode, Failure> {
    let (document, digest) = given::document(&arguments.document)?;
    let act = &arguments.act;
    let history = acted(act, |_, now| {
        Ok(Step::Attest(Attestation {
            item: arguments.item.clone(),
            who: arguments.who.clone().unwrap_or_else(|| act.actor.clone()),
            when: arguments.when.unwrap_or_else(|| now.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date()),
            document,
            digest,
        }))
    })?;
    tell_stand(&history, output)
}

fn hand_in(
    arguments: &Submit,
    output: Output,
    read_report: ReadReport,
    suites: Suites<'_>,
) -> Result<ExitCode, Failure> {
    let (report, claims) = claims_of(&arguments.report, read_report)?;
    given::judged_by_this_version(&claims, suites)
        .map_err(|failure| failure.at(report.display().to_string()))?;
    let history = acted(&arguments.act, |_, _| Ok(Step::Submit { claims: Box::new(claims) }))?;
    tell_stand(&history, output)
}

fn sign(arguments: &Approve, output: Output) -> Result<ExitCode, Failure> {
    let key = IssuerKey::read(&arguments.key).map_err(of_key)?;
    let history = in_runtime(async {
        let register = there(&arguments.act.about.kept).await?;
        approve(&register, arguments, &key).await
    })?;
    write_newest(&history, &arguments.out)?;
    tell_stand(&history, output)
}

/// The certificate is made within the step, at the register's time.
async fn approve(register: &Register, arguments: &Approve, key: &IssuerKey) -> Result<History, Failure> {
    let act = &arguments.act;
    let mut not_issued = None;
    let step = |certification: &life::Certification, now: Instant| {
        let Stage::InReview(stage) = certification.stage() else {
            return Err(Refused::NotNow { step: "approve", stage: certification.stage().words() });
        };
        let approval = Approval {
            by: act.actor.clone(),
            from: now,
            validity: DAY * arguments.days,
            scope: (!arguments.scope.is_empty()).then(|| arguments.scope.clone()),
        };
        let certificate = Certificate::new(stage.claims().clone(), approval).map_err(|why| match why {
            NotIssued::Claims(why) => Refused::Run(why),
            other => {
                not_issued = Some(other.to_string());
                Refused::OtherCertificate
            }
        })?;
        let signed = certificate.sign(key).map_err(|why| {
            not_issued = Some(why.to_string());
            Refused::OtherCertificate
        })?;
        Ok(Step::Approve { certificate: Box::new(certificate), signed })
    };
    let acted = register.act(&act.about.id, &act.actor, &act.reason, step).await;
    acted.map_err(|why| match not_issued {
        Some(why) => Failure::usage(why),
        None => of_register(why),
    })
}

/// A step that needs nothing but who, what and why.
fn plain(act: &Act, step: Step, output: Output) -> Result<ExitCode, Failure> {
    tell_stand(&acted(act, |_, _| Ok(step))?, output)
}

fn acted(
    act: &Act,
    step: impl FnOnce(&life::Certification, Instant) -> Result<Step, Refused>,
) -> Result<History, Failure> {
    in_runtime(async {
        let register = there(&act.about.kept).await?;
        register.act(&act.about.id, &act.actor, &act.reason, step).await.map_err(of_register)
    })
}

fn stand(arguments: &Status, output: Output) -> Result<ExitCode, Failure> {
    let all = in_runtime(async {
        let register = there(&arguments.kept).await?;
        match &arguments.id {
            Some(id) => register.read(id).await.map(|history| vec![history]),
            None => register.all().await,
        }
        .map_err(of_register)
    })?;
    let now = Instant::wall();
    match (output.json, arguments.id.is_some(), all.as_slice()) {
        (true, true, [one]) => tell_json(&told::stand_json(one, now)),
        (true, _, all) => tell_json(&all.iter().map(|one| told::stand_json(one, now)).collect::<Vec<_>>()),
        (false, _, []) => tell("The register holds no certification.\n"),
        (false, _, all) => tell(&all.iter().map(|one| told::stand(one, now)).collect::<Vec<_>>().join("\n")),
    }
}

fn past(about: &About, output: Output) -> Result<ExitCode, Failure> {
    let history = in_runtime(async { there(&about.kept).await?.read(&about.id).await.map_err(of_register) })?;
    if output.json { tell_json(&told::past_json(&history)) } else { tell(&told::past(&history)) }
}

fn write_again(arguments: &Again, output: Output) -> Result<ExitCode, Failure> {
    let about = &arguments.about;
    let history = in_runtime(async { there(&about.kept).await?.read(&about.id).await.map_err(of_register) })?;
    write_newest(&history, &arguments.out)?;
    tell_stand(&history, output)
}

fn publish(arguments: &Listed, output: Output) -> Result<ExitCode, Failure> {
    let key = IssuerKey::read(&arguments.key).map_err(of_key)?;
    let list = in_runtime(async {
        let register = there(&arguments.kept).await?;
        let standings = register.standings().await.map_err(of_register)?;
        Ok(StatusList::new(standings, register.now(), DAY * arguments.days))
    })?;
    let signed = list.sign(&key).map_err(|why| Failure::defect(why.to_string()))?;
    given::write(&arguments.out, &signed)?;
    if output.json {
        return tell_json(&list);
    }
    let (count, until) = (list.certificates.len(), list.next_update);
    tell(&format!("{} tells how {count} certificates stand, until {until}\n", arguments.out.display()))
}

fn write_newest(history: &History, path: &Path) -> Result<(), Failure> {
    let id = history.certification.id();
    let newest = history.certification.certificates().last();
    let newest = newest.ok_or_else(|| {
        Failure::new(ExitCode::NoCertificate, format!("no certificate was made for {id} yet"))
    })?;
    given::write(path, &newest.signed).map_err(|failure| {
        failure.help(format!("it is kept: `lockstep certification certificate {id} --out FILE` writes it"))
    })
}

fn tell_stand(history: &History, output: Output) -> Result<ExitCode, Failure> {
    let now = Instant::wall();
    if output.json { tell_json(&told::stand_json(history, now)) } else { tell(&told::stand(history, now)) }
}

/// A register, made where there is none.
async fn made(kept: &Kept) -> Result<Register, Failure> {
    let folder = kept.register.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        std::fs::create_dir_all(folder).map_err(|error| {
            Failure::usage(format!("the register's folder cannot be made: {error}"))
                .at(folder.display().to_string())
        })?;
    }
    Register::open(&kept.register, Clock::real()).await.map_err(|why| at(of_register(why), kept))
}

/// A register that is there.
async fn there(kept: &Kept) -> Result<Register, Failure> {
    Register::existing(&kept.register, Clock::real()).await.map_err(|why| at(of_register(why), kept))
}

fn at(failure: Failure, kept: &Kept) -> Failure {
    failure.at(kept.register.display().to_string())
}

fn of_register(why: RegisterError) -> Failure {
    let text = why.to_string();
    match why {
        RegisterError::Refused { possible, .. } => {
            Failure::usage(text).help(format!("possible now: {}", possible.join(", ")))
        }
        RegisterError::Unknown(_) => {
            Failure::usage(text).help("`lockstep certification status` lists what there is")
        }
        RegisterError::NoRegister(_) => {
            Failure::usage(text).help("name it with --register; `lockstep certification prepare` makes one")
        }
        RegisterError::Json(_) => Failure::defect(text),
        _ => Failure::usage(text),
    }
}

fn of_key(why: KeyError) -> Failure {
    match why {
        KeyError::Make => Failure::defect(why.to_string()),
        other => Failure::usage(other.to_string()),
    }
}
