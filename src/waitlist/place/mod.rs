//! People come here by the private link of their mails to see their entry, correct its role, download it, leave or erase
//! it. Its nouns are the rank and the removal of entries. It stands on `joining` and writes to its tables; erasing takes
//! the lines of imports too.

pub mod download;
pub mod erase;
pub mod leave;
pub mod place;
pub mod rank;
pub mod removal;
pub mod unsubscribe;
pub mod words;
