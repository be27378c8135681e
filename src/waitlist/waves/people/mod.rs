//! The people of a wave: who was taken, what became of each invitation, and why some were skipped.

pub mod invited_person;
pub mod people_list;
