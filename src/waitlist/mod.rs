//! The waitlist: joining it by form or JSON, confirming an address by link, one's own place, the admin's list.

pub mod answer;
pub mod api;
pub mod asking;
pub mod chart;
pub mod confirm;
pub mod drip;
pub mod entry;
pub mod home;
pub mod import;
pub mod import_ask;
pub mod import_file;
pub mod import_line;
pub mod import_page;
pub mod import_steps;
pub mod imports;
pub mod join;
pub mod letters;
pub mod links;
pub mod new_wave;
pub mod overview;
pub mod place;
pub mod review;
pub mod role;
pub mod seed;
pub mod signed_up;
pub mod state;
pub mod steering;
pub mod totals;
pub mod wave;
pub mod wave_page;
pub mod waves;
pub mod whole_list;
pub mod words;

mod gone;
mod invitation;
