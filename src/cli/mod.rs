//! The command line: what operators do with the `biovity` program, one file for each command. It may use every room, and
//! owns no table.

mod address;
mod admin;
mod backup;
mod check;
mod command_line;
mod database;
mod demo;
mod log;
mod mail;
mod migrate;
mod secret_file;
mod serve;
mod stop_signal;
mod user;
mod waitlist;
mod webhook;
mod work;

pub use command_line::run;
