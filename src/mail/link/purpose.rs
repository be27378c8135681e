//! What links are for: every purpose, and how it names the rows of its links.

use chrono::TimeDelta;

use crate::web::Subject;

/// What a link is for: a token of one purpose opens nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// Stands before the subject in `identifier`.
    pub name: &'static str,
    /// How long the link works.
    pub lasts: TimeDelta,
}

/// The invitation to open an account with the address of a waitlist entry. The waitlist sends it, and accounts redeem
/// it: so it is defined here, below both. What is pending names the address and the role.
pub const WAITLIST_INVITATION: Purpose = Purpose { name: "waitlist-invitation", lasts: TimeDelta::days(30) };

/// Every purpose whose subject is an account. The table also holds rows of the old application, with other purposes; these
/// are never deleted.
pub const OF_ACCOUNTS: [&str; 8] = [
    "email-verification",
    "sign-up-rejection",
    "password-reset",
    "email-change",
    "email-undo",
    "account-securing",
    "deletion-cancel",
    "organization-invitation",
];
/// Every purpose whose subject is an entry of the waitlist.
pub const OF_WAITLIST: [&str; 4] =
    ["waitlist-confirm", "waitlist-place", "waitlist-unsubscribe", "waitlist-invitation"];

impl Purpose {
    /// Names the rows of its links about a subject.
    pub(super) fn identifier(self, subject: &str) -> String {
        format!("{}:{subject}", self.name)
    }

    /// What a link of this purpose changed when it was used, about this subject.
    #[must_use]
    pub fn effect_on(self, subject: &str) -> Subject {
        effect_of(self.name, subject)
    }

    /// A pattern for LIKE of all of its rows: a name has no `%` and no `_`.
    pub(super) fn pattern(self) -> String {
        format!("{}:%", self.name)
    }
}

/// What the links of this purpose change when they are used. It has a name of its own: a form that sends such a link is
/// about the link, and ends with it.
pub(super) fn effect_of(purpose: &str, subject: &str) -> Subject {
    Subject::new(&format!("{purpose} used"), subject)
}

/// Names the rows of all links of these purposes about these subjects.
#[must_use]
pub fn identifiers(purposes: &[&str], subjects: &[String]) -> Vec<String> {
    purposes.iter().flat_map(|name| subjects.iter().map(move |subject| format!("{name}:{subject}"))).collect()
}
