//! The words of the pages about the second factor, in English and Spanish.

use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    pub(in crate::accounts) title: &'static str,
    pub(super) lead: &'static str,
    pub(super) required: &'static str,
    pub(super) step_app: &'static str,
    pub(super) step_app_text: &'static str,
    pub(super) step_secret: &'static str,
    pub(super) step_secret_text: &'static str,
    pub(super) qr: &'static str,
    pub(super) by_hand: &'static str,
    pub(super) open_app: &'static str,
    pub(super) step_code: &'static str,
    pub(super) first_code_hint: &'static str,
    pub(super) wrong_first_code: &'static str,
    pub(super) switch_on: &'static str,
    pub(super) is_on: &'static str,
    pub(super) since: &'static str,
    pub(super) codes_left: &'static str,
    pub(super) few_left: &'static str,
    pub(super) new_codes: &'static str,
    pub(super) new_codes_lead: &'static str,
    pub(super) switch_off: &'static str,
    pub(super) switch_off_lead: &'static str,
    pub(super) is_off_now: &'static str,
    pub(super) codes_title: &'static str,
    pub(super) codes_lead: &'static str,
    pub(super) codes_once: &'static str,
    pub(super) download: &'static str,
    pub(super) go_on: &'static str,
    pub(super) file_heading: &'static str,
}

static ENGLISH: Words = Words {
    title: "Second factor",
    lead: "When it is on, logging in takes your password and a code from an app on your phone. Anyone who learns your password still can’t get in.",
    required: "Admins of this site need a second factor. Set it up here, and the admin pages open to you.",
    step_app: "1. Get an app",
    step_app_text: "Any app for one-time codes works, and so do most password managers: Aegis, Google Authenticator, Microsoft Authenticator, 1Password, Bitwarden …",
    step_secret: "2. Add your account to it",
    step_secret_text: "Scan this picture with the app:",
    qr: "QR code with the secret for your app",
    by_hand: "Or type this secret into the app:",
    open_app: "On this phone: open it in the app",
    step_code: "3. Enter the code that the app shows",
    first_code_hint: "6 digits; they change every half minute",
    wrong_first_code: "This is not the code that the app shows now. Is the clock of your phone right? Scan the picture again if you scanned another one before.",
    switch_on: "Switch it on",
    is_on: "The second factor is on: logging in takes a code.",
    since: "Since",
    codes_left: "Recovery codes left",
    few_left: "Only a few are left. Make new ones before you need them.",
    new_codes: "Make new recovery codes",
    new_codes_lead: "You get ten new codes. Those that you have now stop working.",
    switch_off: "Switch the second factor off",
    switch_off_lead: "From then on your password is enough to log in, on every device.",
    is_off_now: "The second factor is off. Your password is enough to log in.",
    codes_title: "Your recovery codes",
    codes_lead: "If you lose your phone, each of these lets you in once, instead of a code from the app.",
    codes_once: "This page shows them only now. Print them, write them down or save the file, and keep them apart from your phone.",
    download: "Save as a file",
    go_on: "I have saved them: continue",
    file_heading: "Biovity: recovery codes. Each works once instead of a code from the app.",
};

static SPANISH: Words = Words {
    title: "Segundo factor",
    lead: "Cuando está activo, para ingresar se pide tu contraseña y un código de una aplicación de tu teléfono. Quien sepa tu contraseña igual no podrá entrar.",
    required: "Quienes administran este sitio necesitan un segundo factor. Actívalo aquí; después podrás abrir las páginas de administración.",
    step_app: "1. Consigue una aplicación",
    step_app_text: "Sirve cualquier aplicación de códigos de un solo uso, y también casi todos los gestores de contraseñas: Aegis, Google Authenticator, Microsoft Authenticator, 1Password, Bitwarden …",
    step_secret: "2. Agrega tu cuenta",
    step_secret_text: "Escanea esta imagen con la aplicación:",
    qr: "Código QR con el secreto para tu aplicación",
    by_hand: "O escribe este secreto en la aplicación:",
    open_app: "En este teléfono: abrirlo en la aplicación",
    step_code: "3. Escribe el código que muestra la aplicación",
    first_code_hint: "6 dígitos; cambian cada medio minuto",
    wrong_first_code: "Este no es el código que la aplicación muestra ahora. ¿Está bien la hora de tu teléfono? Si antes escaneaste otra imagen, escanea esta.",
    switch_on: "Activar",
    is_on: "El segundo factor está activo: para ingresar se pide un código.",
    since: "Desde",
    codes_left: "Códigos de recuperación que quedan",
    few_left: "Te quedan pocos. Crea otros antes de necesitarlos.",
    new_codes: "Crear códigos de recuperación nuevos",
    new_codes_lead: "Recibes diez códigos nuevos. Los que tienes ahora dejan de servir.",
    switch_off: "Desactivar el segundo factor",
    switch_off_lead: "Desde ese momento basta tu contraseña para ingresar, en cualquier dispositivo.",
    is_off_now: "El segundo factor está desactivado. Basta tu contraseña para ingresar.",
    codes_title: "Tus códigos de recuperación",
    codes_lead: "Si pierdes tu teléfono, cada uno de estos te deja entrar una vez, en lugar de un código de la aplicación.",
    codes_once: "Esta página los muestra solo ahora. Imprímelos, anótalos o guarda el archivo, y no los dejes junto a tu teléfono.",
    download: "Guardar como archivo",
    go_on: "Ya los guardé: seguir",
    file_heading: "Biovity: códigos de recuperación. Cada uno sirve una vez en lugar de un código de la aplicación.",
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
