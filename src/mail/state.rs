//! The state of a letter in the outbox.

/// In the column `status`: a letter that waits until it is due.
pub(super) const QUEUED: &str = "queued";
/// In the column `status`: a worker is sending the letter.
pub(super) const SENDING: &str = "sending";
/// In the column `status`: the relay took the letter over.
pub(super) const SENT: &str = "sent";
/// In the column `status`: the relay refused the letter for good.
pub(super) const REFUSED: &str = "dead";
/// In the column `status`: the letter's link ended before it could be sent.
pub(super) const EXPIRED: &str = "expired";
/// In the column `status`: an admin or a feature cancelled the letter.
pub(super) const CANCELLED: &str = "cancelled";

/// In the column `deferral_cause`: the letter waits because the relay takes none from us.
pub(super) const BY_RELAY: &str = "relay";
/// In the column `deferral_cause`: the letter waits because it cannot be built, or stops its sender: a fault of ours.
pub(super) const BY_LETTER: &str = "letter";

/// The condition of refused letters that still have their text, as in `outbox_letter_refused_text_idx`.
pub(super) const REFUSED_WITH_TEXT: &str = "(status = 'dead' AND (text_body <> '' OR text_id IS NOT NULL))";

/// The states of a letter in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits until it is due, for the first time or again.
    Waiting,
    /// A worker is sending it.
    Sending,
    /// The relay took it over.
    Sent,
    /// The relay refused it for good.
    Refused,
    /// Its link ended before it could be sent.
    Expired,
    /// An admin or a feature cancelled it.
    Cancelled,
}

impl State {
    /// All states.
    pub const ALL: [Self; 6] =
        [Self::Waiting, Self::Sending, Self::Sent, Self::Refused, Self::Expired, Self::Cancelled];

    /// The state as addresses and commands name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state as its column holds it.
    #[must_use]
    pub const fn column(self) -> &'static str {
        match self {
            Self::Waiting => QUEUED,
            Self::Sending => SENDING,
            Self::Sent => SENT,
            Self::Refused => REFUSED,
            Self::Expired => EXPIRED,
            Self::Cancelled => CANCELLED,
        }
    }

    /// Reads the name in an address or a command.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

impl From<String> for State {
    /// Reads the column; a constraint allows only these values.
    fn from(column: String) -> Self {
        Self::ALL.into_iter().find(|state| state.column() == column).unwrap_or(Self::Waiting)
    }
}
