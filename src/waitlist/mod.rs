//! The waitlist: joining it by form or JSON, confirming an address by link, one's own place, the admin's list.

pub mod api;
pub mod confirm;
pub mod entry;
pub mod home;
pub mod join;
pub mod letters;
pub mod overview;
pub mod place;
pub mod review;
pub mod role;
pub mod words;

mod gone;
