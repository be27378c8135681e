//! Whether an account can be used, as admins see and filter it.

/// The value of the `type` column as the application reads it, for statements: as in `user_key_search_idx`.
pub(in crate::accounts) const KIND: &str =
    "CASE type WHEN 'organization' THEN type WHEN 'admin' THEN type ELSE 'employee' END";

/// The state, for statements: as in `user_key_search_idx`.
pub(in crate::accounts) const STATE: &str = r#"CASE WHEN "isActive" IS NOT DISTINCT FROM false THEN 'deactivated'
     WHEN "isEmailVerified" IS DISTINCT FROM true THEN 'unverified' WHEN purge_at IS NOT NULL THEN 'leaving' ELSE 'active' END"#;

/// The states; an account is in one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserState {
    /// It may log in.
    Active,
    /// An admin or its organization deactivated it.
    Deactivated,
    /// Its address is not verified.
    Unverified,
    /// Its owner asked to delete it.
    Leaving,
}

impl UserState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Active, Self::Deactivated, Self::Unverified, Self::Leaving];

    /// The state as addresses and statements name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Deactivated => "deactivated",
            Self::Unverified => "unverified",
            Self::Leaving => "leaving",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

impl From<String> for UserState {
    /// Reads what a statement gave.
    fn from(column: String) -> Self {
        Self::parse(&column).unwrap_or(Self::Active)
    }
}
