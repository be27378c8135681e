//! Why a provider's word is of no use.

use std::error::Error;
use std::fmt::Write;

/// Why a provider did not tell who somebody is. The text is for the log: it holds no code, token or secret.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Fault {
    /// It gave no answer in time, or one that is no answer.
    #[error("no answer: {0}")]
    Away(String),
    /// Where its discovery should be is something else: the status of that answer.
    #[error("no answer: its discovery answers {0}")]
    NoDiscovery(u16),
    /// What it said must not be believed.
    #[error("not believed: {0}")]
    Untrusted(String),
    /// It does not know this site by what the operator set: the code of its answer.
    #[error("it does not take the identifier and the secret: {0}")]
    NotRegistered(String),
    /// It goes by another name than the operator gave it.
    #[error("not believed: its discovery names the issuer {0}")]
    OtherIssuer(String),
}

impl Fault {
    /// Nobody answered.
    pub(super) fn away(error: &dyn Error) -> Self {
        Self::Away(chain(error))
    }

    /// The answer is none to believe.
    pub(super) fn untrusted(error: &dyn Error) -> Self {
        Self::Untrusted(chain(error))
    }
}

/// An error with its causes.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}
