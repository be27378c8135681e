//! What a page is made of.

mod error;
mod form;
mod language;
mod layout;
mod multipart;
