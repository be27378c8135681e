//! Whether somebody on the waitlist looks for work or hires.

/// The role of a row in SQL: the old application wrote `professional` for employees. PostgreSQL uses the
/// indexes `waitlist_search_idx` and `waitlist_turn_idx` for exactly this expression only.
pub(in crate::waitlist) const ROLE: &str = "CASE role WHEN 'organization' THEN role ELSE 'employee' END";

/// The two kinds of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Someone who looks for work.
    Employee,
    /// A company or an institution.
    Organization,
}

impl Role {
    /// The value of the `role` column and of the form's field.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Employee => "employee",
            Self::Organization => "organization",
        }
    }

    /// Reads a form's field.
    #[must_use]
    pub fn parse(field: &str) -> Option<Self> {
        [Self::Employee, Self::Organization].into_iter().find(|role| role.as_str() == field)
    }
}

impl From<String> for Role {
    fn from(column: String) -> Self {
        Self::parse(&column).unwrap_or(Self::Employee)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_names_one_of_two_roles() {
        assert_eq!(Role::parse("employee"), Some(Role::Employee));
        assert_eq!(Role::parse("organization"), Some(Role::Organization));
        for field in ["", "Employee", "employee ", "professional", "admin"] {
            assert_eq!(Role::parse(field), None, "{field:?}");
        }
    }

    #[test]
    fn every_column_reads_as_its_role() {
        for (column, role) in
            [("employee", Role::Employee), ("professional", Role::Employee), ("organization", Role::Organization)]
        {
            assert_eq!(Role::from(column.to_owned()), role);
        }
    }
}
