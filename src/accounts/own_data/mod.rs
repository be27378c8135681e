//! People come here to take along what is held about them, and to delete their account or keep it after all. Its nouns
//! are the export, the days of grace, and the purge that ends them. It may touch `session` and `user`, and
//! owns no table. What the waitlist holds of an address is its own: this room asks for it and has it erased by hooks that
//! `server` wires.

pub mod cancel;
pub mod delete;
pub mod export;
pub mod grace_period;
pub mod held_data;
pub mod purge;
pub mod words;
