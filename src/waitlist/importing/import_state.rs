//! How far an import has come.

/// The states of an import, in the order in which it passes through them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportState {
    /// Its lines come in.
    Reading,
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
    const ALL: [Self; 8] = [
        Self::Reading,
        Self::Checking,
        Self::Checked,
        Self::Adding,
        Self::Added,
        Self::Removing,
        Self::Removed,
        Self::Cancelled,
    ];

    /// The state as its column holds it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reading => "reading",
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
