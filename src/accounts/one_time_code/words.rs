//! The words of the field that takes a code.

use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    pub(in crate::accounts) code: &'static str,
    pub(in crate::accounts) hint: &'static str,
    pub(in crate::accounts) wrong: &'static str,
    pub(in crate::accounts) wrong_recovery: &'static str,
    pub(in crate::accounts) empty: &'static str,
}

static ENGLISH: Words = Words {
    code: "Code",
    hint: "The 6 digits that your app shows now, or one of your recovery codes",
    wrong: "This code does not work. Enter the one that your app shows now: each works once, for about a minute.",
    wrong_recovery: "This recovery code does not work: each works only once. Enter another one.",
    empty: "Enter the code",
};

static SPANISH: Words = Words {
    code: "Código",
    hint: "Los 6 dígitos que tu aplicación muestra ahora, o uno de tus códigos de recuperación",
    wrong: "Este código no sirve. Escribe el que tu aplicación muestra ahora: cada uno sirve una vez, durante cerca de un minuto.",
    wrong_recovery: "Este código de recuperación no sirve: cada uno sirve una sola vez. Escribe otro.",
    empty: "Escribe el código",
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
