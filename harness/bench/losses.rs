//! Answers that are lost on purpose, and the account of it.

use super::{Bench, Loss, Missing, Side, simulated};
use crate::harness::integration::{Integration, Retries};
use crate::harness::result::FaultAccount;
use crate::simulator::{Effect, Fault, Place, Schedule};

impl Bench {
    /// Loses the answer to the next call of `operation`, after or before the
    /// vendor has carried it out. The returned integration must be used.
    pub async fn lose_answer(
        &self,
        operation: &str,
        loss: Loss,
        carried_out: bool,
    ) -> Result<Integration, Missing> {
        match &self.side {
            Side::Simulated(simulator) => {
                simulator.control().inject(Fault {
                    place: Place { operation: Some(operation.to_owned()), ..Place::default() },
                    schedule: Schedule { times: Some(1), ..Schedule::default() },
                    effect: match loss {
                        Loss::Withheld => Effect::Withhold { carried_out },
                        Loss::Reset => Effect::Reset { carried_out },
                    },
                });
                Ok(self.inlet.with_retries(Retries::Off))
            }
            Side::Foreign(foreign) => foreign.lose_answer(&self.inlet, operation, loss, carried_out).await,
        }
    }

    /// What was injected in this scenario and what took effect.
    pub fn faults(&self) -> Vec<FaultAccount> {
        let criterion = self.recorder.criterion();
        match &self.side {
            Side::Simulated(simulator) => simulator
                .control()
                .faults()
                .iter()
                .map(|account| simulated::told(account, criterion.clone()))
                .collect(),
            Side::Foreign(foreign) => foreign.faults(criterion.as_ref()),
        }
    }
}
