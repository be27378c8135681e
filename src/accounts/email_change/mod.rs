//! People come here to give their account another address: they ask for it, the new address confirms, and the old one
//! may undo it. Its noun is the change that waits. It stands on `recovery` and the rooms below.

pub mod ask;
pub mod confirm;
pub mod email_change;
pub mod undo;
