//! Lists of entries from elsewhere.

mod import_file;
mod import_list;
mod import_page;
mod midway;
