//! The words of the letters that tell an owner what happened to the account.

use crate::accounts::user::words::LetterWords;

/// The words of one language.
#[derive(Debug)]
pub struct SecurityNotice {
    pub(in crate::accounts) when: &'static str,
    pub(in crate::accounts) device: &'static str,
    pub(in crate::accounts) address: &'static str,
    pub(in crate::accounts) still_opens: &'static str,
    pub(in crate::accounts) no_longer_opens: &'static str,
    pub(in crate::accounts) new_device: LetterWords,
    pub(in crate::accounts) many_new_devices: LetterWords,
    pub(in crate::accounts) password_changed: LetterWords,
    pub(in crate::accounts) second_factor_on: LetterWords,
    pub(in crate::accounts) second_factor_on_after_new_device: LetterWords,
    pub(in crate::accounts) second_factor_moved: LetterWords,
    pub(in crate::accounts) second_factor_off: LetterWords,
    pub(in crate::accounts) recovery_codes_made: LetterWords,
    pub(in crate::accounts) second_factor_removed: LetterWords,
    pub(in crate::accounts) recovery_code_used: LetterWords,
    pub(in crate::accounts) wrong_codes: LetterWords,
}

/// The letter of a new device.
const NEW_DEVICE_ENGLISH: LetterWords = LetterWords {
    subject: "A new device logged in to your account",
    heading: "A new device logged in",
    text: "Someone logged in to your Biovity account on a device we had not seen before. If it was you, there is nothing to do.",
    button: "It wasn’t me, secure my account",
    or_copy: "Or copy this link into your browser:",
    small: "The link works for 7 days. The page logs everyone out, switches off the password and every other way to log in, and sends you a link to choose a new password.",
    why: "You are receiving this email because it is about the security of your Biovity account. You cannot turn these notices off.",
};

/// The same in Spanish.
const NEW_DEVICE_SPANISH: LetterWords = LetterWords {
    subject: "Ingreso a tu cuenta desde un dispositivo nuevo",
    heading: "Ingreso desde un dispositivo nuevo",
    text: "Alguien ingresó a tu cuenta de Biovity desde un dispositivo que no habíamos visto antes. Si fuiste tú, no tienes que hacer nada.",
    button: "No fui yo, proteger mi cuenta",
    or_copy: "O copia este enlace en tu navegador:",
    small: "El enlace sirve por 7 días. La página cierra todas las sesiones, desactiva la contraseña y cualquier otra forma de ingresar, y te envía un enlace para elegir otra contraseña.",
    why: "Recibes este correo porque se trata de la seguridad de tu cuenta de Biovity. Estos avisos no se pueden desactivar.",
};

/// The letter of a second factor that was switched on.
const SECOND_FACTOR_ON_ENGLISH: LetterWords = LetterWords {
    subject: "Your account now asks for a code at log-in",
    heading: "Your account now asks for a code at log-in",
    text: "Two-step verification was switched on for your Biovity account: from now on, logging in takes the password and a code from an app. If it was you, there is nothing to do.",
    button: "It wasn’t me, secure my account",
    or_copy: "Or copy this link into your browser:",
    small: "The link works for 7 days. The page logs everyone out, switches off the password and every other way to log in, and sends you a link to choose a new password. Two-step verification stays on: if the app isn’t yours, write to us, and an admin can remove it.",
    why: "You are receiving this email because it is about the security of your Biovity account. You cannot turn these notices off.",
};

/// The same in Spanish.
const SECOND_FACTOR_ON_SPANISH: LetterWords = LetterWords {
    subject: "Tu cuenta ahora pide un código para ingresar",
    heading: "Tu cuenta ahora pide un código para ingresar",
    text: "Se activó la verificación en dos pasos en tu cuenta de Biovity: desde ahora, para ingresar se pide la contraseña y un código de una aplicación. Si fuiste tú, no tienes que hacer nada.",
    button: "No fui yo, proteger mi cuenta",
    or_copy: "O copia este enlace en tu navegador:",
    small: "El enlace sirve por 7 días. La página cierra todas las sesiones, desactiva la contraseña y cualquier otra forma de ingresar, y te envía un enlace para elegir otra contraseña. La verificación en dos pasos sigue activa: si la aplicación no es tuya, escríbenos y alguien de la administración la puede quitar.",
    why: "Recibes este correo porque se trata de la seguridad de tu cuenta de Biovity. Estos avisos no se pueden desactivar.",
};

/// The English words.
pub(super) const ENGLISH: SecurityNotice = SecurityNotice {
    when: "When",
    device: "Device",
    address: "IP address",
    still_opens: "Still opens your account",
    no_longer_opens: "No longer opens your account",
    new_device: NEW_DEVICE_ENGLISH,
    many_new_devices: LetterWords {
        subject: "Many new devices logged in to your account",
        heading: "Many new devices logged in",
        text: "More than ten devices that we had not seen before logged in to your Biovity account today. For a day we will not write about each of them; your activity page lists them all. If it wasn’t you, someone knows your password or has another way to log in.",
        ..NEW_DEVICE_ENGLISH
    },
    password_changed: LetterWords {
        subject: "Your password has changed",
        heading: "Your password has changed",
        text: "Your Biovity account’s password was changed. If it was you, there is nothing to do.",
        button: "It wasn’t me, secure my account",
        or_copy: "Or copy this link into your browser:",
        small: "The link works for 7 days. The page logs everyone out, switches off the password and every other way to log in, and sends you a link to choose a new password.",
        why: "You are receiving this email because it is about the security of your Biovity account. You cannot turn these notices off.",
    },
    second_factor_on: SECOND_FACTOR_ON_ENGLISH,
    second_factor_on_after_new_device: LetterWords {
        text: "Two-step verification was switched on for your Biovity account: from now on, logging in takes the password and a code from an app. In the 7 days before, someone had logged in on a new device. If it was you, there is nothing to do.",
        small: "The link works for 7 days. The page logs everyone out, switches off the password and every other way to log in, and sends you a link to choose a new password. If you use it within 24 hours, it also switches off two-step verification.",
        ..SECOND_FACTOR_ON_ENGLISH
    },
    second_factor_moved: LetterWords {
        subject: "Your account’s codes now come from another app",
        heading: "Your codes now come from another app",
        text: "Two-step verification for your Biovity account was moved to another app, with the right password and code. The old app and the old recovery codes no longer work. If it was you, there is nothing to do.",
        ..SECOND_FACTOR_ON_ENGLISH
    },
    second_factor_off: LetterWords {
        subject: "Your account no longer asks for a code at log-in",
        heading: "Your account no longer asks for a code at log-in",
        text: "Two-step verification was switched off for your Biovity account, with the right password and code: from now on the password is enough to log in. If it was you, there is nothing to do.",
        button: "It wasn’t me, secure my account",
        or_copy: "Or copy this link into your browser:",
        small: "The link works for 7 days. The page logs everyone out, switches off the password and every other way to log in, and sends you a link to choose a new password.",
        why: "You are receiving this email because it is about the security of your Biovity account. You cannot turn these notices off.",
    },
    recovery_codes_made: LetterWords {
        subject: "Your account has new recovery codes",
        heading: "New recovery codes were made",
        text: "Ten new recovery codes were made for your Biovity account, with the right password and code. Those from before no longer work. If it was you, there is nothing to do.",
        ..SECOND_FACTOR_ON_ENGLISH
    },
    second_factor_removed: LetterWords {
        subject: "We removed two-step verification from your account",
        heading: "We removed two-step verification from your account",
        text: "The Biovity team removed two-step verification from your account: from now on the password is enough to log in. If you asked for it, log in and set it up again with your new phone.",
        button: "It wasn’t me, secure my account",
        or_copy: "Or copy this link into your browser:",
        small: "The link works for 7 days. The page logs everyone out, switches off the password and every other way to log in, and sends you a link to choose a new password.",
        why: "You are receiving this email because it is about the security of your Biovity account. You cannot turn these notices off.",
    },
    recovery_code_used: LetterWords {
        subject: "One of your account’s recovery codes was used",
        heading: "A recovery code was used",
        text: "Someone used one of your Biovity account’s recovery codes instead of a code from the app. That code no longer works. If it was you, there is nothing to do; when few are left, make new ones on your account page.",
        button: "It wasn’t me, secure my account",
        or_copy: "Or copy this link into your browser:",
        small: "The link works for 7 days. The page logs everyone out, switches off the password and every other way to log in, and sends you a link to choose a new password.",
        why: "You are receiving this email because it is about the security of your Biovity account. You cannot turn these notices off.",
    },
    wrong_codes: LetterWords {
        subject: "Someone tried to guess your code",
        heading: "Someone tried to guess your code",
        text: "Someone entered several wrong codes. They had your Biovity account’s password, a link that we sent to this email, or an account elsewhere that opens yours. They got no further. If it was you, there is nothing to do. If it wasn’t, also check who else reads this mailbox.",
        button: "It wasn’t me, secure my account",
        or_copy: "Or copy this link into your browser:",
        small: "The link works for 7 days. The page logs everyone out, switches off the password and every other way to log in, and sends you a link to choose a new password.",
        why: "You are receiving this email because it is about the security of your Biovity account. You cannot turn these notices off.",
    },
};

/// The Spanish words.
pub(super) const SPANISH: SecurityNotice = SecurityNotice {
    when: "Cuándo",
    device: "Dispositivo",
    address: "Dirección IP",
    still_opens: "También abre tu cuenta",
    no_longer_opens: "Ya no abre tu cuenta",
    new_device: NEW_DEVICE_SPANISH,
    many_new_devices: LetterWords {
        subject: "Ingresos a tu cuenta desde muchos dispositivos nuevos",
        heading: "Ingresos desde muchos dispositivos nuevos",
        text: "Hoy hubo ingresos a tu cuenta de Biovity desde más de diez dispositivos que no habíamos visto antes. Por un día no te escribiremos sobre cada ingreso; los encuentras todos en la página de tu actividad. Si no fuiste tú, alguien sabe tu contraseña o tiene otra forma de ingresar.",
        ..NEW_DEVICE_SPANISH
    },
    password_changed: LetterWords {
        subject: "Tu contraseña cambió",
        heading: "Tu contraseña cambió",
        text: "Se cambió la contraseña de tu cuenta de Biovity. Si fuiste tú, no tienes que hacer nada.",
        button: "No fui yo, proteger mi cuenta",
        or_copy: "O copia este enlace en tu navegador:",
        small: "El enlace sirve por 7 días. La página cierra todas las sesiones, desactiva la contraseña y cualquier otra forma de ingresar, y te envía un enlace para elegir otra contraseña.",
        why: "Recibes este correo porque se trata de la seguridad de tu cuenta de Biovity. Estos avisos no se pueden desactivar.",
    },
    second_factor_on: SECOND_FACTOR_ON_SPANISH,
    second_factor_on_after_new_device: LetterWords {
        text: "Se activó la verificación en dos pasos en tu cuenta de Biovity: desde ahora, para ingresar se pide la contraseña y un código de una aplicación. En los 7 días anteriores alguien había ingresado desde un dispositivo nuevo. Si fuiste tú, no tienes que hacer nada.",
        small: "El enlace sirve por 7 días. La página cierra todas las sesiones, desactiva la contraseña y cualquier otra forma de ingresar, y te envía un enlace para elegir otra contraseña. Si la usas dentro de 24 horas, también desactiva la verificación en dos pasos.",
        ..SECOND_FACTOR_ON_SPANISH
    },
    second_factor_moved: LetterWords {
        subject: "Los códigos de tu cuenta ahora vienen de otra aplicación",
        heading: "Ahora otra aplicación crea tus códigos",
        text: "La verificación en dos pasos de tu cuenta de Biovity se cambió a otra aplicación, con la contraseña y un código correctos. La aplicación anterior y los códigos de recuperación anteriores ya no sirven. Si fuiste tú, no tienes que hacer nada.",
        ..SECOND_FACTOR_ON_SPANISH
    },
    second_factor_off: LetterWords {
        subject: "Tu cuenta ya no pide un código para ingresar",
        heading: "Tu cuenta ya no pide un código para ingresar",
        text: "Se desactivó la verificación en dos pasos de tu cuenta de Biovity, con la contraseña y un código correctos: desde ahora basta la contraseña para ingresar. Si fuiste tú, no tienes que hacer nada.",
        button: "No fui yo, proteger mi cuenta",
        or_copy: "O copia este enlace en tu navegador:",
        small: "El enlace sirve por 7 días. La página cierra todas las sesiones, desactiva la contraseña y cualquier otra forma de ingresar, y te envía un enlace para elegir otra contraseña.",
        why: "Recibes este correo porque se trata de la seguridad de tu cuenta de Biovity. Estos avisos no se pueden desactivar.",
    },
    recovery_codes_made: LetterWords {
        subject: "Tu cuenta tiene códigos de recuperación nuevos",
        heading: "Se crearon códigos de recuperación nuevos",
        text: "Se crearon diez códigos de recuperación nuevos para tu cuenta de Biovity, con la contraseña y un código correctos. Los anteriores ya no sirven. Si fuiste tú, no tienes que hacer nada.",
        ..SECOND_FACTOR_ON_SPANISH
    },
    second_factor_removed: LetterWords {
        subject: "Quitamos la verificación en dos pasos de tu cuenta",
        heading: "Quitamos la verificación en dos pasos de tu cuenta",
        text: "El equipo de Biovity quitó la verificación en dos pasos de tu cuenta: desde ahora basta la contraseña para ingresar. Si lo pediste tú, ingresa y actívala de nuevo con tu teléfono nuevo.",
        button: "No fui yo, proteger mi cuenta",
        or_copy: "O copia este enlace en tu navegador:",
        small: "El enlace sirve por 7 días. La página cierra todas las sesiones, desactiva la contraseña y cualquier otra forma de ingresar, y te envía un enlace para elegir otra contraseña.",
        why: "Recibes este correo porque se trata de la seguridad de tu cuenta de Biovity. Estos avisos no se pueden desactivar.",
    },
    recovery_code_used: LetterWords {
        subject: "Se usó un código de recuperación de tu cuenta",
        heading: "Se usó un código de recuperación",
        text: "Alguien usó uno de los códigos de recuperación de tu cuenta de Biovity en lugar de un código de la aplicación. Ese código ya no sirve. Si fuiste tú, no tienes que hacer nada; cuando te queden pocos, crea otros en la página de tu cuenta.",
        button: "No fui yo, proteger mi cuenta",
        or_copy: "O copia este enlace en tu navegador:",
        small: "El enlace sirve por 7 días. La página cierra todas las sesiones, desactiva la contraseña y cualquier otra forma de ingresar, y te envía un enlace para elegir otra contraseña.",
        why: "Recibes este correo porque se trata de la seguridad de tu cuenta de Biovity. Estos avisos no se pueden desactivar.",
    },
    wrong_codes: LetterWords {
        subject: "Alguien intentó adivinar tu código",
        heading: "Alguien intentó adivinar tu código",
        text: "Alguien escribió varios códigos incorrectos. Tenía la contraseña de tu cuenta de Biovity, un enlace que enviamos a este correo o una cuenta de otro sitio que abre la tuya. No pasó de ahí. Si fuiste tú, no tienes que hacer nada. Si no fuiste tú, revisa también quién más lee este correo.",
        button: "No fui yo, proteger mi cuenta",
        or_copy: "O copia este enlace en tu navegador:",
        small: "El enlace sirve por 7 días. La página cierra todas las sesiones, desactiva la contraseña y cualquier otra forma de ingresar, y te envía un enlace para elegir otra contraseña.",
        why: "Recibes este correo porque se trata de la seguridad de tu cuenta de Biovity. Estos avisos no se pueden desactivar.",
    },
};
