//! The words of the letter that tells an owner that the account is an admin's now.

use crate::accounts::user::words::LetterWords;

/// In English.
pub(super) const ENGLISH: LetterWords = LetterWords {
    subject: "Your account is an admin’s now",
    heading: "Your account is an admin’s now",
    text: "The operator of Biovity gave your account the admin pages and a new password. Everybody who was signed in was signed out, and links that we sent you before no longer work. If you know about it, there is nothing to do.",
    button: "I know nothing of it: secure my account",
    or_copy: "Or copy this address into your browser:",
    small: "The page ends every session, switches the password off and sends you a link to choose another one. It works for 7 days.",
    why: "You get this email because it matters to your Biovity account. It cannot be switched off.",
};

/// In Spanish.
pub(super) const SPANISH: LetterWords = LetterWords {
    subject: "Tu cuenta ahora es de administración",
    heading: "Tu cuenta ahora es de administración",
    text: "Quien opera Biovity le dio a tu cuenta las páginas de administración y una contraseña nueva. Se cerraron todas sus sesiones, y los enlaces que te enviamos antes ya no sirven. Si ya lo sabías, no tienes que hacer nada.",
    button: "No sé nada de esto: proteger mi cuenta",
    or_copy: "O copia esta dirección en tu navegador:",
    small: "La página cierra todas las sesiones, desactiva la contraseña y te envía un enlace para elegir otra. Sirve por 7 días.",
    why: "Recibes este correo porque es importante para tu cuenta de Biovity. No se puede desactivar.",
};
