//! One's own place, by the private link.

mod erase;
mod leave;
pub mod place;
mod rank;
mod removal;
mod resend;
mod to_sign_up;
mod unsubscribe;
