//! The waitlist, as visitors and admins meet it.

mod api;
mod importing;
mod joining;
mod overview;
mod place;
mod review;
mod waves;
