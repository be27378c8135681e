//! Pure values: an email address, a name, a token, a moment, a picture. Each is parsed once, at the edge, and is valid from
//! then on. Nothing here touches the network or the database, or imports another room.

pub mod account_kind;
pub mod base_url;
pub mod clock;
pub mod database_url;
pub mod email_address;
pub mod erased_address;
pub mod id;
pub mod locale;
pub mod personal_data;
pub mod picture;
pub mod santiago_time;
pub mod search_term;
pub mod secret_key;
pub mod secret_token;
pub mod single_line;
pub mod site_path;
pub mod smtp_url;
