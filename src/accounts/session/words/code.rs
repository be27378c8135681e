//! The words of the second step of a log-in.

/// The words of one language.
#[derive(Debug)]
pub struct LogInCode {
    pub(in crate::accounts) title: &'static str,
    pub(in crate::accounts) lead: &'static str,
    pub(in crate::accounts) trust: &'static str,
    pub(in crate::accounts) lost: &'static str,
    pub(in crate::accounts) lost_text: &'static str,
    pub(in crate::accounts) other_account: &'static str,
    pub(in crate::accounts) start_over: &'static str,
}

/// The English words.
pub(super) const ENGLISH: LogInCode = LogInCode {
    title: "Enter your code",
    lead: "One more step: this account also asks for a code from your app.",
    trust: "Don’t ask on this device for 30 days",
    lost: "Don’t have your phone?",
    lost_text: "Enter one of your recovery codes. If you have none left, write to us from the email of your account: an admin can remove the second factor.",
    other_account: "Log in with another account",
    start_over: "This log-in waited too long, or your account has changed. Please log in again.",
};

/// The Spanish words.
pub(super) const SPANISH: LogInCode = LogInCode {
    title: "Escribe tu código",
    lead: "Un paso más: esta cuenta también pide un código de tu aplicación.",
    trust: "No preguntar en este dispositivo por 30 días",
    lost: "¿No tienes tu teléfono?",
    lost_text: "Escribe uno de tus códigos de recuperación. Si no te queda ninguno, escríbenos desde el correo de tu cuenta: quienes administran el sitio pueden quitar el segundo factor.",
    other_account: "Ingresar con otra cuenta",
    start_over: "Este ingreso esperó demasiado, o tu cuenta cambió. Ingresa otra vez.",
};
