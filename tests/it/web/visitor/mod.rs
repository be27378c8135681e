//! Who is asking.

mod client;
mod cookie;
mod viewer;
