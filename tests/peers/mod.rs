//! Servers that the suite did not write, started for one test each.
//!
//! `./test` installs them into `.peers/`. A test that needs one fails without
//! it; none is left out in silence.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use lockstep::harness::integration::install_tls;

/// A server in a process of its own, which ends with its standard input, and so
/// with this value or with the whole test process, however that ends.
pub struct Peer {
    process: Child,
    address: String,
}

impl Peer {
    /// Starts `tests/peers/<name>/start.mjs` and waits for its address.
    pub fn start(name: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let installed = root.join(".peers/node_modules");
        assert!(
            installed.is_dir(),
            "{} is missing: ./test installs the servers of tests/peers/package.json into it",
            installed.display()
        );
        let script = root.join("tests/peers").join(name).join("start.mjs");
        let mut process = Command::new("node")
            .arg(script)
            .arg(root.join(".peers"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|why| panic!("node cannot be started ({why}); ./test installs it"));
        let mut address = String::new();
        let output = process.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        assert!(address.starts_with("http://127.0.0.1:"), "the server `{name}` did not come up: {address}");
        install_tls();
        Self { process, address }
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// One call past the suite, to see the server's own state.
    pub async fn post(&self, key: &str, path: &str, body: &serde_json::Value) -> serde_json::Value {
        let request = reqwest::Client::new().post(format!("{}{path}", self.address)).bearer_auth(key);
        request.json(body).send().await.unwrap().json().await.unwrap()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // It ends by itself; a second signal does no harm.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
