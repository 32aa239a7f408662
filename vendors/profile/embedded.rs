//! The profiles that the program carries within itself.

/// Name, file, text. A new profile is one line here.
pub(super) const EMBEDDED: &[(&str, &str, &str)] = &[
    ("reference", "vendors/locks/reference.toml", include_str!("../locks/reference.toml")),
    ("seam", "vendors/locks/seam.toml", include_str!("../locks/seam.toml")),
    ("danalock", "vendors/locks/danalock.toml", include_str!("../locks/danalock.toml")),
    ("tedee", "vendors/locks/tedee.toml", include_str!("../locks/tedee.toml")),
    ("unloc", "vendors/locks/unloc.toml", include_str!("../locks/unloc.toml")),
];
