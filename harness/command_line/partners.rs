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
use crate::harness::criterion::Criterion;
use crate::harness::evidence::Secrets;
use crate::harness::partner::{Manner, Who};
use crate::harness::result::Mode;
use crate::harness::static_review::misattested;
use crate::vendors::partner::{self, Drive, Partner};
use crate::vendors::profile::{self, ProfileErrors, Unread, nearest};
use crate::vendors::vocabulary::Instant;

/// The vendor behind the simulated Inlet.
pub const BEHIND_INLET: &str = "reference";

/// Lends the criteria that partners are judged by.
pub type Criteria = fn() -> Vec<Arc<Criterion>>;

/// The partner that is meant to be judged, where it is one and no vendor.
pub fn described(whom: &Whom, criteria: Criteria) -> Result<Option<Partner>, Failure> {
    let partner = named(&whom.profile, criteria)?;
    if partner.is_some() && (whom.at.subject.is_some() || whom.at.target.is_some()) {
        let what = "a partner is reached by its description alone";
        return Err(Failure::usage(what).help("leave --subject and --target out"));
    }
    Ok(partner)
}

/// The partner of that name or path, whose attestations are of criteria that people
/// vouch for; `None` where it may be a vendor's profile.
pub fn named(name: &str, criteria: Criteria) -> Result<Option<Partner>, Failure> {
    let is_partner = partner::embedded_names().any(|known| known == name)
        || !profile::embedded_names().contains(&name)
            && match profile::read_text(Path::new(name)) {
                Ok(text) => partner::is_partner(&text),
                Err(why) if !Path::new(name).exists() => return Err(nobody(name, &why)),
                // It is told as a profile that cannot be read.
                Err(_) => false,
            };
    if !is_partner {
        return Ok(None);
    }
    let told = |errors: ProfileErrors| profiles::explain(&errors, Kind::Partner);
    let partner = partner::load(name).map_err(told)?;
    match misattested(name, &partner, &criteria()) {
        Some(errors) => Err(told(errors)),
        None => Ok(Some(partner)),
    }
}

/// The failure where neither a file nor anything embedded is called so.
fn nobody(name: &str, why: &Unread) -> Failure {
    let vendors = profile::embedded_names();
    let help = match nearest(name, vendors.iter().copied().chain(partner::embedded_names())) {
        Some(near) => format!("did you mean the embedded `{near}`?"),
        None => format!(
            "give a path, an embedded profile ({}), or an embedded partner ({})",
            vendors.join(", "),
            partner::embedded_names().collect::<Vec<_>>().join(", ")
        ),
    };
    Failure::usage(format!("the profile or partner description cannot be read: {why}")).at(name).help(help)
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
        present: Instant::wall(),
        report_path: "report.json".to_owned(),
        profile: whom.profile.clone(),
        secrets: Secrets::default(),
        interrupt: Interrupt::new(),
    })
}
