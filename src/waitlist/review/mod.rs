//! Admins come here to filter and search the list, to select entries for a bulk act, to delete and restore, to read one
//! entry's story, and to export. Its nouns are the filter, the search, the selection and the deletion. It owns the table
//! `waitlist_deletion` and stands on `joining`.

pub mod bulk;
pub mod deletion;
pub mod entry_filter;
pub mod entry_page;
pub mod entry_record;
pub mod entry_search;
pub mod export;
pub mod list;
pub mod selection;
