//! The words of the test mail, in English and Spanish.

use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    pub(super) subject: &'static str,
    pub(super) text: &'static str,
    pub(super) why: &'static str,
}

static ENGLISH: Words = Words {
    subject: "Email from Biovity works",
    text: "If you can read this, Biovity can send email to this address.",
    why: "You are receiving this email because whoever runs Biovity tested its mail settings with your address.",
};

static SPANISH: Words = Words {
    subject: "El correo de Biovity funciona",
    text: "Si puedes leer esto, Biovity puede enviar correo a esta dirección.",
    why: "Recibes este correo porque quien opera Biovity probó la configuración de correo con tu dirección.",
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
