//! The development mailbox: where mail goes while there is no SMTP server, readable in the browser. It is a folder of files
//! and touches no table.

mod access;
pub mod folder;
pub mod mail_list;
pub mod mail_page;
pub mod words;
