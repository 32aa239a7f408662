//! Our side of the wire, and the judge.
//!
//! `integration` speaks to a vendor as Inlet would. `evidence` keeps what was
//! said. `criterion`, `verdict` and `result` are the words of the judgement, the
//! one model that every report is a view of.

pub mod bench;
pub mod campaign;
pub mod capability;
pub mod certification;
pub mod command_line;
pub mod compare;
pub mod criterion;
pub mod doctor;
pub mod evidence;
pub mod integration;
pub mod partner;
pub mod progress;
pub mod proxy;
pub mod replay;
pub mod result;
pub mod runner;
pub mod scene;
pub mod selftest;
pub mod statement;
pub mod static_review;
pub mod subject;
pub mod sweep;
pub mod trial;
pub mod upstream;
pub mod verdict;

#[cfg(test)]
mod sample;
