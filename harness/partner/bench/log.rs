//! The log that the partner hands in.

use super::{PartnerBench, System};
use crate::vendors::inlet::Granted;

/// How far log and calls had come at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogMark {
    /// Length of what the run had logged, in bytes.
    pub length: usize,
    /// Number of the last call that had arrived.
    pub call: u64,
}

impl PartnerBench {
    /// What the partner has logged in this run, where it hands its log in.
    pub async fn log(&self) -> Result<Option<String>, String> {
        match &self.system {
            System::Simulated(partner) => return Ok(Some(partner.journal().text())),
            System::Own(own) => return own.log().await.map(Some).map_err(|why| why.to_string()),
            System::Foreign(_) => {}
        }
        let Some(path) = &self.log else { return Ok(None) };
        match std::fs::read(path) {
            // A log that became shorter was begun anew.
            Ok(bytes) => {
                let fresh = bytes.get(self.log_before..).unwrap_or(&bytes);
                Ok(Some(String::from_utf8_lossy(fresh).into_owned()))
            }
            Err(why) => Err(format!("the log {}: {why}", path.display())),
        }
    }

    /// Takes note of how far the log has come, where nobody has: what is refused
    /// from now on must be told in lines to come.
    pub async fn mark_log(&self) {
        let length = self.log().await.ok().flatten().map_or(0, |text| text.len());
        let call = self.arrivals().last().map_or(0, |last| last.received.number());
        self.log_mark.get_or_init(|| LogMark { length, call });
    }

    /// The mark, where one was made.
    pub fn log_mark(&self) -> Option<LogMark> {
        self.log_mark.get().copied()
    }

    /// What opens a door and was told to the partner, each with the access that it
    /// is of.
    pub fn told_keys(&self) -> Vec<Granted> {
        self.arrivals().iter().filter_map(|arrival| arrival.received.granted()).collect()
    }
}
