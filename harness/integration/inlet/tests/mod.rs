//! The partner's integration against hand-written answers of Inlet.

mod alerts;
mod bench;
mod booking;
mod course;
mod desk;
mod restart;
mod retries;
mod support;
