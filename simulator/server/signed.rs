//! Signatures that do not agree, and what becomes of everybody's after too many.

use std::collections::HashMap;
use std::time::Duration;

use super::sandbox::SandboxState;
use crate::simulator::world::Refusal;
use crate::vendors::dialect::{Blocks, Missigned, Operation};
use crate::vendors::vocabulary::{Cause, Field, Instant};

/// Wrong signatures in a row, by what they stand in.
#[derive(Clone, Debug, Default)]
pub struct Wrong(HashMap<Field, Row>);

#[derive(Clone, Copy, Debug, Default)]
struct Row {
    wrong: u32,
    blocked_until: Option<Instant>,
}

impl Wrong {
    /// Whether every signature is refused at the moment.
    fn is_blocked(&self, signature: &Field, now: Instant) -> bool {
        self.0.get(signature).and_then(|row| row.blocked_until).is_some_and(|until| now < until)
    }

    /// Takes note of one that came: a right one forgives those before it, and so
    /// does a block that is over.
    fn note(&mut self, signature: &Field, blocks: Blocks, is_wrong: bool, now: Instant) {
        let row = self.0.entry(signature.clone()).or_default();
        if !is_wrong || row.blocked_until.is_some() {
            *row = Row::default();
        }
        row.wrong += u32::from(is_wrong);
        if row.wrong >= blocks.after {
            row.blocked_until = Some(now + blocks.lasts.max(Duration::from_secs(1)));
        }
    }
}

/// Refuses a request whose signature is missing, wrong or blocked.
pub(super) fn check_signature(
    state: &mut SandboxState,
    operation: &Operation,
    missigned: Option<Missigned>,
) -> Result<(), Refusal> {
    let now = state.world.now();
    if let Some(missing) = missigned.filter(|missigned| missigned.is_missing) {
        let refusal = Refusal::new(missing.refused, "the signature is missing");
        return Err(refusal.because(Cause::SignatureMissing));
    }
    if let Some((signature, blocks)) = operation.blocks() {
        if state.wrong.is_blocked(signature, now) {
            return Err(Refusal::new(blocks.refused, "signatures are blocked after too many wrong ones"));
        }
        state.wrong.note(signature, blocks, missigned.is_some(), now);
    }
    match missigned {
        Some(wrong) => Err(Refusal::new(wrong.refused, "the signature is wrong")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::vocabulary::FailureKind;

    #[test]
    fn so_many_wrong_ones_in_a_row_block_them_all_for_a_while() {
        let signature = Field::Signature("otp".into());
        let lasts = Duration::from_secs(600);
        let blocks = Blocks { after: 3, lasts, refused: FailureKind::Forbidden };
        let start = Instant::from_epoch_ms(0);
        let mut wrong = Wrong::default();
        // A right one in between begins the row anew.
        for is_wrong in [true, true, false, true, true] {
            wrong.note(&signature, blocks, is_wrong, start);
        }
        assert!(!wrong.is_blocked(&signature, start));
        wrong.note(&signature, blocks, true, start);
        assert!(wrong.is_blocked(&signature, start + lasts - Duration::from_secs(1)));
        assert!(!wrong.is_blocked(&Field::Signature("other".into()), start));
        assert!(!wrong.is_blocked(&signature, start + lasts));
        wrong.note(&signature, blocks, true, start + lasts);
        assert!(!wrong.is_blocked(&signature, start + lasts), "the row begins anew");
    }
}
