//! How far an entry of the waitlist has come.

/// The state of a row in SQL. PostgreSQL uses the indexes `waitlist_search_idx` and `waitlist_turn_idx` for
/// exactly this expression only.
pub(in crate::waitlist) const STATE: &str =
    "waitlist_state(confirmed_at, invited_at, signed_up_at, bounced_at, left_at, deleted_at)";

/// The states; an entry is in the last one that it reached. An erased entry has no row, and so no state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Its address is not confirmed.
    Joined,
    /// It waits for its turn.
    Confirmed,
    /// The relay accepted its invitation.
    Invited,
    /// Its address has an account.
    SignedUp,
    /// Mail to it was refused.
    Bounced,
    /// Its owner left; no mail goes there.
    Left,
    /// An admin deleted it, and can still undo that.
    Deleted,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Joined, Self::Confirmed, Self::Invited, Self::SignedUp, Self::Bounced, Self::Left, Self::Deleted];

    /// The state as URLs, files and SQL name it.
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

    /// Those that the admin's list shows unless the deleted are asked for.
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
