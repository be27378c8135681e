//! Admins come here to find one person, place, account or wave from one box, and to read what happened to the person of an
//! address: did she get it? Its nouns are what a term finds, and the story of an address. It stands on `accounts` and
//! `waitlist`, and owns no table.

pub mod found;
pub mod search;
pub mod story;
mod words;
