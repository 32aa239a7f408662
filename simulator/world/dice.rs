//! Chance under a seed.

/// SplitMix64: a few lines whose output never changes with a dependency, so the
/// same seed gives the same bytes in every version.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Chance that depends on the seed and on what it is used for.
    pub fn new(seed: u64, purpose: &str) -> Self {
        Self(digest(seed, purpose))
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number below `bound`; zero where the bound is zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.bits() % bound }
    }

    /// Whether an event of that chance (0 to 1) happens.
    pub fn happens(&mut self, chance: f64) -> bool {
        // 53 bits fill a float exactly.
        let draw = (self.bits() >> 11) as f64 / (1u64 << 53) as f64;
        draw < chance
    }

    /// Hexadecimal text of 32 characters.
    pub fn text(&mut self) -> String {
        format!("{:016x}{:016x}", self.bits(), self.bits())
    }
}

/// A number that depends on nothing but seed and text.
pub fn digest(seed: u64, text: &str) -> u64 {
    let fold = |hash: u64, byte: u8| mix(hash ^ u64::from(byte)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    text.bytes().fold(mix(seed ^ 0x5851_f42d_4c95_7f2d), fold)
}

fn mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}
