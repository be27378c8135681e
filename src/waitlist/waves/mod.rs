//! Admins come here to invite people in waves: a rehearsal shows whom, the sender mails a few at a time, and a wave can be
//! paused or cancelled. Its nouns are the wave with its counts, its invitations, whoever can be invited next, and the
//! forecast of a new wave. It owns `waitlist_wave` and stands on `joining`, which owns `waitlist_invitation`, whose rows it
//! writes. Who has an account already it learns by a hook that `server` wires.

pub mod candidate;
pub mod forecast;
pub mod invitation;
pub mod invite_entry;
pub mod letters;
pub mod new_wave;
pub mod people;
pub mod rehearsal;
pub mod signed_up;
pub mod wave;
pub mod wave_control;
pub mod wave_counts;
pub mod wave_list;
pub mod wave_page;
pub mod wave_sender;
pub mod wave_size;
pub mod words;
