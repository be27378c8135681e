//! The words of what went wrong at a provider.

/// What went wrong: a title, in which `%` is the provider, and what to do.
#[derive(Debug)]
pub struct Problem {
    title: &'static str,
    pub(in crate::accounts::provider) text: &'static str,
}

/// Those of one language.
#[derive(Debug)]
pub struct Problems {
    pub(in crate::accounts::provider) denied: Problem,
    pub(in crate::accounts::provider) not_connected: Problem,
    pub(in crate::accounts::provider) too_old: Problem,
    pub(in crate::accounts::provider) used: Problem,
    pub(in crate::accounts::provider) other_browser: Problem,
    pub(in crate::accounts::provider) other_tab: Problem,
    pub(in crate::accounts::provider) away: Problem,
    pub(in crate::accounts::provider) untrusted: Problem,
    pub(in crate::accounts::provider) no_address: Problem,
    pub(in crate::accounts::provider) elsewhere: Problem,
    pub(in crate::accounts::provider) another: Problem,
    pub(in crate::accounts::provider) admin: Problem,
    pub(in crate::accounts::provider) gone: Problem,
    pub(in crate::accounts::provider) known_address: Problem,
    /// Before the link to a new password, for who has none.
    pub(in crate::accounts::provider) no_password_yet: &'static str,
    pub(in crate::accounts::provider) ask_for_link: &'static str,
    /// Before the address of who answers people.
    pub(in crate::accounts::provider) tell_us: &'static str,
}

/// The English words.
pub(super) const ENGLISH: Problems = Problems {
    denied: Problem {
        title: "You did not log in with %",
        text: "You cancelled on the other page, or closed it. Nothing has changed.",
    },
    not_connected: Problem {
        title: "% was not connected",
        text: "You cancelled on the other page, or closed it. Nothing has changed.",
    },
    too_old: Problem {
        title: "This took too long",
        text: "Each attempt to log in works once, for ten minutes. Start again.",
    },
    used: Problem {
        title: "This has already been used",
        text: "Each attempt to log in works once, and this one came back a moment ago: perhaps the page was loaded twice. If you are not logged in, start again.",
    },
    other_browser: Problem {
        title: "This began elsewhere",
        text: "This log-in did not begin in this browser, or it began more than ten minutes ago. Start again here.",
    },
    other_tab: Problem {
        title: "You have since chosen another account",
        text: "In another tab you came back as somebody else, so nothing was created here. Go on in that tab, or start again.",
    },
    away: Problem {
        title: "% does not answer at the moment",
        text: "Try again in a minute, or log in with your password.",
    },
    untrusted: Problem {
        title: "This did not work with %",
        text: "We could not make sure that the answer came from there and was meant for you. Try again, or log in with your password.",
    },
    no_address: Problem {
        title: "% gave us no email",
        text: "An account needs an email that works. Allow it there, or create an account with your email and a password.",
    },
    elsewhere: Problem {
        title: "That % account is connected to another Biovity account",
        text: "To use it here, first log in to that other Biovity account and disconnect it there.",
    },
    another: Problem {
        title: "Another % account is connected",
        text: "Your Biovity account can have only one connected. To use the one you just chose, disconnect the other first.",
    },
    admin: Problem {
        title: "Admins log in with their password",
        text: "An admin account cannot be opened with another provider.",
    },
    gone: Problem {
        title: "You could not be logged in",
        text: "The account changed while you were logging in, or no longer exists. Start again.",
    },
    known_address: Problem {
        title: "You already have an account",
        text: "There is an account with your email that is not connected to this provider yet. Log in first; the next page lets you connect them.",
    },
    no_password_yet: "No password yet?",
    ask_for_link: "Ask for a link to choose one",
    tell_us: "If it happens again, tell us:",
};

/// The Spanish words.
pub(super) const SPANISH: Problems = Problems {
    denied: Problem {
        title: "No ingresaste con %",
        text: "Cancelaste en la otra página o la cerraste. No cambió nada.",
    },
    not_connected: Problem {
        title: "% no se conectó",
        text: "Cancelaste en la otra página o la cerraste. No cambió nada.",
    },
    too_old: Problem {
        title: "Pasó demasiado tiempo",
        text: "Cada intento de ingreso sirve una vez, por diez minutos. Empieza de nuevo.",
    },
    used: Problem {
        title: "Esto ya se usó",
        text: "Cada intento de ingreso sirve una vez, y este volvió hace un momento: quizás la página se cargó dos veces. Si no ingresaste, empieza de nuevo.",
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
        title: "% no responde por ahora",
        text: "Intenta otra vez en un minuto, o ingresa con tu contraseña.",
    },
    untrusted: Problem {
        title: "No funcionó con %",
        text: "No pudimos comprobar que la respuesta viniera de ahí y fuera para ti. Intenta otra vez o ingresa con tu contraseña.",
    },
    no_address: Problem {
        title: "% no nos dio tu correo",
        text: "Una cuenta necesita un correo que sirva. Permítelo allá, o crea tu cuenta con tu correo y una contraseña.",
    },
    elsewhere: Problem {
        title: "Esa cuenta de % ya está conectada a otra cuenta de Biovity",
        text: "Para usarla aquí, primero ingresa a esa otra cuenta de Biovity y desconéctala ahí.",
    },
    another: Problem {
        title: "Ya hay otra cuenta de % conectada",
        text: "Tu cuenta de Biovity solo puede tener una conectada. Para usar la que acabas de elegir, primero desconecta la otra.",
    },
    admin: Problem {
        title: "Quienes administran ingresan con su contraseña",
        text: "Una cuenta de administración no se abre con otro proveedor.",
    },
    gone: Problem {
        title: "No pudiste ingresar",
        text: "La cuenta cambió mientras ingresabas, o ya no está. Empieza de nuevo.",
    },
    known_address: Problem {
        title: "Ya tienes una cuenta",
        text: "Hay una cuenta con tu correo que aún no está conectada con este proveedor. Primero ingresa; en la página siguiente puedes conectarla.",
    },
    no_password_yet: "¿Aún no tienes contraseña?",
    ask_for_link: "Pide un enlace para elegir una",
    tell_us: "Si se repite, avísanos:",
};

impl Problem {
    /// What went wrong, in a few words.
    pub(in crate::accounts::provider) fn title(&self, provider: &str) -> String {
        self.title.replace('%', provider)
    }
}
