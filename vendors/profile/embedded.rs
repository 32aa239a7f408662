//! The profiles that the program carries within itself.

/// Name, file, text. A new profile is one line here.
pub(super) const EMBEDDED: &[(&str, &str, &str)] = &[
    ("reference", "vendors/locks/reference.toml", include_str!("../locks/reference.toml")),
    ("seam", "vendors/locks/seam.toml", include_str!("../locks/seam.toml")),
    ("salto_ks", "vendors/locks/salto_ks.toml", include_str!("../locks/salto_ks.toml")),
    ("igloohome", "vendors/locks/igloohome.toml", include_str!("../locks/igloohome.toml")),
];
