//! Joining the waitlist, and confirming the address.

mod api;
mod confirm;
mod home;
mod join;
mod join_queue;
mod links;
mod new_entry;
mod source;
mod totals;
