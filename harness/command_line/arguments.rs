//! The command line as it may be typed. The definitions here are the one source
//! of the help texts, the man pages and the completions.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::certification_arguments::{Certification, Gate, Verify};
use super::exit_code;

pub use super::judging_arguments::{Certify, Check, Compare, Doctor, How, Level, Replay, Run, Sweep, Whom};
pub use super::simulation_arguments::{Selftest, Simulate};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Proves that a lock vendor's API does what Inlet needs.
///
/// Lockstep simulates lock vendors, speaks to them as Inlet would, and judges
/// whether they keep to Inlet's requirements. The result goes to standard
/// output; progress and logs go to standard error.
#[derive(Debug, Parser)]
#[command(
    name = "lockstep",
    version,
    styles = STYLES,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    max_term_width = 100,
    after_help = exit_code::table()
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How to tell it.
    #[command(flatten)]
    pub output: Output,
}

/// How results, progress and logs are told.
#[derive(Clone, Copy, Debug, Args)]
pub struct Output {
    /// Print the result as JSON.
    #[arg(long, global = true, help_heading = "Output")]
    pub json: bool,
    /// Log what is done to standard error; twice for every exchange.
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Output")]
    pub verbose: u8,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge a vendor or a partner by every criterion, and write the report.
    ///
    /// A vendor without a subject or target is rehearsed: the simulated vendor is
    /// judged, which certifies nothing but exercises the very same criteria.
    #[command(after_help = "\
Examples:
  lockstep certify reference
  lockstep certify vendors/locks/acme.toml --subject acme-sandbox.toml --out evidence
  lockstep certify reference --level core --json
  lockstep certify reference --estimate
  lockstep certify my_booking_system.toml --waivers waivers.toml")]
    Certify(Certify),
    /// Judge a vendor or a partner by chosen criteria, or run scenarios, while developing.
    ///
    /// With `--scenario` our own integration is driven as Inlet would drive it,
    /// against the simulated vendor, and each scenario says what must come of it.
    #[command(after_help = "\
Examples:
  lockstep run reference --only LV-21
  lockstep run reference --scenario all
  lockstep run acme.toml --scenario scenarios/lock-is-full.toml --json
  lockstep run acme.toml --only LV-21,LV-22 --subject acme-sandbox.toml
  lockstep run my_booking_system.toml --only IP-03,IP-20")]
    Run(Run),
    /// Review a profile, partner description or waiver file without any traffic.
    ///
    /// Reads it, reports every problem with line and column, and holds the
    /// vendor's statement, or what the partner declares, against the criteria.
    /// Waivers are held against today; one that does not hold ends it with 5.
    #[command(after_help = "\
Examples:
  lockstep check reference
  lockstep check vendors/locks/acme.toml --json
  lockstep check my_booking_system.toml
  lockstep check waivers.toml")]
    Check(Check),
    /// Tell whether it is the configuration, before a run.
    ///
    /// Looks at the subject file, DNS, connection, TLS, redirects, base path,
    /// clock, credentials and their rights, settings, test locks and groups,
    /// allow-list, tester, rate limit and time limits, and says what to do about
    /// each that is wrong. Creates, moves and removes nothing.
    #[command(after_help = "\
Examples:
  lockstep doctor acme.toml --subject acme-sandbox.toml
  lockstep doctor reference --target http://127.0.0.1:8080 --json")]
    Doctor(Doctor),
    /// Begin something new: a vendor's profile.
    #[command(after_help = "\
Examples:
  lockstep new vendor acme --openapi openapi.json
  lockstep new vendor acme --postman collection.json --out vendors/locks/acme.toml")]
    New(New),
    /// Serve simulated vendors until interrupted.
    #[command(after_help = "\
Examples:
  lockstep simulate
  lockstep simulate reference --listen 127.0.0.1:8080 --locks 10000
  lockstep simulate reference --subject-file simulated.toml
  lockstep simulate reference --clock x60 --scenario scenarios/lock-goes-offline.toml")]
    Simulate(Simulate),
    /// Prove that every misbehaviour is found: the detection matrix.
    #[command(after_help = "\
Examples:
  lockstep selftest
  lockstep selftest --json")]
    Selftest(Selftest),
    /// Show one finding of a report again.
    ///
    /// Judges its criterion once more, under the same seed, and tells what was
    /// found then and what is found now. Ends with 1 where the finding shows
    /// again, else with the code of what the criterion comes to now: 0 where it
    /// is met.
    #[command(after_help = "\
Examples:
  lockstep replay reports/acme-20261121T120000Z/report.json LV-21.1
  lockstep replay report.json LV-21.1 --profile acme.toml --subject acme-sandbox.toml")]
    Replay(Replay),
    /// Hold two reports of one subject against each other.
    ///
    /// Tells what got worse, what was mended and what else is different, without
    /// what every run draws anew. Ends with 1 where something was shown and is
    /// shown no more, and with 4 where the reports have nothing in common.
    #[command(after_help = "\
Examples:
  lockstep compare reports/acme-20261101T120000Z reports/acme-20261121T120000Z
  lockstep compare old.json new.json --json")]
    Compare(Compare),
    /// Check a certificate offline: its signature, its time, and what it rests on.
    ///
    /// Ends with 6 where it does not hold, and says why. What was not looked at is
    /// told too.
    #[command(after_help = "\
Examples:
  lockstep verify c.json --key issuer.pem.pub
  lockstep verify c.json --key issuer.pem.pub --status-list list.json --report report.json")]
    Verify(Verify),
    /// Open a CI job for what is certified, and for nothing else.
    ///
    /// Prints one line. Ends with 0 only where a certificate was read, is the
    /// issuer's, holds now, is for this subject, version, programme and level, and
    /// stands well in a status list that is not too old; else with 6.
    #[command(after_help = "\
Examples:
  lockstep gate c.json --key issuer.pub --status-list list.json --subject acme --subject-version 2.4")]
    Gate(Gate),
    /// Take a certification through its life: prepare, submit, review, approve.
    ///
    /// Every step is kept with its time, who took it and why. What is not possible
    /// is refused by name, with what is possible now.
    #[command(after_help = "\
Examples:
  lockstep certification key --out issuer.pem
  lockstep certification prepare lock-vendor/acme --actor ada --reason onboarding
  lockstep certification attest lock-vendor/acme --item legal --document a.pdf --actor ada --reason read
  lockstep certification submit lock-vendor/acme --report report.json --actor ada --reason ready
  lockstep certification review lock-vendor/acme --actor rui --reason meeting
  lockstep certification approve lock-vendor/acme --key issuer.pem --out c.json --actor rui --reason ok
  lockstep certification status-list --key issuer.pem --out status.json
  lockstep certification status")]
    Certification(Certification),
    /// Remove what earlier runs left behind at a target.
    #[command(after_help = "\
Examples:
  lockstep sweep acme.toml --subject acme-sandbox.toml --dry-run
  lockstep sweep acme.toml --subject acme-sandbox.toml")]
    Sweep(Sweep),
    /// Print the JSON Schema of a file format.
    #[command(after_help = "\
Examples:
  lockstep schema profile > profile.schema.json
  lockstep schema report")]
    Schema(Schema),
    /// Print the completions for a shell.
    #[command(after_help = "\
Examples:
  lockstep completions bash > /etc/bash_completion.d/lockstep
  lockstep completions zsh > ~/.zfunc/_lockstep")]
    Completions(Completions),
    /// Print the manual page, or write one page for each command.
    #[command(after_help = "\
Examples:
  lockstep man | man -l -
  lockstep man --out /usr/local/share/man/man1")]
    Man(Man),
}

/// The arguments of `new`.
#[derive(Clone, Debug, Args)]
pub struct New {
    /// What to begin.
    #[command(subcommand)]
    pub what: Beginning,
}

/// What can be begun.
#[derive(Clone, Debug, Subcommand)]
pub enum Beginning {
    /// Draft a vendor's profile from what the vendor has published.
    ///
    /// The functions are guessed from paths, names and examples. Each guess is
    /// marked in the file with its reason; what the description does not tell
    /// is listed. The file loads, whatever was described.
    #[command(after_help = "\
Examples:
  lockstep new vendor acme --openapi openapi.yaml
  lockstep new vendor acme --postman collection.json --out vendors/locks/acme.toml
  lockstep new vendor acme")]
    Vendor(NewVendor),
}

/// The arguments of `new vendor`.
#[derive(Clone, Debug, Args)]
pub struct NewVendor {
    /// The profile's short name (`acme`).
    pub name: String,
    /// An OpenAPI 3.0 or 3.1 description, as JSON or YAML.
    #[arg(long, value_name = "FILE", conflicts_with = "postman")]
    pub openapi: Option<PathBuf>,
    /// A Postman collection, v2.0 or v2.1. Without either the empty frame of a
    /// profile is written.
    #[arg(long, value_name = "FILE")]
    pub postman: Option<PathBuf>,
    /// The file to write [default: NAME.toml].
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace the file where it exists.
    #[arg(long)]
    pub force: bool,
}

/// The arguments of `schema`.
#[derive(Clone, Copy, Debug, Args)]
pub struct Schema {
    /// Which format.
    #[arg(value_enum)]
    pub format: Format,
}

/// The arguments of `completions`.
#[derive(Clone, Copy, Debug, Args)]
pub struct Completions {
    /// Which shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// The arguments of `man`.
#[derive(Clone, Debug, Args)]
pub struct Man {
    /// Write a page for each command into this folder.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// A file format that has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A vendor's profile.
    Profile,
    /// The report of a run.
    Report,
    /// The description of a foreign target.
    Subject,
    /// The description of a partner.
    Partner,
    /// A scenario.
    Scenario,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definitions_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_shows_examples_that_can_be_typed() {
        for command in Arguments::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let examples: Vec<&str> =
                help.lines().filter_map(|line| line.trim().strip_prefix("lockstep ")).collect();
            assert!(!examples.is_empty(), "{} has no example", command.get_name());
            for example in examples {
                let typed = example.split(['|', '>']).next().unwrap_or_default();
                let words = std::iter::once("lockstep").chain(typed.split_whitespace());
                Arguments::try_parse_from(words).unwrap_or_else(|error| panic!("{example}: {error}"));
            }
        }
    }
}
