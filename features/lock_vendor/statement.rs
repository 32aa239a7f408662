//! The vendor's statement: LV-01, LV-02, LV-05, LV-06.

use cucumber::step::Collection;

use super::world::LockVendor;
use crate::harness::bench::is_loopback;
use crate::harness::trial::{Step, Stop};
use crate::vendors::dialect::{Dialect, Operation, Support};
use crate::vendors::vocabulary::Function;

pub(super) fn steps(collection: Collection<LockVendor>) -> Collection<LockVendor> {
    crate::steps! { collection;
        given "the vendor's statement supports at least one function" => supports_something;
        then "the vendor's statement names where its API is documented" => names_documentation;
        then "every function that Inlet asks for is supported, or declined with a reason" => every_function_answered;
        then "every supported function names its endpoint" => endpoints;
        then "every supported function says how calls are authenticated" => authentication;
        then "every supported function shows a request example" => request_examples;
        then "every supported function shows a response example" => response_examples;
        then "every supported function shows an error example" => error_examples;
        then "every supported function has notes on timing and limits" => notes;
        then "no address carries a credential" => no_secret_in_address;
        then "the call went over a TLS connection" => over_tls;
    }
}

/// The functions that Inlet asks for and the vendor supports.
fn supported(dialect: &Dialect) -> Vec<Function> {
    Function::ALL
        .iter()
        .copied()
        .filter(|function| function.is_asked_for() && dialect.supports(*function))
        .collect()
}

fn operations(dialect: &Dialect, function: Function) -> Vec<&Operation> {
    dialect.function(function).operations().into_iter().filter_map(|name| dialect.operation(name)).collect()
}

/// What a function lacks, in words.
type Gap = (Function, String);

/// Fails with every function that lacks something, named in Inlet's words. A
/// function of several exchanges may lack it more than once.
fn no_gaps(field: &str, gaps: &[Gap]) -> Step {
    let mut functions: Vec<Function> = gaps.iter().map(|(function, _)| *function).collect();
    functions.dedup();
    let summary = match functions.len() {
        0 => return Ok(()),
        1 => format!("one supported function lacks its {field}"),
        many => format!("{many} of the supported functions lack their {field}"),
    };
    let told: Vec<String> =
        gaps.iter().map(|(function, gap)| format!("{}: {gap}", function.title())).collect();
    Err(Stop::fail(summary, format!("{field} for every supported function"), told.join("; ")))
}

async fn supports_something(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    if supported(bench.dialect()).is_empty() {
        return Err(Stop::Inconclusive("the statement supports no function that Inlet asks for".to_owned()));
    }
    Ok(())
}

async fn names_documentation(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    match bench.dialect().documentation.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(place) => {
            world.remark(format!("documented at {place}"));
            Ok(())
        }
        None => Err(Stop::fail(
            "the vendor names no API documentation",
            "where the API is documented",
            "the statement names none",
        )),
    }
}

async fn every_function_answered(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let mut gaps = Vec::new();
    let count = supported(bench.dialect()).len();
    world.remark(format!("{count} of the functions that Inlet asks for are supported"));
    for function in Function::ALL.iter().filter(|function| function.is_asked_for()) {
        match bench.dialect().function(*function) {
            Support::Supported(_) => {}
            Support::Unsupported { reason } if !reason.trim().is_empty() => {
                world.remark(format!("{} is declined: {}", function.title(), reason.trim_end_matches('.')));
            }
            Support::Unsupported { .. } => {
                gaps.push(format!("{}: declined without a reason", function.title()))
            }
            Support::Unmentioned => gaps.push(format!("{}: not answered", function.title())),
        }
    }
    if gaps.is_empty() {
        return Ok(());
    }
    Err(Stop::fail(
        "functions that Inlet asks for are not answered",
        "yes, or no with a reason",
        gaps.join("; "),
    ))
}

async fn endpoints(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    let mut gaps = Vec::new();
    for function in supported(dialect) {
        let operations = operations(dialect, function);
        if operations.is_empty() || operations.iter().any(|operation| operation.endpoint().trim().is_empty())
        {
            gaps.push((function, "no endpoint".to_owned()));
        }
    }
    no_gaps("endpoint", &gaps)
}

async fn authentication(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    let open: Vec<Function> = supported(dialect)
        .into_iter()
        .filter(|function| {
            !operations(dialect, *function).iter().any(|operation| operation.is_authenticated())
        })
        .collect();
    // A credential in a documented request speaks for itself; where there is
    // none, the statement must say that none is needed.
    if dialect.auth.description.trim().is_empty() {
        let gaps: Vec<Gap> =
            open.into_iter().map(|function| (function, "no authentication".to_owned())).collect();
        return no_gaps("authentication", &gaps);
    }
    if !open.is_empty() {
        world.warn(
            "some functions carry no credential",
            "every function is authenticated",
            format!(
                "no call carries a credential: {}",
                open.iter().map(|function| function.title()).collect::<Vec<_>>().join(", ")
            ),
        );
    }
    Ok(())
}

async fn request_examples(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    let mut gaps = Vec::new();
    for function in supported(dialect) {
        for operation in operations(dialect, function) {
            let example = operation.request_example();
            if example.method.is_empty() || example.path.is_empty() {
                gaps.push((function, format!("`{}` has no request example", operation.name())));
            }
        }
    }
    no_gaps("request example", &gaps)
}

async fn response_examples(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    let mut gaps = Vec::new();
    for function in supported(dialect) {
        for operation in operations(dialect, function) {
            if !operation.documents_answer() {
                gaps.push((function, format!("`{}` has no response example", operation.name())));
            }
        }
    }
    no_gaps("response example", &gaps)
}

async fn error_examples(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    let gaps: Vec<Gap> = supported(dialect)
        .into_iter()
        .filter(|function| {
            !operations(dialect, *function).iter().any(|operation| !operation.error_examples().is_empty())
        })
        .map(|function| (function, "no error example".to_owned()))
        .collect();
    no_gaps("error example", &gaps)
}

async fn notes(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    let noted = |function: Function| {
        dialect.function_notes.iter().any(|(named, note)| *named == function && !note.trim().is_empty())
    };
    let gaps: Vec<Gap> = supported(dialect)
        .into_iter()
        .filter(|function| !noted(*function))
        .map(|function| (function, "no notes on timing and limits".to_owned()))
        .collect();
    no_gaps("notes on timing and limits", &gaps)
}

async fn no_secret_in_address(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let mut found = Vec::new();
    let operations = bench.dialect().operations();
    for operation in operations {
        for field in operation.secrets_in_address() {
            found.push(format!("`{}` sends {field} in its address", operation.name()));
        }
    }
    if found.is_empty() {
        world.remark(format!("none of the {} documented calls carries one in its address", operations.len()));
        return Ok(());
    }
    Err(Stop::fail(
        "credentials travel in addresses, where logs and caches keep them",
        "credentials in headers or bodies only",
        found.join("; "),
    ))
}

async fn over_tls(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let servers = bench.inlet().servers();
    let open: Vec<String> = servers
        .iter()
        .filter(|(_, address)| !is_loopback(address))
        .filter(|(_, address)| !address.to_ascii_lowercase().starts_with("https://"))
        .map(|(name, address)| format!("`{name}` at {address}"))
        .collect();
    if servers.is_empty() {
        return Err(Stop::Error("no address is known".to_owned()));
    }
    if open.is_empty() {
        return Ok(());
    }
    Err(Stop::fail("the connection is not encrypted", "addresses that begin with https://", open.join("; ")))
}
