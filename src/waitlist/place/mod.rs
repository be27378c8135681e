//! People come here by the private link of their mails to see their place, change its role, download it, leave or erase
//! it. Its nouns are the rank and the removal of entries. It stands on `joining`.

pub mod download;
pub mod erase;
pub mod held_data;
pub mod leave;
pub mod place;
pub mod rank;
pub mod removal;
pub mod unsubscribe;
