//! Admins come here to filter and search the list, to select entries for a bulk act, to delete and restore, to read one
//! entry's history, and to export. Its nouns are the filter, the search, the entry's record, the selection and the deletion.
//! It owns the table `waitlist_deletion` and stands on `joining`.

pub mod bulk;
pub mod deletion;
pub mod entry_filter;
pub mod entry_list;
pub mod entry_page;
pub mod entry_record;
pub mod entry_search;
pub mod export;
pub mod selection;
pub mod undo_deletion;
pub mod words;
