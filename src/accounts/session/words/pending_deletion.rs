//! The words of a log-in to an account whose owner deleted it, and of the letter with the link that keeps it.

use crate::accounts::user::words::LetterWords;
use crate::values::clock::Timestamp;
use crate::values::locale::Locale;

/// The words of one language.
#[derive(Debug)]
pub struct PendingDeletion {
    locale: Locale,
    pub(in crate::accounts) title: &'static str,
    pub(in crate::accounts) open_mail: &'static str,
    pub(in crate::accounts) again: &'static str,
    pub(in crate::accounts) start_page: &'static str,
    /// Beside the time in the letter.
    pub(in crate::accounts) erased_at: &'static str,
    /// The letter with the link that keeps the account.
    pub(in crate::accounts) letter: LetterWords,
    /// Before what a letter tells of an account that nobody can log in to.
    pub(in crate::accounts) important: &'static str,
    pub(in crate::accounts) inactive: &'static str,
}

/// The English words.
pub(super) const ENGLISH: PendingDeletion = PendingDeletion {
    locale: Locale::En,
    title: "This account is about to be erased",
    open_mail: "To keep it, open the link in the email we sent to",
    again: "Nothing arrived? Look in the spam folder. If you try again after an hour, we will send the link again.",
    start_page: "Go to the home page",
    erased_at: "Will be erased",
    letter: LetterWords {
        subject: "Your account will be erased",
        heading: "Your account will be erased in 7 days",
        text: "Someone who knows your password, hopefully you, deleted your Biovity account. It is closed now: you cannot log in with your password or with another provider. If you want to keep it, open the page and press “Keep my account”.",
        button: "Keep my account",
        or_copy: "Or copy this link into your browser:",
        small: "If it wasn’t you, keep the account and then choose a new password. If it was you, there is nothing left to do.",
        why: "You are receiving this email because the Biovity account with this address was deleted.",
    },
    important: "Important",
    inactive: "This account is deactivated: nobody can log in, not even with a new password. If you think that is a mistake, reply to this email.",
};

/// The Spanish words.
pub(super) const SPANISH: PendingDeletion = PendingDeletion {
    locale: Locale::Es,
    title: "Esta cuenta está por borrarse",
    open_mail: "Para conservarla, abre el enlace del correo que enviamos a",
    again: "¿No llegó nada? Revisa la carpeta de spam. Si vuelves a intentarlo después de una hora, te enviaremos el enlace otra vez.",
    start_page: "Ir al inicio",
    erased_at: "Se borrará",
    letter: LetterWords {
        subject: "Tu cuenta se borrará",
        heading: "Tu cuenta se borrará en 7 días",
        text: "Alguien que sabe tu contraseña (esperamos que hayas sido tú) eliminó tu cuenta de Biovity. Ya está cerrada: no se puede ingresar con tu contraseña ni con otro proveedor. Si quieres conservarla, abre la página y presiona “Conservar mi cuenta”.",
        button: "Conservar mi cuenta",
        or_copy: "O copia este enlace en tu navegador:",
        small: "Si no fuiste tú, conserva la cuenta y elige una contraseña nueva. Si fuiste tú, no tienes que hacer nada más.",
        why: "Recibes este correo porque se eliminó la cuenta de Biovity con esta dirección.",
    },
    important: "Importante",
    inactive: "Esta cuenta está desactivada: nadie puede ingresar, ni siquiera con una contraseña nueva. Si crees que es un error, responde este correo.",
};

impl PendingDeletion {
    /// In another letter: that the account is closed, and where the link is that keeps it.
    pub(in crate::accounts) fn closed(&self, until: &Timestamp) -> String {
        let (at, subject) = (self.locale.zoned_date_time(until), self.letter.subject);
        match self.locale {
            Locale::En => format!(
                "You asked to delete this account. It is closed, and will be erased on {at}. To keep it, open the link in \
                 our email “{subject}”, or log in with your password: then we send that email again."
            ),
            Locale::Es => format!(
                "Pediste eliminar esta cuenta. Está cerrada y se borrará el {at}. Para conservarla, abre el enlace de \
                 nuestro correo “{subject}”, o ingresa con tu contraseña y te lo enviaremos otra vez."
            ),
        }
    }

    /// When the account is erased.
    pub(in crate::accounts) fn text(&self, until: &Timestamp) -> String {
        let at = self.locale.date_time(until);
        match self.locale {
            Locale::En => format!("You asked to delete this account. It will be erased on {at}."),
            Locale::Es => {
                format!("Pediste eliminar esta cuenta. Se borrará el {at}.")
            }
        }
    }
}
