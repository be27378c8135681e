//! What every room about accounts stands on: the user with its password, picture and state, and what the letters and
//! pages of these rooms share. It owns the tables `"user"`, `account`, `avatar` and `viewer_change`, asks nothing of the
//! other rooms, and has no route of its own.

pub mod avatar;
pub mod last_admin;
pub mod letters;
pub mod link_gone;
pub mod link_page;
pub mod link_purposes;
pub mod managed_accounts;
pub mod new_user;
pub mod password;
pub mod password_hashing;
pub mod profile_fields;
pub mod state;
pub mod unverified;
pub mod user;
pub mod viewer_change;
pub mod words;
