//! A small generator of numbers that are the same each time: `SplitMix64`. For made-up people, never for secrets.

/// The generator, as far as it has come.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    /// Starts at this number.
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`, which is not zero.
    pub(super) fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        i64::try_from((mixed ^ (mixed >> 31)) >> 1).unwrap_or_default() % end
    }

    /// Whether it happens, in so many of a thousand cases.
    pub(super) fn happens(&mut self, in_thousand: i64) -> bool {
        self.below(1_000) < in_thousand
    }

    /// One of these.
    pub(super) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        let at = self.below(i64::try_from(of.len()).unwrap_or(1));
        of[usize::try_from(at).unwrap_or_default()]
    }
}
