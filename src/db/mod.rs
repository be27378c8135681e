//! The gate to the database: the only code that touches the pool and hands work to blocking threads.

mod gate;
mod hasher;
mod permits;

pub mod embedded;
pub mod migrations;
pub mod sliding_window;

pub use gate::{Db, Error, Health, Settings};
pub use hasher::{Hasher, Memory};
