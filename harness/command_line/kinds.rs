//! Which kind of document a text is, so that one in the place of another is told
//! as that, and not by everything that it lacks.

use super::failure::Failure;
use crate::vendors::profile::Problem;

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
    /// A waiver file.
    Waivers,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Profile, Self::Subject, Self::Scenario, Self::Partner, Self::Waivers];

    /// The first version of its `schema`; a waiver file has none.
    fn schema(self) -> Option<&'static str> {
        match self {
            Self::Profile => Some("lockstep.profile/1"),
            Self::Subject => Some("lockstep.subject/1"),
            Self::Scenario => Some("lockstep.scenario/1"),
            Self::Partner => Some("lockstep.partner/1"),
            Self::Waivers => None,
        }
    }

    /// Whether a `schema` is that of some version of it.
    fn has(self, schema: &str) -> bool {
        let name = self.schema().and_then(|own| own.split_once('/')).map(|(name, _)| name);
        name.is_some() && schema.split_once('/').map(|(name, _)| name) == name
    }

    fn title(self) -> &'static str {
        match self {
            Self::Profile => "a profile",
            Self::Subject => "a subject file",
            Self::Scenario => "a scenario",
            Self::Partner => "a partner description",
            Self::Waivers => "a waiver file",
        }
    }

    /// Where it is named.
    fn place(self) -> &'static str {
        match self {
            Self::Profile => "name it as PROFILE, the first word after the command",
            Self::Subject => "name it with --subject, behind the profile",
            Self::Scenario => "name it with --scenario, behind the profile",
            Self::Partner => "name it as PROFILE of `certify`, `run` or `check`",
            Self::Waivers => "name it with --waivers, behind the profile, or as PROFILE of `check`",
        }
    }

    /// What a text says of itself; one that is no TOML, by its lines.
    pub fn of(text: &str) -> Option<Self> {
        let table: Result<toml::Table, _> = toml::from_str(text);
        let schema = match &table {
            Ok(table) => table.get("schema").and_then(toml::Value::as_str),
            Err(_) => header(text).find_map(|(key, value)| (key == "schema").then_some(value)),
        };
        let waives = || match &table {
            Ok(table) => table.contains_key("waivers"),
            Err(_) => said(text).next() == Some("[[waivers]]"),
        };
        match schema {
            Some(schema) => Self::ALL.into_iter().find(|kind| kind.has(schema)),
            None => waives().then_some(Self::Waivers),
        }
    }

    /// The failure where a text says nothing of what it is, told once and not by
    /// everything that it lacks: prose, another program's file, an empty one.
    pub fn unlike(self, file: &str, text: &str) -> Option<Failure> {
        let schema = self.schema()?;
        if Self::of(text).is_some() {
            return None;
        }
        let table: Result<toml::Table, _> = toml::from_str(text);
        let (place, found) = match &table {
            _ if text.trim().is_empty() => (file.to_owned(), "an empty file".to_owned()),
            // One that is of an unknown form says so itself.
            Ok(table) if table.contains_key("schema") => return None,
            Ok(_) => (file.to_owned(), "a TOML document without `schema`".to_owned()),
            Err(_) if serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() => {
                (file.to_owned(), "a JSON document".to_owned())
            }
            Err(why) => {
                let at = Problem::at(file, text, why.span().unwrap_or(0..0), String::new(), None);
                let told = why.message().lines().next().unwrap_or_default();
                (format!("{file}:{}:{}", at.line, at.column), format!("a text that is no TOML here: {told}"))
            }
        };
        let failure = Failure::usage(format!("{file} is no {}", self.name()));
        let expected = format!("a TOML document with schema = \"{schema}\"");
        let help = format!("see whether it is the right file; {} names its schema so", self.title());
        Some(failure.at(place).expected(expected).found(found).help(help))
    }

    fn name(self) -> &'static str {
        self.title().trim_start_matches("a ")
    }

    /// The failure where the text of a file says of itself that it is another
    /// kind of document than the one wanted.
    pub fn mistaken(self, file: &str, text: &str) -> Option<Failure> {
        let found = Self::of(text).filter(|found| *found != self)?;
        Some(self.not(file, found))
    }

    /// The failure where a document of one kind stands in the place of this one.
    pub fn not(self, file: &str, found: Self) -> Failure {
        let failure = Failure::usage(format!("{file} is no {}", self.name()));
        failure.at(file).expected(self.title()).found(found.title()).help(found.place())
    }
}

/// The lines of a text that say something, without blank ones and comments.
fn said(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The keys and values that a text begins with. What is written further down may be
/// an example within prose.
fn header(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = said(text).map_while(|line| line.split_once('='));
    pairs.map(|(key, value)| (key.trim(), value.trim().trim_matches(['"', '\''])))
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
        let broken = "schema = 'lockstep.subject/1'\nname = \n";
        assert!(Kind::Profile.mistaken("a.toml", broken).is_some());
        assert!(Kind::Profile.mistaken("a.toml", "[[waivers]]\ncriterion = 1").is_some());
    }

    #[test]
    fn a_file_that_says_nothing_of_itself_is_told_once() {
        let told = |text: &str| Kind::Profile.unlike("a.toml", text).map(|failure| failure.to_string());
        for (text, place, found) in [
            ("# Title\n\nSome prose, with `code`.\n", "a.toml:3:6\n", "a text that is no TOML here"),
            ("# Title\n\n```toml\n[[waivers]]\n```\n", "a.toml:3:", "a text that is no TOML here"),
            ("Title\n\nschema = \"lockstep.subject/1\"\n", "a.toml:1:", "a text that is no TOML here"),
            ("", "a.toml\n", "an empty file"),
            (" \n", "a.toml\n", "an empty file"),
            ("[package]\nname = \"a\"\n", "a.toml\n", "a TOML document without `schema`"),
            ("{ \"openapi\": \"3.0.0\" }", "a.toml\n", "a JSON document"),
        ] {
            let told = told(text).unwrap();
            assert!(told.starts_with("a.toml is no profile\n"), "{told}");
            assert!(told.contains(&format!("at: {place}")) && told.contains(found), "{text}: {told}");
            assert!(told.contains("schema = \"lockstep.profile/1\"") && told.contains("help: "), "{told}");
        }
        // What says of itself that it is one is told by its own mistakes.
        assert_eq!(told("schema = \"lockstep.profile/1\"\nname = \n"), None);
        assert_eq!(told("schema = \"lockstep.profil/1\"\n"), None);
        // What is another kind of document is told as that.
        assert_eq!(told("[[waivers]]\ncriterion = \"LV-46\"\n"), None);
    }
}
