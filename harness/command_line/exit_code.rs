//! The exit codes: public, and the same for every command.

/// What a command's end means to the shell, a script or a CI job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ExitCode {
    /// Conformant, open, valid, done.
    Done = 0,
    /// A required criterion of the asked level failed, or `compare` found a
    /// regression.
    NotMet = 1,
    /// Wrong usage or configuration, a port in use, credentials not given.
    /// Nothing was run.
    Usage = 2,
    /// Inconclusive, or the subject could not be reached.
    Inconclusive = 3,
    /// Incomplete, vacuous or interrupted; the partial report is written.
    Incomplete = 4,
    /// A baseline or waiver is stale.
    Stale = 5,
    /// The certificate is missing or not valid.
    NoCertificate = 6,
    /// A defect of Lockstep, a misbehaviour that `selftest` did not find
    /// included.
    Defect = 70,
}

impl ExitCode {
    /// Every code, in ascending order.
    pub const ALL: &'static [ExitCode] = &[
        Self::Done,
        Self::NotMet,
        Self::Usage,
        Self::Inconclusive,
        Self::Incomplete,
        Self::Stale,
        Self::NoCertificate,
        Self::Defect,
    ];

    /// The number that the process ends with.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The code of that number. A number that is no code of ours is a defect.
    pub fn from_number(number: u8) -> Self {
        Self::ALL.iter().copied().find(|code| code.number() == number).unwrap_or(Self::Defect)
    }

    /// What it means, in the words of the help text and of the README.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "conformant, open, valid, done",
            Self::NotMet => "a required criterion of the asked level failed, or a regression was found",
            Self::Usage => "usage or configuration, port in use, credentials not given; nothing was run",
            Self::Inconclusive => "inconclusive, or the subject could not be reached",
            Self::Incomplete => "incomplete, vacuous or interrupted; the partial report is written",
            Self::Stale => "stale baseline or waiver",
            Self::NoCertificate => "certificate missing or not valid",
            Self::Defect => "a defect of Lockstep",
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.number())
    }
}

/// The table of exit codes, as it stands below the help text.
pub(super) fn table() -> String {
    let rows = ExitCode::ALL.iter().map(|code| format!("  {:>2}  {}\n", code.number(), code.meaning()));
    std::iter::once("Exit codes:\n".to_owned()).chain(rows).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_leads_back_to_its_code() {
        for code in ExitCode::ALL {
            assert_eq!(ExitCode::from_number(code.number()), *code);
        }
    }

    #[test]
    fn a_number_that_is_no_code_is_a_defect() {
        assert_eq!(ExitCode::from_number(101), ExitCode::Defect);
    }
}
