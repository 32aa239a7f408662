//! The profiles that the program carries within itself.

/// Name, file, text. A new profile is one line here.
pub(super) const EMBEDDED: &[(&str, &str, &str)] = &[
    ("reference", "vendors/locks/reference.toml", include_str!("../locks/reference.toml")),
    ("seam", "vendors/locks/seam.toml", include_str!("../locks/seam.toml")),
    ("nuki", "vendors/locks/nuki.toml", include_str!("../locks/nuki.toml")),
    ("ttlock", "vendors/locks/ttlock.toml", include_str!("../locks/ttlock.toml")),
    ("igloohome", "vendors/locks/igloohome.toml", include_str!("../locks/igloohome.toml")),
    ("salto_ks", "vendors/locks/salto_ks.toml", include_str!("../locks/salto_ks.toml")),
    ("tedee", "vendors/locks/tedee.toml", include_str!("../locks/tedee.toml")),
    ("unloc", "vendors/locks/unloc.toml", include_str!("../locks/unloc.toml")),
    ("danalock", "vendors/locks/danalock.toml", include_str!("../locks/danalock.toml")),
];
