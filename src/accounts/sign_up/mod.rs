//! People come here to open an account and to verify its address, or to open one by an invitation of the waitlist. Its
//! nouns are the sign-up that waits for its link and the verification. It stands on `recovery` and the rooms below.

pub mod by_invitation;
pub mod invitee;
pub mod sign_up;
pub mod verify_email;
