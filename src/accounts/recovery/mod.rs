//! People come here who forgot their password, want another one, or fear that somebody else is in their account. Its
//! nouns are the link that resets a password, the new password, and the revocation of everything that opens an account.
//! It stands on `user` and `session`, and changes the tables of `user`.

pub mod change_password;
pub mod forgot_password;
pub mod letters;
pub mod new_password;
pub mod other_ways_in;
pub mod reset_link;
pub mod reset_password;
pub mod revocation;
pub mod secure_account;
pub mod words;
