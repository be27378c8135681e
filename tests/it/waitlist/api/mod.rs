//! The API for programs with a key.

mod docs;
mod list;
mod one_entry;
mod openapi;
mod proof;
mod start_wave;
