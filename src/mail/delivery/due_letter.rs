//! A letter to be sent now, as its worker needs it.

use super::lease::Lease;
use crate::values::clock::Timestamp;
use crate::values::id::LinkId;
use crate::values::secret_token::TokenHash;

/// A link and the hash of its token.
#[derive(Clone, Debug)]
pub struct KnownLink {
    /// What the token is derived from.
    pub id: LinkId,
    /// The hash of the token.
    pub hash: TokenHash,
}

/// The link that stops mails of a kind.
#[derive(Clone, Debug)]
pub struct UnsubscribeLink {
    /// The link.
    pub link: KnownLink,
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
    /// The text part, with its placeholders.
    pub text: String,
    /// The HTML part, with its placeholders.
    pub html: String,
    /// The link whose token it carries, and the hash of that token.
    pub link: Option<KnownLink>,
    /// The same of the link to the page where its reader manages what is held.
    pub manage: Option<KnownLink>,
    /// The same of the link that stops such mail.
    pub unsubscribe: Option<UnsubscribeLink>,
    /// When it was written: its `Date`.
    pub created_at: Timestamp,
}
