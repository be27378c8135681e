//! The admin's list.

mod bulk;
mod entry_filter;
mod entry_list;
mod entry_page;
mod export;
mod needs_review;
mod search_index;
mod ticks;
