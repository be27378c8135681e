//! The words of logging in with another provider: the pages, what went wrong, and the notices.

use crate::accounts::user::words::LetterWords;
use crate::values::email_address::EmailAddress;
use crate::values::locale::Locale;

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
    pub(super) is_connected: &'static str,
    pub(super) is_not_connected: &'static str,
    pub(super) is_not_offered: &'static str,
    pub(super) connect: &'static str,
    pub(super) not_now: &'static str,
    pub(super) disconnect: &'static str,
    pub(super) last_way_in: &'static str,
    pub(super) connected: &'static str,
    pub(super) disconnected: &'static str,
    pub(super) again: &'static str,
    pub(super) with_password: &'static str,
    pub(super) denied: Problem,
    pub(super) not_connected: Problem,
    pub(super) too_old: Problem,
    pub(super) used: Problem,
    pub(super) other_browser: Problem,
    pub(super) other_tab: Problem,
    pub(super) away: Problem,
    pub(super) untrusted: Problem,
    pub(super) no_address: Problem,
    pub(super) elsewhere: Problem,
    pub(super) another: Problem,
    pub(super) admin: Problem,
    pub(super) gone: Problem,
    pub(super) known_address: Problem,
    pub(super) connected_letter: LetterWords,
    pub(super) disconnected_letter: LetterWords,
    pub(super) provider: &'static str,
}

/// What went wrong: a title, and what to do.
#[derive(Debug)]
pub struct Problem {
    pub(super) title: &'static str,
    pub(super) text: &'static str,
}

static ENGLISH: Words = Words {
    locale: Locale::En,
    continue_text: "You came from another site. Press the button if you want to log in to Biovity.",
    connect_text: "The next page is not ours. It asks who you are, and brings you back here.",
    title: "Ways to log in",
    in_short: "What opens your account",
    lead: "What opens your account. Of a provider we keep only the identifier it knows you by, and nothing that lets us act there.",
    password_set: "You have a password.",
    no_password: "You have no password.",
    choose_password: "Choose one by email",
    is_connected: "Connected: you can log in with it.",
    is_not_connected: "Not connected.",
    is_not_offered: "Nobody can log in with it at the moment. If that changes, it opens your account again.",
    connect: "Connect",
    not_now: "Not now",
    disconnect: "Disconnect",
    last_way_in: "This is the only way into your account. Choose a password first, then you can disconnect it.",
    connected: "Done: you can log in with it now.",
    disconnected: "Done: it no longer opens your account. Your other devices are logged out.",
    again: "Try again",
    with_password: "Log in with a password",
    denied: Problem {
        title: "You did not log in",
        text: "You said no there, or closed the page. Nothing has changed.",
    },
    not_connected: Problem {
        title: "Nothing was connected",
        text: "You said no there, or closed the page. Nothing has changed.",
    },
    too_old: Problem { title: "This took too long", text: "A log-in works once, for ten minutes. Start it again." },
    used: Problem {
        title: "This was used already",
        text: "A log-in works once, and this one came back a moment ago: perhaps the page was loaded twice. If you are not logged in, start again.",
    },
    other_browser: Problem {
        title: "This began elsewhere",
        text: "This log-in did not begin in this browser, or more than ten minutes ago. Start it again here.",
    },
    other_tab: Problem {
        title: "You chose another account since",
        text: "In another tab you came back as somebody else, so nothing was created here. Go on in that tab, or start again.",
    },
    away: Problem {
        title: "No answer at the moment",
        text: "The provider does not answer. Try again in a minute, or log in with your password.",
    },
    untrusted: Problem {
        title: "This did not work",
        text: "We could not make sure that the answer came from the provider and was meant for you. Try again; if it happens once more, log in with your password.",
    },
    no_address: Problem {
        title: "We did not get your email",
        text: "An account needs an email, and the provider gave us none that works. Allow it there, or create an account with your email and a password.",
    },
    elsewhere: Problem {
        title: "It is connected to another account",
        text: "What you chose there is connected to another account at Biovity. To use it here, log in to that one first and disconnect it.",
    },
    another: Problem {
        title: "Another one is connected",
        text: "Your account is opened by another account of the same provider. Disconnect that one first.",
    },
    admin: Problem {
        title: "Admins log in with their password",
        text: "The account of an admin is not opened by another provider.",
    },
    gone: Problem {
        title: "You could not be logged in",
        text: "The account has changed while you were logging in, or no longer exists. Start again.",
    },
    known_address: Problem {
        title: "You already have an account",
        text: "There is an account with your email, which this does not open yet. Log in to it first; on the next page you can connect it.",
    },
    connected_letter: LetterWords {
        subject: "A new way to log in to your account",
        heading: "A new way to log in",
        text: "Another provider opens your Biovity account from now on. If it was you, there is nothing to do.",
        button: "It wasn’t me: secure my account",
        or_copy: "Or copy this link into your browser:",
        small: "The link works for 7 days. The page logs everyone out, switches the password and all providers off and sends you a link to choose a new password.",
        why: "You are receiving this email because it is about the security of your Biovity account. It cannot be switched off.",
    },
    disconnected_letter: LetterWords {
        subject: "A way to log in was removed",
        heading: "A way to log in was removed",
        text: "A provider no longer opens your Biovity account. If it was you, there is nothing to do.",
        button: "It wasn’t me: secure my account",
        or_copy: "Or copy this link into your browser:",
        small: "The link works for 7 days. The page logs everyone out, switches the password and all providers off and sends you a link to choose a new password.",
        why: "You are receiving this email because it is about the security of your Biovity account. It cannot be switched off.",
    },
    provider: "Provider",
};

static SPANISH: Words = Words {
    locale: Locale::Es,
    continue_text: "Vienes de otro sitio. Presiona el botón si quieres ingresar a Biovity.",
    connect_text: "La página que sigue no es nuestra. Te pregunta quién eres y te trae de vuelta.",
    title: "Formas de ingresar",
    in_short: "Lo que abre tu cuenta",
    lead: "Lo que abre tu cuenta. De un proveedor guardamos solo el identificador con que te conoce, y nada que nos permita actuar allá.",
    password_set: "Tienes una contraseña.",
    no_password: "No tienes contraseña.",
    choose_password: "Elegir una por correo",
    is_connected: "Está conectado: puedes ingresar así.",
    is_not_connected: "No está conectado.",
    is_not_offered: "Por ahora nadie puede ingresar así. Si eso cambia, volverá a abrir tu cuenta.",
    connect: "Conectar",
    not_now: "Ahora no",
    disconnect: "Desconectar",
    last_way_in: "Es la única forma de ingresar a tu cuenta. Primero elige una contraseña; después puedes desconectarla.",
    connected: "Listo: ahora puedes ingresar así.",
    disconnected: "Listo: ya no abre tu cuenta. Cerramos la sesión en tus otros dispositivos.",
    again: "Intentar otra vez",
    with_password: "Ingresar con contraseña",
    denied: Problem {
        title: "No ingresaste",
        text: "Cancelaste en la otra página o la cerraste. No ha cambiado nada.",
    },
    not_connected: Problem {
        title: "No se conectó nada",
        text: "Allá dijiste que no o cerraste la página. No ha cambiado nada.",
    },
    too_old: Problem {
        title: "Pasó demasiado tiempo",
        text: "Un ingreso sirve una vez, por diez minutos. Empieza de nuevo.",
    },
    used: Problem {
        title: "Esto ya se usó",
        text: "Un ingreso sirve una vez, y este volvió hace un momento: quizás la página se cargó dos veces. Si no ingresaste, empieza de nuevo.",
    },
    other_browser: Problem {
        title: "Esto empezó en otra parte",
        text: "Este ingreso no empezó en este navegador, o empezó hace más de diez minutos. Empieza de nuevo aquí.",
    },
    other_tab: Problem {
        title: "Después elegiste otra cuenta",
        text: "En otra pestaña volviste con otra cuenta, así que aquí no creamos nada. Sigue en esa pestaña, o empieza de nuevo.",
    },
    away: Problem {
        title: "Sin respuesta por ahora",
        text: "El proveedor no responde. Intenta en un minuto o ingresa con tu contraseña.",
    },
    untrusted: Problem {
        title: "No funcionó",
        text: "No pudimos comprobar que la respuesta viniera del proveedor y fuera para ti. Intenta otra vez; si se repite, ingresa con tu contraseña.",
    },
    no_address: Problem {
        title: "No recibimos tu correo",
        text: "Una cuenta necesita un correo, y el proveedor no nos dio uno que sirva. Permítelo allá, o crea tu cuenta con tu correo y una contraseña.",
    },
    elsewhere: Problem {
        title: "Está conectado a otra cuenta",
        text: "Lo que elegiste allá está conectado a otra cuenta de Biovity. Para usarlo aquí, primero ingresa a esa cuenta y desconéctalo.",
    },
    another: Problem {
        title: "Ya hay otra conectada",
        text: "Tu cuenta se abre con otra cuenta del mismo proveedor. Desconecta esa primero.",
    },
    admin: Problem {
        title: "La administración ingresa con contraseña",
        text: "Una cuenta de administración no se abre con otro proveedor.",
    },
    gone: Problem {
        title: "No pudiste ingresar",
        text: "La cuenta cambió mientras ingresabas, o ya no está. Empieza de nuevo.",
    },
    known_address: Problem {
        title: "Ya tienes una cuenta",
        text: "Hay una cuenta con tu correo que esto todavía no abre. Primero ingresa a ella; en la página que sigue puedes conectarlo.",
    },
    connected_letter: LetterWords {
        subject: "Una forma nueva de ingresar a tu cuenta",
        heading: "Una forma nueva de ingresar",
        text: "Desde ahora otro proveedor abre tu cuenta de Biovity. Si fuiste tú, no tienes que hacer nada.",
        button: "No fui yo: proteger mi cuenta",
        or_copy: "O copia este enlace en tu navegador:",
        small: "El enlace sirve por 7 días. La página cierra todas las sesiones, desactiva la contraseña y los proveedores y te envía un enlace para elegir otra contraseña.",
        why: "Recibes este correo porque se trata de la seguridad de tu cuenta de Biovity. No se puede desactivar.",
    },
    disconnected_letter: LetterWords {
        subject: "Se quitó una forma de ingresar",
        heading: "Se quitó una forma de ingresar",
        text: "Un proveedor ya no abre tu cuenta de Biovity. Si fuiste tú, no tienes que hacer nada.",
        button: "No fui yo: proteger mi cuenta",
        or_copy: "O copia este enlace en tu navegador:",
        small: "El enlace sirve por 7 días. La página cierra todas las sesiones, desactiva la contraseña y los proveedores y te envía un enlace para elegir otra contraseña.",
        why: "Recibes este correo porque se trata de la seguridad de tu cuenta de Biovity. No se puede desactivar.",
    },
    provider: "Proveedor",
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
