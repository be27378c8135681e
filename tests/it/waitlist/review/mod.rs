//! The admin's list.

mod bulk;
mod entry_list;
mod entry_page;
