//! The words of the letters that tell an owner what happened to the account.

use crate::accounts::user::words::LetterWords;

/// The words of one language.
#[derive(Debug)]
pub struct SecurityNotice {
    pub(in crate::accounts) when: &'static str,
    pub(in crate::accounts) device: &'static str,
    pub(in crate::accounts) address: &'static str,
    pub(in crate::accounts) new_device: LetterWords,
    pub(in crate::accounts) password_changed: LetterWords,
}

/// The English words.
pub(super) const ENGLISH: SecurityNotice = SecurityNotice {
    when: "When",
    device: "Device",
    address: "Address",
    new_device: LetterWords {
        subject: "A new device signed in to your account",
        heading: "A new device signed in",
        text: "Somebody logged in to your Biovity account with the right password, on a device that we had not seen before. If it was you, there is nothing to do.",
        button: "It wasn’t me: secure my account",
        or_copy: "Or copy this address into your browser:",
        small: "The page ends every session, switches the password off and sends you a link to choose another one. It works for 7 days.",
        why: "You get this email because it matters to your Biovity account. It cannot be switched off.",
    },
    password_changed: LetterWords {
        subject: "Your password has changed",
        heading: "Your password has changed",
        text: "The password of your Biovity account was changed. If it was you, there is nothing to do.",
        button: "It wasn’t me: secure my account",
        or_copy: "Or copy this address into your browser:",
        small: "The page ends every session, switches the password off and sends you a link to choose another one. It works for 7 days.",
        why: "You get this email because it matters to your Biovity account. It cannot be switched off.",
    },
};

/// The Spanish words.
pub(super) const SPANISH: SecurityNotice = SecurityNotice {
    when: "Cuándo",
    device: "Dispositivo",
    address: "Dirección",
    new_device: LetterWords {
        subject: "Un dispositivo nuevo ingresó a tu cuenta",
        heading: "Ingresó un dispositivo nuevo",
        text: "Alguien ingresó a tu cuenta de Biovity con la contraseña correcta, en un dispositivo que no habíamos visto antes. Si fuiste tú, no tienes que hacer nada.",
        button: "No fui yo: proteger mi cuenta",
        or_copy: "O copia esta dirección en tu navegador:",
        small: "La página cierra todas las sesiones, desactiva la contraseña y te envía un enlace para elegir otra. Sirve por 7 días.",
        why: "Recibes este correo porque es importante para tu cuenta de Biovity. No se puede desactivar.",
    },
    password_changed: LetterWords {
        subject: "Tu contraseña cambió",
        heading: "Tu contraseña cambió",
        text: "Se cambió la contraseña de tu cuenta de Biovity. Si fuiste tú, no tienes que hacer nada.",
        button: "No fui yo: proteger mi cuenta",
        or_copy: "O copia esta dirección en tu navegador:",
        small: "La página cierra todas las sesiones, desactiva la contraseña y te envía un enlace para elegir otra. Sirve por 7 días.",
        why: "Recibes este correo porque es importante para tu cuenta de Biovity. No se puede desactivar.",
    },
};
