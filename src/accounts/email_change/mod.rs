//! People come here to give their account another address: they ask for it, the new address confirms, and the old one
//! may undo it. Its nouns are the change and the link that confirms or undoes it. It may touch `recovery`, `session` and
//! `user`, and owns no table: the change waits as a link, and its address is the user's.

pub mod ask;
pub mod change_link;
pub mod confirm;
pub mod email_change;
pub mod letters;
pub mod undo;
pub mod words;
