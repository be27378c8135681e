//! Who is asking.

mod client;
mod cookie;
mod given_address;
mod viewer;
