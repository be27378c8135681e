//! The waitlist: joining it by form or JSON, confirming an address by link, one's own place, the admin's list.

pub mod importing;
pub mod joining;
pub mod overview;
pub mod place;
pub mod review;
pub mod waves;
