//! The words of the page of the people of a wave.

use crate::values::locale::Locale;
use crate::waitlist::joining::role::Role;

/// The words of one language.
#[derive(Debug)]
pub struct PeopleWords {
    pub(in crate::waitlist::waves) invitation: &'static str,
    pub(in crate::waitlist::waves) nobody: &'static str,
    pub(in crate::waitlist::waves) to_first: &'static str,
    pub(in crate::waitlist::waves) more: &'static str,
    employee: &'static str,
    organization: &'static str,
}

static ENGLISH: PeopleWords = PeopleWords {
    invitation: "Invitation",
    nobody: "Nobody.",
    to_first: "Go to the first page",
    more: "More people",
    employee: "Job seeker",
    organization: "Organization",
};

static SPANISH: PeopleWords = PeopleWords {
    invitation: "Invitación",
    nobody: "Nadie.",
    to_first: "Ir a la primera página",
    more: "Más personas",
    employee: "Profesional",
    organization: "Organización",
};

impl PeopleWords {
    /// The words of a language.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }

    /// What one person joined as.
    pub(in crate::waitlist::waves) const fn role_of(&self, role: Role) -> &'static str {
        match role {
            Role::Employee => self.employee,
            Role::Organization => self.organization,
        }
    }
}
