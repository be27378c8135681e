//! What a page is made of: layout, forms and their files, the pages and the search of a list, errors, and the answer
//! itself. Nothing here belongs to one feature, and no table is named.

pub mod address;
pub mod csv;
pub mod error_page;
pub mod field_errors;
pub mod flash;
pub mod form;
pub mod kept_upload;
pub mod language;
pub mod layout;
pub mod multipart;
pub mod paging;
pub mod path_id;
pub mod query;
pub mod response;
pub mod search;
pub mod upload_memory;
