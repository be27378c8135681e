//! What is held about people: taking it along, and deleting it.

mod cancel;
mod delete;
mod export;
mod purge;
