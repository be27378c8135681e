//! Admins come here to make the keys by which programs use the API, and to revoke them; the extractors of a request's key
//! are here too. It owns the table `api_key` and knows no feature.

pub mod api_key;
pub mod bearer;
pub mod key_list;
pub mod key_secret;
pub mod new_key;
pub mod revoke_key;
pub mod show_key;
pub mod words;
