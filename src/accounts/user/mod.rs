//! What every room about accounts stands on: the user with its password, picture and state, and what their letters and
//! pages share. It owns the tables `"user"` and `account`, asks nothing of the other rooms, and has no page of its own.

pub mod avatar;
pub mod better_auth_password;
pub mod last_admin;
pub mod letters;
pub mod link_gone;
pub mod link_page;
pub mod link_purposes;
pub mod membership;
pub mod new_user;
pub mod password;
pub mod password_hashing;
pub mod profile_fields;
pub mod state;
pub mod unverified;
pub mod user;
pub mod viewer_change;
pub mod words;
