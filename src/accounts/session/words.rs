//! The words of logging in, of sessions and of their notices, in English and Spanish.

use crate::values::locale::Locale;

mod code;
pub mod device_name;
mod pending_deletion;
mod reauth;
mod security_notice;
mod sessions;

pub use code::LogInCode;
pub use pending_deletion::PendingDeletion;
pub use reauth::Reauth;
pub use security_notice::SecurityNotice;
pub use sessions::Sessions;

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    pub(in crate::accounts) no_account: &'static str,
    /// What search engines show of the log-in.
    pub(super) log_in_description: &'static str,
    pub(in crate::accounts) email_or_password_incorrect: &'static str,
    pub(in crate::accounts) not_verified: &'static str,
    pub(in crate::accounts) not_verified_text: &'static str,
    pub(in crate::accounts) inactive: &'static str,
    pub(in crate::accounts) inactive_text: &'static str,
    pub(in crate::accounts) security_notice: SecurityNotice,
    pub(in crate::accounts) pending_deletion: PendingDeletion,
    pub(in crate::accounts) code: LogInCode,
    pub(super) no_password: &'static str,
    /// To who sent a form after that.
    pub(super) session_ended: &'static str,
    pub(in crate::accounts) reauth: Reauth,
    pub(in crate::accounts) sessions: Sessions,
}

static ENGLISH: Words = Words {
    no_account: "New to Biovity?",
    log_in_description: "Log in to your Biovity account with your email and password.",
    email_or_password_incorrect: "Email or password is incorrect",
    not_verified: "Your email is not verified yet",
    not_verified_text: "Before you can log in, open the link in the email we sent to",
    inactive: "This account is deactivated",
    inactive_text: "It was deactivated by us or by the organization that manages it. If you think that is a mistake, reply to any of our emails.",
    no_password: "Your account has no password. Ask for a link to choose one.",
    session_ended: "Your session had ended: nothing was saved. Log in and do it again.",
    security_notice: security_notice::ENGLISH,
    pending_deletion: pending_deletion::ENGLISH,
    code: code::ENGLISH,
    reauth: reauth::ENGLISH,
    sessions: sessions::ENGLISH,
};

static SPANISH: Words = Words {
    no_account: "¿Es tu primera vez en Biovity?",
    log_in_description: "Ingresa a tu cuenta de Biovity con tu correo y tu contraseña.",
    email_or_password_incorrect: "El correo o la contraseña no son correctos",
    not_verified: "Tu correo aún no está verificado",
    not_verified_text: "Antes de ingresar, abre el enlace del correo que enviamos a",
    inactive: "Esta cuenta está desactivada",
    inactive_text: "La desactivamos nosotros o la organización que la administra. Si crees que es un error, responde cualquiera de nuestros correos.",
    no_password: "Tu cuenta no tiene contraseña. Pide un enlace para elegir una.",
    session_ended: "Tu sesión se había cerrado y no se guardó nada. Ingresa y hazlo otra vez.",
    security_notice: security_notice::SPANISH,
    pending_deletion: pending_deletion::SPANISH,
    code: code::SPANISH,
    reauth: reauth::SPANISH,
    sessions: sessions::SPANISH,
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
