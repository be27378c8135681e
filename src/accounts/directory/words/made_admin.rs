//! The words of the letter that tells an owner that the account is an admin's now.

use crate::accounts::user::words::LetterWords;

/// In English.
pub(super) const ENGLISH: LetterWords = LetterWords {
    subject: "Your account is now an admin account",
    heading: "Your account is now an admin account",
    text: "The operator of Biovity gave your account access to the admin pages and a new password. Everyone was logged out of it, and links we sent you before no longer work. If you knew about this, there is nothing to do.",
    button: "I knew nothing about this, secure my account",
    or_copy: "Or copy this link into your browser:",
    small: "The link works for 7 days. The page logs everyone out, switches off the password and every other way to log in, and sends you a link to choose a new password.",
    why: "You are receiving this email because it is about the security of your Biovity account. You cannot turn these notices off.",
};

/// In Spanish.
pub(super) const SPANISH: LetterWords = LetterWords {
    subject: "Tu cuenta ahora es de administración",
    heading: "Tu cuenta ahora es de administración",
    text: "Quien opera Biovity le dio a tu cuenta acceso a las páginas de administración y una contraseña nueva. Se cerraron todas sus sesiones, y los enlaces que te enviamos antes ya no sirven. Si ya lo sabías, no tienes que hacer nada.",
    button: "No sé nada de esto, proteger mi cuenta",
    or_copy: "O copia este enlace en tu navegador:",
    small: "El enlace sirve por 7 días. La página cierra todas las sesiones, desactiva la contraseña y cualquier otra forma de ingresar, y te envía un enlace para elegir otra contraseña.",
    why: "Recibes este correo porque se trata de la seguridad de tu cuenta de Biovity. Estos avisos no se pueden desactivar.",
};
