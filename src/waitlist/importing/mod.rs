//! Admins come here to add the entries of a file: it is read, checked, shown, and then added or undone. Its nouns are the
//! import with its state, its file, its lines, and the batches in which they are worked through. It stands on `joining`,
//! which owns `waitlist_import` and `waitlist_import_line`, whose rows it writes, and `waitlist_invitation`, which it reads:
//! whoever is in a wave stays when an import is undone.

pub mod confirmation_sender;
pub mod import;
pub mod import_batch;
pub mod import_file;
pub mod import_line;
pub mod import_list;
pub mod import_page;
pub mod import_state;
pub mod new_import;
pub mod rejects;
mod staging;
pub mod words;
