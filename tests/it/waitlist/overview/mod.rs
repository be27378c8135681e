//! Where admins start.

mod overview;
