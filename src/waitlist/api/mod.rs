//! Programs come here with a key: the admin's list by another door, one entry, waves and totals, as JSON. Its noun is the
//! patch of an entry. It owns no table and stands on `review` and `waves`; joining by JSON, which takes no key, is in
//! `joining`.

pub mod docs;
pub mod entry_body;
pub mod entry_patch;
pub mod if_match;
pub mod list;
pub mod messages;
pub mod moment;
pub mod one_entry;
pub mod openapi;
pub mod start_wave;
pub mod totals;
pub mod words;
