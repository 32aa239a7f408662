//! Partners on the command line: which description is meant, and the plan of a
//! run over it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::arguments::{How, Level, Whom};
use super::commands::waivers;
use super::failure::Failure;
use super::kinds::Kind;
use super::profiles;
use crate::harness::campaign::{Interrupt, PartnerPlan, run_name};
use crate::harness::evidence::Secrets;
use crate::harness::partner::{Manner, Who};
use crate::harness::result::Mode;
use crate::vendors::partner::{self, Drive, Partner};
use crate::vendors::profile::nearest;
use crate::vendors::vocabulary::Instant;

/// The vendor behind the simulated Inlet.
pub const BEHIND_INLET: &str = "reference";

/// The partner that is meant, where it is one and no vendor.
pub fn described(whom: &Whom) -> Result<Option<Partner>, Failure> {
    let name = whom.profile.as_str();
    let embedded = partner::embedded_names().any(|known| known == name);
    // What cannot be read is told as a profile that cannot be read.
    let is_partner = || std::fs::read_to_string(name).is_ok_and(|text| partner::is_partner(&text));
    if !embedded && !is_partner() {
        return mistyped(name).map_or(Ok(None), Err);
    }
    if whom.subject.is_some() || whom.target.is_some() {
        let what = "a partner is reached by its description alone";
        return Err(Failure::usage(what).help("leave --subject and --target out"));
    }
    let read = partner::load(name);
    read.map(Some).map_err(|errors| profiles::explain(&errors, Kind::Partner))
}

/// The failure where nothing is called so, and a partner nearly is.
fn mistyped(name: &str) -> Option<Failure> {
    if Path::new(name).exists() || crate::vendors::profile::embedded_names().contains(&name) {
        return None;
    }
    let near = nearest(name, partner::embedded_names())?;
    let failure = Failure::usage("the partner description cannot be read: there is no such file").at(name);
    Some(failure.help(format!("did you mean the embedded description `{near}`?")))
}

/// The plan of a certification; the simulated booking system is a rehearsal.
pub fn plan(description: Partner, whom: &Whom, how: &How) -> Result<PartnerPlan, Failure> {
    let who = match description.drive {
        Drive::Simulated => Who::Simulated(None),
        Drive::Own => Who::Own(Manner::default()),
        Drive::Http(_) | Drive::Command(_) | Drive::Person => Who::Described,
    };
    if how.level != Level::Full {
        let what = "a partner is judged by one level, everything that Inlet requires";
        return Err(Failure::usage(what).help("leave --level out"));
    }
    let seed = how.seed.unwrap_or_else(|| u64::from(rand::random::<u32>()));
    let folder = Path::new(&whom.profile).parent().filter(|folder| !folder.as_os_str().is_empty());
    Ok(PartnerPlan {
        who,
        description: Arc::new(description),
        dialect: profiles::load(BEHIND_INLET)?,
        folder: folder.map_or_else(|| PathBuf::from("."), Path::to_owned),
        mode: Mode::Certify,
        only: None,
        seed,
        run: run_name(Instant::wall(), seed),
        waivers: how.waivers.as_deref().map(waivers).transpose()?.unwrap_or_default(),
        report_path: "report.json".to_owned(),
        profile: whom.profile.clone(),
        secrets: Secrets::default(),
        interrupt: Interrupt::new(),
    })
}
