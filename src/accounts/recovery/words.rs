//! The words of getting back into an account and of keeping it safe: forgotten, new and changed passwords.

use crate::accounts::user::words::LetterWords;
use crate::values::locale::Locale;

/// The words of one language: the pages, and the letter with the link.
#[derive(Debug)]
pub struct Words {
    pub(super) forgot_lead: &'static str,
    /// The page for who is signed in, who may never have had a password.
    pub(super) choose_by_email: &'static str,
    pub(super) choose_for: &'static str,
    pub(super) choose_lead: &'static str,
    /// What search engines show of the page.
    pub(super) forgot_description: &'static str,
    pub(super) send_link: &'static str,
    pub(super) remembered: &'static str,
    pub(super) sent: &'static str,
    pub(super) sent_lead: &'static str,
    /// The same to who came by a link of the account, before its address.
    pub(super) sent_to: &'static str,
    pub(super) works_for: &'static str,
    pub(super) nothing_arrived: &'static str,
    pub(super) nothing_arrived_text: &'static str,
    pub(super) other_email: &'static str,
    pub(super) ask_again: &'static str,
    pub(super) reset: &'static str,
    pub(super) reset_for: &'static str,
    pub(super) reset_lead: &'static str,
    /// What the page also asks for when nobody verified the account.
    pub(super) owner_lead: &'static str,
    pub(super) choose_kind: &'static str,
    pub(super) owner_name: &'static str,
    pub(super) owner_profession: &'static str,
    pub(super) owner_profession_hint: &'static str,
    pub(super) new_password: &'static str,
    pub(super) save: &'static str,
    pub(super) reset_done: &'static str,
    pub(super) reset_changed: &'static str,
    /// The same of an account whose owner wants it deleted, and of a deactivated one.
    pub(super) reset_done_closed: &'static str,
    pub(super) reset_done_inactive: &'static str,
    reset_done_of: &'static str,
    /// These stand around the names of other providers.
    pub(super) still_open: &'static str,
    pub(super) disconnect_next: &'static str,
    pub(super) no_longer_open: &'static str,
    pub(super) change: &'static str,
    pub(super) change_lead: &'static str,
    pub(super) changed: &'static str,
    pub(super) secure: &'static str,
    pub(super) secure_for: &'static str,
    pub(super) secure_lead: &'static str,
    pub(super) secure_steps: [&'static str; 3],
    /// Those of the notice that told of a second factor.
    pub(super) secure_steps_with_second_factor: [&'static str; 4],
    pub(super) secure_not_needed: &'static str,
    pub(super) secure_now: &'static str,
    pub(super) secured: &'static str,
    pub(super) letter: LetterWords,
}

static ENGLISH: Words = Words {
    forgot_lead: "Enter your account’s email. We will send you a link to choose a new password.",
    choose_by_email: "Choose a password",
    choose_for: "We will send a link to",
    choose_lead: "Open it to choose a password. Everyone will be logged out; then log in with the new password to continue.",
    forgot_description: "Choose a new password for your Biovity account with a link that we send to your email.",
    send_link: "Send the link",
    remembered: "Remembered it?",
    sent: "Check your inbox for the link",
    sent_lead: "If this email has an account, a link to choose a new password is on its way.",
    sent_to: "We sent a link to choose a new password to",
    works_for: "It works for one hour.",
    nothing_arrived: "Nothing arrived?",
    nothing_arrived_text: "Wait a minute, then look in the spam folder.",
    other_email: "You may have used another email: try that one.",
    ask_again: "Ask again",
    reset: "Choose a new password",
    reset_for: "For the account of",
    reset_lead: "Saving the new password logs everyone out. Then log in with it.",
    owner_lead: "Nobody has verified this email before, so someone else may have created the account. Tell us who you are; this replaces what was entered then.",
    choose_kind: "Choose what brings you here",
    owner_name: "Your name, or that of your organization",
    owner_profession: "Profession",
    owner_profession_hint: "For an organization: your position, if you like.",
    new_password: "New password",
    save: "Save the new password",
    reset_done: "Your password was changed. Log in with the new one.",
    reset_changed: "Your password was changed.",
    reset_done_closed: "Your password was changed. The account is still closed: log in, and we will send you the link to keep it.",
    reset_done_inactive: "Your password was changed, but the account is deactivated, so nobody can log in. If you think that is a mistake, reply to any of our emails.",
    reset_done_of: "The password of the account % was changed.",
    still_open: "This still opens your account as well:",
    disconnect_next: "The page after the log-in lets you disconnect it.",
    no_longer_open: "This no longer opens your account:",
    change: "Change your password",
    change_lead: "Your other devices will be logged out. This one stays logged in.",
    changed: "Your password was changed. Your other devices are logged out.",
    secure: "Secure your account",
    secure_for: "If it wasn’t you who used the account of",
    secure_lead: "press the button. This happens at once:",
    secure_steps: [
        "Everyone is logged out, on every device.",
        "The password stops working, and so does every other way to log in.",
        "We send you a link to choose a new password.",
    ],
    secure_steps_with_second_factor: [
        "Everyone is logged out, on every device.",
        "The password stops working, and so does every other way to log in.",
        "Two-step verification is switched off: logging in no longer asks for a code.",
        "We send you a link to choose a new password.",
    ],
    secure_not_needed: "If it was you, close this page: nothing has changed.",
    secure_now: "Secure my account",
    secured: "Your account is safe: everyone is logged out, and neither the old password nor any other way to log in works any more.",
    letter: LetterWords {
        subject: "Choose a new password",
        heading: "Choose a new password",
        text: "Use the link below to choose a new password for the Biovity account with this email.",
        button: "Choose a new password",
        or_copy: "Or copy this link into your browser:",
        small: "The link works once, for one hour. If it wasn’t you, do nothing: without the link nobody can change the password.",
        why: "You are receiving this email because someone asked for a new password for this address at Biovity, or secured the account.",
    },
};

static SPANISH: Words = Words {
    forgot_lead: "Escribe el correo de tu cuenta. Te enviaremos un enlace para elegir una contraseña nueva.",
    choose_by_email: "Elige una contraseña",
    choose_for: "Enviaremos un enlace a",
    choose_lead: "Ábrelo para elegir una contraseña. Se cerrarán todas las sesiones; después ingresa con la contraseña nueva para seguir.",
    forgot_description: "Elige una contraseña nueva para tu cuenta de Biovity con un enlace que enviamos a tu correo.",
    send_link: "Enviar el enlace",
    remembered: "¿La recordaste?",
    sent: "Revisa tu correo para elegir otra contraseña",
    sent_lead: "Si el correo tiene una cuenta, ya va en camino un enlace para elegir una contraseña nueva.",
    sent_to: "Enviamos un enlace para elegir una contraseña nueva a",
    works_for: "Sirve por una hora.",
    nothing_arrived: "¿No llegó nada?",
    nothing_arrived_text: "Espera un minuto y revisa la carpeta de spam.",
    other_email: "Puede que hayas usado otro correo: prueba con ese.",
    ask_again: "Pedir otra vez",
    reset: "Elige una contraseña nueva",
    reset_for: "Para la cuenta de",
    reset_lead: "Al guardar la contraseña nueva se cerrarán todas las sesiones. Después ingresa con ella.",
    owner_lead: "Nadie había verificado este correo, así que otra persona pudo haber creado la cuenta. Dinos quién eres; esto reemplaza lo que se escribió entonces.",
    choose_kind: "Elige qué te trae por aquí",
    owner_name: "Tu nombre, o el de tu organización",
    owner_profession: "Profesión",
    owner_profession_hint: "Si es una organización: tu cargo, si quieres.",
    new_password: "Contraseña nueva",
    save: "Guardar la contraseña nueva",
    reset_done: "Tu contraseña cambió. Ingresa con la nueva.",
    reset_changed: "Tu contraseña cambió.",
    reset_done_closed: "Tu contraseña cambió. La cuenta sigue cerrada: ingresa y te enviaremos el enlace para conservarla.",
    reset_done_inactive: "Tu contraseña cambió, pero la cuenta está desactivada y nadie puede ingresar. Si crees que es un error, responde cualquiera de nuestros correos.",
    reset_done_of: "La contraseña de la cuenta % cambió.",
    still_open: "Esto también abre tu cuenta:",
    disconnect_next: "En la página que sigue puedes desconectarlo.",
    no_longer_open: "Esto ya no abre tu cuenta:",
    change: "Cambia tu contraseña",
    change_lead: "Se cerrarán tus sesiones en otros dispositivos. Esta seguirá abierta.",
    changed: "Tu contraseña cambió. Cerramos tus sesiones en otros dispositivos.",
    secure: "Protege tu cuenta",
    secure_for: "Si no fuiste tú quien usó la cuenta de",
    secure_lead: "presiona el botón. Esto pasa de inmediato:",
    secure_steps: [
        "Se cierran todas las sesiones, en todos los dispositivos.",
        "La contraseña deja de servir, y también cualquier otra forma de ingresar.",
        "Te enviamos un enlace para elegir otra contraseña.",
    ],
    secure_steps_with_second_factor: [
        "Se cierran todas las sesiones, en todos los dispositivos.",
        "La contraseña deja de servir, y también cualquier otra forma de ingresar.",
        "Se desactiva la verificación en dos pasos: para ingresar ya no se pide un código.",
        "Te enviamos un enlace para elegir otra contraseña.",
    ],
    secure_not_needed: "Si fuiste tú, cierra esta página: no cambió nada.",
    secure_now: "Proteger mi cuenta",
    secured: "Tu cuenta está a salvo: cerramos todas las sesiones, y ya no sirven ni la contraseña anterior ni ninguna otra forma de ingresar.",
    letter: LetterWords {
        subject: "Elige una contraseña nueva",
        heading: "Elige una contraseña nueva",
        text: "Con el enlace de abajo puedes elegir una contraseña nueva para la cuenta de Biovity que usa este correo.",
        button: "Elegir una contraseña nueva",
        or_copy: "O copia este enlace en tu navegador:",
        small: "El enlace sirve una sola vez, por una hora. Si no fuiste tú, no hagas nada: sin el enlace nadie puede cambiar la contraseña.",
        why: "Recibes este correo porque alguien pidió una contraseña nueva para esta dirección en Biovity, o protegió la cuenta.",
    },
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

    /// After a reset of the account of this address, where another one is signed in.
    pub(super) fn reset_done_of(&self, email: &str) -> String {
        self.reset_done_of.replace('%', email)
    }
}
