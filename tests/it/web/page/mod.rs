//! What a page is made of.

mod error_page;
mod fallback_choice;
mod form;
mod language;
mod layout;
mod multipart;
mod typed_form;
