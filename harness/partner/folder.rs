//! A folder of a partner's program, for as long as its run lasts.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Folders made by this process so far.
static MADE: AtomicU32 = AtomicU32::new(0);

/// Where Linux keeps files in memory.
const IN_MEMORY: &str = "/dev/shm";

/// A folder that nobody else writes into, removed with this. It lies where the
/// machine keeps what is temporary, and only its owner may look into it: a
/// booking system keeps guests' data there.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes one; the error is the disk's.
    pub fn make() -> io::Result<Self> {
        Self::make_in(&std::env::temp_dir())
    }

    /// Makes one in memory, where the machine keeps files there: for thousands of
    /// small writes that need not outlive the run, and would each wait for a disk.
    pub fn in_memory() -> io::Result<Self> {
        Self::make_in(Path::new(IN_MEMORY)).or_else(|_| Self::make())
    }

    fn make_in(place: &Path) -> io::Result<Self> {
        let nth = MADE.fetch_add(1, Ordering::Relaxed);
        let began = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        // The time tells it from one that a process of the same number left behind.
        let name = format!("lockstep-{}-{nth}-{}", std::process::id(), began.as_nanos());
        let path = place.join(name);
        private(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

#[cfg(unix)]
fn private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(not(unix))]
fn private(path: &Path) -> io::Result<()> {
    std::fs::create_dir(path)
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is the machine's to clear away.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
