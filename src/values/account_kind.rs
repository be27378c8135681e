//! What an account is for: the `type` column of the seed's user table.

use serde::{Deserialize, Serialize};

/// The three kinds of accounts. The kind comes from the route or the command line; a form may choose between the first two
/// at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountKind {
    /// Someone who looks for work.
    Employee,
    /// A company or an institution.
    Organization,
    /// Someone who runs the waitlist; made by `biovity admin create` alone.
    Admin,
}

impl AccountKind {
    /// The value of the `type` column.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Employee => "employee",
            Self::Organization => "organization",
            Self::Admin => "admin",
        }
    }
}

impl From<&str> for AccountKind {
    /// Reads the column. Unknown values (the old application also wrote `professional`) get the least rights.
    fn from(column: &str) -> Self {
        match column {
            "organization" => Self::Organization,
            "admin" => Self::Admin,
            _ => Self::Employee,
        }
    }
}
