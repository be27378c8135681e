//! Who is asking.

mod client;
mod viewer;
