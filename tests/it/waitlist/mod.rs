//! The waitlist, as visitors and admins meet it.

mod importing;
mod joining;
mod overview;
mod place;
mod review;
mod waves;
