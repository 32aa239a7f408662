//! Credentials: LV-04.

use std::collections::BTreeSet;
use std::time::Duration;

use cucumber::step::Collection;

use super::expect;
use super::trials::Trials;
use super::world::LockVendor;
use crate::harness::integration::{CallFailure, Integration, Tampering};
use crate::harness::trial::{Step, Stop};
use crate::vendors::dialect::{Dialect, Operation};
use crate::vendors::vocabulary::{FailureKind, Field, Function, Secret};

pub(super) fn steps(collection: Collection<LockVendor>) -> Collection<LockVendor> {
    crate::steps! { collection;
        given "the vendor's tokens expire" => tokens_expire;
        when "the vendor is called with valid credentials" => call_valid;
        when "at least one call is answered" => call_valid;
        when "every function is called without credentials" => call_without;
        when "every function is called with each credential wrong in turn" => call_wrong;
        when "the vendor is called with a token past its end" => call_expired;
        then "the call succeeds" => succeeds;
        then "the call is refused for its credentials" => each_refused;
        then "each of those calls is refused for its credentials" => each_refused;
    }
}

/// Functions that only read, the shortest answers first.
const READS: [Function; 3] = [Function::ListAccessGroups, Function::GetLockStatus, Function::ListLocks];

async fn read_by(
    world: &LockVendor,
    inlet: &Integration,
    function: Function,
) -> Result<Result<(), CallFailure>, Stop> {
    Ok(match function {
        Function::ListAccessGroups => inlet.list_access_groups().await.map(drop),
        Function::GetLockStatus => inlet.get_lock_status(&world.bench()?.free_lock(0)?).await.map(drop),
        _ => inlet.list_locks(None).await.map(drop),
    })
}

/// A call that only reads. One whose answer is wrong for other reasons says
/// nothing of credentials, so the next one is tried; the one that worked with
/// valid credentials is kept for the scenario. The first failure is told where
/// none works.
pub(super) async fn read_call(
    world: &mut LockVendor,
    inlet: &Integration,
) -> Result<Result<(), CallFailure>, Stop> {
    if let Some(function) = world.read {
        return read_by(world, inlet, function).await;
    }
    let bench = world.bench()?;
    let mut first = None;
    for function in READS.into_iter().filter(|function| bench.dialect().supports(*function)) {
        let result = read_by(world, bench.inlet(), function).await?;
        if result.is_ok() {
            world.read = Some(function);
            return read_by(world, inlet, function).await;
        }
        first.get_or_insert(result);
    }
    first.ok_or_else(|| Stop::Inconclusive("the vendor supports no function that only reads".to_owned()))
}

async fn call_valid(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let result = read_call(world, bench.inlet()).await?;
    world.calls.push(("a call with valid credentials".to_owned(), result));
    Ok(())
}

async fn call_without(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    must_be_accepted_first(world).await?;
    let mut trials = Trials::arranged(world).await?;
    for operation in used_operations(bench.dialect()) {
        trials.try_operation(world, operation, &Tampering::Bare, "without credentials").await?;
    }
    trials.finish(world)
}

/// A refusal says something about a credential only where the valid one works.
async fn must_be_accepted_first(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let result = read_call(world, bench.inlet()).await?;
    expect::success("a call with valid credentials", result)
}

async fn call_wrong(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    must_be_accepted_first(world).await?;
    let dialect = bench.dialect();
    let mut trials = Trials::arranged(world).await?;
    let mut tried = 0;
    for (name, secret) in bench.inlet().secrets() {
        let field = Field::Secret(name.as_str().into());
        let users: Vec<&Operation> = used_operations(dialect)
            .into_iter()
            .chain(token_operation(dialect))
            .filter(|operation| operation.asks_with(&field))
            .collect();
        if users.is_empty() {
            world.remark(format!("no supported function sends the secret `{name}`"));
        }
        tried += users.len();
        for operation in users {
            let wrong = Tampering::Secret(name.clone(), spoiled(secret));
            trials.try_operation(world, operation, &wrong, &format!("with a wrong `{name}`")).await?;
        }
    }
    if token_operation(dialect).is_some() {
        let token = expect::success("fetching a token", bench.inlet().token_in_use().await)?;
        for operation in used_operations(dialect) {
            if operation.asks_with(&Field::AuthToken) {
                tried += 1;
                let wrong = Tampering::Token(spoiled(&token));
                trials.try_operation(world, operation, &wrong, "with a wrong token").await?;
            }
        }
    }
    if tried == 0 {
        return Err(Stop::Inconclusive(
            "no supported function sends a credential that could be wrong".to_owned(),
        ));
    }
    trials.finish(world)
}

/// Every operation of a supported function, once.
fn used_operations(dialect: &Dialect) -> Vec<&Operation> {
    let used: BTreeSet<&str> =
        Function::ALL.iter().flat_map(|function| dialect.function(*function).operations()).collect();
    dialect.operations().iter().filter(|operation| used.contains(operation.name())).collect()
}

fn token_operation(dialect: &Dialect) -> Option<&Operation> {
    dialect.auth.token_operation.as_deref().and_then(|name| dialect.operation(name))
}

/// The secret with some letters and digits in its middle changed to others of
/// their kind, so that it is wrong and not malformed. At the end of an encoded
/// key a changed sign may stand for bits that nobody reads.
fn spoiled(secret: &Secret) -> Secret {
    let mut text: Vec<char> = secret.expose().chars().collect();
    let places: Vec<usize> = (0..text.len()).filter(|at| text[*at].is_ascii_alphanumeric()).collect();
    let middle = places.len() / 3;
    for at in places.iter().skip(middle).take(4) {
        text[*at] = another(text[*at]);
    }
    if places.is_empty() {
        text.push('x');
    }
    Secret::new(text.into_iter().collect::<String>())
}

/// Another sign of the same kind, inside the alphabets of hexadecimal digits and
/// of base 32 where it is one of theirs.
fn another(sign: char) -> char {
    let next = |first: char, last: char| if sign == last { first } else { char::from(sign as u8 + 1) };
    match sign {
        '0' | '1' => next('0', '1'),
        '2'..='7' => next('2', '7'),
        '8' | '9' => next('8', '9'),
        'a'..='f' => next('a', 'f'),
        'g'..='z' => next('g', 'z'),
        'A'..='F' => next('A', 'F'),
        'G'..='Z' => next('G', 'Z'),
        other => other,
    }
}

async fn tokens_expire(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    let expires = dialect
        .auth
        .token_operation
        .as_deref()
        .and_then(|name| dialect.operation(name))
        .is_some_and(|operation| operation.answers_with(&Field::AuthExpiresIn));
    if expires {
        return Ok(());
    }
    Err(Stop::NotApplicable("the vendor documents no end of its tokens".to_owned()))
}

async fn call_expired(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    must_be_accepted_first(world).await?;
    let frozen = bench.inlet().with_frozen_session().await;
    let (frozen, ends) = expect::success("fetching a token", frozen)?;
    let Some(ends) = ends else {
        return Err(Stop::fail(
            "the token came without its documented end",
            "how long the token lives",
            "an answer without it",
        ));
    };
    let before = read_call(world, &frozen).await?;
    expect::success("a call with a token that is still valid", before)?;
    world.pass_until(ends + Duration::from_secs(60)).await?;
    let result = read_call(world, &frozen).await?;
    world.calls.push(("a call with a token past its end".to_owned(), result));
    let renewed = read_call(world, bench.inlet()).await?;
    expect::success("a call with a new token", renewed)
}

async fn succeeds(world: &mut LockVendor) -> Step {
    for (doing, result) in expect_calls(world)? {
        expect::success(&doing, result)?;
    }
    Ok(())
}

async fn each_refused(world: &mut LockVendor) -> Step {
    for (doing, result) in expect_calls(world)? {
        expect::refusal(&doing, &result, &[FailureKind::Credentials])?;
    }
    Ok(())
}

/// A call with what it was to do.
type Call = (String, Result<(), CallFailure>);

fn expect_calls(world: &LockVendor) -> Result<Vec<Call>, Stop> {
    if world.calls.is_empty() {
        return Err(Stop::Error("no call was made".to_owned()));
    }
    Ok(world.calls.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spoiled_secret_is_another_of_the_same_length() {
        for text in [
            "7",
            "JBSWY3DPEHPK3PXP",
            "s3cret-9",
            "AbC0",
            "zzz",
            "Zz-Z",
            "00000000-0000-0000-0000-00000000000f",
        ] {
            let wrong = spoiled(&Secret::new(text));
            assert_ne!(wrong.expose(), text);
            assert_eq!(wrong.expose().len(), text.len());
        }
        // The last signs of base 64 and base 32 may carry no bits; the middle does.
        assert!(spoiled(&Secret::new("c2VjcmV0LWtleS1vZi0xNg==")).expose().ends_with("vZi0xNg=="));
        assert_ne!(spoiled(&Secret::new("--")).expose(), "--");
    }
}
