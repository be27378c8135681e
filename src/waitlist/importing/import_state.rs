//! How far an import has come.

/// The state of a row in SQL. An import is interrupted when no line came in for a while: storing some takes less than a
/// second. The database's clock tells the time, since the clocks of several machines differ.
pub(super) const STATE: &str = "\
CASE WHEN waitlist_import.state = 'reading' AND coalesce(waitlist_import.alive_at, waitlist_import.made_at) \
< clock_timestamp() - interval '8 seconds' THEN 'interrupted' ELSE waitlist_import.state END";

/// The states of an import, in the order in which it passes through them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportState {
    /// Its lines come in.
    Reading,
    /// Whoever read them in gives no sign of life any more.
    Interrupted,
    /// Each line is compared with the waitlist.
    Checking,
    /// It waits for its start.
    Checked,
    /// Its new places are added.
    Adding,
    /// They are there.
    Added,
    /// They are removed again.
    Removing,
    /// They are gone.
    Removed,
    /// It was cancelled before its places were added.
    Cancelled,
}

impl ImportState {
    const ALL: [Self; 9] = [
        Self::Reading,
        Self::Interrupted,
        Self::Checking,
        Self::Checked,
        Self::Adding,
        Self::Added,
        Self::Removing,
        Self::Removed,
        Self::Cancelled,
    ];

    /// The state as its column holds it, and `STATE` tells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Interrupted => "interrupted",
            Self::Checking => "checking",
            Self::Checked => "checked",
            Self::Adding => "adding",
            Self::Added => "added",
            Self::Removing => "removing",
            Self::Removed => "removed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl From<String> for ImportState {
    fn from(column: String) -> Self {
        Self::ALL.into_iter().find(|state| state.as_str() == column).unwrap_or(Self::Cancelled)
    }
}
