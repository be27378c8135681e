//! What a page is made of: layout, forms and what comes in with them, pages of a list, errors, and the answer itself.

pub mod csv;
pub mod error;
pub mod flash;
pub mod form;
pub mod language;
pub mod layout;
pub mod multipart;
pub mod paging;
pub mod query;
pub mod response;
pub mod search;
