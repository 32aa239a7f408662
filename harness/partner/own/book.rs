//! The book: every booking in a file of its own, for its owner only.
//!
//! The files hold what the guests gave, because a booking that changes is asked
//! for again. A file is written beside the old one and takes its place at once,
//! so that a power cut leaves the one or the other.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::kept::Kept;

/// Why the book cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the book cannot be used: {}: {why}", path.display())]
pub struct BookError {
    path: PathBuf,
    why: io::Error,
}

/// Bookings by their numbers.
pub(super) struct Book {
    folder: PathBuf,
    bookings: BTreeMap<u64, Kept>,
}

impl Book {
    /// Opens the book of a folder, which is made where there is none.
    pub fn open(folder: &Path) -> Result<Self, BookError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |why| BookError { path, why }
        };
        for_the_owner_only(folder).map_err(failed(folder))?;
        let mut bookings = BTreeMap::new();
        for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
            let path = entry.map_err(failed(folder))?.path();
            // What was not written to its end was never promised to anybody.
            if path.extension().is_some_and(|extension| extension == "json") {
                let text = std::fs::read(&path).map_err(failed(&path))?;
                let kept: Kept = serde_json::from_slice(&text)
                    .map_err(|why| BookError { path: path.clone(), why: why.into() })?;
                bookings.insert(kept.number, kept);
            }
        }
        Ok(Self { folder: folder.to_owned(), bookings })
    }

    /// The number of the next booking.
    pub fn next_number(&self) -> u64 {
        self.bookings.last_key_value().map_or(1, |(last, _)| last + 1)
    }

    /// The booking of a number.
    pub fn get(&self, number: u64) -> Option<&Kept> {
        self.bookings.get(&number)
    }

    /// Every booking.
    pub fn all(&self) -> impl Iterator<Item = &Kept> {
        self.bookings.values()
    }

    /// Writes a booking down, in the place of what stood under its number.
    pub fn write(&mut self, kept: Kept) -> Result<(), BookError> {
        let path = self.folder.join(format!("{}.json", kept.number));
        put(&path, &kept).map_err(|why| BookError { path, why })?;
        self.bookings.insert(kept.number, kept);
        Ok(())
    }
}

fn put(path: &Path, kept: &Kept) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.create(true).write(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(&serde_json::to_vec(kept)?)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}

fn for_the_owner_only(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
