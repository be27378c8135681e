//! Every text that a person reads in the waitlist's room, in English and Spanish.

use crate::values::locale::Locale;

mod acts;
mod imports;
mod invitation;
mod review;
mod waves;

pub use acts::Acts;
pub use imports::Imports;
pub use invitation::InvitationWords;
pub use review::Review;
pub use waves::Waves;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    pub(super) review: Review,
    /// The imports.
    pub imports: Imports,
    pub(super) acts: Acts,
    pub(super) invitation_letter: InvitationWords,
    pub(super) waves: Waves,
}

static ENGLISH: Words = Words {
    review: review::ENGLISH,
    imports: imports::ENGLISH,
    acts: acts::ENGLISH,
    invitation_letter: invitation::ENGLISH,
    waves: waves::ENGLISH,
};

static SPANISH: Words = Words {
    review: review::SPANISH,
    imports: imports::SPANISH,
    acts: acts::SPANISH,
    invitation_letter: invitation::SPANISH,
    waves: waves::SPANISH,
};

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
