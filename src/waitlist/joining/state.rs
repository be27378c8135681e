//! How far a place on the waitlist has come.

/// The state of a row, for statements: as in `waitlist_search_idx`.
pub(in crate::waitlist) const STATE: &str =
    "waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at)";

/// The states; an entry is in the last one that it reached. An erased one has no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Its address is not confirmed.
    Joined,
    /// It waits for its turn.
    Confirmed,
    /// The relay took its invitation over.
    Invited,
    /// Its address has an account.
    SignedUp,
    /// Mail to it was refused.
    Bounced,
    /// Its owner left; no mail goes there.
    Left,
    /// An admin deleted it, and may bring it back.
    Deleted,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Joined, Self::Confirmed, Self::Invited, Self::SignedUp, Self::Bounced, Self::Left, Self::Deleted];

    /// The state as addresses, files and statements name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Joined => "joined",
            Self::Confirmed => "confirmed",
            Self::Invited => "invited",
            Self::SignedUp => "signed_up",
            Self::Bounced => "bounced",
            Self::Left => "left",
            Self::Deleted => "deleted",
        }
    }

    /// Those of the list, unless it is asked for the deleted.
    pub const LISTED: [Self; 6] =
        [Self::Joined, Self::Confirmed, Self::Invited, Self::SignedUp, Self::Bounced, Self::Left];

    /// Reads a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

impl From<String> for State {
    /// Reads what a statement gave.
    fn from(column: String) -> Self {
        Self::parse(&column).unwrap_or(Self::Joined)
    }
}
