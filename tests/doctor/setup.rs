//! A configuration that is right, to be made wrong in one way, and the program
//! that is asked about it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Output;
use std::sync::Arc;

use lockstep::simulator::{Fleet, MISBEHAVIOURS, Options, Simulator};
use lockstep::vendors::dialect::Dialect;
use lockstep::vendors::profile;
use lockstep::vendors::vocabulary::Clock;
use serde_json::Value;

use crate::servers::{After, Before, meddler};

/// The reference vendor without what takes real time.
pub fn profile_text() -> String {
    let mut text = include_str!("../../vendors/locks/reference.toml").to_owned();
    for (real, hurried) in [
        ("rate = { calls = 600, per = \"1 min\" }\n", ""),
        ("creation = \"30 s\"", "creation = \"1 s\""),
        ("removal = \"30 s\"", "removal = \"1 s\""),
        ("offline = \"1 min\"", "offline = \"1 s\""),
        ("pulse = \"5 s\"", "pulse = \"1 s\""),
        ("actuation = \"20 s\"", "actuation = \"2 s\""),
        ("job = \"3 s\"", "job = \"50 ms\""),
        ("every = \"1 s\"", "every = \"50 ms\""),
    ] {
        assert!(text.contains(real), "{real}");
        text = text.replace(real, hurried);
    }
    text
}

/// The text of an embedded profile; of the reference one without what takes real time.
fn text_of(profile: &str) -> String {
    match profile {
        "reference" => profile_text(),
        "salto_ks" => include_str!("../../vendors/locks/salto_ks.toml").to_owned(),
        "danalock" => include_str!("../../vendors/locks/danalock.toml").to_owned(),
        "unloc" => include_str!("../../vendors/locks/unloc.toml").to_owned(),
        "ttlock" => include_str!("../../vendors/locks/ttlock.toml").to_owned(),
        other => panic!("{other} is not looked at here"),
    }
}

/// Everything that a run is told, right until it is changed.
pub struct Setup {
    pub simulator: Simulator,
    pub servers: BTreeMap<String, String>,
    pub secrets: BTreeMap<String, String>,
    pub settings: BTreeMap<String, String>,
    /// The one address that is given in place of a subject file.
    pub bare: Option<String>,
    pub free: Vec<String>,
    pub allowed: Vec<String>,
    pub offline: String,
    pub low_battery: String,
    pub partial: String,
    pub partial_locks: Vec<String>,
    pub empty: String,
    pub email: String,
    pub timeouts: (u64, u64, u64),
    pub environment: Vec<(String, String)>,
    /// What somebody who looked says beforehand (`answers_file`).
    pub answers: Option<String>,
    /// Changes the text of the subject file.
    pub edit: fn(String) -> String,
    profile: String,
    folder: tempfile::TempDir,
}

impl Setup {
    /// A healthy configuration over a reference vendor that behaves as told.
    pub async fn new(misbehaviour: Option<&str>) -> Self {
        Self::of("reference", misbehaviour).await
    }

    /// The same over a vendor of another profile.
    pub async fn of(name: &str, misbehaviour: Option<&str>) -> Self {
        let profile = text_of(name);
        let dialect: Arc<Dialect> = profile::compile(&format!("{name}.toml"), &profile).unwrap();
        let named = |name| MISBEHAVIOURS.iter().find(|known| known.name == name).unwrap();
        let simulator = Simulator::start(Options {
            dialect: Arc::clone(&dialect),
            seed: 5,
            clock: Clock::real(),
            fleet: Fleet::fixture(),
            misbehaviour: misbehaviour.map(named),
            variation: None,
            listen: ([127, 0, 0, 1], 0).into(),
        })
        .await
        .unwrap();
        let control = simulator.control();
        let fixture = control.fixture();
        let text =
            |ids: &[lockstep::vendors::vocabulary::LockId]| ids.iter().map(ToString::to_string).collect();
        let inside = control.groups().into_iter().find(|group| group.id == fixture.partial_group).unwrap();
        let servers = dialect.servers.iter().map(|(name, _)| (name.clone(), simulator.url(name))).collect();
        let secrets = control.secrets().into_iter().map(|(name, secret)| (name, secret.expose().to_owned()));
        let mut allowed: Vec<String> = text(&fixture.free_locks);
        allowed.push(fixture.offline_lock.to_string());
        Self {
            servers,
            secrets: secrets.collect(),
            settings: control.settings().into_iter().collect(),
            bare: None,
            free: text(&fixture.free_locks),
            allowed,
            offline: fixture.offline_lock.to_string(),
            low_battery: fixture.low_battery_lock.to_string(),
            partial: fixture.partial_group.to_string(),
            partial_locks: text(&inside.locks),
            empty: fixture.empty_group.to_string(),
            email: "tester@vendor.example".to_owned(),
            timeouts: if name == "reference" { (1, 2, 2) } else { (5, 40, 1_900) },
            environment: Vec::new(),
            answers: None,
            edit: |text| text,
            profile,
            folder: tempfile::tempdir().unwrap(),
            simulator,
        }
    }

    /// Puts every server at one address.
    pub fn at(&mut self, address: impl Into<String>) {
        let address = address.into();
        self.servers.values_mut().for_each(|server| server.clone_from(&address));
    }

    /// Where the simulated vendor really is.
    pub fn upstream(&self) -> String {
        self.simulator.url("api")
    }

    /// Puts somebody between who answers or changes what he likes.
    pub async fn meddle(&mut self, before: Before, after: After) {
        let address = meddler(self.upstream(), before, after).await;
        self.at(format!("http://{address}"));
    }

    fn subject(&self) -> String {
        let list = |ids: &[String]| ids.iter().map(|id| format!("{id:?}")).collect::<Vec<_>>().join(", ");
        let servers: String =
            self.servers.iter().map(|(name, address)| format!("{name} = {address:?}\n")).collect();
        let credentials: String =
            self.secrets.keys().map(|name| format!("{name} = \"{}\"\n", variable(name))).collect();
        let settings: String =
            self.settings.iter().map(|(name, value)| format!("{name} = {value:?}\n")).collect();
        let settings = if settings.is_empty() { settings } else { format!("[settings]\n{settings}\n") };
        let (connect, read, wait) = self.timeouts;
        let confirm = match &self.answers {
            Some(_) => "confirm = \"file\"\nanswers_file = \"answers.toml\"\n",
            None => "",
        };
        (self.edit)(format!(
            "schema = \"lockstep.subject/1\"\n{confirm}allow_actuation = [{}]\n\n[servers]\n{servers}\n[credentials]\n{credentials}\n\
             {settings}[locks]\nfree = [{}]\noffline = {:?}\nlow_battery = {:?}\n\n\
             [groups]\npartial = {{ id = {:?}, locks = [{}] }}\nempty = {:?}\n\n\
             [tester]\nemail = {:?}\n\n[timeouts]\nconnect_s = {connect}\nread_s = {read}\nwait_at_most_s = {wait}\n",
            list(&self.allowed),
            list(&self.free),
            self.offline,
            self.low_battery,
            self.partial,
            list(&self.partial_locks),
            self.empty,
            self.email,
        ))
    }

    /// Runs a command over this configuration; its output is JSON.
    pub async fn run(&self, arguments: &[&str]) -> (Output, Value) {
        let file = |name: &str| -> PathBuf { self.folder.path().join(name) };
        std::fs::write(file("vendor.toml"), &self.profile).unwrap();
        std::fs::write(file("subject.toml"), self.subject()).unwrap();
        if let Some(answers) = &self.answers {
            std::fs::write(file("answers.toml"), answers).unwrap();
        }
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_lockstep"));
        command.arg(arguments[0]).arg(file("vendor.toml"));
        match &self.bare {
            Some(address) => command.args(["--target", address]),
            None => command.arg("--subject").arg(file("subject.toml")),
        };
        command.args(&arguments[1..]).arg("--json");
        if arguments[0] != "doctor" {
            command.args(["--seed", "1", "--out"]).arg(self.folder.path());
        }
        command.envs(self.secrets.iter().map(|(name, value)| (variable(name), value)));
        if self.bare.is_some() {
            let named = |sort: &str, name: &str| format!("LOCKSTEP_{sort}_{}", name.to_uppercase());
            command.envs(self.secrets.iter().map(|(name, value)| (named("SECRET", name), value)));
            command.envs(self.settings.iter().map(|(name, value)| (named("SETTING", name), value)));
        }
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
        let told = serde_json::from_slice(&output.stdout).unwrap_or_else(|why| {
            panic!(
                "{why}: {}\n{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            )
        });
        (output, told)
    }
}

fn variable(name: &str) -> String {
    format!("DOCTOR_{}", name.to_uppercase())
}

impl Setup {
    /// A lock of the account that is not in the group with some of the locks.
    pub fn stranger(&self) -> String {
        let locks = self.simulator.control().locks();
        let outside =
            locks.iter().find(|lock| lock.groups.iter().all(|group| group.as_str() != self.partial));
        outside.unwrap().id.to_string()
    }
}
