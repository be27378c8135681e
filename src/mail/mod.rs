//! The mail room: letters are rows of an outbox, written with what they tell about and sent by a worker. It knows no
//! feature; a feature's letter implements [`letter::Letter`].

pub mod deliver;
pub mod folder;
pub mod lease;
pub mod letter;
pub mod link;
pub mod mailbox;
pub mod outbox;
pub mod queue;
pub mod queue_page;
pub mod queued;
pub mod relay;
pub mod state;
pub mod transport;
pub mod trial;
pub mod words;
