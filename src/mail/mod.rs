//! The mail room: a letter is a row of the outbox, written in the transaction of what it tells, and sent afterwards by a
//! worker. It knows no feature: a feature implements [`letter::Letter`]. It owns the tables `outbox_breaker`,
//! `outbox_letter`, `outbox_pause`, `outbox_text` and `verification`.

pub mod delivery;
mod ending;
pub mod letter;
pub mod letter_history;
pub mod letter_text;
pub mod link;
pub mod mail_context;
pub mod mailbox;
mod new_letters;
pub mod outbox;
pub mod outcome;
pub mod queue;
pub mod reply;
pub mod state;
