//! The words of inviting one place.

use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct InviteWords {
    pub(in crate::waitlist::waves) invited: &'static str,
    pub(in crate::waitlist::waves) not_invited: &'static str,
    pub(in crate::waitlist::waves) not_invited_text: &'static str,
    pub(in crate::waitlist::waves) back_to_place: &'static str,
}

static ENGLISH: InviteWords = InviteWords {
    invited: "The invitation is on its way; reload in a few seconds to see it here.",
    not_invited: "This person cannot be invited",
    not_invited_text: "This place has changed since you looked: it is in a wave already, its invitation still works, or the person left.",
    back_to_place: "See the place",
};

static SPANISH: InviteWords = InviteWords {
    invited: "La invitación va en camino; recarga en unos segundos para verla aquí.",
    not_invited: "No se puede invitar a esta persona",
    not_invited_text: "Este lugar cambió desde que lo miraste: ya está en una tanda, su invitación aún sirve, o la persona salió.",
    back_to_place: "Ver el lugar",
};

impl InviteWords {
    /// The words of a language.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }
}
