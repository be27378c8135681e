//! The words of the page of the people of a wave.

use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct PeopleWords {
    pub(in crate::waitlist::waves) invitation: &'static str,
    pub(in crate::waitlist::waves) nobody: &'static str,
    pub(in crate::waitlist::waves) to_first: &'static str,
    pub(in crate::waitlist::waves) more: &'static str,
}

static ENGLISH: PeopleWords =
    PeopleWords { invitation: "Invitation", nobody: "Nobody.", to_first: "Go to the first page", more: "More people" };

static SPANISH: PeopleWords = PeopleWords {
    invitation: "Invitación",
    nobody: "Nadie.",
    to_first: "Ir a la primera página",
    more: "Más personas",
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
}
