//! Text files that people write and name on a command line, read within a bound:
//! a device or a wrong file must not fill the memory.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// The largest file that is read, in bytes: far beyond what people write by hand.
pub const LARGEST_TEXT: u64 = 4 * 1024 * 1024;

/// Why a text cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub struct Unread {
    why: String,
    /// What to do about it; `None` where there is no such file, since what else
    /// can be named depends on what is asked for.
    pub todo: Option<&'static str>,
}

impl Unread {
    fn new(why: impl Into<String>, todo: &'static str) -> Self {
        Self { why: why.into(), todo: Some(todo) }
    }
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        let todo = match error.kind() {
            io::ErrorKind::NotFound => None,
            io::ErrorKind::IsADirectory => Some("that is a folder: name the file in it"),
            io::ErrorKind::PermissionDenied => Some("let this user read it"),
            _ => Some("see what keeps this user from reading it"),
        };
        Self { why: error.to_string(), todo }
    }
}

/// The text of a file, with what was wrong where it is none.
pub fn read_text(path: &Path) -> Result<String, Unread> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST_TEXT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_TEXT {
        let why = format!("it is larger than {} MiB", LARGEST_TEXT / (1024 * 1024));
        return Err(Unread::new(why, "see whether it is the right file"));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Unread::new("it is written in UTF-16", "save it as UTF-8"));
    }
    if bytes.contains(&0) {
        return Err(Unread::new("it is a binary file", "see whether it is the right file"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        Unread::new(format!("line {line} is no UTF-8 text"), "save it as UTF-8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &str) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, bytes).unwrap();
        let told = match read_text(&path) {
            Ok(text) => format!("{} bytes", text.len()),
            Err(unread) => format!("{unread}; {}", unread.todo.unwrap_or_default()),
        };
        assert_eq!(told, expected);
    }

    #[test]
    fn a_text_is_read_and_what_is_none_is_told() {
        check("a = \"Ærø\"\r\n".as_bytes(), "13 bytes");
        check(b"a = 1\nb = \xff\n", "line 2 is no UTF-8 text; save it as UTF-8");
        check(b"\x89PNG\r\n\x1a\n\0\0", "it is a binary file; see whether it is the right file");
        check(b"a\0", "it is a binary file; see whether it is the right file");
        check(b"\xff\xfea\0", "it is written in UTF-16; save it as UTF-8");
    }

    #[test]
    fn a_folder_an_endless_file_and_one_that_is_not_there_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let of = |path: &Path| read_text(path).unwrap_err();
        assert!(of(folder.path()).todo.unwrap().contains("folder"));
        assert!(of(Path::new("/dev/zero")).to_string().contains("larger than 4 MiB"));
        assert_eq!(of(&folder.path().join("nothing")).todo, None);
    }
}
