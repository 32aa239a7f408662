//! The command line: parse, call, exit code. What the harness may not know, the
//! criteria and the writers of reports, is lent to it here.

use lockstep::features;
use lockstep::harness::campaign::certify_partner;
use lockstep::harness::command_line::{self, Rooms, Unwritten};
use lockstep::reports;

fn main() -> std::process::ExitCode {
    command_line::enter(&Rooms {
        suite: features::lock_vendor,
        certify_partner: |plan, watch| {
            Box::pin(async move { certify_partner(plan, &features::inlet_partner(), watch).await })
        },
        partner_digest: || features::inlet_partner().digest(),
        partner_criteria: || features::inlet_partner().criteria,
        write_report: |report, secrets, folder| {
            reports::write(report, secrets, folder).map(drop).map_err(|error| match &error {
                reports::WriteError::Disk { source, .. } => Unwritten::Disk(format!("{error}: {source}")),
                _ => Unwritten::Defect(error.to_string()),
            })
        },
        read_report: |path| reports::read(path).map_err(|error| error.told()),
        report_json: |report| reports::render::json(report).map_err(|error| error.to_string()),
        report_schema: reports::schema,
        default_folder: reports::default_folder,
    })
    .into()
}
