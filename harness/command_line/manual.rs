//! Completions and manual pages, made from the definitions.

use std::io;
use std::path::Path;

use clap::CommandFactory;
use clap_mangen::Man;

use super::arguments::Arguments;

/// The completions for a shell.
pub fn completions(shell: clap_complete::Shell) -> String {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "lockstep", &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// The manual page of the whole program.
pub fn page() -> io::Result<String> {
    let mut text = Vec::new();
    Man::new(Arguments::command()).render(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// Writes a page for the program and one for each command into a folder, which
/// is made where it is missing.
pub fn write_pages(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    clap_mangen::generate_to(Arguments::command(), folder)
}
