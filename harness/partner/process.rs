//! The program that is the partner's system, started and stopped.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::process::{Child, Command};

use super::driver::DriverError;
use crate::harness::integration::install_tls;
use crate::vendors::partner::Program;
use crate::vendors::vocabulary::{Instant, Secret};

/// How often it is asked whether it is ready.
const ASK_EVERY: Duration = Duration::from_millis(50);

/// What a partner's program is told by its environment.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// Where Inlet is; `LOCKSTEP_INLET_URL`.
    pub inlet: String,
    /// What vouches for Inlet's certificate, where it encrypts; `LOCKSTEP_INLET_CA`
    /// is the path of the file.
    pub authority: Option<Arc<AuthorityFile>>,
    /// The credential of each customer; `LOCKSTEP_INLET_TOKEN`,
    /// `LOCKSTEP_INLET_TOKEN_2`, ….
    pub tokens: Vec<Secret>,
    /// The locks of each customer; `LOCKSTEP_LOCKS`, `LOCKSTEP_LOCKS_2`, …, with
    /// commas between them.
    pub locks: Vec<Vec<String>>,
    /// Where mail to support goes; `LOCKSTEP_SMTP`, `127.0.0.1:2525`.
    pub smtp: SocketAddr,
    /// How many times as fast as the machine's time passes; `LOCKSTEP_SPEED`.
    pub speed: f64,
    /// The present at Inlet when the program is started; `LOCKSTEP_NOW`.
    pub now: Instant,
    /// The port to listen on; `LOCKSTEP_PORT`.
    pub port: u16,
    /// The file to log to, where one is described; `LOCKSTEP_LOG`.
    pub log: Option<PathBuf>,
    /// The folder that it runs in.
    pub folder: PathBuf,
    /// The folder for what it keeps over a restart, its own for this run;
    /// `LOCKSTEP_DATA`.
    pub data: PathBuf,
}

impl Surroundings {
    /// A command that is told all of it.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.folder)
            .env("LOCKSTEP_INLET_URL", &self.inlet)
            .env("LOCKSTEP_SMTP", self.smtp.to_string())
            .env("LOCKSTEP_SPEED", self.speed.to_string())
            .env("LOCKSTEP_NOW", self.now.to_string())
            .env("LOCKSTEP_PORT", self.port.to_string())
            .env("LOCKSTEP_DATA", &self.data)
            // This program's own variable of that name is not the partner's.
            .env_remove("LOCKSTEP_LOG");
        for (nth, token) in self.tokens.iter().enumerate() {
            command.env(of_customer("LOCKSTEP_INLET_TOKEN", nth), token.expose());
        }
        for (nth, locks) in self.locks.iter().enumerate() {
            command.env(of_customer("LOCKSTEP_LOCKS", nth), locks.join(","));
        }
        if let Some(authority) = &self.authority {
            command.env("LOCKSTEP_INLET_CA", &authority.0);
        }
        if let Some(log) = &self.log {
            command.env("LOCKSTEP_LOG", log);
        }
        command
    }
}

/// The variable that tells the same of each customer, by place.
fn of_customer(name: &str, nth: usize) -> String {
    match nth {
        0 => name.to_owned(),
        more => format!("{name}_{}", more + 1),
    }
}

/// The certificate (PEM) of whoever vouches for Inlet's, in a file that a
/// partner's system can be told to trust; gone with this.
#[derive(Debug)]
pub struct AuthorityFile(PathBuf);

impl AuthorityFile {
    /// Writes it into the folder of the machine's temporary files.
    pub fn write(certificate: &str) -> Result<Self, DriverError> {
        let name = format!("lockstep-inlet-{}-{:016x}.pem", std::process::id(), rand::random::<u64>());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, certificate)
            .map_err(|why| DriverError(format!("{}: {why}", path.display())))?;
        Ok(Self(path))
    }
}

impl Drop for AuthorityFile {
    fn drop(&mut self) {
        // Left behind it does no harm: it is a public certificate.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A port of this machine that nobody listens on, at this moment.
pub fn free_port() -> Result<u16, DriverError> {
    let taken = |why: std::io::Error| DriverError(format!("no free port: {why}"));
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(taken)?;
    Ok(listener.local_addr().map_err(taken)?.port())
}

/// A program under way; ended with this.
#[derive(Debug)]
pub struct Running {
    program: Program,
    surroundings: Surroundings,
    child: Child,
}

impl Running {
    /// Starts a program and waits until it is ready.
    pub async fn start(program: Program, surroundings: Surroundings) -> Result<Self, DriverError> {
        let child = spawn(&program, &surroundings)?;
        let mut running = Self { program, surroundings, child };
        running.ready().await?;
        Ok(running)
    }

    /// Ends it as a power cut would, and starts it again.
    pub async fn restart(&mut self, now: Instant) -> Result<(), DriverError> {
        let ended = self.child.kill().await;
        ended.map_err(|why| DriverError(format!("it could not be ended: {why}")))?;
        self.surroundings.now = now;
        self.child = spawn(&self.program, &self.surroundings)?;
        self.ready().await
    }

    async fn ready(&mut self) -> Result<(), DriverError> {
        let url = format!("http://{}:{}{}", Ipv4Addr::LOCALHOST, self.surroundings.port, self.program.ready);
        install_tls();
        let client =
            reqwest::Client::builder().no_proxy().build().map_err(|why| DriverError(why.to_string()))?;
        let until = tokio::time::Instant::now() + self.program.ready_within;
        loop {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(DriverError(format!("`{}` ended with {status}", self.program.command.join(" "))));
            }
            if client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            if tokio::time::Instant::now() >= until {
                let within = self.program.ready_within.as_secs();
                return Err(DriverError(format!("it did not answer at {url} within {within} s")));
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
    }
}

fn spawn(program: &Program, surroundings: &Surroundings) -> Result<Child, DriverError> {
    let Some((first, rest)) = program.command.split_first() else {
        return Err(DriverError("its command has no words".to_owned()));
    };
    surroundings
        .command(first)
        .args(rest)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|why| DriverError(format!("`{first}` could not be started: {why}")))
}
