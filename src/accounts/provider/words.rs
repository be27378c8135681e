//! The words of logging in with another provider: the pages, what went wrong, and the notices.

use crate::accounts::user::words::LetterWords;
use crate::values::email_address::EmailAddress;
use crate::values::locale::Locale;

mod problems;

pub use problems::{Problem, Problems};

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    locale: Locale,
    pub(super) continue_text: &'static str,
    pub(super) connect_text: &'static str,
    pub(in crate::accounts) title: &'static str,
    /// The link to that page.
    pub(in crate::accounts) in_short: &'static str,
    pub(super) lead: &'static str,
    pub(super) password_set: &'static str,
    pub(super) no_password: &'static str,
    pub(super) choose_password: &'static str,
    pub(super) change_password: &'static str,
    is_connected: &'static str,
    pub(super) is_not_connected: &'static str,
    pub(super) is_not_offered: &'static str,
    pub(super) connect: &'static str,
    pub(super) not_now: &'static str,
    pub(super) not_connecting: &'static str,
    pub(super) disconnect: &'static str,
    pub(super) last_way_in: &'static str,
    connected: &'static str,
    disconnected: &'static str,
    pub(super) again: &'static str,
    pub(super) with_password: &'static str,
    pub(super) problems: Problems,
    pub(super) connected_letter: LetterWords,
    pub(super) disconnected_letter: LetterWords,
}

static ENGLISH: Words = Words {
    locale: Locale::En,
    continue_text: "You came from another site. Press the button if you want to log in to Biovity.",
    connect_text: "The next page is not ours. It asks who you are, and brings you back here.",
    title: "Ways to log in",
    in_short: "What opens your account",
    lead: "This is what opens your account. From a provider we keep only the identifier it knows you by, and nothing that lets us act there.",
    password_set: "You have a password.",
    no_password: "You have no password.",
    choose_password: "Choose one by email",
    change_password: "Change it",
    is_connected: "Connected: you can log in with %.",
    is_not_connected: "Not connected.",
    is_not_offered: "Nobody can log in with it at the moment. If that changes, it will open your account again.",
    connect: "Connect",
    not_now: "Not now",
    not_connecting: "Go back without connecting",
    disconnect: "Disconnect",
    last_way_in: "This is the only way into your account. To disconnect it, choose a password first.",
    connected: "Done: you can log in with % now.",
    disconnected: "Done: % no longer opens your account. Your other devices are logged out.",
    again: "Try again",
    with_password: "Log in with a password",
    problems: problems::ENGLISH,
    connected_letter: LetterWords {
        subject: "A new way to log in to your account",
        heading: "A new way to log in",
        text: "From now on you can also log in to Biovity with %. If it was you, there is nothing to do.",
        button: "It wasn’t me, secure my account",
        or_copy: "Or copy this link into your browser:",
        small: "The link works for 7 days. The page logs everyone out, switches off the password and every other way to log in, and sends you a link to choose a new password.",
        why: "You are receiving this email because it is about the security of your Biovity account. You cannot turn these notices off.",
    },
    disconnected_letter: LetterWords {
        subject: "A way to log in was removed",
        heading: "A way to log in was removed",
        text: "% no longer opens your Biovity account. If it was you, there is nothing to do.",
        button: "It wasn’t me, secure my account",
        or_copy: "Or copy this link into your browser:",
        small: "The link works for 7 days. The page logs everyone out, switches off the password and every other way to log in, and sends you a link to choose a new password.",
        why: "You are receiving this email because it is about the security of your Biovity account. You cannot turn these notices off.",
    },
};

static SPANISH: Words = Words {
    locale: Locale::Es,
    continue_text: "Vienes de otro sitio. Presiona el botón si quieres ingresar a Biovity.",
    connect_text: "La página que sigue no es nuestra. Te pregunta quién eres y te trae de vuelta.",
    title: "Formas de ingresar",
    in_short: "Lo que abre tu cuenta",
    lead: "Esto es lo que abre tu cuenta. De un proveedor guardamos solo el identificador con que te conoce, y nada que nos permita actuar allá.",
    password_set: "Tienes una contraseña.",
    no_password: "No tienes contraseña.",
    choose_password: "Elegir una por correo",
    change_password: "Cambiarla",
    is_connected: "Conectado: puedes ingresar con %.",
    is_not_connected: "No está conectado.",
    is_not_offered: "Por ahora nadie puede ingresar así. Si eso cambia, volverá a abrir tu cuenta.",
    connect: "Conectar",
    not_now: "Ahora no",
    not_connecting: "Volver sin conectar",
    disconnect: "Desconectar",
    last_way_in: "Es la única forma de ingresar a tu cuenta. Para desconectarla, primero elige una contraseña.",
    connected: "Listo: ahora puedes ingresar con %.",
    disconnected: "Listo: desconectaste %. Cerramos la sesión en tus otros dispositivos.",
    again: "Intentar otra vez",
    with_password: "Ingresar con contraseña",
    problems: problems::SPANISH,
    connected_letter: LetterWords {
        subject: "Una forma nueva de ingresar a tu cuenta",
        heading: "Una forma nueva de ingresar",
        text: "Desde ahora también puedes ingresar a Biovity con %. Si fuiste tú, no tienes que hacer nada.",
        button: "No fui yo, proteger mi cuenta",
        or_copy: "O copia este enlace en tu navegador:",
        small: "El enlace sirve por 7 días. La página cierra todas las sesiones, desactiva la contraseña y cualquier otra forma de ingresar, y te envía un enlace para elegir otra contraseña.",
        why: "Recibes este correo porque se trata de la seguridad de tu cuenta de Biovity. Estos avisos no se pueden desactivar.",
    },
    disconnected_letter: LetterWords {
        subject: "Se quitó una forma de ingresar",
        heading: "Se quitó una forma de ingresar",
        text: "Ya no puedes ingresar a Biovity con %. Si fuiste tú, no tienes que hacer nada.",
        button: "No fui yo, proteger mi cuenta",
        or_copy: "O copia este enlace en tu navegador:",
        small: "El enlace sirve por 7 días. La página cierra todas las sesiones, desactiva la contraseña y cualquier otra forma de ingresar, y te envía un enlace para elegir otra contraseña.",
        why: "Recibes este correo porque se trata de la seguridad de tu cuenta de Biovity. Estos avisos no se pueden desactivar.",
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

    /// That this provider opens the account.
    pub(super) fn is_connected(&self, provider: &str) -> String {
        self.is_connected.replace('%', provider)
    }

    /// That it does so from now on.
    pub(super) fn connected(&self, provider: &str) -> String {
        self.connected.replace('%', provider)
    }

    /// That it does so no more.
    pub(super) fn disconnected(&self, provider: &str) -> String {
        self.disconnected.replace('%', provider)
    }

    /// Whether to connect it, now that its owner has logged in.
    pub(super) fn confirm_title(&self, provider: &str) -> String {
        match self.locale {
            Locale::En => format!("Connect {provider}?"),
            Locale::Es => format!("¿Conectar {provider}?"),
        }
    }

    /// What connecting it does.
    pub(super) fn confirm_text(&self, provider: &str, email: &EmailAddress) -> String {
        match self.locale {
            Locale::En => {
                format!(
                    "A moment ago you logged in to {provider} as {email}. Connect it, and it opens this account too."
                )
            }
            Locale::Es => {
                format!(
                    "Hace un momento ingresaste a {provider} como {email}. Si lo conectas, también abrirá esta cuenta."
                )
            }
        }
    }

    /// What the link to a provider says.
    pub(super) fn go_on_to(&self, provider: &str) -> String {
        match self.locale {
            Locale::En => format!("Continue to {provider}"),
            Locale::Es => format!("Continuar a {provider}"),
        }
    }
}
