//! Admins come here to invite people in waves: a rehearsal shows who, the sender mails a few at a time, and a wave can be
//! paused or cancelled. Its nouns are the wave, its invitations, and what controls it. It owns `waitlist_wave` and
//! `waitlist_invitation` and stands on `joining`.

pub mod invitation;
pub mod letters;
pub mod new_wave;
pub mod signed_up;
pub mod wave;
pub mod wave_control;
pub mod wave_list;
pub mod wave_page;
pub mod wave_sender;
