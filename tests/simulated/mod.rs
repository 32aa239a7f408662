//! The program itself, simulating in a process of its own, for tests in other
//! languages.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// `lockstep simulate` on a free port, ended with this value.
pub struct Simulated {
    process: Child,
    told: Value,
}

impl Simulated {
    /// Starts it with these arguments and waits until it has told where it is.
    pub fn start(arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_lockstep"))
            .arg("simulate")
            .args(arguments)
            .args(["--listen", "127.0.0.1:0", "--json"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut text = String::new();
        let told = BufReader::new(process.stdout.take().unwrap()).lines().find_map(|line| {
            text.push_str(&line.unwrap());
            serde_json::from_str::<Value>(&text).ok()
        });
        let told = told.unwrap_or_else(|| panic!("the simulation did not come up: {text}"));
        Self { process, told }
    }

    /// Everything that it told of itself.
    pub fn told(&self) -> &Value {
        &self.told
    }

    /// The address of its control API.
    pub fn control(&self) -> &str {
        self.told["control"].as_str().unwrap()
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
