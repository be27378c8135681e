//! Opening an account, and verifying its address.

mod by_invitation;
mod resend_verification;
mod sign_up;
mod verify_email;
