//! What Inlet asks for, as plans over the drafted exchanges.

use super::choice::Choice;
use super::confidence::{Confidence, Guess};
use super::draft::Operation;
use crate::vendors::vocabulary::{Field, Function, Meaning};

/// The answer for one function.
#[derive(Clone, Debug)]
pub(super) enum Plan {
    /// The steps as they stand in the profile, with the operations that they use.
    Steps { steps: Vec<String>, uses: Vec<Meaning>, guess: Guess },
    /// Nothing was found; the reason, and what would be written if it were.
    Gap { reason: String },
}

/// The answers, in the order of the functions. A function that is not asked for
/// and has no plan is left out.
pub(super) fn plans(choice: &Choice) -> Vec<(Function, Plan)> {
    let plans = Plans { choice };
    Function::ALL
        .iter()
        .filter_map(|function| match plans.of(*function) {
            Ok(plan) => Some((*function, plan)),
            Err(reason) if function.is_asked_for() => Some((*function, Plan::Gap { reason })),
            Err(_) => None,
        })
        .collect()
}

struct Plans<'a> {
    choice: &'a Choice,
}

/// Steps under way.
#[derive(Default)]
struct Steps {
    steps: Vec<String>,
    uses: Vec<Meaning>,
    why: Vec<String>,
}

impl Steps {
    fn plan(self, confidence: Confidence, function: Function) -> Plan {
        let why = if self.why.is_empty() { "one exchange does it".to_owned() } else { self.why.join("; ") };
        let names: Vec<&str> = self.uses.iter().map(|meaning| meaning.as_str()).collect();
        let guess =
            Guess::new(confidence, format!("{} is {}", function.as_str(), names.join(", then ")), why);
        Plan::Steps { steps: self.steps, uses: self.uses, guess }
    }
}

impl Plans<'_> {
    fn find(&self, meaning: Meaning) -> Option<&Operation> {
        self.choice.taken.iter().find(|operation| operation.meaning == meaning)
    }

    /// The exchange, or what is missing.
    fn need(&self, meaning: Meaning, what: &str) -> Result<&Operation, String> {
        if let Some(operation) = self.find(meaning) {
            return Ok(operation);
        }
        match self.choice.unusable.iter().find(|(operation, _)| operation.meaning == meaning) {
            Some((operation, lacks)) => {
                Err(format!("Not described yet: `{}` seems to {what}, but {lacks}.", operation.line))
            }
            None => Err(format!("Not described yet: the description shows no exchange to {what}.")),
        }
    }

    fn of(&self, function: Function) -> Result<Plan, String> {
        match function {
            Function::ListAccessGroups => self.one(function, Meaning::ListGroups, "list groups"),
            Function::ListLocks => self.one(function, Meaning::ListLocks, "list locks"),
            Function::GetLockStatus => self.one(function, Meaning::GetLock, "tell the state of one lock"),
            Function::CreatePinAccess => self.create_pin(function),
            Function::RemovePinAccess => self.remove_pin(function),
            Function::CreateMobileAccess => self.create_mobile(function),
            Function::RemoveMobileAccess => self.remove_mobile(function),
            Function::Unlock => self.actuate(function, Meaning::Unlock, "open a lock"),
            Function::HoldOpen => self.hold_open(function),
            Function::ReturnToNormal => self.return_to_normal(function),
            Function::AlgoPin => {
                self.one(function, Meaning::AlgoPin, "compute a PIN without contact to the lock")
            }
            Function::ListPinAccess => self.one(function, Meaning::ListPins, "list PINs"),
            Function::ChangePinAccess => {
                let update = self.need(Meaning::UpdatePin, "change a PIN")?;
                let mut steps = Steps::default();
                call(update, &mut steps, None);
                Ok(steps.plan(confidence(update), function))
            }
            Function::ListMobileAccess => self.one(function, Meaning::ListMobile, "list keys"),
        }
    }

    fn one(&self, function: Function, meaning: Meaning, what: &str) -> Result<Plan, String> {
        let operation = self.need(meaning, what)?;
        let mut steps = Steps::default();
        steps.steps.push(format!("\"{}\"", operation.name()));
        steps.uses.push(meaning);
        Ok(steps.plan(confidence(operation), function))
    }

    /// A user first, where the exchange needs the id of one.
    fn user(&self, operation: &Operation, steps: &mut Steps) -> Result<(), String> {
        if operation.needs(&Field::UserId) && !steps.uses.contains(&Meaning::UpsertUser) {
            let user = self.need(Meaning::UpsertUser, "create the user whose id is asked for")?;
            steps.why.push("a user's id is asked for".to_owned());
            call(user, steps, None);
        }
        Ok(())
    }

    /// Asks until the command has been carried out, where the answer names one.
    fn poll(&self, operation: &Operation, within: &str, steps: &mut Steps) {
        if !operation.tells_of(&Field::JobId) {
            return;
        }
        match self.find(Meaning::PollJob) {
            Some(poll) => {
                steps.steps.push(format!(
                    "{{ poll = \"{}\", every = \"1 s\", within = \"{within}\" }}",
                    poll.name()
                ));
                steps.uses.push(Meaning::PollJob);
                steps.why.push(format!(
                    "the answer names a command that is carried out later; {within} are taken for it"
                ));
            }
            None => steps.why.push(
                "the answer names a command, but no exchange that tells how it stands was found".to_owned(),
            ),
        }
    }

    fn create_pin(&self, function: Function) -> Result<Plan, String> {
        let set = self.need(Meaning::SetPin, "create a PIN")?;
        let mut steps = Steps::default();
        let mut least = confidence(set);
        if set.needs(&Field::AccessId) {
            let assign = self.need(Meaning::AssignAccess, "give the access whose id is asked for")?;
            self.user(assign, &mut steps)?;
            let undo = self.find(Meaning::RemovePin).filter(|remove| remove.asks_for(&Field::AccessId));
            steps.why.push("the PIN is set on an access that exists".to_owned());
            call(assign, &mut steps, undo.map(Operation::name));
            least = least.min(confidence(assign));
        } else {
            self.user(set, &mut steps)?;
        }
        let listed = self
            .find(Meaning::ListPins)
            .filter(|list| list.tells_of(&Field::AccessName) && set.asks_for(&Field::AccessName));
        match listed.filter(|_| !is_repeatable(set)) {
            Some(list) => {
                steps.steps.push(format!(
                    "{{ call = \"{}\", repeat = {{ find = \"{}\", by = [\"access.name\"] }} }}",
                    set.name(),
                    list.name()
                ));
                steps.uses.push(Meaning::SetPin);
                steps.why.push("what was made without an answer is found again by its name".to_owned());
            }
            None => call(set, &mut steps, None),
        }
        self.names_a_door(&steps, "a PIN")?;
        self.poll(set, "30 s", &mut steps);
        // Without an id in the answer the PIN is looked up.
        let removes_by_id =
            self.find(Meaning::RemovePin).is_some_and(|remove| remove.needs(&Field::AccessId));
        let known = set.tells_of(&Field::AccessId) || set.asks_for(&Field::AccessId);
        if let Some(list) = listed.filter(|list| removes_by_id && !known && list.tells_of(&Field::AccessId)) {
            steps.steps.push(format!(
                "{{ find = \"{}\", by = [\"access.name\"], every = \"2 s\", within = \"30 s\" }}",
                list.name()
            ));
            steps.uses.push(Meaning::ListPins);
            steps.why.push("its answer has no id, so the PIN is looked up by its name".to_owned());
        }
        Ok(steps.plan(least, function))
    }

    /// Something must say which door it is for, else what is made opens none.
    fn names_a_door(&self, steps: &Steps, what: &str) -> Result<(), String> {
        let asks = |fields: &[Field]| {
            steps.uses.iter().filter_map(|meaning| self.find(*meaning)).any(|operation| {
                operation.meaning != Meaning::ListPins && fields.iter().any(|field| operation.asks_for(field))
            })
        };
        if asks(&[Field::LockId, Field::GroupId]) {
            return Ok(());
        }
        let last = steps.uses.last().and_then(|meaning| self.find(*meaning));
        let line = last.map_or("", |operation| operation.line.as_str());
        Err(format!(
            "Not described yet: `{line}` makes {what}, but nothing was found that says for which lock."
        ))
    }

    fn remove_pin(&self, function: Function) -> Result<Plan, String> {
        let remove = self.need(Meaning::RemovePin, "remove a PIN")?;
        let mut steps = Steps::default();
        call(remove, &mut steps, None);
        self.poll(remove, "30 s", &mut steps);
        Ok(steps.plan(confidence(remove), function))
    }

    fn create_mobile(&self, function: Function) -> Result<Plan, String> {
        let create = self.need(Meaning::CreateMobile, "create a key in an app")?;
        let mut steps = Steps::default();
        self.user(create, &mut steps)?;
        call(create, &mut steps, None);
        self.names_a_door(&steps, "a key")?;
        self.poll(create, "30 s", &mut steps);
        Ok(steps.plan(confidence(create), function))
    }

    fn remove_mobile(&self, function: Function) -> Result<Plan, String> {
        let remove = self.need(Meaning::RemoveMobile, "withdraw a key in an app")?;
        let mut steps = Steps::default();
        call(remove, &mut steps, None);
        self.poll(remove, "30 s", &mut steps);
        Ok(steps.plan(confidence(remove), function))
    }

    fn actuate(&self, function: Function, meaning: Meaning, what: &str) -> Result<Plan, String> {
        let operation = self.need(meaning, what)?;
        let mut steps = Steps::default();
        call(operation, &mut steps, None);
        self.poll(operation, "20 s", &mut steps);
        Ok(steps.plan(confidence(operation), function))
    }

    fn hold_open(&self, function: Function) -> Result<Plan, String> {
        let hold = self.need(Meaning::HoldOpen, "hold a door open")?;
        let mut steps = Steps::default();
        call(hold, &mut steps, None);
        self.poll(hold, "20 s", &mut steps);
        if !hold.asks_for(&Field::HoldUntil) && !hold.asks_for(&Field::HoldSeconds) {
            let end = self.find(Meaning::ReleaseHold).or_else(|| self.find(Meaning::Lock));
            let end = end.ok_or("Not described yet: a hold names no end, and the description shows no exchange that ends one.")?;
            steps.steps.push(format!("{{ later = \"{}\", after = \"hold.seconds\" }}", end.name()));
            steps.uses.push(end.meaning);
            steps.why.push("the request names no end, so it is ended after the time".to_owned());
        }
        Ok(steps.plan(confidence(hold), function))
    }

    fn return_to_normal(&self, function: Function) -> Result<Plan, String> {
        if self.find(Meaning::ReleaseHold).is_some() {
            return self.actuate(function, Meaning::ReleaseHold, "end a hold");
        }
        match self.find(Meaning::Lock) {
            Some(lock) => {
                let mut steps = Steps::default();
                steps.why.push("no exchange ends a hold; throwing the bolt is taken instead".to_owned());
                call(lock, &mut steps, None);
                self.poll(lock, "20 s", &mut steps);
                Ok(steps.plan(Confidence::Unsure, function))
            }
            None => {
                Err("Not described yet: the description shows no exchange to end a hold, nor one that locks."
                    .to_owned())
            }
        }
    }
}

fn confidence(operation: &Operation) -> Confidence {
    operation.guesses.first().map_or(Confidence::Unsure, |guess| guess.confidence)
}

/// Whether the exchange may be sent again: by its method, or by a key that the
/// vendor asks for. A PUT that makes an access without naming it adds to a list,
/// and may add another one each time, whatever its method promises.
fn is_repeatable(operation: &Operation) -> bool {
    let keyed = operation.asks_for(&Field::RequestKey);
    let makes = matches!(operation.meaning, Meaning::SetPin | Meaning::AssignAccess | Meaning::CreateMobile);
    let named = operation.asks_for(&Field::AccessId) || operation.asks_for(&Field::MobileId);
    let puts = operation.request.starts_with("PUT ") && (named || !makes);
    keyed || puts || operation.request.starts_with("DELETE ")
}

/// Whether nothing that a PIN or key is made with says from when to when it holds.
pub(super) fn lacks_window(choice: &Choice, uses: &[Meaning]) -> bool {
    let window = [Field::AccessFrom, Field::AccessUntil, Field::MobileFrom, Field::MobileUntil];
    !choice
        .taken
        .iter()
        .filter(|operation| uses.contains(&operation.meaning))
        .any(|operation| window.iter().any(|field| operation.asks_for(field)))
}

fn call(operation: &Operation, steps: &mut Steps, undo: Option<&str>) {
    let name = operation.name();
    let undo_text = undo.map_or(String::new(), |undo| format!(", undo = \"{undo}\""));
    if is_repeatable(operation) {
        steps.steps.push(format!("{{ call = \"{name}\", repeat = \"idempotent\"{undo_text} }}"));
        let why = if operation.asks_for(&Field::RequestKey) {
            "a key makes it safe to send again"
        } else {
            "its method may be sent again (RFC 9110)"
        };
        steps.why.push(format!("{name}: {why}"));
    } else if undo.is_some() {
        steps.steps.push(format!("{{ call = \"{name}\"{undo_text} }}"));
    } else {
        steps.steps.push(format!("\"{name}\""));
    }
    steps.uses.push(operation.meaning);
}
