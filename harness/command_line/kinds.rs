//! Which kind of document a text is, so that one in the place of another is told
//! as that, and not by everything that it lacks.

use super::failure::Failure;

/// A document that people write and name on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A vendor's profile.
    Profile,
    /// A subject file.
    Subject,
    /// A scenario.
    Scenario,
    /// A partner description.
    Partner,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Profile, Self::Subject, Self::Scenario, Self::Partner];

    /// What the `schema` of every version of it begins with.
    fn schema(self) -> &'static str {
        match self {
            Self::Profile => "lockstep.profile/",
            Self::Subject => "lockstep.subject/",
            Self::Scenario => "lockstep.scenario/",
            Self::Partner => "lockstep.partner/",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Profile => "a profile",
            Self::Subject => "a subject file",
            Self::Scenario => "a scenario",
            Self::Partner => "a partner description",
        }
    }

    /// Where it is named.
    fn place(self) -> &'static str {
        match self {
            Self::Profile => "name it as PROFILE, the first word after the command",
            Self::Subject => "name it with --subject, behind the profile",
            Self::Scenario => "name it with --scenario, behind the profile",
            Self::Partner => "name it as PROFILE of `certify`, `run` or `check`",
        }
    }

    /// What a text says of itself.
    fn of(text: &str) -> Option<Self> {
        let table: toml::Table = toml::from_str(text).ok()?;
        let schema = table.get("schema")?.as_str()?;
        Self::ALL.into_iter().find(|kind| schema.starts_with(kind.schema()))
    }

    /// The failure where the text of a file says of itself that it is another
    /// kind of document than the one wanted.
    pub fn mistaken(self, file: &str, text: &str) -> Option<Failure> {
        let found = Self::of(text).filter(|found| *found != self)?;
        Some(self.not(file, found))
    }

    /// The failure where a document of one kind stands in the place of this one.
    pub fn not(self, file: &str, found: Self) -> Failure {
        let failure = Failure::usage(format!("{file} is no {}", self.title().trim_start_matches("a ")));
        failure.at(file).expected(self.title()).found(found.title()).help(found.place())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_in_the_place_of_another_is_told_once() {
        let subject = "# a comment\nschema = \"lockstep.subject/1\"\n";
        let told = Kind::Profile.mistaken("a.toml", subject).unwrap().to_string();
        assert_eq!(
            told,
            "a.toml is no profile\n  at: a.toml\n  expected: a profile\n  found: a subject file\n  help: name it \
             with --subject, behind the profile"
        );
        assert_eq!(Kind::Subject.mistaken("a.toml", subject), None);
        assert_eq!(Kind::Subject.mistaken("a.toml", "schema = 1"), None);
        assert_eq!(Kind::Subject.mistaken("a.toml", "no TOML"), None);
    }
}
