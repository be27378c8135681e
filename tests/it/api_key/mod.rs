//! The keys of the API: making, showing and revoking them, and what a request with one gets.

mod bearer;
mod key_list;
