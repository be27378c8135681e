//! People come here to open an account and to verify its address, or to open one by an invitation of the waitlist. Its
//! nouns are the registration, the sign-up that waits for its address to be verified, the mail that asks for that, the
//! proof of the mailbox by its link, and the invitee of the waitlist. It stands on `recovery` and the rooms below, and
//! changes the tables of `user`.

pub mod by_invitation;
pub mod by_provider;
pub mod check_email;
pub mod choose_kind;
pub mod invitee;
pub mod letters;
mod mailbox_proof;
mod opening;
mod pending_sign_up;
pub mod registration;
pub mod resend_verification;
pub mod sign_up;
pub mod verification;
pub mod verify_email;
pub mod words;
