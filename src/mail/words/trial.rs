//! The words of the letter that tries the mail settings, in English and Spanish.

use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct Trial {
    pub(in crate::mail) subject: &'static str,
    pub(in crate::mail) text: &'static str,
    pub(in crate::mail) why: &'static str,
}

static ENGLISH: Trial = Trial {
    subject: "Email from Biovity works",
    text: "If you can read this, Biovity can send email to this address.",
    why: "You get this email because whoever runs Biovity tried its mail settings with your address.",
};

static SPANISH: Trial = Trial {
    subject: "El correo de Biovity funciona",
    text: "Si puedes leer esto, Biovity puede enviar correo a esta dirección.",
    why: "Recibes este correo porque quien opera Biovity probó la configuración de correo con tu dirección.",
};

impl Trial {
    /// The words of a language.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &ENGLISH,
            Locale::Es => &SPANISH,
        }
    }
}
