//! The queue's pages for admins: whether mail flows, what relays replied, every letter of the outbox; trying a letter again,
//! cancelling it, pausing all mail. It works on the tables `outbox_letter` and `outbox_pause`.

pub mod letter_list;
pub mod letter_page;
pub mod outbox_status;
pub mod queued_letter;
pub mod sending_pause;
pub mod words;
