//! InvitedForm an account, and verifying its address.

mod by_invitation;
mod sign_up;
mod verify_email;
