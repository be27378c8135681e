//! Pure values: what an address, a name, a token, a moment *is*. Nothing here touches the network or the database.

pub mod account_kind;
pub mod base_url;
pub mod clock;
pub mod database_url;
pub mod email_address;
pub mod erasure;
pub mod held;
pub mod id;
pub mod locale;
pub mod one_line;
pub mod picture;
pub mod santiago_time;
pub mod secret_key;
pub mod secret_token;
pub mod site_path;
pub mod smtp_url;
pub mod term;
