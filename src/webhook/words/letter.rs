//! The words of the letter that tells admins that an endpoint was switched off, in English and Spanish.

use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct LetterWords {
    pub(in crate::webhook) subject: &'static str,
    pub(in crate::webhook) text: &'static str,
    pub(in crate::webhook) button: &'static str,
    pub(in crate::webhook) or_copy: &'static str,
    pub(in crate::webhook) why: &'static str,
}

static ENGLISH: LetterWords = LetterWords {
    subject: "A webhook was switched off",
    text: "What happens meanwhile is kept for 30 days. When the program that it calls works again, send a probe and switch it on.",
    button: "See the webhook",
    or_copy: "Or copy this link into your browser:",
    why: "You are receiving this email because you are an admin of Biovity. You cannot turn these notices off.",
};

static SPANISH: LetterWords = LetterWords {
    subject: "Se desactivó un webhook",
    text: "Lo que pase mientras tanto se guardará por 30 días. Cuando el programa al que llama vuelva a funcionar, envía una prueba y actívalo.",
    button: "Ver el webhook",
    or_copy: "O copia este enlace en tu navegador:",
    why: "Recibes este correo porque administras Biovity. Estos avisos no se pueden desactivar.",
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
