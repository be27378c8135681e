//! Admins come here to filter and search the list, to select entries for a bulk act, to delete and restore, to read one
//! entry's history and do what can be done to it, and to export. Its nouns are the filter, the search, the entry's record,
//! the bounce, the selection, the deletion and the restoration.
//! It owns the table `waitlist_deletion` and stands on `joining`.

pub mod bounce;
pub mod bulk;
pub mod deletion;
pub mod deletion_list;
pub mod entry_filter;
pub mod entry_list;
pub mod entry_page;
pub mod entry_record;
pub mod entry_search;
pub mod export;
pub mod restoration;
pub mod search_index;
pub mod selection;
pub mod signals;
pub mod undo_deletion;
pub mod words;
