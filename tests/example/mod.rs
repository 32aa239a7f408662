//! What the example of `harness/partner/example` runs in.

use std::ffi::OsString;
use std::path::Path;

/// The top of the project.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The search path with the Python that `./test` installs for the example first.
pub fn with_its_python() -> OsString {
    let python = root().join(".peers/booking/bin");
    assert!(python.is_dir(), "{} is missing: ./test installs it", python.display());
    let others = std::env::var_os("PATH").expect("a search path");
    let all = std::iter::once(python).chain(std::env::split_paths(&others));
    std::env::join_paths(all).expect("a search path")
}
