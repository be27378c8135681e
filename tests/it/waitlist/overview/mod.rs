//! Where admins start.

mod notices;
mod overview;
