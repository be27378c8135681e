//! A letter to be sent now, as its worker needs it.

use std::sync::Arc;

use super::lease::Lease;
use crate::mail::letter_text::LetterText;
use crate::mail::link::StandingLink;
use crate::values::clock::Timestamp;
use crate::values::id::LinkId;
use crate::values::secret_key::SecretKey;
use crate::values::secret_token::{SecretToken, TokenHash};

/// A link with a row, and the hash of its token.
#[derive(Clone, Debug)]
pub struct KnownLink {
    /// What the token is derived from.
    pub id: LinkId,
    /// The hash of the token.
    pub hash: TokenHash,
}

impl KnownLink {
    /// Whether this key made it.
    pub(super) fn is_of(&self, key: &SecretKey) -> bool {
        SecretToken::of_link(key, &self.id).hash() == self.hash
    }
}

/// A link that a letter has besides its own: letters written before these were computed have one with a row.
#[derive(Clone, Debug)]
pub enum FurtherLink {
    /// With a row.
    Known(KnownLink),
    /// Computed.
    Standing(StandingLink),
}

/// The link that stops mails of a kind.
#[derive(Clone, Debug)]
pub struct UnsubscribeLink {
    /// The link.
    pub link: FurtherLink,
    /// The path of its page.
    pub path: String,
}

/// A letter to be sent now, and the lease that allows it.
#[derive(Clone, Debug)]
pub struct DueLetter {
    /// The right to send it; the result of sending it is recorded there.
    pub lease: Lease,
    /// Whether it tries a relay that takes no letters.
    pub is_trial: bool,
    /// Its kind, such as `verify-email`.
    pub kind: String,
    /// The address as stored.
    pub recipient: String,
    /// Its subject.
    pub subject: String,
    /// Both parts, with their placeholders; none when a shared text is not there.
    pub text: Option<Arc<LetterText>>,
    /// The link whose token it carries, and the hash of that token.
    pub link: Option<KnownLink>,
    /// The link to the page where its reader manages what is held.
    pub manage: Option<FurtherLink>,
    /// The link that stops such mail.
    pub unsubscribe: Option<UnsubscribeLink>,
    /// When it was written: its `Date`.
    pub created_at: Timestamp,
}
