//! The admin's list.

mod bulk;
mod list;
