//! The mail room: letters are rows of an outbox, written with what they tell about and sent by a worker. It knows no
//! feature; a feature's letter implements [`letter::Letter`].

pub mod delivery;
pub mod lease;
pub mod letter;
pub mod link;
pub mod mail_context;
pub mod mailbox;
pub mod mailbox_folder;
pub mod outbox;
pub mod outcome;
pub mod queue;
pub mod queue_page;
pub mod queued_letter;
pub mod relay;
pub mod state;
pub mod test_mail;
pub mod transport;
pub mod words;
