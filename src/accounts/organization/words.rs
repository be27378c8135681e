//! The words of this room: those for organizations, and those for the people whose accounts they manage.

use crate::values::locale::Locale;

mod manage_members;
mod membership;

pub use manage_members::ManageMembers;
pub use membership::Membership;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    /// For organizations: the page of the members, and the letters about what the organization did.
    pub(super) manage_members: ManageMembers,
    /// For people: the invitation, and who manages their account.
    pub(super) membership: Membership,
}

static ENGLISH: Words = Words { manage_members: manage_members::ENGLISH, membership: membership::ENGLISH };

static SPANISH: Words = Words { manage_members: manage_members::SPANISH, membership: membership::SPANISH };

impl Words {
    /// The words of a language.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }
}
