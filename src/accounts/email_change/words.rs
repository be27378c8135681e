//! The words of changing the address of an account, and of undoing it.

use crate::accounts::user::words::LetterWords;
use crate::values::locale::Locale;

/// The pages, and the letters to the new address, the old one, and the owner of one that is taken.
#[derive(Debug)]
pub struct Words {
    pub(super) change: &'static str,
    pub(super) change_lead: &'static str,
    pub(super) now: &'static str,
    pub(super) waiting: &'static str,
    pub(super) waiting_for: &'static str,
    pub(super) waiting_text: &'static str,
    pub(super) cancel: &'static str,
    pub(super) cancelled: &'static str,
    pub(super) new_email: &'static str,
    pub(super) same: &'static str,
    pub(super) password_hint: &'static str,
    pub(super) send_link: &'static str,
    pub(super) sent: &'static str,
    pub(super) confirm: &'static str,
    pub(super) confirm_for: &'static str,
    pub(super) confirm_lead: &'static str,
    pub(super) confirm_now: &'static str,
    pub(super) confirmed: &'static str,
    confirmed_of: &'static str,
    pub(super) taken: &'static str,
    pub(super) taken_lead: &'static str,
    pub(super) another: &'static str,
    pub(super) undo_taken_lead: &'static str,
    pub(super) undo_taken_steps: [&'static str; 3],
    pub(super) undo: &'static str,
    pub(super) undo_for: &'static str,
    pub(super) undo_lead: &'static str,
    pub(super) undo_steps: [&'static str; 3],
    /// Those where a second factor would keep the owner out.
    pub(super) undo_steps_with_second_factor: [&'static str; 4],
    pub(super) undo_not_needed: &'static str,
    pub(super) undo_now: &'static str,
    pub(super) undone: &'static str,
    pub(super) confirm_letter: LetterWords,
    pub(super) undo_letter: LetterWords,
    pub(super) taken_letter: LetterWords,
}

static ENGLISH: Words = Words {
    change: "Change your email",
    change_lead: "We will send a link to the new email. The change takes effect when you open it and confirm.",
    now: "Current email",
    waiting: "A change is waiting for you",
    waiting_for: "Open the link that we sent to",
    waiting_text: "The link works for 24 hours. Nothing changes until you open it and confirm.",
    cancel: "Cancel this change",
    cancelled: "The change was cancelled. Your email stays as it is.",
    new_email: "New email",
    same: "This is already your email",
    password_hint: "So that nobody else who finds this page open can take the account.",
    send_link: "Send the link",
    sent: "We sent a link to the new email. Open it to confirm the change.",
    confirm: "Confirm your new email",
    confirm_for: "Once you confirm, the account uses",
    confirm_lead: "for logging in and for our messages.",
    confirm_now: "Confirm",
    confirmed: "Your email was changed. Log in with the new one from now on.",
    confirmed_of: "The account’s email was changed to %.",
    taken: "Another account uses this email",
    taken_lead: "Two accounts cannot share an email, so nothing was changed. If the other account is yours too, you can get into it with a new password.",
    another: "Choose another email",
    undo_taken_lead: "It was created and verified after the change, and two accounts cannot share an email. So nothing was changed, and this link still works. If the other account is yours too, this is how to get this email back:",
    undo_taken_steps: [
        "Log in with this email. If you don’t know the password, ask for a new one.",
        "Give that account another email.",
        "Open the link in our message again.",
    ],
    undo: "Undo your email change",
    undo_for: "If it wasn’t you who changed your account’s email, you can go back to",
    undo_lead: "This happens at once:",
    undo_steps: [
        "The account has this email again.",
        "Everyone is logged out. The password stops working, and so does every other way to log in.",
        "We send you a link to choose a new password.",
    ],
    undo_steps_with_second_factor: [
        "The account has this email again.",
        "Everyone is logged out. The password stops working, and so does every other way to log in.",
        "Two-step verification is switched off: logging in no longer asks for a code.",
        "We send you a link to choose a new password.",
    ],
    undo_not_needed: "If it was you, close this page: nothing changes.",
    undo_now: "Undo and secure my account",
    undone: "Your account has its email again. Everyone is logged out, and the old password no longer works.",
    confirm_letter: LetterWords {
        subject: "Confirm your new email",
        heading: "Is this your new email?",
        text: "Someone, hopefully you, wants to use this email for their Biovity account. Open the page and confirm.",
        button: "Confirm this email",
        or_copy: "Or copy this link into your browser:",
        small: "The link works for 24 hours. If it wasn’t you, do nothing: then nothing changes.",
        why: "You are receiving this email because someone entered this address for a Biovity account.",
    },
    undo_letter: LetterWords {
        subject: "Your account’s email was changed",
        heading: "Your account’s email was changed",
        text: "Your Biovity account has another email from now on, and we will write to that one. If it was you, there is nothing to do. If it wasn’t, undo it: your account gets this email back and everyone is logged out.",
        button: "Undo and secure my account",
        or_copy: "Or copy this link into your browser:",
        small: "You have 72 hours to undo the change.",
        why: "You are receiving this email because this was the address of your Biovity account.",
    },
    taken_letter: LetterWords {
        subject: "You already have an account",
        heading: "You already have an account",
        text: "Someone, perhaps you, tried to use this email for another Biovity account. There is an account with it already, so nothing was changed. Log in with the password you chose.",
        button: "Log in",
        or_copy: "Or copy this link into your browser:",
        small: "If it wasn’t you, you don’t have to do anything: nobody was told that you have an account.",
        why: "You are receiving this email because someone entered this address for a Biovity account.",
    },
};

static SPANISH: Words = Words {
    change: "Cambia tu correo",
    change_lead: "Enviaremos un enlace al correo nuevo. El cambio se hace cuando abres el enlace y lo confirmas.",
    now: "Correo actual",
    waiting: "Falta que confirmes un cambio",
    waiting_for: "Abre el enlace que enviamos a",
    waiting_text: "El enlace sirve por 24 horas. No cambia nada hasta que lo abras y confirmes.",
    cancel: "Cancelar este cambio",
    cancelled: "El cambio se canceló. Tu correo sigue siendo el mismo.",
    new_email: "Correo nuevo",
    same: "Este ya es tu correo",
    password_hint: "Así nadie que encuentre esta página abierta puede quedarse con la cuenta.",
    send_link: "Enviar el enlace",
    sent: "Enviamos un enlace al correo nuevo. Ábrelo para confirmar el cambio.",
    confirm: "Confirma tu correo nuevo",
    confirm_for: "Cuando confirmes, la cuenta usará",
    confirm_lead: "para ingresar y para nuestros mensajes.",
    confirm_now: "Confirmar",
    confirmed: "Tu correo cambió. Desde ahora ingresa con el nuevo.",
    confirmed_of: "El correo de la cuenta cambió a %.",
    taken: "Otra cuenta ya usa este correo",
    taken_lead: "Dos cuentas no pueden tener el mismo correo, así que no cambió nada. Si la otra cuenta también es tuya, puedes ingresar a ella con una contraseña nueva.",
    another: "Elegir otro correo",
    undo_taken_lead: "Se creó y verificó después del cambio, y dos cuentas no pueden tener el mismo correo. Así que no cambiamos nada, y este enlace sigue sirviendo. Si la otra cuenta también es tuya, recupera este correo así:",
    undo_taken_steps: [
        "Ingresa con este correo. Si no sabes la contraseña, pide una nueva.",
        "Dale otro correo a esa cuenta.",
        "Abre otra vez el enlace de nuestro mensaje.",
    ],
    undo: "Deshaz el cambio de tu correo",
    undo_for: "Si no fuiste tú quien cambió el correo de tu cuenta, puedes volver a",
    undo_lead: "Esto pasa de inmediato:",
    undo_steps: [
        "La cuenta vuelve a tener este correo.",
        "Se cierran todas las sesiones. La contraseña deja de servir, y también cualquier otra forma de ingresar.",
        "Te enviamos un enlace para elegir otra contraseña.",
    ],
    undo_steps_with_second_factor: [
        "La cuenta vuelve a tener este correo.",
        "Se cierran todas las sesiones. La contraseña deja de servir, y también cualquier otra forma de ingresar.",
        "Se desactiva la verificación en dos pasos: para ingresar ya no se pide un código.",
        "Te enviamos un enlace para elegir otra contraseña.",
    ],
    undo_not_needed: "Si fuiste tú, cierra esta página: no cambia nada.",
    undo_now: "Deshacer y proteger mi cuenta",
    undone: "Tu cuenta volvió a tener su correo. Cerramos todas las sesiones y la contraseña anterior ya no sirve.",
    confirm_letter: LetterWords {
        subject: "Confirma tu correo nuevo",
        heading: "¿Es este tu correo nuevo?",
        text: "Alguien (esperamos que seas tú) quiere usar este correo para su cuenta de Biovity. Abre la página y confírmalo.",
        button: "Confirmar este correo",
        or_copy: "O copia este enlace en tu navegador:",
        small: "El enlace sirve por 24 horas. Si no fuiste tú, no hagas nada: así no cambia nada.",
        why: "Recibes este correo porque alguien escribió esta dirección para una cuenta de Biovity.",
    },
    undo_letter: LetterWords {
        subject: "El correo de tu cuenta cambió",
        heading: "El correo de tu cuenta cambió",
        text: "Tu cuenta de Biovity tiene otro correo desde ahora, y te escribiremos a ese. Si fuiste tú, no tienes que hacer nada. Si no, deshazlo: tu cuenta vuelve a tener este correo y se cierran todas las sesiones.",
        button: "Deshacer y proteger mi cuenta",
        or_copy: "O copia este enlace en tu navegador:",
        small: "Tienes 72 horas para deshacer el cambio.",
        why: "Recibes este correo porque esta era la dirección de tu cuenta de Biovity.",
    },
    taken_letter: LetterWords {
        subject: "Ya tienes una cuenta",
        heading: "Ya tienes una cuenta",
        text: "Alguien, quizás tú, intentó usar este correo para otra cuenta de Biovity. Ya existe una con él, así que no cambió nada. Ingresa con la contraseña que elegiste.",
        button: "Ingresar",
        or_copy: "O copia este enlace en tu navegador:",
        small: "Si no fuiste tú, no tienes que hacer nada: a nadie le dijimos que tienes una cuenta.",
        why: "Recibes este correo porque alguien escribió esta dirección para una cuenta de Biovity.",
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

    /// After a change to this address, where another account is signed in.
    pub(super) fn confirmed_of(&self, email: &str) -> String {
        self.confirmed_of.replace('%', email)
    }
}
