//! Where messages go: to the relay of `SMTP_URL`, or into the development mailbox.

use std::sync::Arc;

use lettre::Message;

use super::relay::{Progress, Relay};
use super::send_result::SendResult;
use crate::config::Config;
use crate::mail::mailbox::folder::Folder;
use crate::mail::reply::Reply;

/// Where letters go.
#[derive(Clone, Debug)]
pub enum Transport {
    /// To the relay of `SMTP_URL`.
    Smtp(Arc<Relay>),
    /// Into the development mailbox.
    Mailbox(Folder),
}

impl Transport {
    /// The transport of the configuration. Connects to nothing.
    ///
    /// # Errors
    /// Says what is wrong with `SMTP_URL`.
    pub fn of(config: &Config) -> Result<Self, Reply> {
        match &config.smtp_url {
            Some(url) => Ok(Self::Smtp(Arc::new(Relay::parse(url.reveal(), config.base_url.host())?))),
            None => Ok(Self::Mailbox(Folder::of(config))),
        }
    }

    /// Sends a message under the id of its letter, and tells in `progress` once its text is on its way to the relay.
    pub async fn send(&self, id: &str, message: &Message, progress: &Progress) -> SendResult {
        match self {
            Self::Smtp(relay) => relay.send(message, progress).await,
            Self::Mailbox(folder) => match folder.write(id, &message.formatted()) {
                Ok(()) => SendResult::Sent,
                Err(error) => SendResult::RelayDown(Reply::new(&format!("the development mailbox: {error}"))),
            },
        }
    }

    /// Whether letters would be taken now.
    ///
    /// # Errors
    /// Says why not.
    pub async fn check(&self) -> Result<(), Reply> {
        match self {
            Self::Smtp(relay) => relay.check().await,
            Self::Mailbox(_) => Ok(()),
        }
    }

    /// Closes the connections that were kept open for the next letter.
    pub async fn close_idle(&self) {
        if let Self::Smtp(relay) = self {
            relay.close_idle().await;
        }
    }
}
