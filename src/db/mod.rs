//! The gate to the database: the only code that touches the pool and hands work to blocking threads.

mod fault;
mod gate;
mod image_worker;
mod password_hasher;
mod permits;
mod setup;

pub mod binds;
pub mod embedded;
pub mod migrations;
pub mod sliding_window;

/// Rows that one transaction of a clean-up deletes at most.
pub const BATCH: i64 = 1_000;

pub use gate::{Db, Error, Health, Settings};
pub use image_worker::ImageWorker;
pub use password_hasher::{Hasher, Memory};

diesel::define_sql_function! {
    /// `lower(text)`, as the indexes of addresses have it.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}
