//! Joining the waitlist, and confirming the address.

mod api;
mod confirm;
mod home;
mod join;
mod join_queue;
mod new_entry;
