//! The words of the letter that invites somebody to open an account.

use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct LetterWords {
    pub(in crate::waitlist::waves) subject: &'static str,
    pub(in crate::waitlist::waves) preheader: &'static str,
    pub(in crate::waitlist::waves) text: &'static str,
    pub(in crate::waitlist::waves) button: &'static str,
    pub(in crate::waitlist::waves) or_copy: &'static str,
    pub(in crate::waitlist::waves) works_until: &'static str,
    pub(in crate::waitlist::waves) own_words: &'static str,
    pub(in crate::waitlist::waves) place: &'static str,
    pub(in crate::waitlist::waves) place_link: &'static str,
    pub(in crate::waitlist::waves) why: &'static str,
    pub(in crate::waitlist::waves) stop: &'static str,
}

static ENGLISH: LetterWords = LetterWords {
    subject: "It’s your turn: create your Biovity account",
    preheader: "Your place on the waitlist has come up.",
    text: "The wait is over: you’ve reached the front of the Biovity waitlist. Open the link, choose a password, and your account is ready. Opening the link also verifies your email.",
    button: "Create my account",
    or_copy: "Or copy this link into your browser:",
    works_until: "The link works once, until",
    own_words: "It’s only for you, so please don’t forward this email.",
    place: "Your place, and everything we hold about it:",
    place_link: "See my place",
    why: "You are receiving this email because this address has a confirmed place on the Biovity waitlist.",
    stop: "Stop these emails",
};

static SPANISH: LetterWords = LetterWords {
    subject: "Es tu turno: crea tu cuenta en Biovity",
    preheader: "Llegó tu turno en la lista de espera.",
    text: "La espera terminó: llegó tu turno en la lista de espera de Biovity. Abre el enlace, elige una contraseña y tu cuenta queda lista. El mismo enlace verifica tu correo.",
    button: "Crear mi cuenta",
    or_copy: "O copia este enlace en tu navegador:",
    works_until: "El enlace sirve una sola vez, hasta el",
    own_words: "Es solo para ti, así que no reenvíes este correo.",
    place: "Tu lugar y todo lo que guardamos sobre él:",
    place_link: "Ver mi lugar",
    why: "Recibes este correo porque esta dirección tiene un lugar confirmado en la lista de espera de Biovity.",
    stop: "No recibir más estos correos",
};

impl LetterWords {
    /// The words of a language.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }
}
