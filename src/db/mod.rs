//! The gate to the database: the only code that touches the pool and hands work to blocking threads.

mod fault;
mod gate;
mod hasher;
mod permits;
mod setup;
mod workbench;

pub mod embedded;
pub mod migrations;
pub mod sliding_window;

/// Rows that one transaction of a clean-up deletes at most.
pub const BATCH: i64 = 1_000;

pub use gate::{Db, Error, Health, Settings};
pub use hasher::{Hasher, Memory};
pub use workbench::Workbench;

diesel::define_sql_function! {
    /// `lower(text)`, as the indexes of addresses have it.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}
