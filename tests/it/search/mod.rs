//! The one search of admins.

mod search;
