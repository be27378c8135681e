//! People come here by the private link of their mails to see their entry, correct its role, download it, leave or erase
//! it. Its nouns are the removal and the role change of an entry. It stands on `joining` and writes to its
//! tables; erasing takes the lines of imports too.

pub mod download;
pub mod erase;
pub mod erasure;
pub mod held_data;
pub mod leave;
pub mod place;
pub mod removal;
pub mod resend;
pub mod role_change;
pub mod summary;
pub mod to_sign_up;
pub mod unsubscribe;
pub mod words;
